"""Reading: hops."""

from __future__ import annotations

from itertools import repeat

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import COUNT, Answer, exactly, reading, shown
from latticework.graph.graph import Graph
from latticework.query.plan import LinkStep
from latticework.query.truth import Ids, Longs, narrow
from latticework.query.walk import backward

MOST = 64
"""Steps after which nothing is near any more."""


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the things whose distance is asked"),
    Needs(name="to", sort=Sort.QUERY, says="the things that are near or far", many=True),
    Needs(name="along", sort=Sort.PATH, says="the links that count as a step", many=True),
    since="0.2",
)
def hops(asking: Asking) -> Answer:
    """How many steps lie between things and those they work for?

    The shortest way over the chosen links counts. What cannot be reached has
    no number: that is a finding, not a far distance.

    ```yaml company
    model:
      readings:
        hops-to-customer:
          computes: hops
          with: {of: team, to: segment, along: [owns, supports, depends on]}
    team/door: {title: Door}
    team/yard: {title: Yard, depends on: team/door}
    team/moon: {title: Moon}
    service/front: {title: Front, is owned by: team/door, supports: segment/keeper}
    segment/keeper: {title: Keepers}
    ```

    ```yaml reads
    hops-to-customer: {team/door: 2 hops, team/yard: 3 hops, team/moon: no way there, whole: 2.5 hops}
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    steps = tuple(step for path in asking.steps("along") for step in path)
    ends = asking.ids("to")
    away = _distances(graph, steps, ends)
    low = np.where(away[ids] >= 0, away[ids].astype(np.float64), np.nan)
    near = low[~np.isnan(low)]
    middle = exactly(float(np.median(near))) if len(near) else exactly(float("nan"))
    lost = int(np.isnan(low).sum())
    says = f"the middle one of {counted(len(near), 'thing')} is {shown(COUNT, middle, 'hop')} away"
    if not len(near):
        says = "nothing has a way there"
    elif lost:
        says += f"; {counted(lost, 'thing has', 'things have')} no way there"

    def made(row: int) -> Made:
        return _path(asking, steps, away, int(ids[row]))

    def made_whole() -> Made:
        few = ids[np.isnan(low)][:200]
        return Made(
            how="the middle one of the shortest ways",
            parts=adding(graph, few, repeat("no way there", len(few))),
            total=lost,
            missing=(f"a way for {counted(lost, 'thing')}",) if lost else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        unit="hop",
        ids=ids,
        low=low,
        high=low,
        whole=middle,
        words=lambda row: "" if not np.isnan(low[row]) else "no way there",
        made=made,
        made_whole=made_whole,
    )


def _distances(graph: Graph, steps: tuple[LinkStep, ...], ends: Ids) -> Longs:
    """For each thing the steps to the nearest end; -1 where none leads there."""
    away = np.full(graph.size, -1, dtype=np.int64)
    away[ends] = 0
    tables = [table for step in steps for table in backward(graph, step)]
    frontier: Ids = ends
    for distance in range(1, MOST):
        if not len(frontier):
            break
        fresh = np.unique(np.concatenate([each.of(frontier) for each in tables] or [frontier[:0]]))
        frontier = fresh[away[fresh] < 0]
        away[frontier] = distance
    return away


def _path(asking: Asking, steps: tuple[LinkStep, ...], away: Longs, node: int) -> Made:
    """The shortest way as parts, one per step; the first by ref where several are as short."""
    graph = asking.graph
    parts: list[Part] = []
    here = node
    while away[here] > 0:
        phrase, here, entry = _next(graph, steps, away, here)
        reached = named(graph, np.array([here]))
        parts.append(
            Part(
                ref=reached.refs[0],
                title=reached.titles[0],
                through=phrase,
                entries=(entry,) if entry else (),
            )
        )
    found = away[node] >= 0
    return Made(
        how="over the shortest way" if found else "",
        parts=tuple(parts),
        missing=() if found else ("a way there over " + ", ".join(asking.texts("along")),),
    )


def _next(
    graph: Graph, steps: tuple[LinkStep, ...], away: Longs, node: int
) -> tuple[str, int, int]:
    """The phrase, the thing and the entry of a step that comes nearer."""
    best: tuple[str, str, int, int] | None = None
    for step in steps:
        for link, back in step.ways:
            edges = graph.adjacency(link)
            ends = edges.sources_of(node) if back else edges.targets_of(node)
            for end in ends[away[ends] == away[node] - 1].tolist():
                ref = str(graph.ref_of(end))
                if best is None or ref < best[1]:
                    spot = edges.find_spot(end, node) if back else edges.find_spot(node, end)
                    entry = int(graph.edge_entries(link, narrow(np.array([spot[0]])))[0])
                    best = (step.phrase, ref, end, entry)
    assert best is not None
    return best[0], best[2], best[3]
