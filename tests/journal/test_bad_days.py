"""Claims about days on which disk, file or server let a store down."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from latticework.base.findings import Finding, Refused
from latticework.journal.changes import Batch, Put
from latticework.journal.opening import open_store
from latticework.journal.postgres import PostgresStore
from latticework.journal.sqlite import SqliteStore
from latticework.journal.store import Store

MUCH = Batch(changes=tuple(Put(f"bet/{each}", {"title": "x" * 500}) for each in range(4000)))
LITTLE = Batch(changes=(Put("bet/ferry", {"title": "Night ferry"}),))
NAME = f"latticework-test-{uuid.uuid4().hex[:12]}"
UrlOf = Callable[[str], str]
Opened = Callable[[str], Store]


def finding_of(what: Callable[[], object]) -> Finding:
    with pytest.raises(Refused) as refused:
        what()
    [finding] = refused.value.findings
    assert finding.hint
    return finding


def whole(store: Store, head: int) -> None:
    """The store holds what was acknowledged and nothing of what was refused."""
    assert store.head().number == head
    assert [entry.number for entry in store.entries()] == list(range(1, head + 1))
    assert store.verify() == ()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def filled(path: Path) -> Path:
    """A journal of 500 entries, closed."""
    store = SqliteStore(path)
    store.append([Batch(changes=MUCH.changes[:500])], now=1)
    store.close()
    return path


def test_a_file_that_may_not_grow_is_full_and_stays_whole(path: Path) -> None:
    store = SqliteStore(path)
    store.append([LITTLE], now=1)
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def bound(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 40")

    finding = finding_of(lambda: store.append([MUCH], now=2))
    assert finding.code == "STORE003"
    assert "full" in finding.says
    whole(store, 1)
    store.append([LITTLE], now=3)
    whole(store, 2)
    store.close()


LIMITED = """
import resource, sys
from latticework.base.findings import Refused
from latticework.journal.changes import Batch, Put
from latticework.journal.opening import open_store
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
try:
    store.append([Batch(changes=tuple(Put(f"bet/{n}", {"t": "x" * 500}) for n in range(4000)))], now=2)
