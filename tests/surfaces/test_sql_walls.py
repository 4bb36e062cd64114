"""Each wall round a statement of SQL stands by itself, and not only behind another.

The process that runs a statement is put together here as it puts itself
together, and asked for what no statement that only reads could ask for.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from latticework.analysis.sql.ask import CHILD, Bounds, run_sql
from latticework.base.findings import Refused

PROGRAM = """
import importlib.util, json, resource, sys
from pathlib import Path
import duckdb

spec = importlib.util.spec_from_file_location("child", sys.argv[1])
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
order = {"sql": "", "tables": [], "seconds": 3, "memory": 200_000_000, "threads": 1, "rows": 5}
connection = child.connect(duckdb, order)
connection.execute("create table kept as select 1 as n")
child.shut(connection, order)
told = {}
for text in json.loads(sys.argv[2]):
    try:
        told[text] = repr(connection.execute(text).fetchall())
    except Exception as problem:
        told[text] = "refused: " + str(problem)
settings = "select name, value from duckdb_settings()"
told["settings"] = dict(connection.execute(settings).fetchall())
limits = {"as": resource.RLIMIT_AS, "fsize": resource.RLIMIT_FSIZE, "core": resource.RLIMIT_CORE}
told["limits"] = {name: resource.getrlimit(limit)[1] for name, limit in limits.items()}
told["limits"]["cpu"] = resource.getrlimit(resource.RLIMIT_CPU)[1]
print(json.dumps(told), flush=True)
"""

SLIPPED = (
    "set threads = 8",
    "set enable_external_access = true",
    "set memory_limit = '100GB'",
    "set lock_configuration = false",
    "reset threads",
    "pragma threads = 8",
    "install httpfs",
    "load httpfs",
    "attach '/tmp/latticework-walls.db'",
    "copy kept to '/tmp/latticework-walls.csv'",
    "copy kept from '/etc/passwd'",
    "export database '/tmp/latticework-walls'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/proc/self/environ')",
    "select * from glob('/**')",
    "select * from 'https://example.com/x.parquet'",
    "select * from order",
    "select * from settings",
)


@cache
def told() -> dict[str, object]:
    """What becomes of each, asked behind the check of what a statement is."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(CHILD), json.dumps(SLIPPED)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return cast("dict[str, object]", json.loads(done.stdout))


@pytest.mark.parametrize("text", SLIPPED)
def test_what_slips_past_the_check_of_statements_meets_another_wall(text: str) -> None:
    assert str(told()[text]).startswith("refused: "), told()[text]
    assert not Path("/tmp/latticework-walls.db").exists()
    assert not Path("/tmp/latticework-walls.csv").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enable_external_access", "false"),
        ("lock_configuration", "true"),
        ("autoload_known_extensions", "false"),
        ("autoinstall_known_extensions", "false"),
        ("allow_community_extensions", "false"),
        ("python_enable_replacements", "false"),
        ("temp_directory", ""),
        ("max_temp_directory_size", "0 bytes"),
        ("threads", "1"),
        ("memory_limit", "190.7 MiB"),
    ],
)
def test_every_setting_is_shut(name: str, value: str) -> None:
    settings = cast("dict[str, str]", told()["settings"])
    assert settings[name] == value


def test_the_process_itself_has_no_more_room_time_or_files() -> None:
    limits = cast("dict[str, int]", told()["limits"])
    assert limits["fsize"] == limits["core"] == 0
    assert limits["cpu"] == 3 + 5
    assert 200_000_000 < limits["as"] < 2_000_000_000
    assert resource.getrlimit(resource.RLIMIT_AS)[1] != limits["as"], "ours is not narrowed"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("select repeat('x', 15000) as x from range(100000)", 60_000_000),
        ("select range(20000) as x from range(100)", 2_100_000),
        ("select {'a': repeat('x', 1000000), 'b': [1]} as x from range(40)", 2_000_000),
    ],
)
def test_a_flood_of_output_is_cut_and_said(text: str, bound: int) -> None:
    rows = run_sql(text, {}, Bounds(seconds=20, rows=100_000))
    size = sum(len(str(value)) for row in rows.rows for value in row)
    assert size < bound
    assert rows.more or rows.cut


@pytest.mark.parametrize(
    "text",
    [
        "with recursive r as (select 1 n union all select n + 1 from r) select count(*) from r",
        "with recursive r as (select 'x' t union all select t || t from r) select max(t) from r",
        "select count(*) from range(1000000000) a, range(1000000000) b where hash(a.range) = b.range",
    ],
)
def test_recursion_and_products_end_with_a_word(text: str) -> None:
    with pytest.raises(Refused) as refused:
        run_sql(text, {}, Bounds(seconds=1, memory=100_000_000))
    assert {each.code for each in refused.value.findings} <= {"SQL007", "SQL008"}


def test_the_process_ends_a_statement_by_itself_and_says_so() -> None:
    """Nobody has to kill it: that would say nothing of why."""
    text = "select sum(a.range * b.range) from range(1000000) a, range(1000000) b"
    order: dict[str, object] = {
        "path": [each for each in sys.path if each],
        "sql": text,
        "tables": [],
    }
    order |= {"seconds": 1, "memory": 512_000_000, "threads": 1, "rows": 5}
    done = subprocess.run(
        [sys.executable, "-I", str(CHILD)],
        input=json.dumps(order) + "\n",
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert json.loads(done.stdout)["wrong"]["sort"] == "interrupt"
