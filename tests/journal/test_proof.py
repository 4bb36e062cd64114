"""Claims about the proof: whatever was changed behind the journal is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import Table, delete, insert, select, update

from latticework.base.findings import Refused
from latticework.journal import tables
from latticework.journal.chain import entry_content
from latticework.journal.changes import Batch, Connect, Put, Via
from latticework.journal.memory import MemoryStore
from latticework.journal.sql import SqlStore
from latticework.journal.store import Store

ALL = (tables.journal, tables.branches, tables.batches, tables.entries, tables.redactions)
COLUMNS = [(table, column.name) for table in ALL for column in table.columns]


def told(store: Store) -> None:
    """Two batches, a branch with one, a merged mark, and a redaction."""
    via = Via("plan", "F-1", "bets.yaml", 3, "a1b2")
    first = (
        Put("bet/ferry", {"stage": "active"}, via=via),
        Connect("bet/ferry", "serves", "goal/a"),
    )
    store.append([Batch(changes=first, by="ada", why="spring", source="hand", undoes=4)], now=10)
    store.start_branch("what-if", now=11, by="bo", why="cheaper")
    store.append([Batch(changes=(Put("bet/raft"),), by="bo")], now=12, branch="what-if")
    store.append([Batch(changes=(Put("bet/barge"), Put("bet/dory")), by="cy")], now=13)
    store.mark_merged("what-if", 5)
    store.redact([4], by="law", why="asked", now=14)
    assert store.verify() == ()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(
    request: pytest.FixtureRequest, new_url: Callable[[str], str], store_at: Callable[[str], Store]
) -> SqlStore:
    store = store_at(new_url(request.param))
    assert isinstance(store, SqlStore)
    told(store)
    return store


def other(value: object) -> object:
    match value:
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1]) if value else b"\1" * 32
        case int():
            return value + 1
    return f"{value}x"


def test_a_change_of_any_column_of_any_row_is_found(database: SqlStore) -> None:
    missed = []
    for table, name in COLUMNS:
        key = next(iter(table.primary_key))
        with database.engine.connect() as connection:
            rows = connection.execute(select(key, table.c[name])).fetchall()
        for number, value in rows:
            # A number is changed to one that no other row has.
            changed = number + 900 if name == key.name else other(value)
            put(database, table, number, name, changed)
            if not found(database):
                missed.append((table.name, name, number))
            put(database, table, changed if name == key.name else number, name, value)
    assert missed == []
    assert database.verify() == ()


def put(store: SqlStore, table: Table, number: int, name: str, value: object) -> None:
    key = next(iter(table.primary_key))
    with store.engine.begin() as connection:
        connection.execute(update(table).where(key == number).values({name: value}))


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_row_taken_away_is_found(database: SqlStore, table: Table) -> None:
    key = next(iter(table.primary_key))
    with database.engine.connect() as connection:
        rows = [row._asdict() for row in connection.execute(select(table))]
    for row in rows:
        with database.engine.begin() as connection:
            connection.execute(delete(table).where(key == row[key.name]))
        assert found(database), row
        with database.engine.begin() as connection:
            connection.execute(insert(table).values(row))
    assert database.verify() == ()


def found(store: Store) -> list[str]:
    try:
        return [finding.code for finding in store.verify()]
    except Refused as refused:
        return [finding.code for finding in refused.findings]


def test_content_removed_without_a_redaction_is_found(database: SqlStore) -> None:
    with database.kept() as kept:
        entry = next(kept.entries)
    emptied: dict[str, object] = dict.fromkeys(
        ("subject", "link", "object", "patch", "source", "key", "file"), ""
    )
    emptied |= {"op": "redacted", "content": entry_content(entry, entry.salt)}
    emptied |= {"revision": "", "line": 0, "salt": b""}
    with database.engine.begin() as connection:
        number = tables.entries.c.number
        connection.execute(update(tables.entries).where(number == entry.number).values(emptied))
    assert found(database) == ["PROOF001"]


def test_one_changed_entry_is_one_finding_that_names_it(database: SqlStore) -> None:
    put(database, tables.entries, 1, "patch", '{"stage":"done"}')
    [finding] = database.verify()
    assert finding.code == "PROOF001"
    assert "entry 1 " in finding.says
    assert finding.hint


def test_entries_appended_after_a_change_do_not_hide_it(database: SqlStore) -> None:
    put(database, tables.entries, 2, "valid", 77)
    database.append([Batch(changes=(Put("bet/later"),))], now=20)
    assert found(database) == ["PROOF001"]


class Damage(NamedTuple):
    """A list of the store, a place in it and a column to change."""

    rows: str
    place: int
    column: str


def damages() -> Iterator[Damage]:
    for rows in ("_batches", "_entries", "_redactions"):
        store = MemoryStore()
        told(store)
        for place, row in enumerate(getattr(store, rows)):
            yield from (Damage(rows, place, column) for column in row._fields)


def test_memory_finds_a_change_of_any_column_as_well() -> None:
    store = MemoryStore()
    told(store)
    for damage in damages():
        rows = getattr(store, damage.rows)
        row = rows[damage.place]
        rows[damage.place] = row._replace(**{damage.column: other(getattr(row, damage.column))})
        assert store.verify(), damage
        rows[damage.place] = row
    assert store.verify() == ()


def test_a_store_full_of_changed_rows_says_so_and_stops(database: SqlStore) -> None:
    many = tuple(Put(f"goal/{each}") for each in range(300))
    database.append([Batch(changes=many)], now=20)
    with database.engine.begin() as connection:
        connection.execute(update(tables.entries).values(valid=1))
    findings = database.verify()
    assert len(findings) == 101
    assert "more than 100" in findings[-1].says
