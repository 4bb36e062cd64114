"""Rollups over a whole graph of n things and 3 n edges, beside what others offer.

Every item serves three epics, every epic three goals, every goal three
pillars; a third of the edges say a share. The effort of items is rolled up to
everything above. NetworkX, recursive SQL on SQLite and on DuckDB get the same
edges, weights and values, in memory, and must give the same answers before a
ratio counts. What takes the others minutes is asked of them only up to
MOST_SLOW things. All times are processor time, of all threads, so that what
else the machine does counts for neither.
"""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median

import duckdb
import networkx as nx
import numpy as np
import polars as pl
from bench.generator import END, START, model
from bench.query_bench import _Stream
from bench.run import Measure

from latticework.analysis.rollup.reading import Rollup, rollup
from latticework.base.times import Moment
from latticework.graph.graph import Graph, build

TODAY = date(2025, 6, 15)
PATH = "is served by+"
MOST_SLOW = 100_000
_SCHEMA = {"op": pl.String, "subject": pl.String, "link": pl.String, "object": pl.String}
Sums = dict[int, float]

SPLIT_SQL = """
    WITH RECURSIVE flow(node, amount) AS (
        SELECT edge.above, value.low * edge.weight FROM value JOIN edge ON edge.below = value.node
        UNION ALL
        SELECT edge.above, flow.amount * edge.weight FROM flow JOIN edge ON edge.below = flow.node
    ) SELECT node, sum(amount) FROM flow GROUP BY node
"""
FULL_SQL = """
    WITH RECURSIVE reach(root, node) AS (
        SELECT above, below FROM edge
        UNION
        SELECT reach.root, edge.below FROM reach JOIN edge ON edge.above = reach.node
    ) SELECT root, sum(low) FROM reach JOIN value ON value.node = reach.node GROUP BY root
"""


def measures(things: int) -> Iterator[Measure]:
    """The three ways to roll up, the first time and again, and what others take."""
    graph = graph_of(things)
    edges = len(graph.adjacency("serves"))
    yield Measure(name="edges", things=things, value=edges, unit="")
    ours: dict[str, Measure] = {}
    for mode in ("split", "full", "range"):
        _, first = _timed(f"{mode}, first time", partial(_rolled, graph, mode), things=things)
        yield first
        ours[mode] = _measure(mode, partial(_rolled, graph, mode), 7, things=things, target=300.0)
        yield ours[mode]
    found = _rolled(graph, "split")
    assert all(each.holds for each in found.conserved)
    node = int(graph.ids_of("pillar")[0])
    from latticework.analysis.rollup.evidence import evidence_of

    yield _measure("why one figure", lambda: evidence_of(found, node), 5, things=things)
    yield from _others(graph, things, ours)


def _timed(name: str, function: Callable[[], object], *, things: int) -> tuple[object, Measure]:
    """What one call returns and how much processor time it took, in milliseconds."""
    gc.collect()
    start = time.process_time()
    found = function()
    spent = (time.process_time() - start) * 1000
    return found, Measure(name=name, things=things, value=spent)


def _measure(
    name: str, function: Callable[[], object], repeat: int, *, things: int, target: float = 0.0
) -> Measure:
    """The median processor time of a call."""
    times = [_timed(name, function, things=things)[1].value for _ in range(repeat)]
    return Measure(name=name, things=things, value=median(times), target=target)


def _rolled(graph: Graph, mode: str) -> Rollup:
    return rollup(graph, "effort", PATH, mode, today=TODAY)


def _others(graph: Graph, things: int, ours: dict[str, Measure]) -> Iterator[Measure]:
    """The same sums by other means, compared with ours and timed."""
    split, full = (_sums(_rolled(graph, mode)) for mode in ("split", "full"))
    edges, values = _tables(graph)
    duck, lite = _duckdb(edges, values), _sqlite(edges, values)
    network = _network(edges)
    costs = dict(values.iter_rows())
    every: list[tuple[str, str, Callable[[], Sums], bool]] = [
        ("split", "NetworkX", lambda: _split_networkx(network, costs), False),
        ("split", "DuckDB", lambda: _fetched(duck, SPLIT_SQL), False),
        ("split", "SQLite", lambda: dict(lite.execute(SPLIT_SQL)), False),
        ("full", "NetworkX", lambda: _full_networkx(network, costs), True),
        ("full", "DuckDB", lambda: _fetched(duck, FULL_SQL), True),
        ("full", "SQLite", lambda: dict(lite.execute(FULL_SQL)), True),
    ]
    for mode, name, call, is_slow in every:
        if is_slow and things > MOST_SLOW:
            continue
        answer, theirs = _timed(f"{mode}, {name}", call, things=things)
        assert isinstance(answer, dict)
        _check(f"{mode}, {name}", split if mode == "split" else full, answer)
        yield theirs
        ratio = theirs.value / ours[mode].value
        yield Measure(name=f"{mode}, × {name}", things=things, value=ratio, unit="×")


def _sums(found: Rollup) -> Sums:
    low, _ = found.arrays()
    return dict(zip(found.ids.tolist(), low.tolist(), strict=True))


def _check(name: str, ours: Sums, theirs: Sums) -> None:
    """Sums agree but for rounding to minutes on the way."""
    known = {node: amount for node, amount in theirs.items() if amount}
    assert known.keys() == {node for node, amount in ours.items() if amount}, name
    for node, amount in known.items():
        assert np.isclose(ours[node], amount, rtol=1e-3, atol=1.0), (name, node)


