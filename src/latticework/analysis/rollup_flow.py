"""Whole amounts carried along edges, split so that parts always sum to the whole.

Amounts are integers of a smallest unit. What a thing holds is handed to those
above it by weight; what rounding leaves over goes unit by unit to the largest
remainders, ties by ref, so that neither the order of edges nor that of entries
matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from latticework.analysis.rollup_bed import PARTS, Bed, Stretch
from latticework.query.truth import Ids, Longs

_MOST_AT_ONCE = 2**62 // PARTS
"""Below it an amount times a share fits into 63 bits."""


Handed = Callable[[Longs, Stretch], Longs]
"""What each edge of a stretch carries of the amounts that its heads hold."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What each place held of its own and got, of one sort of amount."""

    bed: Bed
    own: Longs
    got: Longs
    handed: Handed
    sign: int = 1

    def parts(self, edges: Ids) -> Longs:
        """What some edges carried, worked out again: few ask, and of few edges."""
        found = np.zeros(len(edges), dtype=np.int64)
        begins = np.array([at.edges.start for at in self.bed.stretches], dtype=np.int64)
        of = np.searchsorted(begins, edges, side="right") - 1
        for number in np.unique(of).tolist():
            at = self.bed.stretches[number]
            heads = self.bed.heads[at.groups]
            held = (self.own[heads] + self.got[heads]) * self.sign
            mine = np.flatnonzero(of == number)
            carried = self.handed(held, at) * self.sign
            found[mine] = carried[edges[mine] - at.edges.start]
        return found


def run_split(bed: Bed, own: Longs) -> Run:
    """Amounts handed up level by level; nothing is lost and nothing is made."""

    def handed(amounts: Longs, at: Stretch) -> Longs:
        starts = bed.firsts[at.groups] - at.edges.start
        shape = (starts, bed.counts[at.groups], bed.wholes[at.groups])
        return _apportioned(amounts, bed.weights[at.edges], *shape)

    return _run(bed, own, handed)


def run_least(bed: Bed, own: Longs) -> Run:
    """The least that each edge can carry, rounded down."""
    negative = len(own) > 0 and int(own.min()) < 0
    return _run(bed, own, _bounded(bed, bed.least, bed.most if negative else None))


def run_most(bed: Bed, own: Longs) -> Run:
    """The most that each edge can carry, rounded up."""
    negative = len(own) > 0 and int(own.min()) < 0
    handed = _bounded(bed, bed.most, bed.least if negative else None)
    # Turned round, to round up is to round down.
    run = _run(bed, -own, handed)
    return Run(bed=bed, own=own, got=np.negative(run.got, out=run.got), handed=handed, sign=-1)


def _bounded(bed: Bed, share: Longs, other: Longs | None) -> Handed:
    """Amounts by a bound of the shares, rounded down; the lesser of two bounds."""

    def handed(amounts: Longs, at: Stretch) -> Longs:
        spread = np.repeat(amounts, bed.counts[at.groups])
        carried = _times(spread, share[at.edges])
        if other is None:
            return carried
        return np.minimum(carried, _times(spread, other[at.edges]))

    return handed


def _run(bed: Bed, own: Longs, handed: Handed) -> Run:
    """Amounts handed on stretch by stretch, each after all that leads to it."""
    got = np.zeros(bed.size + 1, dtype=np.int64)
    if own.any():
        for at in bed.stretches:
            heads = bed.heads[at.groups]
            amounts = own[heads] + got[heads]
            if amounts.any():
                np.add.at(got, bed.above[at.edges], handed(amounts, at))
    return Run(bed=bed, own=own, got=got, handed=handed)


def apportion(amounts: Longs, weights: Longs, starts: Longs) -> Longs:
    """Each group's amount in whole parts by weight, which add up to it.

    What whole parts leave over goes to the largest remainders, one each; among
    equal ones to the first.
    """
    counts = np.diff(np.append(starts, len(weights)))
    return _apportioned(amounts, weights, starts, counts, np.add.reduceat(weights, starts))


def _apportioned(
    amounts: Longs, weights: Longs, starts: Longs, counts: Longs, wholes: Longs
) -> Longs:
    """The same, where groups and what their weights add up to are known."""
    fulls, rests = np.divmod(amounts, wholes)
    scaled = np.repeat(rests, counts) * weights
    parts = scaled // np.repeat(wholes, counts)
    if fulls.any():
        parts += np.repeat(fulls, counts) * weights
    over = amounts - np.add.reduceat(parts, starts)
    some = np.flatnonzero(over > 0)
    if not len(some):
        return np.asarray(parts)
    sizes = counts[some]
    begins = np.cumsum(sizes) - sizes
    nth = np.arange(int(sizes.sum())) - np.repeat(begins, sizes)
    places = np.repeat(starts[some], sizes) + nth
    mine = np.repeat(np.arange(len(some)), sizes)
    ranked = places[_by_remainder(mine, scaled[places] % wholes[some][mine], wholes[some])]
    parts[ranked[nth < np.repeat(over[some], sizes)]] += 1
    return np.asarray(parts)


def _by_remainder(groups: Longs, remainders: Longs, wholes: Longs) -> Longs:
    """The order of edges by group, then largest remainder, then as they stand."""
    bits = [int(each).bit_length() for each in (len(groups), wholes.max(initial=1))]
    if sum(bits) + int(groups[-1]).bit_length() > 62:
        return np.lexsort((-remainders, groups))
    # One sort of packed integers is several times faster than an indirect one.
    packed = (groups << bits[1]) | (wholes[groups] - remainders)
    if int(packed[-1]).bit_length() + bits[0] > 62:
        return np.lexsort((-remainders, groups))
    packed = (packed << bits[0]) | np.arange(len(groups))
    packed.sort()
    return np.asarray(packed & ((1 << bits[0]) - 1))


def _times(amounts: Longs, share: Longs) -> Longs:
    """Amounts times millionths, rounded down."""
    if len(amounts) and max(int(amounts.max()), -int(amounts.min())) < _MOST_AT_ONCE:
        return np.asarray(amounts * share // PARTS)
    fulls, rests = np.divmod(amounts, PARTS)
    return np.asarray(fulls * share + rests * share // PARTS)
