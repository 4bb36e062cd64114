"""The decoded log as Arrow files beside the store, so that opening is quick.

A cache is a folder that is written whole or not at all. Whatever is damaged,
of another journal, or of a time before a redaction is left out and rebuilt:
a cache may be deleted at any moment and never says anything the store does not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from polars.exceptions import PolarsError

from latticework.base.times import Moment
from latticework.graph.extend import EMPTY_LOG, extended
from latticework.graph.graph import Graph, History
from latticework.graph.loading import load_model
from latticework.graph.log import Load, Log
from latticework.graph.shelf import DamagedError, read_log, write_log
from latticework.journal.store import MAIN, Head, Store

TAIL = 20_000
"""Beyond so many further entries a cache is written anew."""

AT_ONCE = 200_000
"""Entries that are read together: a frame of them takes more room than the log."""

SMALL = 2_000
"""A journal of fewer entries is read as quickly without a cache."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cache is of: a journal, a branch, and what was redacted by then."""

    identity: str
    branch: str
    redacted: str

    @property
    def home(self) -> str:
        """The name of the folder that holds the caches of a branch."""
        return f"graph-{_short(self.identity, self.branch)}"

    def folder(self, head: Head) -> str:
        """The name of the cache that ends at an entry."""
        return f"{head.number}-{head.digest}-{_short(self.redacted)}"


def open_graph(
    store: Store,
    directory: Path,
    *,
    branch: str = MAIN,
    load: Load = load_model,
    past: History | None = None,
    small: int = SMALL,
) -> Graph:
    """The graph of a branch, from a cache in `directory` as far as one serves.

    Writes a cache where there is none or it lags behind, unless the journal has
    fewer than `small` entries. A directory that cannot be written costs time
    and nothing else.
    """
    stamp = stamp_of(store, branch)
    head = store.head(branch)
    log = find_log(store, directory, stamp, head, load) or EMPTY_LOG
    after = kept = log.head
    maps = True
    while after < head.number:
        upto = _end_of_stretch(after, head.number)
        log, after = extended(log, store.log(branch, after=after, upto=upto), load), upto
        lags = len_of(log) >= small and (not kept or upto - kept > TAIL)
        then = head_at(store, upto, head) if lags else None
        if then is None or not keep(log, directory, stamp, then):
            continue
        kept = upto
        if maps and upto > AT_ONCE:
            # Mapped columns take less room than those that were just put together,
            # whose texts hold on to all that they were cut from: these go first.
            log = EMPTY_LOG
            found = find_log(store, directory, stamp, then, load)
            log, after, maps = (found, upto, True) if found else (EMPTY_LOG, 0, False)
    return Graph(moment=Moment(), log=log, load=load, past=past)


def _end_of_stretch(after: int, head: int) -> int:
    """Up to which entry to read: of a long log a ninth, so that each is copied a few times."""
    upto = after + max(AT_ONCE, after // 8)
    return head if head - upto < AT_ONCE // 2 else upto


def stamp_of(store: Store, branch: str) -> Stamp:
    """What a cache of this branch would be of by now."""
    with store.kept() as kept:
        return Stamp(store.identity, branch, kept.journal.redaction_digest.hex())


def find_log(
    store: Store, directory: Path, stamp: Stamp, head: Head, load: Load = load_model
) -> Log | None:
    """The latest log kept for a branch that is part of the store's own.

    What was kept before a redaction is removed from the disk.
    """
    home = directory / stamp.home
    for number, folder in _kept(home):
        if folder.name.rpartition("-")[2] != _short(stamp.redacted):
            shutil.rmtree(folder, ignore_errors=True)
            continue
        then = head_at(store, number, head)
        if then is None or folder.name != stamp.folder(then):
            continue
        try:
            return read_log(folder, load)
        except DamagedError:
            shutil.rmtree(folder, ignore_errors=True)
    return None


def keep(log: Log, directory: Path, stamp: Stamp, head: Head) -> bool:
    """Write a log's cache and drop what it replaces; whether that was possible."""
    home, name = directory / stamp.home, stamp.folder(head)
    fresh = directory / f"writing-{os.getpid()}-{uuid.uuid4().hex}"
    try:
        fresh.mkdir(parents=True)
        write_log(log, fresh)
        home.mkdir(exist_ok=True)
        if (home / name).exists():
            shutil.rmtree(home / name)
        fresh.rename(home / name)
    except (OSError, PolarsError):
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    for _, folder in _kept(home):
        if folder.name != name:
            shutil.rmtree(folder, ignore_errors=True)
    return True


def forget(directory: Path) -> None:
    """Drop every cache: content was redacted, or a branch dropped."""
    with suppress(OSError):
        for folder in directory.iterdir():
            if folder.name.startswith(("graph-", "seen-", "writing-")):
                shutil.rmtree(folder, ignore_errors=True)


def len_of(log: Log) -> int:
    """About how many entries a log holds."""
    rows = len(log.existence) + sum(len(edges.state) for edges in log.edges.values())
    return rows + len(log.models)


def _kept(home: Path) -> list[tuple[int, Path]]:
    """Entry number and folder of each cache, the latest first."""
    found = []
    with suppress(OSError):
        for folder in home.iterdir():
            number = folder.name.partition("-")[0]
            if number.isdecimal():
                found.append((int(number), folder))
    return sorted(found, reverse=True)


def head_at(store: Store, number: int, head: Head) -> Head | None:
    """A branch's end as it was when this entry was its last."""
    if number >= head.number:
        return head if number == head.number else None
    entry = next(iter(store.entries(head.branch, after=number - 1, upto=number)), None)
    return replace(head, number=number, digest=entry.digest) if entry else None


def _short(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
