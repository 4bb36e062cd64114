"""Pages as Markdown: tables, lists, what happened, prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from latticework.views.blocks import (
    Align,
    Cell,
    Feed,
    Fields,
    Findings,
    Metric,
    Prose,
    Span,
    Table,
    Tone,
    Tree,
    Twig,
)
from latticework.views.page import Page
from latticework.views.visuals import Block
from latticework.views.wording import day_words

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_LINE_START = re.compile(r"^(\d*)([#+\-=~.)])(?=\s|$)")


def markdown_of(page: Page) -> str:
    """The whole page as text that other tools read."""
    lines = [f"# {escaped(page.title)}", ""]
    if page.subtitle:
        lines += [f"*{escaped(page.subtitle)}*", ""]
    for block in page.blocks:
        lines += block_lines(block)
    return "\n".join(lines).rstrip() + "\n"


def block_lines(block: Block) -> Iterator[str]:
    """A block, with an empty line behind it; visual ones as their table."""
    title = getattr(block, "title", "")
    if title:
        yield f"## {escaped(title)}"
        yield ""
    yield from _content(block)
    note = getattr(block, "note", "")
    if note:
        yield f"*{escaped(note)}*"
        yield ""


def _content(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block)
        case Tree():
            yield from (line for twig in block.twigs for line in _twig(twig, 0))
            yield ""
        case Prose():
            for spans in block.paragraphs:
                yield ("- " if block.tight else "") + _inline(spans)
                yield from () if block.tight else ("",)
            yield from ("",) if block.tight else ()
        case Feed():
            yield from _feed(block)
        case Findings():
            for each in block.findings:
                place = f" `{each.place.ref}`" if each.place.ref else ""
                hint = f" – {escaped(each.hint)}" if each.hint else ""
                yield f"- **{each.code}**{place} {escaped(each.says)}{hint}"
            yield from () if block.findings else (escaped(each) for each in block.empty)
            yield ""
        case Metric():
            note = f" – {escaped(block.note)}" if block.note else ""
            yield f"**{escaped(block.label)}**: {escaped(block.value)}{note}"
            yield ""
        case Fields():
            for name, value in block.pairs:
                yield f"- **{escaped(name)}**: {_inline(value.spans)}"
            yield ""
        case _:
            yield from _table(block.table)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield from (escaped(each) for each in table.empty)
        yield ""
        return
    columns = table.columns
    yield _row([escaped(each.name) or " " for each in columns])
    yield _row(["---:" if each.align is Align.RIGHT else "---" for each in columns])
    for row in table.rows:
        yield _row([_cell(each) for each in row])
    yield ""
    if table.total is not None and table.total > len(table.rows):
        yield f"*{len(table.rows):,} of {table.total:,} rows.*"
        yield ""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell) -> str:
    return " ".join(_inline(cell.spans).split())


def _inline(spans: tuple[Span, ...]) -> str:
    return "".join(_span(each) for each in spans)


def _span(span: Span) -> str:
    if span.ref and span.text == span.ref:
        return f"`{span.text}`"
    text = escaped(span.text)
    if span.tone is Tone.STRONG and text.strip():
        return f"**{text}**"
    return text


def _twig(twig: Twig, depth: int) -> Iterator[str]:
    again = " *(again)*" if twig.again else ""
    yield "  " * depth + f"- {_inline(twig.spans)}{again}"
    for each in twig.twigs:
        yield from _twig(each, depth + 1)
    if twig.more:
        yield "  " * (depth + 1) + f"- *{twig.more:,} more*"


def _feed(feed: Feed) -> Iterator[str]:
    """What happened, under its day."""
    for day, lines in groupby(feed.lines, key=lambda told: day_words(told.valid)):
        yield f"### {day}"
        yield ""
        for told in lines:
            tail = " – ".join(escaped(each) for each in (told.who, told.why, told.source) if each)
            yield f"- {_inline(told.says)}" + (f" ({tail})" if tail else "")
        yield ""
    if not feed.lines:
        yield from (escaped(each) for each in feed.empty)
        yield ""


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    flat = " ".join(text.split())
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", flat)) if flat else ""
