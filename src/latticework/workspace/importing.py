"""Bringing in what a recipe reads: batch by batch, resumable, or only tried."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import Moment
from latticework.journal.changes import Batch
from latticework.journal.memory import MemoryStore
from latticework.sources.intake import Intake
from latticework.sources.read import read
from latticework.sources.recipe import load_recipe
from latticework.workspace.folder import read_text

if TYPE_CHECKING:
    from latticework.graph.delta import Delta
    from latticework.journal.store import Store
    from latticework.workspace.workspace import Workspace

Progress = Callable[[int, int | None], None]
"""Called with so much done, of so much where that is known."""

PORTION = 5_000
"""Changes per append: what a crash may cost is read again, never lost."""

WINDOW = 20_000

SELDOM = 200_000
"""New containers before cycles are looked for, during an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import recorded, or would record where it was a dry run.

    `delta` is there for a dry run alone.
    """

    source: str
    revision: str
    batches: int
    changes: int
    findings: tuple[Finding, ...]
    delta: Delta | None = None


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
    seen = graph.head
    recipe = load_recipe(read_text(recipe_file), file=str(recipe_file), model=graph.model)
    intake = read(
        recipe,
        location or str(recipe_file.parent),
        since=last_revision(workspace.store, recipe.name, branch, upto=seen),
        progress=progress and (lambda done, total, _changes: progress(done, total)),
        now=workspace.now(),
        graph=graph,
    )
    batches = (replace(each, by=each.by or by) for each in intake.batches)
    with _rarely_collected():
        if dry_run:
            return _tried(workspace, intake, batches, branch)
        return _recorded(workspace, intake, batches, branch, seen)


def propose_recipe(workspace: Workspace, sample: Path) -> str:
    """A first recipe for a sample file, matched to the company's words."""
    from latticework.sources.propose import propose

    try:
        data = sample.read_bytes()
    except OSError as problem:
        says = f"'{sample}' cannot be read: {problem.strerror or problem}"
        hint = "name a file, such as an export in CSV or JSON"
        place = Place(file=str(sample))
        raise Refused([error("SOURCE006", says, hint=hint, place=place)]) from None
    return propose(data, sample.name, workspace.model)


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
    workspace: Workspace, intake: Intake, batches: Iterator[Batch], branch: str, seen: int
) -> Imported:
    count = changes = 0
    for portion in _portions(batches):
        # Two imports of one source at once would record everything twice.
        receipt = workspace.store.append(portion, now=workspace.now(), branch=branch, resumes=seen)
        seen = receipt.last
        count += len(portion)
        changes += sum(len(each.changes) for each in portion)
    return _imported(intake, count, changes, None)


def _tried(workspace: Workspace, intake: Intake, batches: Iterator[Batch], branch: str) -> Imported:
    from latticework.graph.delta import delta

    tried = tuple(batches)
    changes = sum(len(each.changes) for each in tried)
    before = workspace.graph(branch=branch)
    after = before
    if changes:
        scratch = MemoryStore()
        scratch.append(tried, now=workspace.now())
        frame = scratch.log().with_columns(pl.col("number") + before.head)
        after = before.advance(frame, Moment(valid=workspace.now()))
    return _imported(intake, len(tried), changes, delta(before, after))


def _imported(intake: Intake, batches: int, changes: int, told: Delta | None) -> Imported:
    return Imported(
        source=intake.source,
        revision=intake.revision,
        batches=batches,
        changes=changes,
        findings=intake.findings,
        delta=told,
    )


@contextmanager
def _rarely_collected() -> Iterator[None]:
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
    """Whole batches together, about PORTION changes at a time."""
    pending: list[Batch] = []
    size = 0
    for batch in batches:
        if not batch.changes:
            continue
        pending.append(batch)
        size += len(batch.changes)
        if size >= PORTION:
            yield tuple(pending)
            pending, size = [], 0
    if pending:
        yield tuple(pending)