except Refused as refused:
    print(refused.findings[0].code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.append([Batch(changes=(Put("bet/later"),))], now=3)
print(store.head().number, store.verify())
"""


def test_a_limit_on_file_sizes_is_told_as_full(path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    store = SqliteStore(path)
    store.append([LITTLE], now=1)
    command = [sys.executable, "-c", LIMITED, store.url]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["STORE003", "2 ()"]
    whole(store, 2)
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    mounted = os.geteuid() == 0 and shutil.which("mount")
    if not mounted or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root; the limit on file sizes is tested anyway")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_leaves_the_journal_whole(small_disk: Path) -> None:
    store = SqliteStore(small_disk / "journal.db")
    store.append([LITTLE], now=1)
    assert finding_of(lambda: store.append([MUCH], now=2)).code == "STORE003"
    whole(store, 1)
    assert finding_of(lambda: until_full(store)).code == "STORE003"
    whole(store, store.head().number)
    store.close()


def until_full(store: Store) -> None:
    for _ in range(10_000):
        store.append([LITTLE] * 20, now=2)


def test_a_file_cut_short_is_told_as_damaged(filled: Path) -> None:
    size = filled.stat().st_size
    for kept in (size // 2, size - 9000, 5000, 100, 0):
        cut = filled.with_name(f"cut{kept}.db")
        cut.write_bytes(filled.read_bytes()[:kept])
        codes = damage_in(cut)
        assert codes[:1] == ["STORE002"], (kept, codes)


def test_a_file_with_rotten_pages_is_told_as_damaged(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    for place in range(8192, len(content), 4096 * 5):
        content[place : place + 64] = b"\xa5" * 64
    filled.write_bytes(content)
    assert damage_in(filled)[:1] == ["STORE002"]


def damage_in(path: Path) -> list[str]:
    try:
        store = SqliteStore(path)
        codes = [finding.code for finding in store.verify()]
        store.close()
    except Refused as refused:
        codes = [finding.code for finding in refused.findings]
    return codes


def test_what_is_no_journal_is_told_and_left_alone(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("milk, bread and a great many other things, all of them text\n" * 90)
    before = note.read_bytes()
    assert finding_of(lambda: SqliteStore(note)).code == "STORE002"
    assert note.read_bytes() == before

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    assert "recipes" in finding_of(lambda: SqliteStore(other)).says

    theirs = tmp_path / "theirs.db"
    with sqlite3.connect(theirs) as connection:
        connection.execute("CREATE TABLE journal (day)")
    assert finding_of(lambda: SqliteStore(theirs)).code == "STORE002"


def test_folders_and_paths_that_are_not_there_are_told(tmp_path: Path) -> None:
    assert finding_of(lambda: SqliteStore(tmp_path)).code == "STORE001"
    assert finding_of(lambda: SqliteStore(tmp_path / "no" / "journal.db")).code == "STORE001"


def test_a_journal_of_a_later_version_is_told(filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE journal SET format = 99")
    finding = finding_of(lambda: SqliteStore(filled))
    assert (finding.code, finding.hint) == ("STORE013", "upgrade latticework")


def test_a_journal_without_its_own_row_is_told(filled: Path) -> None:
    store = SqliteStore(filled)
    with sqlite3.connect(filled) as connection:
        connection.execute("DELETE FROM journal")
    assert finding_of(lambda: store.append([LITTLE], now=2)).code == "STORE002"
    store.close()


def test_where_nobody_may_write_is_told() -> None:
    if os.geteuid() != 0:
        pytest.skip("becoming somebody else for a moment needs root")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = Path(folder) / "journal.db"
        store = SqliteStore(path)
        store.append([LITTLE], now=1)
        store.close()
        os.seteuid(65534)
        try:
            assert finding_of(lambda: SqliteStore(path)).code in ("STORE001", "STORE009")
            missing = Path(folder) / "new.db"
            assert finding_of(lambda: SqliteStore(missing)).code == "STORE001"
        finally:
            os.seteuid(0)


def test_a_writer_that_does_not_let_go_is_told(path: Path) -> None:
    store = SqliteStore(path, busy_seconds=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert finding_of(lambda: store.append([LITTLE], now=1)).code == "STORE008"
    assert store.head().number == 0
    other.execute("ROLLBACK")
    store.append([LITTLE], now=1)
    whole(store, 1)
    other.close()
    store.close()


def test_sqlite_commits_wait_for_the_disk(path: Path) -> None:
    store = SqliteStore(path)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://ada:hunter2@127.0.0.1:1/harbour", "STORE001"),
        ("postgresql://ada:hunter2@127.0.0.1:1/harbour?sslmode=odd", "STORE001"),
        ("postgresql://ada@127.0.0.1:1/harbour?password=hunter2", "STORE001"),
        ("postgresql://ada:hunter2@sea@127.0.0.1/harbour", "STORE010"),
        ("postgresql://ada:hunter2@127.0.0.1:hunter2/harbour", "STORE010"),
        ("mysql://ada:hunter2@127.0.0.1/harbour", "STORE010"),
        ("ada:hunter2@127.0.0.1", "STORE010"),
        ("", "STORE010"),
    ],
)
def test_no_finding_repeats_a_password(url: str, code: str) -> None:
    finding = finding_of(lambda: open_store(url))
    assert finding.code == code
    assert "hunter2" not in str(finding) + repr(finding)


@pytest.fixture
def shared_url(new_url: UrlOf) -> str:
    return new_url("postgres")


@pytest.fixture
def shared(shared_url: str, store_at: Opened) -> PostgresStore:
    """A store whose connections bear a name of their own at the server."""
    store = store_at(f"{shared_url}&application_name={NAME}")
    assert isinstance(store, PostgresStore)
    return store


@pytest.mark.postgres
def test_an_address_is_shown_without_its_password(new_url: UrlOf, store_at: Opened) -> None:
    url = new_url("postgres").replace("postgres@", "postgres:hunter2@", 1)
    store = store_at(url)
    assert "hunter2" not in store.url
    assert store.url.startswith("postgresql://postgres@")


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_made_anew(
    shared: PostgresStore, postgres_server: str
) -> None:
    shared.append([LITTLE], now=1)
    cut_off(postgres_server)
    shared.append([LITTLE], now=2)
    whole(shared, 2)


@pytest.mark.postgres
def test_a_server_that_goes_away_mid_write_is_told(
    shared: PostgresStore, shared_url: str, store_at: Opened, postgres_server: str
) -> None:
    shared.append([LITTLE], now=1)
    other = store_at(shared_url)
    assert isinstance(other, PostgresStore)
    holding = other.engine.connect()
    holding.exec_driver_sql("SELECT * FROM journal FOR UPDATE")
    told: list[str] = []

    def write() -> None:
        try:
            shared.append([MUCH], now=2)
        except Refused as refused:
            told.extend(finding.code for finding in refused.findings)

    thread = threading.Thread(target=write)
    thread.start()
    while not cut_off(postgres_server, doing="FOR UPDATE"):
        time.sleep(0.02)
    thread.join(timeout=20)
    holding.rollback()
    holding.close()
    assert told == ["STORE001"]
    whole(shared, 1)


@pytest.mark.postgres
def test_a_reader_whose_server_goes_away_is_told(
    shared: PostgresStore, postgres_server: str
) -> None:
    told: list[str] = []

    def wait() -> None:
        try:
            shared.wait(0, seconds=20)
        except Refused as refused:
            told.extend(finding.code for finding in refused.findings)

    thread = threading.Thread(target=wait)
    thread.start()
    while not cut_off(postgres_server, doing="LISTEN"):
        time.sleep(0.02)
    thread.join(timeout=20)
    assert told == ["STORE001"]


@pytest.mark.postgres
def test_a_database_that_only_reads_is_told(new_url: UrlOf, store_at: Opened) -> None:
    url = new_url("postgres")
    store_at(url).append([LITTLE], now=1)
    reader = store_at(url + "%20-cdefault_transaction_read_only%3Don")
    assert finding_of(lambda: reader.append([LITTLE], now=2)).code == "STORE009"
    whole(reader, 1)


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_told(postgres_server: str) -> None:
    url = postgres_server.rpartition("/")[0] + "/latticework_nowhere"
    assert finding_of(lambda: open_store(url)).code == "STORE001"


def cut_off(server: str, *, doing: str = "") -> bool:
    """End the server's side of the store's connections; whether there was one."""
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s AND query LIKE %s AND (%s = '' OR state = 'idle'"
            " OR wait_event_type = 'Lock')",
            [NAME, f"%{doing}%", doing],
        ).fetchall()
    return bool(found)
