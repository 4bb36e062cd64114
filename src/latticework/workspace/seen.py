"""What an import saw, kept beside the graph's cache: the next one reads what differs.

It may be deleted at any moment, and says nothing that reading everything would not:
it is of one recipe, one model, one branch, and of a time before any redaction.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Self

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

FORMAT = 3
"""Raised whenever what is kept means something else, or records come to something else."""

CONTENTS = "contents.json"

Spans = tuple[tuple[int, int], ...]
"""First and last entries of what an import recorded."""


class Recall:
    """What one import leaves out, and what it takes down for the next one."""

    def __init__(
        self, settled: Settled, graph: Graph, folder: Path, stamp: Mapping[str, object]
    ) -> None:
        """Nothing was taken down yet; what is lies in `folder` when all of it was kept."""
        self.settled = settled
        self.sights = Sights(settled, self._write)
        self._graph = graph
        self._folder = folder
        self._stamp = stamp
        # What an import left behind that was cut off is where the next one begins.
        self._fresh = folder.parent / f"writing-{folder.name}"
        self._files: dict[str, int] = {}
        self._broken = False

    def keep(self, receipts: Sequence[Receipt], head: Head) -> None:
        """Keep what was seen, as of the end of what was recorded.

        A folder that cannot be written costs time and nothing else.
        """
        if not receipts and (head.number != self._graph.head or not self.sights.fresh):
            return
        last = receipts[-1].head if receipts else head
        contents = {
            **self._stamp,
            "upto": self._graph.head,
            "moment": self._graph.moment.valid,
            "own": _joined((each.first, each.last) for each in receipts),
            "head": last.number,
            "digest": last.digest,
        }
        self.sights.end()
        text = json.dumps({**contents, "files": self._files})
        try:
            self._fresh.mkdir(parents=True, exist_ok=True)
            (self._fresh / CONTENTS).write_text(text, encoding="ascii")
            if not self._broken:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._fresh.rename(self._folder)
        except OSError:
            self._broken = True

    def __enter__(self) -> Self:
        """Begin to take down."""
        shutil.rmtree(self._fresh, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was taken down and is not kept."""
        shutil.rmtree(self._fresh, ignore_errors=True)

    def _write(self, seen: Seen) -> None:
        """Write some of what was seen: a million records of it would take much room."""
        name = len(self._files) // 2
        try:
            self._fresh.mkdir(parents=True, exist_ok=True)
            for sort, frame in (("rows", seen.rows), ("refs", seen.refs.to_frame("ref"))):
                path = self._fresh / f"{name}-{sort}.arrow"
                frame.write_ipc(path, compression="uncompressed")
                self._files[path.name] = _checksum(path)
        except (OSError, PolarsError):
            self._broken = True


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
        settled = Settled((), graph, spoken_of(graph.log, lambda valids, _: valids < 0))
    return Recall(settled, graph, folder, stamp)


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

        def since(valids: Longs, numbers: Ints) -> Flags:
            later = numbers > upto
            for first, last in own:
                later &= (numbers < first) | (numbers > last)
            # What was recorded for a day to come may have come by now.
            return later | ((numbers <= upto) & (valids > moment))

        seen = _seen(folder, contents["files"])
        return Settled(seen, graph, spoken_of(graph.log, since))
    except (OSError, ValueError, KeyError, TypeError, PolarsError):
        return None


def _seen(folder: Path, files: Mapping[str, int]) -> Iterator[Seen]:
    """What was written, piece by piece; ValueError where a file is another one."""
    for name in range(len(files) // 2):
        rows, refs = (folder / f"{name}-{sort}.arrow" for sort in ("rows", "refs"))
        if any(_checksum(each) != files[each.name] for each in (rows, refs)):
            raise ValueError(name)
        yield Seen(pl.read_ipc(rows).select(list(ROWS)), pl.read_ipc(refs)["ref"])


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
