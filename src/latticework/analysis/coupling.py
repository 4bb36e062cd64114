"""How tightly groups hang together: density, hubs, modularity, by sparse matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from latticework.graph.graph import Graph
from latticework.query.plan import LinkStep
from latticework.query.truth import Ids, Longs, Mask, Numbers
from latticework.query.walk import pairs_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_SHARED = 400
"""A thing that more groups than this share ties none of them to each other."""


@dataclass(frozen=True, kw_only=True)
class Coupling:
    """What ties things to each other: pairs, each once, and how many ties each has.

    `first` and `second` are places, `first` below `second`.
    """

    size: int
    first: Longs
    second: Longs
    ties: Longs

    @property
    def degrees(self) -> Longs:
        """To how many others each is tied."""
        both = np.concatenate([self.first, self.second])
        return np.bincount(both, minlength=self.size)

    @property
    def density(self) -> float:
        """The share of all pairs that are tied; nan with fewer than two things."""
        pairs = self.size * (self.size - 1) // 2
        return len(self.first) / pairs if pairs else float("nan")

    def modularity(self, groups: Longs) -> float:
        """How much more ties stay inside groups than chance would let them.

        Newman and Girvan 2004, "Finding and evaluating community structure in
        networks": for each group, its share of ties less the square of its
        share of ends. 1 is all apart, 0 is as by chance; nan without a tie.
        Things of group -1 stand in a group of their own each.
        """
        total = float(self.ties.sum())
        if not total:
            return float("nan")
        lone = groups < 0
        groups = np.where(lone, int(groups.max(initial=-1)) + 1 + np.cumsum(lone), groups)
        inside = groups[self.first] == groups[self.second]
        ends = np.bincount(groups[self.first], self.ties, minlength=int(groups.max()) + 1)
        ends = ends + np.bincount(groups[self.second], self.ties, minlength=len(ends))
        return float(self.ties[inside].sum() / total - ((ends / (2 * total)) ** 2).sum())


def coupling_of(graph: Graph, ids: Ids, paths: Sequence[tuple[LinkStep, ...]]) -> Coupling:
    """Ties between things: where a path leads from one to another, or both to a third.

    What both lead to ties them once, and so does each direct edge, whichever
    way it runs.
    """
    # SciPy takes 22 MB of memory once used.
    from scipy.sparse import coo_array, csr_array

    place = np.full(graph.size, -1, dtype=np.int64)
    place[ids] = np.arange(len(ids))
    total = csr_array((len(ids), len(ids)), dtype=np.int64)
    for steps in paths:
        places, nodes = pairs_of(graph, steps, ids)
        direct = place[nodes] >= 0
        total = total + _ties(places[direct], place[nodes[direct]], len(ids))
        total = total + _shared(places[~direct], nodes[~direct], len(ids))
    upper = coo_array(total)
    rows, columns = upper.coords
    kept: Mask = rows < columns
    return Coupling(
        size=len(ids),
        first=rows[kept].astype(np.int64),
        second=columns[kept].astype(np.int64),
        ties=upper.data[kept].astype(np.int64),
    )


def _ties(first: Longs, second: Longs, size: int) -> csr_array:
    """Direct edges, both ways, each pair as often as it is drawn."""
    from scipy.sparse import coo_array, csr_array

    ones = np.ones(len(first), dtype=np.int64)
    edges = coo_array((ones, (first, second)), shape=(size, size)).tocsr()
    return csr_array(edges + edges.T)


def _shared(places: Longs, nodes: Ids, size: int) -> csr_array:
    """What two lead to ties them; what nearly all lead to ties nobody."""
    from scipy.sparse import coo_array, csr_array

    several, column = np.unique(nodes, return_inverse=True)
    counts = np.bincount(column, minlength=len(several))
    kept = counts[column] <= MOST_SHARED
    ones = np.ones(int(kept.sum()), dtype=np.int64)
    shape = (size, max(len(several), 1))
    meets = coo_array((ones, (places[kept], column[kept])), shape=shape).tocsr()
    return csr_array(meets @ meets.T)


def swing(figures: Numbers) -> tuple[str, int]:
    """Where a series is heading, and how often it turned round on the way."""
    known = figures[~np.isnan(figures)]
    steps = np.diff(known)
    moved = np.sign(steps[np.abs(steps) > 1e-12])
    turns = int((np.diff(moved) != 0).sum()) if len(moved) > 1 else 0
    if not len(moved):
        return "level", 0
    return ("towards each other" if moved[-1] > 0 else "apart"), turns
