"""A company leaves as plain files and comes back without loss."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from tests.sources.two_sources import ANA, FERRY, MODEL, OFFICE, RAFT, TRACKER, bring
from tests.sources.two_sources import Clock as TwoClock
from tests.workspace.conftest import Clock

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Put, Via
from latticework.model.model import Model
from latticework.workspace import Workspace
from latticework.workspace.deciding import OURS, decide
from latticework.workspace.joining import join, keys_of


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


MODEL_WITH_RAW = MODEL.replace("town: text}", "town: text, raw: text}")
OFFICE_WITH_RAW = OFFICE + "    raw: raw\n"


def everything_in(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_recipes_joins_decisions_and_raw_fields_travel_and_come_back(
    tmp_path: Path, name: str
) -> None:
    """Ana is of two sources, one conflict is decided and one waits, a recipe is kept."""
    ana = {"number": "7", "name": "A. Lima", "town": "Porto", "desk": "B 4"}
    with Workspace.init(tmp_path / "co", model_text=MODEL_WITH_RAW, clock=TwoClock()) as harbour:
        (harbour.folder.path / "recipes").mkdir()
        (harbour.folder.path / "recipes" / "office.yaml").write_text(OFFICE_WITH_RAW)
        bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        bring(harbour, OFFICE_WITH_RAW, people=[ana])
        harbour.append([Put(f"wish/f-{n}", {"size": "8"}) for n in (1, 2)], by="bea")
        bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        join(harbour, "person/7", "person/ana", by="bea")
        decide(harbour, {"wish/f-1#size": OURS}, by="bea")
        harbour.export(tmp_path / name)
        harbour.export(tmp_path / "first")
        with Workspace.restore(tmp_path / name, tmp_path / "again", clock=TwoClock()) as again:
            assert again.conflicts(again.graph()) == harbour.conflicts(harbour.graph())
            assert [each.ref for each in again.conflicts(again.graph())] == ["wish/f-2"]
            assert keys_of(again.graph(), "person/ana") == keys_of(harbour.graph(), "person/ana")
            assert again.graph().node("person/ana").fields["raw"] == "desk: B 4"
            assert (
                again.tracer.trace(*told_of(again))
                == harbour.tracer.trace(*told_of(harbour))
                != ("", "")
            )
            again.export(tmp_path / "second")
            assert not bring(again, TRACKER, people=[ANA], wishes=[FERRY, RAFT]).changes
            assert not bring(again, OFFICE_WITH_RAW, people=[ana]).changes
    assert everything_in(tmp_path / "first") == everything_in(tmp_path / "second")
    assert (tmp_path / "again" / "recipes" / "office.yaml").read_text() == OFFICE_WITH_RAW


def told_of(workspace: Workspace) -> tuple[Via, Model, str, str, str]:
    """What a trace of the ferry's title is asked with."""
    return Via("tracker", "F-1"), workspace.model, "wish", "title", "Ferry"


def test_a_recipe_of_an_export_leads_to_no_other_place(harbour: Workspace, tmp_path: Path) -> None:
    fill(harbour)
    harbour.export(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip", "a") as packed:
        for name in ("recipes/../../mine.yaml", "recipes/a/b.yaml", "/recipes/x.yaml"):
            packed.writestr(name, "recipe: x\n")
        packed.writestr("recipes/good.yaml", "recipe: good\n")
        packed.writestr("recipes/large.yaml", "#" * 1_000_001)
    Workspace.restore(tmp_path / "out.zip", tmp_path / "again").close()
    mine = {path.name for path in tmp_path.rglob("*.yaml") if "again" in path.parts}
    assert mine == {"latticework.yaml", "good.yaml"}
    assert not (tmp_path / "mine.yaml").exists()
