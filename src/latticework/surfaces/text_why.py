"""The command that says what a page's numbers are made of."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from rich.text import Text

from latticework.surfaces.text_spans import visible
from latticework.surfaces.text_wrap import hung, margin
from latticework.views.blocks import Why
from latticework.views.catalogue import views
from latticework.views.numbers import numbers_of
from latticework.views.visuals import Block


def why_lines(blocks: Iterable[Block], width: int | None, indent: int) -> list[Text]:
    """One line for the whole page: the first of its numbers, and how to ask why."""
    asked = tuple(numbers_of(blocks))
    if not asked:
        return []
    text, why = next((each for each in asked if re.search(r"\d", each[0])), asked[0])
    line = Text(visible(f"why {text}: {command_of(why)}"), style="dim")
    return [Text(), *hung(margin(indent), margin(indent), line, width)]


def command_of(why: Why) -> str:
    """The command that leads where a number leads."""
    chosen = dict(why.chosen)
    placed = [each for each in views()[why.view].params if each.position]
    placed.sort(key=lambda each: each.position)
    while placed and placed[-1].name not in chosen:
        placed.pop()
    words = [why.view, *(chosen.pop(each.name, str(each.default)) for each in placed)]
    for name, text in chosen.items():
        words += [f"--{name}", text]
    return f"latticework {shlex.join(words)}"
