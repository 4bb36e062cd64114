"""A journal in PostgreSQL, or in a database that speaks its protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Select, Table, create_engine, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from latticework.base.findings import Refused, error
from latticework.journal.asked import batches_in, inside
from latticework.journal.frames import whole_frame
from latticework.journal.kept import Span
from latticework.journal.sql import LOG, SqlStore

if TYPE_CHECKING:
    import polars as pl

CONNECT_SECONDS = 10
SOONEST_POLL_SECONDS = 5.0
"""A lost notification is made up for after this time."""

FEW = 5_000
"""Entries that are read sooner row by row than by a connection of their own."""

_SECRETS = ("password", "sslpassword", "passfile", "sslkey")

# Serialisation, deadlock, and two that make the tables at the same time.
_AGAIN = ("40001", "40P01", "23505", "42P07", "42710", "XX000")


class PostgresStore(SqlStore):
    """A store that several processes on several machines share."""

    def __init__(self, url: str) -> None:
        """Open the database, and begin the journal where there is none."""
        self._address = _parsed(url)
        self._listens = True
        super().__init__(
            _engine(self._address), url=_shown(self._address), secrets=_secrets(self._address)
        )

    @property
    def channel(self) -> str:
        """What new entries are announced on."""
        return f"latticework_{self.identity}"

    def insert(
        self, connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Write rows, whose order of columns is the table's, in bulk."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # the engine's driver is ours
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
        with _wrapped(), driver.cursor() as cursor, cursor.copy(copy) as into:
            for row in rows:
                into.write_row(row)

    def bulk_log(self, spans: Sequence[Span]) -> pl.DataFrame:
        """The log of these spans, as Arrow where the database lends itself."""
        if sum(span.upto - span.after for span in spans) < FEW:
            return super().bulk_log(spans)
        from adbc_driver_manager import Error

        try:
            return self._arrow_log(spans)
        except Error:
            # Distributed databases lack the binary copy that Arrow reads need.
            return super().bulk_log(spans)

    def announce(self) -> None:
        """Tell those who wait that there are entries; polling finds them too."""
        # The entries are durable by now: what goes wrong here must not say otherwise.
        with suppress(DBAPIError), self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql(f"NOTIFY {self.channel}")

    def wait(self, after: int, *, seconds: float) -> int:
        """Wait for an entry after `after`; the head's number on main."""
        if not self._listens:
            return super().wait(after, seconds=seconds)
        deadline = time.monotonic() + seconds
        connected = psycopg.connect
        with self.told(), _wrapped(), connected(self._libpq(), autocommit=True) as listening:
            try:
                listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.SyntaxError):
                self._listens = False
                return super().wait(after, seconds=deadline - time.monotonic())
            while True:
                number = self.head().number
                left = deadline - time.monotonic()
                if number > after or left <= 0:
                    return number
                for _ in listening.notifies(timeout=min(left, SOONEST_POLL_SECONDS), stop_after=1):
                    pass

    @contextmanager
    def begin_snapshot(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now throughout."""
        made = self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with made as connection:
            yield connection

    def again(self, problem: DBAPIError) -> bool:
        """Whether the transaction may succeed if it is done over."""
        return getattr(problem.orig, "sqlstate", None) in _AGAIN

    def _libpq(self) -> str:
        return self._address.set(drivername="postgresql").render_as_string(hide_password=False)

    def _arrow_log(self, spans: Sequence[Span]) -> pl.DataFrame:
        import polars as pl
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(self._libpq()) as connection, connection.cursor() as cursor:

            def read(asked: Select[*tuple[object, ...]]) -> pl.DataFrame:
                cursor.execute(self._text(asked))
                return pl.DataFrame(cursor.fetch_arrow())

            parts = [read(select(*LOG).where(*inside(span)).order_by(LOG[0])) for span in spans]
            return whole_frame(pl.concat(parts), read(batches_in(spans)))

    def _text(self, asked: Select[*tuple[object, ...]]) -> str:
        """The statement with its numbers written out."""
        made = asked.compile(self.engine, compile_kwargs={"literal_binds": True})
        return str(made)


@contextmanager
def _wrapped() -> Iterator[None]:
    """Raise what the driver raises as the engine would have."""
    try:
        yield
    except psycopg.Error as problem:
        raise DBAPIError.instance(None, None, problem, psycopg.Error) from problem


def _engine(address: URL) -> Engine:
    return create_engine(address, pool_pre_ping=True, pool_size=5, max_overflow=20)


def _parsed(url: str) -> URL:
    """The address; raises Refused (STORE010) without repeating any of it."""
    hint = "write postgresql://name:password@host:5432/database; in a password write @ as %40"
    unread = error("STORE010", "the address of the database cannot be read", hint=hint)
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise Refused([unread]) from None
    if "@" in (address.host or ""):
        raise Refused([unread])
    waits = {"connect_timeout": str(CONNECT_SECONDS)} | dict(address.query)
    return address.set(drivername="postgresql+psycopg", query=waits)


def _shown(address: URL) -> str:
    query = {name: value for name, value in address.query.items() if name not in _HIDDEN}
    bare = address.set(drivername="postgresql", query=query)
    # A password of None is no password; set() would leave the old one.
    return bare._replace(password=None).render_as_string()


def _secrets(address: URL) -> tuple[str, ...]:
    every = (address.password, *(address.query.get(name) for name in _SECRETS))
    return tuple(str(each) for each in every if each)


_HIDDEN = (*_SECRETS, "connect_timeout")
