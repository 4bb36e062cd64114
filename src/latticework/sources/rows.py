"""Rows of a sheet with their lines, whatever separates their cells."""

from __future__ import annotations

import csv as stdlib_csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import NamedTuple, TextIO

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.content import Content, encoding_of, text_file
from latticework.sources.tree import (
    LARGEST_FILE,
    LONGEST_VALUE,
    Fields,
    Items,
    Read,
    Said,
    unreadable,
)

HEAD = 30
"""Rows among which the header is looked for, and lines by which the separator is told."""

FEW_CELLS = 2
"""A row above the header has no more cells than this with something in them."""

_SEPARATORS = ",;\t|"
_END = "\x04the end\x04"
"""Comes after the last line: where a quote is open, it lands in a cell."""

_SAMPLE = 10_000
_TOLD = re.compile(r"sep=([,;\t|:^~])\s*\Z")


class Row(NamedTuple):
    """The cells of one row, and the line on which it begins."""

    cells: list[str]
    line: int


class Sheet(NamedTuple):
    """A header, the rows below it, and what was odd about them."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


Lines = AbstractContextManager[TextIO]
"""A text from its beginning, line ends as they are."""


@dataclass(frozen=True)
class LongSheet:
    """A sheet that need not be held: its header, and its rows as often as wanted.

    `above` is the line of the header; `findings` are those of the whole.
    """

    header: tuple[str, ...]
    above: int
    findings: tuple[Finding, ...]
    _every: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """The rows below the header that have something in them."""
        return (row for row in self._every() if row.line > self.above)


def sheet_of(text: str) -> Sheet:
    """The header of a text and the rows below it; raises UnreadableError (SOURCE003)."""
    sheet = long_sheet_of(text)
    rest = tuple(sheet.rows())
    return Sheet(sheet.header, rest, (*sheet.findings, *uneven(sheet.header, rest)))


def long_sheet_of(text: str) -> LongSheet:
    """The sheet that a text holds; raises UnreadableError (SOURCE003)."""
    return _long_sheet(lambda: nullcontext(io.StringIO(text, newline="")), ())


def long_sheet(content: Content) -> LongSheet:
    """The sheet that some bytes hold, in whatever encoding.

    It is looked over once, so that nothing is taken of a sheet that cannot be
    read to its end: raises UnreadableError (SOURCE002, SOURCE003).
    """
    written = encoding_of(content)
    return _long_sheet(lambda: text_file(content, written.encoding), written.findings)


def portions(
    sheet: LongSheet, record: Callable[[Row], Fields], size: int
) -> Iterator[tuple[tuple[Row, ...], Read]]:
    """So many rows at a time, and their records; at least one portion, if an empty one."""
    rows, findings = sheet.rows(), sheet.findings
    some = tuple(islice(rows, size))
    while True:
        items = Items(1, 1)
        items.extend(map(record, some))
        yield some, Read(items, (*findings, *uneven(sheet.header, some)))
        some, findings = tuple(islice(rows, size)), ()
        if not some:
            return


def uneven(header: tuple[str, ...], rows: Iterable[Row]) -> tuple[Finding, ...]:
    """Findings for rows that are wider or narrower than the header."""
    columns = len(header)
    return tuple(
        _uneven(len(row.cells), columns, row.line) for row in rows if len(row.cells) != columns
    )


def record_reader(header: tuple[str, ...]) -> Callable[[Row], Fields]:
    """Makes a record of a row; empty cells are no values, columns of one name a list."""
    return partial(_record if len(set(header)) == len(header) else _listed_record, header)


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


def _record(header: tuple[str, ...], row: Row) -> Fields:
    line = row.line
    fields = Fields(line, 1)
    for name, cell in zip(header, row.cells, strict=False):
        if cell and not cell.isspace():
            fields[name] = Said(cell, line)
    return fields


def _listed_record(header: tuple[str, ...], row: Row) -> Fields:
    line = row.line
    fields = Fields(line, 1)
    for name, cell in zip(header, row.cells, strict=False):
        if cell and not cell.isspace():
            add(fields, name, Said(cell, line))
    return fields


def _long_sheet(lines: Callable[[], Lines], findings: tuple[Finding, ...]) -> LongSheet:
    with lines() as begun:
        separator, skipped = _separator(list(islice(_bounded(begun), HEAD)))

    def every() -> Iterator[Row]:
        with lines() as begun:
            yield from _rows(begun, separator, skipped)

    rows = every()
    first = list(islice(rows, HEAD))
    # The rest is looked over, so that a broken quote is met before anything is taken.
    for _ in rows:
        pass
    header, odd = header_of(first)
    names = tuple(name.strip() for name in header.cells)
    return LongSheet(names, header.line, (*findings, *odd), every)


def header_of(rows: list[Row]) -> tuple[Row, tuple[Finding, ...]]:
    """The row that names the columns, and a notice where others stand above it.

    Titles and addresses above a sheet fill a cell or two, its header many more.
    """
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in rows]
    widest = max(filled, default=0)
    spot = 0
    while spot < len(rows) and filled[spot] <= FEW_CELLS and filled[spot] * 2 < widest:
        spot += 1
    if not rows:
        return Row([], 0), ()
    if not spot:
        return rows[0], ()
    lines = "line is" if spot == 1 else "lines are"
    says = f"the header is taken from line {rows[spot].line}; {spot} {lines} left out above it"
    hint = "take out what stands above the header where this is another row"
    return rows[spot], (notice("SOURCE018", says, hint=hint, place=Place(line=rows[spot].line)),)


def _separator(lines: list[str]) -> tuple[str, int]:
    """Comma, semicolon, tab or bar, and how many lines do nothing but name it.

    It is the one that stands most often in the first row, or, where that has
    hardly any, in the row below that has most.
    """
    if lines and (told := _TOLD.match(lines[0])):
        return told[1], 1
    sample = [line[:_SAMPLE] for line in lines if line.strip()] or [""]
    counts = [
        max((line.count(each), -at) for at, each in enumerate(_SEPARATORS)) for line in sample
    ]
    best = counts[0] if counts[0][0] >= FEW_CELLS else max(counts)
    if best[0] <= 1:
        best = counts[0]
    return _SEPARATORS[-best[1]], 0


def _rows(lines: TextIO, separator: str, skipped: int) -> Iterator[Row]:
    """Every row with something in it; raises UnreadableError (SOURCE003)."""
    stdlib_csv.field_size_limit(LONGEST_VALUE * 10)
    rest = chain(islice(_bounded(lines), skipped, None), (_END,))
    rows = stdlib_csv.reader(rest, delimiter=separator)
    before = skipped
    try:
        for row in rows:
            line, before = before + 1, rows.line_num + skipped
            if row and row[-1].endswith(_END):
                if row != [_END]:
                    raise _unclosed(line)
                return
            if any(cell and not cell.isspace() for cell in row):
                yield Row(row, line)
    except stdlib_csv.Error as problem:
        hint = "check the quotes before this line"
        line = rows.line_num + skipped
        raise unreadable("SOURCE003", str(problem), hint=hint, line=line) from None


def _unclosed(line: int) -> Exception:
    says = "a quote in this row is not closed before the file ends"
    hint = "close it, or see whether the file is whole"
    return unreadable("SOURCE003", says, hint=hint, line=line)


def _bounded(text: TextIO) -> Iterator[str]:
    """Lines as they are; raises UnreadableError (SOURCE003) at one that no sheet has."""
    for number, line in enumerate(iter(partial(text.readline, LARGEST_FILE), ""), start=1):
        if len(line) == LARGEST_FILE:
            says = f"the line has {LARGEST_FILE:,} characters or more"
            raise unreadable("SOURCE003", says, hint="check where lines end", line=number)
        yield line


def _uneven(cells: int, columns: int, line: int) -> Finding:
    says = f"the row has {cells} cells, the header {columns}"
    hint = "check quotes and separators in this row"
    return warning("SOURCE007", says, hint=hint, place=Place(line=line))
