"""Questions: pages, transitive questions and rollups, beside what others offer.

NetworkX, recursive SQL on SQLite and DuckDB get the same edges and costs, in
memory, with indexes, and must give the same answers before a ratio counts.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import networkx as nx
import numpy as np
import polars as pl
from bench.generator import END, generated
from bench.run import Measure, measure

from latticework.base.times import FOREVER, Moment
from latticework.graph.graph import Graph, build
from latticework.query.ask import ask, parse_for
from latticework.query.plan import Tallied
from latticework.query.resolve import resolve
from latticework.query.run import Run

TODAY = date(2025, 6, 15)
PAGES = {
    "a page of fifty, filtered and sorted": (
        "item where stage is active and effort > 4 weeks sort by effort limit 50"
    ),
    "a page of an interface": "bet where stage is active and confidence < 40% limit 50",
    "what serves nothing": "bet where stage is active and serves nothing limit 50",
    "counted links": "epic where count(is served by) > 3 limit 50",
    "a past day": "item where stage was Doing on 2024-06-01 and stage is Done limit 50",
    "what changed": "item changed since 2025-06-01 limit 50",
}
ROLLUP = "any sort by sum(cost of is served by+) descending limit 50"
ROOT = "pillar/t-0"
RECURSIVE = "WITH RECURSIVE reach({0}) AS ({1} UNION {2}) {3}"
DESCENDANTS = RECURSIVE.format(
    "node",
    "SELECT source FROM edge WHERE target = {root}",
    "SELECT edge.source FROM reach JOIN edge ON edge.target = reach.node",
    "SELECT node FROM reach",
)
ROLLED_UP = RECURSIVE.format(
    "root, node",
    "SELECT target, source FROM edge",
    "SELECT reach.root, edge.source FROM reach JOIN edge ON edge.target = reach.node",
    "SELECT root, sum(low), sum(high) FROM reach JOIN cost ON cost.node = reach.node GROUP BY root",
)


def measures(things: int) -> Iterator[Measure]:
    """Targets of DESIGN section 6 for questions, and ratios to the others."""
    made = generated(things, declared="generated")
    graph = build(made.log, Moment(END, FOREVER), load=lambda _: made.model)
    for name, text in PAGES.items():
        ask(graph, text, today=TODAY)
        target = 20.0 if "filtered" in name else 0.0
        yield measure(
            name, lambda text=text: ask(graph, text, today=TODAY), 9, things=things, target=target
        )
    data = data_of(graph)
    yield from _transitive(graph, data, things)
    yield from _rollup(graph, data, things)


@dataclass(frozen=True)
class Data:
    """What the others get: edges from what serves to what is served, and costs."""

    sources: np.ndarray
    targets: np.ndarray
    nodes: np.ndarray
    low: np.ndarray
    high: np.ndarray


def data_of(graph: Graph) -> Data:
    """Edges and costs of a graph."""
    edges = graph.adjacency("serves")
    nodes = graph.ids_of("epic")
    budget = graph.column("budget", nodes)
    low, high = (each.fill_null(0.0).to_numpy() for each in (budget.low, budget.high))
    return Data(edges.sources, edges.targets, nodes, low, high)


def _sqlite(data: Data) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE edge (source INTEGER, target INTEGER)")
    base.execute("CREATE TABLE cost (node INTEGER PRIMARY KEY, low REAL, high REAL)")
    pairs = zip(data.sources.tolist(), data.targets.tolist(), strict=True)
    base.executemany("INSERT INTO edge VALUES (?, ?)", pairs)
    costs = zip(data.nodes.tolist(), data.low.tolist(), data.high.tolist(), strict=True)
    base.executemany("INSERT INTO cost VALUES (?, ?, ?)", costs)
    base.execute("CREATE INDEX by_target ON edge (target, source)")
    base.execute("ANALYZE")
    return base


def _duckdb(data: Data) -> duckdb.DuckDBPyConnection:
    base = duckdb.connect()
    base.execute("CREATE TABLE edge (source INTEGER, target INTEGER)")
    base.execute("CREATE TABLE cost (node INTEGER, low DOUBLE, high DOUBLE)")
    edge = pl.DataFrame({"source": data.sources, "target": data.targets})
    cost = pl.DataFrame({"node": data.nodes, "low": data.low, "high": data.high})
    base.register("edges", _Stream(edge))
    base.register("costs", _Stream(cost))
    base.execute("INSERT INTO edge SELECT * FROM edges")
    base.execute("INSERT INTO cost SELECT * FROM costs")
    return base


class _Stream:
    """A frame that offers nothing but its Arrow stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested)


