"""SQL over a whole company, beside the same question in the query language.

What goals get of the budgets of epics is asked three ways: by the commands, each
a process that opens the company; and in a company that is open already. A
reading's table is asked of a company with the starter pack's words. Times are
processor time, of all threads and of processes that answer.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bench import readings_bench
from bench.run import Measure
from bench.workspaces import workspace_of

from latticework.analysis.sql.ask import Bounds, run_sql
from latticework.analysis.sql.catalogue import tables_of
from latticework.graph.graph import Graph
from latticework.query.ask import ask
from latticework.workspace import Workspace

SQL = """
    select goal.ref as ref, sum(epic.budget_low) as budget
    from goal left join serves on serves.target = goal.ref
    left join epic on epic.ref = serves.source
    group by goal.ref order by goal.ref
"""
ASKED = "goal show sum(budget of is served by epic)"
READING = 'select count(*) as things, sum(low) as hops from readings."hops-to-customer"'
BOUNDS = Bounds(seconds=120.0, rows=50_000)
REPEAT = 5


def measures(things: int) -> Iterator[Measure]:
    """Commands, then the same in an open company, then a reading's table."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "company"
        shutil.copytree(workspace_of(things), folder)
        command = partial(_command, folder)
        command("sql", "select 1")
        yield _measure("sql, as a command", lambda: command("sql", SQL, "--rows=50000"), things)
        yield _measure("ask, as a command", lambda: command("ask", ASKED), things)
        with Workspace.open(folder) as workspace:
            yield from _opened(workspace.graph(), things)
    graph = readings_bench.graph_of(things)
    tables = tables_of(graph, readings_bench.TODAY)
    run_sql(READING, tables, BOUNDS)
    yield _measure("a reading's table in sql", lambda: run_sql(READING, tables, BOUNDS), things)


def _opened(graph: Graph, things: int) -> Iterator[Measure]:
    """Both in a company that is open; each tells of every goal."""
    today = readings_bench.TODAY
    tables = tables_of(graph, today)
    assert len(run_sql(SQL, tables, BOUNDS).rows) == len(ask(graph, ASKED, today=today))
    yield _measure("sql, in an open company", lambda: run_sql(SQL, tables, BOUNDS), things)
    yield _measure("tables and sql", lambda: run_sql(SQL, tables_of(graph, today), BOUNDS), things)
    yield _measure("ask, in an open company", lambda: ask(graph, ASKED, today=today).frame, things)


def _command(folder: Path, *words: str) -> object:
    start = "from latticework.surfaces.cli import main; main()"
    line = [sys.executable, "-c", start, "-C", str(folder), *words, "--json"]
    return json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


def _measure(name: str, function: Callable[[], object], things: int) -> Measure:
    """The median processor time of a call, in milliseconds."""
    times = []
    for _ in range(REPEAT):
        begun = _processor()
        function()
        times.append((_processor() - begun) * 1000)
    return Measure(name=name, things=things, value=median(times))


def _processor() -> float:
    own = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in own)
