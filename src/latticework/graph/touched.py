"""When things of each kind were last spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.times import Instant
from latticework.graph.timeline import Ints, Longs, Timeline

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

_NEVER = np.iinfo(np.int64).min


def touched_by_kind(graph: Graph) -> Mapping[str, Instant]:
    """The latest instant up to the moment that an entry about each kind speaks of.

    Only things that exist count, an edge for its source. A kind about whose
    things nothing was said is left out.
    """
    log, names = graph.log, graph.kind_names
    kinds = np.where(graph.alive, graph.kind_codes, len(names))
    lines: list[tuple[Timeline, Ints | None]] = [(log.existence, None), (log.names.moves, None)]
    lines += [(cells.line, None) for cells in log.cells.values()]
    for edges in log.edges.values():
        carried = (cells.line for cells in edges.fields.values())
        lines += [(line, edges.sources) for line in (edges.state, *carried)]
    latest: Longs = np.full(len(names) + 1, _NEVER, dtype=np.int64)
    for line, nodes in lines:
        # The last row that a thing has at a moment is the latest one too.
        standing = line.at(graph.moment.valid, graph.number)
        subjects = standing.subjects if nodes is None else nodes[standing.subjects]
        np.maximum.at(latest, kinds[subjects], line.valid[standing.rows])
    found = zip(names, latest.tolist(), strict=False)
    return {name: instant for name, instant in found if instant > _NEVER}
