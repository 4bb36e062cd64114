"""Whole amounts carried along edges, split so that parts always sum to the whole.

Amounts are integers of a smallest unit. What a thing holds is handed to those
above it by weight; what rounding leaves over goes unit by unit to the largest
remainders, ties by ref, so that neither the order of edges nor that of entries
matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.timeline import order_of
from latticework.query.reach import Reach
from latticework.query.truth import Ids, Longs, Mask, Numbers, narrow

PARTS = 1_000_000
"""Shares are read to a millionth."""

_MOST_AT_ONCE = 2**62 // PARTS
"""Below it an amount times a share fits into 63 bits."""

_MOST_LACKING = 2_000
"""Beyond so many edges without a share, what is left is divided roughly evenly among them."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Edges that carry amounts from a thing (`below`) to those `above` it.

    `low` and `high` are the shares said, nan where none was; `links` tells the
    place in `names` of each edge's link, `spots` its place among the link's
    edges.
    """

    below: Ids
    above: Ids
    low: Numbers
    high: Numbers
    links: Longs
    spots: Longs
    names: tuple[tuple[str, bool], ...]

    def __len__(self) -> int:
        """How many edges there are."""
        return len(self.below)

    def take(self, places: Ids) -> Ways:
        """The edges at these places, in this order."""
        return Ways(
            below=self.below[places],
            above=self.above[places],
            low=self.low[places],
            high=self.high[places],
            links=self.links[places],
            spots=self.spots[places],
            names=self.names,
        )


@dataclass(frozen=True, kw_only=True)
class Bed:
    """Where amounts run: edges in groups by the thing they leave.

    Things are places of a network without cycles; place `size` takes what
    nobody is said to get. `weights` of a group add up to its `whole`. `firsts`
    are the edges at which groups begin, `turns` the groups at which a further
    level begins. `least` and `most` bound each edge's share, in millionths.
    """

    size: int
    ways: Ways
    below: Longs
    above: Longs
    weights: Longs
    least: Longs
    most: Longs
    assumed: Mask
    firsts: Longs
    turns: Longs
    over: Mask

    @cached_property
    def groups(self) -> Longs:
        """The group of each edge."""
        counts = np.diff(np.append(self.firsts, len(self.below)))
        return np.repeat(np.arange(len(self.firsts)), counts)

    @cached_property
    def wholes(self) -> Longs:
        """What each group's weights add up to."""
        if not len(self.firsts):
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(self.weights, self.firsts)

    @property
    def heads(self) -> Longs:
        """The place that each group leaves."""
        return self.below[self.firsts]

    @cached_property
    def is_end(self) -> Mask:
        """Places that hand nothing on."""
        ends = np.ones(self.size + 1, dtype=np.bool_)
        ends[self.heads] = False
        return ends

    @cached_property
    def alone(self) -> Longs:
        """Places that neither hand on nor are handed anything."""
        linked = np.zeros(self.size + 1, dtype=np.bool_)
        linked[self.above] = True
        return np.flatnonzero(self.is_end[: self.size] & ~linked[: self.size])

    @cached_property
    def tops(self) -> Longs:
        """Places that hand nothing on and are handed something."""
        alone = np.zeros(self.size, dtype=np.bool_)
        alone[self.alone] = True
        return np.flatnonzero(self.is_end[: self.size] & ~alone)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What each edge carried, and what each place got, of one sort of amount."""

    parts: Longs
    got: Longs


def bed_over(graph: Graph, ways: Ways, reach: Reach | None) -> Bed:
    """Edges laid out level by level; without a network, all in one level."""
    size = graph.size if reach is None else reach.size
    below = ways.below if reach is None else reach.part[ways.below]
    above = ways.above if reach is None else reach.part[ways.above]
    order = np.arange(size) if reach is None else reach.order
    inside = np.flatnonzero((below >= 0) & (above >= 0) & ((below != above) | (reach is None)))
    if len(inside) < len(ways):
        ways, below, above = ways.take(inside), below[inside], above[inside]
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    ties = _ties(graph, ways.above)
    # Sorted twice, the lesser key first: `order_of` takes codes of 31 bits.
    chosen = order_of(narrow(ties))
    if reach is not None and reach.looped.any():
        # Members of a cycle leave one place: which of them goes first is told by ref.
        first = order_of(narrow(_ties(graph, ways.below)))
        chosen = first[order_of(narrow(ties[first]))]
    chosen = chosen[order_of(narrow(rank[below[chosen]]))]
    chosen = _each_once(chosen, below, above, ways.low)
    ways, below, above = ways.take(chosen), below[chosen], above[chosen]
    return _weighed(size, ways, below.astype(np.int64), above.astype(np.int64), rank, reach)


def _ties(graph: Graph, nodes: Ids) -> Longs:
    """The place of each thing's ref in the alphabet, among these."""
    marks = np.zeros(graph.size, dtype=np.bool_)
    marks[nodes] = True
    several = np.flatnonzero(marks)
    refs = graph.refs.gather(several)
    ranks = np.zeros(graph.size, dtype=np.int64)
    ranks[several[refs.arg_sort().to_numpy()]] = np.arange(len(several))
    return np.asarray(ranks[nodes])


