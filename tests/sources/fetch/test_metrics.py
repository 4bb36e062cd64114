"""Dated values come from a database or an address, and become a metric's history."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from tests.sources.companies import ROOT
from tests.sources.fetch.asking import bodies, outside, plan, stopped
from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.findings import Refused
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.recording import Recording
from latticework.workspace.workspace import Workspace

SECRET = "pier-9f3a"


class Numbers(Server):
    """A server of numbers on two pages, for those who know the secret."""

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.headers.get("authorization") != f"Bearer {SECRET}":
            return Reply(status=401, body={"message": "who are you"})
        if request.path == "/sheet":
            return Reply(text="day,value\n2026-01-01,80\n2026-02-01,90\n")
        if request.path == "/named":
            return Reply(body={"sums": {"crossings": 80, "on time": 0.76}})
        if request.path == "/pairs":
            return Reply(body=[["2026-01-01", 80], ["2026-02-01", 90]])
        if "page" in request.params:
            return Reply(body={"data": {"points": [{"at": "2026-02-01", "value": 90}]}})
        points = [{"at": "2026-01-01", "value": 80}]
        more = f"{self.site}/points?page=2"
        return Reply(body={"data": {"points": points}, "links": {"more": more}})


@pytest.fixture
def numbers(clock: Clock) -> Iterator[Numbers]:
    with Numbers(clock) as server:
        yield server


def fetched(text: str, clock: Clock, room: Path, **secrets: str) -> Recording:
    """What a plan brings."""
    world = outside(clock, secrets)
    return fetch(plan(text), source="harbour", folder=room, since=None, outside=world)


def rows(recording: Recording) -> list[dict[str, object]]:
    """All rows of a recording, which has one page."""
    (page,) = bodies(recording)
    return page


def database(room: Path) -> str:
    """A database with three values, and its address."""
    with sqlite3.connect(room / "numbers.db") as made:
        made.execute("CREATE TABLE seen (day TEXT, name TEXT, value REAL)")
        told = [("2026-02-01", "crossings", 90.5), ("2026-01-01", "crossings", 80)]
        made.executemany("INSERT INTO seen VALUES (?, ?, ?)", [*told, ("2026-01-01", "late", None)])
    made.close()
    return f"sqlite:///{room / 'numbers.db'}"


SQL = "from: sql\ntoken: NUMBERS_DB\nquery: {}\n"


def test_rows_of_a_query_are_one_list_without_empty_cells(clock: Clock, tmp_path: Path) -> None:
    text = SQL.format("SELECT day, name, value FROM seen ORDER BY day DESC, name")
    found = fetched(text, clock, tmp_path / "kept", NUMBERS_DB=database(tmp_path))
    assert rows(found) == [
        {"day": "2026-02-01", "name": "crossings", "value": "90.5"},
        {"day": "2026-01-01", "name": "crossings", "value": "80"},
        {"day": "2026-01-01", "name": "late"},
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("DELETE FROM seen", "FETCH041"),
        ("WITH x AS (SELECT 1) DELETE FROM seen", "FETCH042"),
        ("SELECT nothing FROM seen", "FETCH042"),
        ("SELECT * FROM nowhere", "FETCH042"),
    ],
)
def test_a_query_that_writes_or_is_wrong_changes_nothing_and_is_told(
    query: str, code: str, clock: Clock, tmp_path: Path
) -> None:
    address = database(tmp_path)
    asked = plan(SQL.format(query))
    told = stopped(asked, tmp_path / "kept", outside(clock, {"NUMBERS_DB": address}))
    assert [each.code for each in told.findings] == [code]
    assert all(each.hint for each in told.findings)
    with sqlite3.connect(tmp_path / "numbers.db") as made:
        assert made.execute("SELECT count(*) FROM seen").fetchone() == (3,)
    made.close()


def test_more_rows_than_allowed_are_refused_and_not_cut(clock: Clock, tmp_path: Path) -> None:
    asked = plan(SQL.format("SELECT * FROM seen") + "rows: 2\n")
    told = stopped(asked, tmp_path / "kept", outside(clock, {"NUMBERS_DB": database(tmp_path)}))
    assert told.findings[0].code == "FETCH043"


@pytest.mark.parametrize(
    "address", ["nonsense", "postgresql+psycopg://u:sesame@127.0.0.1:1/x", "no+driver://u:sesame@h"]
)
def test_a_database_that_does_not_answer_is_told_without_its_password(
    address: str, clock: Clock, tmp_path: Path
) -> None:
    asked = plan(SQL.format("SELECT 1"))
    told = stopped(asked, tmp_path / "kept", outside(clock, {"NUMBERS_DB": address}))
    assert told.findings[0].code == "FETCH042"
    assert "sesame" not in str(told)


@pytest.mark.postgres
def test_a_server_is_asked_in_a_transaction_that_cannot_write(
    clock: Clock, tmp_path: Path, postgres_server: str
) -> None:
    query = "SELECT DATE '2026-01-01' AS day, 1.50::numeric AS value, now() - now() AS late"
    query += " WHERE 'crossings' LIKE '%s%'"
    found = fetched(SQL.format(query), clock, tmp_path / "kept", NUMBERS_DB=postgres_server)
    assert rows(found) == [{"day": "2026-01-01", "value": "1.50", "late": "0 s"}]
    writes = plan(SQL.format("SELECT 1 AS one INTO latticework_made"))
    world = outside(clock, {"NUMBERS_DB": postgres_server})
    told = stopped(writes, tmp_path / "more", world).findings[0]
    assert (told.code, "read-only" in told.says) == ("FETCH042", True)


@pytest.fixture
def mysql_server() -> Iterator[str]:
    """The address of a MariaDB or MySQL with three values; skips without one, and says why."""
    pymysql = pytest.importorskip("pymysql", reason="no driver: pip install '.[mysql]'")
    address = os.environ.get("LATTICEWORK_TEST_MYSQL", "mysql://root@127.0.0.1:3306/test")
    url = make_url(address)
    try:
        made = pymysql.connect(
            host=url.host, port=url.port or 3306, user=url.username or "", database=url.database,
            password=url.password or "", connect_timeout=3, autocommit=True,
        )  # fmt: skip
    except pymysql.err.OperationalError as problem:
        lacks = f"no MariaDB or MySQL answers ({problem}); set LATTICEWORK_TEST_MYSQL"
        if os.environ.get("REQUIRE_MYSQL") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)
    table = f"seen_{uuid.uuid4().hex[:10]}"
    with made, made.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (day DATE, name VARCHAR(20), value DECIMAL(8, 2))")
        told = [("2026-01-01", "crossings", "80.50"), ("2026-02-01", "Straße", None)]
        cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s)", told)
        yield f"{address} {table}"
        cursor.execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("sort", ["mysql", "mariadb"])
def test_a_mariadb_is_asked_by_either_name_and_cannot_be_written(
    sort: str, clock: Clock, tmp_path: Path, mysql_server: str
) -> None:
    address, table = mysql_server.split()
    address = address.replace("mysql:", f"{sort}:", 1)
    query = f"SELECT day, name, value FROM {table} WHERE name LIKE '%s%' ORDER BY day"
    found = fetched(SQL.format(query), clock, tmp_path / "kept", NUMBERS_DB=address)
    assert rows(found) == [
        {"day": "2026-01-01", "name": "crossings", "value": "80.50"},
        {"day": "2026-02-01", "name": "Straße"},
    ]
    writes = plan(
        SQL.format(f"WITH x AS (SELECT 1) SELECT name INTO OUTFILE '/tmp/x' FROM {table}")
    )
    world = outside(clock, {"NUMBERS_DB": address})
    assert stopped(writes, tmp_path / "more", world).findings[0].code == "FETCH042"
    wipes = plan(SQL.format(f"WITH x AS (SELECT 1) DELETE FROM {table}"))
    assert stopped(wipes, tmp_path / "again", world).findings[0].code == "FETCH042"
    again = fetched(SQL.format(query), clock, tmp_path / "third", NUMBERS_DB=address)
    assert len(rows(again)) == 2


HTTP = "from: http\ntoken: NUMBERS_KEY\naddress: {}\n"


def test_pages_of_an_address_are_one_list(numbers: Numbers, clock: Clock, tmp_path: Path) -> None:
    text = HTTP.format(f"{numbers.site}/points") + "items: data.points\nnext: links.more\n"
    found = fetched(text, clock, tmp_path, NUMBERS_KEY=SECRET)
    assert rows(found) == [
        {"at": "2026-01-01", "value": 80},
        {"at": "2026-02-01", "value": 90},
    ]
    assert [each.path for each in numbers.asked] == ["/points", "/points"]
    kept = "".join(each.read_text() for each in found.folder.iterdir())
    assert SECRET not in kept


@pytest.mark.parametrize(
    ("path", "more", "told"),
    [
        ("/sheet", "reads: csv\n", {"day": "2026-01-01", "value": "80"}),
        ("/named", "items: sums\n", {"name": "crossings", "value": 80}),
        ("/pairs", "", {"at": "2026-01-01", "value": 80}),
    ],
)
def test_sheets_named_numbers_and_pairs_are_rows(
    path: str, more: str, told: object, numbers: Numbers, clock: Clock, tmp_path: Path
) -> None:
    text = HTTP.format(f"{numbers.site}{path}") + more
    found = rows(fetched(text, clock, tmp_path, NUMBERS_KEY=SECRET))
    assert (found[0], len(found)) == (told, 2)


@pytest.mark.parametrize(
    ("more", "secret", "code"),
    [
        ("items: data.nothing\n", SECRET, "FETCH046"),
        ("reads: xml\n", SECRET, "FETCH044"),
        ("items: data.points\n", "other", "FETCH010"),
    ],
)
def test_what_an_address_does_not_give_is_told(
    more: str, secret: str, code: str, numbers: Numbers, clock: Clock, tmp_path: Path
) -> None:
    asked = plan(HTTP.format(f"{numbers.site}/points") + more)
    told: Refused = stopped(asked, tmp_path, outside(clock, {"NUMBERS_KEY": secret}))
    assert [each.code for each in told.findings] == [code]


def test_a_recording_of_a_query_becomes_a_metrics_history(clock: Clock, tmp_path: Path) -> None:
    folder = ROOT / "examples" / "metrics"
    model = (folder / "latticework.yaml").read_text(encoding="utf-8")
    company = Workspace.init(tmp_path / "company", model_text=model)
    text = SQL.format("SELECT day, name AS metric, value FROM seen WHERE value IS NOT NULL")
    found = fetched(text, clock, tmp_path / "kept", NUMBERS_DB=database(tmp_path))
    recipe = folder / "database.recipe.yaml"
    company.import_recipe(recipe, str(found.folder))
    history = [
        entry.change.fields["value"]  # type: ignore[union-attr]
        for entry in company.graph().history("metric/crossings")
        if "value" in getattr(entry.change, "fields", {})
    ]
    assert sorted(map(str, history)) == ["80", "90.5"]
    assert company.graph().node("metric/crossings").fields["value"] == "90.5"
    assert company.import_recipe(recipe, str(found.folder)).changes == 0
