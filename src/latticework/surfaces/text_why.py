"""The command that says what a page's numbers are made of."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from rich.text import Text

from latticework.surfaces.text_spans import visible
from latticework.surfaces.text_wrap import hung, margin
from latticework.views.blocks import Fields, Metric, Prose, Span, Table, Why
from latticework.views.catalogue import views
from latticework.views.visuals import Block


def why_lines(blocks: Iterable[Block], width: int | None, indent: int) -> list[Text]:
    """One line for the whole page: the first of its numbers, and how to ask why."""
    asked = tuple(numbers_of(blocks))
    if not asked:
        return []
    text, why = next((each for each in asked if re.search(r"\d", each[0])), asked[0])
    line = Text(visible(f"why {text}: {command_of(why)}"), style="dim")
    return [Text(), *hung(margin(indent), margin(indent), line, width)]


def command_of(why: Why) -> str:
    """The command that leads where a number leads."""
    chosen = dict(why.chosen)
    placed = [each for each in views()[why.view].params if each.position]
    placed.sort(key=lambda each: each.position)
    while placed and placed[-1].name not in chosen:
        placed.pop()
    words = [why.view, *(chosen.pop(each.name, str(each.default)) for each in placed)]
    for name, text in chosen.items():
        words += [f"--{name}", text]
    return f"latticework {shlex.join(words)}"


def numbers_of(blocks: Iterable[Block]) -> Iterator[tuple[str, Why]]:
    """Every number that can say what it is made of, in the order of the page."""
    for block in blocks:
        if isinstance(block, Metric) and block.why:
            yield block.value, block.why
        for span in _spans_of(block):
            if span.why:
                yield span.text, span.why


def _spans_of(block: Block) -> Iterator[Span]:
    match block:
        case Table(rows=rows):
            yield from (span for row in rows for cell in row for span in cell.spans)
        case Fields(pairs=pairs):
            yield from (span for _, cell in pairs for span in cell.spans)
        case Prose(paragraphs=paragraphs):
            yield from (span for each in paragraphs for span in each)
        case _:
            table = getattr(block, "table", None)
            if isinstance(table, Table):
                yield from _spans_of(table)
