"""Rule: stale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.articles import a
from latticework.base.findings import Severity
from latticework.base.times import end_of
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags
from latticework.model.values import duration_days
from latticework.query.truth import Ints

ENDED = ("done", "dropped")


@rule("FRESH001", severity=Severity.NOTICE, since="0.1")
def stale(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
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
    touched: dict[int, Flags] = {}
    for kind, ids in judged(graph, about):
        days = int(duration_days(kind.refresh) or 0)
        if not days or not len(ids):
            continue
        if days not in touched:
            touched[days] = _touched(graph, today - timedelta(days=days), today)
        old = ids[~touched[days][ids]]
        if kind.stages and len(old):
            ended = graph.stage_categories(old).is_in(ENDED).fill_null(value=False)
            old = old[~ended.to_numpy()]
        for ref in graph.refs[old].to_list():
            yield Complaint(
                ref=ref,
                value=kind.refresh,
                says=f"not touched for {kind.refresh}, the rhythm of {a(kind.name)}",
                hint="look at it: correct it, confirm it or let it go",
            )


def _touched(graph: Graph, after: date, upto: date) -> Flags:
    """Whether anything was said of each thing after one day, up to another's end."""
    found = np.zeros(graph.size, dtype=np.bool_)
    found[graph.changed_ids(end_of(after), end_of(upto))] = True
    return found
