"""A company as plain files, and back.

A folder (or the same as one .zip) holds the model and the recipes as people
wrote them, the whole journal line by line, and, for people and spreadsheets,
what is so now: a table per kind and per link. A .jsonl file holds the journal
alone. The tables are not read back: the rest loses nothing.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import polars as pl

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.refs import slug_of
from latticework.graph.graph import Graph, build
from latticework.journal.dump import dump
from latticework.journal.dump import restore as restore_journal
from latticework.journal.opening import open_store
from latticework.model.format import format_model
from latticework.sources.recipes.steps import FORMULA_SIGNS
from latticework.workspace.folder import MODEL_FILE, RECIPES, Folder, read_text

if TYPE_CHECKING:
    from latticework.workspace.workspace import Workspace

JOURNAL = "journal.jsonl"
USED = "used"
"""Beside the recipes that people keep: those by which each source came in last."""

LONGEST_RECIPE = 1_000_000
MOST_RECIPES = 1_000
_RECIPE = re.compile(rf"{RECIPES}/(?:{USED}/)?[^/\\:]+\.ya?ml")


@dataclass(frozen=True, kw_only=True)
class _Export:
    """What is read back of an export; recipes by their path in it."""

    journal: IO[bytes]
    model_text: str = ""
    recipes: Mapping[str, str] = field(default_factory=dict)


def export(workspace: Workspace, target: Path) -> Path:
    """Write a company to a folder, a .zip or a .jsonl file; where it lies.

    Nothing is left half-written under the name given. Raises Refused: WORK008
    where something is there already, WORK006 where it cannot be written.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        says = f"'{target}' is there already"
        raise Refused([error("WORK008", says, hint="choose another name, or remove it first")])
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".export-") as made:
            _place(_written(workspace, Path(made), target), target)
    except OSError as problem:
        says = f"'{target}' cannot be written: {problem.strerror or problem}"
        raise Refused([error("WORK006", says, hint="make room, or choose another place")]) from None
    return target


def restore(origin: Path, folder: Folder, store_url: str) -> None:
    """Begin a company from an export, all of it or nothing.

    Raises Refused: WORK002 where a company is there already, WORK009 where
    the export cannot be read, and what the journal's own check finds.
    """
    folder.refuse_taken()
    with _opened(origin) as found:
        folder.make()
        store = open_store(folder.address_of(store_url))
        try:
            if not restore_journal(store, found.journal, name=str(origin)):
                raise Refused([_no_export(origin, "it holds no entry")])
            text = found.model_text or format_model(build(store.log()).model)
        finally:
            store.close()
        folder.keep_files(_places(folder, found.recipes))
        folder.begin(text, store_url)


def _written(workspace: Workspace, room: Path, target: Path) -> Path:
    """What is to lie at the target, written into a room beside it."""
    folder = room / "export"
    folder.mkdir()
    with (folder / JOURNAL).open("wb") as file:
        dump(workspace.store, file)
        file.flush()
        os.fsync(file.fileno())
    if target.suffix == ".jsonl":
        return folder / JOURNAL
    (folder / MODEL_FILE).write_text(workspace.folder.model_text(), encoding="utf-8")
    for name, text in _recipes(workspace.folder):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _write_tables(workspace.graph(), folder)
    if target.suffix != ".zip":
        return folder
    packed = shutil.make_archive(str(room / "export"), "zip", folder)
    return Path(packed)


def _recipes(folder: Folder) -> Iterator[tuple[str, str]]:
    """Recipes with their path in an export; one that is no text stays at home."""
    for place, under in ((folder.path / RECIPES, RECIPES), (folder.used, f"{RECIPES}/{USED}")):
        for path in sorted(place.glob("*.y*ml")):
            if path.is_file() and path.stat().st_size <= LONGEST_RECIPE:
                yield f"{under}/{path.name}", read_text(path)


