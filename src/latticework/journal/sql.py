"""A journal in an SQL database: what all of them do alike."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from latticework.base.findings import Finding, Refused, error, refuse_errors
from latticework.base.times import Instant
from latticework.journal import tables
from latticework.journal.accept import accept, begin, ends_of, head_of
from latticework.journal.asked import (
    about,
    batches_in,
    by_number,
    headings_in,
    inside,
    known_by,
    stated_in,
)
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
    FORMAT,
    MAIN_CODE,
    Kept,
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptJournal,
    KeptRedaction,
    Span,
    spans_of,
    within,
)
from latticework.journal.merge import conflicts, overtaken, recorded_in, said_in
from latticework.journal.proof import verify
from latticework.journal.redact import redact
from latticework.journal.store import MAIN, Branch, Ends, Head, Heading, Receipt
from latticework.journal.trouble import told

if TYPE_CHECKING:
    import polars as pl

    from latticework.journal.frames import LogRow

PAGE = 20_000
"""Rows that are read at once."""

REFS_AT_ONCE = 400
ATTEMPTS = 8
POLL_SECONDS = 0.05

T = TypeVar("T")
R = TypeVar("R")
LOG = [
    tables.entries.c[name]
    for name in ("number", "valid", "op", "subject", "link", "object", "patch")
]


class SqlStore:
    """A store in a database; safe in several threads and processes."""

    def __init__(self, engine: Engine, *, url: str, secrets: Sequence[str] = ()) -> None:
        """Make the tables where they are missing; `url` is shown, `secrets` never."""
        self.engine = engine
        self._url = url
        self._secrets = secrets
        try:
            with self.told():
                self._identity = self._retried(self._made)
        except Refused:
            engine.dispose()
            raise

    @property
    def url(self) -> str:
        """Where it lies, without secrets."""
        return self._url

    @property
    def identity(self) -> str:
        """What tells this journal from every other."""
        return self._identity

    def told(self) -> AbstractContextManager[None]:
        """Turn what the database raises into Refused."""
        return told(self._url, self._secrets)

    def head(self, branch: str = MAIN) -> Head:
        """The end of a branch."""
        with self._reading() as connection:
            every, redactions = _ends(connection)
            return head_of(branch_named(every, branch), redactions)

    def ends(self) -> Ends:
        """The end of every branch, read at once."""
        with self._reading() as connection:
            return ends_of(*_ends(connection))

    def append(
        self,
        batches: Sequence[Batch],
        *,
        now: Instant,
        branch: str = MAIN,
        base: int | None = None,
        resumes: int | None = None,
    ) -> Receipt:
        """Write all batches or none, durably, before returning."""

        def write(connection: Connection) -> Receipt:
            journal = self._locked(connection)
            every = _branches(connection)
            kept = branch_named(every, branch)
            if base is not None and base < kept.head:
                spans = spans_of(every, kept, after=base, upto=None)
                since = recorded_in(_entries(connection, every, spans))
                refuse_errors(conflicts(said_in(batches, now), since))
            if resumes is not None and resumes < kept.head:
                refuse_errors(overtaken(batches, _batches_since(connection, kept, resumes)))
            accepted = accept(batches, journal=journal, branch=kept, now=now)
            if accepted.entries:
                self.insert(connection, tables.batches, accepted.batches)
                self.insert(connection, tables.entries, accepted.entries)
                _replace(connection, tables.branches, accepted.branch)
                _replace(connection, tables.journal, accepted.journal)
            return accepted.receipt

        receipt = self._write(write)
        if receipt.batches:
            self.announce()
        return receipt

    def entries(
        self, branch: str = MAIN, *, after: int = 0, upto: int | None = None
    ) -> Iterator[Entry]:
        """Entries of a branch in order, read a page at a time."""
        with self._reading() as connection:
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=after, upto=upto)
        return self._paged(every, spans)

    def numbered(self, numbers: Iterable[int], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries of a branch by their numbers, in order."""
        wanted = sorted(set(numbers))
        with self._reading() as connection:
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=0, upto=None)
            found: list[KeptEntry] = []
            for start in range(0, len(wanted), REFS_AT_ONCE):
                asked = by_number(wanted[start : start + REFS_AT_ONCE])
                found.extend(KeptEntry._make(row) for row in connection.execute(asked))
            chosen = [each for each in found if within(spans, each.branch, each.number)]
            return tuple(_shown(connection, every, chosen))

    def log(self, branch: str = MAIN, *, after: int = 0, upto: int | None = None) -> pl.DataFrame:
        """The same as a frame of LOG_COLUMNS, read in bulk."""
        with self._reading() as connection:
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=after, upto=upto)
        with self.told():
            return self.bulk_log(spans)

    def history(self, refs: Iterable[str], branch: str = MAIN) -> tuple[Entry, ...]:
        """Entries whose subject or object is one of the refs, by index."""
        wanted = list(dict.fromkeys(refs))
        found: dict[int, KeptEntry] = {}
        with self._reading() as connection:
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=0, upto=None)
            for start in range(0, len(wanted), REFS_AT_ONCE):
                for row in connection.execute(about(wanted[start : start + REFS_AT_ONCE])):
                    kept = KeptEntry._make(row)
                    if within(spans, kept.branch, kept.number):
                        found[kept.number] = kept
            chosen = [found[number] for number in sorted(found)]
            return tuple(_shown(connection, every, chosen))

    def stated(
        self, branch: str = MAIN, *, source: str = "", after: int = 0, upto: int | None = None
    ) -> pl.DataFrame:
        """Which things sources put under which keys, read a page at a time."""
        from latticework.journal.frames import stated_frame

        with self._reading() as connection, self.scanning(connection):
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=after, upto=upto)
            # A million of them would take five times their frame's room as tuples.
            streamed = {"yield_per": PAGE}
            portions = (
                rows
                for span in spans
                for rows in connection.execute(
                    stated_in(span, source), execution_options=streamed
                ).partitions()
            )
            return stated_frame(portions)

    def headings(self, branch: str = MAIN) -> tuple[Heading, ...]:
        """Of batches that came from a source or take one back, in order."""
        with self._reading() as connection:
            every = _branches(connection)
            spans = spans_of(every, branch_named(every, branch), after=0, upto=None)
            rows = connection.execute(headings_in(spans))
            return tuple(heading_of(KeptBatch._make(row[:-1]), row[-1] or "") for row in rows)

    def number_at(self, known: Instant) -> int:
        """The last entry known at an instant, by index; 0 before the first."""
        with self._reading() as connection:
            return connection.execute(known_by(known)).scalar() or 0

    def batch(self, number: int) -> tuple[Entry, ...]:
        """The entries of one batch."""
        with self._reading() as connection:
            group = _group(connection, number)
            return tuple(_shown(connection, _branches(connection), group[1])) if group else ()

    def branches(self) -> tuple[Branch, ...]:
        """Every branch but main, oldest first."""
        with self._reading() as connection:
            every = _branches(connection)
        return tuple(branch_of(every, each) for each in every if each.code != MAIN_CODE)

    def start_branch(
        self, name: str, *, now: Instant, parent: str = MAIN, by: str = "", why: str = ""
    ) -> Branch:
        """A new branch at the parent's head."""
        wanted = Branch(name=name, parent=parent, start=0, known=now, by=by, why=why)

        def write(connection: Connection) -> Branch:
            journal, every = self._locked(connection), _branches(connection)
            changed, made = started_branch(journal, every, wanted)
            connection.execute(insert(tables.branches).values(made._asdict()))
            _replace(connection, tables.journal, changed)
            return branch_of((*every, made), made)

        return self._write(write)

    def drop_branch(self, name: str) -> None:
        """Forget a branch and its entries."""

        def write(connection: Connection) -> None:
            self._locked(connection)
            gone = droppable(_branches(connection), name)
            own = tables.entries.c.branch
            connection.execute(delete(tables.entries).where(text("branch <> 0"), own == gone.code))
            own = tables.batches.c.branch
            connection.execute(delete(tables.batches).where(own == gone.code))
            own = tables.branches.c.code
            connection.execute(delete(tables.branches).where(own == gone.code))

        self._write(write)

    def mark_merged(self, name: str, number: int) -> None:
        """Note that a branch went into its parent at entry `number`."""

        def write(connection: Connection) -> None:
            self._locked(connection)
            old = branch_named(_branches(connection), name)
            _replace(connection, tables.branches, sealed_branch(old._replace(merged=number)))

        self._write(write)

    def redact(self, numbers: Iterable[int], *, by: str, why: str, now: Instant) -> int:
        """Remove the content of entries; the chain still verifies. How many."""
        wanted = sorted(set(numbers))

        def write(connection: Connection) -> int:
            journal = self._locked(connection)
            touched = sorted(_batches_of(connection, wanted))
            groups = [group for each in touched if (group := _group(connection, each))]
            done = redact(groups, wanted, journal=journal, by=by, why=why, now=now)
            if done is None:
                return 0
            for entry in done.entries:
                _replace(connection, tables.entries, entry)
            for batch in done.batches:
                _replace(connection, tables.batches, batch)
            connection.execute(insert(tables.redactions).values(done.redaction._asdict()))
            _replace(connection, tables.journal, done.journal)
            return len(done.entries)

        return self._write(write)

    def verify(self) -> tuple[Finding, ...]:
        """Findings where the chain or an index does not hold; empty is proof."""
        with self.told(), self.kept() as kept:
            return verify(kept)

    @contextmanager
    def kept(self) -> Iterator[Kept]:
        """Every row as of one instant, for a proof or a copy."""
        with self._snapshot() as connection:
            yield Kept(
                journal=self._journal(connection),
                branches=_branches(connection),
                redactions=tuple(
                    KeptRedaction._make(row) for row in _ordered(connection, tables.redactions)
                ),
                batches=(KeptBatch._make(row) for row in _ordered(connection, tables.batches)),
                entries=(KeptEntry._make(row) for row in _ordered(connection, tables.entries)),
            )

    def fill(self, kept: Kept) -> None:
        """Take every row of another journal, all or none."""

        def write(connection: Connection) -> None:
            refuse_filled(self._locked(connection))
            connection.execute(delete(tables.branches))
            self.insert(connection, tables.branches, kept.branches)
            self.insert(connection, tables.redactions, kept.redactions)
            for batches in _pages(kept.batches, lambda batch: batch.last - batch.first + 1):
                self.insert(connection, tables.batches, batches)
                size = sum(batch.last - batch.first + 1 for batch in batches)
                for entries in _pages(islice(kept.entries, size), lambda entry: 1):
                    self.insert(connection, tables.entries, entries)
            _replace(connection, tables.journal, kept.journal)

        # Rows come once, so a second attempt would have none left to write.
        with self.told(), self.begin_write() as connection:
            write(connection)
        self._identity = kept.journal.identity
        self.announce()

    def wait(self, after: int, *, seconds: float) -> int:
        """Wait for an entry after `after`; the head's number on main."""
        deadline = time.monotonic() + seconds
        while True:
            number = self.head().number
            left = deadline - time.monotonic()
            if number > after or left <= 0:
                return number
            self.pause(min(left, POLL_SECONDS))

    def close(self) -> None:
        """Let go of files and connections."""
        self.engine.dispose()

    def pause(self, seconds: float) -> None:
        """Let time pass before looking for entries again."""
        time.sleep(seconds)

    @contextmanager
    def scanning(self, connection: Connection) -> Iterator[None]:
        """A connection that is about to read much, and each of it once."""
        yield

    def announce(self) -> None:
        """Tell those who wait that there are entries; polling finds them too."""

    def insert(
        self, connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Write rows, whose order of columns is the table's, in bulk."""
        names = [column.name for column in table.columns]
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])

    def bulk_log(self, spans: Sequence[Span]) -> pl.DataFrame:
        """The log of these spans."""
        from latticework.journal.frames import log_frame

        with self._reading() as connection:
            rows: list[LogRow] = []
            for span in spans:
                found = connection.execute(select(*LOG).where(*inside(span)).order_by(LOG[0]))
                rows.extend(found)
            batches = connection.execute(batches_in(spans)).all()
        return log_frame(rows, batches)

    @contextmanager
    def begin_write(self) -> Iterator[Connection]:
        """A connection in a transaction that will write."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def begin_snapshot(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now throughout."""
        with self.engine.connect() as connection:
            yield connection

    def refuse_other(self, connection: Connection) -> None:
        """Raise Refused where no journal may be begun; a database may be shared."""

    def again(self, problem: DBAPIError) -> bool:
        """Whether the transaction may succeed if it is done over."""
        return False

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        with self.told(), self.begin_snapshot() as connection:
            yield connection

    def _write(self, write: Callable[[Connection], T]) -> T:
        with self.told():
            return self._retried(write)

    def _retried(self, write: Callable[[Connection], T]) -> T:
        def done() -> T:
            with self.begin_write() as connection:
                return write(connection)

        return self.retried(done)

    def retried(self, done: Callable[[], T]) -> T:
        """Do something, and again where the database says that it may succeed then."""
        for attempt in range(ATTEMPTS):
            try:
                return done()
            except DBAPIError as problem:
                if attempt + 1 == ATTEMPTS or not self.again(problem):
                    raise
                time.sleep(0.01 * 2**attempt)
        raise AssertionError(ATTEMPTS)

    def _made(self, connection: Connection) -> str:
        self.refuse_other(connection)
        tables.metadata.create_all(connection)
        found = connection.execute(select(tables.journal)).first()
        if found is not None:
            kept = KeptJournal._make(found)
            self._refuse_later(kept.format)
            return kept.identity
        journal, main = begin(uuid.uuid4().hex)
        connection.execute(insert(tables.journal).values(journal._asdict()))
        connection.execute(insert(tables.branches).values(main._asdict()))
        return journal.identity

    def _refuse_later(self, number: int) -> None:
        if number > FORMAT:
            says = f"the journal has format {number}; this program knows up to {FORMAT}"
            raise Refused([error("STORE013", says, hint="upgrade latticework")])

    def _locked(self, connection: Connection) -> KeptJournal:
        """The journal's row, held until the transaction ends: one writes at a time."""
        return self._journal(connection, lock=True)

    def _journal(self, connection: Connection, *, lock: bool = False) -> KeptJournal:
        asked = select(tables.journal)
        row = connection.execute(asked.with_for_update() if lock else asked).first()
        if row is None:
            says = "the store is damaged: the journal's own row is missing"
            raise Refused([error("STORE002", says, hint="restore it from a backup or an export")])
        return KeptJournal._make(row)

    def _paged(self, every: Sequence[KeptBranch], spans: Sequence[Span]) -> Iterator[Entry]:
        for span in spans:
            after = span.after
            while after < span.upto:
                with self._reading() as connection:
                    page = _page(connection, span._replace(after=after))
                    shown = tuple(_shown(connection, every, page))
                yield from shown
                if len(page) < PAGE:
                    break
                after = page[-1].number


