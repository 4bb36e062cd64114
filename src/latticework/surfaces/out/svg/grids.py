"""Boards, matrices and the canvas, laid out for a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.surfaces.out.svg.ink import SERIF, Ink, Picture, Value, fitted, shape, text, wide
from latticework.views.blocks import Cell
from latticework.views.visuals import Board, Canvas, Card, Matrix, Square

PILE, GAP, LINE = 196.0, 14.0, 16.0
_FAMILY = 300.0


def board(block: Board, ink: Ink) -> Picture:
    """Piles side by side, cards in them, lanes beneath each other."""
    shapes, y = list(_heads(block, ink)), 26.0
    for lane in block.lanes:
        if block.across.word:
            head = f"{lane.name}  {lane.count:,}"
            shapes.append(text(0, y + 16, head, ink["ink"], font_family=SERIF, font_size=14))
            y += 26
        deepest = y
        for at, cards in enumerate(lane.cards):
            x, below = at * (PILE + GAP), y
            for card in cards:
                drawn, height = _card(card, x, below, ink)
                shapes += drawn
                below += height + 6
            if lane.left_out[at]:
                more = f"{lane.left_out[at]:,} more"
                shapes.append(text(x + 10, below + 12, more, ink["ink-faint"]))
                below += 18
            deepest = max(deepest, below)
        y = deepest + 10
    return Picture(len(block.piles) * (PILE + GAP) - GAP, y, tuple(shapes))


def _heads(block: Board, ink: Ink) -> Iterator[str]:
    """What each pile is, and how much stands in it."""
    for at, pile in enumerate(block.piles):
        x = at * (PILE + GAP)
        count = f"{pile.count:,}" + (f" of {pile.limit:,}" if pile.limit else "")
        if pile.category:
            yield shape("circle", cx=x + 5, cy=9, r=5, fill=ink.stage(pile.category))
        left = x + (16 if pile.category else 0)
        name = fitted(pile.name, PILE - 24 - wide(count), 13)
        yield text(left, 13, name, ink["ink"], font_size=13, font_weight=600)
        colour = ink["warn" if pile.is_over else "ink-faint"]
        yield text(x + PILE, 13, count, colour, text_anchor="end")
        yield shape("path", d=f"M{x} 20h{PILE}", stroke=ink["rule-strong"])


def _card(card: Card, x: float, y: float, ink: Ink) -> tuple[list[str], float]:
    """A card, and how high it is."""
    lines = _wrapped(card.title, PILE - 20)
    said = [f"{name}: {value.text}" for name, value in card.pairs if value.text]
    height = 12 + LINE * (len(lines) + len(said))
    edge = {"fill": ink["raised"], "stroke": ink["rule"]}
    shapes = [shape("rect", x=x, y=y, width=PILE, height=height, rx=4.0, **edge)]
    for row, words in enumerate(lines):
        shapes.append(text(x + 10, y + 18 + row * LINE, words, ink["ink"]))
    for row, words in enumerate(said, start=len(lines)):
        cut = fitted(words, PILE - 20, 11)
        shapes.append(text(x + 10, y + 18 + row * LINE, cut, ink["ink-faint"], font_size=11))
    return shapes, height


def _wrapped(says: str, room: float) -> list[str]:
    """A text in at most three lines."""
    lines = [""]
    for word in says.split():
        longer = f"{lines[-1]} {word}".strip()
        if wide(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:3]
    if len(lines) > 3:
        kept[-1] += "…"
    return [fitted(each, room) for each in kept]


def matrix(block: Matrix, ink: Ink) -> Picture:
    """Squares as deep as they are heavy, with their totals."""
    side = min(max((wide(each.text) for each in block.down), default=60) + 20, 260)
    widths = [max(wide(each.text, 11) + 16, 64.0) for each in block.across]
    last = 64.0 if block.down_totals else 0.0
    ends = [side + sum(widths[: at + 1]) + 2 * at - 8 for at in range(len(widths))]
    ends.append(side + sum(widths) + 2 * len(widths) + last - 8)
    shapes = list(_line_of_heads(block, ends, ink))
    y = 22.0
    for at, (head, row) in enumerate(zip(block.down, block.squares, strict=True)):
        total = block.down_totals[at] if block.down_totals else None
        shapes += _squares(head, row, total, widths, (side, y), ink)
        y += 28
    if block.across_totals:
        shapes.append(text(0, y + 18, "all", ink["ink-faint"]))
        for end, each in zip(ends, (*block.across_totals, block.total), strict=True):
            shapes.append(_ending(end, y + 18, each.text, ink["ink"], font_weight=600))
        y += 28
    return Picture(ends[-1] + 8, y, tuple(shapes))


def _line_of_heads(block: Matrix, ends: list[float], ink: Ink) -> Iterator[str]:
    for end, head in zip(ends, block.across, strict=False):
        yield _ending(end, 14, head.text, ink["ink-soft"], font_size=11)
    if block.down_totals:
        yield _ending(ends[-1], 14, "all", ink["ink-faint"], font_size=11)


def _ending(end: float, y: float, says: str, colour: str, **look: Value) -> str:
    """A text whose last letter stands at a place."""
    return text(end, y, says, colour, text_anchor="end", **look)


def _squares(
    head: Cell,
    row: tuple[Square, ...],
    total: Square | None,
    widths: list[float],
    at: tuple[float, float],
    ink: Ink,
) -> Iterator[str]:
    side, y = at
    yield text(0, y + 18, fitted(head.text, side - 12), ink["ink-soft"])
    x = side
    for each, width in zip(row, widths, strict=True):
        fill = ink.mixed("accent", "sunk", 0.43 * each.weight)
        yield shape("rect", x=x, y=y, width=width, height=26, rx=3, fill=fill)
        if each.text:
            yield text(x + width - 8, y + 18, each.text, ink["ink"], text_anchor="end")
        x += width + 2
    if total is not None:
        yield text(x + 56, y + 18, total.text, ink["ink"], text_anchor="end", font_weight=600)


def canvas(block: Canvas, ink: Ink) -> Picture:
    """The families side by side, their kinds beneath them with their stages."""
    shapes: list[str] = []
    tops = [0.0, 0.0]
    for at, (family, asks, plots) in enumerate(block.families):
        side = at % 2
        x, y = side * (_FAMILY + 40), tops[side]
        shapes.append(shape("rect", x=x, y=y + 6, width=10, height=10, rx=2, fill=ink[family]))
        shapes.append(
            text(x + 18, y + 16, family.capitalize(), ink["ink"], font_family=SERIF, font_size=16)
        )
        shapes.append(text(x, y + 36, fitted(asks, _FAMILY), ink["ink-faint"]))
        y += 50
        for plot in plots:
            if not plot.count:
                continue
            shapes.append(text(x, y + 12, fitted(plot.many, 130), ink["ink"]))
            left = x + 140
            for _, category, count in plot.stages:
                width = 110 * count / plot.count
                shapes.append(
                    shape(
                        "rect",
                        x=left,
                        y=y + 6,
                        width=max(width - 1, 0.6),
                        height=5,
                        fill=ink.stage(category),
                    )
                )
                left += width
            shapes.append(
                text(x + _FAMILY, y + 12, f"{plot.count:,}", ink["ink"], text_anchor="end")
            )
            y += 20
        tops[side] = y + 16
    return Picture(2 * _FAMILY + 40, max(tops), tuple(shapes))
