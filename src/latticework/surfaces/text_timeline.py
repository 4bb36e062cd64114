"""A timeline in characters: solid where it is sure, shaded where it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.text import Text

from latticework.base.times import BEGINNING, DAY_MICROSECONDS, FOREVER, Instant, datetime_of
from latticework.base.times import instant_of as instant
from latticework.surfaces.text_spans import visible
from latticework.surfaces.text_wrap import cut
from latticework.views.visuals import Bar, Timeline

NARROWEST = 60
LONGEST_NAME = 36
SOLID, SHADED, POINT, LATE, TODAY = "█", "▒", "◆", "·", "│"
_STYLES = {"proposed": "blue", "active": "yellow", "done": "green", "dropped": "bright_black"}
_OPEN = frozenset({"proposed", "active"})
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)
_EARLIEST = instant(datetime(2, 1, 1, tzinfo=UTC))
_WORD = 9
_AIR = 3
"""Columns by which an end that nobody knows goes on."""


@dataclass(frozen=True)
class _Scale:
    """Instants to columns."""

    first: Instant
    last: Instant
    columns: int

    def column(self, when: Instant) -> int:
        """The column of an instant, at most one beyond either edge."""
        if when <= self.first:
            return 0 if when > BEGINNING else -_AIR
        share = (min(when, self.last) - self.first) / max(self.last - self.first, 1)
        return min(int(share * self.columns), self.columns)


def timeline_lines(block: Timeline, *, width: int, indent: int) -> list[Text]:
    """Names at the left, days above, and a bar in each line."""
    longest = max((len(visible(bar.title)) for bar in block.bars), default=0)
    names = min(longest, LONGEST_NAME, width // 3)
    room = width - indent - names - 2
    air = max((block.last - block.first) // 30, DAY_MICROSECONDS)
    near = min(block.first, max(block.now, block.first - (block.last - block.first)))
    far = max(block.last, min(block.now, block.last + (block.last - block.first)))
    scale = _Scale(max(near - air, _EARLIEST), far + air, room)
    now = scale.column(block.now) if scale.first < block.now < scale.last else -1
    lines = [_axis(scale, now, indent + names + 2)]
    group = None
    for bar in block.bars:
        if block.grouped and bar.group != group:
            group = bar.group
            lines.append(Text(" " * indent).append(visible(group), style="bold"))
        name = visible(bar.title)
        name = name if len(name) <= names else f"{name[: names - 1]}…"
        line = Text(" " * indent).append(f"{name:<{names}}  ")
        lines.append(cut(line.append_text(_drawn(bar, block.now, scale, now)), width))
    lines.extend(_undated(block, indent, width))
    return lines


def _axis(scale: _Scale, now: int, before: int) -> Text:
    """The days of some columns, as many as there is room for; today's stands first."""
    cells = [" "] * scale.columns
    if now >= 0:
        _write(cells, now, "▾today")
    for column, word in _marks(scale):
        _write(cells, column, word)
    return Text(" " * before).append("".join(cells), style="dim")


def _marks(scale: _Scale) -> Iterator[tuple[int, str]]:
    first, last = datetime_of(scale.first), datetime_of(scale.last)
    months = (last.year - first.year) * 12 + last.month - first.month
    most = max(scale.columns // _WORD, 1)
    step = next((each for each in _MONTH_STEPS if months <= each * most), _MONTH_STEPS[-1])
    number = first.year * 12 + first.month - 1
    number += -number % step
    while number <= last.year * 12 + last.month - 1:
        day = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        yield scale.column(instant(day)), f"{day:%Y}" if step >= 12 else f"{day:%Y-%m}"
        number += step


def _write(cells: list[str], column: int, word: str) -> None:
    """Put a word where nothing else stands, or not at all."""
    spots = range(column, min(column + len(word) + 1, len(cells)))
    if column + len(word) <= len(cells) and all(cells[spot] == " " for spot in spots):
        cells[column : column + len(word)] = word


def _drawn(bar: Bar, today: Instant, scale: _Scale, now: int) -> Text:
    """The bar, the line of today, and a dotted line to it where the end has passed."""
    cells = [" "] * scale.columns
    if now >= 0:
        cells[now : now + 1] = TODAY
    style = _STYLES.get(bar.category, "cyan")
    if bar.category in _OPEN and BEGINNING < bar.ends[1] < today:
        _fill(cells, scale.column(bar.ends[1]), now, LATE)
    (begin, begun), (over, ended) = bar.begins, bar.ends
    if begun <= BEGINNING:
        _fill(cells, scale.column(over - DAY_MICROSECONDS), scale.column(ended), SHADED)
        _fill(cells, scale.column(ended), scale.column(ended) + 1, POINT)
        return Text("".join(cells), style=style)
    sure, last = scale.column(begun), scale.column(over)
    soft = scale.column(begin) if begin > BEGINNING else sure - _AIR
    end = scale.column(ended) if ended < FOREVER else max(last, sure) + _AIR
    if last < sure:
        sure = last = (sure + last) // 2
    _fill(cells, soft, max(end, soft + 1), SHADED)
    _fill(cells, sure, max(last, sure + (end <= sure)), SOLID)
    return Text("".join(cells), style=style)


def _fill(cells: list[str], first: int, after: int, glyph: str) -> None:
    for column in range(max(first, 0), min(after, len(cells))):
        cells[column] = glyph


def _undated(block: Timeline, indent: int, width: int) -> Sequence[Text]:
    if not block.undated:
        return ()
    lines = [Text(), Text(" " * indent).append("without a day", style="bold")]
    for card in block.undated:
        fields = ", ".join(name for name, _ in card.pairs if name)
        line = Text(" " * indent).append(visible(card.title)).append(f"  {card.ref}", style="dim")
        lines.append(cut(line.append(f"  give it: {fields}" if fields else "", style="dim"), width))
    rest = block.undated_count - len(block.undated)
    return [*lines, Text(" " * indent).append(f"and {rest:,} more", style="dim")] if rest else lines
