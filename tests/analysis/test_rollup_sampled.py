"""Draws of a rollup's ranges agree with arithmetic where that is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.rollup.reading import Rollup, rollup
from latticework.analysis.rollup.sampled import MOST, QUANTILES, sampled
from latticework.base.findings import Refused
from latticework.graph.graph import Graph
from latticework.graph.little import company_of

TODAY = date(2026, 11, 15)
QUAY = """
goal/quay:   {}
goal/pier:   {}
bet/crane:   {serves: goal/quay, cost: EUR 0–10}
bet/cable:   {serves: goal/quay, cost: EUR 0–10}
bet/buoy:    {serves: goal/pier, cost: EUR 40}
"""


def _rolled(graph: Graph, mode: str) -> Rollup:
    return rollup(graph, "cost", "is served by+", mode, today=TODAY)


def _figures(graph: Graph, mode: str, ref: str, **how: int) -> list[float]:
    node = graph.id_of(ref)
    found = sampled(_rolled(graph, mode), np.array([node]), **how)
    return [float(each) for each in found.figures[0][0]]


@pytest.mark.parametrize("mode", ["split", "full", "range"])
def test_two_even_ranges_add_up_to_a_triangle(mode: str) -> None:
    """The sum of two even draws from 0 to 10 lies below s with chance s² / 200, up to 10."""
    low, middle, high = _figures(company_of(QUAY), mode, "goal/quay", trials=20_000)
    assert low == pytest.approx(np.sqrt(20), abs=0.15)
    assert middle == pytest.approx(10, abs=0.15)
    assert high == pytest.approx(20 - np.sqrt(20), abs=0.15)


@pytest.mark.parametrize("mode", ["split", "full", "range"])
def test_what_is_known_exactly_is_drawn_exactly(mode: str) -> None:
    assert _figures(company_of(QUAY), mode, "goal/pier", trials=50) == pytest.approx([40, 40, 40])


def test_the_same_seed_gives_the_same_figures_and_another_seed_others() -> None:
    graph = company_of(QUAY)
    first, again, other = (
        _figures(graph, "split", "goal/quay", trials=200, seed=seed) for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


def test_edges_without_a_share_divide_at_random_what_is_left() -> None:
    """Of two edges without a share each takes anything between nothing and all."""
    graph = company_of(
        "goal/quay: {}\ngoal/pier: {}\nbet/crane: {serves: [goal/quay, goal/pier], cost: EUR 100}\n"
    )
    drawn = _figures(graph, "range", "goal/quay", trials=20_000)
    assert drawn == pytest.approx([100 * each for each in QUANTILES], abs=1.5)
    assert _figures(graph, "split", "goal/quay", trials=20) == pytest.approx([50, 50, 50])


def test_what_was_assumed_is_said_with_the_seed() -> None:
    found = sampled(_rolled(company_of(QUAY), "range"), np.array([0]), trials=30, seed=5)
    told = "; ".join(found.assumptions)
    assert "evenly in its range" in told
    assert "apart from each other" in told
    assert "30 draws with seed 5" in told


def test_what_would_take_too_long_is_refused_with_a_number_that_would_not() -> None:
    with pytest.raises(Refused) as refused:
        _figures(company_of(QUAY), "split", "goal/quay", trials=MOST)
    (told,) = refused.value.findings
    assert told.code == "ROLLUP005"
    assert "ask for 1 to" in told.hint


COSTS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 90)), min_size=3, max_size=3)
SHARES = st.sampled_from(["", "share 20%", "share 30–60%", "share 100%"])


@settings(max_examples=40, deadline=None)
@given(COSTS, st.lists(SHARES, min_size=3, max_size=3))
def test_draws_never_leave_the_range_of_interval_arithmetic(
    costs: list[tuple[int, int]], shares: list[str]
) -> None:
    said = [each.removeprefix("share ") for each in shares]
    lines = ["goal/top: {}", "goal/left: {serves: goal/top}", "goal/right: {serves: goal/top}"]
    for number, ((low, more), share) in enumerate(zip(costs, said, strict=True)):
        left = f"{{goal/left: {{share: {share}}}}}" if share else "goal/left"
        lines.append(
            f"bet/b{number}: {{serves: [{left}, goal/right], cost: EUR {low}..{low + more}}}"
        )
    graph = company_of("\n".join(lines))
    found = _rolled(graph, "range")
    drawn = sampled(found, found.ids, trials=60)
    least, most = found.arrays()
    cent = 0.05
    assert (drawn.figures[0][:, 0] >= least - cent).all()
    assert (drawn.figures[0][:, -1] <= most + cent).all()
