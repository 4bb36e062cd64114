"""Laying a table out in columns of characters."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from latticework.surfaces.text_spans import style_cell
from latticework.surfaces.text_wrap import RULER, cut
from latticework.views.page import Align, Column, Sort, Table

GAP = 2
_STEPS = (10, 6)
"""Widths down to which texts give way, before anything else does."""

_STIFF = (Sort.REF, Sort.NUMBER, Sort.STAGE, Sort.WHEN)


def table_lines(table: Table, *, width: int | None, indent: int, glyphs: bool) -> list[Text]:
    """A table as lines; without a width nothing is cut.

    Names, numbers, stages and days keep their width; texts give way first.
    """
    first = 1 if table.grouped else 0
    columns = table.columns[first:]
    texts = [[style_cell(cell, glyphs=glyphs) for cell in row[first:]] for row in table.rows]
    inner = indent + (2 if table.grouped else 0)
    room = None if width is None else width - inner
    widths = _widths(columns, texts, room)
    lines = _header(columns, widths, inner)
    heading = None
    for row, cells in zip(table.rows, texts, strict=True):
        if table.grouped and row[0].text != heading:
            heading = row[0].text
            lines.append(Text(" " * indent) + style_cell(row[0], glyphs=glyphs, strong=True))
        lines.extend(_row(columns, cells, widths, inner))
    return lines


def _header(columns: Sequence[Column], widths: Sequence[int], indent: int) -> list[Text]:
    if not any(column.name for column in columns):
        return []
    names = [Text(column.name, style="dim") for column in columns]
    return [_line(columns, names, widths, indent)]


def _row(
    columns: Sequence[Column], cells: Sequence[Text], widths: Sequence[int], indent: int
) -> list[Text]:
    """One line, or as many as the longest wrapped cell takes."""
    stacks = [
        cell.wrap(RULER, max(width, 1)) if column.wrap and cell.cell_len > width else [cell]
        for column, cell, width in zip(columns, cells, widths, strict=True)
    ]
    return [
        _line(
            columns,
            [stack[place] if place < len(stack) else Text() for stack in stacks],
            widths,
            indent,
        )
        for place in range(max(map(len, stacks)))
    ]


def _line(
    columns: Sequence[Column], cells: Sequence[Text], widths: Sequence[int], indent: int
) -> Text:
    line = Text(" " * indent)
    for place, (column, cell, width) in enumerate(zip(columns, cells, widths, strict=True)):
        shown = cut(cell, width)
        spare = " " * (width - shown.cell_len)
        line.append(" " * GAP if place else "")
        line.append_text(Text(spare) + shown if column.align is Align.RIGHT else shown + spare)
    line.rstrip()
    return line


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Text]], room: int | None
) -> list[int]:
    natural = [
        max([len(column.name), *(row[place].cell_len for row in rows)])
        for place, column in enumerate(columns)
    ]
    if room is None:
        return natural
    budget = room - GAP * max(len(columns) - 1, 0)
    soft = [place for place, column in enumerate(columns) if column.sort not in _STIFF]
    widths: Sequence[int] = natural
    for narrowest in _STEPS:
        widths = _shrink(widths, soft, budget, narrowest)
    return _shrink(widths, range(len(columns)), budget, 4)


def _shrink(widths: Sequence[int], places: Sequence[int], budget: int, narrowest: int) -> list[int]:
    """Take from the widest of `places`, one step at a time, until all fits."""
    fitted = list(widths)
    while sum(fitted) > budget:
        widest = max(places, key=lambda place: fitted[place], default=None)
        if widest is None or fitted[widest] <= narrowest:
            break
        fitted[widest] -= 1
    return fitted
