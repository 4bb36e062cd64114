"""SQL as surfaces ask it: the tables of a sight, and the answer as a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from latticework.analysis.sql.ask import SqlRows
from latticework.analysis.sql.catalogue import tables_of
from latticework.analysis.sql.table import SqlTable
from latticework.journal.changes import Entry
from latticework.views.ask import plain_words
from latticework.views.blocks import Align, Cell, Column, Sort, Table, cell
from latticework.views.sight import Sight
from latticework.views.why import today_of
from latticework.views.wording import dotted, listed, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

SORTS = {
    "kind": "Kinds",
    "interface": "Interfaces",
    "link": "Links",
    "reading": "Readings",
    "journal": "Journal",
}
"""What tables are of, in the order in which they are listed, each with its heading."""

_NUMBERS = ("BIGINT", "DOUBLE", "INTEGER", "HUGEINT", "DECIMAL", "FLOAT", "SMALLINT", "UBIGINT")


def tables_in(sight: Sight) -> Mapping[str, SqlTable]:
    """The tables of a company at the reader's moment."""

    def entries(most: int) -> tuple[Entry, ...]:
        upto = sight.graph.number
        return tuple(each for each in sight.entries(most) if each.number <= upto)

    return tables_of(sight.graph, today_of(sight), entries)


def table_of_rows(rows: SqlRows, graph: Graph, *, skip: int = 0, most: int = 0) -> Table:
    """What a statement gave, as a table; refs lead to their things."""
    part = rows.rows[skip : skip + most] if most else rows.rows
    columns = tuple(
        Column(each.name, align=Align.RIGHT, sort=Sort.NUMBER)
        if each.type.startswith(_NUMBERS)
        else Column(each.name, sort=_sort(rows, place))
        for place, each in enumerate(rows.columns)
    )
    lines = tuple(
        tuple(_cell(value, column, graph) for value, column in zip(row, columns, strict=True))
        for row in part
    )
    return Table(
        columns=columns,
        rows=lines,
        total=len(rows.rows) if len(part) < len(rows.rows) else None,
        note="" if skip else cut_words(rows),
        empty=("The statement gives no rows.",),
    )


def cut_words(rows: SqlRows) -> str:
    """What is left out of an answer, names of people among it; empty where it is whole."""
    more = f"these are the first {len(rows.rows):,} rows of more" if rows.more else ""
    cut = f"{many(rows.cut, 'value')} too long to be shown whole" if rows.cut else ""
    named = (
        f"SQL tells no people apart: no names in {listed(rows.nameless)}" if rows.nameless else ""
    )
    return dotted(more, cut, named)


def tables_table(tables: Mapping[str, SqlTable]) -> Table:
    """Every table with its columns."""
    rows = tuple(
        (
            cell(SORTS[each.sort]),
            cell(each.written),
            cell(", ".join(column.name for column in each.columns)),
            cell(each.says),
        )
        for sort in SORTS
        for each in tables.values()
        if each.sort == sort
    )
    columns = (
        Column("of"),
        Column("table"),
        Column("columns", wrap=True),
        Column("holds", wrap=True),
    )
    return Table(columns=columns, rows=rows, grouped=True)


def tables_data(tables: Mapping[str, SqlTable]) -> tuple[dict[str, object], ...]:
    """Every table and column, for programs."""
    return tuple(
        {
            "table": each.written,
            "of": each.sort,
            "column": column.name,
            "type": column.type,
            "says": column.says,
        }
        for each in tables.values()
        for column in each.columns
    )


def _sort(rows: SqlRows, place: int) -> Sort:
    """A column of refs is one whose every text has the shape of one."""
    texts = [row[place] for row in rows.rows[:50] if row[place] is not None]
    is_ref = texts and all(isinstance(each, str) and _like_ref(each) for each in texts)
    return Sort.REF if is_ref else Sort.TEXT


def _like_ref(text: str) -> bool:
    kind, slash, slug = text.partition("/")
    return bool(kind and slash and slug) and " " not in text and len(text) < 200


def _cell(value: object, column: Column, graph: Graph) -> Cell:
    if value is None:
        return Cell()
    text = value if isinstance(value, str) else plain_words(value)
    is_ref = column.sort is Sort.REF and graph.find(text) is not None
    return cell(text, ref=text if is_ref else "")
