"""The tables of a company: a table per kind and link, per interface and reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from latticework.analysis.reading import read_all, read_one
from latticework.analysis.sql.columns import columns_of, frame_of
from latticework.analysis.sql.entries import Entries, history_of
from latticework.analysis.sql.people import People, somebody
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
    Model,
)
from latticework.query import ast
from latticework.query.extent import lookup_of
from latticework.query.people import names_people
from latticework.query.plan import Measured
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
    model, people = graph.model, People(graph)
    yield from (_kind_table(people, kind) for kind in model.kinds)
    yield from (_interface_table(people, each, today) for each in model.interfaces)
    yield from (_link_table(people, link) for link in model.links)
    yield from (_reading_table(graph, bound, today) for bound in model.readings)
    if model.readings:
        yield _readings_table(graph, today)
    if entries is not None:
        yield history_of(entries, people)


# Kinds ---------------------------------------------------------------------------------


def _kind_table(people: People, kind: Kind) -> SqlTable:
    graph = people.graph
    staged = (_STAGE, _CATEGORY) if kind.stages else ()
    apart = {TITLE, kind.stage_field if kind.stages else TITLE}
    fields = [each for each in kind.fields if each.name not in apart]
    own = [
        column for each in fields for column in columns_of(each, nameless=people.names(each, kind))
    ]

    def make() -> pl.DataFrame:
        ids = graph.ids_of(kind.name)
        columns = [_things(people, ids)]
        if staged:
            columns.append(_stages(graph, ids))
        for each in fields:
            read = graph.column(each.name, ids)
            text = somebody(read.text) if people.names(each, kind) else read.text
            columns.append(frame_of(each, text, read.low, read.high, read.unit))
        return _beside(columns)

    says = kind.purpose or f"{kind.family.value}: every {kind.name}"
    named = [replace(each, nameless=kind.people) for each in (_REF, _TITLE)]
    columns = (*named, *staged, *own)
    return SqlTable(name=kind.name, sort="kind", columns=_once(columns), make=make, says=says)


def _things(people: People, ids: Ints) -> pl.DataFrame:
    return pl.DataFrame({"ref": people.refs(ids), TITLE: people.titles(ids)})


def _stages(graph: Graph, ids: Ints) -> pl.DataFrame:
    words, shared = graph.stage_words(ids), graph.stage_categories(ids)
    return pl.DataFrame({STAGE: words, "category": shared})


# Interfaces ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """A field of an interface: what provides it, None where nothing does, and whether it names people."""

    field: Field
    what: Measured | None
    nameless: bool

    def frame(self, run: Run, ids: Ints) -> pl.DataFrame:
        if self.what is None:
            return _absent(self.field, len(ids))
        cells = run.cells(self.what, ids)
        text = somebody(cells.written()) if self.nameless else cells.written()
        low, high = (pl.Series(each) for each in (cells.low, cells.high))
        return frame_of(self.field, text, low, high, cells.units)


def _interface_table(people: People, interface: Interface, today: date) -> SqlTable:
    graph = people.graph
    kinds = graph.model.kinds_of(interface.name)
    fields = [
        _shared(graph.model, interface, each, today)
        for each in interface.fields
        if each.name not in {TITLE, STAGE}
    ]
    staged = (_STAGE, _CATEGORY) if interface.stages else ()

    def make() -> pl.DataFrame:
        ids = graph.ids_of(interface.name)
        words = np.array(graph.kind_names, dtype=object)[graph.kind_codes[ids]]
        columns = [_things(people, ids), pl.DataFrame({"kind": pl.Series(words, dtype=pl.String)})]
        if staged:
            columns.append(_stages(graph, ids))
        run = Run(graph, today, "")
        return _beside([*columns, *(each.frame(run, ids) for each in fields)])

    own = [column for each in fields for column in columns_of(each.field, nameless=each.nameless)]
    nameless = any(each.people for each in kinds)
    ref, title = (replace(each, nameless=nameless) for each in (_REF, _TITLE))
    members = ", ".join(each.name for each in kinds)
    return SqlTable(
        name=interface.name,
        sort="interface",
        columns=_once((ref, _KIND, title, *staged, *own)),
        make=make,
        says=interface.purpose or f"what {members or 'no kind'} have in common",
    )


def _shared(model: Model, interface: Interface, field: Field, today: date) -> _Shared:
    what = _provided(model, interface, field, today)
    kinds = frozenset(each.name for each in model.kinds_of(interface.name))
    named = what is not None and names_people(what, lookup_of(model), kinds)
    return _Shared(field=field, what=what, nameless=field.people or named)


def _provided(model: Model, interface: Interface, field: Field, today: date) -> Measured | None:
    """A shared field, as each kind provides it: worked out where its model says how."""
    asked = ast.Query(
        scope=ast.Scope(ast.Name(interface.name)), show=(ast.Column(ast.Name(field.name)),)
    )
    try:
        plan = resolve(asked, model, today=today)
    except Refused:
        return None
    return plan.show[0].what


def _absent(field: Field, size: int) -> pl.DataFrame:
    """A field that no kind provides."""
    empty = {
        each.name: pl.Series([None], dtype=DTYPES[each.type]).new_from_index(0, size)
        for each in columns_of(field)
    }
    return pl.DataFrame(empty)


# Links ---------------------------------------------------------------------------------


def _link_table(people: People, link: Link) -> SqlTable:
    graph = people.graph
    own = [
        column for each in link.carries for column in columns_of(each, nameless=people.names(each))
    ]
    begins, ends_in = people.link_ends(link)
    ends = (
        SqlColumn(name="source", type=TEXT, says="the ref from which it leads", nameless=begins),
        SqlColumn(name="target", type=TEXT, says="the ref to which it leads", nameless=ends_in),
    )

    def make() -> pl.DataFrame:
        edges = graph.adjacency(link.name)
        gathered = {
            "source": people.refs(edges.sources),
            "target": people.refs(edges.targets),
        }
        columns = [pl.DataFrame(gathered)]
        for each in link.carries:
            read = graph.edge_column(link.name, each.name)
            text = somebody(read.text) if people.names(each) else read.text
            columns.append(frame_of(each, text, read.low, read.high, read.unit))
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