# The others --------------------------------------------------------------------------


def _tables(graph: Graph) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Edges with their weights, and values in days."""
    adjacency = graph.adjacency("serves")
    share = graph.edge_column("serves", "share").low
    edges = pl.DataFrame({"below": adjacency.sources, "above": adjacency.targets, "said": share})
    said = pl.col("said").sum().over("below")
    lacking = pl.col("said").is_null().sum().over("below")
    spare = (1 - said).clip(lower_bound=0) / lacking
    weight = (
        pl.when(pl.col("said").is_null())
        .then(spare)
        .otherwise(pl.col("said") / pl.max_horizontal(said, 1.0))
    )
    edges = edges.with_columns(weight=weight.fill_nan(0.0)).drop("said")
    nodes = graph.ids_of("item")
    low = graph.column("effort", nodes).low
    values = pl.DataFrame({"node": nodes, "low": low}).drop_nulls()
    return edges, values


def _duckdb(edges: pl.DataFrame, values: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    base = duckdb.connect()
    base.register("edges", _Stream(edges))
    base.register("amounts", _Stream(values))
    base.execute("CREATE TABLE edge AS SELECT * FROM edges")
    base.execute("CREATE TABLE value AS SELECT * FROM amounts")
    return base


def _fetched(base: duckdb.DuckDBPyConnection, sql: str) -> Sums:
    return dict(base.execute(sql).fetchall())


def _sqlite(edges: pl.DataFrame, values: pl.DataFrame) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE edge (below INTEGER, above INTEGER, weight REAL)")
    base.execute("CREATE TABLE value (node INTEGER PRIMARY KEY, low REAL)")
    base.executemany("INSERT INTO edge VALUES (?, ?, ?)", edges.iter_rows())
    base.executemany("INSERT INTO value VALUES (?, ?)", values.iter_rows())
    base.execute("CREATE INDEX by_below ON edge (below, above, weight)")
    base.execute("CREATE INDEX by_above ON edge (above, below)")
    base.execute("ANALYZE")
    return base


def _network(edges: pl.DataFrame) -> nx.DiGraph:
    network = nx.DiGraph()
    network.add_weighted_edges_from(edges.iter_rows())
    return network


def _split_networkx(network: nx.DiGraph, costs: Sums) -> Sums:
    """Amounts handed on in topological order."""
    got: Sums = {}
    for node in nx.topological_sort(network):
        amount = costs.get(node, 0.0) + got.get(node, 0.0)
        if amount:
            for above, carried in network.adj[node].items():
                got[above] = got.get(above, 0.0) + amount * carried["weight"]
    return got


def _full_networkx(network: nx.DiGraph, costs: Sums) -> Sums:
    """What each thing can be reached from, summed."""
    return {
        node: sum(costs.get(each, 0.0) for each in nx.ancestors(network, node))
        for node in network
        if network.in_degree(node)
    }


# The graph ---------------------------------------------------------------------------


def graph_of(things: int) -> Graph:
    """A graph of so many things, each below the top serving three others."""
    random = np.random.default_rng(1)
    counts = {"pillar": 20, "goal": things // 100, "epic": things * 14 // 100}
    counts["item"] = things - sum(counts.values())
    births = [_births(name, count) for name, count in counts.items()]
    above = {"goal": "pillar", "epic": "goal", "item": "epic"}
    drawn = [_drawn(name, to, counts[name], counts[to], random) for name, to in above.items()]
    log = pl.concat([*births, *drawn])
    numbers = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    log = log.select(
        number=numbers,
        batch=numbers,
        known=pl.lit(END, dtype=pl.Int64),
        valid=pl.lit(START, dtype=pl.Int64),
        op="op",
        subject="subject",
        link="link",
        object="object",
        patch="patch",
    )
    declared = log.head(1).with_columns(
        number=pl.lit(0, dtype=pl.Int64),
        batch=pl.lit(0, dtype=pl.Int64),
        op=pl.lit("declare"),
        subject=pl.lit(None, dtype=pl.String),
        patch=pl.lit("words"),
    )
    return build(pl.concat([declared, log]), Moment(END), load=lambda _: model())


def _births(name: str, count: int) -> pl.DataFrame:
    row = pl.int_range(0, count, eager=True)
    effort = pl.concat_str(
        pl.lit('{"effort": "'), row % 9 + 1, pl.lit("–"), row % 9 + 3, pl.lit(' days"}')
    )
    return pl.DataFrame({"row": row}).select(
        op=pl.lit("put"),
        subject=pl.concat_str(pl.lit(f"{name}/t-"), "row"),
        link=pl.lit(None, dtype=pl.String),
        object=pl.lit(None, dtype=pl.String),
        patch=effort if name == "item" else pl.lit("{}"),
    )


def _drawn(
    source: str, target: str, count: int, among: int, random: np.random.Generator
) -> pl.DataFrame:
    rows = np.repeat(np.arange(count), 3)
    ends = random.integers(0, among, 3 * count)
    frame = pl.DataFrame({"row": rows, "end": ends}).unique(["row", "end"], maintain_order=True)
    third = pl.int_range(pl.len()) % 3 == 0
    return frame.select(
        op=pl.lit("connect"),
        subject=pl.concat_str(pl.lit(f"{source}/t-"), "row"),
        link=pl.lit("serves"),
        object=pl.concat_str(pl.lit(f"{target}/t-"), "end"),
        patch=pl.when(third).then(pl.lit('{"share": "40%"}')).otherwise(pl.lit("{}")),
    )
