"""Reading: gap."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, named, things_as_parts
from latticework.analysis.reading import SMALLEST_SHOWN, TOO_FEW, Answer, reading, shown
from latticework.model.model import Field
from latticework.model.values import Measure
from latticework.query.truth import Ids, Longs, Mask, Numbers


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the subjects that both sides answer about"),
    Needs(name="answers", sort=Sort.PATH, says="the way to the answers", many=True),
    Needs(name="first", sort=Sort.QUERY, says="the answers of one side"),
    Needs(name="second", sort=Sort.QUERY, says="the answers of the other"),
    Needs(name="field", sort=Sort.FIELD, says="the field that holds the answer"),
    SMALLEST_SHOWN,
    since="0.2",
)
def gap(asking: Asking) -> Answer:
    """How differently do two sides see the same thing?

    The middle answer of the second side less that of the first, as a range
    where answers are ranges. A gap says that the two should talk, not who is
    right. A side with too few answers is not shown.

    ```yaml company
    model:
      readings:
        seen-differently:
          computes: gap
          with:
            of: goal
            answers: is served by
            first: bet where value is low
            second: bet where value is high
            field: confidence
            smallest: "2"
    goal/near: {title: Near}
    goal/far: {title: Far}
    bet/a: {title: A, value: low, confidence: 20%, serves: goal/near}
    bet/b: {title: B, value: low, confidence: 40%, serves: [goal/near, goal/far]}
    bet/c: {title: C, value: high, confidence: 80–90%, serves: [goal/near, goal/far]}
    bet/d: {title: D, value: high, confidence: 70%, serves: [goal/near, goal/far]}
    ```

    ```yaml reads
    seen-differently:
      goal/near: 45–50% · 2 and 2 answers
      goal/far: too few to show
    ```
    """
    graph, ids, name = asking.graph, asking.ids("of"), asking.text("field")
    sides = [_Side(asking, ids, each) for each in ("first", "second")]
    smallest = asking.count("smallest")
    shy = np.zeros(len(ids), dtype=np.bool_)
    for side in sides:
        shy |= side.sizes < smallest
    low = np.where(shy, np.nan, sides[1].low - sides[0].high)
    high = np.where(shy, np.nan, sides[1].high - sides[0].low)
    field = Field(name=name, type=sides[0].type)
    wide = int((~np.isnan(low)).sum())
    says = f"{counted(wide, 'subject')} with enough answers of both sides"
    if wide:
        far = int(np.nanargmax(np.abs(low + high)))
        title = named(graph, ids[far : far + 1]).titles[0]
        seen = shown(field, Measure(float(low[far]), float(high[far])))
        says += f"; furthest apart about {title}: {seen}"

    def words(row: int) -> str:
        first, second = (int(each.sizes[row]) for each in sides)
        return TOO_FEW if shy[row] else f"{first:,} and {counted(second, 'answer')}"

    def made(row: int) -> Made:
        parts = [
            part
            for side, role in zip(sides, ("first side", "second side"), strict=True)
            for part in things_as_parts(graph, side.of_row(row), through=role, field=name)
        ]
        return Made(
            asked=f"the gap in {name}",
            value="not shown" if shy[row] else "",
            how=words(row),
            parts=() if shy[row] else tuple(parts),
        )

    def made_whole() -> Made:
        few = int(shy.sum())
        return Made(
            asked=f"gaps in {name}",
            value=f"{wide:,} to look at",
            how=says,
            missing=(f"enough answers about {counted(few, 'subject')}",) if few else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=field,
        ids=ids,
        low=low,
        high=high,
        words=words,
        hidden=int(shy.sum()),
        made=made,
        made_whole=made_whole,
    )


class _Side:
    """One side's answers: the middle one of each subject, as a range."""

    def __init__(self, asking: Asking, ids: Ids, name: str) -> None:
        places, nodes = asking.reached("answers", ids, asking.ids(name))
        typed = asking.graph.column(asking.text("field"), nodes.astype(np.int32))
        low, high = (each.fill_null(float("nan")).to_numpy() for each in (typed.low, typed.high))
        known: Mask = np.isfinite(low) & np.isfinite(high)
        self.type = typed.field.type
        self.places: Longs = places[known]
        self.nodes: Ids = nodes[known]
        self.sizes: Longs = np.bincount(self.places, minlength=len(ids))
        self.low = _middles(self.places, low[known], self.sizes)
        self.high = _middles(self.places, high[known], self.sizes)

    def of_row(self, row: int) -> Ids:
        """The answers about one subject."""
        return np.asarray(self.nodes[self.places == row])


def _middles(places: Longs, values: Numbers, sizes: Longs) -> Numbers:
    """The middle value of each subject; nan where there is none."""
    ordered = values[np.lexsort((values, places))]
    firsts, found = np.cumsum(sizes) - sizes, np.full(len(sizes), np.nan)
    some = np.flatnonzero(sizes > 0)
    under, over = (sizes[some] - 1) // 2, sizes[some] // 2
    found[some] = (ordered[firsts[some] + under] + ordered[firsts[some] + over]) / 2
    return found
