"""Where effort goes: meant, planned and observed side by side, with its doubts.

Never from time sheets: planned figures follow links and shares, observed ones
follow the entries that work leaves behind. One piece of work may serve several
things, so each has a least and a most, and nothing is made to add up to 100 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from latticework.analysis.asking import Asking
from latticework.analysis.evidence import counted
from latticework.analysis.reading_changes import changes_of
from latticework.analysis.rollup.asked import Asked, Ends
from latticework.analysis.rollup.carried import apportion
from latticework.analysis.rollup.reading import Mode, Rollup, rolled
from latticework.base.findings import Refused, error
from latticework.base.times import DAY_MICROSECONDS, start_of, zone_of
from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.query.function import Tally
from latticework.query.plan import Destination, LinkStep, Tallied
from latticework.query.truth import Ids, Longs, Mask, Numbers
from latticework.query.walk import pairs_of

_CENTS = 100
_LATE_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """One way to see where effort goes: per pillar a share of the whole.

    `split` is the share by the links' shares, `low` and `high` what it may be
    as far as those are unknown. `amounts` tells how much each piece of work
    weighs, in whole units.
    """

    split: Numbers
    low: Numbers
    high: Numbers
    nowhere: float
    amounts: Longs
    rollup: Rollup
    whole: int


@dataclass(frozen=True, kw_only=True)
class LieCheck:
    """One way in which an allocation figure can mislead, and whether it does here.

    `pillars` are the rows it is about, none where it is about the whole;
    `work` the things that show it.
    """

    name: str
    says: str
    pillars: tuple[int, ...] = ()
    work: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """Where effort goes, pillar by pillar.

    `activity` holds the entries that are counted, each beside its work.
    """

    graph: Graph
    pillars: Ids
    target: tuple[Numbers, Numbers]
    planned: Line
    observed: Line
    checks: tuple[LieCheck, ...]
    serving: tuple[Longs, Ids]
    work: Ids
    activity: tuple[Ids, Longs]

    def checks_of(self, row: int) -> tuple[LieCheck, ...]:
        """The lie-checks that fire on one pillar's figure."""
        return tuple(each for each in self.checks if row in each.pillars)

    def work_of(self, row: int) -> Ids:
        """The live work that serves a pillar."""
        rows, nodes = self.serving
        return np.asarray(nodes[rows == row])


@dataclass(frozen=True, kw_only=True)
class _Making:
    """What an allocation is made of."""

    asking: Asking
    pillars: Ids
    work: Ids
    teams: Ids

    @property
    def graph(self) -> Graph:
        return self.asking.graph

    @cached_property
    def path(self) -> tuple[LinkStep, ...]:
        return self.asking.steps("along")[0]

    @cached_property
    def held(self) -> tuple[Longs, Ids]:
        """Each team's place with each piece of live work that it holds."""
        return self.asking.reached("holds", self.teams, self.work)

    @cached_property
    def serving(self) -> tuple[Longs, Ids]:
        """Each pillar's place with each piece of live work that serves it."""
        live = self.asking.mask(self.work)
        places, nodes = pairs_of(self.graph, self.path, self.pillars)
        return places[live[nodes]], nodes[live[nodes]]

    @cached_property
    def places(self) -> Longs:
        """The place of each piece of work; -1 for other things."""
        found = np.full(self.graph.size, -1, dtype=np.int64)
        found[self.work] = np.arange(len(self.work))
        return found

    def line(self, amounts: Longs) -> Line:
        """Amounts of each piece of work, carried up to the pillars."""
        asked, ends = self._asked, self._ends(amounts)
        share, today = self.asking.text("share"), self.asking.today
        split = rolled(self.graph, asked, ends, Mode.SPLIT, today=today, share=share)
        ranged = rolled(self.graph, asked, ends, Mode.RANGE, today=today, share=share)
        whole = int(amounts.sum())
        with np.errstate(all="ignore"):
            parts = [
                np.where(whole > 0, each[self.pillars] / max(whole, 1), np.nan)
                for each in (
                    split.currents[0].low,
                    ranged.currents[0].low,
                    ranged.currents[0].high,
                )
            ]
        nowhere = 1.0 - float(np.nan_to_num(parts[0]).sum()) if whole else float("nan")
        return Line(
            split=parts[0],
            low=parts[1],
            high=parts[2],
            nowhere=max(nowhere, 0.0),
            amounts=amounts,
            rollup=split,
            whole=whole,
        )

    @property
    def _asked(self) -> Asked:
        what = Tallied(tally=Tally.SUM, steps=self.path, target=Destination())
        return Asked(field=self.asking.text("weight"), path=self.asking.text("along"), what=what)

    def _ends(self, amounts: Longs) -> Ends:
        some = np.flatnonzero(amounts)
        none, flags = np.zeros(0, dtype=np.int64), np.zeros(len(some), dtype=np.bool_)
        return Ends(
            field=Field(name="weight", type="number"),
            scale=_CENTS,
            nodes=self.work[some].astype(np.int64),
            low=amounts[some],
            width=np.zeros(len(some), dtype=np.int64),
            codes=np.zeros(len(some), dtype=np.int64),
            units=("",),
            open_low=flags,
            open_high=flags,
            unknown=none,
            missing=none,
            doubtful=none,
        )