def _each_once(chosen: Longs, below: Ids, above: Ids, said: Numbers) -> Longs:
    """One edge per pair of places: the first with a share, else the first."""
    pairs = below[chosen] * (int(above.max(initial=0)) + 1) + above[chosen]
    ordered = np.sort(pairs)
    if not (ordered[1:] == ordered[:-1]).any():
        return chosen
    lacks = np.isnan(said[chosen])
    by_pair = np.lexsort((np.arange(len(chosen)), lacks, pairs))
    kept = by_pair[np.flatnonzero(np.diff(pairs[by_pair], prepend=-1))]
    return np.asarray(chosen[np.sort(kept)])


def _weighed(
    size: int, ways: Ways, below: Longs, above: Longs, rank: Longs, reach: Reach | None
) -> Bed:
    """The edges with whole-number weights, and one more to `size` where shares leave a rest."""
    firsts = np.flatnonzero(np.diff(below, prepend=-1))
    counts = np.diff(np.append(firsts, len(below)))
    groups = np.repeat(np.arange(len(firsts)), counts)
    weighing = _weighing(ways.low, ways.high, firsts, counts, groups)
    rest = np.flatnonzero(weighing.rest > 0)
    ends = firsts[rest] + counts[rest]
    none = np.full(len(rest), -1, dtype=np.int64)
    sunk = Ways(
        below=np.insert(ways.below, ends, ways.below[firsts[rest]]),
        above=np.insert(ways.above, ends, none),
        low=np.insert(ways.low, ends, np.nan),
        high=np.insert(ways.high, ends, np.nan),
        links=np.insert(ways.links, ends, none),
        spots=np.insert(ways.spots, ends, none),
        names=ways.names,
    )
    below = np.insert(below, ends, below[firsts[rest]])
    firsts = np.flatnonzero(np.diff(below, prepend=-1))
    return Bed(
        size=size,
        ways=sunk,
        below=below,
        above=np.insert(above, ends, size),
        weights=np.insert(weighing.weights, ends, weighing.rest[rest]),
        least=np.insert(weighing.least, ends, 0),
        most=np.insert(weighing.most, ends, PARTS),
        assumed=np.insert(weighing.assumed, ends, False),
        firsts=firsts,
        turns=_turns(rank[below[firsts]], reach),
        over=weighing.over,
    )


def _turns(ranks: Longs, reach: Reach | None) -> Longs:
    """The groups at which each level begins, and the end of the last."""
    if reach is None:
        return np.array([0, len(ranks)])
    return np.append(np.searchsorted(ranks, np.array(reach.levels)), len(ranks))


@dataclass(frozen=True, kw_only=True)
class _Weighing:
    weights: Longs
    rest: Longs
    least: Longs
    most: Longs
    assumed: Mask
    over: Mask


