"""Reading a location by a recipe, whatever lies there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from latticework.sources.intakes.intake import Findings, Intake, Progress
from latticework.sources.intakes.leading import Leading
from latticework.sources.intakes.seen import Settled, Sights
from latticework.sources.recipes.parts import Recipe
from latticework.sources.source import Reads, find_source

if TYPE_CHECKING:
    import polars as pl

    from latticework.graph.graph import Graph


def read(
    recipe: Recipe,
    location: str | Path,
    *,
    since: str = "",
    graph: Graph | None = None,
    stated: pl.DataFrame | None = None,
    progress: Progress | None = None,
    whole: bool = True,
    reads: Reads | None = None,
    settled: Settled | None = None,
    sights: Sights | None = None,
    now: Instant,
) -> Intake:
    """What lies at a location, as batches: a history, a bundle, a folder, a file.

    `since` is the revision at which the last import ended, for a history;
    `graph` is the company as it is, and `stated` which things
    sources know under which keys. Where a folder or a file is
    not the `whole` of its source, what it does not name is not taken back.
    `reads` reads its files, where that is to be done otherwise than anew.
    Records of files that are `settled` are left out; `sights` takes down what
    may be left out next time.
    Raises Refused where nothing can be read (SOURCE031 to SOURCE034).
    """
    place = Path(location)

    def leading(told: Findings) -> Leading | None:
        if graph is None or stated is None or not graph.size:
            return None
        return Leading(graph, recipe, stated, told, now)

    if is_bundle(place):
        return _history(recipe, open_bundle(place), since, leading, progress)
    if is_repository(place):
        return _history(recipe, open_repository(place), since, leading, progress)
    sheet = place.is_file() and bool(recipe.format or find_source(place.name))
    if place.is_dir() or sheet:
        told = Findings()
        when = instant_reader(told, since_when)
        batches = read_folder(
            recipe,
            place,
            graph=graph,
            stated=stated,
            told=told,
            when=when,
            progress=progress,
            whole=whole,
            reads=reads,
            settled=settled,
            sights=sights,
            now=now,
        )
        return Intake(source=recipe.name, batches=batches, told=told)
    lies = place.is_file()
    says = f"'{place}' is no git bundle" if lies else f"nothing lies at '{place}'"
    hint = "name a git repository, a bundle, a folder or a file that a reader fits"
    raise Refused([error("SOURCE031", says, hint=hint, place=Place(file=str(place)))])


def _history(
    recipe: Recipe,
    opened: Opened,
    since: str,
    leading: Callable[[Findings], Leading | None],
    progress: Progress | None,
) -> Intake:
    told = Findings()
    history = GitHistory(opened.repository, recipe, told, leading(told))

    def batches() -> Iterator[Batch]:
        try:
            yield from history.batches(
                since=since, when=instant_reader(told, since_when), progress=progress
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
