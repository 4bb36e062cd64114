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
from latticework.views.visuals import Map, Spread, Strand

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
    shapes, y = list(_ticks(block, ink)), 22.0
    for strand in block.strands:
        height = 12 + max(len(strand.values[:_MOST]), 1) * 5
        for value, _ in block.ticks:
            rule = f"M{_place(block, value):.1f} {y}v{height}"
            shapes.append(shape("path", d=rule, stroke=ink["rule"]))
        shapes.append(text(0, y + height / 2 + 4, fitted(strand.title, _NAMES - 16), ink["ink"]))
        shapes += _values(block, strand, y, ink)
        if not strand.values:
            shapes.append(text(_NAMES, y + height / 2 + 4, strand.said, ink["ink-faint"]))
        y += height + 6
    return Picture(_NAMES + _SCALE + 8, y, tuple(shapes))


def _place(block: Spread, value: float) -> float:
    span = (block.high - block.low) or 1.0
    return _NAMES + min(max((value - block.low) / span, 0.0), 1.0) * _SCALE


def _ticks(block: Spread, ink: Ink) -> Iterator[str]:
    """The words of the scale, the outer two inside it."""
    last = len(block.ticks) - 1
    for at, (value, word) in enumerate(block.ticks):
        anchor = "start" if not at else "end" if at == last else "middle"
        colour = ink["ink-faint"]
        yield text(_place(block, value), 10, word, colour, font_size=11, text_anchor=anchor)


def _values(block: Spread, strand: Strand, y: float, ink: Ink) -> Iterator[str]:
    """One person's value a line: a dot, or a bar where it is a range."""
    for row, (low, high) in enumerate(strand.values[:_MOST]):
        x, middle = _place(block, low), y + 8.5 + row * 5
        width = _place(block, high) - x
        if width < 3:
            yield shape("circle", cx=x, cy=middle, r=2.6, fill=ink["voices"])
        else:
            bar = {"x": x, "y": middle - 2, "width": width, "height": 4, "rx": 2}
            yield shape("rect", fill=ink["voices"], **bar)
