"""Little's law, as a check on what was counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latticework.analysis.flow.journeys import UNDER_WAY
from latticework.analysis.flow.periods import Period
from latticework.analysis.flow.spells import Spells
from latticework.base.times import DAY_MICROSECONDS


@dataclass(frozen=True, kw_only=True)
class Little:
    """Things under way, how often one leaves, how long one stays: L = λW.

    A visit is one stretch under way without a break. `level` is the average
    number of visits under way in the period (L), `rate` the visits that ended
    per day (λ), `stay` the average days that these took in all (W). In a
    stable period `level` equals `rate` times `stay`; what differs came from
    the edges: `carried` days of ended visits lie before the period, `open_days`
    in the period belong to visits that had not ended. Always, to rounding,
    `level * days == rate * stay * days - carried + open_days`.
    """

    days: float
    visits: int
    arrivals: int
    departures: int
    level: float
    rate: float
    stay: float | None
    carried: float
    open_days: float

    @property
    def expected(self) -> float:
        """What the law gives for the level."""
        return self.rate * (self.stay or 0.0)

    @property
    def residual(self) -> float:
        """How far the level is from what the law gives: the ends of the period."""
        return self.level - self.expected

    @property
    def is_settled(self) -> bool:
        """Whether the ends matter little: a tenth of the level at most."""
        return self.departures > 0 and abs(self.residual) <= 0.1 * max(self.level, 1e-9)


def little_of(spells: Spells, period: Period) -> Little:
    """Level, rate and stay of things under way in whole weeks.

    J. D. C. Little, "A proof for the queuing formula: L = λW", Operations
    Research 9 (1961), 383-387. Over a stretch of time that neither begins nor
    ends empty the law holds but for what lies across the edges, which is said.
    """
    start, end = _visits(spells)
    inside = (start < period.end) & (end > period.start)
    start, end = start[inside], end[inside]
    shared = (np.minimum(end, period.end) - np.maximum(start, period.start)) / DAY_MICROSECONDS
    left = end < period.end
    stays = (end[left] - start[left]) / DAY_MICROSECONDS
    days = period.days
    return Little(
        days=days,
        visits=len(start),
        arrivals=int((start >= period.start).sum()),
        departures=int(left.sum()),
        level=float(shared.sum() / days),
        rate=float(left.sum() / days),
        stay=float(stays.mean()) if len(stays) else None,
        carried=float(stays.sum() - shared[left].sum()),
        open_days=float(shared[~left].sum()),
    )


def _visits(
    spells: Spells,
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Start and end of each stretch under way; one that goes on ends never."""
    active = spells.in_categories(*UNDER_WAY)
    places = np.flatnonzero(active)
    if not len(places):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    thing, start = spells.thing[places], spells.start[places]
    end = np.where(spells.is_open[places], np.iinfo(np.int64).max, spells.end[places])
    # What began before anything was recorded counts from there.
    start = np.maximum(start, spells.began[thing])
    joined = np.append(False, (thing[1:] == thing[:-1]) & (start[1:] == end[:-1]))
    firsts = np.flatnonzero(~joined)
    lasts = np.append(firsts[1:], len(places)) - 1
    return start[firsts], end[lasts]
