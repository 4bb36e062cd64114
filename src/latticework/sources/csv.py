"""Source: csv."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.sources.content import Content
from latticework.sources.rows import long_sheet, long_sheet_of, portions, record_reader
from latticework.sources.source import source, together
from latticework.sources.tree import Read


def _portions(content: Content, size: int) -> Iterator[Read]:
    sheet = long_sheet(content)
    for _, read in portions(sheet, record_reader(sheet.header), size):
        yield read


@source(reads=(".csv", ".tsv"), portions=_portions)
def csv(text: str) -> Read:
    """Rows of a sheet; every row is a record, named values by the header.

    Columns of one name are one list. The separator (comma, semicolon, tab or
    bar) is the one that stands most often in the header, or what a first line
    such as `sep=;` says. Lines above the header that fill hardly a cell are
    left out, with a finding. Rows that are wider or narrower than the header
    are read as far as it goes, with a finding. UTF-8, UTF-16 and UTF-32 are
    told by their marks; what is not UTF-8 is read as Windows-1252, with a
    finding.
    """
    sheet = long_sheet_of(text)
    read = portions(sheet, record_reader(sheet.header), max(len(text), 1))
    return together(each for _, each in read)
