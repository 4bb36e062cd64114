"""Asana's exports and answers say the same of a task, and what they cannot tell is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.sources.asana import asana
from latticework.sources.source import source_for
from latticework.sources.tree import Fields, Read, plain

ASANA = RECORDINGS / "asana"
HEAD = "Task ID,Created At,Completed At,Name,Section/Column,Due Date,Parent task\n"


def text(name: str) -> str:
    return (ASANA / name).read_text(encoding="utf-8")


def told(read: Read, name: str = "tasks", key: str = "key") -> dict[str, dict[str, object]]:
    """Things by their key, places forgotten."""
    assert isinstance(read.tree, Fields)
    things = plain(read.tree[name])
    assert isinstance(things, list)
    return {each.get(key, ""): each for each in things}


def ends(harbour: Example, ref: str, link: str) -> list[str]:
    """The ends of a link, in any order."""
    found = harbour.said(ref)[link]
    assert isinstance(found, list)
    return found


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("asana", tmp_path)


@pytest.mark.parametrize("name", ["project.csv", "sheet.csv", "api.json"])
def test_an_export_and_an_answer_are_told_by_what_they_hold(name: str) -> None:
    found = source_for(text(name), f"some.{name[-4:]}")
    assert found is not None
    assert found.name == "asana"


def test_another_sheet_with_task_numbers_is_not_taken_for_one() -> None:
    found = source_for("Task ID,Name,Status\n1,Rope,Open\n", "tasks.csv")
    assert found is not None
    assert found.name == "csv"


def test_titles_become_keys_even_with_commas_in_them() -> None:
    tasks = told(asana.read(text("project.csv")))
    assert (tasks["1202"]["parent"], tasks["1203"]["parent"]) == ("1201", "1201")
    assert tasks["1202"]["blocks"] == ["1201", "1203"]
    assert tasks["1203"]["blocked by"] == ["1202"]
    assert tasks["1201"]["projects"] == [{"name": "Nights"}, {"name": "Growth"}]
    assert tasks["1201"]["tags"] == ["night", "sea"]
    assert tasks["1201"]["custom"] == {"Priority": "High", "Points": "5", "Team health": "good"}


def test_a_title_of_two_tasks_is_told_once_and_never_guessed() -> None:
    read = asana.read(text("project.csv"))
    tasks = told(read)
    assert "parent" not in tasks["1206"]
    assert tasks["1206"]["parent title"] == ["Rope"]
    assert tasks["1207"]["blocked by titles"] == ["Rope"]
    (finding,) = read.findings
    assert (finding.code, finding.value, finding.place.line) == ("SOURCE072", "Rope", 8)


def test_a_parent_in_another_project_keeps_its_title() -> None:
    tasks = told(asana.read(text("project.csv")))
    assert tasks["1207"]["parent title"] == ["Masts"]


def test_lines_above_the_header_are_passed_over_and_lines_still_counted() -> None:
    read = asana.read(text("sheet.csv"))
    tasks = told(read)
    assert tasks["1301"]["created"] == "2025-09-22"
    assert tasks["1301"]["due"] == "2025-10-02"
    assert isinstance(read.tree, Fields)
    items = read.tree["tasks"]
    assert items is not None
    assert [each.line for each in items if each is not None and not isinstance(each, str)] == [
        5,
        6,
        7,
        8,
    ]


def test_numbers_that_a_spreadsheet_rounded_are_left_out_with_a_finding() -> None:
    read = asana.read(text("sheet.csv"))
    assert set(told(read)) == {"1301", "1302", ""}
    (finding,) = read.findings
    assert (finding.code, finding.place.line) == ("SOURCE073", 7)
    assert "2 tasks" in finding.says


def test_days_that_nothing_settles_are_told() -> None:
    read = asana.read(f"{HEAD}1,3/4/26,,Rope,Ideas,,\n")
    assert [each.code for each in read.findings] == ["SOURCE052"]


def test_a_sheet_without_numbers_is_told() -> None:
    codes = [each.code for each in asana.read("Name,Section/Column\nRope,Ideas\n").findings]
    assert codes == ["SOURCE051"]


def test_an_answer_of_bare_names_says_what_to_ask_for() -> None:
    (finding,) = asana.read(
        '{"data": [{"gid": "1", "resource_type": "task", "name": "R"}]}'
    ).findings
    assert finding.code == "SOURCE070"
    assert "opt_fields" in finding.hint


def test_values_of_every_sort_of_custom_field_are_read() -> None:
    ferry = told(asana.read(text("api.json")))["1201"]
    assert ferry["custom"] == {"Points": "5", "Harbours": ["Pier", "Quay"], "Priority": "High"}
    assert ferry["section"] == "Doing"
    assert [each["id"] for each in ferry["projects"]] == ["501", "502"]  # type: ignore[attr-defined]
    assert told(asana.read(text("api.json")))["1203"]["actual_time_minutes"] == "90"


def test_stories_are_replayed(harbour: Example) -> None:
    harbour.give("api.json")
    taken = harbour.take()
    assert not [each for each in taken.findings if each.code in {"SOURCE015", "SOURCE040"}]
    first = harbour.said("task/1201", "2026-01-07")
    assert (first["title"], first["stage"], first["points"]) == ("Ferry", "Idea", "3")
    assert ("due" in first, first["is done by"]) == (False, ["person/1002"])
    later = harbour.said("task/1201", "2026-02-03")
    assert (later["title"], later["stage"]) == ("Night ferry", "Doing")
    assert (later["due"], later["is done by"]) == ("2026-06-30", ["person/1001"])
    assert later["stands in"] == ["project/501"]
    assert set(ends(harbour, "task/1201", "stands in")) == {"project/501", "project/502"}


def test_a_task_opened_again_was_open_in_between(harbour: Example) -> None:
    harbour.give("api.json")
    harbour.take()
    days = ("2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20")
    said = [harbour.said("task/1202", day)["status"] for day in days]
    assert said == ["Doing", "Done", "Done", "completed"]
    history = told(asana.read(text("api.json")))["1202"]["history"]
    assert isinstance(history, list)
    statuses = [each.get("after") for each in history if each["field"] == "status"]
    assert statuses == ["Done", "completed", "Done", "completed"]


def test_a_dependency_told_at_both_ends_is_one_edge(harbour: Example) -> None:
    harbour.give("api.json")
    harbour.take()
    assert harbour.said("task/1202")["blocks"] == ["task/1203"]
    assert "is blocked by" not in harbour.said("task/1203", "2026-01-08")
    assert harbour.said("task/1203", "2026-01-10")["is blocked by"] == ["task/1202"]


def test_projects_tell_their_health_of_then_and_goals_what_serves_them(harbour: Example) -> None:
    harbour.give("api.json")
    harbour.take()
    assert "health" not in harbour.said("project/501", "2026-01-20")
    assert harbour.said("project/501", "2026-02-15")["health"] == "on track"
    assert harbour.said("project/501")["health"] == "at risk"
    assert harbour.said("project/501")["serves"] == ["goal/202"]
    assert harbour.said("goal/202")["serves"] == ["goal/201"]
    assert set(ends(harbour, "portfolio/401", "gathers")) == {"project/501", "project/502"}
    assert not [each for each in harbour.company.check() if each.severity > 1]


def test_an_export_knows_when_a_task_was_completed_and_not_where_it_stood(harbour: Example) -> None:
    harbour.give("project.csv")
    harbour.take()
    assert "stage" not in harbour.said("task/1202", "2026-02-19")
    assert harbour.said("task/1202", "2026-02-21")["stage"] == "Done"
    assert harbour.said("task/1201", "2026-01-06")["title"] == "Night ferry"
