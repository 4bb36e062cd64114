"""The company's words in a workspace: begun with, previewed, declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from latticework.base.findings import Finding, error, refuse_errors
from latticework.base.times import BEGINNING, Instant, Moment
from latticework.graph.graph import Graph
from latticework.journal.changes import Batch, Change, Declare
from latticework.journal.store import Store
from latticework.journal.tellers import MODEL
from latticework.model.evolve import preview as compare_models
from latticework.model.format import format_model
from latticework.model.load import load, load_or_refuse
from latticework.model.model import Model
from latticework.model.packs import Packs, packs_in
from latticework.workspace.effects import Preview, preview_of
from latticework.workspace.folder import Folder

PACKS = "packs"


def model_text_for(folder: Folder, given: str | None, pack: str) -> str:
    """What a new company's model file says: given, found in the folder, or new."""
    if given is not None:
        return given
    if folder.model_file.is_file():
        return folder.model_text()
    return first_text(folder.path, pack)


def first_text(path: Path, pack: str) -> str:
    """The model file that a company begins with."""
    name = path.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()
    return (
        f"company: {name or 'Our company'}\n"
        f"uses: [{pack}]\n\n"
        "# Your own words go here. Rename, extend or drop what the pack says; then\n"
        "# see what that would affect, and apply it:\n"
        "#   latticework model preview\n"
        "#   latticework model apply\n"
    )


def read_model(text: str, folder: Folder, file: str = "") -> Model:
    """The model that a text says; raises Refused with all findings."""
    return load_or_refuse(text, file=file or str(folder.model_file), packs=packs_of(folder))


def packs_of(folder: Folder) -> Packs:
    """Packs that this company may use: its own, plugins', ours."""
    return packs_in(folder.path / PACKS)


def declare_first(store: Store, model: Model, *, now: Instant) -> None:
    """Record the model as the company's words since the beginning of time."""
    change = Declare(format_model(model))
    batch = Batch(changes=(change,), why="began", source=MODEL, valid=BEGINNING)
    store.append([batch], now=now, base=0)


def preview(graph: Graph, text: str, file: str, folder: Folder, *, today: date) -> Preview:
    """What a changed model would affect among the things of a graph."""
    loaded = load(text, file=file or str(folder.model_file), packs=packs_of(folder))
    if loaded.is_sound:
        found = preview_of(graph, loaded.model, today=today)
        return replace(found, findings=(*loaded.findings, *found.findings))
    delta = compare_models(graph.model, loaded.model)
    return Preview(delta=delta, effects=(), taken=(), changes=(), findings=loaded.findings)


def since(found: Preview, present: Graph, valid: Instant) -> tuple[Change, ...]:
    """The changes of a preview, told so that they hold since a past instant.

    Models declared between then and now give way too: else they would hold on
    from their own instant. A split (EVOLVE008) is refused: its question was
    asked of today's things, and says nothing of how they were in between.
    """
    refuse_errors(_splits(found))
    now = present.moment.valid
    later = {each.valid for each in present.log.models if valid < each.valid <= now}
    text = format_model(found.delta.new)
    declared = tuple(
        Declare(text, valid=instant)
        for instant in (valid, *sorted(later))
        if present.at(Moment(valid=instant)).model != found.delta.new
    )
    rest = (each for each in found.changes if not isinstance(each, Declare))
    return (*declared, *rest) if declared else ()


def _splits(found: Preview) -> Iterator[Finding]:
    for part in found.delta.parts:
        says = f"'{part.new}' takes a part of '{part.old}', which cannot hold since a past day"
        hint = "apply it without '--since', so that it holds from now on"
        yield error("EVOLVE008", says, hint=hint, value=part.new)
