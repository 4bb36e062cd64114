"""SQL asked of a company's tables, in a process that is bounded and thrown away.

DuckDB reads the tables that the statement names from files that Polars wrote
into a folder of their own. The process has no other way to the company: files,
network and settings are shut off before the statement runs, and time, memory,
rows and their size are bounded.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from latticework.analysis.sql.table import SqlColumn, SqlTable, quoted
from latticework.analysis.sql.trouble import busy, findings_of, missing_library
from latticework.base.findings import Refused

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = 2
"""Statements that run at the same time; others wait."""

GRACE_SECONDS = 5.0
"""What a process may take beside the statement: starting, and reading its tables."""

_NAMES = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|(--[^\n]*|/\*.*?\*/)|(\w+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a statement may take: seconds, bytes, threads, rows."""

    seconds: float = 10.0
    memory: int = 512_000_000
    threads: int = 2
    rows: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRows:
    """What a statement gave.

    `more` tells that there are further rows, `cut` how many values are longer
    than what is here. `tables` are those that were read, `nameless` the columns
    of them that the statement speaks of and that would name people.
    """

    columns: tuple[SqlColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    more: bool = False
    cut: int = 0
    seconds: float = 0.0
    tables: tuple[str, ...] = ()
    nameless: tuple[str, ...] = ()

    def to_dicts(self) -> tuple[dict[str, object], ...]:
        """Rows by the names of their columns; a name that comes twice gets a number."""
        names = unique(each.name for each in self.columns)
        return tuple(dict(zip(names, row, strict=True)) for row in self.rows)


def run_sql(text: str, tables: Mapping[str, SqlTable], bounds: Bounds = Bounds()) -> SqlRows:
    """The rows that a statement gives; raises Refused (SQL…) with what is wrong."""
    begun = time.monotonic()
    gate = _gate()
    if not gate.acquire(timeout=bounds.seconds):
        raise Refused([busy()])
    try:
        with tempfile.TemporaryDirectory(prefix="latticework-sql-") as folder:
            named = named_in(text, tables)
            order = _order(text, tables, named, Path(folder), bounds)
            answer = _answered(order, folder, bounds)
    finally:
        gate.release()
    if "wrong" in answer:
        raise Refused(
            findings_of(cast("Mapping[str, object]", answer["wrong"]), text, tables, bounds.seconds)
        )
    columns = cast("list[list[str]]", answer["columns"])
    return SqlRows(
        columns=tuple(SqlColumn(name=name, type=sort) for name, sort in columns),
        rows=tuple(tuple(row) for row in cast("list[list[object]]", answer["rows"])),
        more=bool(answer["more"]),
        cut=int(cast("int", answer["cut"])),
        seconds=time.monotonic() - begun,
        tables=tuple(tables[each].written for each in named),
        nameless=tuple(_nameless(text, [tables[each] for each in named])),
    )


def named_in(text: str, tables: Mapping[str, SqlTable]) -> tuple[str, ...]:
    """The tables that a text may mean: every name, quoted or bare, that is one's."""
    words = _words_in(text)
    return tuple(
        key for key, each in tables.items() if each.name.casefold() in words or key in words
    )


def _words_in(text: str) -> set[str]:
    words: set[str] = set()
    for within, said, _, bare in _NAMES.findall(text):
        word = (within or said or bare).replace('""', '"').casefold()
        words |= {word, *word.split(".")}
    return words


def _nameless(text: str, tables: Iterable[SqlTable]) -> Iterator[str]:
    """Columns that would name people, where the text says them or takes whatever is there."""
    words = _words_in(text)
    every = "*" in text.replace("(*)", "") or "select" not in words
    for table in tables:
        for column in table.columns:
            if column.nameless and (every or column.name.casefold() in words):
                yield f"{table.written}.{quoted(column.name)}"


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names of which none comes twice."""
    found: dict[str, int] = {}
    made = []
    for name in names:
        found[name] = found.get(name, 0) + 1
        made.append(name if found[name] == 1 else f"{name} {found[name]}")
    return tuple(made)


@cache
def _gate() -> threading.BoundedSemaphore:
    """How many may ask at once in this process."""
    return threading.BoundedSemaphore(AT_ONCE)


def _order(
    text: str, tables: Mapping[str, SqlTable], named: Iterable[str], folder: Path, bounds: Bounds
) -> dict[str, object]:
    """What the process is told; the tables that are named are written for it."""
    wanted = set(named)
    told = []
    for place, (key, each) in enumerate(tables.items()):
        file = ""
        if key in wanted:
            path = folder / f"{place}.parquet"
            each.frame().write_parquet(path, compression="lz4", statistics=False)
            file = str(path).replace("'", "''")
        columns = [(_written(column), column.type) for column in each.columns]
        told.append({"name": each.written, "schema": each.schema, "file": file, "columns": columns})
    return {
        "path": [each for each in sys.path if each],
        "sql": text,
        "tables": told,
        "seconds": bounds.seconds,
        "memory": bounds.memory,
        "threads": bounds.threads,
        "rows": bounds.rows,
    }


def _written(column: SqlColumn) -> str:
    return '"' + column.name.replace('"', '""') + '"'


def _answered(order: Mapping[str, object], folder: str, bounds: Bounds) -> Mapping[str, object]:
    """What the process answers; what it does not live to say is said for it."""
    wait = bounds.seconds + GRACE_SECONDS + _reading_seconds(folder)
    try:
        done = subprocess.run(  # noqa: S603  our own program, nothing of the text in its words
            [sys.executable, "-I", str(CHILD)],
            input=json.dumps(order) + "\n",
            capture_output=True,
            timeout=wait,
            check=False,
            cwd=folder,
            env=_bare_environment(),
            encoding="utf-8",
        )
    except subprocess.TimeoutExpired:
        return {"wrong": {"sort": "interrupt"}}
    if not done.stdout:
        if "No module named 'duckdb'" in done.stderr:
            raise Refused([missing_library()])
        return {"wrong": {"sort": _end_of(done.returncode, done.stderr)}}
    return cast("Mapping[str, object]", json.loads(done.stdout))


def _end_of(code: int, said: str) -> str:
    """How a process ended that said nothing: out of time, out of memory, or else."""
    if code == -signal.SIGXCPU:
        return "interrupt"
    memory = code < 0 or "MemoryError" in said or "bad_alloc" in said
    return "memory" if memory else "stopped"


def _reading_seconds(folder: str) -> float:
    """How long it may take to read what was written: a second per 20 MB."""
    return sum(each.stat().st_size for each in Path(folder).iterdir()) / 20_000_000


def _bare_environment() -> dict[str, str]:
    """None of our variables, which may hold what nobody should read."""
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", **found}
