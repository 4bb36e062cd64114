"""Visual blocks: what is better seen than read, each with its table beneath.

The table is what a terminal draws, what a screen reader reads, and what goes
out as a sheet; a surface that can draw does so from the block's own values.
Lengths, places and colours are the surface's business, but for positions that
people have fixed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from latticework.base.times import FOREVER, Instant, datetime_of
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Feed,
    Fields,
    Findings,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    Tree,
    Why,
    cell,
)

TITLE = Column("title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn: its title, a note below it, and what is said where there is nothing."""

    title: str = ""
    note: str = ""
    empty: tuple[str, ...] = ()

    def _tabled(
        self,
        columns: tuple[Column, ...],
        rows: tuple[tuple[Cell, ...], ...],
        *,
        grouped: bool = False,
        total: int | None = None,
    ) -> Table:
        """The same as a table."""
        return Table(
            columns=columns,
            rows=rows,
            title=self.title,
            note=self.note,
            empty=self.empty,
            grouped=grouped,
            total=total,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A thing as it is drawn where there is room for a few of its values.

    `again` marks a thing that stands elsewhere in the same drawing too.
    """

    ref: str
    title: str
    category: str = ""
    pairs: tuple[tuple[str, Cell], ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """What is recorded when a card changes its place: a field, or an edge.

    `fields` names the field of each kind that has one; `link` the link whose
    edges lead to piles, or from them where it is `back`. Without either,
    places only tell how things are.
    """

    word: str
    fields: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What a card has that stands in a pile or a lane.

    `value` is what is recorded for a card that is put here, `values` the same
    by kind where kinds say it differently; empty takes the value away. Nothing
    can be put where it is `fixed`. `query` asks for all that stand here.
    """

    name: str
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    ref: str = ""
    count: int = 0
    query: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile(Spot):
    """A column of a board; `limit` is how much should stand in it, 0 no limit."""

    limit: int = 0

    @property
    def is_over(self) -> bool:
        """Whether more stands here than should."""
        return bool(self.limit) and self.count > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Spot):
    """A row of a board: for each pile its cards, how many are left out, and their query."""

    cards: tuple[tuple[Card, ...], ...]
    left_out: tuple[int, ...]
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Drawn):
    """Cards in the piles of one field or link, in one lane or in several.

    `across` without a word means that there is one lane only.
    """

    by: Grip
    piles: tuple[Pile, ...]
    lanes: tuple[Lane, ...]
    across: Grip = Grip(word="")
    query: str = ""

    @property
    def table(self) -> Table:
        """One row per card."""
        rows = tuple(self._rows())
        lane = (Column(self.across.word),) if self.across.word else ()
        shown = dict.fromkeys(name for card in self._cards() for name, _ in card.pairs)
        columns = (
            *lane,
            Column(self.by.word, sort=Sort.STAGE),
            TITLE,
            *(Column(name) for name in shown),
            Column("ref", sort=Sort.REF),
        )
        left = sum(sum(lane.left_out) for lane in self.lanes)
        return self._tabled(columns, rows, total=len(rows) + left if left else None)

    def _cards(self) -> Iterator[Card]:
        for lane in self.lanes:
            for cards in lane.cards:
                yield from cards

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        shown = dict.fromkeys(name for card in self._cards() for name, _ in card.pairs)
        for lane in self.lanes:
            head = (cell(lane.name, ref=lane.ref),) if self.across.word else ()
            for pile, cards in zip(self.piles, lane.cards, strict=True):
                stands = cell(pile.name, ref=pile.ref, category=pile.category)
                for each in cards:
                    pairs = dict(each.pairs)
                    yield (
                        *head,
                        stands,
                        cell(each.title, ref=each.ref),
                        *(pairs.get(name, Cell()) for name in shown),
                        cell(each.ref, ref=each.ref),
                    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """When something begins and ends: each as the earliest and the latest instant.

    A beginning that nobody knows is BEGINNING at its earliest, an end that
    nobody knows FOREVER at its latest; what only ends is a point. `ghost` is
    the same at another moment: what was planned then. `sets` names the day
    fields that change when an end is moved; empty for what the journal tells.
    `again` marks a thing that stands in an earlier group too.
    """

    ref: str
    title: str
    begins: tuple[Instant, Instant]
    ends: tuple[Instant, Instant]
    category: str = ""
    stage: str = ""
    group: str = ""
    group_ref: str = ""
    said: str = ""
    sets: tuple[str, str] = ("", "")
    ghost: tuple[tuple[Instant, Instant], tuple[Instant, Instant]] | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Drawn):
    """Bars over days; `ties` lead from a bar's ref to the ref of one that waits for it.

    `undated` are the cards of things without any day, each with the field
    that would date it; `undated_count` how many there are. `zoom` is a word of
    ZOOMS, empty for what fits. `grouped` tells that the bars stand in groups;
    `ghost` is the day of which the ghosts tell.
    """

    bars: tuple[Bar, ...]
    now: Instant
    first: Instant
    last: Instant
    ties: tuple[tuple[str, str], ...] = ()
    undated: tuple[Card, ...] = ()
    undated_count: int = 0
    zoom: str = ""
    grouped: bool = False
    ghost: str = ""

    @property
    def table(self) -> Table:
        """One row per bar, its days as they are known."""
        rows = tuple(
            (
                *((cell(each.group, ref=each.group_ref),) if self.grouped else ()),
                cell(each.title, ref=each.ref),
                cell(each.stage, category=each.category or ("?" if each.stage else "")),
                cell(_days(each.begins)),
                cell(_days((_last_day(each.ends[0]), _last_day(each.ends[1])))),
                cell(each.said),
            )
            for each in self.bars
        )
        columns = (
            *((Column("group"),) if self.grouped else ()),
            TITLE,
            Column("stage", sort=Sort.STAGE),
            Column("begins", sort=Sort.WHEN),
            Column("ends", sort=Sort.WHEN),
            Column("said"),
        )
        return self._tabled(columns, rows, grouped=self.grouped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A node of a map. `depth` counts steps from the focus; `size` is from 0 to 1.

    `group` is the cluster in which it lies, `hue` the word by which it is
    coloured, `more` how many neighbours are not drawn. `missing` is a ref that
    is named and does not exist. `place` is where a person has put it, in the
    map's own units.
    """

    ref: str
    title: str
    kind: str
    family: str
    stage: str = ""
    category: str = ""
    group: str = ""
    hue: str = ""
    size: float = 0.0
    said: str = ""
    depth: int = 0
    more: int = 0
    missing: bool = False
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Drawn):
    """Nodes and the edges between them: places in `dots`, and the link's phrase.

    `colour` says by what the dots are coloured and `sized` by what they are
    sized. `layered` asks for a drawing in which edges run one way. `joins` are
    the links that may be drawn here: a kind, the link, and a kind it may lead to.
    """

    dots: tuple[Dot, ...]
    edges: tuple[tuple[int, int, str], ...]
    focus: tuple[str, ...] = ()
    layered: bool = False
    colour: str = "family"
    sized: str = ""
    clustered: str = ""
    joins: tuple[tuple[str, str, str], ...] = ()

    @property
    def table(self) -> Table:
        """One row per edge."""
        rows = tuple(
            (
                cell(self.dots[source].title, ref=self.dots[source].ref),
                cell(link),
                cell(self.dots[target].title, ref=self.dots[target].ref),
            )
            for source, target, link in self.edges
        )
        columns = (Column("from"), Column("link"), Column("to"))
        return self._tabled(columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A cell of a matrix: what it says, how heavy it is (0 to 1), where it leads.

    It leads to the rows of its query, or to what its number is made of.
    """

    text: str
    weight: float = 0.0
    query: str = ""
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Drawn):
    """Two dimensions and what stands where they meet; `squares` row by row.

    A thing that stands in several columns or rows counts once in every total.
    """

    across: tuple[Cell, ...]
    down: tuple[Cell, ...]
    squares: tuple[tuple[Square, ...], ...]
    across_name: str
    down_name: str
    measure: str
    across_totals: tuple[Square, ...] = ()
    down_totals: tuple[Square, ...] = ()
    total: Square = Square(text="")

    @property
    def table(self) -> Table:
        """The same as a table with the first dimension down its side."""
        numbers = (*(each.text for each in self.across), *(("all",) if self.down_totals else ()))
        columns = (
            Column(self.down_name),
            *(Column(each, align=Align.RIGHT, sort=Sort.NUMBER) for each in numbers),
        )
        totals = self.down_totals or (None,) * len(self.down)
        rows = tuple(
            (head, *(cell(each.text, why=each.why) for each in line), *_totalled(total))
            for head, line, total in zip(self.down, self.squares, totals, strict=True)
        )
        if self.across_totals and rows:
            last = (cell(each.text, tone=Tone.STRONG, why=each.why) for each in self.across_totals)
            rows = (*rows, (cell("all", tone=Tone.DIM), *last, *_totalled(self.total)))
        return self._tabled(columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """The separate values of one thing: ranges on one scale, each told and with its voice.

    `voices` are empty where the group is so small that it would name people,
    `values` too where it is smaller still; `count` tells how many there are.
    """

    title: str
    ref: str = ""
    count: int = 0
    values: tuple[tuple[float, float], ...] = ()
    told: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(Drawn):
    """Several people's values of the same things, each kept apart, never as a mean.

    `ticks` mark the scale from `low` to `high`, each with its word.
    """

    strands: tuple[Strand, ...]
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    unit: str = ""

    @property
    def table(self) -> Table:
        """One row per thing: how many values, each of them, and from where to where."""
        rows = tuple(
            (
                cell(each.title, ref=each.ref),
                cell(f"{each.count:,}"),
                cell(each.said),
                cell(", ".join(each.told)),
            )
            for each in self.strands
        )
        columns = (
            TITLE,
            Column("values", align=Align.RIGHT, sort=Sort.NUMBER),
            Column("from lowest to highest"),
            Column("each of them"),
        )
        return self._tabled(columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A value over time: instants, each with its lowest and highest value.

    `area` fills down to the line before it, for amounts that add up.
    """

    name: str
    points: tuple[tuple[Instant, float, float], ...]
    area: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Drawn):
    """Lines and bands over time; `marks` are instants with a word each."""

    lines: tuple[Line, ...]
    now: Instant
    unit: str = ""
    marks: tuple[tuple[Instant, str], ...] = ()

    @property
    def table(self) -> Table:
        """One row per instant, one column per line."""
        whens = sorted({when for line in self.lines for when, _, _ in line.points})
        # Of an amount that lies on others the height counts, not where it lies.
        values = [
            {
                when: (high - low,) * 2 if each.area else (low, high)
                for when, low, high in each.points
            }
            for each in self.lines
        ]
        rows = tuple(
            (cell(_day(when)), *(cell(_between(each.get(when))) for each in values))
            for when in whens
        )
        columns = (
            Column("day", sort=Sort.WHEN),
            *(Column(each.name, align=Align.RIGHT, sort=Sort.NUMBER) for each in self.lines),
        )
        return self._tabled(columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey(Drawn):
    """Amounts that run from some things to others: names, and how much at least and at most."""

    streams: tuple[tuple[Span, Span, float, float], ...]
    unit: str = ""

    @property
    def table(self) -> Table:
        """One row per stream."""
        rows = tuple(
            (Cell((source,)), Cell((target,)), cell(_between((low, high))))
            for source, target, low, high in self.streams
        )
        amount = Column(self.unit or "amount", align=Align.RIGHT, sort=Sort.NUMBER)
        columns = (Column("from"), Column("to"), amount)
        return self._tabled(columns, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A kind on a canvas: how many there are and when one was touched, `said` in words.

    `stages` are those that hold any: word, category, count.
    """

    kind: str
    many: str
    count: int
    touched: Instant | None = None
    said: str = ""
    stages: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas(Drawn):
    """The families of the company, each with the question it answers and its kinds."""

    families: tuple[tuple[str, str, tuple[Plot, ...]], ...]
    now: Instant

    @property
    def table(self) -> Table:
        """One row per kind."""
        rows = tuple(
            (
                cell(family),
                cell(each.many),
                cell(f"{each.count:,}"),
                _told(each.stages),
                cell(_day(each.touched)),
                cell(each.said, tone=Tone.DIM),
            )
            for family, _, plots in self.families
            for each in plots
        )
        columns = (
            Column("family"),
            Column("kind"),
            Column("count", align=Align.RIGHT, sort=Sort.NUMBER),
            Column("stages"),
            Column("last touched", sort=Sort.WHEN),
            Column(""),
        )
        return self._tabled(columns, rows, grouped=True)


Visual = Board | Timeline | Map | Matrix | Spread | Curve | Sankey | Canvas
Block = Table | Tree | Prose | Findings | Feed | Metric | Fields | Visual


def _totalled(total: Square | None) -> tuple[Cell, ...]:
    return () if total is None else (cell(total.text, tone=Tone.STRONG, why=total.why),)


def _told(stages: tuple[tuple[str, str, int], ...]) -> Cell:
    """Stages that hold any, each with its count, the same category once."""
    counts: dict[str, int] = {}
    for _, category, count in stages:
        counts[category] = counts.get(category, 0) + count
    return cell(", ".join(f"{count:,} {each or 'other'}" for each, count in counts.items()))


def _days(between: tuple[Instant, Instant]) -> str:
    first, last = (_day(each) for each in between)
    return first if first == last else f"{first or '…'} – {last or '…'}"


def _day(when: Instant | None) -> str:
    if when is None or when >= FOREVER or when <= -FOREVER:
        return ""
    return f"{datetime_of(when):%Y-%m-%d}"


def _last_day(end: Instant) -> Instant:
    """The day that an end closes, rather than the instant after it."""
    return end if end >= FOREVER else end - 1


def _between(value: tuple[float, float] | None) -> str:
    if value is None:
        return ""
    low, high = value
    return f"{low:,g}" if low == high else f"{low:,g}–{high:,g}"
