"""Reading: allocation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from latticework.analysis.allocation import Allocation, Line, allocation_of
from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import RATIO, Answer, reading, shown
from latticework.analysis.rollup.evidence import NOTHING, evidence_of
from latticework.model.values import Measure
from latticework.query.truth import Ids

MOST_PARTS = 200
"""Pieces of work that the evidence of one pillar names; it counts the others."""

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
        work = _heaviest(found, row)
        steps = (*_steps(found, row, "planned"), *_steps(found, row, "observed"))
        return Made(
            asked="its share of effort as planned",
            how=f"{words(row)}. {_sums(found, row)}",
            parts=(*steps, *_parts(found, work[:MOST_PARTS])),
            total=len(steps) + len(work),
            assumptions=(
                "a team's weight is spread evenly over its live work",
                "an entry stands for about as much effort as another",
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


def _sums(found: Allocation, row: int) -> str:
    """What a pillar's shares are shares of."""
    planned, observed = (_of_whole(each, row) for each in (found.planned, found.observed))
    return f"Planned: weight {planned} over all live work; observed: {observed} entries about it"


def _of_whole(line: Line, row: int) -> str:
    scale = line.rollup.ends.scale
    mine = float(line.split[row]) * line.whole / scale if line.whole else 0.0
    return f"{mine:,.4g} of {line.whole / scale:,.6g}"


def _steps(found: Allocation, row: int, name: str) -> Iterator[Part]:
    """The first step down, which adds up to what a pillar's figure is made of."""
    line = found.planned if name == "planned" else found.observed
    if line.whole:
        for each in evidence_of(line.rollup, int(found.pillars[row])).parts:
            adds = f"weight {each.adds}" if name == "planned" else f"{each.adds} entries"
            if each.adds != NOTHING:
                yield replace(each, through=name, adds=adds, value="", deeper=False)


def _heaviest(found: Allocation, row: int) -> Ids:
    """The live work that serves a pillar, the heaviest first, then that of which most was said."""
    nodes = np.unique(found.work_of(row))
    places = np.searchsorted(found.work, nodes)
    order = np.lexsort((-found.observed.amounts[places], -found.planned.amounts[places]))
    return np.asarray(nodes[order])


def _parts(found: Allocation, nodes: Ids) -> tuple[Part, ...]:
    """Work with its weight and its entries, and how many pillars share it."""
    called = named(found.graph, nodes)
    places = np.searchsorted(found.work, nodes)
    weights = found.planned.amounts[places] / found.planned.rollup.ends.scale
    spread = np.bincount(found.serving[1], minlength=found.graph.size)[nodes]
    about, numbers = found.activity
    return tuple(
        Part(
            ref=ref,
            title=title,
            through="live work",
            value=f"weight {weight:g}, {counted(len(mine), 'entry', 'entries')}"
            + (f", serves {alone} of these" if alone > 1 else ""),
            entries=tuple(mine),
        )
        for ref, title, weight, alone, mine in zip(
            called.refs,
            called.titles,
            weights.tolist(),
            spread.tolist(),
            (np.sort(numbers[about == node])[::-1].tolist() for node in nodes),
            strict=True,
        )
    )
