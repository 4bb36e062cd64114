"""View: same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.views.blocks import Column, Sort, Table, Tone, cell
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.wording import many

if TYPE_CHECKING:
    import polars as pl

    from latticework.graph.graph import Graph

_COLUMNS = (
    Column("one"),
    Column("other"),
    Column("because"),
    Column("", sort=Sort.REF),
    Column("", sort=Sort.REF),
)
_EMPTY = (
    "No two things look like one.",
    "Where two are one all the same: latticework join REF INTO",
)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    kind: str = param("", "Only things of this kind.")
    rows: int = param(100, "How many pairs to draw; 0 is all.")


@sight_view(Params)
def same(sight: Sight, params: Params) -> Page:
    """Which things of one kind may be one and the same?

    Pairs with an equal e-mail, an equal name however it is written, or a name
    that differs by a letter or two; the likeliest first. Join them with
    `latticework join`, and split them again where they were two after all.
    """
    # Imported here, as views are listed before any company is opened.
    from latticework.analysis.likeness import likely_pairs

    graph = sight.graph
    pairs = likely_pairs(graph, params.kind)
    shown = pairs.head(params.rows) if params.rows else pairs
    data = tuple(_data(graph, shown))
    rows = tuple(
        (
            cell(str(each["title"]), tone=Tone.STRONG),
            cell(str(each["other title"]), tone=Tone.STRONG),
            cell(str(each["because"])),
            cell(str(each["ref"]), tone=Tone.DIM),
            cell(str(each["other"]), tone=Tone.DIM),
        )
        for each in data
    )
    left = (
        f"{len(pairs) - len(shown):,} more; --rows 0 shows all" if len(pairs) > len(shown) else ""
    )
    return Page(
        title="The same?",
        subtitle=many(len(pairs), "likely pair"),
        blocks=(Table(columns=_COLUMNS, rows=rows, empty=_EMPTY, note=left),),
        data=data,
    )


def _data(graph: Graph, pairs: pl.DataFrame) -> Iterator[dict[str, object]]:
    ends = [pairs[name].to_numpy() for name in ("one", "other")]
    refs = [graph.refs.gather(each).to_list() for each in ends]
    titles = [graph.titles(each).to_list() for each in ends]
    for spot, because in enumerate(pairs["because"].to_list()):
        yield {
            "ref": refs[0][spot],
            "title": titles[0][spot],
            "other": refs[1][spot],
            "other title": titles[1][spot],
            "because": because,
        }
