"""Keeping a question for everybody: the journal's words and the model file both hold it.

Only the question is recorded and written. What else stands in the file and was
not applied yet stays there, and is applied when somebody applies it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from latticework.journal.changes import Declare
from latticework.journal.store import MAIN, Receipt
from latticework.model.amend import amend, attach, rename
from latticework.model.format import format_model, spell_view
from latticework.model.model import SavedView
from latticework.workspace.modelling import read_model

if TYPE_CHECKING:
    from latticework.workspace.workspace import Workspace

SECTION = "views"

Views = tuple[SavedView, ...]


def keep_view(
    workspace: Workspace,
    view: SavedView,
    *,
    was: str = "",
    by: str = "",
    branch: str = MAIN,
) -> Receipt:
    """Record a kept question, in the place of the one that `was`; raises Refused."""

    def placed(views: Views) -> Views:
        if was and any(each.name == was for each in views):
            return tuple(view if each.name == was else each for each in views)
        return (*(each for each in views if each.name != view.name), view)

    def written(text: str) -> str:
        moved = _renamed(workspace, text, was, view.name) if was and was != view.name else text
        kept = amend(moved, (SECTION, view.name), spell_view(view))
        if view in _views(workspace, kept):
            return kept
        # What a pack says of a question of this name shines through: ours stands alone.
        return attach(kept, ("drop", SECTION), view.name)

    return _record(workspace, placed, written, by=by, why=f"kept '{view.name}'", branch=branch)


def drop_view(workspace: Workspace, name: str, *, by: str = "", branch: str = MAIN) -> Receipt:
    """Record that a question is kept no longer; raises Refused."""

    def left(views: Views) -> Views:
        return tuple(each for each in views if each.name != name)

    def written(text: str) -> str:
        return _without(workspace, text, name)

    return _record(workspace, left, written, by=by, why=f"dropped '{name}'", branch=branch)


def _record(
    workspace: Workspace,
    placed: Callable[[Views], Views],
    written: Callable[[str], str],
    *,
    by: str,
    why: str,
    branch: str,
) -> Receipt:
    """Declare the words with other kept questions, then write those of main into the file."""
    model, folder = workspace.graph(branch=branch).model, workspace.folder
    follows = branch == MAIN and folder.model_file.is_file()
    text = written(folder.model_text()) if follows else ""
    declared = Declare(format_model(replace(model, views=placed(model.views))))
    receipt = workspace.append([declared], by=by, why=why, branch=branch)
    if follows:
        folder.write_model(text)
    return receipt


def _renamed(workspace: Workspace, text: str, was: str, name: str) -> str:
    """The text in which the file's own question has another name; a pack's is dropped."""
    without = amend(text, (SECTION, was), None)
    return rename(text, (SECTION, was), name) if without != text else _without(workspace, text, was)


def _without(workspace: Workspace, text: str, name: str) -> str:
    """The text without a question, which a pack may have brought."""
    left = amend(text, (SECTION, name), None)
    if any(each.name == name for each in _views(workspace, left)):
        return attach(left, ("drop", SECTION), name)
    return left


def _views(workspace: Workspace, text: str) -> Views:
    return read_model(text, workspace.folder).views
