"""Source: xlsx."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.content import Content
from latticework.sources.rows import HEAD, Row, header_of, record_reader, uneven
from latticework.sources.source import binary_source
from latticework.sources.tree import LARGEST_FILE, Fields, Items, Read, unreadable

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LARGEST_SHEET = 4_000_000_000
"""Bytes of a sheet once it is unpacked; it is read in a stream."""

MOST_PACKED = 1_000
"""How many times its packed size a part may have; beyond it nobody meant it to be read."""

LONGEST = 1_048_576
"""Rows; no sheet has more."""

WIDEST = 2_000
"""Columns; what stands further right is left out, with a finding."""

MOST_MERGED = 10_000
"""Merged areas that are told apart; further ones are not filled."""

CHUNK = 1_000_000

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)"')
_OVERLAP = 200
_CODE = re.compile(r'\[\$([^\]\-]+)[^\]]*\]|([€$£¥])|"\s*([A-Z]{3})\s*"')
_QUOTED = re.compile(r'"[^"]*"|\\.')
_DIGITS = 15
_DAMAGED = (
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError),
    *(RuntimeError, EOFError, OSError, SyntaxError),
    *(BadZipFile, ParseError, zlib.error),
)
"""All that the library raises where a workbook is not as it should be."""


class _Sheet(NamedTuple):
    """A sheet of a workbook: its name, how to read it, and which cells reach down."""

    name: str
    lines: ReadOnlyWorksheet
    merged: Mapping[int, Mapping[int, int]]


@binary_source(reads=(".xlsx", ".xlsm"))
def xlsx(content: Content, size: int) -> Iterator[Read]:
    """Sheets of a workbook; each is a list of records under its name.

    The first row names the values; lines above it that fill hardly a cell are
    left out, with a finding. Columns of one name are one list. Days and times
    are written as in ISO 8601, formulas as the value they had when the file was
    saved. A number has all its digits and at least the decimals that its cell
    shows (`1.30`), with `%` or a currency where the cell shows one; thousands
    separators are left out, and what a cell rounds away is kept. A cell that
    was merged with those below it counts for each row. Hidden sheets are left
    out, with a finding; hidden rows and columns are read. Cells that hold an
    error are left out, with a finding.
    """
    with _opened(content) as (book, archive):
        hidden = [each.title for each in book.worksheets if each.sheet_state != "visible"]
        findings = tuple(map(_hidden, hidden))
        sheets = _sheets(book, archive, hidden)
        # A workbook may have no sheet that is shown, and even none at all.
        yield Read(Fields(1, 1), findings)
        for sheet in sheets:
            yield from _portions(sheet, size)


@contextmanager
def _opened(content: Content) -> Iterator[tuple[Workbook, ZipFile]]:
    """A workbook to be read in a stream; raises UnreadableError (SOURCE001, SOURCE003)."""
    from openpyxl import load_workbook

    with content.open() as file, _told(), warnings.catch_warnings():
        # What the library does not read of a workbook (pictures, rules) nobody asked for.
        warnings.simplefilter("ignore")
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            hint = "save it as .xlsx, without a password"
            raise unreadable("SOURCE003", "the workbook is locked, or of an old format", hint=hint)
        file.seek(0)
        with ZipFile(file) as archive:
            _refuse_bomb(archive)
            file.seek(0)
            book = load_workbook(file, read_only=True, data_only=True)
            yield book, archive


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever the library raises into an UnreadableError."""
    try:
        yield
    except _DAMAGED as problem:
        says = f"the workbook is damaged: {str(problem) or type(problem).__name__}"
        hint = "open it in a spreadsheet program and save it again"
        raise unreadable("SOURCE003", says[:200], hint=hint) from None


def _refuse_bomb(archive: ZipFile) -> None:
    """Raise UnreadableError (SOURCE001) where unpacking would not end well.

    No part is ever unpacked beyond the size that its directory tells.
    """
    for part in archive.infolist():
        streamed = part.filename.startswith("xl/worksheets/")
        most = LARGEST_SHEET if streamed else LARGEST_FILE * 4
        packed = part.file_size > CHUNK and part.file_size > MOST_PACKED * part.compress_size
        if part.file_size > most or packed:
            says = f"'{part.filename}' would have {part.file_size:,} bytes once it is unpacked"
            hint = "save the workbook again, or export the sheet as CSV"
            raise unreadable("SOURCE001", says, hint=hint)


def _sheets(book: Workbook, archive: ZipFile, hidden: list[str]) -> list[_Sheet]:
    """The sheets that are shown, each looked over once to its end."""
    return [
        _Sheet(str(each.title), each, _looked_over(archive, each._worksheet_path))
        for each in book.worksheets
        if each.title not in hidden
    ]


def _looked_over(archive: ZipFile, path: str) -> Mapping[int, Mapping[int, int]]:
    """For rows on which merged areas begin: by column, the last row of each.

    Raises ParseError where the sheet is no XML to its end.
    """
    from xml.parsers.expat import ExpatError, ParserCreate

    parser = ParserCreate()
    merged: dict[int, dict[int, int]] = {}
    rest, count = b"", 0
    with archive.open(path) as file:
        while chunk := file.read(CHUNK):
            try:
                parser.Parse(chunk, False)
            except ExpatError as problem:
                raise ParseError(str(problem)) from None
            for found in _MERGED.finditer(rest + chunk):
                first, last = int(found[2]), int(found[3])
                if first < last and count < MOST_MERGED:
                    count += 1
                    merged.setdefault(first, {})[_column(found[1])] = last
            rest = chunk[-_OVERLAP:]
    return merged