def _places(folder: Folder, recipes: Mapping[str, str]) -> dict[Path, str]:
    """Where the recipes of an export lie in a company."""
    used = f"{RECIPES}/{USED}/"
    return {
        folder.used / name.removeprefix(used) if name.startswith(used) else folder.path / name: text
        for name, text in recipes.items()
    }


def _place(made: Path, target: Path) -> None:
    if target.is_dir():
        target.rmdir()
    made.rename(target)


def _write_tables(graph: Graph, folder: Path) -> None:
    for kind in graph.kind_names:
        ids = graph.ids_of(kind)
        if len(ids):
            _write_csv(things_table(graph, kind), folder / "things" / f"{slug_of(kind)}.csv")
    for link in graph.link_names():
        frame = edges_table(graph, link)
        if len(frame):
            _write_csv(frame, folder / "links" / f"{slug_of(link)}.csv")


def things_table(graph: Graph, kind: str) -> pl.DataFrame:
    """What is so of each thing of a kind: its ref, then its fields as written."""
    ids = graph.ids_of(kind)
    names = graph.field_names(int(ids[0])) if len(ids) else ()
    columns = {name: graph.texts(name, ids) for name in names}
    filled = {name: texts for name, texts in columns.items() if texts.null_count() < len(ids)}
    return pl.DataFrame({"ref": graph.refs.gather(ids), **filled})


def edges_table(graph: Graph, link: str) -> pl.DataFrame:
    """Each edge of a link: source, target, and what it carries as written."""
    drawn = graph.adjacency(link)
    carried = {name: graph.edge_column(link, name).text for name in graph.edge_fields(link)}
    ends = {"from": graph.refs.gather(drawn.sources), "to": graph.refs.gather(drawn.targets)}
    return pl.DataFrame({**carried, **ends}).select(*ends, *(n for n in carried if n not in ends))


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    """A table that a spreadsheet opens without running what is in it."""
    path.parent.mkdir(exist_ok=True)
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    texts = frame.with_columns(pl.col(name).list.join("; ") for name in lists)
    guarded = pl.when(pl.col(pl.String).str.slice(0, 1).is_in(FORMULA_SIGNS))
    safe = guarded.then(pl.lit("'") + pl.col(pl.String)).otherwise(pl.col(pl.String))
    texts.with_columns(safe.name.keep()).write_csv(path)


@contextmanager
def _opened(origin: Path) -> Iterator[_Export]:
    """The journal of an export, and the texts beside it where they are there."""
    try:
        if origin.is_dir():
            names = [each.relative_to(origin).as_posix() for each in origin.glob(f"{RECIPES}/**/*")]
            with (origin / JOURNAL).open("rb") as file:
                model = origin / MODEL_FILE
                yield _Export(
                    journal=file,
                    model_text=model.read_text(encoding="utf-8") if model.exists() else "",
                    recipes={name: read_text(origin / name) for name in _wanted(names)},
                )
        elif zipfile.is_zipfile(origin):
            with zipfile.ZipFile(origin) as packed, packed.open(JOURNAL) as file:
                names = packed.namelist()
                small = (n for n in names if packed.getinfo(n).file_size <= LONGEST_RECIPE)
                yield _Export(
                    journal=io.BytesIO(file.read()),
                    model_text=packed.read(MODEL_FILE).decode() if MODEL_FILE in names else "",
                    recipes={name: packed.read(name).decode() for name in _wanted(small)},
                )
        else:
            with origin.open("rb") as file:
                yield _Export(journal=file)
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or f"it holds no {JOURNAL}"
        raise Refused([_no_export(origin, str(reason))]) from None


def _wanted(names: Iterable[str]) -> list[str]:
    """Paths of recipes alone: no other leads out of the folder they belong in."""
    return [name for name in names if _RECIPE.fullmatch(name)][:MOST_RECIPES]


def _no_export(origin: Path, reason: str) -> Finding:
    says = f"'{origin}' cannot be restored from: {reason}"
    hint = "name a folder, a .zip or a .jsonl file that 'latticework export' wrote"
    return error("WORK009", says, hint=hint, place=Place(file=str(origin)))
