"""Reading: rungs."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import COUNT, RATIO, Answer, exactly, reading
from latticework.query.truth import Longs


@reading(
    Needs(name="rungs", sort=Sort.QUERY, says="the ladder from its top down", many=True),
    Needs(name="along", sort=Sort.PATH, says="the links that lead one rung up", many=True),
    since="0.2",
)
def rungs(asking: Asking) -> Answer:
    """Which things climb to the next rung, and which skip one?

    Every rung is a query, the largest horizon first. A thing that leads only
    to things two rungs up has a gap: slice it smaller, or say the purpose in
    between. Links that stay on a rung, or lead down, are not looked at.

    ```yaml company
    model:
      readings:
        ladder: {computes: rungs, with: {rungs: [pillar, goal, bet], along: serves}}
    pillar/reach: {title: Reach}
    goal/grow: {title: Grow, serves: pillar/reach}
    bet/ferry: {title: Ferry, serves: goal/grow}
    bet/raft: {title: Raft, serves: pillar/reach}
    bet/kite: {title: Kite}
    ```

    ```yaml reads
    ladder:
      whole: 33.3%
      goal/grow: 0 rungs
      bet/ferry: 0 rungs
      bet/raft: 1 rung · skips goal
      bet/kite: leads up to nothing
    ```
    """
    graph, texts = asking.graph, asking.texts("rungs")
    rung = np.full(graph.size, -1, dtype=np.int64)
    for number, text in enumerate(texts):
        found = asking.ids_of("rungs", text)
        rung[found[rung[found] < 0]] = number
    ids = np.flatnonzero(rung > 0)
    above = _nearest_above(asking, rung)
    mine, next_up = rung[ids], above[ids]
    low = np.where(next_up >= 0, mine - 1 - next_up, np.nan).astype(np.float64)
    skips, lost = low > 0, np.isnan(low)
    climbing = int((~lost).sum())
    whole = exactly(float(skips.sum() / climbing) if climbing else float("nan"))
    says = f"{counted(int(skips.sum()), 'thing')} of {climbing:,} that lead up skip a rung"
    if lost.any():
        says += f"; {counted(int(lost.sum()), 'thing leads', 'things lead')} up to nothing"

    def words(row: int) -> str:
        if lost[row]:
            return "leads up to nothing"
        skipped = texts[int(next_up[row]) + 1 : int(mine[row])]
        return "skips " + ", ".join(skipped) if skipped else ""

    def made(row: int) -> Made:
        return Made(
            asked=f"the way up from '{texts[int(mine[row])]}'",
            value=words(row) or "without a gap",
            how="by the nearest rung that its links lead to",
            parts=_ups(asking, rung, int(ids[row]), texts),
            missing=("a link to a rung above",) if lost[row] else (),
        )

    def made_whole() -> Made:
        rows = np.flatnonzero(skips)
        return Made(
            asked="the share of things that skip a rung",
            how=f"of those that lead up the ladder {' > '.join(texts)}",
            parts=adding(graph, ids[rows[:200]], map(words, rows[:200].tolist())),
            total=len(rows),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        unit="rung",
        ids=ids,
        low=low,
        high=low,
        whole=whole,
        whole_field=RATIO,
        words=words,
        made=made,
        made_whole=made_whole,
    )


def _nearest_above(asking: Asking, rung: Longs) -> Longs:
    """For each thing the lowest rung above its own that an edge leads to; -1 for none."""
    sources, targets = asking.edges("along")
    up = (rung[targets] >= 0) & (rung[targets] < rung[sources])
    best = np.full(len(rung), -1, dtype=np.int64)
    np.maximum.at(best, sources[up], rung[targets[up]])
    return best


def _ups(asking: Asking, rung: Longs, node: int, texts: tuple[str, ...]) -> tuple[Part, ...]:
    """Where a thing's links lead, each with its rung."""
    sources, targets = asking.edges("along")
    ends = targets[sources == node]
    called = named(asking.graph, ends)
    return tuple(
        Part(
            ref=ref,
            title=title,
            through=", ".join(asking.texts("along")),
            adds=f"rung '{texts[int(rung[end])]}'" if rung[end] >= 0 else "on no rung",
        )
        for end, ref, title in zip(ends.tolist(), called.refs, called.titles, strict=True)
    )
