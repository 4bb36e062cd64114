"""Pages: what a view answers, in blocks that every surface can draw.

A page holds values, no markup and no colours: a surface decides how a tone or
a stage's category looks. Nothing here imports heavy libraries, so that the
command line can list its views at once.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, TypeVar

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.registry import Declared
from latticework.base.times import Instant

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

_SAYS = "says"
_POSITION = "position"
_REQUIRED = "required"
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "": True}
_FLAGS |= {"false": False, "no": False, "off": False, "0": False}


class Tone(enum.StrEnum):
    """How loudly a piece of text speaks; the surface picks the colour."""

    PLAIN = "plain"
    STRONG = "strong"
    DIM = "dim"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class Align(enum.StrEnum):
    """To which side a column's cells lean."""

    LEFT = "left"
    RIGHT = "right"


class Sort(enum.StrEnum):
    """What a column holds, as a hint for drawing and sorting."""

    TEXT = "text"
    REF = "ref"
    NUMBER = "number"
    STAGE = "stage"
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text. `ref` is the thing it leads to, in full.

    `category` is set on a stage's own word: proposed, active, done, dropped,
    or whatever the model calls it; empty on all other text.
    """

    text: str
    _: KW_ONLY
    ref: str = ""
    tone: Tone = Tone.PLAIN
    category: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table: spans, read one after the other."""

    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """All that it says, without links and tones."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, to which side it leans, what it holds.

    `wrap`: long texts take several lines rather than being cut.
    """

    name: str
    _: KW_ONLY
    align: Align = Align.LEFT
    sort: Sort = Sort.TEXT
    wrap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells, one cell per column.

    `grouped`: the first column is a heading over the rows that share it,
    drawn once and not as a column. `total` counts the rows there are where
    not all are here. `note` stands below; `empty` is said when there are none.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    grouped: bool = False
    total: int | None = None
    note: str = ""
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Twig:
    """One line of a tree and what hangs below it.

    `again` marks a thing that is drawn in full elsewhere in the same tree;
    `more` counts what is left out below it.
    """

    spans: tuple[Span, ...]
    twigs: tuple[Twig, ...] = ()
    again: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Things under things."""

    twigs: tuple[Twig, ...]
    title: str = ""
    note: str = ""
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Paragraphs of text; `tight` ones stand close, as in a list."""

    paragraphs: tuple[tuple[Span, ...], ...]
    title: str = ""
    tight: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is wrong or surprising; `empty` is said when nothing is.

    `totals` counts the findings of a code where not all of them are here.
    `about` is the thing that the whole page is about, which need not be named.
    """

    findings: tuple[Finding, ...]
    about: str = ""
    totals: Mapping[str, int] = dataclasses.field(default_factory=dict)
    title: str = ""
    note: str = ""
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of a feed: what happened, when it holds from, who says so.

    `valid` is BEGINNING for what was always so. `known` is when it was
    recorded. `source` is where it came from ("sigs.yaml:14, 3f2a1b9").
    """

    says: tuple[Span, ...]
    valid: Instant
    known: Instant
    who: str = ""
    why: str = ""
    source: str = ""
    number: int = 0
    batch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What happened, latest first; `now` is what "3 days ago" counts from."""

    lines: tuple[Told, ...]
    now: Instant
    title: str = ""
    note: str = ""
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number that matters, and what it is made of."""

    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Names and their values, one under the other."""

    pairs: tuple[tuple[str, Cell], ...]
    title: str = ""


Block = Table | Tree | Prose | Findings | Feed | Metric | Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The answer of a view: a title, blocks to draw, and rows for machines.

    `ref` is set where the page is about one thing. `data` is what `--json`,
    `--csv` and the HTTP endpoint give: plain values by name, all of them even
    where a block draws only the first.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    ref: str = ""
    data: Iterable[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Rows for machines that are made each time they are read."""

    make: Callable[[], Iterable[Mapping[str, object]]]

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        """The rows, made now."""
        return iter(self.make())