def _batches_since(connection: Connection, branch: KeptBranch, number: int) -> Iterator[KeptBatch]:
    """Batches of a branch with entries after a number, earliest first."""
    table = tables.batches
    later = (table.c.branch == branch.code, table.c.last > number)
    asked = select(table).where(*later).order_by(table.c.number)
    return (KeptBatch._make(row) for row in connection.execute(asked))


def _ends(connection: Connection) -> tuple[tuple[KeptBranch, ...], int]:
    """The branches, and how many redactions there were; in one statement, so of one instant."""
    redacted = select(tables.journal.c.last_redaction).limit(1).scalar_subquery()
    asked = select(tables.branches, redacted).order_by(tables.branches.c.code)
    rows = [tuple(row) for row in connection.execute(asked)]
    every = tuple(KeptBranch._make(row[:-1]) for row in rows)
    return every, int(rows[0][-1] or 0) if rows else 0


def _branches(connection: Connection) -> tuple[KeptBranch, ...]:
    return tuple(KeptBranch._make(row) for row in _ordered(connection, tables.branches))


def _ordered(connection: Connection, table: Table) -> Iterator[tuple[object, ...]]:
    key = next(iter(table.primary_key))
    asked = select(table).order_by(key).execution_options(yield_per=PAGE)
    for row in connection.execute(asked):
        yield tuple(row)


