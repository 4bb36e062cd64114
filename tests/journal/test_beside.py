"""Small tables beside the journal: in its database where several share it, else in a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select, update
from tests.conftest import STORES, StoreAt, UrlOf

from latticework.base.findings import Refused
from latticework.journal.beside import Beside, add_missing, beside

NOTES = Table(
    "notes", MetaData(), Column("key", Text, primary_key=True), Column("n", Integer, nullable=False)
)


@pytest.fixture(params=STORES)
def notes(
    request: pytest.FixtureRequest, new_url: UrlOf, store_at: StoreAt, tmp_path: Path
) -> Beside:
    """A table of numbers by key."""
    return beside(store_at(new_url(request.param)), tmp_path / "inner" / "notes.db", NOTES)


def add(notes: Beside, key: str, n: int) -> bool:
    return notes.run(lambda it: add_missing(it, notes.table, {"key": key, "n": n}))


def numbers(notes: Beside) -> list[int]:
    return notes.run(lambda it: list(it.execute(select(notes.table.c.n)).scalars()))


def test_of_two_rows_with_one_key_the_first_stays(notes: Beside) -> None:
    assert [add(notes, "a", n) for n in (1, 2)] == [True, False]
    assert numbers(notes) == [1]


def test_of_many_that_begin_at_once_one_is_first(notes: Beside) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda n: add(notes, "a", n), range(24))) == 1


def test_who_reads_before_writing_overtakes_nobody(notes: Beside) -> None:
    add(notes, "a", 0)
    table = notes.table

    def count(_: int) -> None:
        def write(it: Connection) -> None:
            found = it.execute(select(table.c.n).with_for_update()).scalar_one()
            it.execute(update(table).values(n=found + 1))

        notes.run(write)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count, range(30)))
    assert numbers(notes) == [30]


def test_what_goes_wrong_inside_writes_nothing(notes: Beside) -> None:
    def write(it: Connection) -> None:
        add_missing(it, notes.table, {"key": "a", "n": 1})
        raise Refused([])

    with pytest.raises(Refused):
        notes.run(write)
    assert numbers(notes) == []


@pytest.mark.postgres
def test_two_stores_of_one_database_have_one_table(
    new_url: UrlOf, store_at: StoreAt, tmp_path: Path
) -> None:
    url = new_url("postgres")
    here, there = (beside(store_at(url), tmp_path / name, NOTES) for name in ("here", "there"))
    assert add(here, "a", 1)
    assert not add(there, "a", 2)
    assert here.table.name == "journal_notes"
    assert not list(tmp_path.iterdir())


def test_a_file_is_made_by_the_first_write(store_at: StoreAt, tmp_path: Path) -> None:
    notes = beside(store_at("memory:"), tmp_path / "notes.db", NOTES)
    assert not notes.is_begun
    add(notes, "a", 1)
    assert notes.is_begun


def test_a_folder_that_takes_no_file_is_a_finding(store_at: StoreAt, tmp_path: Path) -> None:
    (tmp_path / "inner").write_text("a file where the folder should be")
    notes = beside(store_at("memory:"), tmp_path / "inner" / "notes.db", NOTES)
    with pytest.raises(Refused, match="STORE001"):
        add(notes, "a", 1)


def test_what_a_store_says_is_told_in_the_words_of_whoever_keeps_a_table(
    store_at: StoreAt, tmp_path: Path
) -> None:
    (tmp_path / "inner").write_text("a file where the folder should be")
    file = tmp_path / "inner" / "notes.db"
    notes = beside(store_at("memory:"), file, NOTES, lambda found: replace(found, code="NOTE001"))
    with pytest.raises(Refused, match="NOTE001"):
        add(notes, "a", 1)


def test_rows_come_by_their_columns_and_reading_begins_nothing(
    store_at: StoreAt, tmp_path: Path
) -> None:
    notes = beside(store_at("memory:"), tmp_path / "notes.db", NOTES)
    assert not notes.rows(select(NOTES))
    assert not notes.is_begun
    add(notes, "a", 1)
    assert notes.rows(select(NOTES)) == [{"key": "a", "n": 1}]
