"""A feed drawn as a timeline: when, who, what, why and from where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

from rich.text import Text

from latticework.base.times import BEGINNING, DAY_MICROSECONDS
from latticework.surfaces.text_spans import style_spans, visible
from latticework.surfaces.text_wrap import hung
from latticework.views.blocks import Feed, Told
from latticework.views.wording import ago, day_words


def feed_lines(
    feed: Feed, *, width: int | None, indent: int, glyphs: bool, zone: tzinfo
) -> list[Text]:
    """Lines of one batch stand under one heading."""
    groups = [tuple(group) for _, group in groupby(feed.lines, key=lambda told: _key(told, zone))]
    lines: list[Text] = []
    for place, group in enumerate(groups):
        lines.append(_heading(group[0], feed.now, indent, zone))
        rail = Text(" " * indent).append("  " if place == len(groups) - 1 else "│ ", style="dim")
        for told in group:
            lines.extend(hung(rail, rail, style_spans(told.says, glyphs=glyphs), width))
        for below in _below(group):
            lines.extend(hung(rail, rail, below, width))
    return lines


def _key(told: Told, zone: tzinfo) -> tuple[object, ...]:
    return (
        told.batch,
        day_words(told.valid, zone),
        day_words(told.known, zone),
        told.who,
        told.why,
    )


def _heading(told: Told, now: int, indent: int, zone: tzinfo) -> Text:
    line = Text(" " * indent).append("● ", style="cyan")
    line.append(f"{day_words(told.valid, zone):<10}", style="bold")
    if distance := ago(told.valid, now):
        line.append(f"  {distance}", style="dim")
    line.append(f"  {visible(told.who)}" if told.who else "")
    late = abs(told.known - told.valid) > DAY_MICROSECONDS
    # What was imported says where it came from, which tells more than when.
    if late and told.valid > BEGINNING and not told.source:
        line.append(f"  recorded {day_words(told.known, zone)}", style="dim")
    if told.batch:
        line.append(f"  #{told.batch}", style="dim")
    return line


def _below(group: Sequence[Told]) -> Iterator[Text]:
    """Why, and from where."""
    if group[0].why:
        yield Text(f"“{visible(group[0].why)}”", style="italic")
    sources = list(dict.fromkeys(each.source for each in group if each.source))
    if sources:
        more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
        yield Text(visible(sources[0]) + more, style="dim")
