"""Harbour, a little company with goals, epics, projects and teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.graph.companies import Fact, log_of

from latticework.base.times import BEGINNING, FOREVER, Moment, start_of
from latticework.graph.graph import Graph, build
from latticework.graph.little import batches_of
from latticework.journal.changes import Declare
from latticework.model.model import (
    Dialect,
    End,
    Family,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    Shape,
    Stage,
    Term,
)
from latticework.query.ask import ask
from latticework.query.rows import Rows

TODAY = date(2026, 6, 15)

EPIC = Kind(
    name="epic",
    many="epics",
    family=Family.INTENT,
    fields=(
        Field(name="gut", type="number", low=Decimal(0), high=Decimal(10)),
        Field(name="budget", type="money", ranged=True, unit="EUR"),
        Field(name="due", type="day", ranged=True),
        Field(name="size", type="choice", choices=("small", "medium", "very large")),
        Field(name="labels", many=True),
        Field(name="owner"),
        Field(name="blocked", type="yes-no"),
        Field(name="effort", type="duration"),
        Field(name="spent", type="money", unit="EUR"),
    ),
    stages=(
        Stage(name="Discovery", category="proposed"),
        Stage(name="Building", category="active", was=("Doing",)),
        Stage(name="Shipped", category="done"),
        Stage(name="Killed", category="dropped"),
    ),
    stage_field="status",
    provides=("bet",),
    maps={"confidence": "gut / 10", "cost": "budget"},
    was=("initiative",),
)

MODEL = Model(
    company="Harbour",
    currency="EUR",
    interfaces=(
        Interface(
            name="bet",
            many="bets",
            fields=(
                Field(name="title"),
                Field(name="confidence", type="ratio"),
                Field(name="cost", type="money", unit="EUR"),
            ),
            stages=("proposed", "active", "done", "dropped"),
        ),
    ),
    kinds=(
        Kind(
            name="pillar",
            many="pillars",
            family=Family.CONTEXT,
            fields=(Field(name="note"),),
        ),
        Kind(
            name="goal",
            many="goals",
            family=Family.INTENT,
            fields=(
                Field(name="health", type="choice", choices=("green", "amber", "red")),
                Field(name="due", type="day"),
                Field(name="owner"),
            ),
            stages=(
                Stage(name="Open", category="active"),
                Stage(name="In review", category="active"),
                Stage(name="Met", category="done"),
            ),
        ),
        EPIC,
        Kind(
            name="project",
            many="projects",
            family=Family.INTENT,
            fields=(
                Field(name="confidence", type="ratio"),
                Field(name="cost", type="money", unit="EUR"),
                Field(name="owner"),
            ),
            stages=(
                Stage(name="idea", category="proposed"),
                Stage(name="running", category="active"),
                Stage(name="over", category="done"),
            ),
            provides=("bet",),
        ),
        Kind(
            name="crew",
            many="crews",
            family=Family.COLLABORATION,
            fields=(Field(name="headcount", type="number"),),
        ),
    ),
    links=(
        Link(
            name="serves",
            back="is served by",
            ends=(
                End(source="bet", targets=("goal", "pillar")),
                End(source="goal", targets=("goal", "pillar")),
            ),
            carries=(Field(name="share", type="ratio"), Field(name="why")),
            words=("supports",),
        ),
        Link(
            name="owned by",
            back="owns",
            ends=(End(source="any", targets=("crew",)),),
            most=1,
        ),
        Link(
            name="depends on",
            back="is needed by",
            ends=(End(source="crew", targets=("crew",)),),
        ),
        Link(
            name="pairs with",
            back="pairs with",
            shape=Shape.MUTUAL,
            ends=(End(source="epic", targets=("epic",)),),
        ),
        Link(
            name="takes part in",
            back="has as a member",
            ends=(End(source="crew", targets=("goal",)),),
        ),
    ),
    terms=(Term(name="bet", means="something we try", synonyms=("wager",)),),
    dialects=(
        Dialect(
            area="payments", words={"epic": "Mission", "Building": "In flight", "gut": "Hunch"}
        ),
    ),
)

HARBOUR = """
pillar/growth: {title: Growth}
pillar/trust: {title: Trust}
goal/reach:
  {title: Reach more ports, health: green, due: 2026-12-31, stage: Open, serves: pillar/growth}
goal/calm: {title: Calm seas, health: amber, stage: In review, serves: [pillar/trust, goal/reach]}
goal/alone: {title: Alone, health: red, stage: Met, due: 2026-01-31}
crew/red: {title: Red, headcount: 5, depends on: [crew/blue, crew/ops]}
crew/blue: {title: Blue, headcount: 3–4, depends on: crew/ops}
crew/ops: {title: Ops, headcount: unknown, depends on: crew/red}
epic/ferry:
  title: Night ferry
  gut: 3
  budget: 10k
  due: 2026-Q4
  size: small
  labels: [sea, night]
  owner: Ana
  blocked: yes
  effort: 3 weeks
  spent: 12k
  status: Building
  serves: {goal/reach: {share: 40%, why: the only route}}
  owned by: crew/red
  pairs with: epic/bridge
epic/bridge:
  title: Toll bridge
  gut: 2–5
  budget: 20k–30k
  due: 2026-05
  size: very large
  labels: [land]
  owner: Bo
  status: Discovery
  serves: [goal/reach, goal/calm]
epic/tunnel:
  {title: Tunnel, gut: unknown, budget: USD 5k, due: soon, size: huge, status: Shiped}
epic/raft: {title: Raft, status: Killed, serves: goal/ghost}
project/map:
  {title: Sea map, confidence: 35%, cost: 5k, owner: Ana, stage: running, serves: goal/calm}
project/lamp: {title: Lamp, stage: idea}
---
on: 2026-03-01
goal/alone: {health: green}
epic/raft: {status: Building}
---
on: 2026-04-01
goal/alone: {health: red}
epic/raft: {status: Killed, owner: Cy}
"""


def facts_of(text: str, model: Model) -> Iterator[Fact]:
    """The changes of a little company, each with its instant."""
    for batch in batches_of(text, model):
        for change in batch.changes:
            yield batch.valid if batch.valid is not None else BEGINNING, change


def company(text: str = HARBOUR, model: Model = MODEL, moment: Moment | None = None) -> Graph:
    """A graph of a little company; by default of the first second of today."""
    facts: list[Fact] = [(BEGINNING, Declare("model")), *facts_of(text, model)]
    at = moment or Moment(valid=start_of(TODAY), known=FOREVER)
    return build(log_of(facts), at, load=lambda _: model)


def answer(graph: Graph, text: str) -> Rows:
    """The rows of a question asked today."""
    return ask(graph, text, today=TODAY)


def refs(graph: Graph, text: str) -> set[str]:
    """Slugs of the things that answer a question."""
    return {ref.partition("/")[2] for ref in answer(graph, text).refs}
