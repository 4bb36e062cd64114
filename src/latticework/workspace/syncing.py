"""Syncing: what a recipe's tracker says is fetched, kept as a recording, and imported.

The cursor moves only when the import was recorded, so that whatever goes
wrong before is asked for again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, Refused, error, warning
from latticework.base.times import Instant
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.recording import Recording, prune, write
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace.folder import read_text
from latticework.workspace.importing import Imported, import_recipe
from latticework.workspace.sync_state import SECOND, Kept, SyncState, SyncStates, states_of

if TYPE_CHECKING:
    from latticework.sources.fetch.outside import Outside
    from latticework.sources.fetch.plan import Fetch
    from latticework.sources.recipes.parts import Recipe
    from latticework.workspace.workspace import Workspace

RECIPES = "recipes"
"""The folder of a company in which its recipes lie."""

RECORDINGS = "recordings"
"""The folder of a company in which fetches are kept, by source."""

OVERLAP_SECONDS = 300
"""What is asked for again, as a tracker's search may lag behind its changes."""

MAIN = "main"

Progress = Callable[[int], None]
"""Called with the things fetched so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sync is to ask for: what changed since the last one, unless it says more.

    `whole` asks for everything, `since` for what changed from an instant on. With
    `believe`, things that a whole fetch no longer names are gone even where most
    are missing.
    """

    whole: bool = False
    since: Instant | None = None
    believe: bool = False


LATEST = Wanted()


@dataclass(frozen=True, slots=True)
class Asking:
    """A recipe, whom it asks, what is known of it, and what is wanted now."""

    recipe: Recipe
    plan: Fetch
    kept: Kept
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync brought; `imported` is None where it did not come to an import."""

    source: str
    recipe: Path
    recording: Recording | None = None
    imported: Imported | None = None
    findings: tuple[Finding, ...] = ()


def recipes(workspace: Workspace) -> tuple[Path, ...]:
    """The recipes that lie in the company's folder, by name."""
    folder = workspace.folder.path / RECIPES
    return tuple(sorted(each for each in folder.glob("*.y*ml") if each.is_file()))


def find_recipe(workspace: Workspace, name: str) -> Path:
    """A recipe by its path, or by its name among the company's own."""
    mine = {each.name.partition(".")[0]: each for each in recipes(workspace)}
    mine |= {each.stem: each for each in mine.values()}
    return Path(name) if Path(name).is_file() else mine.get(name, Path(name))


def sync(
    workspace: Workspace,
    recipe_file: Path,
    *,
    outside: Outside,
    wanted: Wanted = LATEST,
    by: str = "",
    progress: Progress | None = None,
) -> Synced:
    """Fetch what is new by a recipe, keep it, and import it.

    Raises Refused: with FETCH findings where the tracker did not answer,
    SYNC001 where another is at it, SYNC002 where the recipe asks nobody.
    """
    recipe, plan = _planned(workspace, recipe_file)
    states = states_of(workspace)
    place = _from_folder(workspace, recipe_file)
    with _held(states, recipe.name, place, outside) as (kept, holding):
        try:
            asked = Asking(recipe, plan, kept, wanted)
            recording, told = _fetched(workspace, asked, holding, progress)
            imported = _imported(workspace, recipe_file, recording, by=by)
        except Refused as refused:
            states.keep(recipe.name, _failed(kept, refused, workspace.now()))
            raise
        findings = (*told, *imported.findings)
        done = _succeeded(kept, recording, imported, findings, workspace.now())
        lies = _from_folder(workspace, recording.folder)
        states.keep(recipe.name, replace(done, recording=lies))
    prune(_recordings(workspace, recipe.name))
    return Synced(
        source=recipe.name,
        recipe=recipe_file,
        recording=recording,
        imported=imported,
        findings=findings,
    )


