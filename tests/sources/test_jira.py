"""Jira's exports and searches, in all their shapes, say the same of an issue."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example, everything

from latticework.sources.jira import jira
from latticework.sources.tree import Fields, Items, plain

JIRA = RECORDINGS / "jira"


def issues(name: str) -> dict[str, dict[str, object]]:
    """Issues of a recording by key, places forgotten."""
    tree = jira.read((JIRA / name).read_text(encoding="utf-8")).tree
    assert isinstance(tree, Items)
    found = {}
    for each in tree:
        assert isinstance(each, Fields)
        told = plain(each)
        assert isinstance(told, dict)
        found[str(each.get("key"))] = told
    return found


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("jira", tmp_path)


def test_repeated_columns_quotes_and_lines_of_an_export_come_in_whole() -> None:
    lights = issues("cloud.csv")["HAR-2"]
    assert lights["labels"] == ["night", "pier"]
    assert lights["sprints"] == ["Sprint 1", "Sprint 2"]
    assert lights["links"] == {"outward": {"Blocks": "HAR-3"}}
    assert lights["parent"] == "HAR-1"
    assert lights["created"] == "2026-02-05T10:00:00"
    assert lights["custom"] == {"Story Points": "5"}
    assert "\nsecond line" in str(lights["comment"])


def test_an_old_export_names_parents_by_number_or_by_epic_link_and_days_month_first() -> None:
    old = issues("server.csv")
    assert (old["OLD-8"]["parent"], old["OLD-9"]["parent"]) == ("OLD-7", "OLD-8")
    assert old["OLD-7"]["created"] == "2025-06-21T16:14:00"
    assert (old["OLD-7"]["due"], old["OLD-8"]["updated"]) == ("2025-12-01", "2025-07-03T09:00:00")
    assert old["OLD-8"]["sprints"] == ["Sprint A", "Sprint B"]


def test_a_localised_export_has_the_same_names_months_and_links() -> None:
    found = issues("russian.csv")
    assert found["RU-2"]["created"] == "2026-08-03T10:01:00"
    assert found["RU-2"]["links"] == {"inward": {"Blocks": "RU-3"}}
    assert found["RU-3"]["links"] == {"outward": {"Blocks": "RU-2"}}
    assert found["RU-3"]["created"] == "2026-05-05T10:01:00"


def test_days_that_nothing_settles_stay_as_written_with_a_finding() -> None:
    read = jira.read("Issue key,Summary,Created\nA-1,One,3/4/26 10:00\nA-2,Two,5/6/26 10:00\n")
    assert [each.code for each in read.findings] == ["SOURCE052"]
    assert "day first" in read.findings[0].hint
    assert plain(read.tree)[0]["created"] == "3/4/26 10:00"  # type: ignore[index]


def test_documents_become_markdown() -> None:
    told = issues("cloud.json")["HAR-1"]["description"]
    assert told == "Boats that run **at night**.\n\n- lights\n- [tickets](https://example.org/t)"


def test_a_search_with_change_logs_is_replayed(harbour: Example) -> None:
    harbour.give("cloud.json")
    assert harbour.take().changes > 40
    then = harbour.said("issue/har-2", "2026-02-05")
    assert (then["stage"], then["labels"], then["points"]) == ("To do", ("night", "old"), "3")
    assert "is part of" not in then
    later = harbour.said("issue/har-2", "2026-02-15")
    assert (later["stage"], later["is part of"]) == ("In progress", ["issue/har-1"])
    assert later["is planned for"] == ["sprint/sprint-1"]
    assert later["blocks"] == ["issue/har-3"]
    assert harbour.said("issue/har-1", "2026-02-04")["is done by"] == ["person/557058-c3"]
    now = harbour.said("issue/har-2")
    assert now["is planned for"] == ["sprint/sprint-1", "sprint/sprint-2-late"]


@pytest.mark.parametrize(
    "name", ["cloud.json", "server.json", "cloud.csv", "server.csv", "russian.csv"]
)
def test_importing_a_recording_twice_changes_nothing(harbour: Example, name: str) -> None:
    harbour.give(name)
    assert harbour.take().changes
    assert harbour.take().changes == 0


def test_an_export_after_a_search_adds_only_what_is_new(harbour: Example) -> None:
    harbour.give("cloud.json")
    harbour.take()
    before = everything(harbour.at("2026-02-05"))
    harbour.give("cloud.csv")
    harbour.take()
    assert harbour.said("issue/har-4")["title"] == "Rope"
    after = everything(harbour.at("2026-02-05"))
    assert {ref: after[ref] for ref in before} == before


def test_a_status_without_a_word_in_the_recipe_is_told_and_kept(harbour: Example) -> None:
    harbour.give("cloud.csv")
    harbour.take()
    assert harbour.said("issue/har-4")["status"] == "Waiting for parts"
    assert any("Waiting for parts" in each.says for each in harbour.company.check())
