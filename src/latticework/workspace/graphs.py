"""The graphs of a journal's branches, advanced as entries arrive."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from latticework.base.times import FOREVER, Instant, Moment
from latticework.graph.cache import forget, open_graph
from latticework.graph.graph import Graph
from latticework.journal.changes import Entry
from latticework.journal.store import Store


@dataclass(frozen=True, slots=True)
class _Kept:
    """A branch's graph, and the present it was last asked for.

    From `present.moment.valid` up to `until` nothing begins or ends, so the
    present graph and all that it has worked out serve every instant between.
    `line` names the branch, and what was removed from the journal by then.
    """

    whole: Graph
    line: tuple[int, int]
    present: Graph | None = None
    until: Instant = 0


class Graphs:
    """Graphs by branch and moment; safe to ask from several threads."""

    def __init__(self, store: Store, cache: Path) -> None:
        """Read nothing yet; decoded logs are kept in the folder `cache`."""
        self._store = store
        self._cache = cache
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.RLock()

    def at(self, moment: Moment, branch: str) -> Graph:
        """The graph of a branch at a moment; raises Refused without the branch."""
        return self._fresh(branch).whole.at(moment)

    def now(self, now: Instant, branch: str) -> Graph:
        """The graph of a branch at the clock's instant.

        Where the clock lags behind the last entry, at that entry's instant: what
        was written is always seen.
        """
        with self._lock:
            kept = self._fresh(branch)
            known = kept.whole.log.known_at
            now = max(now, int(known[-1])) if len(known) else now
            graph = kept.present
            if graph is None or not graph.moment.valid <= now < kept.until:
                graph = kept.whole.at(Moment(valid=now))
                until = FOREVER if kept.whole.log.last_valid <= now else now + 1
                self._kept[branch] = replace(kept, present=graph, until=until)
            return graph

    def as_of(self, valid: Instant, number: int | None, branch: str) -> Graph:
        """The graph at an instant, as entries up to `number` tell it; None is all."""
        whole = self._fresh(branch).whole
        if number is None:
            return whole.at(Moment(valid=valid))
        return replace(whole.at(Moment(valid=valid)), upto=number)

    def forget(self) -> None:
        """Drop all that was read: entries were redacted, or a branch dropped."""
        with self._lock:
            self._kept.clear()
            forget(self._cache)

    def _fresh(self, branch: str) -> _Kept:
        with self._lock:
            head = self._store.head(branch)
            line = (head.code, head.redactions)
            kept = self._kept.get(branch)
            if kept is None or kept.line != line or kept.whole.head > head.number:
                self._kept.pop(branch, None)
                kept = self._kept[branch] = _Kept(self._opened(branch), line)
            elif kept.whole.head < head.number:
                frame = self._store.log(branch, after=kept.whole.head)
                kept = self._kept[branch] = _Kept(kept.whole.advance(frame), line)
            return kept

    def _opened(self, branch: str) -> Graph:
        past = partial(past_of, self._store, branch)
        return open_graph(self._store, self._cache, branch=branch, past=past)


def past_of(store: Store, branch: str, refs: tuple[str, ...]) -> tuple[Entry, ...]:
    """The entries of a branch about the refs of one thing."""
    return store.history(refs, branch)
