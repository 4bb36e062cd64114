"""Reading: spread."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, named, things_as_parts
from latticework.analysis.reading import (
    SMALLEST_SHOWN,
    TOO_FEW,
    Answer,
    reading,
    shown,
    too_few,
)
from latticework.model.model import Field
from latticework.model.values import Measure
from latticework.query.truth import Longs, Numbers


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the subjects that people answer about"),
    Needs(name="answers", sort=Sort.PATH, says="the way to the answers", many=True),
    Needs(name="what", sort=Sort.QUERY, says="which of them count", many=True, default=("any",)),
    Needs(name="field", sort=Sort.FIELD, says="the field that holds the answer"),
    SMALLEST_SHOWN,
    since="0.2",
)
def spread(asking: Asking) -> Answer:
    """How far apart are separate answers to one question?

    From the least to the most that anybody said, and where the middle half
    lies. The spread is the finding: it is never replaced by a mean. Too few
    answers are not shown, so that nobody is recognised by theirs.

    ```yaml company
    model:
      readings:
        doubt: {computes: spread, with: {of: goal, answers: is served by, what: bet, field: confidence}}
    goal/near: {title: Near}
    goal/far: {title: Far}
    bet/a: {title: A, confidence: 20%, serves: goal/near}
    bet/b: {title: B, confidence: 50–60%, serves: goal/near}
    bet/c: {title: C, confidence: 90%, serves: [goal/near, goal/far]}
    ```

    ```yaml reads
    doubt:
      goal/near: 20–90% · 3 answers, the middle half 37.5–72.5%
      goal/far: too few to show
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    name = asking.text("field")
    places, nodes = asking.reached("answers", ids, asking.ids("what"))
    typed = graph.column(name, nodes.astype(np.int32))
    ends = [each.fill_null(float("nan")).to_numpy() for each in (typed.low, typed.high)]
    known = np.isfinite(ends[0]) & np.isfinite(ends[1])
    places, nodes, ends = places[known], nodes[known], [each[known] for each in ends]
    sizes = np.bincount(places, minlength=len(ids))
    small = too_few(sizes, asking.count("smallest"))
    low, high, quarters = _ranges(places, ends, sizes)
    low, high = (np.where(small, np.nan, each) for each in (low, high))
    width = high - low
    widest = int(np.nanargmax(width)) if (~np.isnan(width)).any() else None
    field = Field(name=typed.field.name, type=typed.field.type, choices=typed.field.choices)
    shown_rows = int((~np.isnan(low)).sum())
    says = f"{counted(shown_rows, 'subject')} with enough answers"
    if widest is not None:
        title = named(graph, ids[widest : widest + 1]).titles[0]
        says += f"; furthest apart about {title}: {shown(field, Measure(float(low[widest]), float(high[widest])))}"

    def words(row: int) -> str:
        if small[row]:
            return TOO_FEW
        if not sizes[row]:
            return "nobody answered"
        half = shown(field, Measure(float(quarters[0][row]), float(quarters[1][row])))
        return f"{counted(int(sizes[row]), 'answer')}, the middle half {half}"

    def made(row: int) -> Made:
        mine = nodes[places == row]
        return Made(
            asked=f"the spread of {name}",
            value="not shown" if np.isnan(low[row]) else "",
            how=words(row),
            parts=() if small[row] else things_as_parts(graph, mine, field=name),
            total=0 if small[row] else len(mine),
        )

    def made_whole() -> Made:
        return Made(
            asked=f"the spread of {name}",
            value=f"{shown_rows:,} to look at",
            how=says,
            missing=(f"{counted(int(small.sum()), 'subject')} with too few answers",)
            if small.any()
            else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=field,
        ids=ids,
        low=low,
        high=high,
        words=words,
        hidden=int(small.sum()),
        made=made,
        made_whole=made_whole,
    )


def _ranges(
    places: Longs, ends: list[Numbers], sizes: Longs
) -> tuple[Numbers, Numbers, tuple[Numbers, Numbers]]:
    """The least and the most of each subject, and the quartiles of the middles."""
    low, high = np.full(len(sizes), np.nan), np.full(len(sizes), np.nan)
    np.fmin.at(low, places, ends[0])
    np.fmax.at(high, places, ends[1])
    middle = (ends[0] + ends[1]) / 2
    order = np.lexsort((middle, places))
    ordered = middle[order]
    firsts = np.cumsum(sizes) - sizes
    found = []
    for part in (0.25, 0.75):
        spot = (sizes - 1) * part
        under = np.floor(spot).astype(np.int64)
        over = np.minimum(under + 1, sizes - 1)
        some = np.flatnonzero(sizes > 0)
        value = np.full(len(sizes), np.nan)
        first, second = ordered[firsts[some] + under[some]], ordered[firsts[some] + over[some]]
        value[some] = first + (second - first) * (spot[some] - under[some])
        found.append(value)
    return low, high, (found[0], found[1])