def _networkx(data: Data) -> nx.DiGraph:
    network = nx.DiGraph()
    network.add_edges_from(zip(data.targets.tolist(), data.sources.tolist(), strict=True))
    return network


# One root ----------------------------------------------------------------------------


def _transitive(graph: Graph, data: Data, things: int) -> Iterator[Measure]:
    """All that serves one pillar, over any number of steps."""
    text = f"any serving+ {ROOT}"
    root = graph.id_of(ROOT)
    expected = frozenset(graph.find(ref) for ref in ask(graph, text, today=TODAY).refs)
    limited = f"{text} limit 50"
    ours = measure("all below one root", lambda: ask(graph, limited, today=TODAY), 7, things=things)
    yield ours
    sql = DESCENDANTS.format(root=root)
    network, lite, duck = _networkx(data), _sqlite(data), _duckdb(data)
    others: dict[str, Callable[[], frozenset[int]]] = {
        "NetworkX": lambda: frozenset(nx.descendants(network, root)),
        "SQLite": lambda: frozenset(row[0] for row in lite.execute(sql)),
        "DuckDB": lambda: frozenset(duck.execute(sql).fetchnumpy()["node"].tolist()),
    }
    for name, call in others.items():
        assert call() == expected, name
        theirs = measure(f"all below one root, {name}", call, 3, things=things)
        yield theirs
        yield _ratio(f"all below one root, × {name}", theirs, ours)


def _ratio(name: str, theirs: Measure, ours: Measure) -> Measure:
    return Measure(name=name, things=ours.things, value=theirs.value / ours.value, unit="×")


# The whole graph ---------------------------------------------------------------------


def _rollup(graph: Graph, data: Data, things: int) -> Iterator[Measure]:
    """For everything the sum of the costs below it, each cost once."""
    fresh = graph.at(Moment(END - 1, FOREVER))
    yield measure("rollup, first time", lambda: ask(fresh, ROLLUP, today=TODAY), 1, things=things)
    ask(graph, ROLLUP, today=TODAY)
    ours = measure(
        "rollup of the whole graph",
        lambda: ask(graph, ROLLUP, today=TODAY),
        7,
        things=things,
        target=300.0,
    )
    yield ours
    expected = _sums_of(graph)
    network, lite, duck = _networkx(data), _sqlite(data), _duckdb(data)
    others: dict[str, Callable[[], dict[int, tuple[float, float]]]] = {
        "NetworkX": lambda: _by_networkx(network, data),
        "SQLite": lambda: {row[0]: row[1:] for row in lite.execute(ROLLED_UP)},
        "DuckDB": lambda: {row[0]: row[1:] for row in duck.execute(ROLLED_UP).fetchall()},
    }
    best = float("inf")
    for name, call in others.items():
        start = time.perf_counter()
        found = call()
        value = (time.perf_counter() - start) * 1000
        _check(name, found, expected)
        theirs = Measure(name=f"rollup, {name}", things=things, value=value)
        yield theirs
        yield _ratio(f"rollup, × {name}", theirs, ours)
        best = min(best, value)
    yield Measure(name="rollup, × the best", things=things, value=best / ours.value, unit="×")


def _sums_of(graph: Graph) -> dict[int, tuple[float, float]]:
    plan = resolve(parse_for(graph.model, ROLLUP), graph.model, today=TODAY)
    what = plan.sort[0].what
    assert isinstance(what, Tallied)
    ids = graph.ids_of("any")
    found = Run(graph, TODAY).tallies(what, ids)
    pairs = zip(ids.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return {node: (low, high) for node, low, high in pairs if high}


def _by_networkx(network: nx.DiGraph, data: Data) -> dict[int, tuple[float, float]]:
    pairs = zip(data.low.tolist(), data.high.tolist(), strict=True)
    costs = dict(zip(data.nodes.tolist(), pairs, strict=True))
    sums = {}
    for root in network:
        if network.out_degree(root):
            below = [costs[node] for node in nx.descendants(network, root) if node in costs]
            if below:
                sums[root] = (sum(low for low, _ in below), sum(high for _, high in below))
    return sums


def _check(
    name: str, found: dict[int, tuple[float, float]], expected: dict[int, tuple[float, float]]
) -> None:
    assert found.keys() == expected.keys(), name
    for node, sums in found.items():
        assert np.allclose(sums, expected[node], rtol=1e-9), (name, node)
