"""The process that runs one statement of SQL, and has nothing but its tables.

It is started as a program and reads one line of JSON: where libraries lie, the
statement, the tables, the limits. It writes one line of JSON: rows, or what is
wrong. Nothing of the company but the files of its tables is within its reach,
and before the statement runs, files and network are shut off for good.
"""

import json
import resource
import sys
import threading
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, TypedDict, TypeVar

if TYPE_CHECKING:
    import duckdb

V = TypeVar("V")

ROOM = 1_500_000_000
"""Bytes of address space beside what statements may fill."""

LONGEST = 20_000
"""Letters of one value that are given back."""

LARGEST = 48_000_000
"""Letters of all values together."""

READS = ("SELECT", "EXPLAIN", "MULTI")
"""Statements that read; MULTI is what a pivot is until it is planned."""


class TableOrder(TypedDict):
    """A table: its names as SQL writes them, and the file of its rows, if it is read."""

    name: str
    schema: str
    file: str
    columns: list[list[str]]


class Order(TypedDict):
    """What is to be run, over which tables, within which limits."""

    path: list[str]
    sql: str
    tables: list[TableOrder]
    seconds: float
    memory: int
    threads: int
    rows: int


class Wrong(Exception):
    """What is wrong, as plain values."""

    def __init__(self, sort: str, **told: str | int) -> None:
        """Keep it."""
        self.told: dict[str, str | int] = {"sort": sort, **told}
        super().__init__(sort)


def main() -> None:
    """Read the order, run it, write the answer."""
    order: Order = json.loads(sys.stdin.readline())
    sys.path[:] = order["path"]
    try:
        answer: dict[str, object] = run(order)
    except Wrong as wrong:
        answer = {"wrong": wrong.told}
    except MemoryError:
        answer = {"wrong": {"sort": "memory"}}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, allow_nan=False))
    sys.stdout.flush()


def run(order: Order) -> dict[str, object]:
    """The rows of the statement."""
    import duckdb

    statements = split(duckdb, order["sql"])
    connection = connect(duckdb, order)
    shut(connection, order)
    timer = threading.Timer(order["seconds"], connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        connection.execute("begin transaction read only")
        found = connection.execute(statements[0])
        if found.description is None:
            return {"columns": [], "rows": [], "more": False, "cut": 0}
        return rows_of(found, order["rows"])
    except duckdb.Error as problem:
        raise Wrong(**told(problem)) from None
    finally:
        timer.cancel()


def split(engine: ModuleType, text: str) -> "list[duckdb.Statement]":
    """The one statement in a text; raises Wrong where it is none that reads."""
    try:
        statements: list[duckdb.Statement] = engine.extract_statements(text)
    except engine.Error as problem:
        raise Wrong(**told(problem)) from None
    if not statements:
        raise Wrong("nothing")
    if len(statements) > 1:
        raise Wrong("several", count=len(statements))
    word = str(statements[0].type).rpartition(".")[2]
    if word not in READS:
        raise Wrong("writes", word=word.lower())
    return statements


def connect(engine: ModuleType, order: Order) -> "duckdb.DuckDBPyConnection":
    """A database in memory with the tables of the order."""
    connection: duckdb.DuckDBPyConnection = engine.connect(
        ":memory:",
        config={
            "memory_limit": f"{order['memory']}B",
            "threads": order["threads"],
            "temp_directory": "",
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    for schema in {each["schema"] for each in order["tables"] if each["schema"]}:
        connection.execute(f"create schema {schema}")
    try:
        for each in order["tables"]:
            connection.execute(creation(each))
    except engine.OutOfMemoryException:
        raise Wrong("memory") from None
    return connection


def creation(table: TableOrder) -> str:
    """How a table comes to be: read from its file, or empty for the plan's sake.

    What is not read refuses to be asked, so that no answer counts rows that
    are not there.
    """
    if table["file"]:
        return f"create table {table['name']} as from read_parquet('{table['file']}')"
    columns = ", ".join(f"null::{sort} as {name}" for name, sort in table["columns"])
    return f"create view {table['name']} as select {columns} where error('{NOT_NAMED}') is null"


NOT_NAMED = "latticework: a table that is not named in the statement"


def shut(connection: "duckdb.DuckDBPyConnection", order: Order) -> None:
    """From here on no file, no network, no other setting, no more room."""
    connection.execute("set max_temp_directory_size = '0KB'")
    connection.execute("set errors_as_json = true")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    used = order["memory"] + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (used, used))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu = int(order["seconds"] * order["threads"]) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))


def rows_of(found: "duckdb.DuckDBPyConnection", most: int) -> dict[str, object]:
    """Columns and at most so many rows, values bounded; `more` says there are further ones."""
    names = [each[0] for each in found.description]
    types = [str(each[1]) for each in found.description]
    rows: list[list[object]] = []
    letters, cut, more = 0, 0, False
    while len(rows) < most and letters < LARGEST:
        part = found.fetchmany(min(512, most - len(rows)))
        if not part:
            break
        for each in part:
            row = [plain(value) for value in each]
            for at, value in enumerate(row):
                if isinstance(value, str) and len(value) > LONGEST:
                    row[at] = value[:LONGEST] + "…"
                    cut += 1
            letters += sum(len(value) if isinstance(value, str) else 8 for value in row)
            rows.append(row)
    else:
        more = found.fetchone() is not None
    columns = [list(each) for each in zip(names, types, strict=True)]
    return {"columns": columns, "rows": rows, "more": more, "cut": cut}


def plain(value: object) -> object:
    """A value in one of the forms that JSON has."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if value - value == 0 else str(value)
        case date() | datetime() | time():
            return value.isoformat()
        case timedelta() | Decimal():
            return str(value)
        case bytes():
            return value.hex()
        case dict():
            return bounded({str(key): plain(each) for key, each in value.items()})
        case list() | tuple():
            return bounded([plain(each) for each in value])
        case _:
            return str(value)


def bounded(value: V) -> V | str:
    """A list or a record; its text where it is too long to be given back whole."""
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST else text


def told(problem: Exception) -> dict[str, str]:
    """An error as plain values."""
    _, _, text = str(problem).partition(": ")
    try:
        found = json.loads(text)
    except ValueError:
        found = {"exception_message": text or str(problem)}
    return {
        "sort": type(problem).__name__.removesuffix("Exception").casefold(),
        "says": found.get("exception_message", "").split("\n")[0],
        "subtype": found.get("error_subtype", ""),
        "type": found.get("type", ""),
        "name": found.get("name", ""),
        "candidates": found.get("candidates", ""),
        "position": found.get("position", ""),
        "location": found.get("location", ""),
    }


if __name__ == "__main__":
    main()
