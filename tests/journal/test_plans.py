"""Claims about how databases look things up: by index, never by scanning."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Select, text
from tests.conftest import StoreAt, UrlOf

from latticework.journal import tables
from latticework.journal.asked import about, batches_in, by_number, headings_in, inside, known_by
from latticework.journal.changes import Batch, Connect, Put
from latticework.journal.kept import Span
from latticework.journal.sql import LOG, SqlStore
from latticework.journal.store import Store

MANY = tuple(
    change
    for each in range(1500)
    for change in (
        Put(f"bet/b{each}", {"title": "x"}),
        Connect(f"bet/b{each}", "serves", f"goal/g{each}"),
    )
)
BRANCHED = Span(1, 0, 10**6)
ASKED = {
    "history by thing": about(["bet/b3", "goal/g4"]),
    "own entries of a branch": tables.entries.select().where(*inside(BRANCHED)),
    "entries after a number": tables.entries.select().where(*inside(Span(0, 2990, 3000))).limit(9),
    "the last entry known": known_by(2),
    "entries by number": by_number([2, 5, 9]),
    "batches of sources": headings_in([Span(0, 0, 10**6)]),
    "a batch's entries": tables.entries.select().where(tables.entries.c.number.between(5, 6)),
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def filled(request: pytest.FixtureRequest, new_url: UrlOf, store_at: StoreAt) -> SqlStore:
    store: Store = store_at(new_url(request.param))
    assert isinstance(store, SqlStore)
    store.start_branch("what-if", now=1)
    store.append([Batch(changes=(change,)) for change in MANY], now=2)
    store.append([Batch(changes=MANY[:9])], now=3, branch="what-if")
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return store


@pytest.mark.parametrize("what", ASKED)
def test_nothing_is_found_by_scanning(filled: SqlStore, what: str) -> None:
    plan = plan_of(filled, ASKED[what])
    assert re.search(r"USING|Index|Bitmap", plan), plan
    assert not re.search(r"SCAN journal|Seq Scan", plan), plan


def test_the_index_of_branches_serves_the_bulk_reader(filled: SqlStore) -> None:
    plan = plan_of(filled, tables.entries.select().with_only_columns(*LOG).where(*inside(BRANCHED)))
    assert "journal_entries_branch" in plan
    assert plan_of(filled, batches_in([BRANCHED]))


def plan_of(store: SqlStore, asked: Select) -> str:
    made = str(asked.compile(store.engine, compile_kwargs={"literal_binds": True}))
    words = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{words} {made}").fetchall()
    return "\n".join(str(row[-1]) for row in rows)
