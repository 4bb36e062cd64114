"""A query as a heading says it."""

from __future__ import annotations

import pytest
from tests.views import harbour

from latticework.views.lens.worded import headed, worded


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("bet", "Bets"),
        ("bet where stage is active show cost sort by cost limit 3", "Bets where stage is active"),
        ("goal serving goal/calm", "Goals serving goal/calm"),
        ("any where title contains calm", "Everything where title contains calm"),
        ("bet where", "Bet where"),
        ("goal/nowhere", "Goal/nowhere"),
        ("", ""),
    ],
)
def test_a_heading_says_the_kind_in_the_plural_and_leaves_out_how_it_is_shown(
    query: str, heading: str
) -> None:
    graph = harbour.graph("2026-06-01")
    assert headed(query, graph) == heading
    assert worded(query, graph.model)[1:] == heading[1:]


def test_a_thing_alone_is_headed_by_its_title() -> None:
    assert headed("goal/calm", harbour.graph("2026-06-01")) == "Calm mornings"
