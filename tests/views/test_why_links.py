"""Every number that says it can tell why leads to a page that does."""

from __future__ import annotations

import pytest
from tests.views import harbour, quay
from tests.views.test_pages import FIGURES, PAGES, page_of

from latticework.surfaces.text_why import command_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.sparks import plan_of
from latticework.views.blocks import Why, why_of
from latticework.views.catalogue import views
from latticework.views.numbers import numbers_of


@pytest.mark.parametrize("name", [*PAGES, *FIGURES])
def test_what_a_number_leads_to_can_be_built(name: str) -> None:
    sight = quay.sight() if name in FIGURES else harbour.sight(PAGES[name][1])
    for _, why in set(numbers_of(page_of(name).blocks)):
        assert views()[why.view].build(sight, dict(why.chosen)).blocks


@pytest.mark.parametrize(
    "name",
    [
        "rollup",
        "why-rollup",
        "readings",
        "readings-one",
        "why-all",
        "allocation",
        "flow",
        "ageing",
        "forecast",
        "curve",
        "scoring",
        "scope",
        "diff",
    ],
)
def test_pages_of_numbers_say_why(name: str) -> None:
    assert any(numbers_of(page_of(name).blocks))


def test_the_sums_of_a_query_say_why() -> None:
    page = views()["ask"].build(
        harbour.sight("2026-06-01"), {"query": "goal show title, sum(cost of is served by+)"}
    )
    found = dict(numbers_of(page.blocks))
    assert found["EUR 40–80k"].chosen[-1] == ("column", "sum(cost of is served by+)")


def test_a_query_that_is_dated_itself_does_not_lead_to_another_day() -> None:
    page = views()["ask"].build(
        harbour.sight(), {"query": "goal show sum(cost of is served by+) at 2026-06-01"}
    )
    assert not list(numbers_of(page.blocks))


def test_a_number_is_a_command_and_an_address() -> None:
    why = why_of("goal/reach", field="cost", along="is served by+", share="")
    assert command_of(why) == "latticework why goal/reach --field cost --along 'is served by+'"
    look = Look(path="/", query=(("at", "2026-06-01"),))
    address = "/views/why?ref=goal/reach&field=cost&along=is%20served%20by%2B&at=2026-06-01"
    assert look.why(why) == address
    assert command_of(Why("feed", (("ref", "bet/x"),))) == "latticework feed bet/x"


def test_a_small_line_goes_from_left_to_right_and_leaves_gaps() -> None:
    plan = plan_of([1.0, float("nan"), 3.0, 2.0])
    assert plan is not None
    assert plan.path.count("M") == 2
    assert plan.last is not None
    assert plan.says == "from 1 to 2, between 1 and 3"
    assert plan_of([1.0]) is None
