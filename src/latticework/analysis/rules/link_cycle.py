"""Rule: link-cycle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.adjacency import Adjacency
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags, Ints
from latticework.model.model import Shape

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_NAMED = 8
"""A longer round is told by its first things and its length."""

ROUNDS = 64
"""How often ends are cut off before what is left is searched for rounds."""


@rule("LINK002", severity=Severity.ERROR, since="0.1")
def link_cycle(graph: Graph, today: date) -> Iterator[Complaint]:
    """A link that should not go round goes round.

    Two goals that serve each other explain nothing, and a value carried up
    such a link would never arrive. One finding names one way round for each
    set of things that reach each other.

    ```yaml flagged
    goal/grow: {title: Grow, serves: goal/retain}
    goal/retain: {title: Retain, serves: goal/grow}
    ```

    ```yaml clean
    goal/grow: {title: Grow}
    goal/retain: {title: Retain, serves: goal/grow}
    ```
    """
    for link in graph.model.links:
        if link.shape not in {Shape.ACYCLIC, Shape.TREE}:
            continue
        for ring in _rings(graph.adjacency(link.name), graph.size):
            refs = [str(graph.ref_of(each)) for each in ring]
            shown = refs if len(refs) <= MOST_NAMED else [*refs[:MOST_NAMED], "…"]
            yield Complaint(
                ref=refs[0],
                field=link.name,
                says=f"'{link.name}' goes round: " + " → ".join([*shown, refs[0]]),
                hint="take away the edge that explains least",
            )


def _rings(adjacency: Adjacency, size: int) -> Iterator[list[int]]:
    """One way round per set of things that reach each other, then self-edges."""
    sources, targets = adjacency.sources, adjacency.targets
    selfish = sources == targets
    yield from ([each] for each in np.unique(sources[selfish]).tolist())
    sources, targets = _without_ends(sources[~selfish], targets[~selfish], size)
    if not len(sources):
        return
    # Imported here, because most links go round nowhere.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(sources), dtype=np.int8)
    matrix = csr_array((ones, (sources, targets)), shape=(size, size))
    _, group = connected_components(matrix, directed=True, connection="strong")
    counts = np.bincount(group)
    for each in np.flatnonzero(counts > 1).tolist():
        yield _ring(matrix, np.flatnonzero(group == each))


def _without_ends(sources: Ints, targets: Ints, size: int) -> tuple[Ints, Ints]:
    """Edges without most of those that begin or end where nothing goes round."""
    for _ in range(ROUNDS):
        kept = _marked(targets, size)[sources] & _marked(sources, size)[targets]
        if kept.all():
            break
        sources, targets = sources[kept], targets[kept]
    return sources, targets


def _marked(nodes: Ints, size: int) -> Flags:
    marks = np.zeros(size, dtype=np.bool_)
    marks[nodes] = True
    return marks


def _ring(matrix: csr_array, members: np.ndarray) -> list[int]:
    """A shortest way from the first member back to it, inside the set."""
    from scipy.sparse.csgraph import breadth_first_order

    inner = matrix[members][:, members]
    order, before = breadth_first_order(inner, 0, directed=True)
    reaches_start = set(inner.tocsc()[:, [0]].nonzero()[0].tolist())
    last = next(int(each) for each in order if int(each) in reaches_start and each != 0)
    ring = [last]
    while ring[-1] != 0:
        ring.append(int(before[ring[-1]]))
    return [int(members[each]) for each in reversed(ring)]
