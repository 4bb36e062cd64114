"""A query as it was written: words not yet looked up in a model.

Records compare by what they say; where they stood in the text is carried
along for findings and plays no part in equality.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the query's text, the end exclusive."""

    start: int = 0
    end: int = 0


NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Name:
    """One or more words that should name something in the model."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Thing:
    """A ref."""

    ref: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Anything:
    """The word `any`: things of every kind."""

    span: Span = field(default=NOWHERE, compare=False)


Head: TypeAlias = Name | Thing | Anything


@dataclass(frozen=True, slots=True)
class Step:
    """A link's phrase; `repeat` is empty, `+` (once or more) or `*`."""

    phrase: Name
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """Steps taken one after the other."""

    steps: tuple[Step, ...]

    @property
    def span(self) -> Span:
        """From the first phrase to the last."""
        return Span(self.steps[0].phrase.span.start, self.steps[-1].phrase.span.end)


class Quantity(enum.StrEnum):
    """How many of the targets a path must reach."""

    SOME = "some"
    NONE = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """Which things count at the end of a path; no head means all of them."""

    head: Head | None = None
    where: Condition | None = None


ALL_TARGETS = Target()


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written."""

    text: str
    quoted: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Today:
    """The day of asking, moved by a duration: `- 30 days`; empty for none."""

    shift: str = ""
    span: Span = field(default=NOWHERE, compare=False)


Day: TypeAlias = Literal | Today


@dataclass(frozen=True, slots=True)
class Over:
    """What lies at the end of a path: a field of it, or the things."""

    path: Path
    field: Name | None = None
    target: Target = ALL_TARGETS

    @property
    def span(self) -> Span:
        """Where the path stands."""
        return self.path.span


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language with what it is given."""

    name: Name
    arguments: tuple[Operand | Day, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


Operand: TypeAlias = Name | Over | Call
Value: TypeAlias = Literal | Today | Call


class Op(enum.StrEnum):
    """How two values are compared."""

    IS = "is"
    IS_NOT = "is not"
    LESS = "<"
    MOST = "<="
    MORE = ">"
    LEAST = ">="
    CONTAINS = "contains"
    IN = "in"


class Lack(enum.StrEnum):
    """In which way a value is not there."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    MISFIT = "misfit"


@dataclass(frozen=True, slots=True)
class Compare:
    """A field or number against a value."""

    left: Operand
    op: Op
    right: Value


@dataclass(frozen=True, slots=True)
class Among:
    """A field against a list of values."""

    left: Operand
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Lacks:
    """A field whose value is missing, unknown or does not fit."""

    left: Operand
    lack: Lack


@dataclass(frozen=True, slots=True)
class Linked:
    """A path that reaches some, none or unknown things."""

    path: Path
    quantity: Quantity
    target: Target = ALL_TARGETS


@dataclass(frozen=True, slots=True)
class Flag:
    """Something alone: a yes-no field, or a link that leads somewhere."""

    what: Operand


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing, or one field of it, changed after one day up to another."""

    since: Day
    upto: Day | None = None
    field: Operand | None = None


@dataclass(frozen=True, slots=True)
class Went:
    """A field had one value and later another, within a time."""

    field: Operand
    before: Value
    after: Value
    since: Day | None = None
    within: Value | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    term: Condition


@dataclass(frozen=True, slots=True)
class Possibly:
    """The condition holds or may hold."""

    term: Condition


@dataclass(frozen=True, slots=True)
class OnDay:
    """The condition as it was at the end of a day."""

    term: Condition
    day: Day


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds; never nested in another All."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one condition holds; never nested in another Either."""

    terms: tuple[Condition, ...]


Condition: TypeAlias = (
    Compare | Among | Lacks | Linked | Flag | Changed | Went | Not | Possibly | OnDay | All | Either
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Things of a kind, an interface, every kind or one ref; then paths."""

    head: Head
    filters: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Something to show, perhaps under another name."""

    what: Operand
    label: Name | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What to sort by, and which way."""

    what: Operand
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question."""

    scope: Scope
    where: Condition | None = None
    show: tuple[Column, ...] = ()
    sort: tuple[Order, ...] = ()
    group: Operand | None = None
    limit: int | None = None
    at: Day | None = None
    known: Day | None = None


def all_of(terms: tuple[Condition, ...]) -> Condition:
    """Every term, flat; a single term is itself."""
    flat = tuple(
        inner for term in terms for inner in (term.terms if isinstance(term, All) else (term,))
    )
    return flat[0] if len(flat) == 1 else All(flat)


def either_of(terms: tuple[Condition, ...]) -> Condition:
    """Any of the terms, flat; a single term is itself."""
    flat = tuple(
        inner for term in terms for inner in (term.terms if isinstance(term, Either) else (term,))
    )
    return flat[0] if len(flat) == 1 else Either(flat)
