"""The graph layer: building, opening, replaying, advancing, deltas."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from bench.generator import END, START, Generated, generated
from bench.run import Measure, measure, timed

from latticework.base.times import DAY_MICROSECONDS, Moment
from latticework.graph.delta import delta
from latticework.graph.extend import EMPTY_LOG, extended
from latticework.graph.graph import Graph
from latticework.graph.log import Log
from latticework.graph.shelf import read_log, write_log
from latticework.model.model import Model

NOW = Moment(END)
MIDDLE = Moment(START + (END - START) // 2)


def measures(things: int) -> Iterator[Measure]:
    """Every target of DESIGN section 6 that the graph alone answers for."""
    made = generated(things, declared="generated")

    def load(_: str) -> Model:
        return made.model

    def build() -> Log:
        return extended(EMPTY_LOG, made.log, load)

    def graph_of(log: Log, moment: Moment) -> Graph:
        return Graph(moment=moment, log=log, load=load)

    log, spent = timed("build from the log", build, things=things)
    assert isinstance(log, Log)
    yield spent
    folder = Path(tempfile.mkdtemp())
    try:
        yield measure("write the cache", lambda: _written(log, folder), 1, things=things)
        warm = measure(
            "warm open",
            lambda: graph_of(read_log(folder, load), NOW).alive,
            things=things,
            target=1000.0,
        )
        yield warm
        log = read_log(folder, load)
        yield from _replays(log, load, things)
        yield from _deltas(graph_of(log, NOW), things)
        yield from _edits(graph_of(log, NOW), made, things)
        yield from _folds(made, things)
    finally:
        shutil.rmtree(folder)


def everything(graph: Graph) -> None:
    """All refs, all typed fields of all kinds, all edges."""
    _ = graph.refs
    for kind in graph.model.kinds:
        ids = graph.ids_of(kind.name)
        for name in kind.fields_by_name:
            graph.column(name, ids)
    for link in graph.model.links:
        graph.adjacency(link.name)


def _replays(log: Log, load: object, things: int) -> Iterator[Measure]:
    assert callable(load)

    def fresh(moment: Moment) -> Graph:
        # Nothing kept from an earlier round, but the values stay read.
        for line in lines_of(log):
            line._kept.clear()
        return Graph(moment=moment, log=log, load=load)

    first = measure("present, first time", lambda: everything(fresh(NOW)), 1, things=things)
    yield first
    present = measure(
        "present, all of it", lambda: everything(fresh(NOW)), things=things, target=700.0
    )
    yield present
    past = measure("a past moment, all of it", lambda: everything(fresh(MIDDLE)), things=things)
    yield past
    known = Moment(MIDDLE.valid, MIDDLE.valid - 90 * DAY_MICROSECONDS)
    yield measure("as known before then", lambda: everything(fresh(known)), things=things)
    ratio = past.value / present.value
    yield Measure(name="past : present", things=things, value=ratio, unit="×", target=2.0)


def lines_of(log: Log) -> Iterator[object]:
    """Every timeline of a log."""
    yield log.existence
    yield log.names.moves
    yield from (cells.line for cells in log.cells.values())
    for edges in log.edges.values():
        yield edges.state
        yield from (cells.line for cells in edges.fields.values())


def _deltas(now: Graph, things: int) -> Iterator[Measure]:
    for days in (7, 90):
        then = now.at(Moment(END - days * DAY_MICROSECONDS))
        found, spent = timed(
            f"delta of {days} days",
            lambda then=then: delta(then, now),
            things=things,
            target=1000.0,
        )
        yield spent
        size = len(found) if hasattr(found, "__len__") else 0
        yield Measure(name=f"differences in {days} days", things=things, value=size, unit="")


def _edits(graph: Graph, made: Generated, things: int) -> Iterator[Measure]:
    """One edit at a time, and the page that shows it."""
    for name, op, columns in (
        ("an edit visible", "put", {"patch": '{"stage":"Doing"}'}),
        ("an edge visible", "connect", {"link": "serves", "object": "epic/t-1", "patch": "{}"}),
    ):
        page(graph)
        number = graph.head

        def edit(op: str = op, columns: dict[str, str] = columns) -> None:
            nonlocal graph, number
            number += 1
            row = dict.fromkeys(made.log.columns) | columns
            row |= {"number": number, "batch": number, "op": op, "subject": "item/t-5"}
            row |= {"known": END + number, "valid": END + number}
            frame = pl.DataFrame([row], schema=made.log.schema)
            graph = graph.advance(frame, Moment(END + number))
            page(graph)

        yield measure(name, edit, 9, things=things, target=50.0)


def page(graph: Graph) -> None:
    """What a page of fifty shows."""
    ids = graph.ids_of("item")[:50]
    graph.titles(ids)
    for name in ("stage", "effort", "owner"):
        graph.column(name, ids)
    graph.adjacency("serves")


def _folds(made: Generated, things: int) -> Iterator[Measure]:
    """The same replay by a plain fold in Python, for the ratio."""
    if things > 100_000:
        return
    batches = list(made.batches())

    def fold() -> None:
        cells: dict[tuple[str, str], object] = {}
        for batch in batches:
            for change in batch.changes:
                for name, value in getattr(change, "fields", {}).items():
                    cells[getattr(change, "ref", ""), name] = value

    yield measure("a plain fold over changes", fold, 1, things=things)


def _written(log: Log, folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    write_log(log, folder)
