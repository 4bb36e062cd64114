"""Readings against other libraries, on companies of chance."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.coupling import Coupling, coupling_of, swing
from latticework.analysis.reading import Answer, read_all
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.query.extent import Lookup

TODAY = date(2026, 11, 15)
TEAMS = 7
EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14, unique=True)


def _company(edges: list[tuple[int, int]], readings: str) -> Graph:
    lines = [f"model: {{readings: {{tried: {readings}}}}}"]
    for team in range(TEAMS):
        ends = ", ".join(f"team/t{end}" for start, end in edges if start == team)
        lines.append(f"team/t{team}: {{title: Team {team}, depends on: [{ends}]}}")
    return company_of("\n".join(lines))


def _answer(graph: Graph) -> Answer:
    (read,) = (each for each in read_all(graph, TODAY) if each.bound.name == "tried")
    assert read.answer is not None, read.findings
    return read.answer


@settings(max_examples=30, deadline=None)
@given(EDGES)
def test_hops_are_the_shortest_paths_of_networkx(edges: list[tuple[int, int]]) -> None:
    graph = _company(edges, "{computes: hops, with: {of: team, to: team/t0, along: depends on}}")
    answer = _answer(graph)
    network = nx.DiGraph([(f"team/t{a}", f"team/t{b}") for a, b in edges])
    network.add_node("team/t0")
    away = nx.single_source_shortest_path_length(network.reverse(), "team/t0")
    for row, node in enumerate(answer.ids.tolist()):
        expected = away.get(str(graph.ref_of(node)))
        assert answer.known[row] == (expected is not None)
        if expected is not None:
            assert answer.low[row] == expected
            assert len(answer.about(row).parts) == expected


def _coupling(graph: Graph) -> Coupling:
    step = Lookup(graph.model).find_step("depends on")
    assert step is not None
    return coupling_of(graph, graph.ids_of("team"), [(step,)])


@settings(max_examples=30, deadline=None)
@given(
    EDGES.map(lambda edges: [e for e in edges if e[0] != e[1]]),
    st.lists(st.integers(0, 2), min_size=7, max_size=7),
)
def test_density_and_modularity_are_those_of_networkx(
    edges: list[tuple[int, int]], groups: list[int]
) -> None:
    graph = _company(edges, "{computes: hops, with: {of: team, to: team, along: depends on}}")
    found = _coupling(graph)
    network: nx.Graph = nx.Graph()
    network.add_nodes_from(range(TEAMS))
    for first, second in edges:
        weight = network.get_edge_data(first, second, {"weight": 0})["weight"]
        network.add_edge(first, second, weight=weight + 1)
    assert np.isclose(found.density, nx.density(network))
    refs = [
        int(str(graph.ref_of(node)).rpartition("t")[2]) for node in graph.ids_of("team").tolist()
    ]
    mine = np.array([groups[each] for each in refs])
    if edges:
        sets = [{n for n in range(TEAMS) if groups[n] == each} for each in set(groups)]
        assert np.isclose(found.modularity(mine), nx.community.modularity(network, sets))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=4, max_size=8, unique=True))
def test_a_rhythm_is_the_middle_distance_between_changes(ago: list[int]) -> None:
    days = sorted(TODAY - timedelta(days=each) for each in ago)
    texts = ["model: {readings: {tried: {computes: staleness, with: {of: metric}}}}"]
    texts += [f"on: {day}\nmetric/m: {{idea: x, reading: '{n}'}}" for n, day in enumerate(days)]
    answer = _answer(company_of("\n---\n".join(texts)))
    gaps = [(after - before).days for before, after in pairwise(days)]
    assert np.isclose(answer.low[0], (TODAY - days[-1]).days / median(gaps))


def test_a_swing_says_where_it_heads_and_how_often_it_turned() -> None:
    assert swing(np.array([0.1, 0.2, 0.1, 0.2])) == ("towards each other", 2)
    assert swing(np.array([np.nan, 0.3, 0.2])) == ("apart", 0)
    assert swing(np.array([0.2, 0.2])) == ("level", 0)


def test_small_groups_and_single_people_are_never_shown() -> None:
    graph = company_of(
        """
        model:
          readings:
            tried: {computes: load, with: {of: any, what: effort, along: owns}}
        person/a: {title: A}
        team/b: {title: B}
        project/x: {title: X, is owned by: person/a}
        """
    )
    answer = _answer(graph)
    assert "person" not in {graph.kind_of(node) for node in answer.ids.tolist()}
    assert answer.hidden == 1
