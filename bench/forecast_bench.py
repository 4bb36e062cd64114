"""Forecasts: ten thousand trials of five hundred things that wait for each other.

The size is the number of trials' things, fixed by DESIGN: it does not grow
with the company.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from bench.run import Measure, measure

from latticework.analysis.flow.journeys import journeys_of
from latticework.analysis.flow.periods import traffic_in, weeks_before
from latticework.analysis.flow.reading import survival_of
from latticework.analysis.flow.spells import Spells, Spot
from latticework.analysis.forecast import how_many_of, lasting_of, order_of, when_linked, when_of
from latticework.analysis.survival import kaplan_meier
from latticework.analysis.throughput import Throughput
from latticework.base.times import DAY_MICROSECONDS, zone_of

LINKED = 500
DAYS = 900


def measures(things: int) -> Iterator[Measure]:
    """Forecasts of linked things, and the flow of a company's worth of things."""
    random = np.random.default_rng(7)
    throughput = Throughput(random.poisson(6, 26).astype(np.int64))
    days = random.gamma(2, 12, 400)
    lasting = lasting_of(kaplan_meier(days, random.random(400) < 0.8))
    edges = [
        (place, int(random.integers(max(place - 30, 0), place)))
        for place in range(1, LINKED)
        for _ in range(2)
    ]
    order = order_of(LINKED, edges)
    yield measure(
        "10,000 trials of 500 linked things",
        lambda: when_linked(throughput, order, lasting),
        things=things,
        target=1_000.0,
    )
    yield measure("10,000 trials of 500 things", lambda: when_of(throughput, LINKED), things=things)
    yield measure(
        "10,000 trials of half a year", lambda: how_many_of(throughput, 26), things=things
    )
    spells = _spells(things, random)
    period = weeks_before(spells.until, 26, zone_of("UTC"))
    yield measure("what became of every thing", lambda: journeys_of(spells), things=things)
    journeys = journeys_of(spells)
    yield measure("arrivals and departures", lambda: traffic_in(journeys, period), things=things)
    yield measure("how long things take", lambda: survival_of(journeys), things=things)


def _spells(things: int, random: np.random.Generator) -> Spells:
    """Three stages per thing, one after the other."""
    starts = np.sort(random.integers(0, DAYS * DAY_MICROSECONDS, (things, 3)), axis=1)
    until = DAYS * DAY_MICROSECONDS
    ends = np.concatenate([starts[:, 1:], np.full((things, 1), until)], axis=1)
    return Spells(
        ids=np.arange(things, dtype=np.int32),
        spots=tuple(Spot("item", word, word) for word in ("proposed", "active", "done")),
        thing=np.repeat(np.arange(things, dtype=np.int32), 3),
        spot=np.tile(np.arange(3, dtype=np.int32), things),
        start=starts.ravel(),
        end=ends.ravel(),
        until=until,
        began=np.zeros(things, dtype=np.int64),
        gone=np.full(things, until, dtype=np.int64),
    )
