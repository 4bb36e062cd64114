"""Where amounts run: the edges of a step, laid level by level with their shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.timeline import order_of
from latticework.query.reach import Reach
from latticework.query.truth import Ids, Longs, Mask, Numbers, narrow

Each = TypeVar("Each", bound=np.generic)

PARTS = 1_000_000
"""Shares are read to a millionth."""

_MOST_LACKING = 2_000
"""Beyond so many edges without a share, what is left is divided roughly evenly among them."""

_STRETCH = 1 << 15
"""Edges that are worked on at once: what stays in the cache runs several times faster."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Edges that carry amounts from a thing (`below`) to those `above` it.

    `low` and `high` are the shares said, nan where none was. The edges of each
    of the links in `names` begin at `begins` and stand in the link's order.
    """

    below: Ids
    above: Ids
    low: Numbers
    high: Numbers
    begins: tuple[int, ...]
    names: tuple[tuple[str, bool], ...]

    def __len__(self) -> int:
        """How many edges there are."""
        return len(self.below)

    def by_link(self, edges: Ids) -> Iterator[tuple[str, Longs, Longs]]:
        """Each link with the rows of `edges` that are its own, and their spots in it."""
        ends = (*self.begins[1:], len(self))
        for (name, _), begin, end in zip(self.names, self.begins, ends, strict=True):
            rows = np.flatnonzero((edges >= begin) & (edges < end))
            if len(rows):
                yield name, rows, edges[rows] - begin


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some groups of one level, and the edges that leave them."""

    groups: slice
    edges: slice


@dataclass(frozen=True, kw_only=True)
class Bed:
    """Where amounts run: edges in groups by the thing they leave, its head.

    Things are places of a network without cycles; place `size` takes what
    nobody is said to get. `edges` are places in `ways`, -1 for what runs to
    nobody. `weights` of a group add up to its whole. `firsts` are the edges at
    which groups begin, `turns` the groups at which a further level begins.
    """

    size: int
    ways: Ways
    edges: Longs
    heads: Longs
    above: Longs
    weights: Numbers
    firsts: Longs
    turns: Longs

    @cached_property
    def counts(self) -> Longs:
        """How many edges each group has."""
        return np.diff(self.firsts, append=len(self.weights))

    @cached_property
    def wholes(self) -> Numbers:
        """What each group's weights add up to."""
        if not len(self.firsts):
            return np.zeros(0)
        return np.add.reduceat(self.weights, self.firsts)

    @cached_property
    def divisors(self) -> Numbers:
        """For each edge, what the weights of its group add up to."""
        return np.repeat(self.wholes, self.counts)

    @cached_property
    def bounds(self) -> Bounds:
        """How far each edge's share may go; only ranges ask for all of them."""
        found = bounds_of(*self._said(slice(None)), self.firsts)
        found.most[self.edges < 0] = PARTS
        return found

    def assumed(self, edges: Ids) -> Mask:
        """Whether the share of each of some edges is not what somebody said as one number."""
        if not len(edges):
            return np.zeros(0, dtype=np.bool_)
        of = np.searchsorted(self.firsts, edges, side="right") - 1
        groups, place = np.unique(of, return_inverse=True)
        sizes = self.counts[groups]
        begins = np.cumsum(sizes) - sizes
        rows = np.repeat(self.firsts[groups] - begins, sizes) + np.arange(int(sizes.sum()))
        low, high, lacks = self._said(rows)
        several = np.add.reduceat(self.edges[rows] >= 0, begins, dtype=np.int64) > 1
        over = np.add.reduceat(_middles(low, high), begins) > PARTS
        found = (lacks & np.repeat(several, sizes)) | (high > low) | np.repeat(over, sizes)
        return np.asarray(found[begins[place] + edges - self.firsts[of]])

    def _said(self, rows: slice | Ids) -> tuple[Numbers, Numbers, Mask]:
        """The bounds said of edges, in millionths, and where none are; nothing for nobody."""
        edges = self.edges[rows]
        low, high = (np.rint(each[edges] * PARTS) for each in (self.ways.low, self.ways.high))
        lacks = np.isnan(low)
        for each in (low, high):
            each[lacks | (edges < 0)] = 0
        return low, high, lacks & (edges >= 0)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """All groups in order, in stretches of one level and few edges."""
        ends = np.append(self.firsts, len(self.weights))
        found = []
        for first, last in pairwise(self.turns.tolist()):
            marks = np.arange(ends[first], ends[last], _STRETCH)
            cuts = np.unique(np.append(np.searchsorted(ends, marks), last))
            for begin, end in pairwise(cuts.tolist()):
                edges = slice(int(ends[begin]), int(ends[end]))
                found.append(Stretch(slice(begin, end), edges))
        return tuple(found)

    @cached_property
    def is_end(self) -> Mask:
        """Places that hand nothing on."""
        ends = np.ones(self.size, dtype=np.bool_)
        ends[self.heads] = False
        return ends

    @cached_property
    def alone(self) -> Longs:
        """Places that neither hand on nor are handed anything."""
        linked = np.zeros(self.size + 1, dtype=np.bool_)
        linked[self.above] = True
        return np.flatnonzero(self.is_end & ~linked[: self.size])

    @cached_property
    def tops(self) -> Longs:
        """Places that hand nothing on and are handed something."""
        alone = np.zeros(self.size, dtype=np.bool_)
        alone[self.alone] = True
        return np.flatnonzero(self.is_end & ~alone)


