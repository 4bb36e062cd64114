"""The canvas: every kind in its family, counted, with its stages and last touch."""

from __future__ import annotations

from tests.views import harbour, wrenfold

from latticework.views.canvas import canvas_of
from latticework.views.visuals import Plot


def plots(*, unused: bool = True) -> dict[str, Plot]:
    block = canvas_of(harbour.sight(), unused=unused)
    return {plot.kind: plot for _, _, found in block.families for plot in found}


def test_every_kind_has_its_count_and_its_last_touch() -> None:
    assert plots()["bet"].count == 3
    assert plots()["bet"].said == "3 days ago"
    assert plots()["budget"].count == 0
    assert plots()["budget"].said == ""


def test_stages_that_hold_something_come_in_their_course() -> None:
    assert plots()["bet"].stages == (
        ("Building", "active", 1),
        ("Shipped", "done", 1),
        ("", "", 1),
    )


def test_stages_of_a_kind_add_up_to_its_count() -> None:
    block = canvas_of(wrenfold.sight())
    found = [plot for _, _, family in block.families for plot in family if plot.stages]
    assert len(found) > 10
    assert all(sum(count for _, _, count in plot.stages) == plot.count for plot in found)


def test_kinds_without_things_can_be_left_out() -> None:
    assert "budget" not in plots(unused=False)
    assert [family for family, _, _ in canvas_of(harbour.sight(), unused=False).families] == [
        "intent",
        "collaboration",
    ]


def test_a_past_day_counts_its_own_things() -> None:
    block = canvas_of(harbour.sight("2025-02-01"))
    found = {plot.kind: plot for _, _, family in block.families for plot in family}
    assert (found["goal"].count, found["team"].count, found["bet"].count) == (2, 2, 1)
    assert found["bet"].said == "3 weeks ago"
