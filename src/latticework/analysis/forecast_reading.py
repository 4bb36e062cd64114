"""A forecast of the things of a question, with what it takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from latticework.analysis.flow.asked import asked_of
from latticework.analysis.flow.journeys import NEVER, Journeys, journeys_of
from latticework.analysis.flow.reading import WEEKS, Flow, flow_of
from latticework.analysis.flow.spells import spells_of
from latticework.analysis.forecast import (
    SEED,
    TRIALS,
    Growth,
    Lasting,
    Order,
    When,
    how_many_of,
    lasting_of,
    order_of,
    when_linked,
    when_of,
)
from latticework.analysis.throughput import Throughput
from latticework.base.findings import Finding, Refused, error, warning
from latticework.base.times import DAY_MICROSECONDS, Instant, datetime_of
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints, Longs
from latticework.query.ask import parse_for
from latticework.query.plan import Listed
from latticework.query.resolve import resolve
from latticework.query.walk import pairs_of

WEEK_MICROSECONDS = 7 * DAY_MICROSECONDS
MOST_LINKED = 2_000
"""Beyond so many things that wait for each other, memory would not do."""

_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%?\s*(?:(?:–|-|\.\.)\s*(\d+(?:\.\d+)?)\s*)?%?\s*")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What one may choose of a forecast: see the view of the same name."""

    query: str
    history: str = ""
    after: str = ""
    things: int = 0
    weeks: int = WEEKS
    growth: Growth = field(default_factory=Growth)
    trials: int = TRIALS
    seed: int = SEED


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """When the open things of a question will be finished.

    `ids` are the open things in the order of the question, of which `already`
    are under way; `closed` counts those that are finished or dropped. `flow`
    is the past that was drawn from. `outside` counts open things that these
    depend on and that the question does not ask about.
    """

    choice: Choice
    ids: Ints
    count: int
    closed: int
    already: int
    flow: Flow
    throughput: Throughput
    lasting: Lasting
    order: Order | None
    outside: int
    until: Instant
    when: When

    def instant_after(self, chance: float) -> Instant | None:
        """When all is finished in this share of trials; None beyond 20 years."""
        return instant_in(self.when.after(chance), self.until)

    def findings(self, graph: Graph) -> Iterator[Finding]:
        """What stands against the forecast."""
        if self.order is not None and self.order.cyclic:
            refs = [str(graph.ref_of(int(self.ids[place]))) for place in self.order.cyclic[:6]]
            says = f"{len(self.order.cyclic):,} things wait in a circle, or behind one: "
            hint = "cut one of the links; until then the circle is not waited for"
            yield warning("FORECAST002", says + ", ".join(refs), hint=hint)
        if self.throughput.total < 10:
            says = f"only {self.throughput.total:,} things finished in the weeks drawn from"
            yield warning("FORECAST003", says, hint="look back further with more weeks")


def instant_in(weeks: float, until: Instant) -> Instant | None:
    """The instant so many weeks after another; None for never."""
    if not np.isfinite(weeks):
        return None
    return until + int(weeks * WEEK_MICROSECONDS)


def forecast_of(graph: Graph, choice: Choice, *, until: Instant, today: date) -> Forecast:
    """A forecast; raises Refused where the past has nothing to draw from."""
    asked = asked_of(graph, choice.query, today=today)
    flow = flow_of(
        graph, choice.history or asked.head, until=until, today=today, weeks=choice.weeks
    )
    until = flow.period.until
    throughput = Throughput(flow.traffic.finished)
    if not throughput.total:
        raise Refused([_nothing_finished(choice.history or asked.head, flow)])
    ids = asked.rows.ids[np.isin(asked.rows.ids, asked.ids)].astype(np.int32)
    journeys = journeys_of(spells_of(graph, ids, until))
    open_ids, ages = _open(ids, journeys)
    count = choice.things or len(open_ids)
    if not count:
        raise Refused([_nothing_open(choice.query)])
    order, outside = None, 0
    if choice.after:
        order, outside = _ordered(graph, open_ids, choice, today)
    lasting = lasting_of(flow.survival)
    shared = {"growth": choice.growth, "trials": choice.trials, "seed": choice.seed}
    if order is None:
        when = when_of(throughput, count, **shared)  # type: ignore[arg-type]
    else:
        when = when_linked(throughput, order, lasting, ages=ages, **shared)  # type: ignore[arg-type]
    return Forecast(
        choice=choice,
        ids=open_ids,
        count=len(open_ids) if order is not None else count,
        closed=len(ids) - len(open_ids),
        already=int((~np.isnan(ages)).sum()),
        flow=flow,
        throughput=throughput,
        lasting=lasting,
        order=order,
        outside=outside,
        until=until,
        when=when,
    )


def how_many_by(forecast: Forecast, day: Instant) -> Longs:
    """How many things finish by an instant, by trial."""
    weeks = max((day - forecast.until) / WEEK_MICROSECONDS, 0.0)
    choice = forecast.choice
    return how_many_of(forecast.throughput, weeks, trials=choice.trials, seed=choice.seed)


