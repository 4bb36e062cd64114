"""What an import saw, kept beside the graph's cache: the next one reads what differs.

It may be deleted at any moment, and says nothing that reading everything would not:
it is of one recipe, one model, one branch, and of a time before any redaction.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from polars.exceptions import PolarsError

from latticework.graph.cache import head_at, stamp_of
from latticework.graph.touched import spoken_of
from latticework.model.format import format_model
from latticework.sources.intakes.portions import stands_alone
from latticework.sources.intakes.seen import ROWS, Seen, Settled, Sights

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Flags, Ints, Longs
    from latticework.journal.store import Head, Receipt, Store
    from latticework.sources.recipes.parts import Recipe

FORMAT = 2
"""Raised whenever what is kept means something else, or records come to something else."""

CONTENTS = "contents.json"

Spans = tuple[tuple[int, int], ...]
"""First and last entries of what an import recorded."""


@dataclass(frozen=True, kw_only=True)
class Recall:
    """What one import leaves out, and what it takes down for the next one."""

    settled: Settled
    sights: Sights
    graph: Graph
    folder: Path
    stamp: dict[str, object]

    def keep(self, receipts: Sequence[Receipt], head: Head) -> None:
        """Keep what was seen, as of the end of what was recorded.

        A folder that cannot be written costs time and nothing else.
        """
        if not receipts and (head.number != self.graph.head or not self.sights.fresh):
            return
        last = receipts[-1].head if receipts else head
        contents = {
            **self.stamp,
            "upto": self.graph.head,
            "moment": self.graph.moment.valid,
            "own": _joined((each.first, each.last) for each in receipts),
            "head": last.number,
            "digest": last.digest,
        }
        fresh = self.folder.parent / f"writing-{os.getpid()}-{uuid.uuid4().hex}"
        try:
            fresh.mkdir(parents=True)
            _write(self.sights.seen(), contents, fresh)
            shutil.rmtree(self.folder, ignore_errors=True)
            fresh.rename(self.folder)
        except (OSError, PolarsError):
            shutil.rmtree(fresh, ignore_errors=True)


def recall(
    store: Store, cache: Path, graph: Graph, recipe: Recipe, text: str, branch: str
) -> Recall | None:
    """What the last import by this recipe saw; None where records depend on each other."""
    if not stands_alone(recipe):
        return None
    kept = stamp_of(store, branch)
    words = (str(FORMAT), text, recipe.format, format_model(graph.model))
    stamp: dict[str, object] = {"words": _short(*words), "redacted": kept.redacted}
    folder = cache / f"seen-{_short(kept.identity, branch, recipe.name)}"
    settled = _settled(store, graph, folder, stamp, branch)
    if settled is None:
        nothing = Seen(pl.DataFrame(schema=ROWS), ())
        settled = Settled(nothing, graph, spoken_of(graph.log, lambda valids, _: valids < 0))
    return Recall(settled=settled, sights=Sights(settled), graph=graph, folder=folder, stamp=stamp)


def _settled(
    store: Store, graph: Graph, folder: Path, stamp: dict[str, object], branch: str
) -> Settled | None:
    """What was kept, less what somebody spoke of since; None where it does not serve."""
    try:
        contents = json.loads((folder / CONTENTS).read_text(encoding="ascii"))
        if any(contents[name] != value for name, value in stamp.items()):
            shutil.rmtree(folder, ignore_errors=True)
            return None
        number, upto, moment = (int(contents[name]) for name in ("head", "upto", "moment"))
        own = tuple((int(first), int(last)) for first, last in contents["own"])
        then = head_at(store, number, store.head(branch)) if number <= graph.head else None
        if then is None or then.digest != contents["digest"]:
            return None
        if any(each.number > upto for each in graph.log.models):
            return None
        first, *others = [folder / name for name in contents["files"]]
        if any(_checksum(folder / name) != told for name, told in contents["files"].items()):
            return None
        rows = pl.read_ipc(first).select(list(ROWS))
        seen = Seen(rows, (pl.read_ipc(each)["ref"] for each in others))
    except (OSError, ValueError, KeyError, TypeError, PolarsError):
        return None

    def since(valids: Longs, numbers: Ints) -> Flags:
        later = numbers > upto
        for first, last in own:
            later &= (numbers < first) | (numbers > last)
        # What was recorded for a day to come may have come by now.
        return later | ((numbers <= upto) & (valids > moment))

    return Settled(seen, graph, spoken_of(graph.log, since))


def _write(seen: Seen, contents: dict[str, object], folder: Path) -> None:
    """Write the rows, and the refs piece by piece: all of them would be held twice."""
    files: dict[str, int] = {}
    frames = chain([seen.rows], (some.to_frame("ref") for some in seen.refs))
    for number, frame in enumerate(frames):
        name = f"{number}.arrow"
        frame.write_ipc(folder / name, compression="uncompressed")
        files[name] = _checksum(folder / name)
    text = json.dumps({**contents, "files": files})
    (folder / CONTENTS).write_text(text, encoding="ascii")


def _joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """Spans that follow each other as one."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        elif last:
            found.append((first, last))
    return tuple(found)


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(1_000_000):
            found = zlib.crc32(chunk, found)
    return found


def _short(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
