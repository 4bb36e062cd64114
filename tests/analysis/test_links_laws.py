"""Rules about edges, against plain graph algorithms."""

from datetime import date
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.rules.crowded_link import crowded_link
from latticework.analysis.rules.link_cycle import link_cycle
from latticework.graph.little import company_of

TODAY = date(2026, 11, 15)
EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14, unique=True)


def _goals(edges: list[tuple[int, int]]) -> str:
    lines = []
    for goal in range(8):
        serves = ", ".join(f"goal/g{to}" for start, to in edges if start == goal)
        lines.append(f"goal/g{goal}: {{title: Goal {goal}, serves: [{serves}]}}")
    return "\n".join(lines)


@settings(max_examples=25, deadline=None)
@given(EDGES)
def test_cycle_is_told_for_each_set_that_reaches_itself(edges: list[tuple[int, int]]) -> None:
    complaints = list(link_cycle(company_of(_goals(edges)), TODAY))
    graph = nx.DiGraph(edges)
    rings = [each for each in nx.strongly_connected_components(graph) if len(each) > 1]
    assert len(complaints) == len(rings) + sum(start == to for start, to in edges)


@settings(max_examples=25, deadline=None)
@given(EDGES)
def test_each_told_cycle_is_one(edges: list[tuple[int, int]]) -> None:
    for complaint in link_cycle(company_of(_goals(edges)), TODAY):
        named = complaint.says.partition(": ")[2].split(" → ")
        steps = [int(ref.removeprefix("goal/g")) for ref in named]
        assert steps[0] == steps[-1]
        assert set(pairwise(steps)) <= set(edges)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=5, unique=True))
def test_owners_beyond_one_are_told(owners: list[int]) -> None:
    teams = "\n".join(f"team/t{each}: {{title: Team {each}}}" for each in owners)
    named = ", ".join(f"team/t{each}" for each in owners)
    text = f"bet/ferry: {{title: Ferry, is owned by: [{named}]}}\n{teams}"
    assert len(list(crowded_link(company_of(text), TODAY))) == (len(owners) > 1)
