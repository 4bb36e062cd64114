"""A plain folder says what is so now; only what is new of it is a change."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sources.harbour import MODEL, TEAMS, WISHES, noon, recipe

from latticework.journal.changes import Connect, Disconnect, Put, Retire
from latticework.model.format import format_model
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.workspace.workspace import Workspace

ROWS = """
recipe: sheet
reads: "*.csv"
valid: Since
kinds:
  wish:
    key: Key
    where: {Issue Type: Wish}
    fields:
      title: Summary
      due: Due Date
      size: {from: Size, words: {L*: large}, repair: {smal: small}, strict: yes}
    links:
      needs: {wish: 'Blocked by | split ","'}
"""
SHEET = """Key,Issue Type,Summary,Due Date,Size,Since,Blocked by
W-1,Wish,Warmer cabins,2026-05-01,LARGE,2026-02-01,"W-2, W-3"
W-2,wish,Quieter engines,,smal,soon,
W-3,Bug,Leak,,S,,
W-4,Wish,More boats,,huge,,
"""


def test_rows_of_a_sheet_become_things_with_their_own_time(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(SHEET)
    taken = read(recipe(ROWS), tmp_path, Beforehand(now=noon(9)))
    (batch,) = taken.batches
    puts = {change.ref: change for change in batch.changes if isinstance(change, Put)}
    assert puts.keys() == {"wish/w-1", "wish/w-2", "wish/w-4"}
    assert puts["wish/w-1"].fields == {
        "title": "Warmer cabins",
        "due": "2026-05-01",
        "size": "large",
    }
    first = puts["wish/w-1"].valid
    assert first is not None
    assert first < noon(1)
    assert (puts["wish/w-2"].valid, batch.valid) == (None, noon(9))
    assert puts["wish/w-2"].fields["size"] == "small"
    assert {change.target for change in batch.changes if isinstance(change, Connect)} == {
        "wish/w-2",
        "wish/w-3",
    }
    assert sorted(each.code for each in taken.findings) == ["SOURCE014", "SOURCE015", "TIME001"]


def test_importing_a_folder_again_writes_nothing_and_takes_back_what_is_gone(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    for name, text in (("a", "title: A\ndue: 2026-05-01\nneeds: [wishes/b]\n"), ("b", "title: B")):
        path = source / "wishes" / name / "wish.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    workspace = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    recipe_file = tmp_path / "wishes.recipe.yaml"
    recipe_file.write_text(WISHES)
    assert workspace.import_recipe(recipe_file, str(source)).changes == 4
    assert workspace.import_recipe(recipe_file, str(source)).changes == 0
    (source / "wishes/b/wish.yaml").unlink()
    (source / "wishes/a/wish.yaml").write_text("title: Alpha\n")
    taken = read(
        recipe(WISHES), source, Beforehand(graph=workspace.graph(), now=workspace.now() + 1)
    )
    (batch,) = taken.batches
    told = [
        (type(change), getattr(change, "ref", ""), getattr(change, "fields", None))
        for change in batch.changes
    ]
    assert told == [
        (Put, "wish/a", {"title": "Alpha"}),
        (Disconnect, "", None),
        (Put, "wish/a", {"due": None}),
        (Retire, "wish/b", None),
    ]


def test_a_folder_is_read_without_leaving_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    (secret / "x").mkdir(parents=True)
    (secret / "x" / "wish.yaml").write_text("title: Secret\n")
    folder = tmp_path / "folder"
    (folder / "wishes").mkdir(parents=True)
    os.symlink(secret, folder / "wishes" / "link")
    (folder / "wishes" / "y").mkdir()
    os.symlink(secret / "x" / "wish.yaml", folder / "wishes" / "y" / "wish.yaml")
    taken = read(recipe(WISHES), folder, Beforehand(now=noon(1)))
    assert not list(taken.batches)
    assert [each.code for each in taken.findings] == ["SOURCE030"]


def test_fields_that_no_part_reads_are_named_once_with_how_many_files_hold_them(
    tmp_path: Path,
) -> None:
    for number, more in enumerate(("size: small\nshade: blue\n", "shade: red\nempty:\n")):
        place = tmp_path / "wishes" / f"wish-{number}"
        place.mkdir(parents=True)
        (place / "wish.yaml").write_text(f"title: Cabins\nwho: ['@ada']\n{more}")
    taken = read(recipe(WISHES), tmp_path, Beforehand(now=noon(9)))
    assert list(taken.batches)
    unread = [each for each in taken.findings if each.code == "SOURCE022"]
    assert [each.says for each in unread] == [
        "no part of the recipe reads 'shade', which 2 files hold"
    ]


def test_fields_below_lists_and_above_records_count_as_read(tmp_path: Path) -> None:
    crew = "{id: a, name: A, captains: [{handle: '@x', name: X, shoe: 41}], boats: [{name: B}]}"
    (tmp_path / "teams.yaml").write_text(f"crews: [{crew}]\nowner: y\n")
    taken = read(recipe(TEAMS), tmp_path, Beforehand(now=noon(9)))
    assert list(taken.batches)
    unread = [each.value for each in taken.findings if each.code == "SOURCE022"]
    assert sorted(unread) == ["crews.captains.shoe", "owner"]


NEEDS = """
recipe: sheet
reads: "*.csv"
kinds:
  wish:
    key: Key
    fields: {title: Summary, due: Due}
    links: {needs: {wish: Needs}, is needed for: {wish: Needed for}}
