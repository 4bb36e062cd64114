"""Sums over all that a node reaches, each thing once, for every node at once.

Adding up children would count a thing twice that is reached two ways. Only a
thing with several parents can be: so nodes with one parent are added up along
their tree, and only the others ("shared") are kept as sets. Cycles are first
drawn together into one node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from latticework.graph.timeline import order_of
from latticework.query.sets import Given, Sets
from latticework.query.truth import Ids, Longs, Mask, Numbers, added
from latticework.query.walk import Neighbours, too_big

MOST_ROUNDS = 20_000
"""Levels of a network that are peeled one by one."""

MANY = 200_000
"""Edges for which SciPy, which takes 22 MB of memory once used, is worth them."""


@dataclass(frozen=True)
class Reach:
    """A network without cycles, ready for sums.

    `part` maps a node to its place in the network; `looped` marks places whose
    members reach themselves. `order` lists places so that each comes after all
    it leads to, `levels` where in it each level begins.
    """

    part: Longs
    looped: Mask
    ahead: Neighbours
    order: Longs
    levels: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.looped)

    @cached_property
    def nodes(self) -> Longs | None:
        """The one node at each place; None where a cycle has several."""
        if self.looped.any():
            return None
        inside = np.flatnonzero(self.part >= 0)
        found = np.empty(self.size, dtype=np.int64)
        found[self.part[inside]] = inside
        return found

    @cached_property
    def parent(self) -> Longs:
        """The only place that leads to a place; -1 where there are none or several."""
        targets = self.ahead.targets
        single = self.parents[targets] == 1
        found = np.full(self.size, -1, dtype=np.int64)
        found[targets[single]] = np.repeat(np.arange(self.size), np.diff(self.ahead.pointers))[
            single
        ]
        return found

    @cached_property
    def parents(self) -> Longs:
        """How many places lead to each."""
        return np.bincount(self.ahead.targets, minlength=self.size)

    @cached_property
    def shared(self) -> tuple[Mask, Longs, Sets]:
        """Places with several parents, and the sets of them ahead of each place.

        In the middle stands the number of each place's set.
        """
        return _shared_sets(self)


def reach_over(
    tables: Sequence[Neighbours], within: Mask, back: Sequence[Neighbours] = ()
) -> Reach:
    """The network of steps between the nodes of a mask.

    `back` are the same steps the other way, where they are known.
    """
    nodes = np.flatnonzero(within)
    place = np.full(len(within), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    size = len(nodes)
    ahead = _between(tables, nodes, place)
    behind = _between(back, nodes, place) if back else _turned(ahead, size)
    looped = np.zeros(size, dtype=np.bool_)
    order, levels = _peeled(ahead, behind, size)
    if len(order) < size:
        size, labels = _circles(ahead, size)
        sources, targets = (labels[each] for each in _laid(ahead))
        looped = np.zeros(size, dtype=np.bool_)
        looped[sources[sources == targets]] = True
        apart = sources != targets
        ahead = _table(sources[apart], targets[apart], size)
        order, levels = _peeled(ahead, _turned(ahead, size), size)
        place[nodes] = labels
    return Reach(place, looped, ahead, order, levels)


def _between(tables: Sequence[Neighbours], nodes: Longs, place: Longs) -> Neighbours:
    """The steps that begin and end among some nodes, by place, each once."""
    if len(tables) == 1 and len(nodes) == len(place):
        return tables[0]
    return _table(*_edges(tables, nodes, place), len(nodes))


def _laid(table: Neighbours) -> tuple[Longs, Ids]:
    """Each step's source and target."""
    sources = np.repeat(np.arange(len(table.pointers) - 1), np.diff(table.pointers))
    return sources, table.targets


def _circles(ahead: Neighbours, size: int) -> tuple[int, Longs]:
    """How many sets of places reach each other, and the set of each place."""
    # Imported here, because few networks have a cycle.
    from scipy.sparse import csgraph, csr_array

    ones = np.ones(len(ahead.targets), dtype=np.int8)
    matrix = csr_array((ones, ahead.targets, ahead.pointers), shape=(size, size))
    count, labels = csgraph.connected_components(matrix, directed=True, connection="strong")
    return count, labels.astype(np.int64)


def _edges(tables: Sequence[Neighbours], nodes: Longs, place: Longs) -> tuple[Longs, Longs]:
    sources, targets = [], []
    for table in tables:
        rows, ends = table.pairs(nodes)
        there = place[ends]
        inside = there >= 0
        if inside.all():
            sources.append(rows)
            targets.append(there)
        else:
            sources.append(rows[inside])
            targets.append(there[inside])
    return np.concatenate(sources), np.concatenate(targets)


def _table(sources: Longs, targets: Longs, size: int) -> Neighbours:
    """Edges by source, each once."""
    keys = sources * size + targets
    if len(keys) > 1 and not (keys[1:] > keys[:-1]).all():
        keys = np.unique(keys)
        sources, targets = keys // size, keys % size
    pointers = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(sources, minlength=size), out=pointers[1:])
    return Neighbours(pointers, targets)


