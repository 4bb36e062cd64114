"""Throughput: how many things finished in each whole week, to draw from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latticework.graph.timeline import Longs

Numbers = npt.NDArray[np.float64]
Trials = npt.NDArray[np.float32]

MOST_WEEKS = 1_040
"""No trial looks further ahead than twenty years."""

_WEEKS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Throughput:
    """Finished things by whole week, idle weeks included, oldest first."""

    weekly: Longs

    @property
    def total(self) -> int:
        """How many finished in all weeks."""
        return int(self.weekly.sum())

    @property
    def a_week(self) -> float:
        """How many finished in a week on average."""
        return float(self.weekly.mean()) if len(self.weekly) else 0.0

    def drawn(self, random: np.random.Generator, trials: int, weeks: int) -> Longs:
        """Weeks of the past, drawn with replacement: one row per trial."""
        places = random.integers(0, len(self.weekly), size=(trials, weeks))
        return np.asarray(self.weekly[places])


def finished_after(
    throughput: Throughput, random: np.random.Generator, trials: int, weeks: float
) -> Longs:
    """For each trial how many things finish within so many weeks.

    Of the last week the part that lies inside counts, each thing of it with
    that part as its chance.
    """
    whole = int(weeks)
    found = np.zeros(trials, dtype=np.int64)
    for first in range(0, whole, _WEEKS_AT_ONCE):
        width = min(_WEEKS_AT_ONCE, whole - first)
        found += throughput.drawn(random, trials, width).sum(axis=1)
    rest = weeks - whole
    if rest > 0:
        last = throughput.drawn(random, trials, 1)[:, 0]
        found += random.binomial(last, rest)
    return found


def slots(throughput: Throughput, random: np.random.Generator, trials: int, count: int) -> Trials:
    """Weeks from now until the first, second … thing finishes: a row each.

    A column is a trial. Things of one week finish evenly spread over it. What would take more than
    MOST_WEEKS is inf. Raises ValueError where nothing ever finished.
    """
    found = np.full((trials, count), np.inf, dtype=np.float32)
    for week, filled, drawn in _until(throughput, random, trials, count):
        _fill(found, filled, drawn, week)
    # Trials are written one after the other, and read thing by thing.
    return np.ascontiguousarray(found.T)


def nth_slots(throughput: Throughput, random: np.random.Generator, wanted: Longs) -> Trials:
    """Weeks until the nth thing finishes, one n per trial: as in `slots`, and none of the others.

    A million things take no more memory than one. Raises ValueError where nothing ever finished.
    """
    found = np.full(len(wanted), np.inf, dtype=np.float32)
    for week, filled, drawn in _until(throughput, random, len(wanted), int(wanted.max())):
        upto = filled[:, None] + np.cumsum(drawn, axis=1)
        here = np.flatnonzero((filled < wanted) & (wanted <= upto[:, -1]))
        last = (upto[here] < wanted[here, None]).sum(axis=1)
        within = wanted[here] - upto[here, last] + drawn[here, last]
        found[here] = week + last + within / drawn[here, last]
    return found


def _until(
    throughput: Throughput, random: np.random.Generator, trials: int, count: int
) -> Iterator[tuple[int, Longs, Longs]]:
    """Some weeks at a time until each trial has so many: the first week, what was there, what comes."""
    if not throughput.total:
        raise ValueError(throughput)
    filled = np.zeros(trials, dtype=np.int64)
    week = 0
    while week < MOST_WEEKS and int(filled.min()) < count:
        left = count - int(filled.min())
        likely = int(left / throughput.a_week) + 4
        width = min(max(likely, 4), _WEEKS_AT_ONCE, MOST_WEEKS - week)
        drawn = throughput.drawn(random, trials, width)
        yield week, filled, drawn
        filled = filled + drawn.sum(axis=1)
        week += width


def _fill(found: Trials, filled: Longs, drawn: Longs, week: int) -> None:
    """Write the finishing times of some drawn weeks into their places."""
    trials, width = drawn.shape
    counts = drawn.ravel()
    before = np.cumsum(drawn, axis=1) - drawn + filled[:, None]
    spots = np.repeat(np.arange(trials * width), counts)
    within = np.arange(len(spots)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = before.ravel()[spots] + within
    kept = place < found.shape[1]
    spots, within, place = spots[kept], within[kept], place[kept]
    when = week + spots % width + (within + 1) / counts[spots]
    found[spots // width, place] = when
