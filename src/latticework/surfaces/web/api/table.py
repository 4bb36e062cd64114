"""Rows of a table that is written in: as they are drawn, and what is written in them."""

from __future__ import annotations

from typing import Annotated, Any, cast

from msgspec import Meta, Struct

from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.surfaces.web.grid import Grid
from latticework.surfaces.web.sections import Laid

MOST_ROWS = 500


class Part(Moment, frozen=True, kw_only=True):
    """A query, which of its rows, and the phrase along which they hang below one another."""

    q: Annotated[str, Meta(max_length=20_000)] = ""
    nest: Annotated[str, Meta(max_length=200)] = ""
    first: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    most: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 100


class PartGiven(Struct, frozen=True, kw_only=True):
    """Rows from the first one on: drawn, named, and what is written in each cell."""

    total: int
    head: int
    html: str
    columns: list[dict[str, Any]]
    refs: list[str]
    kinds: list[str]
    raw: list[list[Any]]


@call("GET /api/table", given=Part, gives=PartGiven)
def table_part(asked: Asked[Part, Struct]) -> PartGiven:
    """A part of a table, for pages that draw as much as is seen."""
    from latticework.surfaces.web.pages.asking import answered

    given = asked.given
    sight = asked.site.sight(asked.look)
    shown = answered(sight, asked.look, given.q, first=given.first, most=given.most, headed=False)
    grid = cast("Grid", shown["grid"])
    return PartGiven(
        total=len(cast("Laid", shown["lies"]).rows),
        head=sight.graph.head,
        html=str(shown["drawn_rows"]),
        columns=list(grid.columns),
        refs=list(grid.refs),
        kinds=list(grid.kinds),
        raw=[list(row) for row in grid.raw],
    )
