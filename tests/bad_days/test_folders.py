"""Claims about journals, caches, folders and clocks that are not as they were left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bad_days import yard
from tests.bad_days.yard import BEGAN, Run, kindly, proven

from latticework.graph import cache
from latticework.journal.changes import Put
from latticework.workspace import Workspace

VERBS = (
    ("ask", "wish limit 1"),
    ("show", "wish/w1"),
    ("check",),
    ("verify",),
    ("put", "wish/x", "title=X"),
    ("undo",),
    ("branch", "list"),
    ("model", "preview"),
)


def journal_of(company: Path) -> Path:
    return company / ".latticework" / "journal.db"


# Journals ------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.8, 0.99])
def test_a_journal_cut_short_is_told_by_every_command(
    full_company: Path, run: Run, kept: float
) -> None:
    path = journal_of(full_company)
    data = path.read_bytes()
    cut = data[: int(len(data) * kept)]
    path.write_bytes(cut)
    # An empty file may be somebody's beginning, so each command waits a moment.
    for words in VERBS if kept else VERBS[:1]:
        told = kindly(run("-C", full_company, *words), "STORE002", "restore it from a backup")
        assert str(path) in told
    assert path.read_bytes() == cut, "what is left of it is left alone"


def test_a_journal_that_is_gone_is_not_begun_anew(full_company: Path, run: Run) -> None:
    path = journal_of(full_company)
    aside = path.rename(path.with_suffix(".aside"))
    for words in VERBS:
        kindly(run("-C", full_company, *words), "WORK010", "journal is not there", "backup")
        assert not path.exists()
    aside.rename(path)
    assert run("-C", full_company, "verify").code == 0


def test_an_empty_journal_where_one_was_is_told(full_company: Path, run: Run) -> None:
    from latticework.journal.opening import open_store

    path = journal_of(full_company)
    path.unlink()
    open_store(f"sqlite:///{path}").close()
    kindly(run("-C", full_company, "verify"), "WORK010", "journal is not there")


def test_a_beginning_that_was_cut_off_is_begun_again(
    template: Path, tmp_path: Path, run: Run
) -> None:
    # Killed after the journal was begun, before the settings were written.
    company = yard.copied(template, tmp_path / "half")
    (company / ".latticework" / "workspace.toml").unlink()
    kindly(run("-C", company, "ask", "wish"), "WORK001", "latticework init")
    assert run("init", company, "--model", template / "latticework.yaml").code == 0
    assert len(yard.entries(company)) == 1
    proven(company)


# Caches --------------------------------------------------------------------------------

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "garbled": lambda data: b"\x00rot" * (len(data) // 4),
    "cut": lambda data: data[: len(data) // 2],
    "turned": lambda data: bytes(each ^ 0xFF for each in data),
    "longer": lambda data: data + b"x",
}


@pytest.fixture
def cached(full_company: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with a cache, although it is small."""
    monkeypatch.setitem(cache.open_graph.__kwdefaults__, "small", 1)
    assert run("-C", full_company, "ask", "wish limit 1").code == 0
    assert files_in(full_company)
    return full_company


def files_in(company: Path) -> list[Path]:
    return sorted(each for each in (company / ".latticework/cache").rglob("*") if each.is_file())


QUERY = ("ask", "wish show title, status, wanted by sort by title", "--json")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_is_made_anew_without_a_word(cached: Path, run: Run, damage: str) -> None:
    whole = run("-C", cached, *QUERY)
    names = [path.relative_to(cached) for path in files_in(cached)]
    for path in files_in(cached):
        path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert run("-C", cached, *QUERY) == whole
    assert [path.relative_to(cached) for path in files_in(cached)] == names


def test_one_damaged_file_of_a_cache_is_enough(cached: Path, run: Run) -> None:
    whole = run("-C", cached, *QUERY)
    for number in range(len(files_in(cached))):
        path = files_in(cached)[number]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert run("-C", cached, *QUERY) == whole, path


def test_parts_of_a_cache_may_go_at_any_time(cached: Path, run: Run) -> None:
    whole = run("-C", cached, *QUERY)
    for path in files_in(cached)[::3]:
        path.unlink()
    assert run("-C", cached, *QUERY) == whole
    shutil.rmtree(cached / ".latticework/cache")
    assert run("-C", cached, *QUERY) == whole
    shutil.rmtree(cached / ".latticework/cache")
    (cached / ".latticework/cache").write_text("no folder", encoding="utf-8")
    assert run("-C", cached, *QUERY) == whole


