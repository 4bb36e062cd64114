"""Fitting styled text into a width."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from latticework.surfaces.text_spans import ELLIPSIS

_NARROWEST = 20

RULER = Console(width=100, no_color=True, force_terminal=False)
"""A console that measures and never prints."""


def hung(first: Text, rest: Text, body: Text, width: int | None) -> list[Text]:
    """Body after `first`, its further lines after `rest`; None wraps nothing."""
    if width is None:
        return [first + body]
    room = max(width - max(first.cell_len, rest.cell_len), _NARROWEST)
    lines = list(body.wrap(RULER, room)) if body else [body]
    for line in lines:
        line.rstrip()
    return [(rest if place else first) + line for place, line in enumerate(lines)]


def margin(indent: int) -> Text:
    """So many spaces."""
    return Text(" " * indent)


def cut(text: Text, width: int | None) -> Text:
    """The text in at most `width` places, with an ellipsis where cut."""
    if width is None or text.cell_len <= width:
        return text
    shown = text.copy()
    shown.truncate(max(width - 1, 0))
    shown.rstrip()
    return shown + Text(ELLIPSIS, style="dim")
