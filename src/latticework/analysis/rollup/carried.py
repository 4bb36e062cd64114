"""Whole amounts carried along edges, split so that parts always sum to the whole.

Amounts are whole numbers of a smallest unit, in floats: below 2 to the 53rd these
are exact, and several times faster to divide than integers. What a thing holds is
handed to those above it by weight; what rounding leaves over goes unit by unit to
the largest remainders, ties by ref, so that neither the order of edges nor that of
entries matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from latticework.analysis.rollup.bed import PARTS, Bed, Stretch
from latticework.query.truth import Ids, Longs, Numbers

_EXACT = 2**53
"""Below it a float tells whole numbers apart, and the quotient of two rounds down as theirs does."""


_ROUNDS = 3
"""So many largest are looked for one by one: most groups want no more, and nothing is sorted."""

Handed = Callable[[Numbers, Stretch], Numbers]
"""What each edge of a stretch carries of the amounts that its heads hold."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What each place held of its own and got, of one sort of amount."""

    bed: Bed
    own: Numbers
    got: Numbers
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
            found[mine] = carried[edges[mine] - at.edges.start].astype(np.int64)
        return found


def run_split(bed: Bed, own: Numbers) -> Run:
    """Amounts handed up level by level; nothing is lost and nothing is made."""

    def handed(amounts: Numbers, at: Stretch) -> Numbers:
        groups = _Groups(
            weights=bed.weights[at.edges],
            divisors=bed.divisors[at.edges],
            starts=bed.firsts[at.groups] - at.edges.start,
            counts=bed.counts[at.groups],
            wholes=bed.wholes[at.groups],
        )
        return _apportioned(amounts, groups)

    return _run(bed, own, handed)


def run_least(bed: Bed, own: Numbers) -> Run:
    """The least that each edge can carry, rounded down."""
    negative = len(own) > 0 and float(own.min()) < 0
    return _run(bed, own, _bounded(bed, bed.bounds.least, bed.bounds.most if negative else None))


def run_most(bed: Bed, own: Numbers) -> Run:
    """The most that each edge can carry, rounded up."""
    negative = len(own) > 0 and float(own.min()) < 0
    handed = _bounded(bed, bed.bounds.most, bed.bounds.least if negative else None)
    # Turned round, to round up is to round down.
    run = _run(bed, -own, handed)
    return Run(bed=bed, own=own, got=np.negative(run.got, out=run.got), handed=handed, sign=-1)


def _bounded(bed: Bed, share: Numbers, other: Numbers | None) -> Handed:
    """Amounts by a bound of the shares, rounded down; the lesser of two bounds."""

    def handed(amounts: Numbers, at: Stretch) -> Numbers:
        spread = np.repeat(amounts, bed.counts[at.groups])
        if other is None:
            return _times(spread, share[at.edges])
        return np.minimum(_times(spread.copy(), share[at.edges]), _times(spread, other[at.edges]))

    return handed


def _run(bed: Bed, own: Numbers, handed: Handed) -> Run:
    """Amounts handed on stretch by stretch, each after all that leads to it."""
    got = np.zeros(bed.size + 1)
    if own.any():
        for at in bed.stretches:
            heads = bed.heads[at.groups]
            amounts = own[heads]
            amounts += got[heads]
            if amounts.any():
                np.add.at(got, bed.above[at.edges], handed(amounts, at))
    return Run(bed=bed, own=own, got=got, handed=handed)


def apportion(amounts: Longs, weights: Longs, starts: Longs) -> Longs:
    """Each group's amount in whole parts by weight, which add up to it.

    What whole parts leave over goes to the largest remainders, one each; among
    equal ones to the first. Sums of weights are below 2 to the 31st.
    """
    counts = np.diff(np.append(starts, len(weights)))
    said = weights.astype(np.float64)
    wholes = np.add.reduceat(said, starts)
    groups = _Groups(said, np.repeat(wholes, counts), starts, counts, wholes)
    return _apportioned(amounts.astype(np.float64), groups).astype(np.int64)


class _Groups(NamedTuple):
    """Edges side by side: for each its weight and what those of its group add up to.

    For each group the edge at which it begins, how many it has, and what their
    weights add up to.
    """

    weights: Numbers
    divisors: Numbers
    starts: Longs
    counts: Longs
    wholes: Numbers


def _apportioned(amounts: Numbers, groups: _Groups) -> Numbers:
    """The same, where groups and what their weights add up to are known."""
    fulls = np.floor(amounts / groups.wholes)
    rests = amounts - fulls * groups.wholes
    parts, left = _divided(np.repeat(rests, groups.counts), groups.weights, groups.divisors)
    if fulls.any():
        parts = parts + np.repeat(fulls, groups.counts) * groups.weights
    if _is_all(amounts, parts):
        return parts
    over = amounts - np.add.reduceat(parts, groups.starts)
    for rows in _largest(left(), groups.starts, groups.counts, over):
        parts[rows] += 1
    return parts


def _is_all(amounts: Numbers, parts: Numbers) -> bool:
    """Whether rounding left nothing over anywhere, told by one sum; no group gets too much."""
    whole = float(amounts.sum())
    return whole < _EXACT and float(amounts.min()) >= 0 and float(parts.sum()) == whole


def _largest(remainders: Longs, starts: Longs, counts: Longs, wanted: Numbers) -> Iterator[Longs]:
    """The rows of each group's largest remainders, as many as it wants; the first of equals."""
    bits = len(remainders).bit_length()
    mask = (1 << bits) - 1
    # A remainder and its row in one number: the greatest tells where it stands.
    ranked = (remainders << bits) | np.arange(mask, mask - len(remainders), -1)
    for taken in range(min(int(wanted.max()), _ROUNDS)):
        best = mask - (np.maximum.reduceat(ranked, starts) & mask)[wanted > taken]
        yield best
        ranked[best] = -1
    if (wanted > _ROUNDS).any():
        mine = np.repeat(np.arange(len(starts)), counts)
        nth = np.arange(len(mine)) - starts[mine]
        yield np.lexsort((-ranked, mine))[nth < (wanted - _ROUNDS)[mine]]


def _divided(
    rests: Numbers, weights: Numbers, wholes: Numbers
) -> tuple[Numbers, Callable[[], Longs]]:
    """Rests by weight, rounded down, and what that leaves over."""
    most = float(wholes.max(initial=0.0))
    if most * most < _EXACT:
        scaled = np.multiply(rests, weights, out=rests)
        parts = scaled / wholes
        np.floor(parts, out=parts)
        return parts, lambda: (scaled - parts * wholes).astype(np.int64)
    products, divisors = rests.astype(np.int64) * weights.astype(np.int64), wholes.astype(np.int64)
    quotients = products // divisors
    return quotients.astype(np.float64), lambda: products - quotients * divisors


def _times(amounts: Numbers, share: Numbers) -> Numbers:
    """Amounts times millionths, rounded down; may be worked out where the amounts lay."""
    if len(amounts) and max(float(amounts.max()), -float(amounts.min())) * PARTS < _EXACT:
        amounts *= share
        amounts /= PARTS
        np.floor(amounts, out=amounts)
        return amounts
    fulls = np.floor(amounts / PARTS)
    return np.asarray(fulls * share + np.floor((amounts - fulls * PARTS) * share / PARTS))
