"""A journal in one SQLite file: the store that needs nothing else."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.pool import QueuePool

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import Instant
from latticework.journal.kept import Span
from latticework.journal.sql import SqlStore
from latticework.journal.store import MAIN, Branch, Ends, Head
from latticework.journal.trouble import told

if TYPE_CHECKING:
    import polars as pl

BUSY_SECONDS = 30.0
"""How long a writer waits for the one before it."""


BEGIN_SECONDS = 2.0
"""How long a file may stay empty that somebody is beginning."""

CACHE_SIZE = -65_536
"""Kilobytes of pages that a connection keeps, as SQLite counts them."""

MANY = 200_000
"""Entries that are read sooner by a process of its own."""


class SqliteStore(SqlStore):
    """A store in a file, in WAL mode: readers and one writer at a time."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, or begin it; its folder has to be there."""
        self.path = path
        self._version = _Version(path)
        self._known = ((0, 0), Ends(heads={}, branches=()))
        _refuse_unlikely(path)
        begins = not path.exists()
        try:
            super().__init__(_engine(path, busy_seconds), url=f"sqlite:///{path}")
        except Refused as refused:
            if begins and refused.findings[0].code == "STORE003" and _is_empty(path):
                path.unlink()  # an empty file would be refused once there is room
            raise

    def ends(self) -> Ends:
        """The end of every branch; read anew only where somebody committed since."""
        version = self._version.find()
        if version is not None and version == self._known[0]:
            return self._known[1]
        found = super().ends()
        if version is not None:
            self._known = (version, found)
        return found

    def head(self, branch: str = MAIN) -> Head:
        """The end of a branch."""
        found = self.ends().heads.get(branch)
        return super().head(branch) if found is None else found

    def branches(self) -> tuple[Branch, ...]:
        """Every branch but main, oldest first."""
        return self.ends().branches

    def close(self) -> None:
        """Let go of the file."""
        self._version.close()
        super().close()

    def verify(self) -> tuple[Finding, ...]:
        """Findings where the chain, an index or the file does not hold."""
        with self.told(), self.engine.connect() as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check(20)").fetchall()
        hint = "restore it from a backup or an export, beside the damaged one"
        broken = [
            error("STORE002", f"the file is damaged: {row[0]}", hint=hint)
            for row in rows
            if row[0] != "ok"
        ]
        try:
            return (*broken, *super().verify())
        except Refused as refused:
            return (*broken, *refused.findings)

    def insert(
        self, connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Write rows, whose order of columns is the table's, in bulk."""
        cursor = connection.connection.cursor()
        with closing(cursor):
            cursor.executemany(str(insert(table).compile(dialect=connection.dialect)), rows)

    def refuse_other(self, connection: Connection) -> None:
        """Raise Refused (STORE002) where the file is another program's."""
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {row[0] for row in found}
        if names and "journal" not in names:
            says = f"'{self.path}' holds no journal, but the table '{min(names)}'"
            hint = "give the path of a journal, or of a file that is not there yet"
            raise Refused([error("STORE002", says, hint=hint, value=str(self.path))])

    def bulk_log(self, spans: Sequence[Span]) -> pl.DataFrame:
        """The log of these spans, as Arrow where there are many entries."""
        if sum(span.upto - span.after for span in spans) < MANY:
            return super().bulk_log(spans)
        from latticework.journal.bulk import find_frame

        frame = find_frame(self.path, spans)
        return super().bulk_log(spans) if frame is None else frame

    @contextmanager
    def scanning(self, connection: Connection) -> Iterator[None]:
        """Keep no pages that are read once: they would fill the cache for nothing."""
        connection.exec_driver_sql("PRAGMA cache_size=-2048")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"PRAGMA cache_size={CACHE_SIZE}")

    def redact(self, numbers: Iterable[int], *, by: str, why: str, now: Instant) -> int:
        """Remove the content of entries, from the file's write-ahead log too."""
        count = super().redact(numbers, by=by, why=why, now=now)
        with self.told(), self.engine.connect() as connection:
            raw = connection.connection.cursor()
            with closing(raw):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    @contextmanager
    def begin_write(self) -> Iterator[Connection]:
        """A connection that holds the right to write before it reads."""
        made = self.engine.connect().execution_options(begin="BEGIN IMMEDIATE")
        with made as connection, connection.begin():
            yield connection


class _Version:
    """A number that changes whenever anybody commits to a file.

    SQLite tells it to a connection about what all others wrote; so this one
    only ever asks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._asking: sqlite3.Connection | None = None
        self._opened_times = 0

    def find(self) -> tuple[int, int] | None:
        """How often it was opened, and the number since; None where the file does not say it."""
        with self._lock:
            try:
                if self._asking is None:
                    self._asking = self._opened()
                row = self._asking.execute("PRAGMA data_version").fetchone()
            except (sqlite3.Error, OSError):
                self._let_go()
                return None
            return self._opened_times, int(row[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()

    def _opened(self) -> sqlite3.Connection:
        self._opened_times += 1
        # Nothing is begun by looking: a file that is gone stays gone.
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    def _let_go(self) -> None:
        if self._asking is not None:
            self._asking.close()
            self._asking = None


def _engine(path: Path, busy_seconds: float) -> Engine:
    def connect() -> sqlite3.Connection:
        # Transactions are begun by us: sqlite3 would begin them late.
        made = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("PRAGMA synchronous=FULL")
            made.execute(f"PRAGMA cache_size={CACHE_SIZE}")
            # What is redacted or dropped is overwritten, not only let go of.
            made.execute("PRAGMA secure_delete=ON")
        except sqlite3.Error:
            made.close()
            raise
        return made

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _refuse_unlikely(path: Path) -> None:
    """Raise Refused for a path where no journal is, and none may be begun."""
    hint = "give the path of a file in a folder that is there"
    if path.is_dir():
        says = f"'{path}' is a folder, not a journal"
        raise Refused([error("STORE001", says, hint=hint, value=str(path))])
    if not path.parent.is_dir():
        says = f"no folder '{path.parent}' for the journal"
        raise Refused([error("STORE001", says, hint=hint, value=str(path))])
    deadline = time.monotonic() + BEGIN_SECONDS
    while _is_empty(path):
        # Another program may have begun it a moment ago.
        if time.monotonic() > deadline:
            says = f"'{path}' is an empty file, not a journal"
            hint = "restore it from a backup or an export; if nothing was recorded, delete it"
            raise Refused([error("STORE002", says, hint=hint, value=str(path))])
        time.sleep(0.02)
    with told(f"sqlite:///{path}"):
        _refuse_cut(path)


def _refuse_cut(path: Path) -> None:
    """Raise Refused for a file that is shorter than its own header says.

    SQLite would find out only when it needs a page that is missing, and
    would write into what is left until then.
    """
    if not path.is_file():
        return
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or header[24:28] != header[92:96]:
        return
    size, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    there, wanted = path.stat().st_size, (size if size > 1 else 65536) * pages
    ahead = path.with_name(f"{path.name}-wal")
    # Pages of a file whose log was not taken in yet may stand in the log alone.
    if there < wanted and not (ahead.exists() and ahead.stat().st_size):
        says = f"'{path}' is cut short: {there:,} of {wanted:,} bytes are there"
        hint = "restore it from a backup or an export, beside the damaged one"
        raise Refused([error("STORE002", says, hint=hint, value=str(path))])


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0
