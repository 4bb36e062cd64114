"""Questions in words, answered from a graph."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, Moment, day_of, zone_of
from latticework.graph.graph import Graph
from latticework.model.model import Model
from latticework.query.answer import run
from latticework.query.ast import Query
from latticework.query.extent import lookup_of
from latticework.query.literal import Clock
from latticework.query.parse import LONGEST_KEPT, MOST_KEPT, parse
from latticework.query.plan import Plan
from latticework.query.resolve import Resolver, resolve
from latticework.query.rows import Rows
from latticework.query.truth import Ints
from latticework.query.words import vocabulary_of

_LATEST = 253_402_300_799_000_000
"""Instants beyond year 9999 are no days."""


def ask(graph: Graph, text: str, *, today: date | None = None, about: Ints | None = None) -> Rows:
    """The rows that answer a question; raises Refused with findings.

    `today` is the day of asking; without it, the day of the graph's moment, or
    of its last entry where that is "all that was said". With `at`, it is the
    day asked about: `due < today at 2026-03-01` finds what was late then. With
    `about`, sorted ids, no other things are looked at.
    """
    day = today or _day_of(graph)
    query = parse(text, vocabulary_of(graph.model))
    if query.at is not None or query.known is not None:
        graph = _at(graph, query, day, text)
        query = parse(text, vocabulary_of(graph.model))
        day = _day_of(graph) if query.at is not None else day
    plan = _planned(query, graph, today=day, text=text)
    return run(plan, graph, today=day, text=text, about=about)


def _planned(query: Query, graph: Graph, *, today: date, text: str) -> Plan:
    """The query resolved; unknown words are looked for in the company's other models."""
    try:
        if len(text) > LONGEST_KEPT:
            return resolve(query, graph.model, today=today, text=text)
        return _plans_of(graph.model)(text, today)
    except Refused as refused:
        from latticework.query.hindsight import with_hindsight

        raise Refused(with_hindsight(refused.findings, graph)) from None


def _plans_of(model: Model) -> Callable[[str, date], Plan]:
    """Gives the plan of a text on a day; rules ask the same after every edit."""

    @lru_cache(MOST_KEPT)
    def plan_of(text: str, today: date) -> Plan:
        return resolve(parse(text, vocabulary_of(model)), model, today=today, text=text)

    return model.keep(("query", "plans"), lambda: plan_of)


def parse_for(model: Model, text: str) -> Query:
    """The query that a text says in a model's words."""
    return parse(text, vocabulary_of(model))


def _at(graph: Graph, query: Query, today: date, text: str) -> Graph:
    """The graph at the moment that the query asks for."""
    resolver = Resolver(lookup_of(graph.model), Clock(today, graph.model), text)
    valid = resolver.instant(query.at) if query.at is not None else graph.moment.valid
    known = resolver.instant(query.known) if query.known is not None else graph.moment.known
    if valid is None or known is None:
        raise Refused(resolver.findings)
    return graph.at(Moment(valid=valid, known=known))


def _day_of(graph: Graph) -> date:
    valid = graph.moment.valid
    if abs(valid) > _LATEST:
        known = graph.log.known_at
        valid = int(known[-1]) if len(known) else 0
    return day_of(min(valid, _LATEST - DAY_MICROSECONDS), zone_of(graph.model.zone))
