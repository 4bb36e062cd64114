"""Where the bars of a timeline lie: geometry in pixels, for SVG that needs no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from latticework.base.times import (
    BEGINNING,
    DAY_MICROSECONDS,
    FOREVER,
    Instant,
    datetime_of,
    start_of,
)
from latticework.views.timeline import ZOOMS
from latticework.views.visuals import Bar, Timeline

ROW = 30
HEAD = 44
THICK = 12
TOP = 9
GHOST_TOP = 24
SOFT = 56.0
"""How wide an end fades that nobody knows."""

PIXELS = {"week": 18.0, "month": 6.0, "quarter": 2.4, "year": 0.8, "years": 0.24}
"""Pixels a day, for each zoom."""

FITS = 1400.0
NARROWEST = 960.0
WORD = 40.0
"""The least room that a word on the axis needs."""

WIDEST = 24_000.0
_EARLIEST, _LATEST = date(2, 1, 1), date(9990, 1, 1)
_OPEN = frozenset({"proposed", "active"})

Span = tuple[tuple[Instant, Instant], tuple[Instant, Instant]]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the axis and what stands beside it; `heavy` begins a longer period."""

    x: float
    label: str
    heavy: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a bar: `sort` is solid, soft-in, soft-out, point or late."""

    sort: str
    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the drawing: a group's heading, or a bar with its parts and its ghost."""

    y: int
    heading: str = ""
    heading_ref: str = ""
    count: int = 0
    bar: Bar | None = None
    parts: tuple[Part, ...] = ()
    ghost: tuple[Part, ...] = ()
    days: tuple[str, str, str, str] = ("", "", "", "")
    said: str = ""

    @property
    def tone(self) -> str:
        """The stage category that colours the bar."""
        return (self.bar.category if self.bar else "") or "none"

    @property
    def left(self) -> float:
        """Where the bar may be taken hold of."""
        return min((part.x for part in self._held), default=0.0) - 6

    @property
    def width(self) -> float:
        """How wide it is there."""
        right = max((part.x + part.width for part in self._held), default=0.0)
        return round(right + 6 - self.left, 1)

    @property
    def _held(self) -> tuple[Part, ...]:
        """Its parts without the tail that says how late it is."""
        return tuple(part for part in self.parts if part.sort != "late")


@dataclass(frozen=True, kw_only=True)
class Tie:
    """A line from the end of one bar to the beginning of one that waits for it."""

    path: str
    late: bool
    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole timeline, ready to be drawn."""

    width: int
    height: int
    zoom: str
    pixels: float
    origin: str
    rows: tuple[Row, ...]
    heavy: tuple[Tick, ...]
    light: tuple[Tick, ...]
    now: float | None
    ties: tuple[Tie, ...] = ()
    nearer: str = ""
    farther: str = ""
    cut: str = ""
    tones: tuple[str, ...] = ()
    soft: bool = False
    late: bool = False
    row: int = ROW
    head: int = HEAD
    thick: int = THICK
    top: int = TOP
    ghost_top: int = GHOST_TOP


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Days to pixels."""

    first: date
    last: date
    pixels: float

    @property
    def width(self) -> float:
        return (self.last - self.first).days * self.pixels

    def x(self, when: Instant) -> float:
        """Where an instant lies, at most a little beyond either edge."""
        days = (when - start_of(self.first)) / DAY_MICROSECONDS
        return round(min(max(days * self.pixels, -SOFT), self.width + SOFT), 1)


def plan_of(block: Timeline) -> Plan:
    """The drawing of a timeline at its zoom, or at the nearest one at which all fits."""
    zoom = block.zoom or _fitting(block)
    scale, cut = _scale(block, zoom)
    rows = tuple(_rows(block, scale))
    heavy, light = _ticks(zoom, scale)
    now = scale.x(block.now)
    place = ZOOMS.index(zoom)
    return Plan(
        width=round(scale.width),
        height=max(len(rows), 1) * ROW,
        zoom=zoom,
        pixels=scale.pixels,
        origin=scale.first.isoformat(),
        rows=rows,
        heavy=heavy,
        light=light,
        now=now if 0 <= now <= scale.width else None,
        ties=tuple(_ties(block, rows)),
        nearer=ZOOMS[place - 1] if place else "",
        farther=ZOOMS[place + 1] if place + 1 < len(ZOOMS) else "",
        cut=cut,
        tones=tuple(sorted({bar.category for bar in block.bars if bar.category}, key=_turn)),
        soft=any(part.sort.startswith("soft") for row in rows for part in row.parts),
        late=any(part.sort == "late" for row in rows for part in row.parts),
    )