def allocation_of(asking: Asking) -> Allocation:
    """Where effort goes; raises Refused where weights are in several currencies."""
    making = _Making(
        asking=asking,
        pillars=asking.ids("of"),
        work=asking.ids("work"),
        teams=asking.ids("teams"),
    )
    weights = _weights(making)
    planned = making.line(_spread(making, weights))
    rows, entries, late = _activity(making)
    activity = np.bincount(rows, minlength=len(making.work)).astype(np.int64)
    # In the unit of weights, so that an entry about work that serves several can be shared.
    observed = making.line(activity * _CENTS)
    checks = tuple(_checks(making, planned, activity, weights, late))
    return Allocation(
        graph=asking.graph,
        pillars=making.pillars,
        target=_targets(making),
        planned=planned,
        observed=observed,
        checks=checks,
        serving=making.serving,
        work=making.work,
        activity=(making.work[rows], entries),
    )


def _weights(making: _Making) -> Longs:
    """What each team weighs, the middle of what it says; 0 where it says nothing."""
    name = making.asking.text("weight")
    typed = making.graph.column(name, making.teams)
    units = typed.unit.drop_nulls().unique().to_list()
    if len(units) > 1:
        says = f"'{name}' is in several currencies ({', '.join(sorted(units))})"
        hint = "weigh by a field without currency, such as how many people"
        raise Refused([error("READING005", says, hint=hint, value=name)])
    low, high = (each.fill_null(float("nan")).to_numpy() for each in (typed.low, typed.high))
    with np.errstate(all="ignore"):
        middle = (low + high) / 2
    known = np.isfinite(middle) & (middle > 0)
    return np.asarray(np.rint(np.where(known, middle, 0.0) * _CENTS), dtype=np.int64)


def _spread(making: _Making, weights: Longs) -> Longs:
    """Each team's weight over the work it holds, evenly: nobody is asked for hours."""
    teams, nodes = making.held
    order = np.lexsort((making.graph.refs.gather(nodes).rank("ordinal").to_numpy(), teams))
    teams, nodes = teams[order], nodes[order]
    amounts = np.zeros(len(making.work), dtype=np.int64)
    if not len(teams):
        return amounts
    firsts = np.flatnonzero(np.diff(teams, prepend=-1))
    parts = apportion(weights[teams[firsts]], np.ones(len(teams), dtype=np.int64), firsts)
    np.add.at(amounts, making.places[nodes], parts)
    return amounts


