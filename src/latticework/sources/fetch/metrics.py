"""Fetchers: sql and http. Dated values of metrics, from a database or an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from latticework.base.findings import Finding, Place, error
from latticework.sources.csv import csv
from latticework.sources.fetch.fetcher import NOWHERE, Asked, Page, Way, fetcher, setting
from latticework.sources.fetch.http import Client
from latticework.sources.fetch.tokens import HIDDEN, Token
from latticework.sources.fetch.trouble import Stopped
from latticework.sources.tree import UnreadableError, plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ROWS = 200_000
MOST_PAGES = 1_000
_SECONDS = 120
_ASKS = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/)\s*)*(?:select|with|values|table)\b", re.I | re.S
)
_READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON",),
    "postgresql": ("SET TRANSACTION READ ONLY", f"SET LOCAL statement_timeout = {_SECONDS * 1000}"),
    "mysql": (f"SET SESSION max_execution_time = {_SECONDS * 1000}", "SET TRANSACTION READ ONLY"),
    "mariadb": (f"SET SESSION max_statement_time = {_SECONDS}", "SET TRANSACTION READ ONLY"),
}
"""How each database is told that nothing is to be written, and for how long it may work."""

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""The driver that is meant where an address names a database alone."""

_JSON, _CSV = "json", "csv"
_BEARER = "Bearer"

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class SqlSettings:
    """What is asked of a database."""

    query: str = setting("One query that begins with SELECT or WITH.", "", needed=True)
    rows: int = setting("Rows at most; more than that are refused.", MOST_ROWS)


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """What is asked of an address."""

    address: str = setting("The whole address, such as https://host/path?q=1.", "", needed=True)
    items: str = setting("Where the values stand in an answer, such as data.points.", "")
    next: str = setting("Where an answer names the address of its next page.", "")
    reads: str = setting("What the answer is: json or csv.", _JSON)
    header: str = setting("The header that carries the token.", "authorization")
    before: str = setting("What stands before the token in it; nothing with none.", _BEARER)


def _nowhere(settings: SqlSettings, token: Token | None) -> Way:
    """Nothing is asked over HTTP; the token is the database's own address."""
    return Way(site=NOWHERE, key={"x-address": token.reveal()} if token else {})


@fetcher(settings=SqlSettings, source="json", way=_nowhere)
def sql(asked: Asked[SqlSettings]) -> Iterator[Page]:
    """Rows of a query, read only; the token is the database's address.

    The variable named by `token` holds an address such as
    `postgresql://reader@host/company`. Nothing is written: the query
    runs in a read-only transaction that is never committed. All rows are one
    list, each with the columns that hold something.
    """
    if asked.token is None:
        hint = "write 'token: NAME' with the variable that holds the database's address"
        raise Stopped(error("FETCH040", "no database is named", hint=hint))
    if not _ASKS.match(asked.settings.query):
        hint = "begin it with SELECT or WITH"
        raise Stopped(error("FETCH041", "the query does more than ask", hint=hint))
    rows = _rows_of(asked.token, asked.settings)
    yield Page(body=rows, things=len(rows), position="done")


def _rows_of(token: Token, settings: SqlSettings) -> list[Row]:
    """All rows of the query; raises Stopped (FETCH042, FETCH043)."""
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        address = make_url(token.reveal())
        address = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
        engine = create_engine(address, poolclass=NullPool)
        with engine.connect() as connection:
            return _asked(connection, settings)
    except (SQLAlchemyError, ImportError, OSError, ValueError) as problem:
        raise Stopped(_no_answer(token, problem)) from None


def _asked(connection: Connection, settings: SqlSettings) -> list[Row]:
    """The rows, in a transaction that writes nothing and is rolled back."""
    with connection.begin() as transaction:
        # A MariaDB that is addressed as MySQL has a word of its own for how long.
        maria = getattr(connection.dialect, "is_mariadb", False)
        for order in _READ_ONLY.get("mariadb" if maria else connection.dialect.name, ()):
            connection.exec_driver_sql(order)
        # These drivers look for places of values, though there are none.
        marked = connection.dialect.paramstyle in {"format", "pyformat"}
        query = settings.query.replace("%", "%%") if marked else settings.query
        found = connection.exec_driver_sql(query)
        names = list(found.keys())
        many = found.fetchmany(settings.rows + 1)
        transaction.rollback()
    if len(many) > settings.rows:
        says = f"the query has more than {settings.rows:,} rows"
        hint = "let it ask for fewer, by month or for the last years, or raise 'rows:'"
        raise Stopped(error("FETCH043", says, hint=hint))
    return [_told(zip(names, row, strict=True)) for row in many]


