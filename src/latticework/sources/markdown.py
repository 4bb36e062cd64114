"""Source: markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from latticework.sources.source import source
from latticework.sources.toml import toml
from latticework.sources.tree import Fields, Read, Said, UnreadableError, shifted, unreadable
from latticework.sources.yaml import yaml

HEADING, BODY = "heading", "body"
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.M)
_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*$\n?", re.M | re.S)


class Page(NamedTuple):
    """What the front matter says, the text below it, and the lines above that."""

    front: Read
    body: str
    above: int


@source(reads=(".md", ".markdown"))
def markdown(text: str) -> Read:
    """Markdown: the front matter's values, the first heading and the body.

    Front matter stands between lines of `---` (YAML) or `+++` (TOML) at the
    top. `heading` is the first heading of level one, `body` all that follows
    the front matter; values of the front matter by those names win.
    """
    page = page_of(text)
    fields = Fields(1, 1)
    heading = _HEADING.search(page.body)
    if heading:
        line = page.above + page.body.count("\n", 0, heading.start()) + 1
        fields[HEADING] = Said(heading[1], line)
    if page.body.strip():
        blank = len(page.body) - len(page.body.lstrip())
        line = page.above + page.body.count("\n", 0, blank) + 1
        fields[BODY] = Said(page.body.strip(), line)
    if isinstance(page.front.tree, Fields):
        fields.update(page.front.tree)
    return Read(fields, page.front.findings)


def page_of(text: str) -> Page:
    """The front matter apart from the rest; raises UnreadableError (SOURCE003)."""
    front = _FRONT.match(text)
    if front is None:
        return Page(Read(None), text, 0)
    body, above = text[front.end() :], text.count("\n", 0, front.end())
    reader = yaml if front[1] == "---" else toml
    try:
        said = shifted(reader.read(front[2]), 1)
    except UnreadableError as problem:
        place = problem.finding.place
        told = replace(problem.finding, place=replace(place, line=place.line + 1))
        raise UnreadableError(told) from None
    if said.tree is not None and not isinstance(said.tree, Fields):
        hint = "write 'name: value' lines between the marks"
        raise unreadable("SOURCE003", "the front matter holds no named values", hint=hint, line=2)
    return Page(said, body, above)
