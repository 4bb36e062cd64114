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
        ("", ""),
    ],
)
def test_a_heading_says_the_kind_in_the_plural_and_leaves_out_how_it_is_shown(
    query: str, heading: str
) -> None:
    model = harbour.graph("2026-06-01").model
    assert headed(query, model) == heading
    assert worded(query, model)[1:] == heading[1:]
