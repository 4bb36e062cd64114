"""What a graph says about the very cells and edges that changes speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from latticework.graph.graph import Graph
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


def facts_about(graph: Graph, changes: Iterable[Change]) -> Facts:
    """Read the cells and edges that `changes` name, one pass per field and link."""
    cells: dict[str, set[str]] = defaultdict(set)
    edges: dict[str, set[Edge]] = defaultdict(set)
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
                edges[change.link].add((change.source, change.link, change.target))
            case Declare():
                pass
    ids = {ref: found for ref in refs if (found := graph.find(ref)) is not None}
    alive = frozenset(ref for ref, found in ids.items() if graph.alive[found])
    return Facts(alive, _cells(graph, ids, cells), _edges(graph, edges))


def _cells(
    graph: Graph, ids: Mapping[str, int], wanted: Mapping[str, set[str]]
) -> dict[tuple[str, str], Value]:
    found: dict[tuple[str, str], Value] = {}
    for name, refs in wanted.items():
        known = sorted(ref for ref in refs if ref in ids)
        if not known:
            continue
        texts = graph.texts(name, np.array([ids[ref] for ref in known], dtype=np.int32))
        for ref, value in zip(known, texts.to_list(), strict=True):
            if value is not None:
                found[ref, name] = tuple(value) if isinstance(value, list) else value
    return found


def _edges(graph: Graph, wanted: Mapping[str, set[Edge]]) -> dict[Edge, Mapping[str, Value]]:
    found: dict[Edge, Mapping[str, Value]] = {}
    for link, edges in wanted.items():
        for edge in edges:
            carried = graph.edge(edge[0], link, edge[2])
            if carried is not None:
                found[edge] = carried
    return found