def growth_of(text: str) -> Growth:
    """A share of further work as people write it; Refused for another text."""
    if not text.strip():
        return Growth()
    found = _SHARE.fullmatch(text)
    low = float(found[1]) / 100 if found else -1.0
    high = float(found[2]) / 100 if found and found[2] else low
    if found is None or not low <= high <= 10:
        says = f"'{text}' is no share of further work"
        raise Refused([error("FORECAST005", says, hint="write 20% or 10–30%", value=text)])
    return Growth(low, high)


def _nothing_open(query: str) -> Finding:
    says = f"nothing that '{query.strip()}' asks about is open"
    hint = "ask about things that are not done yet, or say how many with things"
    return error("FORECAST004", says, hint=hint, value=query)


def _nothing_finished(query: str, flow: Flow) -> Finding:
    says = f"nothing that '{query}' asks about finished in {len(flow.period.weeks)} whole weeks"
    hint = "there is no past to draw from: look back further, or name another history"
    return error("FORECAST001", says, hint=hint, value=query)


def _open(
    ids: Ints, journeys: Journeys
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Things not closed, in the order given, and the age of each in days."""
    places = np.searchsorted(journeys.ids, ids)
    closed = (journeys.finished < NEVER) | (journeys.dropped < NEVER)
    kept = ~closed[places]
    return ids[kept], journeys.age_days[places][kept]


def _ordered(graph: Graph, ids: Ints, choice: Choice, today: date) -> tuple[Order, int]:
    """The order that a link path asks for, and how much of it lies outside."""
    if len(ids) > MOST_LINKED:
        says = f"{len(ids):,} things are too many to wait for each other"
        hint = f"ask about {MOST_LINKED:,} at most, or leave out what waits for what"
        raise Refused([error("FORECAST006", says, hint=hint)])
    head = asked_head(graph, choice.query)
    text = f"{head} show {choice.after}"
    plan = resolve(parse_for(graph.model, text), graph.model, today=today, text=text)
    what = plan.show[0].what
    if not isinstance(what, Listed) or what.field is not None:
        says = f"'{choice.after}' is no link"
        hint = "name a link, like 'depends on'"
        raise Refused([error("FORECAST007", says, hint=hint, value=choice.after)])
    places, targets = pairs_of(graph, what.steps, ids)
    spots = {int(node): place for place, node in enumerate(ids.tolist())}
    inside = [
        (int(place), spots[node])
        for place, node in zip(places.tolist(), targets.tolist(), strict=True)
        if node in spots
    ]
    beyond = np.setdiff1d(targets, ids)
    categories = graph.stage_categories(beyond.astype(np.int32)).to_list()
    return order_of(len(ids), inside), sum(each in ("proposed", "active") for each in categories)


def asked_head(graph: Graph, query: str) -> str:
    """The word for kinds with which a question begins."""
    from latticework.query.ast import Name

    head = parse_for(graph.model, query).scope.head
    return head.text if isinstance(head, Name) else "any"


@dataclass(frozen=True, slots=True)
class Tried:
    """A forecast that could have been made on a past day, and what came of it."""

    day: date
    low: int
    middle: int
    high: int
    came: int

    @property
    def is_inside(self) -> bool:
        """Whether what came lies in the range said."""
        return self.low <= self.came <= self.high


TRIED_SHARE = 0.8
"""How much of the trials the range of a tried forecast holds."""


def backtest(
    graph: Graph, choice: Choice, *, until: Instant, today: date, ahead: int = 4, most: int = 12
) -> tuple[Tried, ...]:
    """Forecasts of past days, made from what lay before, and what came.

    Every `ahead` weeks back: how many finish in the `ahead` weeks after, said
    as the range that holds four trials in five. Only what was valid by then is
    read; days with nothing to draw from are left out.
    """
    head = asked_head(graph, choice.query)
    flow = flow_of(graph, choice.history or head, until=until, today=today, weeks=ahead * most)
    ids, found = flow.spells.ids, []
    for back in range(most):
        cut, after = (int(flow.period.bounds[-1 - ahead * (back + each)]) for each in (1, 0))
        before = journeys_of(spells_of(graph, ids, cut - 1))
        weekly = _finished_by_week(before, cut, choice.weeks)
        if not weekly.sum():
            continue
        later = journeys_of(spells_of(graph, ids, after - 1))
        came = int(((later.finished >= cut) & (later.finished < after) & ~later.ready_made).sum())
        drawn = how_many_of(Throughput(weekly), ahead, trials=choice.trials, seed=choice.seed)
        low, middle, high = np.quantile(drawn, (0.1, 0.5, 0.9), method="inverted_cdf").tolist()
        day = datetime_of(cut).astimezone(flow.period.zone).date()
        found.append(Tried(day, int(low), int(middle), int(high), came))
    return tuple(found)


def _finished_by_week(journeys: Journeys, cut: Instant, weeks: int) -> Longs:
    """How many finished in each of the weeks before a Monday."""
    finished = journeys.finished[~journeys.ready_made & (journeys.finished < cut)]
    back = (cut - 1 - finished) // WEEK_MICROSECONDS
    first = int(back.max()) + 1 if len(back) else 0
    counts = np.bincount(back[back < weeks], minlength=min(weeks, max(first, 1)))
    return counts[::-1].astype(np.int64)
