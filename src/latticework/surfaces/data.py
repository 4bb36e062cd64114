"""Rows for machines: JSON and CSV."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


AT_ONCE = 2_000
"""Rows of an answer that are read together."""


def rows_in_turn(rows: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """Rows part by part, where they are read when they are asked for."""
    from latticework.query.rows import Rows

    if not isinstance(rows, Rows):
        yield from rows
        return
    for skip in range(0, len(rows), AT_ONCE):
        yield from rows.part(skip, AT_ONCE)


def json_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """One JSON array, an object per line, so that a row can be found by eye."""
    before = "["
    for row in rows:
        yield before
        before = f"{to_json(row)},"
    yield "[]" if before == "[" else before[:-1]
    if before != "[":
        yield "]"


def to_json(value: object, *, indent: int | None = None) -> str:
    """A value as JSON text; days and instants in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=plain)


def csv_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A header and a line per row; the columns are those of the first row.

    A text that a spreadsheet would run as a formula gets an apostrophe in
    front. Lists are joined with "; ".
    """
    rest = iter(rows)
    first = next(rest, None)
    if first is None:
        return
    names = list(first)
    yield _csv_line(names)
    for row in itertools.chain([first], rest):
        yield _csv_line([_csv_text(row.get(name)) for name in names])


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay as they are."""
    if not text.startswith(_FORMULA_STARTS) or _is_number(text):
        return text
    return f"'{text}"


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return line.getvalue().removesuffix("\r\n")


def _csv_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case {"since": since, "value": said}:
            return f"{_csv_text(since)} {_csv_text(said)}"
        case Mapping():
            return to_json(value)
        case Iterable():
            return "; ".join(_csv_text(each) for each in value)
        case _:
            return str(plain(value))


def plain(value: object) -> object:
    """A value in one of the forms that JSON has; text where it has none."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case Iterable():
            return list(value)
        case int() | float():
            return value
        case _:
            return str(value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
