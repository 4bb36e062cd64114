"""Rows below rows: teams of teams, with any shape of parts, circles among them."""

from __future__ import annotations

import numpy as np
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.views.lens.nested import Nested, nested
from latticework.views.walk import way_of

MODEL = """
model:
  uses: []
  kinds:
    part:
      family: context
      many: parts
      links: {holds: {to: part, back: lies in}}
"""
PARTS = 7

edges = st.sets(st.tuples(st.integers(0, PARTS - 1), st.integers(0, PARTS - 1)), max_size=14)


def company(pairs: set[tuple[int, int]]) -> Graph:
    """Parts that hold parts."""
    holds: dict[str, list[str]] = {f"part/p{each}": [] for each in range(PARTS)}
    for one, other in sorted(pairs):
        holds[f"part/p{one}"].append(f"part/p{other}")
    things = {ref: {"holds": ends} if ends else {} for ref, ends in holds.items()}
    return company_of(MODEL + yaml.safe_dump(things))


def lines(pairs: set[tuple[int, int]]) -> tuple[Nested, list[str]]:
    graph = company(pairs)
    found = nested(graph, graph.ids_of("part"), way_of(graph.model, "holds"))
    return found, [str(graph.ref_of(int(each))).removeprefix("part/p") for each in found.ids]


def drawn(pairs: set[tuple[int, int]]) -> list[str]:
    """Lines as they read: a dash for each step in, a star where it stands elsewhere too."""
    found, names = lines(pairs)
    each = zip(found.depths.tolist(), names, found.again.tolist(), strict=True)
    return [f"{'-' * depth}{name}{'*' * again}" for depth, name, again in each]


def test_each_stands_below_its_parent_in_the_order_of_the_answer() -> None:
    assert drawn({(2, 5), (2, 0), (0, 4)}) == ["1", "2", "-0", "--4", "-5", "3", "6"]


def test_with_two_parents_it_stands_below_both_and_holds_what_it_holds_once() -> None:
    assert drawn({(0, 2), (1, 2), (2, 3)}) == ["0", "-2", "--3", "1", "-2*", "4", "5", "6"]


def test_a_circle_begins_at_the_margin_and_ends_where_it_would_go_round() -> None:
    assert drawn({(1, 3), (3, 1)}) == ["0", "1", "-3", "--1*", "2", "4", "5", "6"]


@settings(max_examples=60)
@given(edges)
def test_each_stands_in_full_once_and_below_each_that_holds_it(pairs: set[tuple[int, int]]) -> None:
    found, names = lines(pairs)
    full = [name for name, again in zip(names, found.again, strict=True) if not again]
    assert sorted(full) == [str(each) for each in range(PARTS)]
    under = {(above, name) for above, name in _pairs(found, names) if above}
    assert under == {(str(one), str(other)) for one, other in pairs if one != other}


@settings(max_examples=60)
@given(edges)
def test_as_many_lines_hang_below_one_as_stand_deeper_behind_it(
    pairs: set[tuple[int, int]],
) -> None:
    found, _ = lines(pairs)
    depths = found.depths.tolist()
    for at, below in enumerate(found.below.tolist()):
        deeper = [each > depths[at] for each in depths[at + 1 :]]
        assert below == (deeper.index(False) if False in deeper else len(deeper))


def _pairs(found: Nested, names: list[str]) -> list[tuple[str, str]]:
    """Each line with the one that it hangs on."""
    above: dict[int, str] = {}
    pairs = []
    for depth, name in zip(np.asarray(found.depths).tolist(), names, strict=True):
        pairs.append((above[depth - 1] if depth else "", name))
        above[depth] = name
    return pairs


def test_who_is_not_among_the_rows_hangs_nowhere() -> None:
    graph = company({(0, 1), (1, 2)})
    some = graph.ids_of("part")[[0, 2]]
    found = nested(graph, some, way_of(graph.model, "holds"))
    assert found.depths.tolist() == [0, 0]