def _column(letters: bytes) -> int:
    """The place of a column, from 0: A, B, …, Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _portions(sheet: _Sheet, size: int) -> Iterator[Read]:
    """So many rows of a sheet at a time; at least one portion, if an empty one."""
    odd: list[Finding] = []
    rows = _rows(sheet, odd)
    first = list(islice(rows, HEAD))
    header, above = header_of(first)
    names = _trimmed(tuple(name.strip() for name in header.cells))
    record = record_reader(names)
    odd.extend(above)
    below = chain((row for row in first if row.line > header.line), rows)
    some = tuple(islice(below, size))
    while True:
        items = Items(header.line, 1)
        items.extend(map(record, some))
        fields = Fields(1, 1)
        fields[sheet.name] = items
        wide = (row for row in some if len(_trimmed(tuple(row.cells))) > len(names))
        yield Read(fields, (*odd, *uneven(names, wide)))
        odd.clear()
        some = tuple(islice(below, size))
        if not some:
            return


def _rows(sheet: _Sheet, odd: list[Finding]) -> Iterator[Row]:
    """The rows of a sheet as texts; what is odd about their cells goes to `odd`."""
    shapes: dict[int, _Shape] = {}
    held: dict[int, tuple[str, int]] = {}
    # What a sheet says of its own size may be wrong, or meant to harm.
    sheet.lines.reset_dimensions()
    for number, cells in enumerate(islice(sheet.lines.iter_rows(), LONGEST), start=1):
        if len(cells) > WIDEST and any(cell.value is not None for cell in cells[WIDEST:]):
            odd.append(_too_wide(number))
        texts = [_text(cell, shapes, odd) for cell in cells[:WIDEST]]
        for place, (text, last) in tuple(held.items()):
            if number > last:
                del held[place]
            elif place < len(texts) and not texts[place]:
                texts[place] = text
            elif place >= len(texts):
                texts += [""] * (place - len(texts)) + [text]
        for place, last in sheet.merged.get(number, {}).items():
            if place < len(texts) and texts[place]:
                held[place] = texts[place], last
        if any(text and not text.isspace() for text in texts):
            yield Row(texts, number)


def _text(cell: ReadOnlyCell, shapes: dict[int, _Shape], odd: list[Finding]) -> str:
    """What a cell says; empty for an error, with a finding."""
    value = cell.value
    match value:
        case None:
            return ""
        case str() if cell.data_type == "e":
            odd.append(_failed(value, cell.row))
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            style = cell._style_id
            if style not in shapes:
                shapes[style] = _shape(str(cell.number_format))
            return _number(value, shapes[style])
        case datetime():
            bare = value.time() == time() and not _is_timed(str(cell.number_format))
            return value.date().isoformat() if bare else value.isoformat(timespec="seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


class _Shape(NamedTuple):
    """How a cell shows numbers: at least so many decimals, as percent, with a unit."""

    decimals: int
    percent: bool
    unit: str


def _shape(form: str) -> _Shape:
    """What a number format asks for, of its part for what is above zero."""
    first = form.partition(";")[0]
    bare = _QUOTED.sub("", first)
    if "E" in bare.upper():
        return _Shape(0, False, "")
    decimals = re.search(r"\.([0#?]+)", bare)
    code = _CODE.search(first)
    unit = next((group for group in code.groups() if group), "") if code else ""
    return _Shape(decimals[1].count("0") if decimals else 0, "%" in bare, unit.strip())


def _number(value: float, shape: _Shape) -> str:
    """A number in all its digits, with the decimals, the sign and the unit its cell shows."""
    text = str(value) if isinstance(value, int) else format(value, f".{_DIGITS}g")
    number = Decimal(text)
    if not number.is_finite():
        return ""
    if shape.percent:
        number = number.scaleb(2)
    whole, _, rest = format(number, "f").partition(".")
    rest = rest.rstrip("0").ljust(shape.decimals, "0")
    shown = f"{whole}.{rest}" if rest else whole
    if shape.percent:
        return f"{shown}%"
    return f"{shape.unit} {shown}" if shape.unit else shown


def _is_timed(form: str) -> bool:
    """Whether a format shows the time of day."""
    return bool(re.search(r"[hHsS]", _QUOTED.sub("", form)))


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the empty ones at the end."""
    last = next((at for at in range(len(cells), 0, -1) if cells[at - 1].strip()), 0)
    return cells[:last]


def _hidden(name: str) -> Finding:
    says = f"sheet '{name}' is hidden and left out"
    return notice("SOURCE019", says, hint="show it where it is to be read", value=name)


def _failed(value: str, line: int) -> Finding:
    hint = "mend the formula; the cell is left out"
    place = Place(line=line)
    return warning("SOURCE024", f"a cell shows '{value}'", hint=hint, place=place, value=value)


def _too_wide(line: int) -> Finding:
    says = f"the row has cells beyond column {WIDEST:,}, which are left out"
    return warning("SOURCE025", says, hint="split the sheet", place=Place(line=line))
