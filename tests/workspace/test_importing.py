"""Long imports come in by portions, and say what a preview leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.harbour import MODEL

from latticework.base.findings import Refused, warning
from latticework.journal.changes import Batch, Put, Via
from latticework.model.format import format_model
from latticework.sources.intakes.intake import MOST_TOLD, PORTION, Findings
from latticework.workspace import importing
from latticework.workspace.workspace import Workspace

RECIPE = """
recipe: sheet
reads: "*.csv"
kinds:
  wish: {key: key, fields: {title: name, size: size}}
"""


def test_a_long_sheet_is_a_batch_for_each_portion_and_a_preview_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    recipe, sheet = tmp_path / "sheet.recipe.yaml", tmp_path / "all.csv"
    recipe.write_text(RECIPE)
    rows = [f"w-{number},Wish {number},small\n" for number in range(PORTION + 1)]
    sheet.write_text("key,name,size\n" + "".join(rows))
    monkeypatch.setattr(importing, "TRIED", 10)
    tried = company.import_recipe(recipe, sheet, dry_run=True)
    assert (tried.batches, tried.changes) == (2, PORTION + 1)
    assert [each.code for each in tried.findings] == ["SOURCE027"]
    assert not len(company.ask("wish"))
    taken = company.import_recipe(recipe, sheet)
    assert (taken.batches, taken.changes) == (2, PORTION + 1)
    sheet.write_text("key,name,size\n" + "".join(rows[1:]))
    again = company.import_recipe(recipe, sheet)
    assert again.changes == 1
    assert len(company.ask("wish")) == PORTION


def test_an_import_of_several_batches_is_taken_back_as_a_whole(tmp_path: Path) -> None:
    company = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    recipe, sheet = tmp_path / "sheet.recipe.yaml", tmp_path / "all.csv"
    recipe.write_text(RECIPE)
    rows = [f"w-{number},Wish {number},small\n" for number in range(PORTION + 1)]
    sheet.write_text("key,name,size\n" + "".join(rows))
    assert company.import_recipe(recipe, sheet).batches == 2
    sheet.write_text("key,name,size\nw-1,Another wish,small\n" + "".join(rows[2:]))
    assert company.import_recipe(recipe, sheet).batches == 1
    company.undo_import()
    assert len(company.ask("wish")) == PORTION + 1
    assert company.graph().node("wish/w-1").title == "Wish 1"
    taken = company.undo_import()
    assert len(taken.batches) == 2
    assert not len(company.ask("wish"))
    company.append([Put("wish/own", {"title": "Our own"})])
    with pytest.raises(Refused) as refused:
        company.undo_import()
    assert [each.code for each in refused.value.findings] == ["UNDO006"]


def test_commits_that_came_in_together_are_taken_back_together(tmp_path: Path) -> None:
    """Two commits of a history, and a third a minute later."""
    company = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    said = {
        number: Put(f"wish/w-{number}", {}, via=Via("history", revision=f"a{number}"))
        for number in range(3)
    }
    commits = [Batch(changes=(each,), source="history", why="Add it") for each in said.values()]
    now = company.now()
    company.store.append(commits[:2], now=now + 1_000_000)
    company.store.append(commits[2:], now=now + 60_000_000)
    company.undo_import(company.store.headings()[-3].batch)
    assert company.ask("wish").refs == ("wish/w-2",)


def test_findings_beyond_many_are_counted() -> None:
    told = Findings()
    for number in range(MOST_TOLD + 5):
        told.add(warning("SOURCE012", f"row {number}", hint="mend it"))
    *first, last = told.all
    assert len(first) == MOST_TOLD
    assert (last.code, last.says) == ("SOURCE026", "5 more findings SOURCE012 are not listed")
