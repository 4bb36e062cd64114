"""Curves drawn as text: small bars for each line, its ends in figures."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from latticework.base.times import Instant, datetime_of
from latticework.surfaces.text_spans import visible
from latticework.views.visuals import Curve, Line

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 48
NARROWEST = 8


def curve_lines(curve: Curve, *, width: int | None, indent: int) -> list[Text]:
    """Each line of a curve on one scale, then the days and what was marked.

    A range is drawn by its middle, an amount that lies on others by its height.
    """
    drawn = [line for line in curve.lines if line.points]
    if not drawn:
        return []
    heights = [value for line in drawn for _, value in _values(line)]
    low, high = min(0.0, *heights), max(0.0, *heights)
    first = min(line.points[0][0] for line in drawn)
    last = max(line.points[-1][0] for line in drawn)
    names = max(len(visible(line.name)) for line in drawn)
    ends = [_ends(line) for line in drawn]
    room = WIDTH if width is None else width - indent - names - 4 - max(map(len, ends))
    room = max(min(room, WIDTH), NARROWEST)
    lines = []
    for line, said in zip(drawn, ends, strict=True):
        bars = _bars(line, first, last, (low, high), room)
        head = Text(" " * indent).append(f"{visible(line.name):<{names}}  ", style="dim")
        lines.append(head.append(bars).append(f"  {said}"))
    lines.append(_days(first, last, names + indent + 2, room))
    return [*lines, *_marks(curve, indent)]


def _values(line: Line) -> Iterator[tuple[Instant, float]]:
    for when, low, high in line.points:
        yield when, high - low if line.area else (low + high) / 2


def _bars(line: Line, first: Instant, last: Instant, bounds: tuple[float, float], room: int) -> str:
    """A bar for each stretch of time: the last value by then, or a gap."""
    values = list(_values(line))
    low, high = bounds
    shown, place, said = [], 0, None
    for step in range(room):
        upto = first + (last - first) * (step + 1) // room
        while place < len(values) and values[place][0] <= upto:
            said = values[place][1]
            place += 1
        share = 0.0 if said is None or high == low else (said - low) / (high - low)
        shown.append(" " if said is None else BARS[round(share * (len(BARS) - 1))])
    return "".join(shown)


def _ends(line: Line) -> str:
    """The first and the last value in figures; ranges stay ranges."""
    shown = [_figure(line, point) for point in (line.points[0], line.points[-1])]
    return shown[0] if shown[0] == shown[1] else f"{shown[0]} → {shown[1]}"


def _figure(line: Line, point: tuple[Instant, float, float]) -> str:
    _, low, high = point
    if line.area:
        low = high = high - low
    return f"{low:,.4g}" if low == high else f"{low:,.4g} to {high:,.4g}"


def _days(first: Instant, last: Instant, indent: int, room: int) -> Text:
    start, end = f"{datetime_of(first):%Y-%m-%d}", f"{datetime_of(last):%Y-%m-%d}"
    gap = max(room - len(start) - len(end), 1)
    return Text(" " * indent).append(start + " " * gap + end, style="dim")


def _marks(curve: Curve, indent: int) -> Iterator[Text]:
    for when, text in sorted(curve.marks):
        day = f"{datetime_of(when):%Y-%m-%d}"
        yield Text(" " * indent).append(f"{day}  {visible(text)}", style="dim")
