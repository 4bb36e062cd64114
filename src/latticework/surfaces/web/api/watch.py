"""Who listens to a company, and what they are told as it is recorded."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from latticework.base.findings import Refused, error
from latticework.journal.changes import Connect, Disconnect, Move, Put, Retire
from latticework.journal.store import MAIN

if TYPE_CHECKING:
    from latticework.journal.changes import Entry
    from latticework.journal.store import Store

WAITING_SECONDS = 5.0
POLL_SECONDS = 0.3
MOST_LISTENERS = 1000
MOST_REFS = 200
MOST_REPLAYED = 2000
"""Entries that are told one batch at a time; more are told as one event without refs."""


class BatchTold(Struct, frozen=True, kw_only=True):
    """One batch: the end of the branch, the things it is about, who wrote it.

    `more` where it is about further things than are named.
    """

    head: int
    branch: str
    batch: int
    refs: list[str]
    more: bool
    by: str
    why: str


class Watch:
    """One thread that waits for entries, however many listen.

    It lives while anybody listens. What a listener hears is read once for all
    who stand at the same entry.
    """

    def __init__(self, store: Store) -> None:
        """Wait for nothing yet."""
        self._store = store
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Event, tuple[asyncio.AbstractEventLoop, str]] = {}
        self._thread: threading.Thread | None = None
        self._read: tuple[tuple[str, int, int], list[BatchTold]] | None = None

    def join(self, branch: str) -> asyncio.Event:
        """An event that is set whenever the branch may have grown."""
        heard = asyncio.Event()
        with self._lock:
            if len(self._listeners) >= MOST_LISTENERS:
                says = f"{MOST_LISTENERS} listen already"
                raise Refused([error("API010", says, hint="come back later, or ask /api/events")])
            self._listeners[heard] = (asyncio.get_running_loop(), branch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, name="watch", daemon=True)
                self._thread.start()
        return heard

    def leave(self, heard: asyncio.Event) -> None:
        """Hear no more."""
        with self._lock:
            self._listeners.pop(heard, None)

    def told(self, branch: str, after: int) -> tuple[int, list[BatchTold]]:
        """How far the branch is now, and what was recorded after an entry."""
        head = self._store.head(branch).number
        key = (branch, after, head)
        read = self._read
        if read is None or read[0] != key:
            read = self._read = (key, told_after(self._store, branch, after, head))
        return head, read[1]

    def _wait(self) -> None:
        heads: dict[str, int] = {}
        while branches := self._branches():
            try:
                if branches == {MAIN} and MAIN in heads:
                    heads[MAIN] = self._noted(
                        MAIN, heads, self._store.wait(heads[MAIN], seconds=WAITING_SECONDS)
                    )
                    continue
                for branch in branches:
                    heads[branch] = self._noted(branch, heads, self._store.head(branch).number)
                if branches != {MAIN}:
                    time.sleep(POLL_SECONDS)
            except Refused:
                # The store is out of reach, or a branch is gone: look again later.
                heads.clear()
                time.sleep(WAITING_SECONDS)

    def _noted(self, branch: str, heads: dict[str, int], number: int) -> int:
        """Wake those who listen to a branch, unless it stands where it stood."""
        if number != heads.get(branch):
            with self._lock:
                for heard, (loop, wanted) in tuple(self._listeners.items()):
                    if wanted != branch:
                        continue
                    try:
                        loop.call_soon_threadsafe(heard.set)
                    except RuntimeError:
                        # The loop has ended, and its listener with it.
                        self._listeners.pop(heard, None)
        return number

    def _branches(self) -> set[str]:
        with self._lock:
            found = {branch for _, branch in self._listeners.values()}
            if not found:
                self._thread = None
            return found


def told_after(store: Store, branch: str, after: int, head: int) -> list[BatchTold]:
    """What was recorded after an entry up to another, batch by batch."""
    if head <= after:
        return []
    found = store.entries(branch, after=after, upto=head)
    entries = list(itertools.islice(found, MOST_REPLAYED + 1))
    if len(entries) > MOST_REPLAYED:
        return [BatchTold(head=head, branch=branch, batch=0, refs=[], more=True, by="", why="")]
    batches = itertools.groupby(entries, key=lambda each: each.batch)
    return [_told(branch, number, list(group)) for number, group in batches]


def _told(branch: str, number: int, entries: list[Entry]) -> BatchTold:
    refs = list(dict.fromkeys(itertools.chain.from_iterable(map(_refs, entries))))
    last = entries[-1]
    return BatchTold(
        head=last.number,
        branch=branch,
        batch=number,
        refs=refs[:MOST_REFS],
        more=len(refs) > MOST_REFS,
        by=last.by,
        why=last.why,
    )


def _refs(entry: Entry) -> Iterator[str]:
    match entry.change:
        case Put(ref=ref) | Retire(ref=ref):
            yield ref
        case Move(ref, to):
            yield ref
            yield to
        case Connect(source, _, target) | Disconnect(source, _, target):
            yield source
            yield target
