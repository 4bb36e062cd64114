"""Harbour: a little company of goals, bets and teams, with two years of history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from latticework.base.findings import Finding, Place, error, warning
from latticework.base.times import Moment, parse_instant
from latticework.graph.graph import Graph, build
from latticework.graph.little import batches_of
from latticework.journal.changes import Batch, Declare, Entry
from latticework.journal.memory import MemoryStore
from latticework.model.model import (
    Dialect,
    End,
    Family,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    Stage,
    Term,
)
from latticework.views.sight import Sight

NOW = parse_instant("2026-06-15T12:00:00Z")

STAGES = (
    Stage(name="Discovery", category="proposed", entry="somebody asks for it"),
    Stage(name="Building", category="active", needs="owner is not missing"),
    Stage(name="Shipped", category="done", exit="the goal moved"),
    Stage(name="Killed", category="dropped"),
)

MODEL = Model(
    company="Harbour",
    interfaces=(
        Interface(name="wager", many="wagers", fields=(Field(name="confidence", type="ratio"),)),
    ),
    kinds=(
        Kind(name="goal", many="goals", family=Family.INTENT, purpose="what we want to be so"),
        Kind(
            name="bet",
            many="bets",
            family=Family.INTENT,
            provides=("wager",),
            was=("initiative",),
            fields=(
                Field(name="confidence", type="ratio", ranged=True),
                Field(name="cost", type="money", unit="EUR", ranged=True, per="quarter"),
                Field(name="due", type="day", ranged=True),
                Field(name="owner", required=True, purpose="who answers for it"),
                Field(name="labels", many=True),
                Field(name="size", type="choice", choices=("small", "large")),
                Field(name="gut", type="number", low=Decimal(0), high=Decimal(10)),
            ),
            stages=STAGES,
        ),
        Kind(name="team", many="teams", family=Family.COLLABORATION),
        Kind(name="budget", many="budgets", family=Family.INVESTMENT),
    ),
    links=(
        Link(
            name="serves",
            back="is served by",
            ends=(End(source="bet", targets=("goal",)), End(source="goal", targets=("goal",))),
            carries=(Field(name="share", type="ratio"), Field(name="why")),
            purpose="what it is for",
        ),
        Link(name="is owned by", back="owns", ends=(End(source="bet", targets=("team",)),)),
        Link(name="depends on", back="is needed by", ends=(End(source="team", targets=("team",)),)),
    ),
    terms=(Term(name="bet", means="work whose worth is not known yet", synonyms=("wager",)),),
    dialects=(Dialect(area="cargo", words={"bet": "mission", "Building": "under way"}),),
)

STORY = """
on: 2025-01-10
by: ada
why: the first plan
goal/reach: {title: Reach every island}
goal/calm: {title: Calm mornings, serves: goal/reach}
team/piers: {title: Piers}
team/boats: {title: Boats, depends on: team/piers}
bet/ferry:
  title: Night ferry
  stage: Discovery
  confidence: 20–40%
  cost: 40–80k
  serves: {goal/reach: {share: 60%, why: the only route}, goal/calm: {share: 40%}}
---
on: 2025-09-01
by: bo
bet/ferry: {stage: Building, owner: bo, is owned by: team/boats}
bet/raft: {title: Raft races, stage: Discovery, serves: goal/calm}
bet/lamp: {title: Lamps on the outer pier that can be seen from the last boat, stage: Shipped, confidence: 90%}
---
on: 2026-03-12
by: ada
why: the pilot sold out
bet/ferry: {confidence: 30–50%, due: 2026-Q4, labels: [night, islands], gut: eleven}
bet/bridge: {title: A bridge, serves: goal/away}
---
on: 2026-05-02
by: bo
why: nobody came
bet/raft: {stage: Killed}
move: {bet/ferry: bet/night-ferry}
---
on: 2026-06-12
by: cy
bet/night-ferry: {cost: 55k}
cut: {bet/night-ferry: {serves: goal/calm}}
retire: [bet/raft]
"""


@cache
def store() -> MemoryStore:
    """The journal, recorded as it went along."""
    journal = MemoryStore()
    declared = Batch(changes=(Declare("harbour"),), by="ada", valid=-(2**62))
    batches = [declared, *batches_of(STORY, MODEL)]
    for batch in batches:
        now = max(batch.valid or 0, parse_instant("2025-01-09T09:00:00Z"))
        journal.append([batch], now=now)
    return journal


@cache
def graph(day: str = "2026-06-15T12:00:00Z") -> Graph:
    """Harbour at a day."""
    moment = Moment(valid=parse_instant(day))
    return build(store().log(), moment, load={"harbour": MODEL}.__getitem__, past=_past)


def sight(day: str = "2026-06-15T12:00:00Z") -> Sight:
    """Harbour as a reader looks at it."""
    return Sight(
        graph=graph(day),
        now=NOW,
        graph_at=graph,
        entries=lambda most: tuple(store().entries())[::-1][: most or None],
        findings=lambda: FINDINGS,
        branches=store().branches,
    )


def _past(refs: tuple[str, ...]) -> tuple[Entry, ...]:
    return store().history(refs)


FINDINGS: tuple[Finding, ...] = (
    error(
        "CHANGE007",
        "'eleven' is no number",
        place=Place(ref="bet/night-ferry", field="gut"),
        hint="write a number from 0 to 10",
        value="eleven",
    ),
    warning(
        "BET003",
        "A bridge has no owner",
        place=Place(ref="bet/bridge"),
        hint="say who answers for it: owner",
    ),
    warning(
        "BET003",
        "Lamps on the outer pier that can be seen from the last boat has no owner",
        place=Place(ref="bet/lamp"),
        hint="say who answers for it: owner",
    ),
)
TODAY = date(2026, 6, 15)
