"""Bringing in what a recipe reads: batch by batch, resumable, or only tried."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from latticework.base.findings import Finding, notice
from latticework.base.times import Moment
from latticework.journal.changes import Batch
from latticework.journal.memory import MemoryStore
from latticework.journal.tellers import CONTINUED
from latticework.sources.intakes.bundle import is_bundle, is_repository
from latticework.sources.intakes.intake import Beforehand, Intake
from latticework.sources.intakes.read import read
from latticework.sources.recipes.parts import Recipe
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace.folder import read_text
from latticework.workspace.seen import Recall, recall
from latticework.workspace.upsert import Counting, KindTold

if TYPE_CHECKING:
    from latticework.graph.delta import Delta
    from latticework.journal.store import Receipt, Store
    from latticework.workspace.workspace import Workspace

Progress = Callable[[int, int | None], None]
"""Called with so much done, of so much where that is known."""

APPENDED = 5_000
"""Changes per append: what a crash may cost is read again, never lost."""

TRIED = 100_000
"""Changes of which a dry run shows what they would change; further ones are counted."""

WINDOW = 20_000

SELDOM = 200_000
"""New containers before cycles are looked for, during an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import recorded, or would record where it was a dry run.

    `delta` is there for a dry run alone, `numbers` are those of the batches recorded;
    `kinds` tell what became of the things of each kind.
    """

    source: str
    revision: str
    batches: int
    changes: int
    findings: tuple[Finding, ...]
    delta: Delta | None = None
    numbers: tuple[int, ...] = ()
    kinds: tuple[KindTold, ...] = ()


def import_recipe(
    workspace: Workspace,
    recipe_file: Path,
    location: str,
    *,
    dry_run: bool,
    by: str,
    branch: str,
    progress: Progress | None,
) -> Imported:
    """Read a location by a recipe and record what is new.

    Each batch is recorded whole or not at all; an import that was cut off goes
    on where it ended. Raises Refused with the findings of a recipe that is not
    understood or a location that cannot be read, and STORE005 where another
    import of the same source recorded meanwhile.
    """
    graph = workspace.graph(branch=branch)
    place = location or str(recipe_file.parent)
    text = read_text(recipe_file)
    recipe = load_recipe(text, file=str(recipe_file), model=graph.model)
    recipe, whole = _as_recorded(recipe, Path(place))
    since = _since(workspace.store, recipe, place, branch, graph.head)
    # What takes most room on the way comes first, before there is more to hold.
    recalled = recall(workspace.store, workspace.folder.cache, graph, recipe, text, branch)
    stated = workspace.store.stated(branch, upto=graph.head)
    known = Beforehand(now=workspace.now(), graph=graph, since=since, whole=whole)
    if progress is not None:
        known = replace(known, progress=lambda done, total, _changes: progress(done, total))
    if recalled is not None:
        # What is only tried is not remembered.
        sights = None if dry_run else recalled.sights
        known = replace(known, settled=recalled.settled, sights=sights)
    counting = Counting(graph, stated, recipe.name)
    intake = read(recipe, place, known, stated)
    del stated  # what is needed of it is a twentieth of its room
    with rarely_collected(), recalled or nullcontext():
        batches = counting.through(_told_apart(intake, by))
        if dry_run:
            return replace(_tried(workspace, intake, batches, branch), kinds=counting.told())
        imported = _recorded(workspace, intake, batches, branch, graph.head, recalled)
    workspace.folder.keep_recipe(recipe.name, text)
    return replace(imported, kinds=counting.told())


def _as_recorded(recipe: Recipe, place: Path) -> tuple[Recipe, bool]:
    """The recipe as it reads what lies there, and whether that is all there is.

    A recording of a fetch says itself what its pages are, and whether it holds
    everything or only what had changed.
    """
    if not (place / "recording.yaml").is_file():
        return recipe, True
    from latticework.sources.fetch.recording import GLOB, find_recording

    found = find_recording(place)
    if found is None:
        # What cannot tell that it is the whole takes nothing back.
        return recipe, False
    form = recipe.format or found.reads_as
    return replace(recipe, reads=(GLOB,), skips=(), format=form), found.whole


def _since(store: Store, recipe: Recipe, place: str, branch: str, upto: int) -> str:
    """Where to go on in a history; files as they stand have no revisions."""
    lies = Path(place)
    if not (is_bundle(lies) or is_repository(lies)):
        return ""
    return last_revision(store, recipe.name, branch, upto=upto)


def last_revision(store: Store, source: str, branch: str, *, upto: int) -> str:
    """The revision at which the last import up to an entry ended; empty for none."""
    while upto > 0:
        after = max(upto - WINDOW, 0)
        for entry in reversed(tuple(store.entries(branch, after=after, upto=upto))):
            if entry.source == source and entry.change and entry.change.via:
                return entry.change.via.revision
        upto = after
    return ""


def _recorded(
    workspace: Workspace,
    intake: Intake,
    batches: Iterator[Batch],
    branch: str,
    seen: int,
    recalled: Recall | None,
) -> Imported:
    count = changes = 0
    receipts: list[Receipt] = []
    for portion in _portions(batches):
        # Two imports of one source at once would record everything twice.
        receipt = workspace.store.append(portion, now=workspace.now(), branch=branch, resumes=seen)
        seen = receipt.last
        receipts.append(receipt)
        count += len(portion)
        changes += sum(len(each.changes) for each in portion)
    if recalled is not None:
        recalled.keep(receipts, workspace.store.head(branch))
    numbers = tuple(number for receipt in receipts for number in receipt.batches)
    return replace(_imported(intake, count, changes, None), numbers=numbers)


def _tried(workspace: Workspace, intake: Intake, batches: Iterator[Batch], branch: str) -> Imported:
    from latticework.graph.delta import delta

    shown: list[Batch] = []
    count = changes = held = 0
    for batch in batches:
        count += 1
        changes += len(batch.changes)
        if held < TRIED:
            shown.append(batch)
            held += len(batch.changes)
    before = workspace.graph(branch=branch)
    after = before
    if changes:
        scratch = MemoryStore()
        scratch.append(shown, now=workspace.now())
        frame = scratch.log().with_columns(pl.col("number") + before.head)
        after = before.advance(frame, Moment(valid=workspace.now()))
    if held < changes:
        says = f"the preview shows the first {held:,} of {changes:,} changes; all were counted"
        hint = "import on a branch and compare it, to see them all"
        intake.told.add(notice("SOURCE027", says, hint=hint))
    return _imported(intake, count, changes, delta(before, after))


def _imported(intake: Intake, batches: int, changes: int, told: Delta | None) -> Imported:
    return Imported(
        source=intake.source,
        revision=intake.revision,
        batches=batches,
        changes=changes,
        findings=intake.findings,
        delta=told,
    )


def _told_apart(intake: Intake, by: str) -> Iterator[Batch]:
    """An intake's batches; those of files say which of them go on with the first."""
    for number, each in enumerate(intake.batches):
        why = each.why + CONTINUED if number and not intake.revision else each.why
        yield replace(each, by=each.by or by, why=why)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the collector of cycles run seldom: it takes a sixth of an import.

    An import makes millions of small values and hardly a cycle among them.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], SELDOM), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _portions(batches: Iterator[Batch]) -> Iterator[tuple[Batch, ...]]:
    """Whole batches together, about APPENDED changes at a time."""
    pending: list[Batch] = []
    size = 0
    for batch in batches:
        if not batch.changes:
            continue
        pending.append(batch)
        size += len(batch.changes)
        if size >= APPENDED:
            yield tuple(pending)
            pending, size = [], 0
    if pending:
        yield tuple(pending)
