"""Rule: dangling-reference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.analysis.words import NearRefs
from latticework.base.findings import Severity
from latticework.base.near import offer
from latticework.graph.graph import Graph

_AFTER_ALL = "link what took its place, or take the edge away"
_NEVER = "record it, or take the edge away"


@rule("LINK001", severity=Severity.ERROR, since="0.1")
def dangling_reference(graph: Graph, today: date) -> Iterator[Complaint]:
    """An edge leads to a thing that is not there.

    The name may be misspelt, the thing may never have been recorded, or it was
    retired while others still pointed to it. No question that follows the link
    sees the edge.

    ```yaml flagged
    goal/grow: {title: Grow, serves: pillar/raech}
    pillar/reach: {title: Reach}
    ```

    ```yaml clean
    goal/grow: {title: Grow, serves: pillar/reach}
    pillar/reach: {title: Reach}
    ```
    """
    offers = NearRefs(graph)
    for link in graph.model.links:
        sources, targets = graph.dangling(link.name)
        existed = np.isin(targets, graph.log.existence.subject)
        ends = zip(sources.tolist(), targets.tolist(), existed.tolist(), strict=True)
        for source, target, once in ends:
            missing = str(graph.ref_of(target))
            gone = "which is not there at this moment" if once else "which was never recorded"
            close = () if once else offers.near(missing)
            hint = _AFTER_ALL if once else offer(close, otherwise=_NEVER)
            yield Complaint(
                ref=str(graph.ref_of(source)),
                field=link.name,
                value=missing,
                says=f"{link.name} '{missing}', {gone}",
                hint=hint,
                instead=close,
            )
