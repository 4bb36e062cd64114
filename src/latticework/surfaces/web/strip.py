"""The strip of time above every page: one bar per month of the company's life."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from latticework.base.times import DAY_MICROSECONDS, Instant, datetime_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BARS = 132
FLOOR = 24.0
"""Where the bars stand, in pixels from the top of the strip."""

_GAP = "\0"
"""What no address holds stands where one goes."""

_LEAST_HEIGHT = 1.5
_LATER_DAYS = 400
_EARLIEST = -62_135_596_800_000_000
"""The first instant of year 1; what is so from before has no day."""

_UNITS = (("day", "D", 45), ("month", "M", MOST_BARS), ("year", "Y", 400))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """How many entries hold from one month, day or year, and where it is drawn.

    `day` is its last day, or today while it lasts. `tense` is past, here or
    later, seen from the moment that is read.
    """

    day: date
    label: str
    count: int
    tense: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Label:
    """A year, or a month, under the strip."""

    text: str
    x: float


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Bars with their places; lengths along the strip are percentages of it."""

    unit: str
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    pitch: float
    width: float
    needle: float | None
    first: date

    def drawn(self, before_day: str) -> Markup:
        """The bars as links; `before_day` is an address but for the day that ends it."""
        return Markup(self._bars_drawn.replace(_GAP, escape(before_day)))  # noqa: S704  escaped

    @cached_property
    def _bars_drawn(self) -> str:
        """Drawn once: every page has them, and there are more than a hundred."""
        wide = f'width="{self.pitch}%" height="34"'
        return "\n".join(
            f'<a href="{_GAP}{bar.day}" tabindex="-1" class="{bar.tense}"><title>{bar.label}: '
            f"{bar.count:,} {'change' if bar.count == 1 else 'changes'}</title>"
            f'<rect class="hit" x="{bar.x}%" y="0" {wide}/><rect class="bar" x="{bar.x}%" '
            f'y="{bar.y}" width="{self.width}%" height="{bar.height}" rx="0.5"/></a>'
            for bar in self.bars
        )


@dataclass(frozen=True, eq=False)
class Days:
    """Days since 1970, ascending, and how many changes hold from each."""

    days: NDArray[np.int64]
    counts: NDArray[np.int64]


def days_of(parts: Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> Days:
    """Days that were counted apart, counted together."""
    import numpy as np

    every = [(days, counts) for days, counts in parts if len(days)]
    if not every:
        return Days(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    found, spots = np.unique(np.concatenate([days for days, _ in every]), return_inverse=True)
    counts = np.zeros(len(found), dtype=np.int64)
    np.add.at(counts, spots, np.concatenate([counts for _, counts in every]))
    return Days(found, counts)


def strip_of(counted: Days, *, now: Instant, at: Instant | None) -> Strip | None:
    """The strip for changes counted by day; None where none has a day.

    `at` is the moment that is read, None for now. What holds from the
    beginning of time, or from more than a year ahead, has no bar.
    """
    import numpy as np

    limit = now + _LATER_DAYS * DAY_MICROSECONDS
    dated = (counted.days >= _EARLIEST // DAY_MICROSECONDS) & (
        counted.days <= limit // DAY_MICROSECONDS
    )
    if not dated.any():
        return None
    days, filled = counted.days[dated], counted.counts[dated]
    first = int(days[0]) * DAY_MICROSECONDS
    last = max(int(days[-1]) * DAY_MICROSECONDS, now)
    unit, code = _unit(first, last)
    slots = days.astype("datetime64[D]").astype(f"datetime64[{code}]").astype(np.int64)
    start, end = _slot(first, code), _slot(last, code)
    counts = np.zeros(end - start + 1, dtype=np.int64)
    np.add.at(counts, slots - start, filled)
    read = now if at is None else min(max(at, _EARLIEST), limit)
    here = _slot(read, code)
    pitch = 100 / len(counts)
    return Strip(
        unit=unit,
        bars=tuple(_bars(counts.tolist(), start, code, (here, _slot(now, code), now))),
        labels=tuple(_labels(start, len(counts), code)),
        pitch=round(pitch, 4),
        width=round(pitch * (0.72 if len(counts) < MOST_BARS else 0.9), 4),
        needle=None if at is None else _place(read, start, len(counts), code),
        first=_start_of(start, code),
    )


def _unit(first: Instant, last: Instant) -> tuple[str, str]:
    for unit, code, most in _UNITS:
        if _slot(last, code) - _slot(first, code) < most:
            return unit, code
    return _UNITS[-1][:2]


def _slot(instant: Instant, code: str) -> int:
    """Days, months or years since 1970."""
    when = datetime_of(instant)
    if code == "D":
        return (when.date() - date(1970, 1, 1)).days
    return when.year - 1970 if code == "Y" else (when.year - 1970) * 12 + when.month - 1


def _start_of(slot: int, code: str) -> date:
    if code == "D":
        return date.fromordinal(date(1970, 1, 1).toordinal() + slot)
    return date(1970 + slot, 1, 1) if code == "Y" else date(1970 + slot // 12, slot % 12 + 1, 1)


def _bars(counts: list[int], start: int, code: str, seen: tuple[int, int, Instant]) -> list[Bar]:
    here, present, now = seen
    most = math.sqrt(max(counts)) or 1.0
    today = datetime_of(now).date()
    bars = []
    for offset, count in enumerate(counts):
        slot = start + offset
        last = date.fromordinal(_start_of(slot + 1, code).toordinal() - 1)
        height = max(_LEAST_HEIGHT, round(math.sqrt(count) / most * (FLOOR - 2), 2))
        height = height if count else 0.0
        bars.append(
            Bar(
                day=today if slot == present else last,
                label=_start_of(slot, code).strftime(
                    {"D": "%-d %B %Y", "M": "%B %Y"}.get(code, "%Y")
                ),
                count=count,
                tense="here" if slot == here else "past" if slot < here else "later",
                x=round(offset * 100 / len(counts), 4),
                y=round(FLOOR - height, 2),
                height=height,
            )
        )
    return bars


def _labels(start: int, count: int, code: str) -> list[Label]:
    """A year at each January (or a month at each first), never two too near."""
    every = {"D": 7, "M": 12, "Y": 10}[code]
    places = [slot for slot in range(start, start + count) if _heads(slot, code, every)]
    room = max(1, math.ceil(len(places) / 12))
    chosen = [slot for slot in places[::room] if slot - start <= count - count * 0.05]
    pattern = "%-d %b" if code == "D" else "%Y"
    labels = [
        Label(
            text=_start_of(slot, code).strftime(pattern), x=round((slot - start) * 100 / count, 4)
        )
        for slot in chosen
    ]
    if not labels:
        labels = [Label(text=_start_of(start, code).strftime("%b %Y"), x=0)]
    return labels


def _heads(slot: int, code: str, every: int) -> bool:
    if code == "D":
        return _start_of(slot, code).weekday() == 0
    return (slot if code == "M" else slot + 1970) % every == 0


def _place(at: Instant, start: int, count: int, code: str) -> float:
    """Where an instant stands on the strip, from 0 to 100."""
    slot = _slot(at, code)
    begins, ends = _start_of(slot, code), _start_of(slot + 1, code)
    seconds = (
        datetime_of(at) - datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    ).total_seconds()
    share = seconds / ((ends - begins).days * 86_400)
    return round(min(max((slot - start + share) * 100 / count, 0.0), 100.0), 3)