@dataclass(frozen=True, kw_only=True)
class Param:
    """What a reader may choose of a view, as every surface offers it.

    `position` counts from 1 for what the command line takes without a dash.
    `required` is what the view cannot answer without.
    """

    name: str
    type: type[str] | type[int] | type[bool]
    default: str | int | bool
    says: str
    position: int = 0
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class View(Declared):
    """A named question about a company, and how to answer it."""

    params: tuple[Param, ...]
    make: type[object]
    answer: Callable[[Sight, object], Page]

    def build(self, sight: Sight, chosen: Mapping[str, object] | None = None) -> Page:
        """The page for what the reader chose: texts, or values of the type.

        Raises Refused (VIEW001, VIEW002, VIEW009) for names and values that do not fit.
        """
        page = self.answer(sight, self.make(**self.read(chosen or {})))
        said = " · ".join(part for part in (page.subtitle, sight.words) if part)
        return dataclasses.replace(page, subtitle=said)

    def read(self, chosen: Mapping[str, object]) -> dict[str, object]:
        """What was chosen as typed values; raises Refused with all that is wrong."""
        known = {each.name: each for each in self.params}
        findings, values = [], {}
        for name, value in chosen.items():
            if name not in known:
                findings.append(_unknown_param(self.name, name, known))
                continue
            try:
                values[name] = _typed(known[name], value)
            except ValueError:
                findings.append(_unfit_param(known[name], value))
        missing = (each for each in self.params if each.required and not chosen.get(each.name))
        findings.extend(_missing_param(self.name, each) for each in missing)
        if findings:
            raise Refused(findings)
        return values


P = TypeVar("P")
V = TypeVar("V", str, int, bool)


def param(default: V, says: str, *, position: int = 0, required: bool = False) -> V:
    """A field of a view's parameters, with the line of help that goes with it."""
    metadata = {_SAYS: says, _POSITION: position, _REQUIRED: required}
    return dataclasses.field(default=default, metadata=metadata)


def view(params: type[P]) -> Callable[[Callable[[Graph, P], Page]], View]:
    """Declare a view that needs nothing but the graph."""

    def declare(question: Callable[[Graph, P], Page]) -> View:
        def answer(sight: Sight, chosen: P) -> Page:
            return question(sight.graph, chosen)

        return _declared(question, params, answer)

    return declare


def sight_view(params: type[P]) -> Callable[[Callable[[Sight, P], Page]], View]:
    """Declare a view that also asks the clock, the journal or the findings."""

    def declare(question: Callable[[Sight, P], Page]) -> View:
        return _declared(question, params, question)

    return declare


def spans(*parts: str | Span) -> tuple[Span, ...]:
    """Texts and spans as spans, empty ones left out."""
    each_as_span = (Span(part) if isinstance(part, str) else part for part in parts)
    return tuple(span for span in each_as_span if span.text)


def cell(text: str, *, ref: str = "", tone: Tone = Tone.PLAIN, category: str = "") -> Cell:
    """A cell of one span."""
    return Cell((Span(text, ref=ref, tone=tone, category=category),) if text else ())


def _declared(question: object, params: type[P], answer: Callable[[Sight, P], Page]) -> View:
    name = str(getattr(question, "__name__", ""))
    doc = str(getattr(question, "__doc__", "") or "")
    module = str(getattr(question, "__module__", ""))
    return View(
        name=name.strip("_").replace("_", "-"),
        doc=doc,
        module=module,
        params=_params_of(params),
        make=params,
        answer=answer,  # type: ignore[arg-type]  # `make` and `answer` share P
    )


def _params_of(params: type[object]) -> tuple[Param, ...]:
    """Each field of the dataclass, which must have a default of a plain type."""
    if not dataclasses.is_dataclass(params):
        message = f"{params!r} is no dataclass"
        raise TypeError(message)
    return tuple(_param_of(each) for each in dataclasses.fields(params))


def _param_of(field: dataclasses.Field[object]) -> Param:
    default = field.default
    if not isinstance(default, str | int | bool):
        message = f"the parameter '{field.name}' has no default of type str, int or bool"
        raise TypeError(message)
    return Param(
        name=field.name,
        type=type(default),
        default=default,
        says=str(field.metadata.get(_SAYS, "")),
        position=int(field.metadata.get(_POSITION, 0)),
        required=bool(field.metadata.get(_REQUIRED, False)),
    )


def _typed(known: Param, value: object) -> object:
    if isinstance(value, known.type):
        return value
    if known.type is bool:
        fold = str(value).strip().casefold()
        if fold not in _FLAGS:
            raise ValueError(fold)
        return _FLAGS[fold]
    return known.type(str(value))


def _unknown_param(view_name: str, name: str, known: Mapping[str, Param]) -> Finding:
    every = ", ".join(known) or "none"
    return error(
        "VIEW001",
        f"'{view_name}' has no parameter '{name}'",
        hint=did_you_mean(name, known, otherwise=f"it has: {every}"),
        value=name,
    )


def _missing_param(view_name: str, missing: Param) -> Finding:
    return error("VIEW009", f"'{view_name}' needs '{missing.name}'", hint=missing.says)


def _unfit_param(known: Param, value: object) -> Finding:
    wanted = {int: "a whole number", bool: "yes or no"}.get(known.type, "text")
    return error(
        "VIEW002",
        f"'{value}' does not fit the parameter '{known.name}'",
        hint=f"give {wanted}",
        value=str(value),
    )