def _told(pairs: Iterable[tuple[str, object]]) -> Row:
    """What a row holds, as JSON can say it."""
    return {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _no_answer(token: Token, problem: Exception) -> Finding:
    """Why a database did not answer, without the secrets of its address."""
    words = " ".join(str(getattr(problem, "orig", None) or problem).split())
    secrets = {token.reveal(), urlsplit(token.reveal()).password or ""} - {""}
    for secret in secrets:
        words = words.replace(secret, HIDDEN)
    says = f"the database of '{token.name}' does not answer the query: {words[:300]}"
    hint = f"try the query there; see that {token.name} holds its address and its driver is there"
    return error("FETCH042", says, hint=hint, place=Place(), value=token.name)


# ---- addresses


def _site(settings: HttpSettings, token: Token | None) -> Way:
    parts = urlsplit(settings.address)
    accepts = "text/csv" if settings.reads == _CSV else "application/json"
    before = "" if settings.before == "none" else f"{settings.before} "
    key = {settings.header: f"{before}{token.reveal()}"} if token else {}
    return Way(site=f"{parts.scheme}://{parts.netloc}", headers={"accept": accepts}, key=key)


@fetcher(settings=HttpSettings, source="json", way=_site)
def http(asked: Asked[HttpSettings]) -> Iterator[Page]:
    """Values at an address, as JSON or CSV; all pages are one list of rows.

    `items` leads to the values: a list of named values as it is, a list of
    pairs as `at` and `value`, named numbers as `name` and `value`. `next`
    leads to the address of the next page, as long as there is one.
    """
    settings = asked.settings
    if settings.reads not in {_JSON, _CSV}:
        hint = "write 'reads: json' or 'reads: csv'"
        raise Stopped(error("FETCH044", f"'{settings.reads}' is not read", hint=hint))
    rows: list[Row] = []
    for body in _answers(asked.client, settings):
        rows += _csv_rows(body) if settings.reads == _CSV else _json_rows(body, settings)
        if len(rows) > MOST_ROWS:
            says = f"the address has more than {MOST_ROWS:,} rows"
            raise Stopped(error("FETCH043", says, hint="ask for a shorter time"))
    yield Page(body=rows, things=len(rows), position="done")


def _answers(client: Client, settings: HttpSettings) -> Iterator[object]:
    """The body of each page."""
    address = settings.address
    for _ in range(MOST_PAGES):
        body = client.get(address).body
        yield body
        following = _at(body, settings.next) if settings.next else None
        if not isinstance(following, str) or not following:
            return
        address = following
    hint = "see that 'next:' leads to an address that ends"
    raise Stopped(error("FETCH045", f"there are more than {MOST_PAGES:,} pages", hint=hint))


def _at(body: object, path: str) -> object:
    """What stands at a path of an answer; None where nothing does."""
    for name in path.split(".") if path else []:
        if isinstance(body, list) and name.isdecimal():
            body = body[int(name)] if int(name) < len(body) else None
        else:
            body = body.get(name) if isinstance(body, dict) else None
    return body


def _json_rows(body: object, settings: HttpSettings) -> Iterator[Row]:
    found = _at(body, settings.items)
    if isinstance(found, dict):
        yield from ({"name": name, "value": value} for name, value in found.items())
        return
    if not isinstance(found, list):
        seen = ", ".join(body) if isinstance(body, dict) else "no named values"
        says = f"no list stands at '{settings.items}'" if settings.items else "this is no list"
        hint = f"mend 'items:'; the answer holds: {seen or 'nothing'}"
        raise Stopped(error("FETCH046", says, hint=hint, place=Place(file=settings.address)))
    for each in found:
        if isinstance(each, dict):
            yield each
        elif isinstance(each, list) and len(each) == 2:
            yield {"at": each[0], "value": each[1]}


def _csv_rows(body: object) -> Iterator[Row]:
    try:
        told = plain(csv.read(str(body)).tree)
    except UnreadableError as problem:
        raise Stopped(problem.finding) from None
    for each in told if isinstance(told, list) else []:
        if isinstance(each, dict):
            yield each
