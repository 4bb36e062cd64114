"""Rows as a sheet: typed cells, links to things, a page that says what it is.

Texts are written as texts, so that nothing becomes a formula. A value that is
a range keeps its text, and its lower and upper end stand beside it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from latticework.base.refs import find_ref
from latticework.model.model import Field, Model
from latticework.model.values import QUANTITIES, Measure, parse_value

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_000_000
"""What a sheet holds, less its heading."""

LONGEST = 32_767
"""Letters of a cell."""

MOST_LINKS = 60_000
"""A sheet holds so many addresses that can be clicked."""

_EPOCH = date(1970, 1, 1)
_LEAST_YEAR = 1900
_WIDEST = 60
_SAMPLE = 200

Plain = str | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A column of a sheet: its heading, and its cell of each row."""

    name: str
    cells: tuple[Plain, ...]
    sort: str = "text"


def sheet_of(
    title: str,
    rows: Iterable[Mapping[str, object]],
    about: Sequence[tuple[str, str]],
    *,
    model: Model,
    address: Callable[[str], str] | None = None,
) -> bytes:
    """A sheet of rows and one about them; `address` gives where a ref leads."""
    import xlsxwriter

    kept, left_out = _bounded(rows)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    book.set_properties({"title": title})
    columns = [made for name in _names(kept) for made in _columns(name, kept, model)]
    _write_rows(book, columns, len(kept), address)
    told = [*about, ("Rows", f"{len(kept):,}")]
    if left_out:
        told.append(("Left out", "further rows, more than a sheet holds"))
    _write_about(book, title, told)
    book.close()
    return file.getvalue()


def _bounded(rows: Iterable[Mapping[str, object]]) -> tuple[list[Mapping[str, object]], bool]:
    kept: list[Mapping[str, object]] = []
    for row in rows:
        if len(kept) == MOST_ROWS:
            return kept, True
        kept.append(row)
    return kept, False


def _names(rows: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows[:_SAMPLE] for name in row))


def _columns(name: str, rows: Sequence[Mapping[str, object]], model: Model) -> list[Made]:
    """A column, and those of both ends where a value of it is a range."""
    values = [row.get(name) for row in rows]
    field = _field(name, values, rows, model)
    if field is None:
        return [Made(name, tuple(_plain(each) for each in values), _sort(name, values))]
    read = [parse_value(field, each) if isinstance(each, str) else None for each in values]
    ends = [_ends(field, each) for each in read]
    sort = "day" if field.type == "day" else "share" if field.type == "ratio" else "number"
    if all(low == high for low, high in ends) and _all_read(values, ends):
        return [Made(name, tuple(low for low, _ in ends), sort)]
    return [
        Made(name, tuple(_plain(each) for each in values)),
        Made(f"{name}, low", tuple(low for low, _ in ends), sort),
        Made(f"{name}, high", tuple(high for _, high in ends), sort),
    ]


def _field(
    name: str, values: Sequence[object], rows: Sequence[Mapping[str, object]], model: Model
) -> Field | None:
    """The declared quantity or day that a column of texts holds."""
    if not any(isinstance(each, str) for each in values):
        return None
    kinds = dict.fromkeys(
        str(row.get("kind") or str(row.get("ref", "")).partition("/")[0]) for row in rows
    )
    for word in kinds:
        kind = model.find_kind(word)
        field = kind.fields_by_name.get(name) if kind else None
        if field is not None and not field.many and field.type in {*QUANTITIES, "day"}:
            return field
    return None


def _ends(field: Field, measure: Measure | None) -> tuple[Plain, Plain]:
    if measure is None or measure.low is None or measure.high is None:
        return None, None
    if field.type == "day":
        return _day(measure.low), _day(measure.high)
    low, high = measure.low, measure.high
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def _day(days: float) -> date | None:
    """A day that a sheet can hold; its calendar begins in 1900."""
    try:
        day = _EPOCH + timedelta(days=math.floor(days))
    except (OverflowError, ValueError):
        return None
    return day if day.year >= _LEAST_YEAR else None


def _all_read(values: Sequence[object], ends: Sequence[tuple[Plain, Plain]]) -> bool:
    """Whether no text would be lost: each was one number or day."""
    return all(
        low is not None or value is None for value, (low, _) in zip(values, ends, strict=True)
    )


def _plain(value: object) -> Plain:
    match value:
        case None | bool() | str() | datetime() | date():
            return value
        case int() | float():
            return float(value) if math.isfinite(value) else str(value)
        case Mapping():
            from latticework.surfaces.data import to_json

            return to_json(value)
        case Iterable():
            return "; ".join(str(each) for each in value)
        case _:
            return str(value)


def _sort(name: str, values: Sequence[object]) -> str:
    """Whether a column holds refs, numbers or texts."""
    texts = [each for each in values[:_SAMPLE] if each is not None]
    if texts and all(isinstance(each, str) and find_ref(each) == each for each in texts):
        return "ref"
    if texts and all(isinstance(each, int | float) for each in texts):
        return "number"
    return "text"


def _write_rows(
    book: xlsxwriter.Workbook,
    columns: Sequence[Made],
    count: int,
    address: Callable[[str], str] | None,
) -> None:
    page = book.add_worksheet("Rows")
    head = book.add_format({"bold": True, "bottom": 1, "bottom_color": "#CBC5B7"})
    formats = {
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "share": book.add_format({"num_format": "0.##%"}),
        "number": book.add_format({"num_format": "#,##0.##"}),
    }
    links = 0
    for at, column in enumerate(columns):
        page.write_string(0, at, column.name, head)
        page.set_column(at, at, _width(column), formats.get(column.sort))
        for line, value in enumerate(column.cells, start=1):
            is_link = column.sort == "ref" and address is not None and links < MOST_LINKS
            if is_link and isinstance(value, str) and value:
                assert address is not None
                links += 1
                page.write_url(line, at, address(value), string=value[:LONGEST])
            else:
                _write(page, line, at, value, formats)
    page.freeze_panes(1, 0)
    if count and columns:
        page.autofilter(0, 0, count, len(columns) - 1)


def _write(
    page: Worksheet, line: int, at: int, value: Plain, formats: Mapping[str, Format]
) -> None:
    match value:
        case None | "":
            return
        case bool():
            page.write_string(line, at, "yes" if value else "no")
        case datetime() | date():
            page.write_datetime(line, at, value, formats["day"])
        case str():
            page.write_string(line, at, value[:LONGEST])
        case _:
            page.write_number(line, at, value)


def _width(column: Made) -> float:
    longest = max((len(str(each or "")) for each in column.cells[:_SAMPLE]), default=0)
    return min(max(longest, len(column.name)) + 2, _WIDEST)


def _write_about(book: xlsxwriter.Workbook, title: str, about: Sequence[tuple[str, str]]) -> None:
    """What the sheet is: of which company, what was asked, as of when."""
    page = book.add_worksheet("About")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 80)
    for line, (name, value) in enumerate([("Page", title), *about]):
        page.write_string(line, 0, name, bold)
        page.write_string(line, 1, value[:LONGEST], wrap)
