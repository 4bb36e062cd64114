"""Shaping the company's words: the model file and the journal say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.journal.store import Receipt
from latticework.model.amend import attach

if TYPE_CHECKING:
    from latticework.workspace.moments import When
    from latticework.workspace.workspace import Workspace


def shape(
    workspace: Workspace,
    text: str,
    *,
    seen: str | None = None,
    by: str = "",
    why: str = "",
    valid: When = None,
) -> Receipt:
    """Record a text as the company's words, then keep it as the model file.

    `seen` is the file's text as the writer had read it. Raises Refused:
    WORK011 where the file was changed since, and what stands against the text.
    """
    folder = workspace.folder
    if seen is not None and _unified(folder.model_text()) != _unified(seen):
        says = "the model file was changed since you read it"
        hint = "read it again, and bring your change into it"
        raise Refused([error("WORK011", says, hint=hint)])
    receipt = workspace.apply_model(text, str(folder.model_file), by=by, why=why, valid=valid)
    folder.write_model(text)
    return receipt


def silence(
    workspace: Workspace,
    *,
    rule: str,
    of: Sequence[str] = (),
    why: str,
    until: date,
    by: str = "",
) -> Receipt:
    """Accept a rule's findings until a day, of some things or, where none is named, of all."""
    text = seen = workspace.folder.model_text()
    for each in of or ("",):
        about = {"of": each} if each else {}
        item = {"rule": rule, **about, "why": why, "until": until.isoformat()}
        text = attach(text, ("silences",), item)
    return shape(workspace, text, seen=seen, by=by, why=why)


def _unified(text: str) -> str:
    """Browsers send a line's end as two signs."""
    return text.replace("\r\n", "\n").rstrip("\n")
