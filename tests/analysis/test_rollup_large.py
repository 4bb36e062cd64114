"""A graph too large for little companies: sums conserve there as well."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from latticework.analysis.rollup.reading import rollup
from latticework.base.times import Moment
from latticework.graph.graph import Graph, build
from latticework.graph.little import RECORDED, company_of

TODAY = date(2026, 11, 15)
SIZE = 100_000
"""So many bets and goals that pairs of their places need more than 33 bits."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    random = np.random.default_rng(7)
    row = pl.int_range(0, SIZE, eager=True)
    bets, goals = (
        pl.select(pl.concat_str(pl.lit(f"{k}/t-"), row)).to_series() for k in ("bet", "goal")
    )
    cost = pl.select(pl.concat_str(pl.lit('{"cost": "EUR '), row % 97, pl.lit('"}'))).to_series()
    ends = pl.DataFrame(
        {
            "subject": bets.gather(np.repeat(np.arange(SIZE), 2)),
            "n": random.integers(0, SIZE, 2 * SIZE),
        }
    ).unique(maintain_order=True)
    parts = [
        _facts("put", bets, None, None, cost),
        _facts("put", goals, None, None, None),
        _facts("connect", ends["subject"], "serves", goals.gather(ends["n"]), None),
    ]
    log = pl.concat(parts).with_row_index("number", offset=1)
    log = log.select(
        pl.col("number").cast(pl.Int64),
        pl.col("number").cast(pl.Int64).alias("batch"),
        pl.lit(RECORDED, dtype=pl.Int64).alias("known"),
        pl.lit(RECORDED, dtype=pl.Int64).alias("valid"),
        *("op", "subject", "link", "object", "patch"),
    )
    model = company_of("").model
    declared = log.head(1).with_columns(op=pl.lit("declare"), number=pl.lit(0, dtype=pl.Int64))
    return build(pl.concat([declared, log]), Moment(), load=lambda _: model)


def _facts(
    op: str, subject: pl.Series, link: str | None, target: pl.Series | None, patch: pl.Series | None
) -> pl.DataFrame:
    count = len(subject)
    return pl.DataFrame(
        {
            "op": [op] * count,
            "subject": subject,
            "link": [link] * count,
            "object": target if target is not None else [None] * count,
            "patch": patch if patch is not None else ["{}"] * count,
        },
        schema_overrides={"link": pl.String, "object": pl.String},
    )


def test_a_large_split_conserves(graph: Graph) -> None:
    found = rollup(graph, "cost", "is served by+", "split", today=TODAY)
    (told,) = found.conserved
    assert told.holds
    assert told.whole[0] == sum(each % 97 * 100 for each in range(SIZE))


def test_a_large_split_agrees_with_plain_sums(graph: Graph) -> None:
    edges = graph.adjacency("serves")
    parents = np.bincount(edges.sources, minlength=graph.size)
    bets = graph.ids_of("bet")
    cents = dict(zip(bets.tolist(), (np.arange(SIZE) % 97 * 100).tolist(), strict=True))
    exact: dict[int, Fraction] = defaultdict(Fraction)
    for below, above in zip(edges.sources.tolist(), edges.targets.tolist(), strict=True):
        exact[above] += Fraction(cents[below], int(parents[below]))
    found = rollup(graph, "cost", "is served by+", "split", today=TODAY)
    degrees = np.bincount(edges.targets, minlength=graph.size)
    for node in found.ids.tolist():
        assert abs(int(found.currents[0].low[node]) - exact[node]) <= int(degrees[node])
