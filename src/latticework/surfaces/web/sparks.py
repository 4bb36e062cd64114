"""A line of values as small as a word: where it lies in its drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 64
HEIGHT = 16
MARGIN = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A path in its box, the last point, and the line in words."""

    path: str
    says: str
    last: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


def plan_of(points: Sequence[float]) -> Plan | None:
    """Where the points lie, oldest to the left; None where there are no two.

    What is not a number leaves a gap. A line that never moves lies in the middle.
    """
    known = [each for each in points if math.isfinite(each)]
    if len(known) < 2:
        return None
    least, most = min(known), max(known)
    step = (WIDTH - 2 * MARGIN) / (len(points) - 1)
    reach = HEIGHT - 2 * MARGIN
    path, pen, last = [], "M", None
    for place, value in enumerate(points):
        if not math.isfinite(value):
            pen, last = "M", None
            continue
        part = (value - least) / (most - least) if most > least else 0.5
        last = (round(MARGIN + place * step, 1), round(MARGIN + (1 - part) * reach, 1))
        path.append(f"{pen}{last[0]:g} {last[1]:g}")
        pen = "L"
    return Plan(path="".join(path), says=says_of(known), last=last)


def says_of(points: Sequence[float]) -> str:
    """First, last and the reach of a line, for those who do not see it."""
    first, last, least, most = (f"{each:,.4g}" for each in _marks(points))
    return f"from {first} to {last}, between {least} and {most}"


def _marks(points: Sequence[float]) -> tuple[float, float, float, float]:
    return points[0], points[-1], min(points), max(points)
