"""Small tables that a company keeps beside its journal: shares, keyed answers, syncs.

They say nothing about the company, and are gone when they have served. They lie
in the journal's own database where several servers share it, and else in a file
of the company's folder.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, MetaData, Select, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from latticework.base.findings import Finding, Refused
from latticework.journal.sql import SqlStore
from latticework.journal.store import Store
from latticework.journal.trouble import finding_of

PREFIX = "journal_"
"""Begins the names of our tables in a database that others may use too."""

BUSY_SECONDS = 10

T = TypeVar("T")

Unkept = Callable[[Finding], Finding]
"""From what a store says to what is told: that something cannot be kept."""


def _as_it_is(finding: Finding) -> Finding:
    return finding


@dataclass(frozen=True, slots=True)
class Beside:
    """Where one small table lies, and how it is called there.

    `table` is what statements are made of. `file` is where it lies unless the
    database of the `store` has it. `unkept` says in the words of whoever keeps
    it what the store says.
    """

    store: SqlStore | None
    file: Path
    table: Table
    unkept: Unkept = _as_it_is

    @property
    def is_begun(self) -> bool:
        """Whether anything may be kept yet: reading makes no file."""
        return self.store is not None or self.file.exists()

    def run(self, write: Callable[[Connection], T]) -> T:
        """Do something in one transaction, which holds the right to write.

        What stands against it is raised as it is; where the database does not
        do it, Refused with what `unkept` says.
        """
        try:
            return self._done(write)
        except Refused as refused:
            if not any(each.code.startswith("STORE") for each in refused.findings):
                raise
            raise Refused([self.unkept(each) for each in refused.findings]) from refused

    def rows(self, asked: Select[*tuple[Any, ...]]) -> Sequence[Mapping[str, Any]]:
        """What is kept, as it is asked for; nothing where nothing was begun."""
        if not self.is_begun:
            return ()
        found = self.run(lambda connection: connection.execute(asked).mappings().all())
        return [{str(name): value for name, value in row.items()} for row in found]

    def _done(self, write: Callable[[Connection], T]) -> T:
        store = self.store
        if store is not None:
            with store.told():
                return store.retried(lambda: self._run(store.engine, write))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            return self._run(_engine_of(self.file), write)
        except (SQLAlchemyError, sqlite3.Error, OSError) as problem:
            raise Refused([finding_of(problem, str(self.file))]) from problem

    def _run(self, engine: Engine, write: Callable[[Connection], T]) -> T:
        with engine.begin() as connection:
            self.table.create(connection, checkfirst=True)
            return write(connection)


def beside(store: Store, file: Path, table: Table, unkept: Unkept = _as_it_is) -> Beside:
    """Where a small table lies for a company whose journal lies in this store."""
    if isinstance(store, SqlStore) and store.engine.dialect.name == "postgresql":
        return Beside(store, file, _prefixed(table), unkept)
    return Beside(None, file, table, unkept)


def add_missing(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Write a row unless its key is there already; whether it was written.

    A second writer of the same key waits for the first, and then finds it.
    """
    add = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = add(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(added).first() is not None


@lru_cache(16)
def _prefixed(table: Table) -> Table:
    return table.to_metadata(MetaData(), name=f"{PREFIX}{table.name}")


@lru_cache(64)
def _engine_of(path: Path) -> Engine:
    """An engine of a file; it holds no connection between two transactions."""

    def connect() -> sqlite3.Connection:
        made = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("PRAGMA synchronous=NORMAL")
        except sqlite3.Error:
            made.close()
            raise
        return made

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Who reads before writing must hold the right to write by then.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
