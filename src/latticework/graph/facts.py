"""What a graph says about the very cells and edges that changes speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints, Longs
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
)

Edge = tuple[str, str, str]

FEW = 100
"""Up to so many edges are looked up one by one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Present values of named cells and edges, read in bulk.

    `alive` holds refs of things that exist; `cells` values by ref and field;
    `edges` the carried fields of edges that exist. What is absent in the
    graph is absent here.
    """

    alive: frozenset[str]
    cells: Mapping[tuple[str, str], Value]
    edges: Mapping[Edge, Mapping[str, Value]] = field(default_factory=dict)

    def outcome_is(self, change: Change) -> bool:
        """Whether all that the change says is so already."""
        match change:
            case Put():
                return change.ref in self.alive and all(
                    self.cells.get((change.ref, name)) == value
                    for name, value in change.fields.items()
                )
            case Retire():
                return change.ref not in self.alive
            case Connect():
                edge = self.edges.get((change.source, change.link, change.target))
                return edge is not None and all(
                    edge.get(name) == value for name, value in change.fields.items()
                )
            case Disconnect():
                return (change.source, change.link, change.target) not in self.edges
            case Move() | Declare():
                return False

    def remainder(self, change: Change) -> Change | None:
        """The part of a change that is not so already; None where all is."""
        if self.outcome_is(change):
            return None
        match change:
            case Put() if change.ref in self.alive:
                return replace(change, fields=_news(change, self.cells, change.ref))
            case Connect():
                known = self.edges.get((change.source, change.link, change.target), {})
                news = {name: v for name, v in change.fields.items() if known.get(name) != v}
                return replace(change, fields=news)
            case _:
                return change


def keys_of(change: Change) -> tuple[tuple[str, ...], ...]:
    """What a change decides: a thing, its cells, an edge, or the model."""
    match change:
        case Put():
            return ((change.ref,), *((change.ref, name) for name in change.fields))
        case Retire() | Move():
            return ((change.ref,),)
        case Connect() | Disconnect():
            return ((change.source, change.link, change.target),)
        case Declare():
            return ((),)


def news_in(changes: Sequence[Change], graph: Graph) -> tuple[Change, ...]:
    """The changes less what is so already.

    Changes that decide one thing twice are kept as they are: what the later
    one says depends on the earlier one.
    """
    if _decide_twice(changes):
        return tuple(changes)
    facts = facts_about(graph, changes)
    rest = (facts.remainder(change) for change in changes)
    return tuple(change for change in rest if change is not None)


def facts_about(graph: Graph, changes: Iterable[Change]) -> Facts:
    """Read the cells and edges that `changes` name, one pass per field."""
    cells: dict[str, set[str]] = defaultdict(set)
    edges: set[Edge] = set()
    refs: set[str] = set()
    for change in changes:
        match change:
            case Put():
                refs.add(change.ref)
                for name in change.fields:
                    cells[name].add(change.ref)
            case Retire() | Move():
                refs.add(change.ref)
            case Connect() | Disconnect():
                edges.add((change.source, change.link, change.target))
            case Declare():
                pass
    ids = _ids(graph, refs)
    alive = frozenset(ref for ref, found in ids.items() if graph.alive[found])
    return Facts(alive, _cells(graph, ids, cells), _edges(graph, edges))


def _decide_twice(changes: Sequence[Change]) -> bool:
    ends = {change.ref for change in changes if isinstance(change, Retire | Move)}
    keys = [key for change in changes for key in keys_of(change) if len(key) != 1 or key[0] in ends]
    return len(keys) != len(set(keys))


def _news(change: Put, cells: Mapping[tuple[str, str], Value], ref: str) -> dict[str, Value]:
    return {name: v for name, v in change.fields.items() if cells.get((ref, name)) != v}


def _cells(
    graph: Graph, ids: Mapping[str, int], wanted: Mapping[str, set[str]]
) -> dict[tuple[str, str], Value]:
    found: dict[tuple[str, str], Value] = {}
    for name, refs in wanted.items():
        known = sorted(ref for ref in refs if ref in ids)
        if not known:
            continue
        values = graph.values(name, np.array([ids[ref] for ref in known], dtype=np.int32))
        found |= {
            (ref, name): value
            for ref, value in zip(known, values, strict=True)
            if value is not None
        }
    return found


def _ids(graph: Graph, refs: Iterable[str]) -> dict[str, int]:
    """The thing of each ref that ever named one."""
    texts = pl.Series(list(refs), dtype=pl.String)
    found = graph.find_all(texts)
    known = np.flatnonzero(found >= 0)
    return dict(zip(texts.gather(known).to_list(), found[known].tolist(), strict=True))


def _edges(graph: Graph, edges: set[Edge]) -> dict[Edge, Mapping[str, Value]]:
    """What each edge carries that is drawn: a few one by one, many by the column."""
    if len(edges) <= FEW:
        found = ((edge, graph.edge(*edge)) for edge in edges)
        return {edge: carried for edge, carried in found if carried is not None}
    by_link: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_link[edge[1]].append(edge)
    drawn: dict[Edge, Mapping[str, Value]] = {}
    for link, mine in by_link.items():
        drawn |= _edges_of_link(graph, link, mine)
    return drawn


def _edges_of_link(
    graph: Graph, link: str, edges: Sequence[Edge]
) -> dict[Edge, Mapping[str, Value]]:
    sources = graph.find_all(pl.Series([edge[0] for edge in edges], dtype=pl.String))
    targets = graph.find_all(pl.Series([edge[2] for edge in edges], dtype=pl.String))
    wanted = sources.astype(np.int64) * graph.size + targets
    wanted[(sources < 0) | (targets < 0)] = -1
    adjacency = graph.adjacency(link)
    spots = _spots_of(wanted, adjacency.sources, adjacency.targets, graph.size)
    names = graph.edge_fields(link)
    columns = [
        graph.edge_column(link, name).text.gather(spots[spots >= 0]).to_list() for name in names
    ]
    drawn: dict[Edge, Mapping[str, Value]] = {}
    for row, place in enumerate(np.flatnonzero(spots >= 0).tolist()):
        values = ((name, column[row]) for name, column in zip(names, columns, strict=True))
        drawn[edges[place]] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values
            if value is not None
        }
    # Edges to things that were never recorded are in no adjacency.
    loose = _spots_of(wanted, *graph.dangling(link), graph.size)
    for place in np.flatnonzero(loose >= 0).tolist():
        drawn[edges[place]] = (graph.edge(*edges[place]) or {}) if names else {}
    return drawn


def _spots_of(wanted: Longs, sources: Ints, targets: Ints, size: int) -> Longs:
    """The index of each packed edge among the edges given; -1 where it is not there."""
    pairs = sources.astype(np.int64) * size + targets
    found = np.full(len(wanted), -1, dtype=np.int64)
    if not len(pairs):
        return found
    # Nearly always they are in order, and to put a million in order takes its time.
    order = None if (pairs[1:] >= pairs[:-1]).all() else np.argsort(pairs, kind="stable")
    spots = np.searchsorted(pairs, wanted, sorter=order)
    spots[spots == len(pairs)] = 0
    index = spots if order is None else order[spots]
    hit = pairs[index] == wanted
    found[hit] = index[hit]
    return found
