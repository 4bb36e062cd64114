"""Steps over links for many things at once, forward and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from latticework.base.findings import Refused, error
from latticework.graph.graph import Graph
from latticework.query.plan import LinkStep
from latticework.query.truth import Ids, Longs, Mask

MOST_PAIRS = 60_000_000
"""Pairs of a thing and what it reaches that one question may lay side by side."""

_FEW = 64
"""A frontier below one in so many nodes is kept as a list, not as a mask."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where each node leads to: `targets[pointers[n]:pointers[n + 1]]`."""

    pointers: Longs
    targets: Ids

    def of(self, ids: Ids) -> Ids:
        """Everything one step from `ids`, repeats included."""
        return self.targets[self._spots(ids)[0]]

    def pairs(self, ids: Ids) -> tuple[Longs, Ids]:
        """For each step: the place in `ids` it starts from, and its target."""
        spots, counts = self._spots(ids)
        return np.repeat(np.arange(len(ids)), counts), self.targets[spots]

    def degrees(self, ids: Ids) -> Longs:
        """How many steps lead on from each of `ids`."""
        return self.pointers[ids + 1] - self.pointers[ids]

    def _spots(self, ids: Ids) -> tuple[Longs, Longs]:
        starts = self.pointers[ids]
        counts = self.pointers[ids + 1] - starts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        return np.repeat(starts - (ends - counts), counts) + np.arange(total), counts


def forward(graph: Graph, step: LinkStep) -> tuple[Neighbours, ...]:
    """Where a step leads, one table per link that its phrase reads."""
    return tuple(_neighbours(graph, name, back) for name, back in step.ways)


def backward(graph: Graph, step: LinkStep) -> tuple[Neighbours, ...]:
    """Where a step can have come from."""
    return tuple(_neighbours(graph, name, not back) for name, back in step.ways)


def _neighbours(graph: Graph, link: str, back: bool) -> Neighbours:
    edges = graph.adjacency(link)
    if back:
        return Neighbours(edges.back_indptr, edges.back_sources)
    return Neighbours(edges.indptr, edges.targets)


def leads_to(graph: Graph, steps: Sequence[LinkStep], ends: Mask) -> Mask:
    """The nodes from which the steps lead to one of `ends`."""
    for step in reversed(steps):
        ends = sweep(backward(graph, step), ends, step.repeat)
    return ends


def reached(graph: Graph, steps: Sequence[LinkStep], starts: Mask) -> Mask:
    """The nodes to which the steps lead from one of `starts`."""
    for step in steps:
        starts = sweep(forward(graph, step), starts, step.repeat)
    return starts


def sweep(tables: Sequence[Neighbours], starts: Mask, repeat: str) -> Mask:
    """One step from a mask of nodes; with `+` or `*`, any number of them."""
    found = np.zeros(len(starts), dtype=np.bool_)
    frontier: Ids = np.flatnonzero(starts)
    while len(frontier):
        fresh = _fresh(tables, frontier, found)
        found[fresh] = True
        if not repeat:
            break
        frontier = fresh
    return found | starts if repeat == "*" else found


def _fresh(tables: Sequence[Neighbours], frontier: Ids, found: Mask) -> Ids:
    """What one step adds to what was found, each node once."""
    stepped = [table.of(frontier) for table in tables]
    every = stepped[0] if len(stepped) == 1 else np.concatenate(stepped)
    every = every[~found[every]]
    if len(every) * _FEW < len(found):
        return np.unique(every)
    mask = np.zeros(len(found), dtype=np.bool_)
    mask[every] = True
    return np.flatnonzero(mask)


def pairs_of(graph: Graph, steps: Sequence[LinkStep], ids: Ids) -> tuple[Longs, Ids]:
    """Each place in `ids` with each node its steps reach, every pair once.

    Sorted by place, then node. Raises Refused (QUERY030) beyond MOST_PAIRS.
    """
    places: Longs = np.arange(len(ids))
    nodes: Ids = ids
    for step in steps:
        places, nodes = _step_pairs(forward(graph, step), step.repeat, places, nodes, graph.size)
    return places, nodes


def _step_pairs(
    tables: Sequence[Neighbours], repeat: str, places: Longs, nodes: Ids, size: int
) -> tuple[Longs, Ids]:
    start = _keys(places, nodes, size)
    found = start if repeat == "*" else start[:0]
    frontier = start
    while len(frontier):
        fresh = np.unique(_stepped(tables, frontier, size))
        if len(found):
            fresh = fresh[~_is_in(fresh, found)]
        found = _merged(found, fresh)
        if len(found) > MOST_PAIRS:
            raise too_big(len(found))
        if not repeat:
            break
        frontier = fresh
    return found // size, found % size


def _keys(places: Longs, nodes: Ids, size: int) -> Longs:
    return places.astype(np.int64) * size + nodes


def _stepped(tables: Sequence[Neighbours], frontier: Longs, size: int) -> Longs:
    parts = []
    for table in tables:
        nodes = frontier % size
        total = int(table.degrees(nodes).sum())
        if total > MOST_PAIRS:
            raise too_big(total)
        rows, targets = table.pairs(nodes)
        parts.append((frontier // size)[rows] * size + targets)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _is_in(sorted_keys: Longs, among: Longs) -> Mask:
    spots = np.searchsorted(among, sorted_keys)
    spots[spots == len(among)] = 0
    return np.asarray(among[spots] == sorted_keys)


def _merged(first: Longs, second: Longs) -> Longs:
    if not len(first) or not len(second):
        return second if not len(first) else first
    merged = np.concatenate([first, second])
    merged.sort(kind="stable")
    return merged


def too_big(pairs: int) -> Refused:
    """The finding that a question would take too much memory."""
    says = f"the question lays at least {pairs:,} pairs of things side by side"
    hint = "ask about fewer things, or take fewer steps"
    return Refused([error("QUERY030", says, hint=hint)])


def dangling_ends(graph: Graph, step: LinkStep) -> Iterator[tuple[Ids, Ids]]:
    """Edges of a forward step whose far end is not there: sources and targets."""
    for name, back in step.ways:
        if not back:
            yield graph.dangling(name)
