"""Spans and cells as styled text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.text import Text

from latticework.views.blocks import Cell, Span, Tone

ELLIPSIS = "…"
STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.DIM: "dim",
    Tone.GOOD: "green",
    Tone.WARN: "yellow",
    Tone.BAD: "red",
}
_CATEGORIES = {
    "proposed": ("blue", "○"),
    "active": ("yellow", "◐"),
    "done": ("green", "●"),
    "dropped": ("bright_black", "✕"),
}
_BARS = "▁▂▃▄▅▆▇█"
_OTHER_CATEGORY = ("magenta", "◇")


def style_spans(spans: Iterable[Span], *, glyphs: bool, strong: bool = False) -> Text:
    """Spans in their colours; control characters are shown, never obeyed."""
    text = Text()
    for span in spans:
        words = visible(span.text)
        if span.points:
            text.append(spark_of(span.points) + " " * bool(words), style="dim")
        if span.category:
            style, glyph = _CATEGORIES.get(span.category, _OTHER_CATEGORY)
            words = f"{glyph} {words}" if glyphs else words
        else:
            style = STYLES[span.tone]
            if span.tone is Tone.PLAIN and span.ref and span.text == span.ref:
                style = "dim"
        text.append(words, style="bold" if strong and not style else style)
    return text


def style_cell(cell: Cell, *, glyphs: bool, strong: bool = False) -> Text:
    """A cell's spans in their colours."""
    return style_spans(cell.spans, glyphs=glyphs, strong=strong)


def spark_of(points: Sequence[float]) -> str:
    """Values as bars of one character each; a gap where there is none."""
    known = [each for each in points if math.isfinite(each)]
    if len(known) < 2:
        return ""
    least, most = min(known), max(known)
    steps = len(_BARS) - 1
    scale = steps / (most - least) if most > least else 0.0
    return "".join(
        _BARS[round((each - least) * scale)] if math.isfinite(each) else " " for each in points
    )


def visible(text: str) -> str:
    """Text in which line ends are spaces and control characters are marks.

    A title in a journal is other people's text: an escape sequence in it
    would otherwise recolour or rewrite the reader's terminal.
    """
    if text.isprintable():
        return text
    return "".join(_mark(character) for character in text)


def _mark(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "�"