def test_the_cache_of_another_journal_is_never_believed(
    cached: Path, company: Path, tmp_path: Path, run: Run
) -> None:
    assert run("-C", company, "put", "wish/mine", "title=Mine").code == 0
    mine = run("-C", company, *QUERY)
    shutil.rmtree(company / ".latticework/cache")
    shutil.copytree(cached / ".latticework/cache", company / ".latticework/cache")
    assert run("-C", company, *QUERY) == mine

    # The same under the very name that the cache of this journal has.
    other = yard.begin(tmp_path / "other")
    assert run("-C", other, "put", "wish/mine", "title=Mine").code == 0
    assert run("-C", other, *QUERY) == mine
    (theirs,) = (cached / ".latticework/cache").iterdir()
    (own,) = (other / ".latticework/cache").iterdir()
    assert own.name != theirs.name
    shutil.rmtree(own)
    shutil.copytree(theirs, own)
    assert run("-C", other, *QUERY) == mine


def test_the_cache_of_an_earlier_day_is_gone_on_from(cached: Path, run: Run) -> None:
    aside = shutil.copytree(cached / ".latticework/cache", cached / "aside")
    assert run("-C", cached, "put", "wish/w1", "title=Renamed").code == 0
    now = run("-C", cached, *QUERY)
    assert "Renamed" in now.out
    shutil.rmtree(cached / ".latticework/cache")
    aside.rename(cached / ".latticework/cache")
    assert run("-C", cached, *QUERY) == now


# Folders -------------------------------------------------------------------------------


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that nobody may write to, seen by somebody who may not."""
    if os.geteuid() != 0:
        pytest.skip("becoming somebody else for a moment needs root")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        yard.begin(folder / "harbour")
        for each in (folder, *folder.rglob("*")):
            each.chmod(0o555 if each.is_dir() else 0o444)
        yield folder
        for each in (folder, *folder.rglob("*")):
            each.chmod(0o755)


def test_a_folder_that_may_not_be_written_is_told(
    locked: Path, template: Path, tmp_path: Path, run: Run
) -> None:
    run("-C", locked / "harbour", "ask", "wish")
    model = Path(tempfile.mkdtemp()) / "latticework.yaml"
    model.parent.chmod(0o755)
    shutil.copy(template / "latticework.yaml", model)
    os.seteuid(65534)
    try:
        said = [run("-C", locked / "harbour", *words) for words in VERBS]
        begun = run("init", locked / "new", "--model", model)
    finally:
        os.seteuid(0)
        shutil.rmtree(model.parent)
    for each in said:
        kindly(each, "STORE009", "right to write", "copy of the whole folder")
    kindly(begun, "WORK006", "may write to")
    copy = yard.copied(locked / "harbour", tmp_path / "copy")
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    assert run("-C", copy, "put", "wish/a", "title=A").code == 0
    proven(copy)


# Clocks --------------------------------------------------------------------------------


def test_a_clock_that_runs_backwards_loses_nothing(
    company: Path, recipe: Path, wishes: Path
) -> None:
    now = [BEGAN + 86_400_000_000 * 30]
    with Workspace.open(company, clock=lambda: now[0]) as workspace:
        for number in range(4):
            receipt = workspace.append([Put("wish/a", {"title": f"Title {number}"})])
            assert receipt.head.number == workspace.graph().head
            (row,) = workspace.ask("wish show title").to_dicts()
            assert row["title"] == f"Title {number}"
            now[0] -= 86_400_000_000 * 10
        workspace.undo()
        (row,) = workspace.ask("wish show title").to_dicts()
        assert row["title"] == "Title 2"
        assert workspace.import_recipe(recipe, wishes).changes > 0
        assert workspace.import_recipe(recipe, wishes).changes == 0
        known = [entry.known for entry in workspace.store.entries()]
        assert known == sorted(known)
        assert workspace.verify() == ()
    with Workspace.open(company, clock=lambda: BEGAN - 1) as workspace:
        assert [row["title"] for row in workspace.ask("wish").to_dicts()] == ["Title 2"]
        assert len(workspace.ask("wish", at="2026-04-01")) == 1 + yard.WISHED
