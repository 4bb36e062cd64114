"""What is drawn for those who work here, made safe for those who do not.

Only what is listed here goes through: text, tables, lists, drawings. Links
become plain text; forms, scripts, refs and whatever else a page carries for
its own readers stay behind, so that a template that gains something new leaks
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

_TAGS_TEXT = (
    "section div span p h1 h2 h3 h4 ul ol li dl dt dd table thead tbody tfoot tr th td caption b"
    " strong em i code pre blockquote small sup time mark br hr details summary figure figcaption"
    " lattice-board time-line net-map"
    " svg g path rect circle line text tspan title defs marker lineargradient stop"
)
_TAGS = frozenset(_TAGS_TEXT.split())
_DROPPED_TEXT = (
    "script style form button input select textarea template iframe object embed nav dialog"
    " datalist label option link meta"
)
_DROPPED = frozenset(_DROPPED_TEXT.split())
"""What goes with all that it holds."""

_VOID = frozenset({"br", "hr", "input", "link", "meta", "embed"})
_ATTRIBUTES_TEXT = (
    "class role scope colspan rowspan open datetime title x y x1 x2 y1 y2 cx cy r rx ry d width"
    " height viewbox fill stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin"
    " opacity fill-opacity offset transform text-anchor points refx refy markerwidth markerheight"
    " orient marker-end id aria-label aria-hidden data-label"
)
_ATTRIBUTES = frozenset(_ATTRIBUTES_TEXT.split())
_CASED = {
    "viewbox": "viewBox",
    "refx": "refX",
    "refy": "refY",
    "markerwidth": "markerWidth",
    "markerheight": "markerHeight",
}
_PAINT = re.compile(r"url\(#[\w-]+\)|[\w#.,%() -]*")
_HIDDEN = frozenset({"unseen-deeds", "board-menu", "board-keys", "tl-date", "lens", "map-rest"})
"""Classes of what only makes sense to those who work here."""


def bare(html: str) -> Markup:
    """The same to look at, with nothing to follow, send or run."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Markup("".join(reader.kept))  # noqa: S704  every part is listed above or escaped


class _Reader(HTMLParser):
    """Reads drawn HTML, which is ours and well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._shut: list[str] = []
        self._as: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._shut:
            if tag not in _VOID:
                self._shut.append(tag)
            return
        classes = set((dict(attrs).get("class") or "").split())
        if tag in _DROPPED or classes & _HIDDEN:
            if tag not in _VOID:
                self._shut.append(tag)
            return
        inner = any(each == "svg" for each, _ in self._as)
        written = ("g" if inner else "span") if tag == "a" else _cased(tag)
        if tag not in _TAGS and tag != "a":
            written = ""
        if written:
            self.kept.append(f"<{written}{''.join(_attributes(attrs))}>")
        if tag not in _VOID:
            self._as.append((tag, written))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._shut:
            if self._shut[-1] == tag:
                self._shut.pop()
            return
        if self._as and self._as[-1][0] == tag:
            _, written = self._as.pop()
            if written:
                self.kept.append(f"</{written}>")

    def handle_data(self, data: str) -> None:
        if not self._shut:
            self.kept.append(escape(data, quote=False))


def _cased(tag: str) -> str:
    return "linearGradient" if tag == "lineargradient" else tag


def _attributes(attrs: Iterable[tuple[str, str | None]]) -> Iterable[str]:
    for name, value in attrs:
        if name not in _ATTRIBUTES:
            continue
        if name in {"fill", "stroke", "marker-end"} and not _PAINT.fullmatch(value or ""):
            continue
        written = _CASED.get(name, name)
        yield f" {written}" if value is None else f' {written}="{escape(value)}"'
