"""The part of the example company that came from somebody's sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from latticework.base.times import DAY_MICROSECONDS, start_of
from latticework.demo.telling import FOLDER
from latticework.graph.graph import build
from latticework.journal.changes import Batch
from latticework.journal.memory import MemoryStore
from latticework.model.model import Model
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.sources.recipes.recipe import load_recipe

IMPORTS = FOLDER / "imports"
RECIPE = IMPORTS / "kiosks.recipe.yaml"

_NINE_O_CLOCK = DAY_MICROSECONDS * 9 // 24


def tell_imports(model: Model, before: Iterable[Batch]) -> Iterator[Batch]:
    """A batch per sheet: what it says that the sheets before it did not.

    `before` holds the declared models and the teams that the sheets name.
    """
    recipe = load_recipe(RECIPE.read_text(encoding="utf-8"), file=RECIPE.name, model=model)
    store = MemoryStore()
    store.append(list(before), now=0)
    for folder in _sheets():
        now = start_of(date.fromisoformat(folder.name)) + _NINE_O_CLOCK
        known = Beforehand(now=now, graph=build(store.log(), past=store.history))
        intake = read(recipe, folder, known)
        for batch in intake.batches:
            told = replace(batch, by="Teo Pebblecote", valid=now)
            store.append([told], now=now)
            yield told


def _sheets() -> list[Path]:
    """Folders of sheets, by the day on which each was sent."""
    return sorted(each for each in IMPORTS.iterdir() if each.is_dir())
