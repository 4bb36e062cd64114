"""Stories of Shortcut say what they belong to, and when they were begun and finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.sources.days import iso_of
from latticework.sources.shortcut import shortcut
from latticework.sources.source import source_for
from latticework.sources.tree import Fields, plain

EXPORT = (RECORDINGS / "shortcut" / "stories.csv").read_text(encoding="utf-8")


def stories(text: str = EXPORT) -> dict[str, dict[str, object]]:
    """Stories by their key, places forgotten."""
    tree = shortcut.read(text).tree
    assert isinstance(tree, Fields)
    found = plain(tree["stories"])
    assert isinstance(found, list)
    return {each["key"]: each for each in found}


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    example = Example("shortcut", tmp_path)
    example.give("stories.csv")
    return example


def test_an_export_is_told_by_its_header() -> None:
    found = source_for(EXPORT, "export.csv")
    assert found is not None
    assert found.name == "shortcut"


def test_lists_are_split_and_what_belongs_together_stands_together() -> None:
    ferry = stories()["41"]
    assert ferry["owners"] == ["ada@harbour.example", "ben@harbour.example"]
    assert ferry["labels"] == ["night", "pier"]
    assert ferry["tasks"] == [
        {"name": "Lamps", "state": "done"},
        {"name": "Permit", "state": "open"},
    ]
    assert ferry["iteration"] == {"id": "3", "name": "Sprint; late winter"}
    assert ferry["epic"] == {
        "labels": ["sea"],
        "id": "12",
        "name": "Nights",
        "state": "in progress",
        "is archived": "FALSE",
        "created": "2025-12-01T09:00:00-04:00",
        "started": "2026-01-05T09:00:00-04:00",
        "planned start": "2026-01-01",
    }


def test_times_count_from_the_offset_of_their_row() -> None:
    assert stories()["41"]["created"] == "2026-01-05T22:30:00-04:00"
    assert stories()["42"]["created"] == "2026-01-06T09:00:00+01:00"


def test_a_row_without_an_offset_and_unknown_columns_come_in_as_they_are() -> None:
    text = "id,name,created_at,utc_offset,epic_id,cost_centre\n1,Rope,2026/02/01 09:00,soon,,77\n"
    rope = stories(text)["1"]
    assert (rope["created"], rope["utc offset"]) == ("2026-02-01T09:00:00", "soon")
    assert rope["cost centre"] == "77"


def test_days_with_the_year_first_are_read_and_impossible_ones_are_not() -> None:
    assert iso_of("2026/2/1") == "2026-02-01"
    assert iso_of("2026.02.01 9:05 PM") == "2026-02-01T21:05:00"
    assert iso_of("2026/13/01") is None


def test_a_sheet_without_numbers_is_told() -> None:
    findings = shortcut.read("name,utc_offset,epic_id\nRope,,\n").findings
    assert [each.code for each in findings] == ["SOURCE051"]


def test_a_past_day_shows_what_was_begun_and_finished_then(harbour: Example) -> None:
    assert not [each for each in harbour.take().findings if each.severity > 1]
    days = ("2026-01-06", "2026-02-19", "2026-02-20")
    stages = [harbour.said("story/42", day)["stage"] for day in days]
    assert stages == ["Waiting", "Begun", "Finished"]
    assert harbour.said("story/43")["stage"] == "Waiting"


def test_a_status_stands_since_a_story_was_moved_into_it() -> None:
    history = stories()["41"]["history"]
    assert isinstance(history, list)
    assert history[-1] == {
        "when": "2026-02-01T09:00:00-04:00",
        "field": "status",
        "after": "In Development",
    }
    assert stories()["41"]["phase"] == "started"


def test_epics_serve_objectives_and_tasks_are_steps(harbour: Example) -> None:
    harbour.take()
    assert harbour.said("epic/12")["serves"] == ["objective/9"]
    assert harbour.said("story/41")["is part of"] == ["epic/12"]
    assert harbour.said("step/41-lamps")["is part of"] == ["story/41"]
    assert not [each for each in harbour.company.check() if each.severity > 1]
