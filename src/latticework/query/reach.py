"""Sums over all that a node reaches, each thing once, for every node at once.

Adding up children would count a thing twice that is reached two ways. Only a
thing with several parents can be: so nodes with one parent are added up along
their tree, and only the others ("shared") are kept as sets. Cycles are first
drawn together into one node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from latticework.graph.timeline import order_of
from latticework.query.truth import Ids, Longs, Mask, Numbers, added
from latticework.query.walk import MOST_PAIRS, Neighbours, too_big

Number = TypeVar("Number", bound=np.generic)

MOST_ROUNDS = 20_000
"""Levels of a network that are peeled one by one."""

MANY = 200_000
"""Edges for which SciPy, which takes 22 MB of memory once used, is worth them."""


_BLOCK = 1 << 16
"""Members of sets that are laid side by side at once."""

_BITS = 32
_MEMBER = (1 << _BITS) - 1
"""A row and a member of it stand in one number."""


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


def reach_over(tables: Sequence[Neighbours], within: Mask) -> Reach:
    """The network of steps between the nodes of a mask."""
    nodes = np.flatnonzero(within)
    place = np.full(len(within), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    sources, targets = _edges(tables, nodes, place)
    size = len(nodes)
    looped = np.zeros(size, dtype=np.bool_)
    ahead = _table(sources, targets, size)
    order, levels = _peeled(ahead, size)
    if len(order) < size:
        size, labels = _circles(ahead, size)
        sources, targets = (labels[each] for each in (sources, targets))
        looped = np.zeros(size, dtype=np.bool_)
        looped[sources[sources == targets]] = True
        apart = sources != targets
        ahead = _table(sources[apart], targets[apart], size)
        order, levels = _peeled(ahead, size)
        place[nodes] = labels
    return Reach(place, looped, ahead, order, levels)


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
    sources = np.repeat(np.arange(size), np.diff(ahead.pointers))
    pointers = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ahead.targets, minlength=size), out=pointers[1:])
    return Neighbours(pointers, sources[order_of(ahead.targets)])


def _peeled(ahead: Neighbours, size: int) -> tuple[Longs, tuple[int, ...]]:
    """Places level by level, from those that lead nowhere; fewer than all in a cycle."""
    behind = _turned(ahead, size)
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
    closed = np.zeros(reach.size, dtype=np.int64)
    ends = (*reach.levels[1:], len(reach.order))
    for start, end in zip(reach.levels, ends, strict=False):
        level = reach.order[start:end]
        if start:
            _hold(reach.ahead, level, np.where(shared, closed, holds), holds, sets)
        heads = level[shared[level]]
        closed[heads] = sets.add_one_to_each(holds[heads], rank[heads])
    return shared, *sets.only(holds)


def _hold(ahead: Neighbours, level: Longs, given: Longs, holds: Longs, sets: Sets) -> None:
    """Find the sets of one level from what the places it leads to give."""
    rows, ends = ahead.pairs(level)
    numbers = given[ends]
    some = numbers > 0
    rows, numbers = rows[some], numbers[some]
    counts = np.bincount(rows, minlength=len(level))
    alone = counts[rows] == 1
    holds[level[rows[alone]]] = numbers[alone]
    several = counts > 1
    if several.any():
        place = np.cumsum(several) - 1
        count = int(several.sum())
        holds[level[several]] = sets.join(place[rows[~alone]], numbers[~alone], count)


class Sets:
    """Sets of shared places, by number; number 0 is empty. They only get more."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.count = 0
        self._pointers = np.zeros(1024, dtype=np.int64)
        self._members = np.zeros(1024, dtype=np.int32)

    @property
    def _table(self) -> Neighbours:
        return Neighbours(self._pointers[: self.count + 2], self._members)

    def add_one_to_each(self, numbers: Longs, members: Longs) -> Longs:
        """New sets: each of the numbered ones with one member more."""
        if not len(numbers):
            return numbers
        rows, found = self._table.pairs(numbers)
        laid = np.empty(len(found) + len(numbers), dtype=np.int32)
        sizes = np.bincount(rows, minlength=len(numbers)) + 1
        laid[np.arange(len(found)) + rows] = found
        laid[np.cumsum(sizes) - 1] = members
        return self._keep(sizes, laid)

    def join(self, rows: Longs, numbers: Longs, count: int) -> Longs:
        """New sets: for each of the rows, which ascend, the union of its numbered ones."""
        sizes = self._table.degrees(numbers)
        laid = int(sizes.sum())
        if laid > 4 * MOST_PAIRS:
            raise too_big(laid)
        lengths = np.zeros(count, dtype=np.int64)
        found = []
        # Row by row, so that no more is laid out at once than a few rows need.
        for first, last in _blocks(
            np.append(0, np.cumsum(sizes)), np.searchsorted(rows, np.arange(count + 1))
        ):
            places, members = self._table.pairs(numbers[first:last])
            keys = _each_once((rows[first:last][places] << _BITS) | members)
            lengths += np.bincount(keys >> _BITS, minlength=count)
            found.append((keys & _MEMBER).astype(np.int32))
        return self._keep(lengths, np.concatenate(found))

    def only(self, numbers: Longs) -> tuple[Longs, Sets]:
        """The numbered sets alone, their members ascending, and their new numbers."""
        used = np.unique(numbers[numbers > 0])
        kept = Sets(self.width)
        sizes = self._table.degrees(used)
        ends = np.append(0, np.cumsum(sizes))
        members = np.empty(int(ends[-1]), dtype=np.int32)
        for first, last in _blocks(ends, np.arange(len(used) + 1)):
            places, found = self._table.pairs(used[first:last])
            # What is read in the order in which it lies comes several times faster.
            keys = (places << _BITS) | found
            keys.sort()
            members[ends[first] : ends[last]] = keys & _MEMBER
        kept._keep(sizes, members)
        return np.searchsorted(used, numbers, side="right") * (numbers > 0), kept

    def totals(self, weights: Numbers) -> Numbers:
        """The sum of each set's weights."""
        pointers = self._table.pointers
        filled = np.flatnonzero(np.diff(pointers) > 0)
        totals = np.zeros(self.count + 1)
        starts, ends = pointers[filled], pointers[filled + 1]
        # Laid out block by block: what does not leave the cache is summed several times faster.
        for first, last in _blocks(np.append(starts, ends[-1:]), np.arange(len(filled) + 1)):
            begin = int(starts[first])
            laid = weights.take(self._members[begin : int(ends[last - 1])])
            totals[filled[first:last]] = np.add.reduceat(laid, starts[first:last] - begin)
        return totals

    def _keep(self, sizes: Longs, members: Ids) -> Longs:
        end = int(self._pointers[self.count + 1])
        total = end + len(members)
        if total > MOST_PAIRS:
            raise too_big(total)
        self._members = _roomy(self._members, total)
        self._members[end:total] = members
        first, self.count = self.count + 1, self.count + len(sizes)
        self._pointers = _roomy(self._pointers, self.count + 2)
        self._pointers[first + 1 : self.count + 2] = end + np.cumsum(sizes)
        return np.arange(first, self.count + 1)


def _blocks(laid: Longs, cuts: Longs) -> Iterator[tuple[int, int]]:
    """Stretches between cuts, of about as many members each as stay in the cache.

    `laid` tells for each place how many members lie before it.
    """
    marks = np.arange(0, int(laid[-1]), _BLOCK) if len(laid) else ()
    chosen = np.searchsorted(laid[cuts], marks)
    yield from pairwise(np.unique(np.append(cuts[chosen], cuts[-1])).tolist())


def _each_once(keys: Longs) -> Longs:
    """Keys ascending, each once."""
    keys.sort()
    fresh = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=fresh[1:])
    return keys[fresh]


def _roomy(array: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    """The array, or twice as long a copy where it is too short."""
    if size <= len(array):
        return array
    longer = np.zeros(max(size, 2 * len(array)), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


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
