"""View: matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.views.blocks import Cell, cell
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Matrix, Square
from latticework.views.wording import ASK_OTHERWISE, dotted, many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from latticework.views.lens.asked import Asked
    from latticework.views.lens.dimension import Dimension, Part
    from latticework.views.lens.measure import Measured

_EMPTY = (
    "Nothing answers this query, so there is nothing to lay out.",
    *ASK_OTHERWISE,
)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "A question in the query language.", position=1)
    across: str = param(
        "", "What stands at the top: a field, stage, link, kind, or reading.", offers="parts"
    )
    down: str = param("", "What stands at the side, said the same way.", offers="parts")
    measure: str = param("count", "What is counted: count, sum(cost), max(gut) and the like.")
    most: int = param(
        12, "How many columns and rows at most, of what there is most.", rare=True, least=1
    )


@sight_view(Params)
def matrix(sight: Sight, params: Params) -> Page:
    """Where do two things that are said of the same things meet?

    Each cell counts what stands in its row and its column, or adds up a
    reading of it, and is itself a query that gives exactly those things.

      latticework matrix bet --across stage --down health
      latticework matrix enhancement --down 'is joined by' --measure 'count(is written by)'
    """
    from latticework.views.lens.asked import asked_of, usual_query
    from latticework.views.lens.choices import usual_dimensions
    from latticework.views.lens.dimension import dimension_of
    from latticework.views.lens.measure import measure_of
    from latticework.views.lens.worded import headed

    query = params.query or usual_query(sight.graph)
    asked = asked_of(sight, query, limited=False)
    usual = usual_dimensions(asked)
    across = dimension_of(asked, params.across or usual[0], most=params.most)
    down = dimension_of(asked, params.down or usual[1], most=params.most)
    measured = measure_of(asked, params.measure)
    block = _block(asked, across, down, measured)
    return Page(
        title=f"{headed(query, asked.graph)}: {across.word} by {down.word}",
        subtitle=dotted(many(len(asked.ids), "thing"), measured.says),
        blocks=(block,),
        data=Later(lambda: _records(block)),
        query=query,
        usual={"across": across.word, "down": down.word},
    )


def _block(asked: Asked, across: Dimension, down: Dimension, measured: Measured) -> Matrix:
    columns, rows = _shown(across), _shown(down)
    everything = [[measured.over(row.mask & column.mask) for column in columns] for row in rows]
    greatest = max((each.size for line in everything for each in line), default=0.0) or 1.0
    squares = tuple(
        tuple(
            Square(
                text=each.text,
                weight=each.size / greatest,
                query=_query(asked, row, column) if each.text else "",
            )
            for each, column in zip(line, columns, strict=True)
        )
        for line, row in zip(everything, rows, strict=True)
    )
    return Matrix(
        across=tuple(_head(each) for each in columns),
        down=tuple(_head(each) for each in rows),
        squares=squares,
        across_name=across.word,
        down_name=down.word,
        measure=measured.name,
        across_totals=tuple(_total(asked, each, measured) for each in columns),
        down_totals=tuple(_total(asked, each, measured) for each in rows),
        total=Square(text=measured.whole.text, query=asked.further()),
        note=_note(across, down, measured),
        empty=_EMPTY,
    )


def _shown(dimension: Dimension) -> list[Part]:
    return [each for each in dimension.parts if each.mask.any()]


def _head(part: Part) -> Cell:
    return cell(part.name, ref=part.ref, category=part.category)


def _total(asked: Asked, part: Part, measured: Measured) -> Square:
    found = measured.over(part.mask)
    return Square(text=found.text, query=asked.further(part.condition, head=part.head))


def _query(asked: Asked, row: Part, column: Part) -> str:
    """The query of a cell: the kind at its head, where one dimension is the kind."""
    if row.head is None and column.head is None:
        return asked.further(row.condition, column.condition)
    kind, other = (row, column) if row.head is not None else (column, row)
    if other.head is not None or kind.head is None or other.condition is None:
        return asked.further(head=kind.head)
    narrow = asked.under(kind.head, kind.mask)
    expected = other.mask[kind.mask]
    found = narrow.mask(other.condition)
    if found is not None and (found == expected).all():
        return narrow.further(other.condition)
    # A word that this kind does not have says nothing of its things: all are meant.
    return narrow.further() if expected.all() else ""


def _note(across: Dimension, down: Dimension, measured: Measured) -> str:
    doubled = [each.word for each in (across, down) if each.overlaps]
    parts = []
    if doubled:
        words = " and ".join(f"'{each}'" for each in dict.fromkeys(doubled))
        parts.append(f"A thing may stand under several of {words}; in every total it counts once.")
    if measured.note:
        parts.append(measured.note)
    return " ".join(parts)


def _records(block: Matrix) -> Iterator[dict[str, object]]:
    for row, line in zip(block.down, block.squares, strict=True):
        for column, square in zip(block.across, line, strict=True):
            yield {
                block.down_name: row.text,
                f"{block.across_name} (across)"
                if block.across_name == block.down_name
                else block.across_name: column.text,
                block.measure: square.text,
                "query": square.query,
            }
