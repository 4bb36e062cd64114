"""Reading: share."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, things_as_parts
from latticework.analysis.reading import COUNT, RATIO, Answer, reading, shown
from latticework.model.values import Measure


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the things among which is counted"),
    Needs(name="where", sort=Sort.CONDITION, says="what those that count have in common"),
    Needs(name="field", sort=Sort.FIELD, says="a field to show of each", required=False),
    since="0.2",
)
def share(asking: Asking) -> Answer:
    """What share of the things is so, and which ones are they?

    Things of which nobody can say whether they are so widen the share to a
    range. Bound to conditions, this one reading tells orphans, elephants, or
    what nobody can rank.

    ```yaml company
    model:
      readings:
        loose-work: {computes: share, with: {of: effort where stage is active, where: serves nothing}}
    project/a: {title: A, stage: running, serves: driver/trust}
    project/b: {title: B, stage: running}
    project/c: {title: C, stage: delivered}
    driver/trust: {title: Trust, idea: people come back}
    ```

    ```yaml reads
    loose-work: {whole: 50%, project/b: "1"}
    ```
    """
    scope, condition = asking.text("of"), asking.text("where")
    every = asking.ids("of")
    sure, maybe = asking.holding("where", scope, condition)
    whole = _share(len(sure), len(maybe), len(every))
    low = np.isin(maybe, sure).astype(np.float64)
    things = counted(len(every), "thing")
    doubt = len(maybe) - len(sure)
    unsure = f"; of {counted(doubt, 'further one')} nobody can say" if doubt else ""
    says = f"{len(sure):,} of {things} ({scope}): {condition}{unsure}"

    def made_whole() -> Made:
        return Made(
            asked=f"the share of '{scope}' where {condition}",
            value=_text(whole),
            how=f"{len(sure):,} of {things}",
            parts=things_as_parts(asking.graph, maybe, field=asking.text("field")),
            total=len(maybe),
            missing=(f"an answer for {counted(doubt, 'thing')}",) if doubt else (),
        )

    def made(row: int) -> Made:
        so = "yes" if low[row] else "possibly"
        return Made(
            asked=condition,
            value=so,
            how=f"as the query '{scope}' finds it",
            parts=things_as_parts(asking.graph, maybe[row : row + 1], field=asking.text("field")),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        ids=maybe,
        low=low,
        high=np.ones(len(maybe)),
        whole=whole,
        whole_field=RATIO,
        made=made,
        made_whole=made_whole,
    )


def _share(sure: int, maybe: int, every: int) -> Measure:
    return Measure(sure / every, maybe / every) if every else Measure(None, None)


def _text(whole: Measure) -> str:
    return shown(RATIO, whole) or "unknown, as there is nothing to count"
