"""A journal in memory: for tests, and for trying things out."""

from __future__ import annotations

import bisect
import itertools
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, refuse_errors
from latticework.base.times import Instant
from latticework.journal.accept import Accepted, accept, begin, ends_of, head_of
from latticework.journal.branching import (
    branch_named,
    branch_of,
    droppable,
    refuse_filled,
    started_branch,
)
from latticework.journal.chain import sealed_branch
from latticework.journal.changes import Batch, Entry
from latticework.journal.codec import entry_of, heading_of
from latticework.journal.kept import (
    Kept,
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptRedaction,
    Span,
    spans_of,
    within,
)
from latticework.journal.merge import conflicts, overtaken, recorded_in, said_in
from latticework.journal.proof import verify
from latticework.journal.redact import redact
from latticework.journal.store import MAIN, Branch, Ends, Head, Heading, Receipt

if TYPE_CHECKING:
    import polars as pl


class MemoryStore:
    """A store that lasts as long as its object; safe in several threads."""

    def __init__(self) -> None:
        """Begin an empty journal."""
        self._lock = threading.RLock()
        self._grown = threading.Condition(self._lock)
        self._journal, main = begin(uuid.uuid4().hex)
        self._branches: tuple[KeptBranch, ...] = (main,)
        self._batches: list[KeptBatch] = []
        self._entries: list[KeptEntry] = []
        self._redactions: list[KeptRedaction] = []

    @property
    def url(self) -> str:
        """Where it lies: nowhere."""
        return "memory:"

    @property
    def identity(self) -> str:
        """What tells this journal from every other."""
        return self._journal.identity

    def head(self, branch: str = MAIN) -> Head:
        """The end of a branch."""
        with self._lock:
            kept = branch_named(self._branches, branch)
            return head_of(kept, self._journal.last_redaction)

    def ends(self) -> Ends:
        """The end of every branch, read at once."""
        with self._lock:
            return ends_of(self._branches, self._journal.last_redaction)

    def append(
        self,
        batches: Sequence[Batch],
        *,
        now: Instant,
        branch: str = MAIN,
        base: int | None = None,
        resumes: int | None = None,
    ) -> Receipt:
        """Write all batches or none."""
        with self._grown:
            kept = branch_named(self._branches, branch)
            if base is not None and base < kept.head:
                since = self._between(kept, base, None)
                refuse_errors(conflicts(said_in(batches, now), recorded_in(since)))
            if resumes is not None and resumes < kept.head:
                later = [each for each in self._batches if each.last > resumes]
                refuse_errors(overtaken(batches, (e for e in later if e.branch == kept.code)))
            accepted = accept(batches, journal=self._journal, branch=kept, now=now)
            self._write(accepted)
            self._grown.notify_all()
            return accepted.receipt

    def entries(
        self, branch: str = MAIN, *, after: int = 0, upto: int | None = None
    ) -> Iterator[Entry]:
        """Entries of a branch in order."""
        with self._lock:
            return iter(self._between(branch_named(self._branches, branch), after, upto))

    def numbered(self, numbers: Iterable[int], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries of a branch by their numbers, in order."""
        wanted = set(numbers)
        return tuple(entry for entry in self.entries(branch) if entry.number in wanted)

    def log(self, branch: str = MAIN, *, after: int = 0, upto: int | None = None) -> pl.DataFrame:
        """The same as a frame of LOG_COLUMNS."""
        from latticework.journal.frames import log_frame, log_rows

        with self._lock:
            kept = branch_named(self._branches, branch)
            spans = spans_of(self._branches, kept, after=after, upto=upto)
            own = self._inside(spans)
            batches = [(batch.number, batch.last, batch.known) for batch in self._batches]
            return log_frame(log_rows(own), batches)

    def history(self, refs: Iterable[str], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries whose subject or object is one of the refs."""
        wanted = set(refs)
        with self._lock:
            kept = branch_named(self._branches, branch)
            spans = spans_of(self._branches, kept, after=0, upto=None)
            found = (e for e in self._inside(spans) if e.subject in wanted or e.object in wanted)
            return tuple(self._shown(found))

    def stated(
        self, branch: str = MAIN, *, source: str = "", after: int = 0, upto: int | None = None
    ) -> pl.DataFrame:
        """Which things sources put under which keys."""
        from latticework.journal.frames import stated_frame

        with self._lock:
            kept = branch_named(self._branches, branch)
            spans = spans_of(self._branches, kept, after=after, upto=upto)
            rows = [
                (each.source, each.key, each.subject, each.number, each.revision)
                for each in self._inside(spans)
                if each.op == "put" and (each.source == source if source else each.source)
            ]
            return stated_frame([rows])

    def number_at(self, known: Instant) -> int:
        """The last entry known at an instant; 0 before the first."""
        with self._lock:
            place = bisect.bisect_right(self._batches, known, key=lambda batch: batch.known)
            return self._batches[place - 1].last if place else 0

    def batch(self, number: int) -> tuple[Entry, ...]:
        """The entries of one batch."""
        with self._lock:
            return tuple(self._shown(e for e in self._entries if e.batch == number))

    def headings(self, branch: str = MAIN) -> tuple[Heading, ...]:
        """Of batches that came from a source or take one back, in order."""
        with self._lock:
            kept = branch_named(self._branches, branch)
            spans = spans_of(self._branches, kept, after=0, upto=None)
            return tuple(
                heading_of(each, self._revision(each.first))
                for each in self._batches
                if (each.source or each.undoes) and within(spans, each.branch, each.last)
            )

    def _revision(self, number: int) -> str:
        """The revision that an entry tells; empty where the entry is no more."""
        place = bisect.bisect_left(self._entries, number, key=lambda entry: entry.number)
        kept = self._entries[place] if place < len(self._entries) else None
        return kept.revision if kept is not None and kept.number == number else ""

    def branches(self) -> tuple[Branch, ...]:
        """Every branch but main, oldest first."""
        with self._lock:
            return tuple(branch_of(self._branches, each) for each in self._branches[1:])

    def start_branch(
        self, name: str, *, now: Instant, parent: str = MAIN, by: str = "", why: str = ""
    ) -> Branch:
        """A new branch at the parent's head."""
        wanted = Branch(name=name, parent=parent, start=0, known=now, by=by, why=why)
        with self._lock:
            self._journal, made = started_branch(self._journal, self._branches, wanted)
            self._branches = (*self._branches, made)
            return branch_of(self._branches, made)

    def drop_branch(self, name: str) -> None:
        """Forget a branch and its entries."""
        with self._lock:
            gone = droppable(self._branches, name)
            self._branches = tuple(b for b in self._branches if b is not gone)
            self._entries = [e for e in self._entries if e.branch != gone.code]
            self._batches = [b for b in self._batches if b.branch != gone.code]

    def mark_merged(self, name: str, number: int) -> None:
        """Note that a branch went into its parent at entry `number`."""
        with self._lock:
            old = branch_named(self._branches, name)
            self._replace(sealed_branch(old._replace(merged=number)))

    def redact(self, numbers: Iterable[int], *, by: str, why: str, now: Instant) -> int:
        """Remove the content of entries; the chain still verifies."""
        wanted = set(numbers)
        with self._lock:
            touched = {e.batch for e in self._entries if e.number in wanted}
            groups = [
                (batch, [e for e in self._entries if e.batch == batch.number])
                for batch in self._batches
                if batch.number in touched
            ]
            done = redact(groups, wanted, journal=self._journal, by=by, why=why, now=now)
            if done is None:
                return 0
            entries = {each.number: each for each in done.entries}
            batches = {each.number: each for each in done.batches}
            self._entries = [entries.get(each.number, each) for each in self._entries]
            self._batches = [batches.get(each.number, each) for each in self._batches]
            self._redactions.append(done.redaction)
            self._journal = done.journal
            return len(entries)

    def verify(self) -> tuple[Finding, ...]:
        """Findings where the chain does not hold."""
        with self.kept() as kept:
            return verify(kept)

    @contextmanager
    def kept(self) -> Iterator[Kept]:
        """Every row, for a proof or a copy."""
        with self._lock:
            kept = Kept(
                journal=self._journal,
                branches=self._branches,
                redactions=tuple(self._redactions),
                batches=iter(self._batches.copy()),
                entries=iter(self._entries.copy()),
            )
        yield kept

    def fill(self, kept: Kept) -> None:
        """Take every row of another journal; raises Refused unless empty."""
        with self._grown:
            refuse_filled(self._journal)
            batches, entries = list(kept.batches), list(kept.entries)
            self._journal, self._branches = kept.journal, kept.branches
            self._redactions = list(kept.redactions)
            self._batches, self._entries = batches, entries
            self._grown.notify_all()

    def wait(self, after: int, *, seconds: float) -> int:
        """Wait for an entry after `after`; the head's number on main."""
        with self._grown:
            self._grown.wait_for(lambda: self._branches[0].head > after, timeout=seconds)
            return self._branches[0].head

    def close(self) -> None:
        """Nothing to let go of."""

    def _write(self, accepted: Accepted) -> None:
        self._journal = accepted.journal
        self._batches.extend(accepted.batches)
        self._entries.extend(accepted.entries)
        self._replace(accepted.branch)

    def _replace(self, branch: KeptBranch) -> None:
        self._branches = tuple(branch if b.code == branch.code else b for b in self._branches)

    def _between(self, branch: KeptBranch, after: int, upto: int | None) -> tuple[Entry, ...]:
        spans = spans_of(self._branches, branch, after=after, upto=upto)
        return tuple(self._shown(self._inside(spans)))

    def _inside(self, spans: Sequence[Span]) -> list[KeptEntry]:
        low = min((span.after for span in spans), default=0)
        first = bisect.bisect_right(self._entries, low, key=lambda entry: entry.number)
        rest = itertools.islice(self._entries, first, None)
        return [each for each in rest if within(spans, each.branch, each.number)]

    def _shown(self, entries: Iterable[KeptEntry]) -> Iterator[Entry]:
        batches = {batch.number: batch for batch in self._batches}
        names = {branch.code: branch.name for branch in self._branches}
        for each in entries:
            yield entry_of(each, batches[each.batch], names[each.branch])
