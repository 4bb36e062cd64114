"""The numbers of a page that can say what they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from latticework.views.blocks import Fields, Metric, Prose, Span, Table, Why
from latticework.views.visuals import Block


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
