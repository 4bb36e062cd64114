"""What every store of a journal can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from latticework.base.findings import Finding
from latticework.base.times import Instant
from latticework.journal.changes import Batch, Entry

if TYPE_CHECKING:
    import polars as pl

    from latticework.journal.kept import Kept

MAIN = "main"
"""The branch that everything else starts from."""

LOG_COLUMNS = (
    "number",
    "batch",
    "known",
    "valid",
    "op",
    "subject",
    "link",
    "object",
    "patch",
)
"""Columns of a log: integers (int64) up to `valid`, then texts.

`op` is put, retire, move, connect, disconnect or declare. `subject` is the
ref, or the edge's source; `object` the edge's target, or the ref moved to;
`patch` the fields as a JSON object (values: text, list of texts, null), or
the model's text for declare. A redacted entry has op `redacted`, no texts.
"""


STATED_COLUMNS = ("source", "key", "subject", "number", "revision")
"""Columns of what sources stated: source, foreign key and ref, the last entry (int64)
that put something of the thing so named, and the greatest revision of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a branch: its last entry's number, digest and instant.

    `code` tells a branch from an earlier one of its name. `redactions` counts
    how often content was removed from the journal: what was read before has to
    be read again.
    """

    branch: str
    number: int
    digest: str
    known: Instant
    code: int = 0
    redactions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A line of entries apart from main, since entry `start` of `parent`."""

    name: str
    parent: str
    start: int
    known: Instant
    by: str = ""
    why: str = ""
    merged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an append wrote: entry numbers first to last, the batches, the head."""

    first: int
    last: int
    batches: tuple[int, ...]
    head: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the entries `first` to `last` of one batch have in common.

    `undoes` is the batch that this one takes back, or 0; `revision` the
    source's own that its first entry tells, empty where a source has none.
    """

    batch: int
    first: int
    last: int
    known: Instant
    by: str
    why: str
    source: str
    undoes: int
    revision: str


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Where each branch ends, main too, and every branch but main, of one instant."""

    heads: Mapping[str, Head]
    branches: tuple[Branch, ...]


class Store(Protocol):
    """Where a journal lies. Appends are atomic, durable and in one order.

    A branch's journal is its parent's entries up to `start`, then its own.
    Every method may raise Refused: STORE001 unreachable, STORE002 damaged or
    not a journal, STORE003 full, STORE004 no such branch, STORE005 conflict,
    STORE006 name taken, STORE007 a text that no store can keep, STORE008 busy,
    STORE009 not allowed to write, STORE010 an address not understood,
    STORE011 not empty, STORE012 a branch that has to stay, STORE013 written by a
    later version, STORE014 whatever else a database says.
    """

    @property
    def url(self) -> str:
        """Where it lies, without secrets."""

    @property
    def identity(self) -> str:
        """What tells this journal from every other; a copy keeps it."""

    def head(self, branch: str = MAIN) -> Head:
        """The end of a branch; number 0 where nothing was recorded."""

    def ends(self) -> Ends:
        """The end of every branch, read at once."""

    def append(
        self,
        batches: Sequence[Batch],
        *,
        now: Instant,
        branch: str = MAIN,
        base: int | None = None,
        resumes: int | None = None,
    ) -> Receipt:
        """Write all batches or none, durably, before returning.

        `base` is the head against which the changes were checked: an entry
        recorded since that touches the same cell, edge or ref with another
        outcome is a conflict (STORE005, a finding per cell). `resumes` is the
        head up to which the writer read what its sources had recorded: a batch
        that one of them recorded since is a conflict. None skips either.
        `known` is `now`, or just after the last entry where clocks run back.
        """

    def entries(
        self, branch: str = MAIN, *, after: int = 0, upto: int | None = None
    ) -> Iterator[Entry]:
        """Entries of a branch in order, those after `after` up to `upto`."""

    def numbered(self, numbers: Iterable[int], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries of a branch by their numbers, in order; those it lacks are left out."""

    def log(self, branch: str = MAIN, *, after: int = 0, upto: int | None = None) -> pl.DataFrame:
        """The same as a frame of LOG_COLUMNS, read in bulk."""

    def history(self, refs: Iterable[str], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries whose subject or object is one of the refs, by index."""

    def stated(
        self, branch: str = MAIN, *, source: str = "", after: int = 0, upto: int | None = None
    ) -> pl.DataFrame:
        """Which things sources put under which keys, as a frame of STATED_COLUMNS.

        With `source`, of that one alone. What a source takes back has no key.
        """

    def number_at(self, known: Instant) -> int:
        """The last entry known at an instant, by index; 0 before the first."""

    def batch(self, number: int) -> tuple[Entry, ...]:
        """The entries of one batch."""

    def headings(self, branch: str = MAIN) -> tuple[Heading, ...]:
        """Of batches that came from a source or take one back, in order."""

    def branches(self) -> tuple[Branch, ...]:
        """Every branch but main, oldest first."""

    def start_branch(
        self, name: str, *, now: Instant, parent: str = MAIN, by: str = "", why: str = ""
    ) -> Branch:
        """A new branch at the parent's head; STORE006 where the name is taken."""

    def drop_branch(self, name: str) -> None:
        """Forget a branch; its entries are kept no longer."""

    def mark_merged(self, name: str, number: int) -> None:
        """Note that a branch went into its parent at entry `number`."""

    def redact(self, numbers: Iterable[int], *, by: str, why: str, now: Instant) -> int:
        """Remove the content of entries; the chain still verifies. How many."""

    def verify(self) -> tuple[Finding, ...]:
        """Findings where the chain or an index does not hold; empty is proof."""

    def kept(self) -> AbstractContextManager[Kept]:
        """Every row as it lies in the store, for a proof or a copy."""

    def fill(self, kept: Kept) -> None:
        """Take every row of another journal, all or none; STORE011 unless empty."""

    def wait(self, after: int, *, seconds: float) -> int:
        """Wait for an entry after `after`; the head's number on main."""

    def close(self) -> None:
        """Let go of files and connections."""
