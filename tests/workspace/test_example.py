"""The example company in a folder of its own, as a newcomer finds it."""

from __future__ import annotations

from pathlib import Path

from latticework.demo.imported import IMPORTS
from latticework.workspace.bringing import kept_recipes
from latticework.workspace.example import begin_example
from latticework.workspace.importing import import_recipe


def test_the_example_keeps_the_recipe_by_which_its_last_sheet_brings_nothing_new(
    tmp_path: Path,
) -> None:
    with begin_example(tmp_path / "example") as workspace:
        (kept,) = kept_recipes(workspace)
        last = max(each for each in IMPORTS.iterdir() if each.is_dir())
        brought = import_recipe(
            workspace, kept.file, str(last), dry_run=False, by="", branch="main", progress=None
        )
        told = {each.kind: (each.new, each.changed, each.gone) for each in brought.kinds}
        assert (kept.name, brought.changes) == ("kiosks", 0)
        assert told == {"kiosk": (0, 0, 0)}
