"""Weeks of a period, and what arrived, left and stood in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

import numpy as np

from latticework.analysis.flow.journeys import NEVER, Journeys
from latticework.analysis.flow.spells import Flags, Numbers, Spells
from latticework.base.times import DAY_MICROSECONDS, Instant, day_of, instant_of
from latticework.graph.timeline import Longs


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks, Monday to Sunday, and what is left of the present one.

    `weeks` are the Mondays, `bounds` the instants at which weeks begin, one
    more than weeks; the last is where the last whole week ends. `until` is
    the instant of looking.
    """

    weeks: tuple[date, ...]
    bounds: Longs
    until: Instant
    zone: tzinfo

    @property
    def start(self) -> Instant:
        """The first instant of the period."""
        return int(self.bounds[0])

    @property
    def end(self) -> Instant:
        """The instant at which the last whole week ends."""
        return int(self.bounds[-1])

    @property
    def days(self) -> float:
        """How many days the whole weeks have."""
        return (self.end - self.start) / DAY_MICROSECONDS

    @property
    def words(self) -> str:
        """First and last day of the whole weeks."""
        first, last = day_of(self.start, self.zone), day_of(self.end - 1, self.zone)
        return f"{first} to {last}"

    def count(self, instants: Longs) -> Longs:
        """How many instants fall into each whole week; NEVER falls into none."""
        inside = instants[(instants >= self.start) & (instants < self.end)]
        spots = np.searchsorted(self.bounds, inside, side="right") - 1
        return np.bincount(spots, minlength=len(self.weeks)).astype(np.int64)

    def holds(self, instants: Longs) -> Flags:
        """Which instants fall into the period, the present week included."""
        return np.asarray((instants >= self.start) & (instants <= self.until) & (instants != NEVER))


def weeks_before(until: Instant, weeks: int, zone: tzinfo) -> Period:
    """The last so many whole weeks before an instant."""
    day = day_of(until, zone)
    monday = day - timedelta(days=day.weekday())
    days = [monday - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    bounds = [instant_of(datetime(d.year, d.month, d.day, tzinfo=zone)) for d in days]
    return Period(tuple(days[:-1]), np.array(bounds, dtype=np.int64), until, zone)


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """What came and went in each whole week."""

    arrived: Longs
    finished: Longs
    dropped: Longs


def traffic_in(journeys: Journeys, period: Period) -> Traffic:
    """Things first under way, finished for good and dropped for good, by week."""
    arrived = np.where(journeys.early, NEVER, journeys.begun)
    return Traffic(
        arrived=period.count(arrived),
        finished=period.count(np.where(journeys.ready_made, NEVER, journeys.finished)),
        dropped=period.count(journeys.dropped),
    )


def standing_at(spells: Spells, instants: Longs, among: Flags) -> Longs:
    """How many of the marked spells hold at each instant."""
    starts, ends = np.sort(spells.start[among]), np.sort(spells.end[among])
    begun = np.searchsorted(starts, instants, side="right")
    # What goes on at the instant of looking has not ended there.
    over = np.searchsorted(ends, np.minimum(instants, spells.until - 1), side="right")
    return np.asarray(begun - over)


def days_in_stages(spells: Spells, period: Period) -> Numbers:
    """For each spot the days that things spent there within the period."""
    start = np.clip(spells.start, period.start, period.until)
    end = np.clip(spells.end, period.start, period.until)
    days = (end - start) / DAY_MICROSECONDS
    found = np.bincount(spells.spot, weights=days, minlength=len(spells.spots))
    return np.asarray(found, dtype=np.float64)
