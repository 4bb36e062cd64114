"""Sets of places that several others lead to, kept so that each is summed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from latticework.query.truth import Ids, Longs, Mask, Numbers, added
from latticework.query.walk import MOST_PAIRS, Neighbours, too_big

Number = TypeVar("Number", bound=np.generic)

_BLOCK = 1 << 16
"""Members of sets that are laid side by side at once."""

_BITS = 32
_MEMBER = (1 << _BITS) - 1
"""A row and a member of it stand in one number."""

_MANY = 4_096
"""Rows that lay out fewer members are sorted together; larger ones may be marked, each alone."""

_DENSE = 4
"""A row is marked, not sorted, where it lays out one in so many of all members there are."""

_FEWER = 4
"""Sums are taken from other sums where that saves all steps but one in so many."""

_EXACT = 2.0**53
"""Below it sums of whole numbers are exact, and so is what is taken away from one."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What rows are joined from: sets by number, and members of their own.

    Both ascend by row; a row's own members ascend as well, each once.
    """

    count: int
    rows: Longs
    numbers: Longs
    own_rows: Longs
    own: Longs


@dataclass(frozen=True, kw_only=True)
class _Short:
    """Many sets joined at once: what they were given, and what that gives more than once."""

    first: int
    given: Given
    extra_rows: Longs
    extra: Longs

    @cached_property
    def most(self) -> int:
        """How often a row can count one member before it is taken away again."""
        return int(np.bincount(self.given.rows).max()) + 1

    def __len__(self) -> int:
        """How many numbers are looked up to sum them."""
        return len(self.given.numbers) + len(self.given.own) + len(self.extra)


class Sets:
    """Sets of members 0 to `width` - 1, by number; number 0 is empty. They only get more.

    A set of more than half of all is kept as what it lacks.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.count = 0
        self._pointers = np.zeros(1024, dtype=np.int64)
        self._members = np.zeros(1024, dtype=np.int32)
        self._lacking = np.zeros(1024, dtype=np.bool_)
        self._dense = max(width // _DENSE, _MANY)
        self._short: list[_Short] = []

    def join(self, given: Given) -> Longs:
        """A new set per row: the union of all that it is given."""
        sizes = np.bincount(given.rows, self._sizes(given.numbers), minlength=given.count)
        laid = sizes.astype(np.int64) + np.bincount(given.own_rows, minlength=given.count)
        if int(laid.sum()) > 4 * MOST_PAIRS:
            raise too_big(int(laid.sum()))
        dense = laid >= self._dense
        if not dense.any():
            return self._sorted(given, laid)
        found = np.empty(given.count, dtype=np.int64)
        found[~dense] = self._sorted(_some(given, ~dense), laid[~dense])
        found[dense] = self._marked(_some(given, dense))
        return found

    def totals(self, weights: Numbers) -> Numbers:
        """The sum of each set's weights."""
        lacking = np.flatnonzero(self._lacking[: self.count + 1])
        totals = np.zeros(self.count + 1)
        size = _size_of_whole(weights)
        if size >= _EXACT:
            self._list(weights, 0, self.count + 1, totals)
            # What is taken away from a sum rounds: added up anew without it.
            for number in lacking.tolist():
                totals[number] = weights[self._mask(number)].sum()
            return totals
        short = [each for each in self._short if size * each.most < _EXACT]
        ends = [e for each in short for e in (each.first, each.first + each.given.count)]
        for first, last in zip([0, *ends[1::2]], [*ends[::2], self.count + 1], strict=True):
            self._list(weights, first, last, totals)
        totals[lacking] = weights.sum() - totals[lacking]
        for each in short:
            totals[each.first : each.first + each.given.count] = _shortly(each, weights, totals)
        return totals

    @property
    def _table(self) -> Neighbours:
        return Neighbours(self._pointers[: self.count + 2], self._members)

    def _sizes(self, numbers: Longs) -> Longs:
        listed = self._table.degrees(numbers)
        return np.where(self._lacking[numbers], self.width - listed, listed)

    def _sorted(self, given: Given, laid: Longs) -> Longs:
        """Rows joined block by block: no more is laid out at once than stays in the cache."""
        if not len(given.rows):
            return self._keep(laid, given.own.astype(np.int32))
        cuts = np.arange(given.count + 1)
        of_sets, of_own = (np.searchsorted(each, cuts) for each in (given.rows, given.own_rows))
        lengths = np.zeros(given.count, dtype=np.int64)
        found, extras = [], [np.zeros(0, dtype=np.int64)]
        for first, last in _blocks(np.append(0, np.cumsum(laid)), cuts):
            sets = slice(int(of_sets[first]), int(of_sets[last]))
            own = slice(int(of_own[first]), int(of_own[last]))
            places, members = self._table.pairs(given.numbers[sets])
            keys = (given.rows[sets][places] << _BITS) | members
            if own.stop > own.start:
                keys = np.append(keys, (given.own_rows[own] << _BITS) | given.own[own])
            keys.sort()
            again = np.zeros(len(keys), dtype=np.bool_)
            np.equal(keys[1:], keys[:-1], out=again[1:])
            extras.append(keys[again])
            keys = keys[~again]
            lengths[first:last] = np.bincount((keys >> _BITS) - first, minlength=last - first)
            found.append((keys & _MEMBER).astype(np.int32))
        numbers = self._keep(lengths, np.concatenate(found))
        self._shorten(given, int(numbers[0]), np.concatenate(extras), int(lengths.sum()))
        return numbers

    def _shorten(self, given: Given, first: int, extras: Longs, listed: int) -> None:
        """Remember how many sets are summed in fewer steps than they have members."""
        rows, members = extras >> _BITS, extras & _MEMBER
        short = _Short(first=first, given=given, extra_rows=rows, extra=members)
        if listed > _BLOCK and len(short) * _FEWER < listed:
            self._short.append(short)

    def _marked(self, given: Given) -> Longs:
        """Rows of many members, each marked among all that there are."""
        cuts = np.arange(given.count + 1)
        of_sets, of_own = (np.searchsorted(each, cuts) for each in (given.rows, given.own_rows))
        numbers = []
        for row in range(given.count):
            marks = np.zeros(self.width, dtype=np.bool_)
            marks[given.own[of_own[row] : of_own[row + 1]]] = True
            of_row = given.numbers[of_sets[row] : of_sets[row + 1]]
            lacking = self._lacking[of_row]
            if not lacking.all():
                marks[self._table.of(of_row[~lacking])] = True
            for number in of_row[lacking].tolist():
                marks |= self._mask(number)
            size = int(np.count_nonzero(marks))
            lacks = size >= self._dense and 2 * size > self.width
            listed = np.flatnonzero(~marks if lacks else marks).astype(np.int32)
            numbers.append(int(self._keep(np.array([len(listed)]), listed)[0]))
            self._lacking[self.count] = lacks
        return np.array(numbers, dtype=np.int64)

    def _mask(self, number: int) -> Mask:
        """Which members a set has."""
        lacking = bool(self._lacking[number])
        marks = np.full(self.width, lacking)
        marks[self._members[self._pointers[number] : self._pointers[number + 1]]] = not lacking
        return marks

    def _list(self, weights: Numbers, first: int, last: int, totals: Numbers) -> None:
        """Fill in what the members listed from a number up to another weigh together."""
        pointers = self._pointers[first : last + 1]
        filled = np.flatnonzero(np.diff(pointers) > 0)
        starts, ends = pointers[filled], pointers[filled + 1]
        # Laid out block by block: what does not leave the cache is summed several times faster.
        for begin, end in _blocks(np.append(starts, pointers[-1]), np.arange(len(filled) + 1)):
            lies = int(starts[begin])
            laid = weights.take(self._members[lies : int(ends[end - 1])])
            totals[first + filled[begin:end]] = np.add.reduceat(laid, starts[begin:end] - lies)

    def _keep(self, sizes: Longs, members: Ids) -> Longs:
        end = int(self._pointers[self.count + 1])
        total = end + len(members)
        if total > MOST_PAIRS:
            raise too_big(total)
        self._members = _roomy(self._members, total)
        self._members[end:total] = members
        first, self.count = self.count + 1, self.count + len(sizes)
        self._pointers = _roomy(self._pointers, self.count + 2)
        self._lacking = _roomy(self._lacking, self.count + 2)
        self._pointers[first + 1 : self.count + 2] = end + np.cumsum(sizes)
        return np.arange(first, self.count + 1)


def _some(given: Given, chosen: Mask) -> Given:
    """The chosen rows alone, numbered anew."""
    place = np.cumsum(chosen) - 1
    sets, own = chosen[given.rows], chosen[given.own_rows]
    return Given(
        count=int(chosen.sum()),
        rows=place[given.rows[sets]],
        numbers=given.numbers[sets],
        own_rows=place[given.own_rows[own]],
        own=given.own[own],
    )


def _shortly(short: _Short, weights: Numbers, totals: Numbers) -> Numbers:
    """What joined sets weigh: all that they were given, less what that gives again."""
    given = short.given
    found = added(given.rows, totals[given.numbers], given.count)
    found += added(given.own_rows, weights[given.own], given.count)
    found -= added(short.extra_rows, weights[short.extra], given.count)
    return found


def _size_of_whole(weights: Numbers) -> float:
    """What whole numbers add up to, signs apart; infinite where one is not whole."""
    with np.errstate(invalid="ignore"):
        return float(np.abs(weights).sum()) if (np.rint(weights) == weights).all() else np.inf


def _blocks(laid: Longs, cuts: Longs) -> Iterator[tuple[int, int]]:
    """Stretches between cuts, of about as many members each as stay in the cache.

    `laid` tells for each place how many members lie before it.
    """
    chosen = np.searchsorted(laid[cuts], np.arange(0, int(laid[-1]), _BLOCK))
    yield from pairwise(np.unique(np.append(cuts[chosen], cuts[-1])).tolist())


def _roomy(array: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    """The array, or twice as long a copy where it is too short."""
    if size <= len(array):
        return array
    longer = np.zeros(max(size, 2 * len(array)), dtype=array.dtype)
    longer[: len(array)] = array
    return longer
