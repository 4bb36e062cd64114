"""What lies some steps round things, in whole arrays, and what is left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.graph.adjacency import Adjacency
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

AT_ONCE = 30
"""Where more than twice as many hang on a thing that is opened, so many come at once."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Things found, roots first, then by steps; `more` neighbours of each are not among them.

    `roots` counts the first ones. `degrees` counts all edges of each along the
    links that were followed. `left_out` counts further things in reach.
    """

    ids: Ids
    roots: int
    depths: list[int]
    more: list[int]
    degrees: list[int]
    left_out: int


def reach(
    graph: Graph, roots: Ids, links: Sequence[str], *, hops: int, most: int, crowd: int = 0
) -> Reached:
    """At most so many things within some steps, in either direction of the links.

    Where there is no room for all of a step, those stay that hang on more of
    what is already there. Where more than a `crowd` hang on one thing, half
    as many of them are taken; 0 takes all.
    """
    import numpy as np

    every = np.asarray(roots, dtype=np.int32)
    kept = every[:most]
    left_out = len(every) - len(kept)
    seen = np.zeros(graph.size, dtype=np.bool_)
    seen[kept] = True
    parts, depths = [kept], [0] * len(kept)
    frontier = kept
    for step in range(1, hops + 1):
        found = _around(graph, frontier, links)
        found = found[~seen[found]]
        if not len(found):
            break
        fresh, counts = np.unique(found, return_counts=True)
        if crowd:
            told = np.isin(fresh, _thinned(graph, frontier, links, seen, crowd))
            left_out += int(len(fresh) - told.sum())
            fresh, counts = fresh[told], counts[told]
        room = max(most - len(depths), 0)
        chosen = fresh[np.lexsort((fresh, -counts))[:room]]
        left_out += len(fresh) - len(chosen)
        chosen = np.sort(chosen).astype(np.int32)
        seen[chosen] = True
        parts.append(chosen)
        depths += [step] * len(chosen)
        frontier = chosen
        if len(chosen) < len(fresh):
            break
    ids = np.concatenate(parts)
    degrees, more = _degrees(graph, ids, links, seen)
    return Reached(
        ids=ids, roots=len(kept), depths=depths, more=more, degrees=degrees, left_out=left_out
    )


def widened(
    graph: Graph, found: Reached, opened: Ids, links: Sequence[str], *, most: int
) -> Reached:
    """The same and what lies one step round some of its things, the most linked of a crowd.

    What is opened again shows as many more of its crowd.
    """
    import numpy as np

    opened = opened[np.isin(opened, found.ids)]
    if not len(opened):
        return found
    seen = np.zeros(graph.size, dtype=np.bool_)
    seen[found.ids] = True
    nodes, times = np.unique(opened, return_counts=True)
    parts = [
        _thinned(graph, nodes[at : at + 1], links, seen, 2 * AT_ONCE * int(count))
        for at, count in enumerate(times)
    ]
    fresh = np.unique(np.concatenate(parts))
    chosen = fresh[: max(most - len(found.ids), 0)].astype(np.int32)
    seen[chosen] = True
    ids = np.concatenate([found.ids, chosen])
    degrees, more = _degrees(graph, ids, links, seen)
    return replace(
        found,
        ids=ids,
        depths=[*found.depths, *([max(found.depths, default=0) + 1] * len(chosen))],
        more=more,
        degrees=degrees,
        left_out=max(found.left_out - len(chosen), 0),
    )


def edges_among(graph: Graph, found: Reached, links: Sequence[str]) -> list[tuple[int, int, int]]:
    """Edges between the things: place of the source, of the target, of the link."""
    import numpy as np

    place = np.full(graph.size, -1, dtype=np.int64)
    place[found.ids] = np.arange(len(found.ids))
    edges: list[tuple[int, int, int]] = []
    for number, link in enumerate(links):
        sources, targets = _edges_of(graph, graph.adjacency(link), link, found.ids)
        inside = place[targets] >= 0
        pairs = zip(place[sources[inside]].tolist(), place[targets[inside]].tolist(), strict=True)
        edges.extend((source, target, number) for source, target in pairs)
    return edges


def _around(graph: Graph, nodes: Ids, links: Sequence[str]) -> Ids:
    """Neighbours in either direction, once for each edge; dangling targets too."""
    import numpy as np

    found = [np.zeros(0, dtype=np.int32)]
    for link in links:
        adjacency = graph.adjacency(link)
        found.append(_edges_of(graph, adjacency, link, nodes)[1])
        starts = adjacency.back_indptr
        found.append(adjacency.back_sources[_spots(starts[nodes], starts[nodes + 1])])
    return np.concatenate(found)


def _edges_of(graph: Graph, adjacency: Adjacency, link: str, nodes: Ids) -> tuple[Ids, Ids]:
    """Sources and targets of the edges that begin at these nodes, dangling ones too."""
    import numpy as np

    starts = adjacency.indptr
    spots = _spots(starts[nodes], starts[nodes + 1])
    sources, targets = adjacency.sources[spots], adjacency.targets[spots]
    lost, missing = graph.dangling(link)
    if len(lost):
        ours = np.isin(lost, nodes)
        sources = np.concatenate([sources, lost[ours]])
        targets = np.concatenate([targets, missing[ours]])
    return sources, targets


def _thinned(
    graph: Graph, nodes: Ids, links: Sequence[str], seen: NDArray[np.bool_], crowd: int
) -> Ids:
    """What is not seen yet round each thing; of a crowd, of each kind in turn the most linked."""
    import numpy as np

    near = [_near(graph, nodes, link) for link in links]
    owners, found = (np.concatenate([each[side] for each in near]) for side in (0, 1))
    owners, found = np.unique(np.stack([owners, found])[:, ~seen[found]], axis=1)
    linked = np.zeros(len(found), dtype=np.int64)
    for link in links:
        adjacency = graph.adjacency(link)
        for starts in (adjacency.indptr, adjacency.back_indptr):
            linked += starts[found + 1] - starts[found]
    turns = _ranks(owners, graph.kind_codes[found], order=np.lexsort((found, -linked)))
    ranks = _ranks(owners, order=np.lexsort((found, -linked, turns)))
    several = np.bincount(owners, minlength=graph.size)[owners]
    return np.unique(found[(several <= crowd) | (ranks < crowd // 2)])


def _ranks(*keys: NDArray[np.generic], order: NDArray[np.intp]) -> NDArray[np.int64]:
    """The place of each among those with the same keys, taken in an order."""
    import numpy as np

    ordered = order[np.lexsort([each[order] for each in keys])]
    heads = np.ones(len(ordered), dtype=np.bool_)
    heads[1:] = np.any([each[ordered][1:] != each[ordered][:-1] for each in keys], axis=0)
    first = np.maximum.accumulate(np.where(heads, np.arange(len(ordered)), 0))
    ranks = np.empty(len(ordered), dtype=np.int64)
    ranks[ordered] = np.arange(len(ordered)) - first
    return ranks


def _near(graph: Graph, nodes: Ids, link: str) -> tuple[Ids, Ids]:
    """Things and their neighbours along a link, in either direction."""
    import numpy as np

    adjacency = graph.adjacency(link)
    sources, targets = _edges_of(graph, adjacency, link, nodes)
    first, last = adjacency.back_indptr[nodes], adjacency.back_indptr[nodes + 1]
    back = adjacency.back_sources[_spots(first, last)]
    ends = np.repeat(nodes, last - first)
    return np.concatenate([sources, ends]), np.concatenate([targets, back])


def _degrees(
    graph: Graph, nodes: Ids, links: Sequence[str], seen: NDArray[np.bool_]
) -> tuple[list[int], list[int]]:
    """How many edges each has, and to how many things that were not found they lead."""
    import numpy as np

    degrees = np.zeros(len(nodes), dtype=np.int64)
    pairs = [np.zeros((2, 0), dtype=np.int64)]
    for link in links:
        adjacency = graph.adjacency(link)
        for starts, ends in (
            (adjacency.indptr, adjacency.targets),
            (adjacency.back_indptr, adjacency.back_sources),
        ):
            first, last = starts[nodes], starts[nodes + 1]
            degrees += last - first
            others = ends[_spots(first, last)]
            owners = np.repeat(np.arange(len(nodes)), last - first)
            outside = ~seen[others]
            pairs.append(np.stack([owners[outside], others[outside]]))
    hidden = np.unique(np.concatenate(pairs, axis=1), axis=1)
    more = np.bincount(hidden[0], minlength=len(nodes))
    return degrees.tolist(), more.tolist()


def _spots(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """All places of several stretches, one after the other."""
    import numpy as np

    lengths = last - first
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(np.arange(total) + np.repeat(first - before, lengths))
