"""Reading a location by a recipe, whatever lies there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Place, Refused, error
from latticework.base.times import Instant, parse_instant, start_of
from latticework.journal.changes import Batch
from latticework.sources.intakes.bundle import (
    Opened,
    is_bundle,
    is_repository,
    open_bundle,
    open_repository,
)
from latticework.sources.intakes.folder import read_folder
from latticework.sources.intakes.git_history import GitHistory, instant_reader
from latticework.sources.intakes.intake import Beforehand, Findings, Intake
from latticework.sources.intakes.leading import Leading
from latticework.sources.recipes.parts import Recipe
from latticework.sources.source import find_source

if TYPE_CHECKING:
    import polars as pl


def read(
    recipe: Recipe, location: str | Path, known: Beforehand, stated: pl.DataFrame | None = None
) -> Intake:
    """What lies at a location, as batches: a history, a bundle, a folder, a file.

    `stated` tells which things sources know under which keys; it takes much
    room, and is let go of once it was looked at.
    Raises Refused where nothing can be read (SOURCE031 to SOURCE034).
    """
    place = Path(location)
    if is_bundle(place):
        return _history(recipe, open_bundle(place), known, stated)
    if is_repository(place):
        return _history(recipe, open_repository(place), known, stated)
    sheet = place.is_file() and bool(recipe.format or find_source(place.name))
    if place.is_dir() or sheet:
        told = Findings()
        when = instant_reader(told, since_when)
        batches = read_folder(recipe, place, known, stated, told=told, when=when)
        return Intake(source=recipe.name, batches=batches, told=told)
    lies = place.is_file()
    says = f"'{place}' is no git bundle" if lies else f"nothing lies at '{place}'"
    hint = "name a git repository, a bundle, a folder or a file that a reader fits"
    raise Refused([error("SOURCE031", says, hint=hint, place=Place(file=str(place)))])


def _history(
    recipe: Recipe, opened: Opened, known: Beforehand, stated: pl.DataFrame | None
) -> Intake:
    told = Findings()
    leading = None
    if known.graph is not None and stated is not None and known.graph.size:
        leading = Leading(known.graph, recipe, stated, told, known.now)
    history = GitHistory(opened.repository, recipe, told, leading)

    def batches() -> Iterator[Batch]:
        try:
            yield from history.batches(
                since=known.since, when=instant_reader(told, since_when), progress=known.progress
            )
        finally:
            if opened.folder is not None:
                opened.folder.cleanup()

    return Intake(source=recipe.name, revision=history.revision, batches=batches(), told=told)


def since_when(text: str) -> Instant:
    """The instant from which a source's own date counts: a day's first one."""
    shown = text.strip()
    try:
        return start_of(date.fromisoformat(shown))
    except ValueError:
        return parse_instant(shown)
