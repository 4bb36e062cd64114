"""Where amounts run: the edges of a step, laid level by level with their shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
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

_STRETCH = 1 << 14
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
    `least` and `most` bound each edge's share, in millionths.
    """

    size: int
    ways: Ways
    edges: Longs
    heads: Longs
    above: Longs
    weights: Numbers
    least: Numbers
    most: Numbers
    assumed: Mask
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
    if reach is not None:
        inside = np.flatnonzero((below >= 0) & (above >= 0) & (below != above))
    looped = reach is not None and bool(reach.looped.any())
    chosen = inside[_order(graph, ways, inside, rank[below[inside]], looped=looped)]
    chosen = _each_once(chosen, below, above, ways.low)
    return _weighed(size, ways, chosen, (below[chosen], above[chosen]), rank, reach)


def _order(graph: Graph, ways: Ways, inside: Ids, ranks: Longs, *, looped: bool) -> Longs:
    """Edges by the place they leave, then by the ref they lead to."""
    # Sorted twice, the lesser key first: `order_of` takes codes of 31 bits.
    ties = narrow(_ties(graph, ways.above[inside]))
    chosen = order_of(ties)
    if looped:
        # Members of a cycle leave one place: which of them goes first is told by ref.
        first = order_of(narrow(_ties(graph, ways.below[inside])))
        chosen = first[order_of(ties[first])]
    return chosen[order_of(narrow(ranks[chosen]))]


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
    weighing = _weighing_of(ways.low[chosen], ways.high[chosen], firsts)
    rests = np.flatnonzero(weighing.rest > 0)
    spots = np.append(firsts, len(below))[rests + 1]
    heads = below[firsts].astype(np.int64)
    return Bed(
        size=size,
        ways=ways,
        edges=np.insert(chosen, spots, -1),
        heads=heads,
        above=np.insert(above.astype(np.int64), spots, size),
        weights=np.insert(weighing.weights, spots, weighing.rest[rests]).astype(np.float64),
        least=np.insert(weighing.least, spots, 0).astype(np.float64),
        most=np.insert(weighing.most, spots, PARTS).astype(np.float64),
        assumed=np.insert(weighing.assumed, spots, False),
        firsts=firsts + np.searchsorted(rests, np.arange(len(firsts))),
        turns=_turns(rank[heads], reach),
    )


def _turns(ranks: Longs, reach: Reach | None) -> Longs:
    """The groups at which each level begins, and the end of the last."""
    if reach is None:
        return np.array([0, len(ranks)])
    return np.append(np.searchsorted(ranks, np.array(reach.levels)), len(ranks))


@dataclass(frozen=True, kw_only=True)
class _Weighing:
    """Weights and bounds of edges, and what shares leave over of each group."""

    weights: Longs
    rest: Longs
    least: Longs
    most: Longs
    assumed: Mask


def _weighing_of(low: Numbers, high: Numbers, firsts: Longs) -> _Weighing:
    """All groups weighed, few at a time: each by itself, so that all stays in the cache."""
    ends = np.append(firsts, len(low))
    cuts = np.unique(
        np.append(np.searchsorted(ends, np.arange(0, len(low), _STRETCH)), len(firsts))
    )
    found = []
    for begin, end in pairwise(cuts.tolist()):
        edges = slice(int(ends[begin]), int(ends[end]))
        starts = firsts[begin:end] - edges.start
        counts = np.diff(ends[begin : end + 1])
        groups = np.repeat(np.arange(end - begin), counts)
        found.append(_weighing(low[edges], high[edges], starts, counts, groups))
    if not found:
        none, flags = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return _Weighing(weights=none, rest=none, least=none, most=none, assumed=flags)
    names = [each.name for each in fields(_Weighing)]
    return _Weighing(**{n: np.concatenate([getattr(e, n) for e in found]) for n in names})


def _weighing(
    low: Numbers, high: Numbers, firsts: Longs, counts: Longs, groups: Longs
) -> _Weighing:
    """Weights of edges in groups, from the shares that were said of them.

    A share said as a range counts by its middle; shares that add up to more
    than all are scaled down; where some are missing, they get the rest evenly.
    Each of these is an assumption, save that a lone edge without a share takes
    all.
    """
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
