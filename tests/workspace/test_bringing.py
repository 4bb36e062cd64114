"""What is brought is looked at, tried, recorded with its recipe, and taken back whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS
from latticework.journal.changes import Put
from latticework.sources.proposing.sample import read_sample
from latticework.workspace import Workspace
from latticework.workspace.bringing import bring, draft, fitting_recipe, take_back, try_bringing
from latticework.workspace.uploads import MOST_FILES, Uploads, safe_name

SHEET = b"id,name,status\nV-1,Ferry,Doing\nV-2,Raft,Done\n"
TOKEN = "abcdefghijklmnopqrstuv"


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    """A company of the starter pack, with nothing in it."""
    return Workspace.init(tmp_path / "harbour")


def brought(company: Workspace) -> tuple[int, int]:
    uploads = Uploads(company.folder.inner / "uploads")
    upload = uploads.take(TOKEN, [("voyages.csv", SHEET)], now=company.now())
    drafted = draft(company, read_sample(SHEET, "voyages.csv"))
    tried = try_bringing(company, drafted.recipe, drafted.words, upload.location)
    assert tried.imported is not None
    assert tried.imported.delta is not None
    assert company.store.head().number == 1
    found = bring(company, drafted.recipe, drafted.words, upload.location, by="dee")
    assert found.imported.changes == tried.imported.changes
    return found.first, found.last


def test_a_try_records_nothing_and_tells_what_then_comes(company: Workspace) -> None:
    brought(company)
    assert company.graph().node("voyage/v-1").fields["stage"] == "Doing"
    kept = fitting_recipe(company, "voyages.csv", "csv")
    assert kept is not None
    assert kept.name == "voyages"


def test_a_try_knows_the_words_it_needs_where_the_model_was_shaped_since(
    company: Workspace,
) -> None:
    """Somebody added a kind last week: that model holds since then, and not for ever."""
    text = company.folder.model_text()
    company.shape(text + "kinds:\n  pier: {family: context, many: piers}\n", by="ada")
    drafted = draft(company, read_sample(SHEET, "voyages.csv"))
    tried = try_bringing(company, drafted.recipe, drafted.words, company.folder.path)
    assert "RECIPE003" not in {each.code for each in tried.findings}
    assert tried.before.model.find_kind("voyage") is not None
    assert tried.before.model.find_kind("pier") is not None


def test_all_that_came_in_is_taken_back_and_nothing_else(company: Workspace) -> None:
    first, last = brought(company)
    company.append([Put("goal/calm", {"title": "Calm"})])
    take_back(company, first, last, "voyages", by="dee")
    assert [len(company.graph().ids_of(kind)) for kind in ("voyage", "goal")] == [0, 1]
    with pytest.raises(Refused, match="BRING006"):
        take_back(company, 1, 1, "voyages")


def test_what_somebody_wrote_since_stays(company: Workspace) -> None:
    first, last = brought(company)
    company.append([Put("voyage/v-1", {"title": "Night ferry"})])
    take_back(company, first, last, "voyages")
    assert company.ask("voyage").refs == ("voyage/v-1",)
    assert dict(company.graph().node("voyage/v-1").fields) == {"title": "Night ferry"}


def test_another_recipe_of_the_name_is_not_written_over(company: Workspace) -> None:
    brought(company)
    upload = Uploads(company.folder.inner / "uploads").find(TOKEN)
    drafted = draft(company, read_sample(SHEET, "voyages.csv"))
    text = drafted.recipe.replace("title: name", "title: id")
    with pytest.raises(Refused, match="BRING005"):
        bring(company, text, "", upload.location)
    bring(company, text, "", upload.location, anew="voyages")
    assert company.graph().node("voyage/v-1").fields["title"] == "V-1"


def test_a_recipe_cannot_name_a_file_elsewhere(company: Workspace) -> None:
    brought(company)
    upload = Uploads(company.folder.inner / "uploads").find(TOKEN)
    text = draft(company, read_sample(SHEET, "voyages.csv")).recipe.replace(
        "recipe: voyages", "recipe: ../x"
    )
    with pytest.raises(Refused, match="BRING007"):
        bring(company, text, "", upload.location)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("jira.csv", "jira.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\work\\a.csv", "a.csv"),
        (".hidden", "hidden"),
        ("..", "file"),
        ("a\x00b\n.csv", "a-b-.csv"),
    ],
)
def test_a_file_keeps_its_own_name_and_no_way(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_two_files_of_one_name_stay_two() -> None:
    assert safe_name("a.csv", ["a.csv"]) == "a-2.csv"


def test_an_upload_is_gone_after_a_day_and_found_by_its_own_name_alone(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    upload = uploads.take(TOKEN, [("a.csv", b"x")], now=0)
    with pytest.raises(Refused, match="BRING003"):
        uploads.find("../uploads")
    late = upload.folder.stat().st_mtime_ns // 1000 + DAY_MICROSECONDS + 1
    os.utime(upload.folder)
    uploads.take(TOKEN[::-1], [("b.csv", b"y")], now=late + DAY_MICROSECONDS)
    with pytest.raises(Refused, match="BRING003"):
        uploads.find(TOKEN)


def test_too_many_files_and_none_are_refused(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(Refused, match="BRING001"):
        uploads.take(TOKEN, [("a.csv", b"")], now=0)
    with pytest.raises(Refused, match="BRING002"):
        uploads.take(TOKEN, [(f"{n}.csv", b"x") for n in range(MOST_FILES + 1)], now=0)