def bed_over(graph: Graph, ways: Ways, reach: Reach | None) -> Bed:
    """Edges laid out level by level; without a network, all in one level."""
    size = graph.size if reach is None else reach.size
    below = ways.below if reach is None else reach.part[ways.below]
    above = ways.above if reach is None else reach.part[ways.above]
    rank = np.arange(size)
    if reach is not None:
        rank = np.empty(size, dtype=np.int64)
        rank[reach.order] = np.arange(size)
    inside = np.arange(len(ways))
    if reach is not None and (reach.looped.any() or reach.size < graph.size):
        inside = np.flatnonzero((below >= 0) & (above >= 0) & (below != above))
    looped = reach is not None and bool(reach.looped.any())
    chosen = inside[_order(graph, ways, inside, rank[below[inside]], looped=looped)]
    if looped or len(ways.names) > 1:
        chosen = _each_once(chosen, below, above, ways.low)
    return _weighed(size, ways, chosen, (below[chosen], above[chosen]), rank, reach)


def _order(graph: Graph, ways: Ways, inside: Ids, ranks: Longs, *, looped: bool) -> Longs:
    """Edges by the place they leave, then by the ref they lead to."""
    ties = narrow(_ties(graph, ways.above[inside]))
    packed = None if looped else _packed(ranks, ties)
    if packed is not None:
        return packed
    # Sorted twice, the lesser key first: `order_of` takes codes of 31 bits.
    chosen = order_of(ties)
    if looped:
        # Members of a cycle leave one place: which of them goes first is told by ref.
        first = order_of(narrow(_ties(graph, ways.below[inside])))
        chosen = first[order_of(ties[first])]
    return chosen[order_of(narrow(ranks[chosen]))]


def _packed(first: Longs, second: Ids) -> Longs | None:
    """The order by one key, then another, then as they stand; None where they are too wide."""
    widths = [int(each).bit_length() for each in (second.max(initial=0), len(first))]
    if int(first.max(initial=0)).bit_length() + sum(widths) > 62:
        return None
    packed = first.astype(np.int64) << widths[0]
    packed |= second
    packed <<= widths[1]
    packed |= np.arange(len(first))
    packed.sort()
    packed &= (1 << widths[1]) - 1
    return packed


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
    pairs = below[chosen].astype(np.int64) * (int(above.max(initial=0)) + 1) + above[chosen]
    ordered = np.sort(pairs)
    if not (ordered[1:] == ordered[:-1]).any():
        return chosen
    lacks = np.isnan(said[chosen])
    by_pair = np.lexsort((np.arange(len(chosen)), lacks, pairs))
    kept = by_pair[np.flatnonzero(np.diff(pairs[by_pair], prepend=-1))]
    return np.asarray(chosen[np.sort(kept)])


def _weighed(
    size: int,
    ways: Ways,
    chosen: Longs,
    ends: tuple[Ids, Ids],
    rank: Longs,
    reach: Reach | None,
) -> Bed:
    """The edges with whole-number weights, and one more to `size` where shares leave a rest."""
    below, above = ends
    firsts = np.flatnonzero(np.diff(below, prepend=-1))
    weights, rest = _weights_of(
        _middles(np.rint(ways.low * PARTS), np.rint(ways.high * PARTS))[chosen], firsts
    )
    rests = np.flatnonzero(rest)
    spots = np.append(firsts, len(below))[rests + 1]
    return Bed(
        size=size,
        ways=ways,
        edges=_inserted(chosen, spots, np.full(len(spots), -1)),
        heads=below[firsts].astype(np.int64),
        above=_inserted(above.astype(np.int64), spots, np.full(len(spots), size)),
        weights=_inserted(weights, spots, rest[rests]),
        firsts=firsts + np.searchsorted(rests, np.arange(len(firsts))),
        turns=_turns(rank[below[firsts]], reach),
    )


