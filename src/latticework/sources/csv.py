"""Source: csv."""

from __future__ import annotations

import csv as stdlib_csv
import io

from latticework.base.findings import Finding, Place, warning
from latticework.sources.source import source
from latticework.sources.tree import LONGEST_VALUE, Fields, Items, Read, Said, unreadable

_SEPARATORS = ",;\t|"
_SAMPLE = 10_000


@source(reads=(".csv", ".tsv"))
def csv(text: str) -> Read:
    """Rows of a sheet; every row is a record, named values by the header.

    Columns of one name are one list. The separator (comma, semicolon, tab or
    bar) is the one that stands most often in the header. Rows that are wider
    or narrower than the header are read as far as it goes, with a finding.
    """
    stdlib_csv.field_size_limit(LONGEST_VALUE * 10)
    first = text.lstrip("\n")[:_SAMPLE].partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = stdlib_csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    items, findings = Items(1, 1), []
    header: list[str] = []
    before = 0
    try:
        for row in rows:
            line, before = before + 1, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [name.strip() for name in row]
                continue
            if len(row) != len(header):
                findings.append(_uneven(len(row), len(header), line))
            items.append(_record(header, row, line))
    except stdlib_csv.Error as problem:
        hint = "check the quotes before this line"
        raise unreadable("SOURCE003", str(problem), hint=hint, line=rows.line_num) from None
    return Read(items, tuple(findings))


def _record(header: list[str], row: list[str], line: int) -> Fields:
    """One row; empty cells are no values."""
    fields = Fields(line, 1)
    for name, cell in zip(header, row, strict=False):
        if not cell.strip():
            continue
        said = Said(cell, line)
        known = fields.get(name)
        if known is None:
            fields[name] = said
        elif isinstance(known, Items):
            known.append(said)
        else:
            both = Items(line)
            both.extend((known, said))
            fields[name] = both
    return fields


def _uneven(cells: int, columns: int, line: int) -> Finding:
    says = f"the row has {cells} cells, the header {columns}"
    hint = "check quotes and separators in this row"
    return warning("SOURCE007", says, hint=hint, place=Place(line=line))
