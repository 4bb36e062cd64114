"""A question whose every word is known: what to read, step over and compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from latticework.base.times import Instant
from latticework.model.model import Field, Kind, Model
from latticework.query import ast
from latticework.query.arithmetic import Expression
from latticework.query.ast import Lack, Op, Quantity
from latticework.query.function import Function, Tally


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where one kind keeps a field.

    `field` gives the type; `column` is read from the graph. `expression`, if
    any, is worked out from `parts`, the kind's own fields. `staged` is set
    where the field says the stage.
    """

    kind: str
    field: Field
    column: str = ""
    expression: Expression | None = None
    parts: tuple[tuple[str, Source], ...] = ()
    staged: Kind | None = None


@dataclass(frozen=True)
class FieldRead:
    """A field as the kinds of a scope have it; kinds without it are absent."""

    name: str
    sources: tuple[Source, ...]

    @property
    def types(self) -> frozenset[str]:
        """The types it has among the kinds."""
        return frozenset(each.field.type for each in self.sources)

    @property
    def first(self) -> Field:
        """The field as the first kind declares it."""
        return self.sources[0].field


@dataclass(frozen=True)
class LinkStep:
    """One step: every link that the phrase reads, and which way."""

    phrase: str
    ways: tuple[tuple[str, bool], ...]
    repeat: str = ""

    @property
    def links(self) -> tuple[str, ...]:
        """The links that it reads."""
        return tuple(name for name, _ in self.ways)


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Which things count at a path's end.

    `kinds` None means every kind; `ref` names one thing, or is empty.
    """

    kinds: tuple[str, ...] | None = None
    ref: str = ""
    span: ast.Span = ast.NOWHERE
    where: PlanCondition | None = None

    @property
    def is_open(self) -> bool:
        """Whether everything counts."""
        return self.kinds is None and not self.ref and self.where is None


@dataclass(frozen=True, kw_only=True)
class Tallied:
    """A tally over what a path reaches; `carried` reads the edge instead."""

    tally: Tally
    steps: tuple[LinkStep, ...]
    target: Destination
    field: FieldRead | None = None
    carried: Field | None = None


@dataclass(frozen=True)
class Applied:
    """A function of one value of the thing."""

    function: Function
    to: Measured


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The things that a path reaches, or a field of them, side by side.

    Things of the kinds `together` are told by one word, and not each by its name.
    """

    steps: tuple[LinkStep, ...]
    target: Destination
    field: FieldRead | None = None
    together: frozenset[str] = frozenset()


Measured: TypeAlias = FieldRead | Tallied | Applied | Listed


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a literal allows: the least and the most; a currency, if said."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True)
class InBounds:
    """A measure compared with literals; which literal depends on the kind."""

    what: Measured
    op: Op
    bounds: Mapping[str, Bounds]


@dataclass(frozen=True)
class InWords:
    """A text that is one of several words; which ones depends on the kind."""

    what: Measured
    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class ContainsText:
    """A text that holds another, or a list that has it as a member."""

    what: Measured
    text: str


@dataclass(frozen=True)
class Against:
    """Two measures of one thing, compared with each other."""

    left: Measured
    op: Op
    right: Measured


@dataclass(frozen=True)
class Absent:
    """A measure that lacks a value in one of the ways."""

    what: Measured
    lack: Lack


@dataclass(frozen=True)
class Reaches:
    """A path that leads to some, none or unknown things."""

    steps: tuple[LinkStep, ...]
    quantity: Quantity
    target: Destination


@dataclass(frozen=True)
class ChangedWithin:
    """A thing, or its fields of these names, changed after one instant up to another."""

    after: Instant
    upto: Instant | None
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class WentFromTo:
    """A field whose value was one thing and, after `start`, became another.

    `before` and `after` are conditions on the same field. What a thing had at
    `start` counts as what it was; `end` None is the moment of the graph.
    """

    field: FieldRead
    before: PlanCondition
    after: PlanCondition
    start: Instant
    end: Instant | None


@dataclass(frozen=True)
class Negated:
    """Turns true and false round; possible stays possible."""

    term: PlanCondition


@dataclass(frozen=True)
class Perhaps:
    """What may be true counts as true."""

    term: PlanCondition


@dataclass(frozen=True)
class Then:
    """A condition as it was at an instant.

    Where that day had another model, `words` are looked up in it, for things
    of `kinds`, or of the interface.
    """

    term: PlanCondition
    words: ast.Condition
    instant: Instant
    kinds: tuple[str, ...] = ()
    interface: str = ""


@dataclass(frozen=True)
class AllOf:
    """Every term holds."""

    terms: tuple[PlanCondition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one term holds."""

    terms: tuple[PlanCondition, ...]


PlanCondition: TypeAlias = (
    InBounds
    | InWords
    | ContainsText
    | Against
    | Absent
    | Reaches
    | ChangedWithin
    | WentFromTo
    | Negated
    | Perhaps
    | Then
    | AllOf
    | AnyOf
)


@dataclass(frozen=True)
class Shown:
    """A column of the answer; `says` is a tally as a query says it.

    `past` shows what a field held over time, and not only what it holds.
    """

    label: str
    what: Measured
    says: str = ""
    past: bool = False


@dataclass(frozen=True)
class Sorting:
    """One key to sort by."""

    what: Measured
    descending: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A query made ready to run against graphs of one model."""

    model: Model = field(repr=False)
    query: ast.Query
    extent: Destination
    where: PlanCondition | None = None
    show: tuple[Shown, ...] = ()
    sort: tuple[Sorting, ...] = ()
    group: Shown | None = None
    limit: int | None = None
