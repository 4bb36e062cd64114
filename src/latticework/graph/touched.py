"""When things of each kind were last spoken of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.times import Instant
from latticework.graph.timeline import Flags, Ints, Longs, Timeline

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.log import EdgeLog, Log

_NEVER = np.iinfo(np.int64).min


def touched_by_kind(graph: Graph) -> Mapping[str, Instant]:
    """The latest instant up to the moment that an entry about each kind speaks of.

    Only things that exist count, an edge for its source. A kind about whose
    things nothing was said is left out.
    """
    log, names = graph.log, graph.kind_names
    kinds = np.where(graph.alive, graph.kind_codes, len(names))
    latest: Longs = np.full(len(names) + 1, _NEVER, dtype=np.int64)
    for line, edges in _lines(log):
        # The last row that a thing has at a moment is the latest one too.
        standing = line.at(graph.moment.valid, graph.number)
        subjects = standing.subjects if edges is None else edges.sources[standing.subjects]
        np.maximum.at(latest, kinds[subjects], line.valid[standing.rows])
    found = zip(names, latest.tolist(), strict=False)
    return {name: instant for name, instant in found if instant > _NEVER}


def spoken_of(log: Log, picks: Callable[[Longs, Ints], Flags]) -> Flags:
    """Things about which entries speak, an edge for both its ends.

    `picks` tells by instants and numbers which entries count.
    """
    found = np.zeros(log.names.size, dtype=np.bool_)
    for line, edges in _lines(log):
        subjects = line.subject[picks(line.valid, line.number)]
        if edges is None:
            found[subjects] = True
        else:
            found[edges.sources[subjects]] = True
            found[edges.targets[subjects]] = True
    return found


def _lines(log: Log) -> Iterator[tuple[Timeline, EdgeLog | None]]:
    """Every timeline of a log, with the edges that it is about, where it is about edges."""
    yield log.existence, None
    yield log.names.moves, None
    for cells in log.cells.values():
        yield cells.line, None
    for edges in log.edges.values():
        yield edges.state, edges
        for cells in edges.fields.values():
            yield cells.line, edges
