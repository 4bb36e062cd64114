"""Forecasts drawn from the past: when, and how many by a day.

No distribution is assumed: each trial strings together whole weeks of the
past, drawn with replacement, and sees how far it gets. What such a forecast
takes for granted is said beside it. It is repeatable: the same past, question
and seed give the same trials.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from latticework.analysis.survival import Survival
from latticework.analysis.throughput import Throughput, Trials, finished_after, nth_slots, slots
from latticework.graph.timeline import Ints, Longs

Numbers = npt.NDArray[np.float64]

TRIALS = 10_000
SEED = 1
"""The seed where nobody names one."""

_POOL = 65_536

CHANCES = (0.5, 0.7, 0.85, 0.95)
"""How sure one may want to be."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How much more work turns up on the way, as a share of what is known."""

    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, kw_only=True)
class When:
    """Weeks from now until all is finished, and until each thing is, by trial.

    `each` has a row per thing in the order of the question and is empty where
    only their number was asked about.
    """

    weeks: Trials
    each: Trials

    def after(self, chance: float) -> float:
        """The weeks within which all is finished in this share of the trials."""
        return float(np.quantile(self.weeks, chance, method="inverted_cdf"))

    def each_after(self, chance: float) -> Trials:
        """The same for every thing."""
        found = np.quantile(self.each, chance, axis=1, method="inverted_cdf")
        return np.asarray(found, dtype=np.float32)

    def chance_within(self, weeks: Numbers) -> Numbers:
        """The share of trials in which all is finished by then, for many times."""
        ordered = np.sort(self.weeks)
        return np.asarray(np.searchsorted(ordered, weeks, side="right") / len(ordered))


def when_of(
    throughput: Throughput,
    count: int,
    *,
    growth: Growth | None = None,
    trials: int = TRIALS,
    seed: int = SEED,
) -> When:
    """When so many things will be finished, whichever come first."""
    random = np.random.default_rng(seed)
    extra = _extra(growth or Growth(), random, trials)
    last = np.maximum(np.ceil(count * (1 + extra)).astype(np.int64), 1)
    weeks = nth_slots(throughput, random, last)
    return When(weeks=weeks, each=np.zeros((0, trials), dtype=np.float32))


def how_many_of(
    throughput: Throughput, weeks: float, *, trials: int = TRIALS, seed: int = SEED
) -> Longs:
    """How many things finish within so many weeks, by trial."""
    return finished_after(throughput, np.random.default_rng(seed), trials, weeks)


@dataclass(frozen=True)
class Lasting:
    """How long things took, to draw from: days, and how likely each is.

    The weights are the steps of a Kaplan-Meier estimate, so that unfinished
    things count; what never finished in it is given to the longest time seen.
    """

    days: Numbers
    weights: Numbers

    @cached_property
    def _pool(self) -> Trials:
        """Weeks, each as often as it is likely, to one in 65,536."""
        edges = np.cumsum(self.weights)
        marks = (np.arange(_POOL) + 0.5) / _POOL * edges[-1]
        spots = np.minimum(np.searchsorted(edges, marks, side="right"), len(self.days) - 1)
        return np.asarray(self.days[spots] / 7, dtype=np.float32)

    def drawn_weeks(self, random: np.random.Generator, trials: int, age: float = 0.0) -> Trials:
        """Weeks that are left to something of this age in days, by trial.

        What is older than all that finished is drawn as if it began now.
        """
        if not len(self.days):
            return np.zeros(trials, dtype=np.float32)
        if not age or age >= self.days[-1]:
            return self._pool[random.integers(0, _POOL, trials, dtype=np.uint16)]
        later = self.days > age
        days, weights = self.days[later] - age, self.weights[later]
        edges = np.cumsum(weights)
        spots = np.searchsorted(edges, random.random(trials) * edges[-1], side="right")
        return np.asarray(days[np.minimum(spots, len(days) - 1)] / 7, dtype=np.float32)


def lasting_of(survival: Survival) -> Lasting:
    """Times to draw from, of a Kaplan-Meier estimate."""
    if not len(survival.times):
        return Lasting(np.zeros(0), np.zeros(0))
    before = np.append(1.0, survival.share[:-1])
    weights = before - survival.share
    weights[-1] += survival.share[-1]
    return Lasting(survival.times, weights)


@dataclass(frozen=True, kw_only=True)
class Order:
    """Things in an order in which each comes after what it depends on.

    `sequence` are places, earliest first; `needs` gives for a place the places
    it depends on. `cyclic` are places in a circle, or behind one: what they
    depend on there is not waited for.
    """

    sequence: tuple[int, ...]
    needs: Mapping[int, Ints]
    cyclic: tuple[int, ...]


def order_of(count: int, edges: Sequence[tuple[int, int]]) -> Order:
    """An order for things where (a, b) says that a depends on b.

    Among things that may come next, the one that stands first in the question
    does.
    """
    needs: dict[int, list[int]] = {}
    needed_by: dict[int, list[int]] = {}
    for source, target in dict.fromkeys(edges):
        needs.setdefault(source, []).append(target)
        needed_by.setdefault(target, []).append(source)
    left = {place: len(needs.get(place, ())) for place in range(count)}
    free = [place for place, number in left.items() if not number]
    heapq.heapify(free)
    sequence: list[int] = []
    while free:
        place = heapq.heappop(free)
        sequence.append(place)
        for after in needed_by.get(place, ()):
            left[after] -= 1
            if not left[after]:
                heapq.heappush(free, after)
    stuck = sorted(set(range(count)) - set(sequence))
    ordered = {place: rank for rank, place in enumerate(sequence + stuck)}
    kept = {
        place: np.array([n for n in found if ordered[n] < ordered[place]], dtype=np.int32)
        for place, found in needs.items()
    }
    return Order(sequence=(*sequence, *stuck), needs=kept, cyclic=tuple(stuck))


def when_linked(
    throughput: Throughput,
    order: Order,
    lasting: Lasting,
    *,
    ages: Numbers | None = None,
    growth: Growth | None = None,
    trials: int = TRIALS,
    seed: int = SEED,
) -> When:
    """When things that wait for each other will be finished.

    In each trial the drawn weeks offer places to finish, which things take in
    their order; a thing that depends on others finishes no sooner than its own
    time, drawn from the past, after the last of them. `ages` are days since
    things under way began; nan for others.
    """
    random = np.random.default_rng(seed)
    count = len(order.sequence)
    extra = _extra(growth or Growth(), random, trials)
    made = slots(throughput, random, trials, max(int(np.ceil(count * (1 + extra.max()))), 1))
    each = np.zeros((count, trials), dtype=np.float32)
    rows = np.arange(trials)
    for rank, place in enumerate(order.sequence):
        finish = made[rank]
        if extra.any():
            finish = made[np.ceil((rank + 1) * (1 + extra)).astype(np.int64) - 1, rows]
        needs = order.needs.get(place)
        if needs is not None and len(needs):
            age = 0.0 if ages is None or np.isnan(ages[place]) else float(ages[place])
            latest = each[needs[0]]
            for other in needs[1:].tolist():
                latest = np.maximum(latest, each[other])
            finish = np.maximum(finish, latest + lasting.drawn_weeks(random, trials, age))
        each[place] = finish
    weeks = each.max(axis=0) if count else np.zeros(trials, dtype=np.float32)
    return When(weeks=weeks, each=each)


def _extra(growth: Growth, random: np.random.Generator, trials: int) -> Numbers:
    if growth.high <= 0:
        return np.zeros(trials)
    return random.uniform(growth.low, growth.high, trials)
