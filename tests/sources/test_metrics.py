"""Dated values are a metric's history, in whatever order and shape they come."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import ROOT, Example

from latticework.base.times import Moment

DAYS = ("2026-01-15", "2026-02-15", "2026-03-15")


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("metrics", tmp_path)


def series(harbour: Example, ref: str) -> list[object]:
    """A metric's value on each of three days."""
    return [
        harbour.said(ref, day).get("value") if harbour.at(day).find(ref) is not None else None
        for day in DAYS
    ]


def test_rows_of_one_metric_are_its_history_in_any_order(harbour: Example) -> None:
    harbour.give("long.csv")
    taken = harbour.take()
    assert not taken.findings
    assert series(harbour, "metric/crossings") == ["80", "about 90", "94"]
    assert series(harbour, "metric/on-time") == [None, "76%", "76%"]


def test_columns_of_a_wide_sheet_say_the_same(harbour: Example, tmp_path: Path) -> None:
    harbour.recipe = ROOT / "examples" / "metrics" / "wide.recipe.yaml"
    harbour.give("wide.csv")
    harbour.take()
    assert series(harbour, "metric/crossings") == ["80", "about 90", "94"]
    assert series(harbour, "metric/on-time") == [None, "76%", "76%"]


def test_importing_values_twice_changes_nothing(harbour: Example) -> None:
    harbour.give("long.csv")
    assert harbour.take().changes
    assert harbour.take().changes == 0


def test_a_corrected_value_is_a_correction_known_now(harbour: Example) -> None:
    harbour.give("long.csv")
    harbour.take()
    before = harbour.company.now()
    harbour.give("corrected.csv")
    assert harbour.take().changes == 2
    assert series(harbour, "metric/crossings") == ["82", "about 90", "94"]
    assert harbour.said("metric/crossings")["value"] == "97"
    then = harbour.company.graph().at(Moment(valid=before, known=before))
    assert then.node("metric/crossings").fields["value"] == "94"
    assert harbour.take().changes == 0


def test_a_correction_that_is_taken_back_counts_again(harbour: Example) -> None:
    harbour.give("long.csv")
    harbour.take()
    harbour.give("corrected.csv")
    harbour.take()
    harbour.give("long.csv")
    harbour.take()
    assert series(harbour, "metric/crossings") == ["80", "about 90", "94"]
    assert harbour.take().changes == 0


def test_what_a_metric_is_called_holds_since_its_first_value(harbour: Example) -> None:
    harbour.give("long.csv")
    harbour.take()
    assert harbour.said("metric/crossings", "2026-01-01")["title"] == "Crossings"
    assert "title" not in harbour.said("metric/crossings", "2025-12-31")
