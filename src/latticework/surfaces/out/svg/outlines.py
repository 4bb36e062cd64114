"""Outlines line by line, and the numbers that a page begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from latticework.surfaces.out.svg.ink import SERIF, Ink, Picture, fitted, shape, text, wide
from latticework.views.blocks import Metric, Tone, Tree, Twig

LINE, STEP = 22.0, 20.0
_WIDEST = 900.0
_TONES = {Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad", Tone.DIM: "ink-faint"}
_METRIC, _METRIC_HIGH = 220.0, 78.0
_ABREAST = 4
_SIZES = (22.0, 14.0)


def outline(block: Tree, ink: Ink) -> Picture:
    """Lines as far in as they hang deep, each joined to what it hangs below.

    A thing that hangs below several stands under each of them, in the same
    grey italics as on the page where it stands again.
    """
    shapes: list[str] = []
    width, y = 0.0, 0.0
    for twig in block.twigs:
        y, wider = _twig(twig, 0, y, shapes, ink)
        width = max(width, wider)
    return Picture(width, y, tuple(shapes))


def _twig(twig: Twig, depth: int, y: float, shapes: list[str], ink: Ink) -> tuple[float, float]:
    """Draw a line and all below it; where the next line goes, and how wide it is."""
    left, middle = depth * STEP, y + LINE / 2
    width = left + _words(twig, left, middle + 4, shapes, ink)
    below, last = y + LINE, middle
    for each in twig.twigs:
        last = below + LINE / 2
        shapes.append(_join(left, last, ink))
        below, wider = _twig(each, depth + 1, below, shapes, ink)
        width = max(width, wider)
    if twig.more:
        last = below + LINE / 2
        shapes.append(_join(left, last, ink))
        shapes.append(text(left + STEP, last + 4, f"{twig.more:,} more below", ink["ink-faint"]))
        below += LINE
    if last > middle:
        shapes.append(shape("path", d=f"M{left + 5:g} {middle + 8:g}V{last:g}", stroke=ink["rule"]))
    return below, width


def _join(left: float, y: float, ink: Ink) -> str:
    return shape("path", d=f"M{left + 5:g} {y:g}h{STEP - 9:g}", stroke=ink["rule"])


def _words(twig: Twig, left: float, y: float, shapes: list[str], ink: Ink) -> float:
    """What a line says, span by span; how wide that is."""
    x = left
    style = "italic" if twig.again else None
    # Where the title is told, the ref says nothing more to who looks at a drawing.
    spans = [each for each in twig.spans if each.text.strip() != twig.ref] or twig.spans
    for span in spans:
        said = fitted(span.text.strip(), _WIDEST - x)
        if span.category:
            shapes.append(shape("circle", cx=x + 4, cy=y - 4, r=4, fill=ink.stage(span.category)))
            x += 13
        colour = ink["ink-faint" if twig.again else _TONES.get(span.tone, "ink")]
        weight = 600 if span.tone is Tone.STRONG else None
        shapes.append(text(x, y, said, colour, font_style=style, font_weight=weight))
        x += wide(said) + 6
    for note in _notes(twig):
        shapes.append(text(x + 8, y, note, ink["ink-faint"], font_size=11))
        x += 8 + wide(note, 11)
    return x - left


def _notes(twig: Twig) -> Iterator[str]:
    if twig.again:
        yield "the same"
    if twig.also:
        yield "also under " + ", ".join(each.text for each in twig.also)


def metrics(blocks: Sequence[Metric], ink: Ink) -> Picture:
    """Numbers side by side, each under its label and over its note."""
    shapes = []
    for at, each in enumerate(blocks):
        x, y = at % _ABREAST * _METRIC, at // _ABREAST * _METRIC_HIGH
        room, faint = _METRIC - 20, ink["ink-faint"]
        value, size = ink[_TONES.get(each.tone, "ink")], _SIZES[wide(each.value, _SIZES[0]) > room]
        shapes += [
            text(x, y + 12, fitted(each.label, room), ink["ink-soft"]),
            text(
                x, y + 40, fitted(each.value, room, size), value, font_size=size, font_family=SERIF
            ),
            text(x, y + 58, fitted(each.note, room, 11), faint, font_size=11),
        ]
    lines = -(-len(blocks) // _ABREAST)
    return Picture(min(len(blocks), _ABREAST) * _METRIC, lines * _METRIC_HIGH, tuple(shapes))
