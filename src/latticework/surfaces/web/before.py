"""Figures as they stood at the moment that a page is compared with.

Marks on things tell what became of each; a number that counts many of them has
no ref to be marked by, so it says beside itself what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from latticework.views.blocks import Metric, Table, Tone
from latticework.views.visuals import Block, Board, Canvas, Matrix

ALL = "all"
MOST_GONE = 12

Place = tuple[str, ...]
"""The sort of a block, its title, and where in it a figure stands."""


@dataclass(frozen=True)
class Before:
    """What each figure said then."""

    figures: Mapping[Place, str]

    def of(self, *place: str) -> str:
        """What stood at a place; empty for nothing."""
        return self.figures.get(place, "")

    def cells(self, table: Table) -> Mapping[Place, str]:
        """By row and column, what the cells of rows said that stood there then."""
        place = ("Table", table.title)
        told = _keys(table) and {
            at[2:]: text for at, text in self.figures.items() if at[:2] == place
        }
        return told or {}

    def gone(self, *place: str, but: Iterable[str]) -> tuple[str, ...]:
        """Names that stood at a place then and do not now; `but` are those that do."""
        here, deep = set(but), len(place)
        names = (each[deep] for each in self.figures if each[:deep] == place and len(each) > deep)
        return tuple(dict.fromkeys(name for name in names if name not in here))[:MOST_GONE]


def before_of(blocks: Iterable[Block]) -> Before:
    """The figures of the blocks of a page."""
    return Before({place: text for block in blocks for place, text in _figures(block)})


def has_figures(blocks: Iterable[Block]) -> bool:
    """Whether any block has figures that may be told beside what they are now."""
    return any(isinstance(each, Metric | Matrix | Canvas | Board | Table) for each in blocks)


def _figures(block: Block) -> Iterator[tuple[Place, str]]:
    match block:
        case Metric():
            yield ("Metric", block.label), block.value
        case Matrix():
            yield from _squares(block)
        case Canvas():
            for _, _, plots in block.families:
                yield from ((("Canvas", each.kind), f"{each.count:,}") for each in plots)
        case Board():
            yield from ((("Board", each.name), f"{each.count:,}") for each in block.piles)
        case Table():
            yield from _cells(block)


def _squares(block: Matrix) -> Iterator[tuple[Place, str]]:
    across = [each.text for each in block.across]
    lines = zip((each.text for each in block.down), block.squares, block.down_totals, strict=False)
    for down, squares, total in (*lines, (ALL, block.across_totals, block.total)):
        named = zip((*across, ALL), (*squares, total), strict=False)
        yield from ((("Matrix", block.title, down, name), each.text) for name, each in named)


def _cells(block: Table) -> Iterator[tuple[Place, str]]:
    """Cells by the text that each row begins with, where that tells rows apart."""
    for key, row in zip(_keys(block), block.rows, strict=False):
        for column, each in zip(block.columns[1:], row[1:], strict=False):
            # What is said quietly speaks of the day, such as "2 weeks ago".
            if not all(span.tone is Tone.DIM for span in each.spans):
                yield ("Table", block.title, key, column.name), each.text


def _keys(table: Table) -> list[str]:
    """What each row begins with; nothing where that does not tell rows apart."""
    keys = [row[0].text for row in table.rows if row]
    return keys if len(set(keys)) == len(table.rows) else []