def _page(connection: Connection, span: Span) -> list[KeptEntry]:
    entries = tables.entries
    asked = select(entries).where(*inside(span)).order_by(entries.c.number).limit(PAGE)
    return [KeptEntry._make(row) for row in connection.execute(asked)]


def _entries(
    connection: Connection, every: Sequence[KeptBranch], spans: Sequence[Span]
) -> Iterator[Entry]:
    entries = tables.entries
    for span in spans:
        asked = select(entries).where(*inside(span)).order_by(entries.c.number)
        rows = [KeptEntry._make(row) for row in connection.execute(asked)]
        yield from _shown(connection, every, rows)


def _shown(
    connection: Connection, every: Sequence[KeptBranch], entries: Sequence[KeptEntry]
) -> Iterator[Entry]:
    """Entries with what their batches say, read in one or few statements."""
    names = {branch.code: branch.name for branch in every}
    numbers = sorted({entry.batch for entry in entries})
    table = tables.batches
    found: dict[int, KeptBatch] = {}
    for start in range(0, len(numbers), REFS_AT_ONCE):
        asked = select(table).where(table.c.number.in_(numbers[start : start + REFS_AT_ONCE]))
        rows = (KeptBatch._make(row) for row in connection.execute(asked))
        found.update((batch.number, batch) for batch in rows)
    for entry in entries:
        yield entry_of(entry, found[entry.batch], names[entry.branch])