"""


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ({"may.csv": "K-1,Sails", "june.csv": "K-1,Sail"}, "if 'june.csv' is an older export"),
        ({"may.csv": "K-1,Sails\nK-1,Sail"}, "give each its own key"),
    ],
)
def test_a_key_that_stands_twice_is_told_with_the_other_file_where_it_is_of_another(
    tmp_path: Path, files: dict[str, str], hint: str
) -> None:
    for name, rows in files.items():
        (tmp_path / name).write_text(f"Key,Summary\n{rows}\n")
    taken = read(recipe(NEEDS), tmp_path, Beforehand(now=noon(9)))
    assert list(taken.batches)
    (told,) = (each for each in taken.findings if each.code == "SOURCE020")
    assert told.hint is not None
    assert told.hint.startswith(hint)


def test_a_part_of_a_source_takes_back_only_what_its_own_records_say_no_longer(
    tmp_path: Path,
) -> None:
    """W-3 says that W-1 needs it; of the two only W-1 is read again."""
    recipe_file = tmp_path / "sheet.recipe.yaml"
    recipe_file.write_text(NEEDS)
    sheet = tmp_path / "all.csv"
    head = "Key,Summary,Due,Needs,Needed for\n"
    sheet.write_text(f"{head}W-1,Cabins,2026-05-01,W-2,\nW-2,B,,,\nW-3,C,,,W-1\n")
    company = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    company.import_recipe(recipe_file, str(sheet))
    sheet.write_text(f"{head}W-1,Cabins,,,\n")
    now = company.now() + 1
    part = read(recipe(NEEDS), sheet, Beforehand(graph=company.graph(), whole=False, now=now))
    assert [replace(each, via=None) for batch in part.batches for each in batch.changes] == [
        Disconnect("wish/w-1", "needs", "wish/w-2"),
        Put("wish/w-1", {"due": None}),
    ]


def _imported(tmp_path: Path) -> tuple[Workspace, Path, Path]:
    source = tmp_path / "source"
    for name in ("a", "b"):
        place = source / "wishes" / name
        place.mkdir(parents=True)
        (place / "wish.yaml").write_text(f"title: {name.upper()}\n")
    recipe_file = tmp_path / "wishes.recipe.yaml"
    recipe_file.write_text(WISHES)
    workspace = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    assert workspace.import_recipe(recipe_file, str(source)).changes == 2
    return workspace, source, recipe_file


def test_a_folder_without_any_file_of_the_recipe_takes_nothing_back(tmp_path: Path) -> None:
    workspace, _, recipe_file = _imported(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again = workspace.import_recipe(recipe_file, str(elsewhere))
    assert again.changes == 0
    assert [each.code for each in again.findings] == ["SOURCE030"]
    assert len(workspace.ask("wish")) == 2


def test_a_file_that_cannot_be_read_takes_nothing_back(tmp_path: Path) -> None:
    workspace, source, recipe_file = _imported(tmp_path)
    (source / "wishes/a/wish.yaml").write_text("title: [")
    (source / "wishes/b/wish.yaml").write_text("title: Bright\n")
    again = workspace.import_recipe(recipe_file, str(source))
    assert again.changes == 1
    assert "SOURCE023" in {each.code for each in again.findings}
    assert sorted(row["title"] for row in workspace.ask("wish")) == ["A", "Bright"]
