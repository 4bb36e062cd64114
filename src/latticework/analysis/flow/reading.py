"""The flow of the things of a question, with what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from latticework.analysis.flow.asked import SMALLEST, Asked, Groups, asked_of, groups_of
from latticework.analysis.flow.journeys import NEVER, Journeys, journeys_of
from latticework.analysis.flow.little import Little, little_of
from latticework.analysis.flow.periods import (
    Period,
    Traffic,
    days_in_stages,
    standing_at,
    traffic_in,
    weeks_before,
)
from latticework.analysis.flow.spells import UNREAD, Flags, Spells, spells_of
from latticework.analysis.survival import Survival, kaplan_meier
from latticework.base.times import Instant, zone_of
from latticework.graph.graph import Graph
from latticework.graph.timeline import Longs

WEEKS = 26
"""How many whole weeks a flow looks back where nobody says."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How things moved through stages in a period, and what was left out."""

    asked: Asked
    period: Period
    spells: Spells
    journeys: Journeys
    traffic: Traffic
    little: Little
    survival: Survival

    @property
    def finished_here(self) -> Flags:
        """Things finished within the period whose beginning is known."""
        days = self.journeys.cycle_days
        return np.asarray(self.period.holds(self.journeys.finished) & ~np.isnan(days))

    def doubts(self) -> Iterator[tuple[int, str]]:
        """What is unsure, and how it is counted: how many things, and a sentence."""
        journeys = self.journeys
        spotted = [
            (journeys.early, "began before anything of their kind was recorded: no cycle time"),
            (journeys.midway, "stood under way when first recorded: counted from that day"),
            (journeys.skipped, "finished without having been under way: no cycle time"),
            (journeys.ready_made, "stood finished when first recorded: never counted as coming"),
            (journeys.reopened, "came back after they were closed: counted to the last end"),
            (journeys.retired, "left by being retired while open: counted as dropped"),
            (journeys.unread, f"spent time under words that are no stage: {self._unread_words()}"),
        ]
        for marked, says in spotted:
            if marked.any():
                yield int(marked.sum()), says
        if self.silent:
            yield self.silent, "never had a stage"
        if self.asked.without_stages:
            yield self.asked.without_stages, "came with a kind without stages: left out"
        if self.asked.unseen_retired:
            yield (
                self.asked.unseen_retired,
                "left by being retired: a question with conditions does not see that",
            )
        if self.asked.limited:
            left = self.asked.rows.total - len(self.asked.rows)
            yield left, "fell beyond the limit of the question"

    @property
    def silent(self) -> int:
        """How many things never had a stage."""
        told = np.zeros(len(self.spells.ids), dtype=np.bool_)
        told[self.spells.thing] = True
        return int((~told).sum())

    def _unread_words(self) -> str:
        words = [f"'{each.stage}'" for each in self.spells.spots if each.category == UNREAD]
        return ", ".join(words[:6]) + (f" and {len(words) - 6} more" if len(words) > 6 else "")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The flow of one group; nothing in it says who."""

    name: str
    things: int
    begun: int
    finished: int
    dropped: int
    under_way: int
    survival: Survival


def flow_of(graph: Graph, query: str, *, until: Instant, today: date, weeks: int = WEEKS) -> Flow:
    """The flow of a question's things over the last whole weeks.

    Raises Refused for a question that does not fit the model, or whose things
    have no stages.
    """
    asked = asked_of(graph, query, today=today)
    until = min(until, graph.moment.valid)
    period = weeks_before(until, max(weeks, 1), zone_of(graph.model.zone))
    spells = spells_of(graph, np.concatenate([asked.ids, asked.retired]), until)
    return _flow(asked, period, spells)


def _flow(asked: Asked, period: Period, spells: Spells) -> Flow:
    journeys = journeys_of(spells)
    return Flow(
        asked=asked,
        period=period,
        spells=spells,
        journeys=journeys,
        traffic=traffic_in(journeys, period),
        little=little_of(spells, period),
        survival=survival_of(journeys),
    )


def survival_of(journeys: Journeys, among: Flags | None = None) -> Survival:
    """How long things take from begun to finished, unfinished ones counted.

    What was dropped counts as not finished by the day it was dropped.
    """
    timed = journeys.is_timed if among is None else journeys.is_timed & among
    ends = np.minimum(np.minimum(journeys.finished, journeys.dropped), journeys.until)
    timed = timed & (journeys.begun <= ends)
    days = (ends[timed] - journeys.begun[timed]) / 86_400_000_000
    return kaplan_meier(days, journeys.finished[timed] < NEVER)


def parts_of(
    graph: Graph, flow: Flow, by: str, *, today: date, smallest: int = SMALLEST
) -> tuple[Groups, tuple[Part, ...]]:
    """The same flow in groups; raises Refused for a dimension of people."""
    groups = groups_of(
        graph, flow.journeys.ids, by, today=today, head=flow.asked.head, smallest=smallest
    )
    journeys, period = flow.journeys, flow.period
    parts = []
    for name, places in groups.places.items():
        mine = np.zeros(len(journeys), dtype=np.bool_)
        mine[places] = True
        parts.append(
            Part(
                name=name,
                things=len(places),
                begun=_count(mine & ~journeys.early, period, journeys.begun),
                finished=_count(mine & ~journeys.ready_made, period, journeys.finished),
                dropped=_count(mine, period, journeys.dropped),
                under_way=int((mine & journeys.under_way).sum()),
                survival=survival_of(journeys, mine),
            )
        )
    return groups, tuple(parts)


def _count(mine: Flags, period: Period, instants: Longs) -> int:
    return int((mine & period.holds(instants)).sum())


def levels(flow: Flow) -> tuple[Longs, dict[str, Longs]]:
    """How many things stood in each category at the end of each week, and now."""
    # The last instant of each week falls on its Sunday, wherever the day is read.
    instants = np.append(flow.period.bounds - 1, flow.period.until)
    names = list(dict.fromkeys(each.category for each in flow.spells.spots if each.category))
    found = {
        name: standing_at(flow.spells, instants, flow.spells.in_categories(name)) for name in names
    }
    return instants, found


def stage_times(flow: Flow) -> dict[tuple[str, str], tuple[float, int, float]]:
    """For each stage the days spent, by how many things, median whole stay."""
    days = days_in_stages(flow.spells, flow.period)
    spells = flow.spells
    closed = ~spells.is_open & flow.period.holds(spells.end)
    lengths = (spells.end - np.maximum(spells.start, spells.began[spells.thing])) / 86_400_000_000
    found = {}
    for place, spot in enumerate(spells.spots):
        mine = spells.spot == place
        if spot.category and mine.any():
            here = mine & closed
            median = float(np.median(lengths[here])) if here.any() else float("nan")
            inside = mine & (spells.end > flow.period.start)
            count = len(np.unique(spells.thing[inside]))
            if count:
                found[spot.kind, spot.stage] = (float(days[place]), count, median)
    return found
