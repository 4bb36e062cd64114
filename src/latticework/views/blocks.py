"""Blocks: the parts of a page, which every surface can draw.

A block holds values, no markup and no colours: a surface decides how a tone or
a stage's category looks. Nothing here imports heavy libraries, so that the
command line can list its views at once.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

from latticework.base.findings import Finding
from latticework.base.times import Instant


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
class Why:
    """What a number is made of, one step away: a view, and what to choose there.

    No address: each surface leads there in its own way.
    """

    view: str
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text. `ref` is the thing it leads to, in full.

    `category` is set on a stage's own word: proposed, active, done, dropped,
    or whatever the model calls it; empty on all other text. `why` is set on a
    number that can say what it is made of. `points` are the values, oldest
    first, of which the text is the last: drawn as a line as small as a word.
    """

    text: str
    _: KW_ONLY
    ref: str = ""
    tone: Tone = Tone.PLAIN
    category: str = ""
    why: Why | None = None
    points: tuple[float, ...] = ()


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
    `more` counts what is left out below it. `ref` is the thing, `also` names
    what else it hangs below.
    """

    spans: tuple[Span, ...]
    twigs: tuple[Twig, ...] = ()
    again: bool = False
    more: int = 0
    ref: str = ""
    also: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Things under things.

    Where all hang together by one link, `phrase` reads it downwards, `link` is
    its name, `back` where its edges lead upwards, `refs` everything drawn.
    """

    twigs: tuple[Twig, ...]
    phrase: str = ""
    link: str = ""
    back: bool = False
    refs: frozenset[str] = frozenset()
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
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Names and their values, one under the other."""

    pairs: tuple[tuple[str, Cell], ...]
    title: str = ""


def spans(*parts: str | Span) -> tuple[Span, ...]:
    """Texts and spans as spans, empty ones left out."""
    each_as_span = (Span(part) if isinstance(part, str) else part for part in parts)
    return tuple(span for span in each_as_span if span.text)


def cell(
    text: str,
    *,
    ref: str = "",
    tone: Tone = Tone.PLAIN,
    category: str = "",
    why: Why | None = None,
) -> Cell:
    """A cell of one span."""
    return Cell((Span(text, ref=ref, tone=tone, category=category, why=why),) if text else ())


def why_of(ref: str, **chosen: str) -> Why:
    """The evidence of a thing's number; of the whole where `ref` is empty."""
    named = (("ref", ref), *chosen.items())
    return Why("why", tuple((name, text) for name, text in named if text))
