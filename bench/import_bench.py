"""How fast histories and long sheets come in, end to end into SQLite and PostgreSQL."""

from __future__ import annotations

import csv
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
from bench.run import Measure, children_of, held_megabytes, peak_megabytes, timed

from latticework.sources.content import file_content
from latticework.sources.intakes.files import Files
from latticework.sources.intakes.intake import PORTION
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace import Workspace
from latticework.workspace.importing import Imported, rarely_collected

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
EXAMPLE = ROOT / "examples" / "kubernetes"
SMALLEST = 10_000
POSTGRES = os.environ.get(
    "LATTICEWORK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
)
EVERY = 0.02
"""Seconds between two looks at what a step holds."""
MOST_MEGABYTES = 600.0
"""What an import of a million rows may hold, the graph it compares with included."""

MODEL = """
company: Harbour
kinds:
  pillar: {family: intent}
  bet:
    family: intent
    fields: {cost: money, due: day}
    stages: {Idea: proposed, Doing: active, Done: done}
    links: {serves: {to: pillar, back: is served by}}
"""
RECIPE = """
recipe: sheet
reads: bets.csv
kinds:
  bet:
    key: id
    fields: {title: name, stage: status, cost: cost, due: due}
    links: {serves: {pillar: pillar}}
"""


def measures(things: int) -> Iterator[Measure]:
    """A sheet of so many rows; at the smallest size also the public histories.

    Each step runs in a process of its own, so that its peak is its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        _write(room, things)
        with Workspace.init(room / "harbour", model_text=MODEL):
            pass
        plain = 0.0
        for step in STEPS:
            if step == CHANGED:
                _alter(room)
            for each in _apart(step, room, things):
                yield each
                if each.name == f"{PLAIN}, processor":
                    plain = each.value
                elif each.name == f"{step}, processor":
                    times = each.value / plain
                    yield Measure(name=f"{step}, to plain", things=things, value=times, unit="x")
        yield from _into_postgres(room, things)
    if things == SMALLEST:
        yield from _histories()


def _into_postgres(room: Path, things: int) -> Iterator[Measure]:
    """The same sheet into a PostgreSQL server, where one answers."""
    schema = f"latticework_bench_{uuid.uuid4().hex[:12]}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as server:
            server.execute(f"CREATE SCHEMA {schema}")
    except psycopg.OperationalError as problem:
        print(f"no PostgreSQL server answers: {str(problem).splitlines()[0]}", file=sys.stderr)
        return
    url = f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{schema}"
    try:
        with Workspace.init(room / "pier", model_text=MODEL, store_url=url):
            pass
        for step in POSTGRES_STEPS:
            yield from _apart(step, room, things)
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"DROP SCHEMA {schema} CASCADE")


def _write(room: Path, things: int) -> None:
    """A recipe, and a sheet of so many rows."""
    chance = random.Random(7)
    (room / "sheet.recipe.yaml").write_text(RECIPE, encoding="utf-8")
    with (room / "bets.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "status", "cost", "due", "pillar"])
        for number in range(things):
            due = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            stage = chance.choice(["Idea", "Doing", "Done"])
            cost = f"EUR {chance.randint(1, 900)}k"
            rows.writerow([f"b-{number}", f"Bet {number}", stage, cost, due, number % 50])


def _alter(room: Path) -> None:
    """The sheet as it is a day later: one row in a thousand changed, a few came and went."""
    path = room / "bets.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    header, rows = lines[0], lines[1:]
    for number in range(0, len(rows), 1000):
        rows[number] = rows[number].replace(",Bet ", ",Better bet ")
    left = [row for number, row in enumerate(rows) if number % 10_000 != 77]
    came = [f"n-{number},New {number},Idea,EUR 5k,2026-02-02,3\n" for number in range(100)]
    path.write_text("".join([header, *left, *came]), encoding="utf-8")


def _plain(room: Path) -> int:
    """The lower bound: each row read as a dict and put into a table, and no more."""
    with closing(sqlite3.connect(room / "plain.db")) as store, (room / "bets.csv").open() as file:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE bets (id PRIMARY KEY, name, status, cost, due, pillar)")
        names = ":id, :name, :status, :cost, :due, :pillar"
        with store:
            done = store.executemany(f"INSERT INTO bets VALUES ({names})", csv.DictReader(file))
        return done.rowcount


def _parsed(room: Path) -> int:
    """Rows as records by the recipe; nothing is compared or recorded."""
    with Workspace.open(room / "harbour") as company:
        text = (room / "sheet.recipe.yaml").read_text(encoding="utf-8")
        recipe = load_recipe(text, file="sheet.recipe.yaml", model=company.model)
    with rarely_collected():
        steps = Files(recipe).portions("bets.csv", file_content(room / "bets.csv"), PORTION)
        return sum(len(step.new) for step in steps)


def _imported(room: Path, home: str = "harbour") -> int:
    """The changes that an import records."""
    with Workspace.open(room / home) as company:
        return company.import_recipe(room / "sheet.recipe.yaml", room / "bets.csv").changes


def _anew(room: Path) -> int:
    """The same as an import of which nothing is remembered."""
    for each in (room / "harbour").glob(".latticework/cache/seen-*"):
        shutil.rmtree(each)
    return _imported(room)


PLAIN = "plain rows into SQLite"
CHANGED = "sheet, changed"
STEPS: Mapping[str, Callable[[Path], int]] = {
    PLAIN: _plain,
    "rows parsed": _parsed,
    "sheet, first time": _imported,
    "sheet, again as anew": _anew,
    "sheet, again": _imported,
    CHANGED: _imported,
}
POSTGRES_STEPS: Mapping[str, Callable[[Path], int]] = {
    "sheet into PostgreSQL, first time": partial(_imported, home="pier"),
    "sheet into PostgreSQL, again": partial(_imported, home="pier"),
}
LEAST = {
    "rows parsed": 20_000.0,
    "sheet, first time": 5_000.0,
    "sheet, again": 20_000.0,
    "sheet into PostgreSQL, first time": 5_000.0,
}
"""Rows or changes a second of processor time that are wanted; more is better."""


def _apart(step: str, room: Path, things: int) -> Iterator[Measure]:
    """One step in a process of its own: its time, its rate and its peak."""
    start = time.perf_counter()
    command = [sys.executable, "-m", __name__, step, str(room)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        together = _held_together(child)
        told, _ = child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    spent = time.perf_counter() - start
    done, seconds, peak = (float(each) for each in told.split())
    yield Measure(name=step, things=things, value=spent * 1000)
    yield Measure(name=f"{step}, processor", things=things, value=seconds * 1000)
    first = step.endswith("first time")
    rate = (done if first else things) / seconds
    unit = "changes/s" if first else "rows/s"
    least = LEAST.get(step, 0.0)
    name = f"{step}, rate by processor"
    yield Measure(name=name, things=things, value=rate, unit=unit, target=least)
    most = MOST_MEGABYTES
    yield Measure(name=f"{step}, peak", things=things, value=peak, unit="MB", target=most)
    name = f"{step}, with its readers, less files"
    yield Measure(name=name, things=things, value=together, unit="MB", target=most)


def _held_together(child: subprocess.Popen[str]) -> float:
    """The most that a process and those it begins hold at a time, mapped files left out."""
    most = 0.0
    while child.poll() is None:
        every = (child.pid, *children_of(child.pid))
        most = max(most, sum(held_megabytes(each).get("RssAnon", 0.0) for each in every))
        time.sleep(EVERY)
    return most


def _histories() -> Iterator[Measure]:
    if not DATA.is_dir():
        print(f"no public histories at {DATA}: left out", file=sys.stderr)
        return
    model = (EXAMPLE / "latticework.yaml").read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.init(Path(folder) / "K", model_text=model) as company,
    ):
        for round_ in ("first time", "again"):
            for name in ("groups", "enhancements"):
                recipe = EXAMPLE / f"{name}.recipe.yaml"
                bundle = DATA / f"{name}.bundle"
                yield from _rates(f"{name}, {round_}", company, recipe, bundle, SMALLEST)


def _rates(
    name: str, company: Workspace, recipe: Path, location: Path, things: int
) -> Iterator[Measure]:
    found, spent = timed(name, lambda: company.import_recipe(recipe, location), things=things)
    assert isinstance(found, Imported)
    yield spent
    if found.changes:
        rate = found.changes / spent.value * 1000
        yield Measure(name=f"{name}, rate", things=things, value=rate, unit="changes/s")


if __name__ == "__main__":
    begun = time.process_time()
    count = {**STEPS, **POSTGRES_STEPS}[sys.argv[1]](Path(sys.argv[2]))
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() - begun + readers.ru_utime + readers.ru_stime
    print(count, spent, peak_megabytes())
