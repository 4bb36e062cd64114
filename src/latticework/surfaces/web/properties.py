"""The fields of a thing as its page shows and edits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.journal.changes import Entry, Value
from latticework.model.model import STAGE, TITLE, Field, Kind, Stage
from latticework.model.values import UNKNOWN, is_unknown, parse_value
from latticework.views.origin import origins, value_origin
from latticework.views.things import ids
from latticework.views.wording import ago, day_words

if TYPE_CHECKING:
    from latticework.views.sight import Sight

LONG_TEXT = 90
"""Characters from which a text is read as prose, not as a property."""

EXAMPLES: Mapping[str, str] = {
    "number": "4, 2–5, about 4",
    "money": "12k, 3–5M, about 40k",
    "ratio": "40%, 30–50%",
    "duration": "3 weeks, 1–2 quarters",
    "day": "2026-03-01, 2026-Q4, 2026-03..2026-05",
    "instant": "2026-03-01T09:30:00Z",
    "url": "https://…",
}


@dataclass(frozen=True, kw_only=True)
class Control:
    """What a reader fills in for a field: a choice, a line, lines or a text."""

    name: str
    sort: str
    values: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    many: bool = False
    example: str = ""
    purpose: str = ""
    required: bool = False

    @property
    def text(self) -> str:
        """All values, a line each."""
        return "\n".join(self.values)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a value came from, for people: entry, who, when, since when, from where."""

    number: int
    batch: int
    who: str
    why: str
    known: str
    since: str
    age: str
    source: str
    key: str = ""
    link: str = ""
    made: str = ""


@dataclass(frozen=True, kw_only=True)
class Property:
    """A field with its value; `misfit` where the text does not fit the type."""

    control: Control
    words: str = ""
    misfit: bool = False
    unknown: bool = False
    declared: bool = True
    source: Source | None = None

    @property
    def name(self) -> str:
        """The field's name."""
        return self.control.name

    @property
    def is_set(self) -> bool:
        """Whether anything was said."""
        return bool(self.control.values)

    @property
    def is_prose(self) -> bool:
        """Whether it is read as a text beneath the title."""
        return self.control.sort == "text" and any(
            len(each) > LONG_TEXT or "\n" in each for each in self.control.values
        )


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage that a thing may be moved to; `passed` lies before the present one."""

    stage: Stage
    here: bool
    passed: bool


def control_of(field: Field, value: Value = None) -> Control:
    """How a field is filled in, with what it holds."""
    values = texts_of(value)
    choices: tuple[str, ...] = ()
    sort = "line"
    if field.type == "choice":
        sort, choices = "choice", field.choices
    elif field.type == "yes-no":
        sort, choices = "choice", ("yes", "no")
    elif field.type == "text":
        sort = "text"
    if choices and is_unknown(field, UNKNOWN) and UNKNOWN not in choices:
        choices = (*choices, UNKNOWN)
    # What does not fit stays on offer, so that saving something else does not lose it unseen.
    choices = (*choices, *(each for each in values if choices and each not in choices))
    return Control(
        name=field.name,
        sort=sort,
        values=values,
        choices=choices,
        many=field.many or len(values) > 1,
        example=_example(field),
        purpose=field.purpose,
        required=field.required,
    )


def texts_of(value: Value) -> tuple[str, ...]:
    """A value's texts; none where nothing was said."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def properties_of(
    sight: Sight, found: int, kind: Kind | None, entries: Iterable[Entry]
) -> tuple[Property, ...]:
    """Every field of a thing but its stage: declared ones in order, then further ones."""
    graph = sight.graph
    declared = kind.fields_by_name if kind else {}
    said = origins(entries, kind, graph.moment)
    skipped = kind.stage_field if kind and kind.stages else ""
    one = ids([found])
    every = []
    for name in graph.field_names(found):
        value = graph.values(name, one)[0]
        if name == skipped or (name not in declared and value is None):
            continue
        field = declared.get(name, Field(name=name))
        origin = source_of(said[name], sight, name, kind) if name in said else None
        every.append(property_of(field, value, origin, declared=name in declared))
    return tuple(every)


def property_of(
    field: Field, value: Value, source: Source | None = None, *, declared: bool = True
) -> Property:
    """A field with what it holds."""
    texts = texts_of(value)
    read = [parse_value(field, each) for each in texts]
    # A single value in a list of one is a misfit where one value is asked for.
    crowded = len(texts) > 1 and not field.many
    return Property(
        control=control_of(field, value),
        words=", ".join(texts),
        misfit=crowded or any(each is None for each in read),
        unknown=any(each is not None and each.unknown for each in read),
        declared=declared,
        source=source,
    )


def source_of(entry: Entry, sight: Sight, name: str, kind: Kind | None) -> Source:
    """An entry as where a value came from."""
    origin = value_origin(entry, name, kind, sight)
    return Source(
        number=entry.number,
        batch=entry.batch,
        who=entry.by,
        why=entry.why,
        known=day_words(entry.known, sight.zone),
        since=day_words(entry.valid, sight.zone),
        age=ago(entry.known, sight.now),
        source=str(origin["source"] or ""),
        key=str(origin["key"] or ""),
        link=str(origin["link"] or ""),
        made=str(origin["transform"] or ""),
    )


def steps_of(kind: Kind | None, stage: str) -> tuple[Step, ...]:
    """The stages of a kind, and where one of its things stands among them."""
    if kind is None:
        return ()
    names = [each.name for each in kind.stages]
    at = names.index(stage) if stage in names else -1
    return tuple(
        Step(stage=each, here=place == at, passed=place < at)
        for place, each in enumerate(kind.stages)
    )


def value_from(field: Field | None, sent: Sequence[str]) -> Value:
    """What a form sent for a field; nothing takes the value away."""
    lines = field is None or field.type != "text" or field.many
    split = [line for each in sent for line in (each.splitlines() if lines else [each])]
    texts = tuple(each.strip().replace("\r\n", "\n") for each in split if each.strip())
    if not texts:
        return None
    many = len(texts) > 1 or (field is not None and field.many)
    return texts if many else texts[0]


def field_of(kind: Kind | None, name: str) -> Field:
    """A field of a kind by its name; plain text where nobody declared it."""
    if kind is None:
        return Field(name=name)
    wanted = kind.stage_field if name == STAGE and kind.stages else name
    return kind.fields_by_name.get(wanted, Field(name=wanted))


def _example(field: Field) -> str:
    if field.name == TITLE:
        return ""
    parts = [EXAMPLES.get(field.type, "")]
    if field.low is not None or field.high is not None:
        low = "" if field.low is None else f"{field.low.normalize():f}"
        high = "" if field.high is None else f"{field.high.normalize():f}"
        parts.append(f"within {low}..{high}")
    if field.per:
        parts.append(f"per {field.per}")
    return " · ".join(part for part in parts if part)
