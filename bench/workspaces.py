"""Generated companies as workspaces on disk, written once and kept."""

from __future__ import annotations

import os
import tempfile
from itertools import islice
from pathlib import Path

from bench.generator import generated

from latticework.model.format import format_model
from latticework.workspace import Workspace

AT_ONCE = 5_000
"""Batches that are appended together."""

FOLDER = "LATTICEWORK_BENCH"
"""The variable that says where workspaces are kept between runs."""


def workspace_of(things: int) -> Path:
    """The folder of a company of so many things, made where it is missing."""
    home = Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir()) / "latticework-bench")
    folder = home / f"{things}"
    if (folder / "done").is_file():
        return folder
    home.mkdir(parents=True, exist_ok=True)
    made = generated(things)
    with Workspace.init(folder, model_text=format_model(made.model)) as workspace:
        batches = made.batches()
        while some := list(islice(batches, AT_ONCE)):
            last = some[-1].changes[-1].valid
            now = max(workspace.store.head().known + 1, last or 0)
            workspace.store.append(some, now=now)
    (folder / "done").touch()
    return folder
