"""Where values came from, by the recipes that brought them in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Refused

if TYPE_CHECKING:
    from latticework.journal.changes import Value, Via
    from latticework.model.model import Model
    from latticework.sources.recipes.parts import Recipe
    from latticework.workspace.folder import Folder


class Tracer:
    """Traces values by the recipes kept beside the journal; each is read once."""

    def __init__(self, folder: Folder) -> None:
        """Nothing is read yet."""
        self._folder = folder
        self._read: dict[Path, tuple[int, Model, Recipe | None]] = {}

    def trace(self, via: Via, model: Model, kind: str, name: str, value: Value) -> tuple[str, str]:
        """The address of a value at its source, and what the recipe made of it."""
        from latticework.sources.intakes.tracing import trace

        path = self._folder.recipe_file(via.source)
        if not via.source or not path.is_file():
            return "", ""
        recipe = self._recipe(path, model)
        return trace(recipe, via, kind, name, value) if recipe else ("", "")

    def _recipe(self, path: Path, model: Model) -> Recipe | None:
        """A recipe as it is now; None where the model has moved on from it."""
        from latticework.sources.recipes.recipe import load_recipe

        changed = path.stat().st_mtime_ns
        known = self._read.get(path)
        if known is None or known[0] != changed or known[1] is not model:
            try:
                recipe = load_recipe(path.read_text(encoding="utf-8"), model=model)
            except (Refused, OSError):
                recipe = None
            known = self._read[path] = changed, model, recipe
        return known[2]
