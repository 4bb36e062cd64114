"""Quay: a little company of the starter pack whose figures can be checked by head."""

from __future__ import annotations

from datetime import date
from functools import cache

from latticework.base.times import Moment, end_of, parse_instant
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.views.sight import Sight

TODAY = date(2026, 6, 15)

STORY = """
model: {company: Quay}
on: 2026-01-05
by: ada
pillar/reach: {title: Reach every island, says: nobody is far, stage: standing}
pillar/trust: {title: Kept word, says: a day is a day, stage: standing}
team/boats: {title: Boats, stage: steady, size: 6}
team/piers: {title: Piers, stage: steady, size: 2}
bet/ferry:
  title: Night ferry
  stage: running
  curve: linear
  takes: 4–6 months
  gain: 10–20
  confidence: 70%
  due: 2026-06-30
  hypothesis: we believe that people stay longer because they can go home
  serves: {pillar/reach: {share: 60%}, pillar/trust: {share: 40%}}
  is owned by: team/boats
bet/lamps:
  title: Lamps on the piers
  stage: running
  confidence: 80%
  due: 2026-04-30
  serves: pillar/trust
  is owned by: team/piers
project/hull: {title: A hull for ice, stage: running, serves: bet/ferry, is owned by: team/boats}
project/rails: {title: Rails, stage: running, serves: bet/lamps, is owned by: team/piers}
project/paint: {title: Paint, stage: planned, is owned by: team/piers}
---
on: 2026-03-30
by: bo
bet/ferry: {so far: "4"}
project/rails: {stage: delivered}
project/signs: {title: Signs, stage: running, serves: [pillar/reach, pillar/trust], is owned by: team/boats}
---
on: 2026-04-27
by: bo
bet/lamps: {stage: settled, came true: "yes", learned: lamps are seen from the last boat}
project/paint: {stage: running}
---
on: 2026-05-25
by: ada
bet/ferry: {so far: "9"}
project/paint: {stage: delivered}
"""


@cache
def graph(day: str = "") -> Graph:
    """Quay at a day."""
    return company_of(STORY).at(Moment(valid=parse_instant(day) if day else end_of(TODAY)))


def sight() -> Sight:
    """Quay as a reader looks at it."""
    return Sight(graph=graph(), now=end_of(TODAY), graph_at=graph)
