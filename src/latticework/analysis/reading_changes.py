"""Which entries touched which things, day by day."""

from __future__ import annotations

import numpy as np

from latticework.base.times import BEGINNING, DAY_MICROSECONDS
from latticework.graph.graph import Graph
from latticework.graph.timeline import Timeline
from latticework.query.truth import Ids, Longs


def changes_of(graph: Graph, place: Longs, today: int) -> tuple[Longs, Longs, Longs]:
    """Each change up to a day: in which place, on which day, by which entry.

    `place` is -1 for things that nobody asks about. A changed edge counts as a
    change of its source.
    """
    lines: list[tuple[Timeline, Ids | None]] = [(graph.log.existence, None)]
    lines += [(cells.line, None) for cells in graph.log.cells.values()]
    for edges in graph.log.edges.values():
        several = (edges.state, *(cells.line for cells in edges.fields.values()))
        lines += [(line, edges.sources) for line in several]
    parts = []
    for line, sources in lines:
        subjects = line.subject if sources is None else sources[line.subject]
        day = line.valid // DAY_MICROSECONDS
        mine = place[subjects]
        seen = (
            (mine >= 0) & (day <= today) & (line.valid > BEGINNING) & (line.number <= graph.number)
        )
        parts.append((mine[seen], day[seen], line.number[seen].astype(np.int64)))
    return (
        np.concatenate([each[0] for each in parts]),
        np.concatenate([each[1] for each in parts]),
        np.concatenate([each[2] for each in parts]),
    )