def _turn(category: str) -> tuple[int, str]:
    order = ("proposed", "active", "done", "dropped")
    return (order.index(category) if category in order else len(order), category)


def _fitting(block: Timeline) -> str:
    days = (block.last - block.first) / DAY_MICROSECONDS
    return next((zoom for zoom in ZOOMS if days * PIXELS[zoom] <= FITS), ZOOMS[-1])


def _scale(block: Timeline, zoom: str) -> tuple[_Scale, str]:
    """First and last day with some air; cut round today where they lie too far apart."""
    pixels = PIXELS[zoom]
    first, last, now = (_day(each) for each in (block.first, block.last, block.now))
    reach = (last - first).days
    near = timedelta(days=max(reach // 2, 30))
    if first - near <= now <= last + near:
        first, last = min(first, now), max(last, now)
    air = max(round(SOFT / pixels), (last - first).days // 40)
    first, last = _moved(first, -air), _moved(last, air)
    short = round(NARROWEST / pixels) - (last - first).days
    first, last = _moved(first, -max(short, 0) // 4), _moved(last, max(short, 0) * 3 // 4 + 1)
    room = round(WIDEST / pixels)
    if (last - first).days <= room:
        return _Scale(first=first, last=last, pixels=pixels), ""
    middle = min(max(now, _moved(first, room // 2)), _moved(last, -room // 2))
    cut = _Scale(first=_moved(middle, -room // 2), last=_moved(middle, room // 2), pixels=pixels)
    said = f"Drawn from {cut.first} to {cut.last}; it reaches from {first} to {last}."
    return cut, said


def _moved(day: date, days: int) -> date:
    limit = (_LATEST - day).days if days > 0 else (_EARLIEST - day).days
    return day + timedelta(days=min(days, limit) if days > 0 else max(days, limit))


def _day(when: Instant) -> date:
    lowest = start_of(_EARLIEST)
    return min(max(datetime_of(max(when, lowest)).date(), _EARLIEST), _LATEST)


# Rows ----------------------------------------------------------------------------------


def _rows(block: Timeline, scale: _Scale) -> Iterator[Row]:
    place, group = 0, None
    counts: dict[str, int] = {}
    for bar in block.bars:
        counts[bar.group] = counts.get(bar.group, 0) + 1
    for bar in block.bars:
        if block.grouped and bar.group != group:
            group = bar.group
            yield Row(y=place * ROW, heading=group, heading_ref=bar.group_ref, count=counts[group])
            place += 1
        parts = tuple(_parts((bar.begins, bar.ends), scale))
        if bar.category in _OPEN and BEGINNING < bar.ends[1] < block.now:
            left, right = scale.x(bar.ends[1]), scale.x(block.now)
            late = (Part(sort="late", x=left, width=round(right - left, 1)),)
            parts = parts + late if right > left else parts
        ghost = tuple(_parts(bar.ghost, scale)) if bar.ghost else ()
        yield Row(
            y=place * ROW,
            bar=bar,
            parts=parts,
            ghost=() if bar.ghost == (bar.begins, bar.ends) else ghost,
            days=_days(bar),
            said=_said(bar),
        )
        place += 1


def _parts(span: Span, scale: _Scale) -> Iterator[Part]:
    """Solid where it is surely so, soft where it may be."""
    (begin, begun), (over, ended) = span
    if begun <= BEGINNING:
        yield from _point(over, ended, scale)
        return
    left_soft = scale.x(begin) if begin > BEGINNING else scale.x(begun) - SOFT
    left, right = scale.x(begun), scale.x(over)
    right_soft = scale.x(ended) if ended < FOREVER else max(right, left) + SOFT
    if right < left:
        # Both ends are unsure and overlap: what is sure is no more than their middle.
        left = right = round((left + right) / 2, 1)
        left_soft, right_soft = min(left_soft, left), max(right_soft, right)
    if left > left_soft:
        yield Part(sort="soft-in", x=left_soft, width=round(left - left_soft, 1))
    if right > left:
        yield Part(sort="solid", x=left, width=round(max(right - left, 1.5), 1))
    if right_soft > right:
        yield Part(sort="soft-out", x=right, width=round(right_soft - right, 1))


def _point(over: Instant, ended: Instant, scale: _Scale) -> Iterator[Part]:
    """What only ends: a mark at its latest day, soft from its earliest."""
    if ended >= FOREVER:
        return
    right = scale.x(ended)
    left = scale.x(min(over, ended) - DAY_MICROSECONDS)
    if right - left > scale.pixels * 1.5:
        yield Part(sort="soft-in", x=left, width=round(right - left, 1))
    yield Part(sort="point", x=right, width=0)


def _days(bar: Bar) -> tuple[str, str, str, str]:
    """The four ends as days for the island that moves them; the last ones inclusive."""
    (begin, begun), (over, ended) = bar.begins, bar.ends
    return _iso(begin), _iso(begun), _iso(over - 1), _iso(ended - 1)


def _iso(when: Instant) -> str:
    return _day(when).isoformat() if BEGINNING + 1 < when < FOREVER - 1 else ""


def _said(bar: Bar) -> str:
    """The bar in a sentence, for those who hear it or point at it."""
    begin = _between(*bar.begins)
    over = _between(bar.ends[0] - 1, bar.ends[1] - 1)
    when = [f"from {begin}" if begin else "", f"until {over}" if over else "end unknown"]
    parts = [bar.title, bar.stage, " ".join(filter(None, when)), bar.said]
    return " · ".join(filter(None, parts))


def _between(low: Instant, high: Instant) -> str:
    first, last = _iso(low), _iso(high)
    if first == last or not last:
        return first
    return f"{first or 'some day'} to {last}"


# Axis ----------------------------------------------------------------------------------


def _ticks(zoom: str, scale: _Scale) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
    """Heavy ticks name the longer period, light ones its parts."""
    light: Iterator[tuple[date, str]]
    if zoom == "week":
        heavy, light = _months(scale, 1, _month_words), _weeks(scale)
    elif zoom == "month":
        heavy, light = _months(scale, 12, _year_words), _months(scale, 1, lambda day: f"{day:%b}")
    elif zoom in {"quarter", "year"}:
        heavy, light = _months(scale, 12, _year_words), _months(scale, 3, _quarter_words)
    else:
        heavy, light = _months(scale, 60, _year_words), _months(scale, 12, _year_words)
    return tuple(_drawn(heavy, scale, heavy=True)), tuple(_drawn(light, scale, heavy=False))


def _drawn(days: Iterator[tuple[date, str]], scale: _Scale, *, heavy: bool) -> Iterator[Tick]:
    """Ticks from left to right; what begins before the drawing is named where there is room."""
    every = [(max(scale.x(start_of(day)), 0.0), label) for day, label in days]
    for place, (x, label) in enumerate(every):
        following = every[place + 1][0] if place + 1 < len(every) else scale.width
        room = following - x if place == 0 or following == scale.width else WORD
        if x <= scale.width:
            yield Tick(x=x, label=label if room >= WORD else "", heavy=heavy)


def _months(scale: _Scale, step: int, words: Callable[[date], str]) -> Iterator[tuple[date, str]]:
    number = scale.first.year * 12 + scale.first.month - 1
    number -= number % step
    while True:
        day = date(number // 12, number % 12 + 1, 1)
        if day > scale.last:
            return
        yield day, words(day)
        number += step


def _weeks(scale: _Scale) -> Iterator[tuple[date, str]]:
    day = scale.first - timedelta(days=scale.first.weekday())
    while day <= scale.last:
        if day >= scale.first:
            yield day, f"{day.day}"
        day += timedelta(days=7)


def _month_words(day: date) -> str:
    return f"{day:%B %Y}"


def _year_words(day: date) -> str:
    return f"{day:%Y}"


def _quarter_words(day: date) -> str:
    return f"Q{(day.month + 2) // 3}"


# Ties ----------------------------------------------------------------------------------


def _ties(block: Timeline, rows: Sequence[Row]) -> Iterator[Tie]:
    """From where one ends to where the other begins, past what lies between."""
    lines: dict[str, Row] = {}
    for row in rows:
        if row.bar and row.parts:
            lines.setdefault(row.bar.ref, row)
    for source, target in block.ties:
        first, then = lines.get(source), lines.get(target)
        if first is None or then is None or first is then or not first.bar or not then.bar:
            continue
        late = first.bar.ends[0] < FOREVER and first.bar.ends[0] > max(
            then.bar.begins[1], BEGINNING + 1
        )
        yield Tie(path=_curve(first, then), late=late, source=source, target=target)


def _curve(first: Row, then: Row) -> str:
    solid = [part for part in first.parts if part.sort != "late"]
    x1 = max(part.x + part.width for part in solid)
    x2 = min(part.x for part in then.parts)
    middle = TOP + THICK / 2
    y1, y2 = first.y + middle, then.y + middle
    bend = max(min(abs(x2 - x1) / 2, 48), 18)
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2 - 3:g} {y2:g}"
