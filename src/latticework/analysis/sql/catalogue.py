"""The tables of a company: a table per kind and link, per interface and reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from latticework.analysis.reading import read_all, read_one
from latticework.analysis.sql.columns import columns_of, frame_of
from latticework.analysis.sql.entries import Entries, history_of
from latticework.analysis.sql.table import DTYPES, NUMBER, TEXT, SqlColumn, SqlTable
from latticework.base.findings import Refused
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints
from latticework.model.model import (
    STAGE,
    TITLE,
    BoundReading,
    Field,
    Interface,
    Kind,
    Link,
)
from latticework.query import ast
from latticework.query.resolve import resolve
from latticework.query.run import Run

READINGS = "readings"
_REF = SqlColumn(name="ref", type=TEXT, says="the thing's name in the journal")
_KIND = SqlColumn(name="kind", type=TEXT, says="of which kind it is")
_TITLE = SqlColumn(name=TITLE, type=TEXT, says="what people call it")
_STAGE = SqlColumn(name=STAGE, type=TEXT, says="where it stands, in the kind's own words")
_CATEGORY = SqlColumn(name="category", type=TEXT, says="the word that stages share")


def tables_of(graph: Graph, today: date, entries: Entries | None = None) -> Mapping[str, SqlTable]:
    """Every table by its name in SQL, letter case folded; the first of a name keeps it."""
    found: dict[str, SqlTable] = {}
    for each in _every(graph, today, entries):
        named = _named(each, found)
        found[named.written.replace('"', "").casefold()] = named
    return found


def _named(table: SqlTable, taken: Mapping[str, SqlTable]) -> SqlTable:
    """The table under a name that is free: SQL does not tell letter case apart."""
    if table.written.replace('"', "").casefold() not in taken:
        return table
    return replace(table, name=f"{table.name} ({table.sort})")


def _every(graph: Graph, today: date, entries: Entries | None) -> Iterator[SqlTable]:
    model = graph.model
    yield from (_kind_table(graph, kind) for kind in model.kinds)
    yield from (_interface_table(graph, each, today) for each in model.interfaces)
    yield from (_link_table(graph, link) for link in model.links)
    yield from (_reading_table(graph, bound, today) for bound in model.readings)
    if model.readings:
        yield _readings_table(graph, today)
    if entries is not None:
        yield history_of(entries)


# Kinds ---------------------------------------------------------------------------------


def _kind_table(graph: Graph, kind: Kind) -> SqlTable:
    staged = (_STAGE, _CATEGORY) if kind.stages else ()
    apart = {TITLE, kind.stage_field if kind.stages else TITLE}
    fields = [each for each in kind.fields if each.name not in apart]
    own = [column for each in fields for column in columns_of(each)]

    def make() -> pl.DataFrame:
        ids = graph.ids_of(kind.name)
        columns = [_things(graph, ids)]
        if staged:
            columns.append(_stages(graph, ids))
        for each in fields:
            read = graph.column(each.name, ids)
            columns.append(frame_of(each, read.text, read.low, read.high, read.unit))
        return _beside(columns)

    says = kind.purpose or f"{kind.family.value}: every {kind.name}"
    columns = (_REF, _TITLE, *staged, *own)
    return SqlTable(name=kind.name, sort="kind", columns=_once(columns), make=make, says=says)


def _things(graph: Graph, ids: Ints) -> pl.DataFrame:
    return pl.DataFrame({"ref": graph.refs.gather(ids), TITLE: graph.titles(ids)})


def _stages(graph: Graph, ids: Ints) -> pl.DataFrame:
    words, shared = graph.stage_words(ids), graph.stage_categories(ids)
    return pl.DataFrame({STAGE: words, "category": shared})


# Interfaces ----------------------------------------------------------------------------


def _interface_table(graph: Graph, interface: Interface, today: date) -> SqlTable:
    fields = [each for each in interface.fields if each.name not in {TITLE, STAGE}]
    staged = (_STAGE, _CATEGORY) if interface.stages else ()
    own = [column for each in fields for column in columns_of(each)]

    def make() -> pl.DataFrame:
        ids = graph.ids_of(interface.name)
        kinds = np.array(graph.kind_names, dtype=object)[graph.kind_codes[ids]]
        columns = [_things(graph, ids), pl.DataFrame({"kind": pl.Series(kinds, dtype=pl.String)})]
        if staged:
            columns.append(_stages(graph, ids))
        columns += [_mapped(graph, interface, each, ids, today) for each in fields]
        return _beside(columns)

    members = ", ".join(each.name for each in graph.model.kinds_of(interface.name))
    says = interface.purpose or f"what {members or 'no kind'} have in common"
    columns = (_REF, _KIND, _TITLE, *staged, *own)
    return SqlTable(
        name=interface.name, sort="interface", columns=_once(columns), make=make, says=says
    )


def _mapped(
    graph: Graph, interface: Interface, field: Field, ids: Ints, today: date
) -> pl.DataFrame:
    """A shared field, as each kind provides it: worked out where its model says how."""
    asked = ast.Query(
        scope=ast.Scope(ast.Name(interface.name)), show=(ast.Column(ast.Name(field.name)),)
    )
    try:
        plan = resolve(asked, graph.model, today=today)
    except Refused:
        return _absent(field, len(ids))
    cells = Run(graph, today, "").cells(plan.show[0].what, ids)
    low, high = (pl.Series(each) for each in (cells.low, cells.high))
    return frame_of(field, cells.written(), low, high, cells.units)


def _absent(field: Field, size: int) -> pl.DataFrame:
    """A field that no kind provides."""
    empty = {
        each.name: pl.Series([None], dtype=DTYPES[each.type]).new_from_index(0, size)
        for each in columns_of(field)
    }
    return pl.DataFrame(empty)


# Links ---------------------------------------------------------------------------------


def _link_table(graph: Graph, link: Link) -> SqlTable:
    own = [column for each in link.carries for column in columns_of(each)]
    ends = (
        SqlColumn(name="source", type=TEXT, says="the ref from which it leads"),
        SqlColumn(name="target", type=TEXT, says="the ref to which it leads"),
    )

    def make() -> pl.DataFrame:
        edges = graph.adjacency(link.name)
        gathered = {
            "source": graph.refs.gather(edges.sources),
            "target": graph.refs.gather(edges.targets),
        }
        columns = [pl.DataFrame(gathered)]
        for each in link.carries:
            read = graph.edge_column(link.name, each.name)
            columns.append(frame_of(each, read.text, read.low, read.high, read.unit))
        return _beside(columns)

    says = link.purpose or (f"read backwards: {link.back}" if link.back else "")
    return SqlTable(name=link.name, sort="link", columns=_once((*ends, *own)), make=make, says=says)


# Readings ------------------------------------------------------------------------------

_FIGURES = (
    SqlColumn(name="figure", type=TEXT, says="as people write it"),
    SqlColumn(name="low", type=NUMBER, says="at least"),
    SqlColumn(name="high", type=NUMBER, says="at most"),
)


def _reading_table(graph: Graph, bound: BoundReading, today: date) -> SqlTable:
    """What one reading says of each thing or group; empty where it cannot be read."""

    def make() -> pl.DataFrame:
        answer = read_one(graph, bound, today)
        rows = range(len(answer.ids))
        refs = [graph.ref_of(node) if node >= 0 else None for node in answer.ids.tolist()]
        return pl.DataFrame(
            {
                "ref": pl.Series([each and str(each) for each in refs], dtype=pl.String),
                "name": _names(graph, answer.ids, answer.names),
                "figure": pl.Series([answer.text(row) for row in rows], dtype=pl.String),
                "low": pl.Series(answer.low, dtype=pl.Float64).fill_nan(None),
                "high": pl.Series(answer.high, dtype=pl.Float64).fill_nan(None),
            }
        )

    named = SqlColumn(name="name", type=TEXT, says="the thing or the group")
    says = bound.purpose or f"computed by {bound.computes}"
    return SqlTable(
        name=bound.name,
        schema=READINGS,
        sort="reading",
        columns=(_REF, named, *_FIGURES),
        make=make,
        says=says,
    )


def _names(graph: Graph, ids: Ints, names: tuple[str, ...]) -> pl.Series:
    if names:
        return pl.Series(names, dtype=pl.String)
    return graph.titles(np.maximum(ids, 0)).set(pl.Series(ids < 0), None)


def _readings_table(graph: Graph, today: date) -> SqlTable:
    """Every reading with its figure for the whole."""

    def make() -> pl.DataFrame:
        answers = [(each.bound, each.answer) for each in read_all(graph, today)]
        columns: dict[str, Sequence[object]] = {
            "name": [bound.name for bound, _ in answers],
            "computes": [bound.computes for bound, _ in answers],
            "figure": [answer and answer.whole_text for _, answer in answers],
            "low": [answer and answer.whole.low for _, answer in answers],
            "high": [answer and answer.whole.high for _, answer in answers],
            "says": [answer and answer.says for _, answer in answers],
        }
        numbers = {"low", "high"}
        return pl.DataFrame(
            {
                name: pl.Series(values, dtype=pl.Float64 if name in numbers else pl.String)
                for name, values in columns.items()
            }
        )

    columns = (
        SqlColumn(name="name", type=TEXT, says="what the company calls it"),
        SqlColumn(name="computes", type=TEXT, says="which computation it binds"),
        *_FIGURES,
        SqlColumn(name="says", type=TEXT, says="the same in a sentence"),
    )
    says = "every reading's figure for the whole company"
    return SqlTable(name=READINGS, sort="reading", columns=columns, make=make, says=says)


# Frames --------------------------------------------------------------------------------


def _once(columns: Iterable[SqlColumn]) -> tuple[SqlColumn, ...]:
    """Columns whose names SQL tells apart; a later one of a name is left out."""
    found: dict[str, SqlColumn] = {}
    for each in columns:
        found.setdefault(each.name.casefold(), each)
    return tuple(found.values())


def _beside(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames side by side; a later column of a name is left out."""
    series: dict[str, pl.Series] = {}
    for frame in frames:
        for each in frame.get_columns():
            series.setdefault(each.name, each)
    return pl.DataFrame(list(series.values()))
