"""The bundled example company, built into a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.journal.opening import open_store
from latticework.workspace.folder import DEFAULT_STORE, Folder

if TYPE_CHECKING:
    from latticework.workspace.workspace import Workspace

Progress = Callable[[int, int | None], None]


def begin_example(path: Path, *, progress: Progress | None = None) -> Workspace:
    """Build the example company; raises Refused where a company is there.

    What happened on a day is recorded on that day, so that a question about
    what was known then has an answer; nothing is recorded in the future. The
    recipe of what came from a sheet lies in its folder, for the next sheet.
    """
    from latticework.demo.company import batches, model_text
    from latticework.demo.imported import RECIPE
    from latticework.workspace.syncing import RECIPES
    from latticework.workspace.workspace import Workspace, clock

    folder = Folder(path)
    folder.refuse_taken()
    folder.make()
    store = open_store(folder.address_of(DEFAULT_STORE))
    now = clock()
    told = list(batches())
    done = 0
    first = next((each.valid for each in told if each.valid and each.valid > 0), now)
    for valid, day in groupby(told, key=lambda batch: min(max(batch.valid or now, first), now)):
        group = tuple(day)
        store.append(group, now=valid)
        done += len(group)
        if progress:
            progress(done, len(told))
    store.close()
    folder.begin(model_text(), DEFAULT_STORE)
    recipes = path / RECIPES
    recipes.mkdir()
    shutil.copy(RECIPE, recipes / f"{RECIPE.name.partition('.')[0]}.yaml")
    return Workspace.open(path)