def _activity(making: _Making) -> tuple[Longs, Longs, float]:
    """Entries in the time looked back, each with the place of its work; the share said late."""
    graph, asking = making.graph, making.asking
    today = start_of(asking.today, zone_of(graph.model.zone)) // DAY_MICROSECONDS
    rows, days, numbers = changes_of(graph, making.places, today)
    recent = np.flatnonzero(days > today - asking.days("within"))
    # One entry may set several fields: it counts once.
    keys = rows[recent] * (graph.head + 1) + numbers[recent]
    recent = recent[np.unique(keys, return_index=True)[1]]
    rows, days, numbers = rows[recent], days[recent], numbers[recent]
    known = graph.log.known_at[np.searchsorted(graph.log.known_numbers, numbers)]
    late = (known // DAY_MICROSECONDS - days) > _LATE_DAYS
    return rows, numbers, float(late.mean()) if len(late) else 0.0


def _targets(making: _Making) -> tuple[Numbers, Numbers]:
    name = making.asking.text("target")
    if not name:
        none = np.full(len(making.pillars), np.nan)
        return none, none
    typed = making.graph.column(name, making.pillars)
    low, high = (each.fill_null(float("nan")).to_numpy() for each in (typed.low, typed.high))
    return low, high


# Lie-checks --------------------------------------------------------------------------


def _checks(
    making: _Making, planned: Line, activity: Longs, weights: Longs, late: float
) -> Iterator[LieCheck]:
    """The known ways in which such percentages lie, as far as they do here (5.6)."""
    yield from _double_serving(making, planned)
    yield from _busy_waiting(making, planned, activity)
    yield from _unlike_modes(making)
    yield from _bottlenecks(making, planned, weights)
    teams = making.held[0]
    counts = np.bincount(teams, minlength=len(making.teams))
    even = int(((counts > 1) & (weights > 0)).sum())
    if even:
        says = f"{counted(even, 'team')} spread evenly over all they hold, as if hours were alike"
        yield LieCheck(name="assumed fungibility", says=says)
    serving = making.asking.mask(making.serving[1])
    alive = making.work[(planned.amounts > 0) & ~serving[making.work]]
    if len(alive):
        share = planned.amounts[making.places[alive]].sum() / planned.whole
        says = f"{counted(len(alive), 'piece')} of live work ({share:.0%}) serve none of these"
        yield LieCheck(name="unfunded keep-alive work", says=says, work=tuple(alive.tolist()))
    silent = int(((weights == 0) & (counts > 0)).sum())
    if silent:
        says = f"{counted(silent, 'team')} with live work say no weight and count for nothing"
        yield LieCheck(name="weight not said", says=says)
    if late > 0.2:
        says = f"{late:.0%} of recent entries were recorded more than {_LATE_DAYS} days afterwards"
        yield LieCheck(name="backfilled", says=says)


def _per_pillar(making: _Making, planned: Line, odd: Mask) -> Numbers:
    """For each pillar the share of the weight serving it that stands in odd work."""
    rows, nodes = making.serving
    spots = making.places[nodes]
    amounts = planned.amounts[spots].astype(np.float64)
    every = np.bincount(rows, amounts, minlength=len(making.pillars))
    mine = np.bincount(rows, amounts * odd[spots], minlength=len(making.pillars))
    with np.errstate(all="ignore"):
        return np.where(every > 0, mine / every, 0.0)


def _double_serving(making: _Making, planned: Line) -> Iterator[LieCheck]:
    counts = np.bincount(making.places[making.serving[1]], minlength=len(making.work))
    shares = _per_pillar(making, planned, counts > 1)
    rows = np.flatnonzero(shares > 0)
    if len(rows):
        work = making.work[counts > 1]
        says = f"{counted(len(work), 'piece')} of work serve several of these at once"
        yield LieCheck(
            name="double-serving",
            says=says,
            pillars=tuple(rows.tolist()),
            work=tuple(work.tolist()),
        )


def _busy_waiting(making: _Making, planned: Line, activity: Longs) -> Iterator[LieCheck]:
    idle = activity == 0
    rows = np.flatnonzero(_per_pillar(making, planned, idle) > 0.25)
    if len(rows):
        work = making.work[idle & (planned.amounts > 0)]
        span = making.asking.text("within")
        says = f"more than a quarter is planned for work that nothing was said of in {span}"
        yield LieCheck(
            name="busy waiting", says=says, pillars=tuple(rows.tolist()), work=tuple(work.tolist())
        )


def _unlike_modes(making: _Making) -> Iterator[LieCheck]:
    if not making.asking.texts("modes"):
        return
    every = making.graph.ids_of("any")
    places, modes = making.asking.reached("modes", making.work, every)
    first = np.full(len(making.work), -1, dtype=np.int64)
    first[places[::-1]] = modes[::-1]
    rows, nodes = making.serving
    mine = first[making.places[nodes]]
    keys = np.unique(rows[mine >= 0] * making.graph.size + mine[mine >= 0])
    counts = np.bincount(keys // making.graph.size, minlength=len(making.pillars))
    mixed = np.flatnonzero(counts > 1)
    if len(mixed):
        says = f"up to {counts.max():,} unlike ways of working are added up as if alike"
        yield LieCheck(name="unlike modes", says=says, pillars=tuple(mixed.tolist()))


def _bottlenecks(making: _Making, planned: Line, weights: Longs) -> Iterator[LieCheck]:
    """Pillars of which more than half hangs on one team."""
    teams, nodes = making.held
    if not len(teams):
        return
    several = np.bincount(teams, minlength=len(making.teams))
    each = weights[teams] / np.maximum(several[teams], 1)
    rows, served = making.serving
    by_work = np.argsort(nodes, kind="stable")
    starts = np.searchsorted(nodes[by_work], served, side="left")
    counts = np.searchsorted(nodes[by_work], served, side="right") - starts
    spots = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    pillar, edge = np.repeat(rows, counts), by_work[spots]
    table = np.zeros((len(making.pillars), len(making.teams)))
    np.add.at(table, (pillar, teams[edge]), each[edge])
    total = table.sum(axis=1)
    one = np.flatnonzero((total > 0) & (table.max(axis=1, initial=0.0) > total / 2))
    if len(one):
        names = making.graph.titles(making.teams[table[one].argmax(axis=1)]).to_list()
        says = "more than half hangs on one team: " + ", ".join(dict.fromkeys(names))
        yield LieCheck(name="averaging across a bottleneck", says=says, pillars=tuple(one.tolist()))