def _inserted(
    array: npt.NDArray[Each], spots: Longs, values: npt.NDArray[Each]
) -> npt.NDArray[Each]:
    """The array with a value before each spot; spots ascend."""
    if not len(spots):
        return array
    found = np.empty(len(array) + len(spots), dtype=array.dtype)
    kept = np.ones(len(found), dtype=np.bool_)
    fresh = spots + np.arange(len(spots))
    kept[fresh] = False
    found[fresh] = values
    found[kept] = array
    return found


def _turns(ranks: Longs, reach: Reach | None) -> Longs:
    """The groups at which each level begins, and the end of the last."""
    if reach is None:
        return np.array([0, len(ranks)])
    return np.append(np.searchsorted(ranks, np.array(reach.levels)), len(ranks))


def _middles(low: Numbers, high: Numbers) -> Numbers:
    """The middle of each range of millionths, rounded down; nan where nothing was said."""
    return np.floor((low + high) / 2)


def _weights_of(middles: Numbers, firsts: Longs) -> tuple[Numbers, Numbers]:
    """All edges weighed, and what each group leaves to nobody, few groups at a time.

    Each group is weighed by itself, so that all stays in the cache.
    """
    ends = np.append(firsts, len(middles))
    cuts = np.unique(
        np.append(np.searchsorted(ends, np.arange(0, len(middles), _STRETCH)), len(firsts))
    )
    weights, rest = np.empty(len(middles)), np.empty(len(firsts))
    for begin, end in pairwise(cuts.tolist()):
        edges = slice(int(ends[begin]), int(ends[end]))
        counts = np.diff(ends[begin : end + 1])
        found = _weighing(middles[edges], firsts[begin:end] - edges.start, counts)
        weights[edges], rest[begin:end] = found
    return weights, rest


def _weighing(middles: Numbers, firsts: Longs, counts: Longs) -> tuple[Numbers, Numbers]:
    """Weights of edges in groups, from the shares that were said of them, and what is left.

    A share said as a range counts by its middle; shares that add up to more
    than all are scaled down; where some are missing, they get the rest evenly.
    """
    lacks = np.isnan(middles)
    weights = np.where(lacks, 0.0, middles)
    said = np.add.reduceat(weights, firsts)
    lacking = np.add.reduceat(lacks, firsts, dtype=np.int64)
    left = np.maximum(PARTS - said, 0)
    factor = np.where((lacking < counts) & (lacking <= _MOST_LACKING), np.maximum(lacking, 1), 1)
    even = np.floor(left * factor / np.maximum(lacking, 1))
    rest = left * factor - even * lacking
    alike = lacking == counts
    even[alike], rest[alike] = 1, 0
    nothing = (said == 0) & (even * lacking == 0) & (rest == 0)
    rest[nothing] = 1
    if (factor > 1).any():
        weights *= np.repeat(factor, counts)
    return np.where(lacks, np.repeat(even, counts), weights), rest


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The least and the most of what leaves a thing that each edge can carry, in millionths."""

    least: Numbers
    most: Numbers


def bounds_of(low: Numbers, high: Numbers, lacks: Mask, firsts: Longs) -> Bounds:
    """The bounds of edges in groups, from those that were said of them."""
    if not len(firsts):
        return Bounds(least=low, most=high)
    counts = np.diff(firsts, append=len(low))
    # Scaled down where shares may exceed all of it.
    above = np.repeat(np.maximum(np.add.reduceat(high, firsts), PARTS), counts)
    least = np.floor(low * PARTS / above)
    least[firsts[lacks[firsts] & (counts == 1)]] = PARTS
    # At most what others leave of it.
    free = np.repeat(np.maximum(PARTS - np.add.reduceat(low, firsts), 0), counts)
    return Bounds(least=least, most=np.where(lacks, free, np.minimum(high, PARTS)))


def ways_of(graph: Graph, ways: tuple[tuple[str, bool], ...], share: str) -> Ways:
    """Every edge that a step reads, from the far end to the thing that looks along it.

    `share` names the carried field that says how much of an edge's source goes
    to its target; where amounts run the other way it says nothing of them.
    """
    below, above, low, high, counts = [], [], [], [], []
    for link, back in ways:
        edges = graph.adjacency(link)
        below.append(edges.sources if back else edges.targets)
        above.append(edges.targets if back else edges.sources)
        counts.append(len(edges))
        bounds = _shares(graph, link, share if back else "", len(edges))
        low.append(bounds[0])
        high.append(bounds[1])
    return Ways(
        below=_joined(below),
        above=_joined(above),
        low=_joined(low),
        high=_joined(high),
        begins=tuple(np.cumsum([0, *counts[:-1]]).tolist()),
        names=ways,
    )


def _joined(parts: list[npt.NDArray[Each]]) -> npt.NDArray[Each]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


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
