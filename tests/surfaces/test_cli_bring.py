"""An export is brought in by a command: as proposed, and later by the recipe that was kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS
from tests.surfaces.trying import Run

from latticework.workspace import Workspace

EXPORT = (RECORDINGS / "jira" / "cloud.csv").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company that begins, and an export beside it."""
    Workspace.init(tmp_path / "harbour").close()
    (tmp_path / "issues.csv").write_text(EXPORT, encoding="utf-8")
    return tmp_path / "harbour"


def test_an_export_comes_in_as_proposed_and_the_next_one_by_the_kept_recipe(
    folder: Path, run: Run
) -> None:
    export, june = folder.parent / "issues.csv", folder.parent / "issues of june.csv"
    tried = run("-C", folder, "import", export, "--as-proposed", "--dry-run")
    assert (tried.code, "Would bring in" in tried.out) == (0, True)
    assert "issue:" in tried.err
    assert not (folder / "recipes").exists()
    done = run("-C", folder, "import", export, "--as-proposed", "--json")
    assert {each["kind"]: each["new"] for each in json.loads(done.out)} == {
        "epic": 1,
        "issue": 3,
        "person": 2,
        "project": 1,
        "sprint": 2,
    }
    assert "recipes/jira.yaml" in done.err
    june.write_text(EXPORT.replace("Tickets after midnight", "Late tickets"), encoding="utf-8")
    assert "Nothing new" in run("-C", folder, "import", export, "--as-proposed").out
    assert "Brought in 1 change" in run("-C", folder, "import", june).out
    assert "Late tickets" in run("-C", folder, "ask", "issue").out


def test_an_export_that_no_recipe_reads_says_how_to_see_what_it_would_become(
    folder: Path, run: Run
) -> None:
    said = run("-C", folder, "import", folder.parent / "issues.csv")
    assert said.code == 1
    assert "BRING011" in said.err
    assert "--as-proposed --dry-run" in said.err
    with Workspace.open(folder) as company:
        assert company.store.head().number == 1