def _weighing(
    low: Numbers, high: Numbers, firsts: Longs, counts: Longs, groups: Longs
) -> _Weighing:
    """Weights of edges in groups, from the shares that were said of them.

    A share said as a range counts by its middle; shares that add up to more
    than all are scaled down; where some are missing, they get the rest evenly.
    Each of these is an assumption, save that a lone edge without a share takes
    all.
    """
    if not len(low):
        none, flags = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return _Weighing(weights=none, rest=none, least=none, most=none, assumed=flags, over=flags)
    lacks = np.isnan(low)
    least = np.rint(np.where(lacks, 0.0, low * PARTS)).astype(np.int64)
    most = np.rint(np.where(lacks, PARTS, high * PARTS)).astype(np.int64)
    middle = np.where(lacks, 0, (least + most) // 2)
    said = np.add.reduceat(middle, firsts)
    lacking = np.add.reduceat(lacks.astype(np.int64), firsts)
    left = np.maximum(PARTS - said, 0)
    some = (lacking > 0) & (lacking < counts)
    factor = np.where(some & (lacking <= _MOST_LACKING), lacking, 1)
    weights = np.where(
        lacks, (left * factor // np.maximum(lacking, 1))[groups], middle * factor[groups]
    )
    alike = lacking == counts
    weights = np.where(alike[groups], 1, weights)
    rest = np.where(
        lacking == 0, left, left * factor - left * factor // np.maximum(lacking, 1) * lacking
    )
    rest = np.where(alike, 0, rest)
    over = (said > PARTS) & ~alike
    nothing = (np.add.reduceat(weights, firsts) + rest) == 0
    rest = np.where(nothing, 1, rest)
    ranged = ~lacks & (most > least)
    assumed = (lacks & (counts[groups] > 1)) | ranged | over[groups]
    return _Weighing(
        weights=weights,
        rest=rest,
        least=_lowered(least, most, lacks, firsts, counts, groups),
        most=_raised(least, most, lacks, firsts, groups),
        assumed=assumed,
        over=over,
    )


def _lowered(
    least: Longs, most: Longs, lacks: Mask, firsts: Longs, counts: Longs, groups: Longs
) -> Longs:
    """The least share of each edge; scaled down where shares may exceed all of it."""
    above = np.maximum(np.add.reduceat(np.where(lacks, 0, most), firsts), PARTS)
    scaled = np.where(lacks, 0, least * PARTS // above[groups])
    return np.where(lacks & (counts == 1)[groups], PARTS, scaled)


def _raised(least: Longs, most: Longs, lacks: Mask, firsts: Longs, groups: Longs) -> Longs:
    """The most that each edge can take: its own bound, or what others leave of it."""
    others = np.add.reduceat(np.where(lacks, 0, least), firsts)[groups]
    free = np.maximum(PARTS - others, 0)
    return np.where(lacks, free, np.minimum(most, PARTS))


# Running -----------------------------------------------------------------------------


def run_split(bed: Bed, own: Longs) -> Run:
    """Amounts handed up level by level; nothing is lost and nothing is made."""
    parts = np.zeros(len(bed.weights), dtype=np.int64)
    got = np.zeros(bed.size + 1, dtype=np.int64)
    if not own.any():
        return Run(parts=parts, got=got)
    holds = np.append(own, 0)
    for first, last in zip(bed.turns[:-1].tolist(), bed.turns[1:].tolist(), strict=True):
        if first == last:
            continue
        begin = bed.firsts[first]
        end = bed.firsts[last] if last < len(bed.firsts) else len(bed.weights)
        starts = bed.firsts[first:last] - begin
        heads = bed.below[bed.firsts[first:last]]
        groups = bed.groups[begin:end] - first
        amounts = holds[heads] + got[heads]
        shared = _apportioned(
            amounts, bed.weights[begin:end], starts, groups, bed.wholes[first:last]
        )
        parts[begin:end] = shared
        np.add.at(got, bed.above[begin:end], shared)
    return Run(parts=parts, got=got)


def apportion(amounts: Longs, weights: Longs, starts: Longs) -> Longs:
    """Each group's amount in whole parts by weight, which add up to it.

    What whole parts leave over goes to the largest remainders, one each; among
    equal ones to the first.
    """
    counts = np.diff(np.append(starts, len(weights)))
    groups = np.repeat(np.arange(len(starts)), counts)
    return _apportioned(amounts, weights, starts, groups, np.add.reduceat(weights, starts))


def _apportioned(
    amounts: Longs, weights: Longs, starts: Longs, groups: Longs, wholes: Longs
) -> Longs:
    """The same, where groups and what their weights add up to are known."""
    fulls, rests = np.divmod(amounts, wholes)
    scaled = rests[groups] * weights
    parts = fulls[groups] * weights + scaled // wholes[groups]
    over = amounts - np.add.reduceat(parts, starts)
    some = np.flatnonzero(over > 0)
    if not len(some):
        return np.asarray(parts)
    counts = np.diff(np.append(starts, len(weights)))
    places = np.flatnonzero((over > 0)[groups])
    mine = groups[places]
    ranked = places[_by_remainder(mine, scaled[places] % wholes[mine], wholes)]
    sizes = counts[some]
    nth = np.arange(len(ranked)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
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


def run_range(bed: Bed, least: Longs, most: Longs) -> tuple[Run, Run]:
    """The least and the most that each edge can carry, rounded outwards."""
    if least is not most and np.array_equal(least, most):
        most = least
    negative = bool(len(least)) and int(least.min()) < 0
    low = _run_bound(bed, least, bed.least, bed.most if negative else None)
    negative = bool(len(most)) and int(most.min()) < 0
    high = _run_bound(bed, -most, bed.most, bed.least if negative else None)
    return low, Run(parts=-high.parts, got=-high.got)


def run_width(bed: Bed, width: Longs) -> Run:
    """The most that each edge can carry of what is never below nothing."""
    high = _run_bound(bed, -width, bed.most, None)
    return Run(parts=-high.parts, got=-high.got)


def _run_bound(bed: Bed, own: Longs, share: Longs, other: Longs | None) -> Run:
    """Amounts by a bound of the shares, rounded down; the lesser of two bounds."""
    parts = np.zeros(len(bed.weights), dtype=np.int64)
    got = np.zeros(bed.size + 1, dtype=np.int64)
    if not own.any():
        return Run(parts=parts, got=got)
    holds = np.append(own, 0)
    for first, last in pairwise(bed.turns.tolist()):
        if first == last:
            continue
        begin = bed.firsts[first]
        end = bed.firsts[last] if last < len(bed.firsts) else len(bed.weights)
        heads = bed.below[bed.firsts[first:last]]
        amounts = (holds[heads] + got[heads])[bed.groups[begin:end] - first]
        carried = _times(amounts, share[begin:end])
        if other is not None:
            carried = np.minimum(carried, _times(amounts, other[begin:end]))
        parts[begin:end] = carried
        np.add.at(got, bed.above[begin:end], carried)
    return Run(parts=parts, got=got)


def _times(amounts: Longs, share: Longs) -> Longs:
    """Amounts times millionths, rounded down."""
    if len(amounts) and max(int(amounts.max()), -int(amounts.min())) < _MOST_AT_ONCE:
        return np.asarray(amounts * share // PARTS)
    fulls, rests = np.divmod(amounts, PARTS)
    return np.asarray(fulls * share + rests * share // PARTS)


def ways_of(graph: Graph, ways: tuple[tuple[str, bool], ...], share: str) -> Ways:
    """Every edge that a step reads, from the far end to the thing that looks along it.

    `share` names the carried field that says how much of an edge's source goes
    to its target; where amounts run the other way it says nothing of them.
    """
    below, above, low, high, links, spots = [], [], [], [], [], []
    for number, (link, back) in enumerate(ways):
        edges = graph.adjacency(link)
        count = len(edges)
        below.append(edges.sources if back else edges.targets)
        above.append(edges.targets if back else edges.sources)
        bounds = _shares(graph, link, share, count) if back else (_nans(count), _nans(count))
        low.append(bounds[0])
        high.append(bounds[1])
        links.append(np.full(count, number, dtype=np.int64))
        spots.append(np.arange(count))
    return Ways(
        below=np.concatenate(below).astype(np.int64),
        above=np.concatenate(above).astype(np.int64),
        low=np.concatenate(low),
        high=np.concatenate(high),
        links=np.concatenate(links),
        spots=np.concatenate(spots),
        names=ways,
    )


def share_field(graph: Graph, link: str, share: str) -> str:
    """The present name of the field that a link carries as its share; empty for none."""
    declared = graph.model.links_by_name.get(link)
    for each in declared.carries if declared else ():
        if share in {each.name, *each.was} and each.type == "ratio":
            return each.name
    return ""


def _shares(graph: Graph, link: str, share: str, count: int) -> tuple[Numbers, Numbers]:
    """The share that each edge carries, between 0 and 1; nan where nobody said."""
    name = share_field(graph, link, share)
    if not name:
        return _nans(count), _nans(count)
    typed = graph.edge_column(link, name)
    low, high = _floats(typed.low), _floats(typed.high)
    with np.errstate(invalid="ignore"):
        odd = ~((low <= high) & (high >= 0))
        low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    return np.where(odd, np.nan, low), np.where(odd, np.nan, high)


def _floats(series: pl.Series) -> Numbers:
    return series.fill_null(float("nan")).to_numpy()


def _nans(count: int) -> Numbers:
    return np.full(count, np.nan)