def try_sync(
    workspace: Workspace,
    recipe_file: Path,
    *,
    outside: Outside,
    wanted: Wanted = LATEST,
    by: str = "",
    progress: Progress | None = None,
) -> Synced:
    """What a sync would bring; nothing is recorded, and no page is kept."""
    recipe, plan = _planned(workspace, recipe_file)
    _, kept = states_of(workspace).find(recipe.name)
    with tempfile.TemporaryDirectory(prefix="latticework-") as folder:
        recording = fetch(
            plan,
            source=recipe.name,
            folder=Path(folder),
            since=_since(kept, plan, workspace.now(), wanted),
            outside=outside,
            progress=progress,
        )
        imported = _imported(workspace, recipe_file, recording, by=by, dry_run=True)
    return Synced(
        source=recipe.name, recipe=recipe_file, imported=imported, findings=imported.findings
    )


def sync_states(workspace: Workspace) -> tuple[SyncState, ...]:
    """How every source with a fetcher fares, those of the company's folder first.

    A recipe that is not understood has its findings as those of its state.
    """
    states = states_of(workspace)
    mine = recipes(workspace)
    known = {each.resolve() for each in mine}
    others = (workspace.folder.path / recipe for _, recipe, _ in states.every())
    elsewhere = [each for each in others if each.resolve() not in known and each.is_file()]
    found = (_state(workspace, states, each) for each in (*mine, *elsewhere))
    return tuple(each for each in found if each is not None)


def sync_due(
    workspace: Workspace, *, outside: Outside, by: str = "", every: bool = False
) -> Iterator[Synced]:
    """Sync what is due, one after the other; with `every`, all that can be fetched.

    What goes wrong with one is in its findings, and the others still have their turn.
    """
    for state in sync_states(workspace):
        due = state.due
        wanted = every or (due is not None and due <= workspace.now())
        if not wanted or not state.fetcher or state.running:
            continue
        try:
            yield sync(workspace, state.recipe, outside=outside, by=by)
        except Refused as refused:
            yield Synced(source=state.source, recipe=state.recipe, findings=refused.findings)
        except Exception as problem:  # noqa: BLE001  a plugin's fetcher may raise anything
            found = _unexpected(workspace, state, problem)
            yield Synced(source=state.source, recipe=state.recipe, findings=(found,))


def next_due(workspace: Workspace) -> Instant | None:
    """When the next source is due; None where nothing is fetched by itself."""
    return min(
        (each.due for each in sync_states(workspace) if each.fetcher and each.due is not None),
        default=None,
    )


def _planned(workspace: Workspace, recipe_file: Path) -> tuple[Recipe, Fetch]:
    text = read_text(recipe_file)
    recipe = load_recipe(text, file=str(recipe_file), model=workspace.model)
    if recipe.fetch is None:
        says = f"the recipe '{recipe.name}' does not say whom to ask"
        hint = "add 'fetch:' with 'from:', or bring the files and use: latticework import"
        raise Refused([error("SYNC002", says, hint=hint, place=Place(file=str(recipe_file)))])
    return recipe, recipe.fetch


def _since(kept: Kept, plan: Fetch, now: Instant, wanted: Wanted) -> Instant | None:
    """From when on changes are asked for; None for everything."""
    if wanted.since is not None:
        return wanted.since
    old = plan.whole_every and kept.whole_at + plan.whole_every * SECOND <= now
    if wanted.whole or old or not kept.cursor:
        return None
    return kept.cursor - OVERLAP_SECONDS * SECOND


def _fetched(
    workspace: Workspace, asked: Asking, outside: Outside, progress: Progress | None
) -> tuple[Recording, tuple[Finding, ...]]:
    """The recording, and a warning where it names so few things that nothing is taken back."""
    recording = fetch(
        asked.plan,
        source=asked.recipe.name,
        folder=_recordings(workspace, asked.recipe.name),
        since=_since(asked.kept, asked.plan, workspace.now(), asked.wanted),
        outside=outside,
        anew=asked.wanted.whole,
        progress=progress,
    )
    before = asked.kept.whole_things
    few = recording.things * 2 < before
    if not recording.whole or not few or asked.wanted.believe:
        return recording, ()
    doubtful = replace(recording, doubtful=True)
    write(doubtful)
    says = f"all that there is are {recording.things:,} things, where {before:,} were"
    hint = (
        "nothing is taken back: see what the token may read; if they are gone, say so with"
        " --full --believe"
    )
    return doubtful, (warning("SYNC004", says, hint=hint, value=asked.recipe.name),)


