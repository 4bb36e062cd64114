"""A page's drawing as a file of its own."""

from __future__ import annotations

from latticework.base.findings import Refused, error
from latticework.surfaces.out.svg import grids, lines, nets
from latticework.surfaces.out.svg.ink import Ink, Picture, ink_of, sheet
from latticework.views.page import Page
from latticework.views.visuals import (
    Block,
    Board,
    Canvas,
    Curve,
    Map,
    Matrix,
    Sankey,
    Spread,
    Timeline,
    Visual,
)
from latticework.views.wording import dotted

VISUAL = (Board, Timeline, Map, Matrix, Spread, Curve, Sankey, Canvas)


def drawing_of(page: Page, nth: int = 0, *, dark: bool = False) -> str:
    """The nth drawing of a page as SVG; raises Refused (OUT004) without one."""
    found = [block for block in page.blocks if isinstance(block, VISUAL)]
    if nth >= len(found):
        hint = (
            "take it as CSV, an Excel sheet or Markdown; or look at it as a board, map or timeline"
        )
        raise Refused([error("OUT004", "nothing is drawn on this page", hint=hint)])
    block, ink = found[nth], ink_of(dark=dark)
    note = dotted(page.subtitle, block.note)
    return sheet(picture_of(block, ink), ink, title=block.title or page.title, note=note)


def is_drawn(block: Block) -> bool:
    """Whether a block is a drawing."""
    return isinstance(block, VISUAL)


def picture_of(block: Visual, ink: Ink) -> Picture:
    """One block, drawn."""
    match block:
        case Board():
            return grids.board(block, ink)
        case Timeline():
            return lines.timeline(block, ink)
        case Map():
            return nets.net(block, ink)
        case Matrix():
            return grids.matrix(block, ink)
        case Spread():
            return nets.spread(block, ink)
        case Curve():
            return lines.curve(block, ink)
        case Canvas():
            return grids.canvas(block, ink)
        case Sankey():
            return grids.plain(block.table, ink)
