"""A page's drawings, each as a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from latticework.base.findings import Refused, error
from latticework.surfaces.out.svg import grids, lines, nets, outlines, streams
from latticework.surfaces.out.svg.ink import Ink, Picture, ink_of, sheet
from latticework.views.blocks import Metric, Tree
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

_DRAWN = (Board, Timeline, Map, Matrix, Spread, Curve, Sankey, Canvas, Tree)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Something on a page that can be drawn: its title, what stands below it, who draws it."""

    title: str
    note: str
    draw: Callable[[Ink], Picture]


def drawings_of(blocks: Sequence[Block]) -> tuple[Drawing, ...]:
    """Every drawing among blocks, in their order; numbers that stand alone come last, together."""
    found = [_drawing(block) for block in blocks if isinstance(block, _DRAWN)]
    numbers = [block for block in blocks if isinstance(block, Metric)]
    if numbers:
        title = "In numbers"
        found.append(Drawing(title=title, note="", draw=lambda ink: outlines.metrics(numbers, ink)))
    return tuple(found)


def drawing_of(page: Page, nth: int = 0, *, dark: bool = False) -> str:
    """The nth drawing of a page as SVG; raises Refused (OUT004) without one."""
    found = drawings_of(page.blocks)
    if nth >= len(found):
        hint = (
            "take it as CSV, an Excel sheet or Markdown; or look at it as a board, map or timeline"
        )
        raise Refused([error("OUT004", "nothing is drawn on this page", hint=hint)])
    each, ink = found[nth], ink_of(dark=dark)
    note = dotted(page.subtitle, each.note)
    return sheet(each.draw(ink), ink, title=each.title or page.title, note=note)


def _drawing(block: Visual | Tree) -> Drawing:
    return Drawing(title=block.title, note=block.note, draw=lambda ink: picture_of(block, ink))


def picture_of(block: Visual | Tree, ink: Ink) -> Picture:
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
            return streams.sankey(block, ink)
        case Tree():
            return outlines.outline(block, ink)
