"""Rule: stale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.base.times import end_of
from latticework.graph.graph import Graph
from latticework.model.values import duration_days

ENDED = ("done", "dropped")


@rule("FRESH001", severity=Severity.NOTICE, since="0.1")
def stale(graph: Graph, today: date) -> Iterator[Complaint]:
    """A thing has not been touched for longer than its kind's refresh rhythm.

    Nothing may have changed; then touching it takes a minute. What has ended
    is left alone, and so are kinds without a rhythm.

    ```yaml flagged
    on: 2024-01-10
    metric/crossings: {title: Crossings, idea: People who got across, use: learn}
    ```

    ```yaml clean
    on: 2026-10-01
    metric/crossings: {title: Crossings, idea: People who got across, use: learn}
    ```
    """
    for kind in graph.model.kinds:
        days = int(duration_days(kind.refresh) or 0)
        if not days:
            continue
        since = end_of(today - timedelta(days=days))
        touched = graph.changed_ids(since, end_of(today))
        old = np.setdiff1d(graph.ids_of(kind.name), touched)
        if kind.stages and len(old):
            ended = graph.stage_categories(old).is_in(ENDED).fill_null(value=False)
            old = old[~ended.to_numpy()]
        for each in old.tolist():
            yield Complaint(
                ref=str(graph.ref_of(each)),
                value=kind.refresh,
                says=f"not touched for {kind.refresh}, the rhythm of a {kind.name}",
                hint="look at it: correct it, confirm it or let it go",
            )
