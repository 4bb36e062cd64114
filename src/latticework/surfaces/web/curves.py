"""Where the lines of a curve lie: geometry for SVG that needs no script."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from latticework.base.times import DAY_MICROSECONDS, Instant, datetime_of
from latticework.views.blocks import Table
from latticework.views.visuals import Curve, Line

LABEL_GAP = 15.0
INSIDE = 24.0
MARK_WIDTH = 6.0
"""How wide a letter of a mark is, to keep two of them apart."""

MOST_SLOTS = 120
_STEPS = (1, 2, 2.5, 5, 10)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)

Point = tuple[Instant, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How large a drawing is, what lies round its lines, and how many months it names."""

    width: float
    height: float
    margin_left: float
    margin_right: float
    margin_top: float = 40.0
    margin_bottom: float = 30.0
    months: int = 9
    letters: int = 40

    @property
    def right(self) -> float:
        """Where the lines end, across."""
        return self.width - self.margin_right

    @property
    def bottom(self) -> float:
        """Where the lines begin, upwards."""
        return self.height - self.margin_bottom


WIDE = Frame(width=960.0, height=340.0, margin_left=48.0, margin_right=156.0)
NARROW = Frame(width=400.0, height=260.0, margin_left=36.0, margin_right=84.0, months=4, letters=12)
"""A drawing for a screen, and one for a phone."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis and its word."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word at the end of a line; `from_y` is where the line ends.

    `inside` tells that the line ends before the drawing does, and the word
    stands beside its end.
    """

    text: str
    x: float
    y: float
    from_y: float
    inside: bool = False


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One line as drawn: the soft area, its edges, dots for what was seen.

    `dots` have x, y and the reach of the range up and down.
    """

    name: str
    tone: str
    area: str = ""
    edge: str = ""
    line: str = ""
    dots: tuple[tuple[float, float, float, float], ...] = ()
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A word over an instant, on one of a few levels so that words stay apart."""

    x: float
    text: str
    level: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch under the pointer, and what all lines say there."""

    x: float
    width: float
    middle: float
    says: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything of a curve that is drawn."""

    strokes: tuple[Stroke, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    flags: tuple[Flag, ...]
    slots: tuple[Slot, ...]
    now: float | None
    zero: float | None
    says: str
    table: Table
    frame: Frame = WIDE


@dataclass(frozen=True, slots=True)
class _Scale:
    """From instants and values to places."""

    first: Instant
    last: Instant
    low: float
    high: float
    frame: Frame = WIDE

    def x(self, when: Instant) -> float:
        share = (when - self.first) / max(self.last - self.first, 1)
        left = self.frame.margin_left
        return round(left + share * (self.frame.right - left), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        bottom = self.frame.bottom
        return round(bottom - share * (bottom - self.frame.margin_top), 1)


def plan_of(curve: Curve, frame: Frame = WIDE) -> Plan | None:
    """Where everything lies; None for a curve without points."""
    drawn = [line for line in curve.lines if line.points]
    points = [point for line in drawn for point in line.points]
    if not points:
        return None
    ticks = _value_ticks(min(low for _, low, _ in points), max(high for *_, high in points))
    first, last = min(point[0] for point in points), max(point[0] for point in points)
    scale = _Scale(first, last, ticks[0], ticks[-1], frame)
    inside = first <= curve.now <= last
    return Plan(
        strokes=tuple(_with_labels([_stroke(line, scale) for line in drawn], drawn, scale)),
        across=tuple(_time_ticks(scale)),
        up=tuple(Tick(scale.y(value), _number(value)) for value in ticks),
        flags=tuple(_flags(curve, scale)),
        slots=tuple(_slots(curve, drawn, scale)),
        now=scale.x(curve.now) if inside else None,
        zero=scale.y(0) if ticks[0] < 0 < ticks[-1] else None,
        says=_says(curve, drawn),
        table=replace(curve.table, title="", note=""),
        frame=frame,
    )


def narrow_plan_of(curve: Curve) -> Plan | None:
    """The same for a phone: what a pointer would be told is left out."""
    plan = plan_of(curve, NARROW)
    return replace(plan, slots=()) if plan else None


def _stroke(line: Line, scale: _Scale) -> Stroke:
    tone = line.tone or "plain"
    upper = [(scale.x(when), scale.y(high)) for when, _, high in line.points]
    lower = [(scale.x(when), scale.y(low)) for when, low, _ in line.points]
    if tone == "seen":
        dots = tuple(
            (scale.x(when), scale.y((low + high) / 2), scale.y(high), scale.y(low))
            for when, low, high in line.points
        )
        middle = [(x, y) for x, y, *_ in dots]
        return Stroke(name=line.name, tone=tone, line=_path(middle), dots=dots)
    if not line.area and all(low == high for _, low, high in line.points):
        return Stroke(name=line.name, tone=tone, line=_path(upper))
    closed = _path([*upper, *reversed(lower)]) + "Z"
    edge = _path(upper) if line.area else f"{_path(upper)}{_path(lower)}"
    return Stroke(name=line.name, tone=tone, area=closed, edge=edge)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "".join(f"{'L' if place else 'M'}{x:g} {y:g}" for place, (x, y) in enumerate(points))


def _with_labels(
    strokes: Sequence[Stroke], lines: Sequence[Line], scale: _Scale
) -> Iterator[Stroke]:
    """Each stroke with its word where it ends, words pushed apart."""
    edge, ends, found = scale.frame.right, [], {}
    for place, line in enumerate(lines):
        when, low, high = line.points[-1]
        x, y = scale.x(when), scale.y((low + high) / 2)
        if x < edge - INSIDE:
            found[place] = Label(_short(line.name, scale), x + 9, y - 9, y, inside=True)
        elif not line.area or high > low:
            ends.append((y, place))
    ends.sort()
    for spot, (y, place) in zip(
        _apart([y for y, _ in ends], scale.frame.bottom), ends, strict=True
    ):
        found[place] = Label(_short(lines[place].name, scale), edge + 16, round(spot, 1), y)
    for place, stroke in enumerate(strokes):
        yield Stroke(
            name=stroke.name,
            tone=stroke.tone,
            area=stroke.area,
            edge=stroke.edge,
            line=stroke.line,
            dots=stroke.dots,
            label=found.get(place),
        )


def _short(name: str, scale: _Scale) -> str:
    most = scale.frame.letters
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _apart(wanted: Sequence[float], bottom: float) -> list[float]:
    """Ascending places, moved as little as keeps them a line of text apart."""
    spots: list[float] = []
    for y in wanted:
        spots.append(max(y, spots[-1] + LABEL_GAP) if spots else y)
    for place in range(len(spots) - 1, -1, -1):
        spots[place] = min(spots[place], bottom)
        bottom = spots[place] - LABEL_GAP
    return spots


def _value_ticks(low: float, high: float) -> list[float]:
    """Round values from below the least to above the greatest, with zero."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = low + 1.0
    rough = (high - low) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(each * power for each in _STEPS if each * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def _time_ticks(scale: _Scale) -> Iterator[Tick]:
    """Beginnings of months, quarters or years; of weeks in a short time."""
    first, last = _day(scale.first), _day(scale.last)
    if (last - first).days <= 70:
        yield from _day_ticks(scale, first, last)
        return
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in _MONTHS if months / each <= scale.frame.months), _MONTHS[-1])
    number = -(-(first.year * 12 + first.month - 1) // step) * step
    years: set[int] = set()
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        if day >= first:
            new = day.year not in years
            years.add(day.year)
            label = f"{day:%Y}" if step >= 12 else f"{day:%b %Y}" if new else f"{day:%b}"
            yield Tick(scale.x(_instant(day)), label)
        number += step


def _day_ticks(scale: _Scale, first: date, last: date) -> Iterator[Tick]:
    days = (last - first).days
    step = 7 if days > 14 else 2
    while days / step > scale.frame.months + 1:
        step *= 2
    day = first + timedelta(days=(-first.weekday()) % 7 if step % 7 == 0 else 0)
    while day <= last:
        if day >= first:
            yield Tick(scale.x(_instant(day)), f"{day.day} {day:%b}")
        day += timedelta(days=step)


def _flags(curve: Curve, scale: _Scale) -> Iterator[Flag]:
    """Words over instants, each on the first level where it meets none."""
    free = [-math.inf, -math.inf]
    for when, text in sorted(curve.marks):
        if not scale.first <= when <= scale.last:
            continue
        x, width = scale.x(when), len(text) * MARK_WIDTH + 10
        ends = x + width > scale.frame.right + 40
        start = x - width if ends else x
        level = next((each for each, end in enumerate(free) if start >= end), -1)
        if level >= 0:
            free[level] = start + width
        yield Flag(x, text if level >= 0 else "", max(level, 0), ends)


def _slots(curve: Curve, lines: Sequence[Line], scale: _Scale) -> Iterator[Slot]:
    """Stretches of the width, each with what every line says at its instant."""
    whens = sorted({when for line in lines for when, _, _ in line.points})
    if len(whens) > MOST_SLOTS:
        whens = whens[:: math.ceil(len(whens) / MOST_SLOTS)]
    values = [({when: (low, high) for when, low, high in line.points}, line) for line in lines]
    middles = [scale.x(when) for when in whens]
    for place, (when, x) in enumerate(zip(whens, middles, strict=True)):
        left = (middles[place - 1] + x) / 2 if place else scale.frame.margin_left
        right = (x + middles[place + 1]) / 2 if place + 1 < len(middles) else scale.frame.right
        said = [
            f"{line.name}: {_between(found[when], line)}{_unit(curve)}"
            for found, line in values
            if when in found
        ]
        says = "\n".join([f"{_day(when):%-d %B %Y}", *said])
        yield Slot(round(left, 1), round(max(right - left, 0.5), 1), x, says)


def _between(value: tuple[float, float], line: Line) -> str:
    low, high = value
    if line.area:
        return _number(high - low)
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _unit(curve: Curve) -> str:
    return "" if not curve.unit else f"{'' if curve.unit.startswith('%') else ' '}{curve.unit}"


def _says(curve: Curve, lines: Sequence[Line]) -> str:
    first = min(line.points[0][0] for line in lines)
    last = max(line.points[-1][0] for line in lines)
    names = ", ".join(line.name for line in lines)
    title = curve.title or "Curve"
    return f"{title}: {names}, {_day(first)} to {_day(last)}; the table beneath says the same"


def _number(value: float) -> str:
    shown = f"{value + 0.0:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return shown.replace("-", "−")


def _day(when: Instant) -> date:
    return datetime_of(when).date()


def _instant(day: date) -> Instant:
    return (day - date(1970, 1, 1)).days * DAY_MICROSECONDS
