"""Numbers of a large project's company, worked out a second time with other libraries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from tests.acceptance.test_kubernetes import Company, company, data  # noqa: F401

from latticework.analysis.reading import read_one
from latticework.analysis.rollup.reading import Rollup, rollup
from latticework.graph.graph import Graph
from latticework.model.model import BoundReading

pytestmark = pytest.mark.realdata
TODAY = date(2026, 11, 15)


@pytest.fixture(scope="module")
def graph(company: Company) -> Graph:  # noqa: F811
    return company.workspace.graph()


def _links(graph: Graph, kind: str, link: str) -> dict[str, list[str]]:
    """Each thing's far ends, read one by one."""
    return {
        str(node.ref): [str(each) for each in node.links.get(link, ())]
        for node in graph.of_kind(kind)
    }


def _figures(found: Rollup) -> dict[str, int]:
    current = found.currents[0]
    return {str(found.graph.ref_of(int(node))): int(current.low[node]) for node in found.ids}


def test_split_and_full_agree_with_plain_sums(graph: Graph) -> None:
    numbers = {
        str(node.ref): Fraction(str(node.fields["number"]))
        for node in graph.of_kind("enhancement")
        if str(node.fields.get("number", "")).isdecimal()
    }
    joined = _links(graph, "group", "takes part in")
    parents: dict[str, int] = defaultdict(int)
    for ends in joined.values():
        for end in ends:
            parents[end] += 1
    full = {ref: sum(numbers.get(end, 0) for end in ends) for ref, ends in joined.items()}
    split = {
        ref: sum((numbers[end] / parents[end] for end in ends if end in numbers), Fraction(0))
        for ref, ends in joined.items()
    }
    assert len([ref for ref in full if full[ref]]) > 10
    found = rollup(graph, "number", "takes part in", "full", today=TODAY)
    for ref, cents in _figures(found).items():
        assert cents == full[ref] * 100
    found = rollup(graph, "number", "takes part in", "split", today=TODAY)
    (told,) = found.conserved
    assert told.holds
    assert told.whole[0] == sum(numbers.values()) * 100
    for ref, cents in _figures(found).items():
        assert abs(cents - split[ref] * 100) <= len(joined[ref])


def test_the_whole_that_is_told_at_a_past_day_conserves_too(company: Company) -> None:  # noqa: F811
    past = company.workspace.graph(at="2022-01-01")
    found = rollup(past, "number", "takes part in", "split", today=date(2022, 1, 1))
    assert found.conserved
    assert all(each.holds for each in found.conserved)


def test_coupling_of_groups_is_that_of_networkx(graph: Graph) -> None:
    bound = BoundReading(
        name="ties",
        computes="coupling",
        given={"of": ("group",), "by": ("takes part in", "involves"), "back": ("1",)},
    )
    answer = read_one(graph, bound, TODAY)
    network: nx.Graph = nx.Graph()
    joined = _links(graph, "group", "takes part in")
    network.add_nodes_from(joined)
    by_end: dict[str, list[str]] = defaultdict(list)
    for ref, ends in joined.items():
        for end in ends:
            by_end[end].append(ref)
    for refs in by_end.values():
        network.add_edges_from(combinations(refs, 2))
    for ref, ends in _links(graph, "group", "involves").items():
        network.add_edges_from((ref, end) for end in ends if end != ref and end in network)
    assert answer.whole.low is not None
    assert np.isclose(answer.whole.low, nx.density(network))
    for row, node in enumerate(answer.ids.tolist()):
        assert answer.low[row] == network.degree(str(graph.ref_of(node)))
