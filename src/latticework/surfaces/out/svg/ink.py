"""What drawings are made of: colours of our own sheets, shapes, texts.

A drawing goes into slides, documents and other people's tools, most of which
know no style sheet with variables. So every colour is written out, and every
text names its fonts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

from latticework.surfaces.web.drawing import STATIC

SANS = "Inter, 'Helvetica Neue', 'Segoe UI', Arial, sans-serif"
SERIF = "'Source Serif 4', 'Source Serif', Georgia, serif"
MARGIN = 24.0
HEADING = 46.0
FOOT = 26.0

_PAIR = re.compile(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{3,8}),\s*(#[0-9a-f]{3,8})\)")
_HUE = re.compile(r"\.map-dot\.hue-(\w+) \{ --tone: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
_STAGES = {
    "proposed": ("#a5a08f", "#7c776a"),
    "active": ("#4c60bd", "#8796ee"),
    "done": ("#5c9a75", "#5f9c77"),
    "dropped": ("#cdc7ba", "#4a463e"),
}
_OTHER = ("#7b8aa0", "#7f8fa6")
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMWQOGCDHN@%—")

Value = str | float


@dataclass(frozen=True)
class Ink:
    """The colours of one theme, by the names of our tokens."""

    colours: Mapping[str, str]
    hues: Mapping[str, str]
    dark: bool = False

    def __getitem__(self, name: str) -> str:
        """The colour of a token."""
        return self.colours[name]

    def stage(self, category: str) -> str:
        """The colour of a stage's category."""
        return _STAGES.get(category, _OTHER)[self.dark]

    def hue(self, word: str) -> str:
        """The colour of a hue of maps."""
        return self.hues.get(word, self["edge"])

    def mixed(self, name: str, other: str, share: float) -> str:
        """So much of one colour, the rest of another."""
        pairs = zip(_rgb(self[name]), _rgb(self[other]), strict=True)
        return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


@cache
def ink_of(*, dark: bool) -> Ink:
    """The colours of the light or of the dark theme."""
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    maps = (STATIC / "blocks" / "map.css").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, light, deep in _PAIR.findall(tokens):
        # The sheet says further down what differs in the past.
        found.setdefault(name, deep if dark else light)
    hues = {name: deep if dark else light for name, light, deep in _HUE.findall(maps)}
    return Ink(found, hues, dark)


def shape(tag: str, **values: Value | None) -> str:
    """One shape; underscores in names are dashes, None is left out."""
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for name, value in values.items()
        if value is not None
    )
    return f"<{tag}{said}/>"


def text(x: float, y: float, says: str, fill: str, **values: Value | None) -> str:
    """A line of text."""
    given: dict[str, Value | None] = {"font_size": 12, "font_family": SANS, **values}
    said = "".join(
        f' {name.replace("_", "-")}="{_written(value)}"'
        for name, value in given.items()
        if value is not None
    )
    return f'<text x="{_written(x)}" y="{_written(y)}" fill="{fill}"{said}>{escaped(says)}</text>'


def titled(says: str, shapes: Iterable[str]) -> str:
    """Shapes that say something to who points at them."""
    return f"<g><title>{escaped(says)}</title>{''.join(shapes)}</g>"


def moved(x: float, y: float, shapes: Iterable[str]) -> str:
    """Shapes in another place."""
    return f'<g transform="translate({_written(x)} {_written(y)})">{"".join(shapes)}</g>'


def escaped(says: str) -> str:
    """Text as XML may hold it."""
    return escape("".join(each for each in says if each.isprintable() or each == " "))


def wide(says: str, size: float = 12) -> float:
    """About how wide a text is."""
    letters = sum(0.3 if c in _NARROW else 0.84 if c in _WIDE else 0.55 for c in says)
    return letters * size


def fitted(says: str, room: float, size: float = 12) -> str:
    """A text cut to a width."""
    if wide(says, size) <= room:
        return says
    kept = says
    while kept and wide(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@dataclass(frozen=True)
class Picture:
    """Shapes and how much room they take."""

    width: float
    height: float
    shapes: tuple[str, ...]


def sheet(picture: Picture, ink: Ink, *, title: str, note: str) -> str:
    """A picture with its heading and a line beneath, as a file of its own."""
    width = max(picture.width, 320.0) + 2 * MARGIN
    height = HEADING + picture.height + FOOT + MARGIN
    head = text(
        MARGIN,
        32,
        fitted(title, width - 2 * MARGIN, 18),
        ink["ink"],
        font_size=18,
        font_family=SERIF,
    )
    foot = text(
        MARGIN, height - 14, fitted(note, width - 2 * MARGIN, 11), ink["ink-faint"], font_size=11
    )
    size = f'width="{_written(width)}" height="{_written(height)}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_written(width)} {_written(height)}"'
        f' font-family="{escape(SANS)}"><title>{escaped(title)}</title>'
        f"{shape('rect', width=width, height=height, fill=ink['paper'])}"
        f"{head}{moved(MARGIN, HEADING, picture.shapes)}{foot}</svg>\n"
    )


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _written(value: Value) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
