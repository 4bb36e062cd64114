"""Pages drawn as text: on a terminal, in a pipe, in a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import groupby

from rich.console import Console
from rich.text import Text

from latticework.surfaces.text_curve import curve_lines
from latticework.surfaces.text_feed import feed_lines
from latticework.surfaces.text_findings import findings_lines
from latticework.surfaces.text_spans import style_cell, style_spans, visible
from latticework.surfaces.text_table import table_lines
from latticework.surfaces.text_timeline import NARROWEST as GANTT_WIDTH
from latticework.surfaces.text_timeline import timeline_lines
from latticework.surfaces.text_why import why_lines
from latticework.surfaces.text_wrap import cut, hung, margin
from latticework.views.blocks import (
    Feed,
    Fields,
    Findings,
    Metric,
    Prose,
    Table,
    Tree,
    Twig,
)
from latticework.views.page import Page
from latticework.views.visuals import Block, Curve, Timeline

INDENT = 2
PROSE_WIDTH = 100
_NARROW_NOTE = 24


@dataclass(frozen=True, slots=True)
class Paper:
    """What is drawn on: `width` None cuts nothing; `glyphs` marks stages."""

    width: int | None = None
    glyphs: bool = False
    zone: tzinfo = UTC

    @property
    def prose_width(self) -> int:
        """Where running text turns into the next line."""
        return min(self.width or PROSE_WIDTH, PROSE_WIDTH)


def draw(page: Page, console: Console, *, zone: tzinfo = UTC) -> None:
    """Draw a page; on anything but a terminal in full width, without colour."""
    width = console.width if console.is_terminal else None
    print_lines(page_lines(page, Paper(width, console.is_terminal, zone)), console)


def print_lines(lines: Iterable[Text], console: Console) -> None:
    """Lines as they are: the layout is ours, so the console wraps nothing."""
    if not console.is_terminal:
        console.file.writelines(f"{line.plain}\n" for line in lines)
        return
    for line in lines:
        console.print(line, soft_wrap=True)


def page_lines(page: Page, paper: Paper) -> list[Text]:
    """A page as lines of styled text."""
    lines = _head(page, paper)
    for sort, blocks in groupby(page.blocks, key=type):
        if sort is Metric:
            drawn = _metric_lines([each for each in blocks if isinstance(each, Metric)], paper)
            lines.extend([Text(), *drawn])
            continue
        for block in blocks:
            drawn = block_lines(block, paper)
            lines.extend([Text(), *drawn] if drawn else [])
    return [*lines, *why_lines(page.blocks, paper.width, INDENT)]


def block_lines(block: Block, paper: Paper) -> list[Text]:
    """One block: its title, what it holds, and what stands below it."""
    match block:
        case Table():
            body = table_lines(block, width=paper.width, indent=INDENT, glyphs=paper.glyphs)
            return _framed(block.title, body if block.rows else [], block, paper)
        case Tree():
            return _framed(block.title, _tree_lines(block.twigs, paper), block, paper)
        case Findings():
            body = findings_lines(block, width=paper.width, indent=INDENT)
            return _framed(block.title, body, block, paper)
        case Feed():
            body = feed_lines(
                block, width=paper.width, indent=INDENT, glyphs=paper.glyphs, zone=paper.zone
            )
            return _framed(block.title, body, block, paper)
        case Fields():
            return [*_title(block.title), *_field_lines(block, paper)]
        case Prose():
            return [*_title(block.title), *_prose_lines(block, paper)]
        case Metric():
            return _metric_lines([block], paper)
        case Curve():
            drawn = curve_lines(block, width=paper.width, indent=INDENT)
            return _framed(block.title, drawn, replace(block.table, title=""), paper)
        case Timeline() if block.bars and (paper.width or 0) >= GANTT_WIDTH:
            body = timeline_lines(block, width=paper.width or GANTT_WIDTH, indent=INDENT)
            return _framed(block.title, body, block.table, paper)
        case _:
            # A visual block: its table says all that its drawing shows.
            return block_lines(block.table, paper)


def _head(page: Page, paper: Paper) -> list[Text]:
    title = Text(visible(page.title), style="bold")
    if page.ref and page.ref != page.title:
        title.append("  ").append(page.ref, style="dim")
    lines = _wrapped(title, paper, 0)
    if page.subtitle:
        lines.extend(_wrapped(Text(visible(page.subtitle), style="dim"), paper, 0))
    return lines


def _title(title: str) -> list[Text]:
    return [Text(visible(title), style="bold")] if title else []


def _framed(
    title: str, body: list[Text], block: Table | Tree | Findings | Feed, paper: Paper
) -> list[Text]:
    """Title, body and note; where the body is empty, what to try instead."""
    if not body:
        body = [
            line
            for place, said in enumerate(block.empty)
            for line in _wrapped(Text(said, style="dim" if place else ""), paper, INDENT)
        ]
    if not body:
        return []
    notes = [_left_out(block), block.note] if isinstance(block, Table) else [block.note]
    below = [
        line
        for note in notes
        if note
        for line in _wrapped(Text(visible(note), style="dim"), paper, INDENT)
    ]
    return [*_title(title), *body, *below]


def _left_out(table: Table) -> str:
    if table.total is None or table.total <= len(table.rows):
        return ""
    return f"{len(table.rows):,} of {table.total:,} shown; --rows 0 shows all"


def _tree_lines(twigs: Sequence[Twig], paper: Paper, before: str = "") -> list[Text]:
    lines = []
    for place, twig in enumerate(twigs):
        last = place == len(twigs) - 1
        joint, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        line = Text(" " * INDENT).append(before + joint, style="dim")
        line.append_text(style_spans(twig.spans, glyphs=paper.glyphs))
        if twig.again:
            line.append("  shown above", style="dim")
        if twig.also:
            named = ", ".join(visible(each.text) for each in twig.also)
            line.append(f"  also under {named}", style="dim")
        if twig.more:
            line.append(f"  and {twig.more:,} more below", style="dim")
        lines.append(cut(line, paper.width))
        lines.extend(_tree_lines(twig.twigs, paper, before + below))
    return lines


def _field_lines(fields: Fields, paper: Paper) -> list[Text]:
    widest = max((len(name) for name, _ in fields.pairs), default=0)
    lines = []
    for name, cell in fields.pairs:
        head = Text(" " * INDENT).append(f"{visible(name):<{widest}}  ", style="dim")
        value = style_cell(cell, glyphs=paper.glyphs)
        lines.extend(hung(head, margin(head.cell_len), value, paper.width))
    return lines


def _prose_lines(prose: Prose, paper: Paper) -> list[Text]:
    lines: list[Text] = []
    for place, paragraph in enumerate(prose.paragraphs):
        lines.extend([Text()] if place and not prose.tight else [])
        lines.extend(_wrapped(style_spans(paragraph, glyphs=paper.glyphs), paper, INDENT))
    return lines


def _metric_lines(metrics: Sequence[Metric], paper: Paper) -> list[Text]:
    label = max(len(each.label) for each in metrics)
    value = max(len(each.value) for each in metrics)
    lines = []
    for each in metrics:
        line = Text(" " * INDENT).append(f"{visible(each.label):<{label}}  ", style="dim")
        line.append(f"{visible(each.value):>{value}}", style="bold")
        note = Text(f"  {visible(each.note)}" if each.note else "", style="dim")
        lines.extend(_noted(line, note, paper.width))
    return lines


def _noted(line: Text, note: Text, width: int | None) -> list[Text]:
    """A number and its note, which goes on beneath where there is room for that."""
    left = len(line.plain) + 2
    if width is None or len(line.plain) + len(note.plain) <= width or width - left < _NARROW_NOTE:
        return [cut(line + note, width)]
    return hung(line.append("  "), margin(left), Text(note.plain.strip(), style="dim"), width)


def _wrapped(text: Text, paper: Paper, indent: int) -> list[Text]:
    width = None if paper.width is None else paper.prose_width
    return hung(margin(indent), margin(indent), text, width)
