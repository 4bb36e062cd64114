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
from latticework.graph.log import Load, Log
from latticework.graph.shelf import read_log, write_log
from latticework.graph.timeline import Timeline
from latticework.journal.changes import Change, Connect, Disconnect, Put, Retire
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
        yield from _folds(log, made, load, things)
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


def _replays(log: Log, load: Load, things: int) -> Iterator[Measure]:
    first = measure(
        "present, first time", lambda: everything(fresh(log, load, NOW)), 1, things=things
    )
    yield first
    present = measure(
        "present, all of it", lambda: everything(fresh(log, load, NOW)), things=things, target=700.0
    )
    yield present
    past = measure(
        "a past moment, all of it", lambda: everything(fresh(log, load, MIDDLE)), things=things
    )
    yield past
    known = Moment(MIDDLE.valid, MIDDLE.valid - 90 * DAY_MICROSECONDS)
    yield measure(
        "as known before then", lambda: everything(fresh(log, load, known)), things=things
    )
    ratio = past.value / present.value
    yield Measure(name="past : present", things=things, value=ratio, unit="×", target=2.0)


def fresh(log: Log, load: Load, moment: Moment) -> Graph:
    """A graph for which nothing is kept from an earlier round but read values."""
    log.latest.clear()
    for line in lines_of(log):
        line._kept.clear()
    return Graph(moment=moment, log=log, load=load)


def lines_of(log: Log) -> Iterator[Timeline]:
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


def _folds(log: Log, made: Generated, load: Load, things: int) -> Iterator[Measure]:
    """The same moment by a plain fold in Python: same answers, and the ratio."""
    if things > 100_000:
        return
    changes = [change for batch in made.batches() for change in batch.changes]
    numbered = zip(made.log["valid"].to_list(), range(len(changes)), changes, strict=True)
    order = sorted(numbered, key=lambda each: each[:2])
    folded, slow = timed("a plain fold to a past moment", lambda: _folded(order), things=things)
    yield slow
    replayed, fast = timed(
        "the same by replay", lambda: _replayed(fresh(log, load, MIDDLE)), things=things
    )
    yield fast
    assert folded == replayed
    yield Measure(name="fold : replay", things=things, value=slow.value / fast.value, unit="×")


Cells = dict[str, dict[str, str]]


def _folded(order: list[tuple[int, int, Change]]) -> Cells:
    """The stage of every thing that exists, change by change."""
    alive: dict[str, bool] = {}
    cells: dict[str, dict[str, object]] = {}
    edges: dict[tuple[str, str, str], dict[str, object]] = {}
    for valid, _, change in order:
        if valid > MIDDLE.valid:
            break
        match change:
            case Put():
                alive[change.ref] = True
                cells.setdefault(change.ref, {}).update(change.fields)
            case Retire():
                alive[change.ref] = False
            case Connect():
                key = (change.source, change.link, change.target)
                edges.setdefault(key, {}).update(change.fields)
            case Disconnect():
                edges.pop((change.source, change.link, change.target), None)
    stages = {ref: str(cells[ref].get("stage")) for ref, lives in alive.items() if lives}
    drawn: dict[str, int] = {}
    for source, link, target in edges:
        if alive.get(source) and alive.get(target):
            drawn[link] = drawn.get(link, 0) + 1
    return {"stages": stages, "edges": {link: str(count) for link, count in drawn.items()}}


def _replayed(graph: Graph) -> Cells:
    everything(graph)
    ids = graph.ids_of("any")
    refs, stages = graph.refs.gather(ids), graph.texts("stage", ids)
    counts = {link: len(graph.adjacency(link)) for link in graph.link_names()}
    return {
        "stages": {ref: str(stage) for ref, stage in zip(refs, stages, strict=True)},
        "edges": {link: str(count) for link, count in counts.items()},
    }


def _written(log: Log, folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    write_log(log, folder)
