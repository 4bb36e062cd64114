"""A company leaves as plain files and comes back without loss."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.workspace.conftest import Clock

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Put
from latticework.workspace import Workspace


def fill(harbour: Workspace) -> None:
    harbour.append(
        [
            Put("pillar/reach", {"title": "Reach"}),
            Put(
                "bet/ferry", {"title": '=cmd|"x"', "tags": ("north", "sea, deep"), "due": "2026-Q4"}
            ),
            Put("bet/渡し船", {"title": 'Old "boat"\nof two lines'}),
            Connect("bet/ferry", "serves", "pillar/reach", {"share": "40%"}),
        ],
        by="ada",
        why="first",
        valid="2026-01-02",
    )
    harbour.start_branch("what-if")
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    harbour.append([Put("bet/ferry", {"owner": "secret"})])
    harbour.redact([harbour.store.head().number], by="ada", why="privacy")


@pytest.mark.parametrize("name", ["out", "out.zip", "out.jsonl"])
def test_export_and_restore_lose_nothing(
    harbour: Workspace, tmp_path: Path, clock: Clock, name: str
) -> None:
    fill(harbour)
    harbour.export(tmp_path / name)
    with Workspace.restore(tmp_path / name, tmp_path / "again", clock=clock) as again:
        for branch in ("main", "what-if"):
            assert tuple(again.store.entries(branch)) == tuple(harbour.store.entries(branch))
        assert again.branches() == harbour.branches()
        assert again.verify() == ()
        assert again.model == harbour.model
        node = again.graph(branch="what-if").node("bet/ferry")
        assert node.fields["owner"] == "bo"


def test_tables_are_for_people_and_run_nothing(harbour: Workspace, tmp_path: Path) -> None:
    fill(harbour)
    folder = harbour.export(tmp_path / "out")
    with (folder / "things" / "bet.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["ref"]: row for row in csv.DictReader(file)}
    assert rows["bet/ferry"]["title"] == '\'=cmd|"x"'
    assert rows["bet/ferry"]["tags"] == "north; sea, deep"
    assert rows["bet/渡し船"]["title"] == 'Old "boat"\nof two lines'
    with (folder / "links" / "serves.csv").open(encoding="utf-8", newline="") as file:
        (edge,) = csv.DictReader(file)
    assert (edge["from"], edge["to"], edge["share"]) == ("bet/ferry", "pillar/reach", "40%")


def test_what_was_redacted_is_in_no_export(harbour: Workspace, tmp_path: Path) -> None:
    fill(harbour)
    folder = harbour.export(tmp_path / "out")
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert not any("secret" in text for text in texts)


def test_an_export_overwrites_nothing(harbour: Workspace, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        harbour.export(tmp_path / "out")
    assert refused.value.findings[0].code == "WORK008"


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_a_broken_export_begins_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(Refused):
        Workspace.restore(tmp_path / "bad", tmp_path / "again")
    with pytest.raises(Refused):
        Workspace.open(tmp_path / "again")


def test_a_missing_export_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Workspace.restore(tmp_path / "nowhere", tmp_path / "again")
    assert refused.value.findings[0].code == "WORK009"


def test_a_restore_overwrites_no_company(harbour: Workspace, tmp_path: Path) -> None:
    fill(harbour)
    harbour.export(tmp_path / "out")
    with pytest.raises(Refused) as refused:
        Workspace.restore(tmp_path / "out", harbour.folder.path)
    assert refused.value.findings[0].code == "WORK002"
