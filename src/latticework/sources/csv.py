"""Source: csv."""

from __future__ import annotations

from latticework.sources.rows import record_of, sheet_of
from latticework.sources.source import source
from latticework.sources.tree import Items, Read


@source(reads=(".csv", ".tsv"))
def csv(text: str) -> Read:
    """Rows of a sheet; every row is a record, named values by the header.

    Columns of one name are one list. The separator (comma, semicolon, tab or
    bar) is the one that stands most often in the header. Rows that are wider
    or narrower than the header are read as far as it goes, with a finding.
    """
    sheet = sheet_of(text)
    items = Items(1, 1)
    items.extend(record_of(sheet.header, row) for row in sheet.rows)
    return Read(items, sheet.findings)
