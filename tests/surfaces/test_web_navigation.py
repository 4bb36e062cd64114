"""What the frame round every page knows: days with names, branches, refs that are free."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.surfaces.web.look import Look, look_of
from latticework.surfaces.web.navigation import branch_lines, iso_day, named_days, places
from latticework.surfaces.web.routes import routes
from latticework.views.catalogue import views
from latticework.workspace import Workspace

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2190, 1, 1))


def test_days_of_the_calendar_have_their_names() -> None:
    named = {each.name: each.day.isoformat() for each in named_days(date(2026, 11, 21))}
    assert named["A week ago"] == "2026-11-14"
    assert named["Start of the quarter"] == "2026-10-01"
    assert named["Last quarter’s end"] == "2026-09-30"
    assert named["Last year’s end"] == "2025-12-31"


@given(days)
def test_named_days_lie_in_the_past_the_latest_first_and_none_twice(today: date) -> None:
    listed = [each.day for each in named_days(today)]
    assert listed == sorted(set(listed), reverse=True)
    assert all(day < today for day in listed)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", "2026-03-01"), ("2026-03-01T08:00:00Z", "2026-03-01"), ("now", ""), ("", "")],
)
def test_a_date_field_is_given_days_alone(text: str, day: str) -> None:
    assert iso_day(text) == day


def test_every_place_has_an_address_and_a_key_of_its_own() -> None:
    known = {path for each in routes() for path in each.paths}
    known |= {f"/views/{name}" for name in views()}
    assert {place.path for place in places()} <= known
    assert len({place.key for place in places()}) == len(places())


def test_branches_that_are_merged_are_left_out_and_the_one_that_is_read_is_not(
    own_company: Path,
) -> None:
    with Workspace.open(own_company) as workspace:
        for name in ("wider", "narrower"):
            workspace.store.start_branch(name, by="ana", why="try it", now=workspace.now())
        workspace.store.mark_merged("wider", 1)
        look = Look(path="/feed", query=(("branch", "wider"), ("rows", "3")))
        lines = branch_lines(workspace.store, look)
    assert [(each.name, each.here) for each in lines] == [
        ("main", False),
        ("narrower", False),
        ("wider", True),
    ]
    assert lines[1].href == "/feed?rows=3&branch=narrower"
    assert lines[0].href == "/feed?rows=3"


def test_families_that_are_folded_are_named_in_their_order_and_no_others() -> None:
    assert look_of("/", (), {"folded": "voices.context.<b>"}).folded == "context.voices"
