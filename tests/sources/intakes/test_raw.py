"""What no part of a recipe reads is kept with the thing, where the recipe says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.sources.intakes.unread import LONGEST_KEPT
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace import Workspace

MODEL = """\
kinds:
  wish: {family: intent, many: wishes, fields: {raw: text, rest: text many, size: number}}
"""
RECIPE = "recipe: w\nreads: w.json\nkinds:\n  wish: {key: id, fields: {title: name}, raw: RAW}\n"
WISHES = """\
[{"id": "1", "name": "Lamp", "team": "North", "tags": ["a", "b"], "who": {"name": "Ada"},
  "log": [{"when": "x"}], "long": "LONG"}]
"""


def imported(folder: Path, raw: str) -> tuple[Workspace, list[str]]:
    company = Workspace.init(folder / "c", model_text=MODEL)
    (folder / "w.yaml").write_text(RECIPE.replace("RAW", raw), encoding="utf-8")
    (folder / "w.json").write_text(WISHES.replace("LONG", "x" * 2_000), encoding="utf-8")
    found = company.import_recipe(folder / "w.yaml", folder / "w.json")
    assert company.import_recipe(folder / "w.yaml", folder / "w.json").changes == 0
    return company, [each.value for each in found.findings if each.code == "SOURCE022"]


def test_what_is_not_read_stays_in_one_text_that_a_question_finds(tmp_path: Path) -> None:
    company, named = imported(tmp_path, "raw")
    raw = company.graph().node("wish/1").fields["raw"]
    assert isinstance(raw, str)
    lines = raw.split("\n")
    assert lines[:3] == ["team: North", "tags: a, b", "who.name: Ada"]
    assert len(lines[3]) <= LONGEST_KEPT + len("long: …")
    assert company.ask('wish where raw contains "Team: North"').refs == ("wish/1",)
    assert named == ["log"]


def test_a_field_of_many_values_keeps_a_line_each(tmp_path: Path) -> None:
    company, _ = imported(tmp_path, "rest")
    rest = company.graph().node("wish/1").fields["rest"]
    assert isinstance(rest, tuple)
    assert rest[0] == "team: North"


@pytest.mark.parametrize(("raw", "code"), [("row", "RECIPE004"), ("size", "RECIPE013")])
def test_only_a_text_of_the_kind_can_keep_it(raw: str, code: str, tmp_path: Path) -> None:
    company = Workspace.init(tmp_path / "c", model_text=MODEL)
    with pytest.raises(Refused, match=code):
        load_recipe(RECIPE.replace("RAW", raw), model=company.model)