def _group(connection: Connection, number: int) -> tuple[KeptBatch, Sequence[KeptEntry]] | None:
    """A batch and its entries, which lie side by side."""
    table, entries = tables.batches, tables.entries
    row = connection.execute(select(table).where(table.c.number == number)).first()
    if row is None:
        return None
    batch = KeptBatch._make(row)
    held = entries.c.number.between(batch.first, batch.last)
    found = connection.execute(select(entries).where(held).order_by(entries.c.number))
    return batch, [KeptEntry._make(each) for each in found]


def _batches_of(connection: Connection, numbers: Sequence[int]) -> set[int]:
    entries = tables.entries.c
    found: set[int] = set()
    for start in range(0, len(numbers), REFS_AT_ONCE):
        some = numbers[start : start + REFS_AT_ONCE]
        rows = connection.execute(select(entries.batch).where(entries.number.in_(some)))
        found.update(row[0] for row in rows)
    return found


def _replace(
    connection: Connection,
    table: Table,
    row: KeptJournal | KeptBranch | KeptBatch | KeptEntry,
) -> None:
    """Write a row over the one that has its number."""
    key = next(iter(table.primary_key))
    values = row._asdict()
    connection.execute(update(table).where(key == values[key.name]).values(values))


def _pages(rows: Iterable[R], size: Callable[[R], int]) -> Iterator[list[R]]:
    """Rows in lists of about a page, by the size of each."""
    page: list[R] = []
    full = 0
    for row in rows:
        page.append(row)
        full += size(row)
        if full >= PAGE:
            yield page
            page, full = [], 0
    if page:
        yield page