def _imported(
    workspace: Workspace,
    recipe_file: Path,
    recording: Recording,
    *,
    by: str,
    dry_run: bool = False,
) -> Imported:
    """What an import of the recording brings; nothing, where nothing was said."""
    if not recording.things:
        return Imported(source=recording.source, revision="", batches=0, changes=0, findings=())
    return import_recipe(
        workspace,
        recipe_file,
        str(recording.folder),
        dry_run=dry_run,
        by=by,
        branch=MAIN,
        progress=None,
    )


@contextmanager
def _held(
    states: SyncStates, source: str, recipe: str, outside: Outside
) -> Iterator[tuple[Kept, Outside]]:
    """What is kept of a source, while nobody else fetches it; each wait is a sign of life."""
    holder = states.take(source, recipe, outside.now())

    def sleep(seconds: float) -> None:
        states.hold(holder, outside.now())
        outside.sleep(seconds)

    try:
        yield states.find(source)[1], replace(outside, sleep=sleep)
    finally:
        states.let_go(holder)


def _failed(kept: Kept, refused: Refused, now: Instant) -> Kept:
    """The same cursor, with what went wrong; the next try is later each time."""
    until = getattr(refused, "until", 0)
    return replace(
        kept, tried=now, failures=kept.failures + 1, until=until, findings=refused.findings
    )


def _succeeded(
    kept: Kept,
    recording: Recording,
    imported: Imported,
    findings: tuple[Finding, ...],
    now: Instant,
) -> Kept:
    """The cursor where the tracker's clock stood when it was first asked."""
    # What was asked for from later on than is known leaves a gap behind it.
    joins = not recording.since or 0 < recording.since <= kept.cursor
    made = replace(
        kept,
        cursor=max(kept.cursor, recording.begun) if joins else kept.cursor,
        tried=now,
        succeeded=now,
        failures=0,
        until=0,
        things=recording.things,
        changes=imported.changes,
        batches=imported.numbers,
        findings=findings,
    )
    if recording.since:
        return made
    few = recording.doubtful
    return replace(made, whole_at=now, whole_things=kept.whole_things if few else recording.things)


def _unexpected(workspace: Workspace, state: SyncState, problem: Exception) -> Finding:
    """SYNC005: a fetch met what nobody thought of; it is tried later, like any that failed."""
    says = f"the fetch met something it did not expect: {type(problem).__name__}"
    hint = f"fetch it by itself to see more: latticework fetch {state.recipe}"
    found = error("SYNC005", says, hint=hint, value=state.source)
    states = states_of(workspace)
    kept = _failed(states.find(state.source)[1], Refused([found]), workspace.now())
    states.keep(state.source, kept)
    return found


def _state(workspace: Workspace, states: SyncStates, recipe_file: Path) -> SyncState | None:
    """How one recipe's source fares; None where it has no fetcher."""
    try:
        recipe, plan = _planned(workspace, recipe_file)
    except Refused as refused:
        if refused.findings[0].code == "SYNC002":
            return None
        name = recipe_file.name.partition(".")[0]
        return SyncState(source=name, recipe=recipe_file, kept=Kept(findings=refused.findings))
    return SyncState(
        source=recipe.name,
        recipe=recipe_file,
        fetcher=plan.fetcher.name,
        every=plan.every,
        running=states.is_held(recipe.name, workspace.now()),
        kept=states.find(recipe.name)[1],
    )


def _recordings(workspace: Workspace, source: str) -> Path:
    """Where the recordings of a source lie."""
    return workspace.folder.path / RECORDINGS / _folder_name(source)


def _from_folder(workspace: Workspace, path: Path) -> str:
    """A path as it is seen from the company's folder, which may be moved as a whole."""
    found, folder = path.resolve(), workspace.folder.path.resolve()
    return str(found.relative_to(folder) if found.is_relative_to(folder) else found)


def _folder_name(source: str) -> str:
    """A source's name as the name of a folder, whatever letters it has."""
    safe = "".join(each if each.isalnum() or each in "-_." else "-" for each in source)
    return safe.strip(".")[:80] or "source"
