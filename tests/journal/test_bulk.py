"""Claims about reading many entries at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from latticework.journal.bulk import find_frame
from latticework.journal.changes import Batch, Connect, Put, Retire
from latticework.journal.kept import Span
from latticework.journal.postgres import FEW, PostgresStore
from latticework.journal.sql import SqlStore
from latticework.journal.sqlite import SqliteStore
from latticework.journal.store import Store

THINGS = [Put(f"bet/夜{each}", {"title": f'say "{each}"\n'}) for each in range(40)]
EDGES = [Connect(f"bet/夜{each}", "serves", "goal/grow") for each in range(0, 40, 3)]


def filled(store: Store) -> None:
    """Two branches whose entries lie between those of main; one entry redacted."""
    store.append([Batch(changes=(each,)) for each in THINGS], now=1)
    store.start_branch("what-if", now=2)
    for now in range(3, 9):
        store.append([Batch(changes=tuple(EDGES[:now]))], now=now, branch="what-if")
        store.append([Batch(changes=(Put("bet/later"), Retire("bet/later")))], now=now)
    store.redact([7, 44], by="law", why="asked", now=9)


@pytest.mark.parametrize("name", ["journal.db", "with space ? & % # ü.db"])
def test_readers_of_their_own_give_the_same_log(tmp_path: Path, name: str) -> None:
    store = SqliteStore(tmp_path / name)
    filled(store)
    head = store.head("what-if").number
    main, branch = Span(0, 0, head), Span(1, 40, head)
    for spans in ([main], [branch], [Span(0, 0, 40), branch], [Span(0, 41, 42)]):
        found = find_frame(store.path, spans)
        assert found is not None
        assert found.equals(SqlStore.bulk_log(store, spans))
    assert store.log("what-if").height == 40 + sum(range(3, 9))
    store.append([Batch(changes=(Put("bet/unharmed"),))], now=20)
    assert store.verify() == ()
    store.close()


INTRUDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.1)
connection.execute("BEGIN IMMEDIATE")
"""


def test_a_bulk_read_leaves_the_locks_of_a_writer_alone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    filled(store)
    with store.begin_write():
        assert find_frame(store.path, [Span(0, 0, 40)]) is not None
        command = [sys.executable, "-c", INTRUDER, str(store.path)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "database is locked" in told.stderr
    store.close()


def test_without_a_journal_there_is_no_frame(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no journal")
    assert find_frame(tmp_path / "note.txt", [Span(0, 0, 5)]) is None


@pytest.mark.postgres
def test_postgres_gives_the_same_log_as_arrow(
    new_url: Callable[[str], str], store_at: Callable[[str], Store]
) -> None:
    store = store_at(new_url("postgres"))
    assert isinstance(store, PostgresStore)
    filled(store)
    many = tuple(Put(f"bet/{each}") for each in range(FEW))
    store.append([Batch(changes=many)], now=30)
    main = [Span(0, 0, store.head().number)]
    assert store.log().equals(SqlStore.bulk_log(store, main))
    assert store.log().height > FEW
