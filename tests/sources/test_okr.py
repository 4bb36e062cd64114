"""Sheets of objectives and key results become things with a history."""

from __future__ import annotations

from csv import reader
from pathlib import Path

import pytest
import xlsxwriter
from tests.sources.companies import Example

from latticework.base.findings import Severity


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    harbour = Example("okr", tmp_path)
    harbour.give("checkins.csv")
    return harbour


def test_blank_cells_mean_the_objective_above(harbour: Example) -> None:
    taken = harbour.take()
    assert not [each for each in taken.findings if each.severity is Severity.ERROR]
    grow = harbour.said("objective/grow-the-night-crossings")
    assert (grow["title"], grow["is led by"]) == (
        "Grow the night crossings",
        ["person/ada", "person/ben"],
    )
    for name in ("120-crossings-a-week", "nine-of-ten-boats-on-time", "two-new-piers"):
        result = harbour.said(f"key-result/grow-the-night-crossings-{name}")
        assert result["measures"] == ["objective/grow-the-night-crossings"]
    roofs = harbour.said("key-result/nobody-waits-in-the-rain-roofs-on-all-piers")
    assert roofs["measures"] == ["objective/nobody-waits-in-the-rain"]


def test_owners_of_one_cell_are_people_apart(harbour: Example) -> None:
    harbour.take()
    piers = harbour.said("key-result/grow-the-night-crossings-two-new-piers")
    assert piers["is led by"] == ["person/dee", "person/cid"]
    assert harbour.said("person/dee")["title"] == "Dee"


def test_columns_of_days_are_the_history_of_a_field(harbour: Example) -> None:
    harbour.take()
    ref = "key-result/grow-the-night-crossings-120-crossings-a-week"
    assert harbour.at("2026-03-29").node(ref).fields.get("progress") is None
    assert harbour.said(ref, "2026-03-31")["progress"] == "10%"
    assert harbour.said(ref, "2026-04-20")["progress"] == "25%"
    assert harbour.said(ref)["progress"] == "40%"
    on_time = "key-result/grow-the-night-crossings-nine-of-ten-boats-on-time"
    assert harbour.said(on_time, "2026-04-20")["progress"] == "0.3"
    assert harbour.said(on_time)["progress"] == "40%"


def test_progress_and_confidence_are_read_in_each_of_their_forms(harbour: Example) -> None:
    harbour.take()
    found = {
        name: harbour.said(f"key-result/grow-the-night-crossings-{name}")
        for name in ("120-crossings-a-week", "nine-of-ten-boats-on-time", "two-new-piers")
    }
    assert [each["progress"] for each in found.values()] == ["40%", "40%", "0.5"]
    assert [each["confidence"] for each in found.values()] == ["high", "medium", "low"]
    assert not [each for each in harbour.company.check() if each.severity is Severity.ERROR]


def test_importing_a_sheet_twice_changes_nothing(harbour: Example) -> None:
    assert harbour.take().changes
    assert harbour.take().changes == 0


def test_a_further_column_is_one_more_turn_and_a_mended_one_a_correction(harbour: Example) -> None:
    harbour.take()
    harbour.give("later.csv")
    assert harbour.take().changes == 2
    ref = "key-result/grow-the-night-crossings-120-crossings-a-week"
    assert harbour.said(ref, "2026-03-31")["progress"] == "12%"
    assert harbour.said(ref, "2026-05-13")["progress"] == "40%"
    assert harbour.said(ref, "2026-05-20")["progress"] == "55%"


def test_headers_may_name_a_quarter_among_other_words(tmp_path: Path) -> None:
    harbour = Example("okr", tmp_path)
    harbour.recipe = harbour.recipe.with_name("quarters.recipe.yaml")
    harbour.give("quarters.csv")
    harbour.take()
    assert harbour.said("key-result/crossings-a-week", "2026-02-01")["target"] == "100"
    assert harbour.said("key-result/crossings-a-week")["target"] == "120"
    assert harbour.take().changes == 0


def test_a_workbook_with_merged_cells_says_the_same_as_its_sheet(
    harbour: Example, tmp_path: Path
) -> None:
    harbour.take()
    recipe = harbour.recipe.read_text(encoding="utf-8")
    harbour.recipe = tmp_path / "okr.recipe.yaml"
    of_sheet = recipe.replace("objective:\n    key:", "objective:\n    from: Q2\n    key:", 1)
    harbour.recipe.write_text(of_sheet, encoding="utf-8")
    rows = list(reader((harbour.intake / "checkins.csv").open(encoding="utf-8", newline="")))
    (harbour.intake / "checkins.csv").unlink()
    with xlsxwriter.Workbook(harbour.intake / "checkins.xlsx") as book:
        sheet = book.add_worksheet("Q2")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for column in (0, 1):
            sheet.merge_range(1, column, 3, column, rows[1][column])
            sheet.merge_range(4, column, 5, column, rows[4][column])
    assert harbour.take().changes == 0
