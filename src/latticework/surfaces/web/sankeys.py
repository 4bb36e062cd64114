"""Where streams lie in their drawing: what is sure as a core, what may be as its edge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from latticework.views.blocks import Span, Table
from latticework.views.visuals import Sankey

WIDTH = 860
LEFT = 150
RIGHT = 610
BAR = 9
GAP = 14
REACH = 360
LEAST = 1.2
MOST_LETTERS = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A bar at one side, its name beside it; `says` is its amount in words."""

    span: Span
    text: str
    x: float
    y: float
    height: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """One stream: `core` is what runs at least, `edge` what runs at most."""

    core: str
    edge: str
    says: str
    source: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the drawing holds."""

    height: float
    sources: tuple[End, ...]
    targets: tuple[End, ...]
    ribbons: tuple[Ribbon, ...]
    says: str
    table: Table
    width: int = WIDTH


def plan_of(block: Sankey) -> Plan | None:
    """Where everything lies; None where nothing runs.

    Bars are as high as the most that may run: of what may count twice the sum
    of the most is more than there is, and the core alone is sure.
    """
    streams = [each for each in block.streams if _is_drawn(each)]
    if not streams:
        return None
    most = [high for *_, high in streams]
    scale = REACH / max(math.fsum(most), 1e-12)
    names = [[_end_of(each, side).text for each in streams] for side in (0, 1)]
    sides = [_stacked(side, most, scale) for side in names]
    height = max(_bottom(side) for side in sides) + GAP
    ribbons = _ribbons(streams, sides, scale, block.unit)
    sources, targets = (
        tuple(_ends(streams, place, sides[place], block.unit, x))
        for place, x in ((0, LEFT), (1, RIGHT))
    )
    says = f"{len(streams)} streams from {len(sources)} to {len(targets)}"
    return Plan(
        height=round(height, 1),
        sources=sources,
        targets=targets,
        ribbons=ribbons,
        says=says,
        table=replace(block.table, title="", note=""),
    )


Stream = tuple[Span, Span, float, float]
Side = dict[str, tuple[float, float]]
"""Top and height of each bar, by name."""


def _is_drawn(stream: Stream) -> bool:
    low, high = stream[2:]
    return math.isfinite(low) and math.isfinite(high) and high > 0 and low <= high


def _stacked(names: Sequence[str], most: Sequence[float], scale: float) -> Side:
    """Bars one below the other, in the order in which they come up."""
    side: Side = {}
    top = float(GAP)
    for name in dict.fromkeys(names):
        whole = math.fsum(each for each, mine in zip(most, names, strict=True) if mine == name)
        height = max(whole * scale, LEAST)
        side[name] = (top, height)
        top += height + GAP
    return side


def _bottom(side: Side) -> float:
    return max(top + height for top, height in side.values())


def _ribbons(
    streams: Sequence[Stream], sides: Sequence[Side], scale: float, unit: str
) -> tuple[Ribbon, ...]:
    """Streams from bar to bar, each below the last one of its bar."""
    used: list[dict[str, float]] = [{}, {}]
    order = {name: place for place, name in enumerate(sides[0])}
    made = []
    for source, target, low, high in streams:
        wide, sure = high * scale, low * scale
        tops = []
        for taken, side, name in zip(used, sides, (source.text, target.text), strict=True):
            tops.append(side[name][0] + taken.get(name, 0.0))
            taken[name] = taken.get(name, 0.0) + wide
        inset = (wide - sure) / 2
        says = f"{source.text} to {target.text}: {amount(low, high, unit)}"
        core = _band(tops[0] + inset, tops[1] + inset, sure) if low > 0 else ""
        edge = _band(tops[0], tops[1], wide)
        made.append(Ribbon(core=core, edge=edge, says=says, source=order[source.text]))
    return tuple(made)


def _band(left: float, right: float, height: float) -> str:
    """A band that leaves one bar level and comes level to the other."""
    begin, end = LEFT + BAR, RIGHT
    middle = (begin + end) / 2
    height = max(height, LEAST)
    return (
        f"M{begin} {left:.1f}C{middle:g} {left:.1f} {middle:g} {right:.1f} {end} {right:.1f}"
        f"v{height:.1f}C{middle:g} {right + height:.1f} {middle:g} {left + height:.1f} "
        f"{begin} {left + height:.1f}Z"
    )


def _ends(streams: Sequence[Stream], place: int, side: Side, unit: str, x: float) -> Iterable[End]:
    for name, (top, height) in side.items():
        mine = [each for each in streams if _end_of(each, place).text == name]
        low, high = (math.fsum(each) for each in zip(*((a, b) for _, _, a, b in mine), strict=True))
        text = name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1].rstrip() + "…"
        # Of several sources nothing is added up: what they measure may be the same.
        says = amount(low, high, unit) if place and len(mine) == 1 else ""
        yield End(
            span=_end_of(mine[0], place),
            text=text,
            x=x,
            y=round(top, 1),
            height=round(height, 1),
            says=says,
        )


def _end_of(stream: Stream, place: int) -> Span:
    return stream[1] if place else stream[0]


def amount(low: float, high: float, unit: str) -> str:
    """An amount or its range in words."""
    least, most = f"{low:,.3g}", f"{high:,.3g}"
    said = least if least == most else f"{least}–{most}"
    return f"{said} {unit}".strip()
