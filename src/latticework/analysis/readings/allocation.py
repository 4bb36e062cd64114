"""Reading: allocation."""

from __future__ import annotations

import numpy as np

from latticework.analysis.allocation import Allocation, allocation_of
from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import RATIO, Answer, reading, shown
from latticework.model.values import Measure

NEEDS = (
    Needs(name="of", sort=Sort.QUERY, says="what effort is meant for: pillars, drivers"),
    Needs(name="work", sort=Sort.QUERY, says="the work under way", many=True),
    Needs(name="along", sort=Sort.PATH, says="from a pillar to the work that serves it"),
    Needs(name="teams", sort=Sort.QUERY, says="those who do the work"),
    Needs(name="holds", sort=Sort.PATH, says="from a team to the work it holds", many=True),
    Needs(name="weight", sort=Sort.FIELD, says="the field that says how much a team weighs"),
    Needs(
        name="target", sort=Sort.FIELD, says="a pillar's field with the share meant", required=False
    ),
    Needs(
        name="modes",
        sort=Sort.PATH,
        says="from work to its way of working",
        many=True,
        required=False,
    ),
    Needs(
        name="share",
        sort=Sort.WORD,
        says="the carried field with an edge's share",
        default=("share",),
    ),
    Needs(
        name="within", sort=Sort.LENGTH, says="how far back activity counts", default=("90 days",)
    ),
)


@reading(*NEEDS, since="0.2")
def allocation(asking: Asking) -> Answer:
    """Where does effort go: as meant, as planned, and as observed?

    Planned: each team's weight over the live work it holds, then up by the
    shares of links. Observed: the same for the entries that work left behind.
    One piece of work may serve several pillars: each has a least and a most,
    and nothing is made to add up to 100%. Lie-checks stand beside the figure.

    ```yaml company
    model:
      kinds: {pillar: {fields: {meant: ratio range}}}
      readings:
        effort-by-pillar:
          computes: allocation
          with:
            of: pillar
            work: effort where stage is active
            along: is served by+
            teams: team
            holds: owns
            weight: size
            target: meant
    on: 2026-11-01
    pillar/reach: {title: Reach, says: near, meant: 50%}
    pillar/trust: {title: Trust, says: kept, meant: 20–30%}
    team/a: {title: A, size: 6}
    team/b: {title: B, size: 2}
    project/x: {title: X, stage: running, is owned by: team/a, serves: [pillar/reach, pillar/trust]}
    project/y: {title: Y, stage: running, is owned by: team/b, serves: pillar/reach}
    ```

    ```yaml reads
    effort-by-pillar:
      pillar/reach: 25–100% · split 62.5%, meant 50%, observed 42.9–100%; averaging across a bottleneck; double-serving
      pillar/trust: 0–75% · split 37.5%, meant 20–30%, observed 0–57.1%; averaging across a bottleneck; double-serving
    ```
    """
    found = allocation_of(asking)
    planned = found.planned
    served = 1.0 - planned.nowhere if planned.whole else float("nan")
    doubts = ", ".join(each.name for each in found.checks)
    says = f"{served:.0%} of the planned weight serves one of these" if planned.whole else "no work"
    says += f"; it may mislead: {doubts}" if doubts else ""

    def words(row: int) -> str:
        return row_words(found, row)

    def made(row: int) -> Made:
        parts = _parts(found, row)
        return Made(
            asked="its share of planned effort",
            how=words(row),
            parts=parts[:200],
            total=len(parts),
            assumptions=(
                "a team's weight is spread evenly over its live work",
                *(f"{each.name}: {each.says}" for each in found.checks_of(row)),
            ),
        )

    def made_whole() -> Made:
        return Made(
            asked="the share of planned effort that serves one of these",
            how=f"of {counted(int((planned.amounts > 0).sum()), 'piece')} of live work",
            parts=adding(found.graph, found.pillars, map(words, range(len(found.pillars)))),
            assumptions=tuple(f"{each.name}: {each.says}" for each in found.checks),
        )

    return Answer(
        asking=asking,
        says=says,
        field=RATIO,
        ids=found.pillars,
        low=planned.low,
        high=planned.high,
        whole=Measure(served, served) if planned.whole else Measure(None, None),
        words=words,
        made=made,
        made_whole=made_whole,
        assumptions=tuple(f"{each.name}: {each.says}" for each in found.checks),
    )


def share_text(low: float, high: float) -> str:
    """A share or a range of shares; empty where there is none."""
    return "" if np.isnan(low) else shown(RATIO, Measure(float(low), float(high)))


def row_words(found: Allocation, row: int) -> str:
    """One pillar's other figures and the lie-checks that fire on it."""
    planned, observed = found.planned, found.observed
    meant = share_text(found.target[0][row], found.target[1][row])
    seen = share_text(observed.low[row], observed.high[row])
    said = [
        f"split {share_text(planned.split[row], planned.split[row])}" if planned.whole else "",
        f"meant {meant}" if meant else "",
        f"observed {seen}" if seen else "",
    ]
    checks = sorted(each.name for each in found.checks_of(row))
    return "; ".join([", ".join(each for each in said if each), *checks])


def _parts(found: Allocation, row: int) -> tuple[Part, ...]:
    """The live work that serves a pillar, the heaviest first."""
    nodes = np.unique(found.work_of(row))
    ends = found.planned.rollup.ends
    weight = np.zeros(found.graph.size, dtype=np.int64)
    weight[ends.nodes] = ends.low
    nodes = nodes[np.argsort(-weight[nodes], kind="stable")]
    called = named(found.graph, nodes)
    scale = ends.scale
    return tuple(
        Part(
            ref=ref,
            title=title,
            through="serves it",
            adds=f"weight {weight[node] / scale:g}",
            deeper=False,
        )
        for node, ref, title in zip(nodes.tolist(), called.refs, called.titles, strict=True)
    )