def _turned(ahead: Neighbours, size: int) -> Neighbours:
    """The same edges, by target."""
    if len(ahead.targets) > MANY:
        from scipy.sparse import csr_array

        ones = np.ones(len(ahead.targets), dtype=np.int8)
        matrix = csr_array((ones, ahead.targets, ahead.pointers), shape=(size, size)).tocsc()
        return Neighbours(matrix.indptr.astype(np.int64), matrix.indices)
    sources, targets = _laid(ahead)
    pointers = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(targets, minlength=size), out=pointers[1:])
    return Neighbours(pointers, sources[order_of(targets)])


def _peeled(ahead: Neighbours, behind: Neighbours, size: int) -> tuple[Longs, tuple[int, ...]]:
    """Places level by level, from those that lead nowhere; fewer than all in a cycle."""
    left = np.diff(ahead.pointers)
    level: Ids = np.flatnonzero(left == 0)
    order, starts = [level], [0]
    while len(level):
        if len(starts) > MOST_ROUNDS:
            raise too_big(size)
        before = behind.of(level)
        if len(before) * 16 > size:
            left = left - np.bincount(before, minlength=size)
            touched = np.zeros(size, dtype=np.bool_)
            touched[before] = True
            level = np.flatnonzero(touched & (left == 0))
        else:
            touched_few, counts = np.unique(before, return_counts=True)
            left[touched_few] -= counts
            level = touched_few[left[touched_few] == 0]
        starts.append(starts[-1] + len(order[-1]))
        order.append(level)
    return np.concatenate(order), tuple(starts)


def sums_ahead(reach: Reach, own: Numbers) -> Numbers:
    """For each place the sum of the own weights of all it reaches."""
    trees = _tree_sums(reach.parent, own)
    linked = np.flatnonzero(reach.parent >= 0)
    # Added up anew: taking the own weight away again would round.
    sums = added(reach.parent[linked], trees[linked], reach.size)
    if (reach.parents > 1).any():
        shared, holds, sets = reach.shared
        sums += sets.totals(trees[shared])[holds]
    sums[reach.looped] += own[reach.looped]
    return sums


def _tree_sums(parent: Longs, own: Numbers) -> Numbers:
    """Each place's own weight and that of its tree, by doubling the distance."""
    sums, above = own.copy(), parent.copy()
    while True:
        linked = np.flatnonzero(above >= 0)
        if not len(linked):
            return sums
        sums = sums + added(above[linked], sums[linked], len(own))
        above[linked] = above[above[linked]]


def _shared_sets(reach: Reach) -> tuple[Mask, Longs, Sets]:
    """Sets of shared places, level by level from those that lead nowhere."""
    shared = reach.parents > 1
    sets = Sets(int(shared.sum()))
    rank = np.cumsum(shared) - 1
    # For each place: the set of shared places strictly ahead; 0 is the empty one.
    holds = np.zeros(reach.size, dtype=np.int64)
    ends = (*reach.levels[1:], len(reach.order))
    for start, end in zip(reach.levels[1:], ends[1:], strict=True):
        level = reach.order[start:end]
        holds[level] = _held(reach.ahead.pairs(level), len(level), holds, (shared, rank), sets)
    return shared, holds, sets


def _held(
    pairs: tuple[Longs, Ids], count: int, holds: Longs, ranked: tuple[Mask, Longs], sets: Sets
) -> Longs:
    """The sets of one level: what the places that it leads to hold, and those that are shared."""
    rows, ends = pairs
    numbers, own = holds[ends], ranked[0][ends]
    some = numbers > 0
    giving = np.bincount(rows[some], minlength=count)
    several = giving > 1
    several[rows[own]] = True
    held = np.zeros(count, dtype=np.int64)
    alone = some & ~several[rows]
    held[rows[alone]] = numbers[alone]
    if several.any():
        place = np.cumsum(several) - 1
        joined = some & several[rows]
        given = Given(
            count=int(several.sum()),
            rows=place[rows[joined]],
            numbers=numbers[joined],
            own_rows=place[rows[own]],
            own=ranked[1][ends[own]],
        )
        held[several] = sets.join(given)
    return held


def extremes_ahead(reach: Reach, own: Numbers, *, least: bool) -> Numbers:
    """For each place the least or greatest of all it reaches; nan for none."""
    pick = np.fmin if least else np.fmax
    best = np.full(reach.size, np.nan)
    ends = (*reach.levels[1:], len(reach.order))
    for start, end in zip(reach.levels, ends, strict=False):
        level = reach.order[start:end]
        best[level] = _level_extremes(reach, level, pick(best, own), pick)
        loops = level[reach.looped[level]]
        best[loops] = pick(best[loops], own[loops])
    return best


def _level_extremes(reach: Reach, level: Longs, ahead: Numbers, pick: np.ufunc) -> Numbers:
    found = np.full(len(level), np.nan)
    rows, ends = reach.ahead.pairs(level)
    if len(rows):
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))
        found[rows[firsts]] = pick.reduceat(ahead[ends], firsts)
    return found
