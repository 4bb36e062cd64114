"""The tables of a journal in an SQL database: a column per kept value."""

from __future__ import annotations

from typing import Any, get_type_hints

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

from latticework.journal.kept import (
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptJournal,
    KeptRedaction,
)

# SQLite numbers its rows by a column of exactly this type, without an index.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_TYPES: dict[object, type[TypeEngine[Any]]] = {int: BigInteger, str: Text, bytes: LargeBinary}

TOLD = "source <> '' OR undoes <> 0"
"""Batches that came from a source or take one back."""

metadata = MetaData()


def _table(name: str, record: type[tuple[object, ...]]) -> Table:
    """The table whose columns are a record's; the first is its key."""
    key, *others = get_type_hints(record).items()
    return Table(
        name,
        metadata,
        Column(key[0], _NUMBER, primary_key=True, autoincrement=False),
        *(Column(each, _TYPES[type_], nullable=False) for each, type_ in others),
    )


def _index(name: str, *columns: Column[Any], only: str = "") -> Index:
    where = text(only) if only else None
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


journal = _table("journal", KeptJournal)
branches = _table("journal_branches", KeptBranch)
batches = _table("journal_batches", KeptBatch)
entries = _table("journal_entries", KeptEntry)
redactions = _table("journal_redactions", KeptRedaction)

_index("journal_entries_subject", entries.c.subject)
_index("journal_entries_object", entries.c.object, only="object <> ''")
_index("journal_entries_branch", entries.c.branch, entries.c.number, only="branch <> 0")
_index("journal_batches_branch", batches.c.branch, batches.c.number)
_index("journal_batches_known", batches.c.known)
_index("journal_batches_told", batches.c.branch, batches.c.number, only=TOLD)
