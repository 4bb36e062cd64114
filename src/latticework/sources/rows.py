"""Rows of a sheet with their lines, whatever separates their cells."""

from __future__ import annotations

import csv as stdlib_csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from latticework.base.findings import Finding, Place, warning
from latticework.sources.tree import LONGEST_VALUE, Fields, Items, Said, unreadable

_SEPARATORS = ",;\t|"
_SAMPLE = 10_000


class Row(NamedTuple):
    """The cells of one row, and the line on which it begins."""

    cells: list[str]
    line: int


class Sheet(NamedTuple):
    """A header, the rows below it, and what was odd about them."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def rows_of(text: str) -> Iterator[Row]:
    """Every row with something in it; raises UnreadableError (SOURCE003).

    The separator (comma, semicolon, tab or bar) is the one that stands most
    often in the first row.
    """
    stdlib_csv.field_size_limit(LONGEST_VALUE * 10)
    first = text.lstrip("\n")[:_SAMPLE].partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = stdlib_csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for row in rows:
            line, before = before + 1, rows.line_num
            if any(cell.strip() for cell in row):
                yield Row(row, line)
    except stdlib_csv.Error as problem:
        hint = "check the quotes before this line"
        raise unreadable("SOURCE003", str(problem), hint=hint, line=rows.line_num) from None


def sheet_of(text: str) -> Sheet:
    """The first row as a header, and the rest; raises UnreadableError."""
    rows = rows_of(text)
    first = next(rows, None)
    header = tuple(name.strip() for name in first.cells) if first else ()
    rest = tuple(rows)
    odd = (
        _uneven(len(row.cells), len(header), row.line)
        for row in rest
        if len(row.cells) != len(header)
    )
    return Sheet(header, rest, tuple(odd))


def record_of(header: tuple[str, ...], row: Row) -> Fields:
    """One row by its header; empty cells are no values, columns of one name a list."""
    line = row.line
    fields = Fields(line, 1)
    for name, cell in zip(header, row.cells, strict=False):
        if cell and not cell.isspace():
            add(fields, name, Said(cell, line))
    return fields


def add(fields: Fields, name: str, said: Said) -> None:
    """A value; several of one name become a list."""
    known = fields.get(name)
    if known is None:
        fields[name] = said
    elif isinstance(known, Items):
        known.append(said)
    else:
        both = Items(said.line)
        both.extend((known, said))
        fields[name] = both


def _uneven(cells: int, columns: int, line: int) -> Finding:
    says = f"the row has {cells} cells, the header {columns}"
    hint = "check quotes and separators in this row"
    return warning("SOURCE007", says, hint=hint, place=Place(line=line))
