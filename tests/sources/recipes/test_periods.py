"""Columns are headed by days, weeks, months and quarters in many ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.sources.recipes.periods import first_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-12", "2026-04-12"),
        ("12 Apr 2026", "2026-04-12"),
        ("April 12, 2026", "2026-04-12"),
        ("2026-W14", "2026-03-30"),
        ("Week 14 2026", "2026-03-30"),
        ("Q2 2026", "2026-04-01"),
        ("2026-Q2", "2026-04-01"),
        ("H2 '26", "2026-07-01"),
        ("2026-04", "2026-04-01"),
        ("Mai 2026", "2026-05-01"),
        ("Dezember '26", "2026-12-01"),
        ("FY 2026", "2026-01-01"),
    ],
)
def test_what_names_its_year_needs_no_other(text: str, day: str) -> None:
    assert first_day(text) == day
    assert first_day(text, "1999") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 Apr", "2026-04-12"),
        ("12.4.", "2026-04-12"),
        ("13/4", "2026-04-13"),
        ("W14", "2026-03-30"),
        ("KW 14", "2026-03-30"),
        ("Q2", "2026-04-01"),
        ("April", "2026-04-01"),
        ("Week of 12 Apr", "2026-04-12"),
    ],
)
def test_what_names_no_year_takes_the_one_given(text: str, day: str) -> None:
    assert first_day(text) is None
    assert first_day(text, "2026") == day


def test_a_number_behind_a_month_is_a_day_only_where_a_year_is_given() -> None:
    assert (first_day("Apr 12"), first_day("Apr 12", "2026")) == ("2012-04-01", "2026-04-12")


@pytest.mark.parametrize(
    "text", ["Owner", "Marketing", "Decision", "Progress", "Q5 2026", "W60", "3/4/2026", "2026-13"]
)
def test_other_headers_are_no_day(text: str) -> None:
    assert first_day(text, "2026") is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_week_begins_on_its_monday(day: date) -> None:
    year, week, _ = day.isocalendar()
    assert first_day(f"{year}-W{week:02}") == date.fromisocalendar(year, week, 1).isoformat()


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_none(text: str) -> None:
    found = first_day(text, "2026")
    assert found is None or date.fromisoformat(found).isoformat() == found
