"""Maps and spreads as they lie on the page."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.surfaces.out.svg.ink import (
    SERIF,
    Ink,
    Picture,
    Value,
    fitted,
    shape,
    text,
    titled,
)
from latticework.surfaces.web import maps
from latticework.views.visuals import Map, Spread

_FAMILIES = ("context", "intent", "collaboration", "investment", "change", "voices")
_NAMES, _SCALE, _MOST = 260.0, 520.0, 24


def net(block: Map, ink: Ink) -> Picture:
    """Dots, edges between them, clusters round them, colours explained beneath."""
    plan = maps.plan_of(block)
    shapes = [*_regions(plan, ink), *_edges(plan, ink), *_dots(plan, ink), *_legend(plan, ink)]
    return Picture(plan.width, plan.height + 24, tuple(shapes))


def _regions(plan: maps.Plan, ink: Ink) -> Iterator[str]:
    for each in plan.regions:
        yield shape(
            "rect",
            x=each.x,
            y=each.y,
            width=each.width,
            height=each.height,
            rx=10,
            fill=ink["sunk"],
            fill_opacity=0.6,
            stroke=ink["rule"],
        )
        yield text(
            each.x + 12, each.y + 18, each.name, ink["ink-soft"], font_family=SERIF, font_size=13
        )


def _edges(plan: maps.Plan, ink: Ink) -> Iterator[str]:
    tip = shape("path", d="M0 .4 5.8 3 0 5.6Z", fill=ink["edge"])
    yield (
        '<defs><marker id="tip" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="6"'
        f' markerHeight="6" orient="auto">{tip}</marker></defs>'
    )
    for each in plan.lines:
        colour, dashes = (ink["warn"], "3 2.5") if each.against else (ink["edge"], None)
        line = shape(
            "path",
            d=each.path,
            fill="none",
            stroke=colour,
            stroke_opacity=0.6,
            stroke_dasharray=dashes,
            marker_end="url(#tip)",
        )
        yield titled(each.says, [line])


def _dots(plan: maps.Plan, ink: Ink) -> Iterator[str]:
    for each in plan.spots:
        colour = _colour(each.tone, ink)
        hollow = each.hollow
        said = each.dot.title + (f" · {each.dot.kind}" if each.dot.kind else "")
        dot = shape(
            "path",
            d=each.mark,
            fill=ink["paper"] if hollow else colour,
            stroke=ink["bad"] if each.dot.missing else colour if hollow else ink["paper"],
            stroke_width=1.5,
        )
        yield titled(said, [dot])
        if each.words:
            anchor = None if each.beside else "middle"
            weight = 600 if each.focus else None
            halo: dict[str, Value | None] = {
                "paint_order": "stroke",
                "stroke": ink["paper"],
                "stroke_width": 3.0,
            }
            yield text(
                each.text_x, each.text_y, each.label, ink["ink"],
                text_anchor=anchor, font_weight=weight, **halo,
            )  # fmt: skip


def _legend(plan: maps.Plan, ink: Ink) -> Iterator[str]:
    x = 0.0
    for tone, word, count in plan.legend:
        said = f"{word} {count:,}"
        yield shape("circle", cx=x + 5, cy=plan.height + 12, r=5, fill=_colour(tone, ink))
        yield text(x + 16, plan.height + 16, said, ink["ink-soft"])
        x += 34 + len(said) * 7


def _colour(tone: str, ink: Ink) -> str:
    """The colour of a class of dots: a family's, a stage's, or that of a hue."""
    sort, _, word = tone.partition("-")
    if sort == "family":
        return ink[word if word in _FAMILIES else "ink-faint"]
    return ink.hue(word) if sort == "hue" else ink.stage(word)


def spread(block: Spread, ink: Ink) -> Picture:
    """Each thing's values apart, on one scale."""
    shapes: list[str] = []
    span = (block.high - block.low) or 1.0

    def place(value: float) -> float:
        return _NAMES + min(max((value - block.low) / span, 0.0), 1.0) * _SCALE

    for at, (value, word) in enumerate(block.ticks):
        anchor = "start" if not at else "end" if at == len(block.ticks) - 1 else "middle"
        shapes.append(
            text(place(value), 10, word, ink["ink-faint"], font_size=11, text_anchor=anchor)
        )
    y = 22.0
    for strand in block.strands:
        shown = strand.values[:_MOST]
        height = 12 + max(len(shown), 1) * 5
        for value, _ in block.ticks:
            shapes.append(shape("path", d=f"M{place(value):.1f} {y}v{height}", stroke=ink["rule"]))
        shapes.append(text(0, y + height / 2 + 4, fitted(strand.title, _NAMES - 16), ink["ink"]))
        for row, (low, high) in enumerate(shown):
            at_y = y + 8.5 + row * 5
            width = place(high) - place(low)
            if width < 3:
                shapes.append(shape("circle", cx=place(low), cy=at_y, r=2.6, fill=ink["voices"]))
            else:
                shapes.append(
                    shape(
                        "rect",
                        x=place(low),
                        y=at_y - 2,
                        width=width,
                        height=4,
                        rx=2,
                        fill=ink["voices"],
                    )
                )
        if not shown:
            shapes.append(text(_NAMES, y + height / 2 + 4, strand.said, ink["ink-faint"]))
        y += height + 6
    return Picture(_NAMES + _SCALE + 8, y, tuple(shapes))
