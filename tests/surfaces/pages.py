"""Reading pages in tests: is the HTML well formed, and what does it hold?"""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "wbr"})
NO_PLACE_FOR = frozenset({"style", "iframe", "object", "embed", "base"})


class Reader(HTMLParser):
    """Collects what a page says and every way in which it is malformed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.texts: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) < len(attrs):
            self.wrong.append(f"<{tag}> says an attribute twice")
        if tag in NO_PLACE_FOR:
            self.wrong.append(f"<{tag}> has no place under the content security policy")
        if tag == "script" and not _is_ours(given):
            self.wrong.append("<script> holds code, which the content security policy forbids")
        for name in given:
            if name == "style" or name.startswith("on"):
                self.wrong.append(f"<{tag} {name}> has no place under the content security policy")
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "label":
            self.labelled.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            named = given.get("aria-label") or "label" in self.open
            self.inputs += [] if named else [given]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text of the page, with runs of white space as one space."""
        return " ".join(" ".join(self.texts).split())


def _is_ours(script: dict[str, str | None]) -> bool:
    """Whether a script is one of our files, or data that an island reads."""
    ours = (script.get("src") or "").startswith("/static/built/")
    return ours if "src" in script else script.get("type") == "application/json"


def read(html: str) -> Reader:
    """A page as it was read; asserts that nothing in it is malformed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    assert not reader.wrong, reader.wrong
    assert html.startswith("<!doctype html>")
    assert len(reader.ids) == len(set(reader.ids)), "an id twice"
    assert reader.headings.count(1) == 1, "one main heading"
    for each in reader.inputs:
        assert each.get("aria-label") or each.get("id") in reader.labelled, f"no label for {each}"
    return reader
