"""Source: markdown."""

from __future__ import annotations

import re
from dataclasses import replace

from latticework.sources.source import source
from latticework.sources.toml import toml
from latticework.sources.tree import Fields, Read, Said, UnreadableError, shifted, unreadable
from latticework.sources.yaml import yaml

HEADING, BODY = "heading", "body"
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.M)
_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*$\n?", re.M | re.S)


@source(reads=(".md", ".markdown"))
def markdown(text: str) -> Read:
    """Markdown: the front matter's values, the first heading and the body.

    Front matter stands between lines of `---` (YAML) or `+++` (TOML) at the
    top. `heading` is the first heading of level one, `body` all that follows
    the front matter; values of the front matter by those names win.
    """
    front = _FRONT.match(text)
    body, skipped = (text[front.end() :], text.count("\n", 0, front.end())) if front else (text, 0)
    fields = Fields(1, 1)
    heading = _HEADING.search(body)
    if heading:
        line = skipped + body.count("\n", 0, heading.start()) + 1
        fields[HEADING] = Said(heading[1], line)
    if body.strip():
        blank = len(body) - len(body.lstrip())
        fields[BODY] = Said(body.strip(), skipped + body.count("\n", 0, blank) + 1)
    if front is None:
        return Read(fields)
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
    fields.update(said.tree or {})
    return Read(fields, said.findings)
