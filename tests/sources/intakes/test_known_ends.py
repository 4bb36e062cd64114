"""A link to one of several kinds finds what came in earlier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.harbour import Commit, history
from tests.sources.two_sources import Clock

from latticework.journal.changes import Put
from latticework.workspace import Workspace
from latticework.workspace.importing import Imported
from latticework.workspace.joining import join

MODEL = """
company: Harbour
kinds:
  epic: {family: intent, fields: {size: text}}
  issue:
    family: intent
    links: {is part of: {to: [epic, issue], back: holds}}
"""
RECIPE = """
recipe: tracker
reads: "*.json"
valid: {first: created}
kinds:
  epic: {from: epics, key: key, gone: keep, fields: {title: title}}
  issue:
    from: issues
    key: key
    gone: keep
    fields: {title: title}
    links: {is part of: {epic or issue: parent}}
    history: {from: history, what: field, valid: when, begins: created, turns: {is part of: parent}}
"""
DAY = "2026-01-01"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        yield workspace


def issue(key: str, parent: str, **more: object) -> dict[str, object]:
    return {"key": key, "title": key, "parent": parent, "created": DAY, **more}


def bring(company: Workspace, **lists: list[dict[str, object]]) -> Imported:
    folder = company.folder.path.parent
    (folder / "tracker.recipe.yaml").write_text(RECIPE)
    (folder / "tracker.json").write_text(json.dumps(lists))
    return company.import_recipe(folder / "tracker.recipe.yaml", folder / "tracker.json")


def parents(company: Workspace, key: str, at: str | None = None) -> list[str]:
    graph = company.graph(at=at) if at else company.graph()
    return [str(end) for end in graph.node(f"issue/{key}").links.get("is part of", ())]


def test_an_export_of_a_part_finds_what_an_earlier_one_brought(company: Workspace) -> None:
    bring(company, epics=[{"key": "E-1", "title": "Nights"}], issues=[issue("I-1", "E-1")])
    bring(company, issues=[issue("I-2", "I-1"), issue("I-3", "E-1")])
    assert parents(company, "i-2") == ["issue/i-1"]
    assert parents(company, "i-3") == ["epic/e-1"]


def test_what_the_file_itself_holds_counts_more(company: Workspace) -> None:
    """What was an epic is an issue now."""
    bring(company, epics=[{"key": "X-1", "title": "Nights"}], issues=[])
    bring(company, issues=[issue("X-1", ""), issue("I-1", "X-1")])
    assert parents(company, "i-1") == ["issue/x-1"]


def test_the_past_of_a_record_finds_it_too(company: Workspace) -> None:
    bring(company, epics=[], issues=[issue("I-1", ""), issue("I-9", "")])
    turn = {"field": "parent", "when": "2026-03-01", "before": "I-1", "after": "I-9"}
    bring(company, issues=[issue("I-2", "I-9", history=[turn])])
    assert parents(company, "i-2", at="2026-02-01") == ["issue/i-1"]
    assert parents(company, "i-2") == ["issue/i-9"]


def test_a_thing_that_was_joined_is_found_under_its_old_key(company: Workspace) -> None:
    bring(company, epics=[], issues=[issue("I-1", "")])
    company.append([Put("issue/ours", {"title": "Ours"})])
    join(company, "issue/i-1", "issue/ours", by="bea")
    bring(company, issues=[issue("I-2", "I-1")])
    assert parents(company, "i-2") == ["issue/ours"]


def test_a_history_of_files_finds_what_a_tracker_brought(
    company: Workspace, tmp_path: Path
) -> None:
    bring(company, epics=[], issues=[issue("I-1", "")])
    recipe = tmp_path / "files.recipe.yaml"
    recipe.write_text(RECIPE.replace("tracker", "files").replace("{first: created}", "commit"))
    text = json.dumps({"issues": [{"key": "I-5", "title": "Five", "parent": "I-1"}]})
    history(tmp_path / "files.git", [Commit({"work.json": text}, 1)])
    company.import_recipe(recipe, tmp_path / "files.git")
    assert parents(company, "i-5") == ["issue/i-1"]
