"""Kept questions: the journal's words and the model file hold the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.model.model import SavedView
from latticework.workspace import Workspace
from latticework.workspace.keeping import drop_view, keep_view

LOOSE = SavedView(
    name="loose",
    asks="bet where serves nothing",
    whom="the weekly review",
    omits="goals",
    lens="board",
    shows={"by": "stage"},
)


def agrees(workspace: Workspace) -> bool:
    """Whether applying the file would change nothing."""
    return not workspace.preview_model(workspace.folder.model_text()).changes


def test_a_kept_question_outlives_the_next_apply(harbour: Workspace) -> None:
    before = harbour.folder.model_text()
    keep_view(harbour, LOOSE, by="ada")
    assert harbour.folder.model_text().startswith(before.strip())
    assert agrees(harbour)
    harbour.apply_model(harbour.folder.model_text())
    assert harbour.model.views == (LOOSE,)


def test_a_question_is_kept_otherwise_renamed_and_dropped_in_the_file_too(
    harbour: Workspace,
) -> None:
    before = harbour.folder.model_text()
    keep_view(harbour, LOOSE)
    other = SavedView(name="unmoored", asks="bet", omits="goals")
    keep_view(harbour, other, was="loose")
    assert harbour.model.views == (other,)
    assert agrees(harbour)
    drop_view(harbour, "unmoored")
    assert not harbour.model.views
    assert agrees(harbour)
    assert "unmoored" not in harbour.folder.model_text()
    assert harbour.folder.model_text().startswith(before.strip())


def test_what_was_not_applied_yet_is_neither_lost_nor_applied(harbour: Workspace) -> None:
    text = harbour.folder.model_text() + "terms: {pilot: who leads a ship in}\n"
    harbour.folder.write_model(text)
    keep_view(harbour, LOOSE)
    assert not harbour.model.terms
    assert "who leads a ship in" in harbour.folder.model_text()
    harbour.apply_model(harbour.folder.model_text())
    assert harbour.model.views == (LOOSE,)
    assert [each.name for each in harbour.model.terms] == ["pilot"]


def test_a_question_of_a_branch_leaves_the_file_of_main_alone(harbour: Workspace) -> None:
    text = harbour.folder.model_text()
    harbour.start_branch("calm")
    keep_view(harbour, LOOSE, branch="calm")
    assert harbour.graph(branch="calm").model.views == (LOOSE,)
    assert harbour.folder.model_text() == text
    assert not harbour.model.views


def test_a_file_that_cannot_be_read_is_told_before_anything_is_recorded(
    harbour: Workspace,
) -> None:
    harbour.folder.write_model("company: [\n")
    head = harbour.store.head().number
    with pytest.raises(Refused):
        keep_view(harbour, LOOSE)
    assert harbour.store.head().number == head


def test_a_packs_question_is_changed_renamed_and_dropped(tmp_path: Path) -> None:
    """Our own pack brings one question that says more than ours."""
    pack = tmp_path / "harbour" / "packs" / "ours"
    pack.mkdir(parents=True)
    (pack / "views.yaml").write_text(
        "views:\n  loose: {asks: bet, for: everybody, decides: what to stop, omits: goals}\n"
    )
    text = "company: Harbour\nuses: [ours]\nkinds: {bet: {family: investment, many: bets}}\n"
    with Workspace.init(tmp_path / "harbour", model_text=text) as company:
        plain = SavedView(name="loose", asks="bet", omits="islands")
        keep_view(company, plain, was="loose")
        assert company.model.views == (plain,)
        assert agrees(company)
        moved = SavedView(name="unmoored", asks="bet", omits="islands")
        keep_view(company, moved, was="loose")
        assert company.model.views == (moved,)
        assert agrees(company)
    with Workspace.open(tmp_path / "harbour") as company:
        drop_view(company, "unmoored")
        assert agrees(company)


def test_a_packs_question_is_dropped_for_good(tmp_path: Path) -> None:
    """Our own pack brings one question."""
    pack = tmp_path / "harbour" / "packs" / "ours"
    pack.mkdir(parents=True)
    (pack / "views.yaml").write_text("views: {loose: {asks: bet, omits: goals}}\n")
    text = "company: Harbour\nuses: [ours]\nkinds: {bet: {family: investment, many: bets}}\n"
    with Workspace.init(tmp_path / "harbour", model_text=text) as company:
        drop_view(company, "loose")
        assert company.model.views == ()
        assert agrees(company)
