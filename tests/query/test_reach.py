"""Everything that is reached, each thing once, against NetworkX."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.findings import Refused
from latticework.query import sets as sets_module
from latticework.query.reach import Reach, extremes_ahead, reach_over, sums_ahead
from latticework.query.walk import Neighbours, sweep

Edges = list[tuple[int, int]]
networks = st.integers(1, 14).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=40),
    )
)


def _table(size: int, edges: Edges) -> Neighbours:
    unique = sorted(set(edges))
    sources = np.array([source for source, _ in unique], dtype=np.int64)
    pointers = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(sources, minlength=size), out=pointers[1:])
    return Neighbours(pointers, np.array([target for _, target in unique], dtype=np.int32))


def _everything(size: int, edges: Edges) -> Reach:
    return reach_over([_table(size, edges)], np.ones(size, dtype=bool))


def _sums(reach: Reach, weights: list[float]) -> list[float]:
    """The sum of each node, by way of the places of the network."""
    inside = reach.part >= 0
    own = np.bincount(reach.part[inside], np.array(weights)[inside], minlength=reach.size)
    return list(np.append(sums_ahead(reach, own), 0.0)[reach.part])


def _descendants(size: int, edges: Edges) -> list[set[int]]:
    """What each node reaches over at least one edge, itself too if on a cycle."""
    network = nx.DiGraph()
    network.add_nodes_from(range(size))
    network.add_edges_from(edges)
    found = [nx.descendants(network, node) for node in network]
    loops = {
        node
        for part in nx.strongly_connected_components(network)
        for node in part
        if len(part) > 1 or network.has_edge(node, node)
    }
    return [reached | ({node} & loops) for node, reached in enumerate(found)]


@given(networks)
@settings(max_examples=300, deadline=None)
def test_sums_count_each_descendant_once(network: tuple[int, Edges]) -> None:
    size, edges = network
    reach = _everything(size, edges)
    reached = _descendants(size, edges)
    assert _sums(reach, [1.0] * size) == [len(each) for each in reached]
    weights = [2.0**node for node in range(size)]
    assert _sums(reach, weights) == [sum(2.0**node for node in each) for each in reached]


@given(networks)
@settings(max_examples=200, deadline=None)
def test_sums_taken_from_other_sums_are_the_same(network: tuple[int, Edges]) -> None:
    """As in large networks: short ways are always remembered, blocks are as small as can be."""
    size, edges = network
    weights = [2.0**node for node in range(size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets_module, "_BLOCK", 1)
        patch.setattr(sets_module, "_FEWER", 0)
        found = _sums(_everything(size, edges), weights)
    assert found == [sum(2.0**node for node in each) for each in _descendants(size, edges)]


@given(networks, st.booleans())
@settings(max_examples=150, deadline=None)
def test_extremes_look_at_every_descendant(network: tuple[int, Edges], least: bool) -> None:
    size, edges = network
    values = np.array([float((node * 7) % size) for node in range(size)])
    values[::3] = np.nan
    reach = _everything(size, edges)
    combine = np.fmin if least else np.fmax
    own = np.full(reach.size, np.nan)
    combine.at(own, reach.part, values)
    found = extremes_ahead(reach, own, least=least)[reach.part]
    pick = np.nanmin if least else np.nanmax
    for node, reached in enumerate(_descendants(size, edges)):
        known = [values[each] for each in reached if not np.isnan(values[each])]
        assert np.array_equal(found[node], pick(known) if known else np.nan, equal_nan=True)


@given(networks)
@settings(max_examples=150, deadline=None)
def test_a_sweep_finds_all_descendants(network: tuple[int, Edges]) -> None:
    size, edges = network
    starts = np.zeros(size, dtype=bool)
    starts[0] = True
    found = sweep([_table(size, edges)], starts, "+")
    assert set(np.flatnonzero(found).tolist()) == _descendants(size, edges)[0]


@given(networks, st.data())
@settings(max_examples=100, deadline=None)
def test_a_network_may_be_a_part_of_the_nodes(
    network: tuple[int, Edges], data: st.DataObject
) -> None:
    size, edges = network
    within = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    found = _sums(reach_over([_table(size, edges)], within), [1.0] * size)
    inner = [(s, t) for s, t in edges if within[s] and within[t]]
    expected = [len(each) for each in _descendants(size, inner)]
    assert [found[n] for n in np.flatnonzero(within)] == [
        expected[n] for n in np.flatnonzero(within)
    ]


@pytest.mark.parametrize("fraction", [0.0, 0.1])
def test_large_overlapping_networks_are_summed_like_small_ones(fraction: float) -> None:
    """Five at the top, each leading to most of what lies three levels below."""
    random = np.random.default_rng(3)
    levels = np.cumsum([0, 5, 200, 2_000, 20_000])
    edges = [
        (int(above), below)
        for top, first, last in zip(levels, levels[1:], levels[2:], strict=False)
        for below in range(first, last)
        for above in random.choice(np.arange(top, first), 3, replace=False)
    ]
    size = int(levels[-1])
    table = _table(size, edges)
    weights = random.integers(1, 1000, size) + fraction
    found = _sums(reach_over([table], np.ones(size, dtype=bool)), weights.tolist())
    for node in range(210):
        starts = np.zeros(size, dtype=bool)
        starts[node] = True
        reached = sweep([table], starts, "+")
        assert np.isclose(found[node], weights[reached].sum(), rtol=1e-12)


def test_a_long_chain_takes_as_many_rounds_as_its_length_has_digits() -> None:
    """Fifteen thousand things, each below the one before."""
    size = 15_000
    edges = [(node, node + 1) for node in range(size - 1)]
    assert _sums(_everything(size, edges), [1.0] * size)[0] == size - 1


def test_a_ladder_counts_each_rung_once() -> None:
    """Two rails of a thousand, each rung leading to both of the next."""
    rungs = 1_000
    edges = [
        (2 * rung + side, 2 * rung + 2 + other)
        for rung in range(rungs - 1)
        for side in (0, 1)
        for other in (0, 1)
    ]
    assert _sums(_everything(2 * rungs, edges), [1.0] * 2 * rungs)[0] == 2 * rungs - 2


def test_too_many_pairs_are_a_finding_not_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets_module, "MOST_PAIRS", 10)
    edges = [(s, t) for s in range(8) for t in range(s + 1, 8)]
    with pytest.raises(Refused) as refused:
        _sums(_everything(8, edges), [1.0] * 8)
    assert refused.value.findings[0].code == "QUERY030"
