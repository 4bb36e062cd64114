"""The rows of a table that is written in, as HTML.

Drawn here and not by a template: a page holds hundreds of cells, and what a
template does for each of them took a third of the time of a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Protocol, cast

from markupsafe import Markup

from latticework.surfaces.web.drawing import environment, is_address
from latticework.surfaces.web.sections import Line, Section
from latticework.views.blocks import Align, Cell, Column, Sort, Span, Table, Tone

if TYPE_CHECKING:
    from latticework.surfaces.web.look import Look

SHORT = 20
"""A text of fewer letters is not broken over lines."""

DEEPEST_DRAWN = 9
_AGAIN = (
    ' <small class="nest-again" title="It stands at another place too,'
    ' with what hangs below it there">again</small>'
)


def rows_html(
    table: Table,
    refs: Sequence[str],
    look: Look,
    *,
    first: int = 0,
    kind_paths: Mapping[str, str],
    heads: Mapping[int, Section],
    lines: Sequence[Line] = (),
) -> Markup:
    """A table's rows, those of groups below their headings; `first` of all rows is the first here."""
    paths = {word: look.to(path) for word, path in kind_paths.items()}
    columns = [_Cells(column, look, paths) for column in table.columns]
    drawn: list[str] = []
    for at, row in enumerate(table.rows):
        if at in heads:
            drawn.append(head_html(heads[at], table.columns, look))
        cells = [column.html(each) for column, each in zip(columns, row, strict=True)]
        said = ""
        if lines:
            line = lines[at]
            said = f' data-depth="{line.depth}" data-below="{line.below}"'
            cells[0] = _nested(cells[0], line)
        drawn.append(
            f'<tr role="row" aria-rowindex="{first + at + 2}" data-ref="{escape(refs[at])}"{said}>'
            f"{''.join(cells)}</tr>"
        )
    return Markup("\n".join(drawn))  # noqa: S704  each part is escaped where it is drawn


def head_html(section: Section, columns: Sequence[Column], look: Look) -> str:
    """The heading of a group, with its totals below the columns that they are of."""
    names = [column.name for column in columns]
    totalled = min(
        (at for at, name in enumerate(names) if name in section.totals), default=len(names)
    )
    wide = max(totalled, 1)
    totals = "".join(
        f'<td role="cell"{_right(column)}>{escape(section.totals.get(column.name, ""))}</td>'
        for column in columns[wide:]
    )
    return (
        f'<tr role="row" class="group-head" data-key="{escape(section.key)}">'
        f'<th role="rowheader" scope="colgroup" colspan="{wide}">'
        f'<span class="group-word">{spans_html(section.heading.spans, look)}</span>'
        f' <span class="group-count number">{section.total:,}</span></th>{totals}</tr>'
    )


def spans_html(spans: Sequence[Span], look: Look) -> str:
    """Spans as a page has them: links, stages, numbers that say why."""
    return "".join(_span(each, look) for each in spans)


class _Marks(Protocol):
    """The marks that templates share."""

    def spans(self, parts: Sequence[Span], look: Look) -> str: ...

    def stage(self, word: str, category: str) -> str: ...


def _marks() -> _Marks:
    return cast("_Marks", environment().globals["marks"])


class _Cells:
    """What the cells of one column have in common."""

    def __init__(self, column: Column, look: Look, paths: Mapping[str, str]) -> None:
        self._look = look
        self._paths = paths if column.name == "kind" else {}
        self._open = f'<td role="cell" data-label="{escape(column.name)}"'
        self._class = _right(column) or (' class="ref-cell"' if column.sort is Sort.REF else "")

    def html(self, cell: Cell) -> str:
        """One cell."""
        text = cell.text
        css = self._class or (' class="short"' if len(text) < SHORT else "")
        path = self._paths.get(text)
        if path:
            return f'{self._open}{css}><a href="{escape(path)}">{escape(text)}</a></td>'
        return f"{self._open}{css}>{spans_html(cell.spans, self._look)}</td>"


def _right(column: Column) -> str:
    return ' class="right"' if column.align is Align.RIGHT else ""


def _nested(cell: str, line: Line) -> str:
    """A row's first cell, as far in as it hangs deep."""
    opening, _, rest = cell.partition(">")
    end = f"{_AGAIN}</td>" if line.again else "</td>"
    depth = min(line.depth, DEEPEST_DRAWN)
    return f'{opening}><span class="nest nest-{depth}"></span>{rest.removesuffix("</td>")}{end}'


def _span(span: Span, look: Look) -> str:
    if span.points or span.why:
        return str(_marks().spans((span,), look))
    if span.category:
        return _stage(span.text, span.category)
    text = escape(span.text)
    if span.ref:
        css = ' class="ref"' if span.ref == span.text else _tone(span.tone)
        return f'<a href="{escape(look.thing(span.ref))}" data-ref="{escape(span.ref)}"{css}>{text}</a>'
    if text.startswith("http") and is_address(span.text):
        return f'<a href="{text}" rel="noreferrer noopener">{text}</a>'
    return f"<span{_tone(span.tone)}>{text}</span>" if span.tone is not Tone.PLAIN else text


def _tone(tone: Tone) -> str:
    return f' class="{tone.value}"' if tone is not Tone.PLAIN else ""


@lru_cache(500)
def _stage(word: str, category: str) -> str:
    return str(_marks().stage(word, category))
