"""Laying a table out in columns of characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text

from latticework.surfaces.text_spans import style_cell
from latticework.surfaces.text_wrap import RULER, cut
from latticework.views.blocks import (
    Align,
    Column,
    Sort,
    Table,
)

GAP = 2
_STIFF = (Sort.REF, Sort.NUMBER, Sort.STAGE, Sort.WHEN)


def table_lines(table: Table, *, width: int | None, indent: int, glyphs: bool) -> list[Text]:
    """A table as lines; without a width nothing is cut.

    Numbers, stages and days keep their width; texts give way first, then refs.
    A text that goes on below keeps more of its room than one that is cut.
    """
    first = 1 if table.grouped else 0
    columns = table.columns[first:]
    texts = [[style_cell(cell, glyphs=glyphs) for cell in row[first:]] for row in table.rows]
    inner = indent + (2 if table.grouped else 0)
    room = None if width is None else width - inner
    widths = _widths(columns, texts, room)
    lines = _header(columns, widths, inner)
    if not table.grouped:
        return [*lines, *_rows(columns, texts, widths, inner)]
    # Groups share their columns where all fit; else each makes the best of its room.
    natural = _natural(columns, texts)
    apart = room is not None and sum(natural) > _budget(natural, room)
    pairs = zip(table.rows, texts, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0][0].text):
        members = tuple(group)
        cells = [each for _, each in members]
        heading = style_cell(members[0][0][0], glyphs=glyphs, strong=True)
        lines.append(Text(" " * indent) + heading)
        own = _widths(columns, cells, room) if apart and not _named(columns) else widths
        lines.extend(_rows(columns, cells, own, inner))
    return lines


def _named(columns: Sequence[Column]) -> bool:
    return any(column.name for column in columns)


def _rows(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text]],
    widths: Sequence[int],
    indent: int,
) -> list[Text]:
    return [line for cells in rows for line in _row(columns, cells, widths, indent)]


def _header(columns: Sequence[Column], widths: Sequence[int], indent: int) -> list[Text]:
    if not _named(columns):
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
    gap = ""
    for column, cell, width in zip(columns, cells, widths, strict=True):
        # A column without name or text takes no room, not even its gap.
        if not width:
            continue
        shown = cut(cell, width)
        spare = " " * (width - shown.cell_len)
        line.append(gap)
        line.append_text(Text(spare) + shown if column.align is Align.RIGHT else shown + spare)
        gap = " " * GAP
    line.rstrip()
    return line


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Text]], room: int | None
) -> list[int]:
    natural = _natural(columns, rows)
    if room is None:
        return natural
    budget = _budget(natural, room)
    soft = [place for place, column in enumerate(columns) if column.sort not in _STIFF]
    refs = [place for place, column in enumerate(columns) if column.sort is Sort.REF]
    widths: Sequence[int] = natural
    wrapped = [place for place in soft if columns[place].wrap]
    others = [place for place in soft if not columns[place].wrap]
    # The first text is what a row is called by: it gives way after the rest, and after refs.
    rest = others[1:]
    firsts = ((wrapped, 40), (others, 20), (refs, 28), (rest, 14), (refs, 20), (rest, 10))
    lasts = ((others, 14), (wrapped, 24), (soft, 6), (range(len(columns)), 4))
    for places, narrowest in (*firsts, *lasts):
        widths = _shrink(widths, places, budget, narrowest)
    return list(widths)


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[Text]]) -> list[int]:
    return [
        max([len(column.name), *(row[place].cell_len for row in rows)])
        for place, column in enumerate(columns)
    ]


def _budget(natural: Sequence[int], room: int) -> int:
    """What is left for texts beside the gaps; a column that is empty has none."""
    return room - GAP * max(sum(map(bool, natural)) - 1, 0)


def _shrink(widths: Sequence[int], places: Sequence[int], budget: int, narrowest: int) -> list[int]:
    """Take from the widest of `places`, one step at a time, until all fits."""
    fitted = list(widths)
    while sum(fitted) > budget:
        widest = max(places, key=lambda place: fitted[place], default=None)
        if widest is None or fitted[widest] <= narrowest:
            break
        fitted[widest] -= 1
    return fitted
