"""What several areas of the tests share: stores to write into."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from latticework.journal.opening import open_store
from latticework.journal.store import Store

POSTGRES = os.environ.get(
    "LATTICEWORK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
)
STORES = ("memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres))

# How long an example takes hangs on the machine, and is the benches' business.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

UrlOf = Callable[[str], str]
StoreAt = Callable[[str], Store]


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server; skips without one, or fails where it is required."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=5).close()
    except psycopg.OperationalError as problem:
        lacks = (
            f"no PostgreSQL server answers ({str(problem).splitlines()[0]}); start one, for example"
            " with 'apt-get install postgresql', or set LATTICEWORK_TEST_POSTGRES to its address"
        )
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)
    return POSTGRES


@pytest.fixture
def new_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[UrlOf]:
    """Makes addresses of stores that hold nothing: of memory, sqlite or postgres."""
    schemas: list[str] = []

    def made(sort: str) -> str:
        name = f"latticework_{uuid.uuid4().hex[:12]}"
        if sort == "memory":
            return "memory:"
        if sort == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server: str = request.getfixturevalue("postgres_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        schemas.append(name)
        return f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"

    yield made
    if schemas:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            for name in schemas:
                connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def store_at() -> Iterator[StoreAt]:
    """Opens the store at an address, and closes it after the test."""
    opened: list[Store] = []

    def made(url: str) -> Store:
        opened.append(open_store(url))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


@pytest.fixture(params=STORES)
def sort(request: pytest.FixtureRequest) -> str:
    """Each sort of store in turn."""
    return str(request.param)


@pytest.fixture
def store(sort: str, new_url: UrlOf, store_at: StoreAt) -> Store:
    """An empty store of each sort in turn."""
    return store_at(new_url(sort))
