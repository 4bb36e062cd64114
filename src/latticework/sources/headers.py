"""Source: headers."""

from __future__ import annotations

import re

from latticework.base.findings import Finding, Place, warning
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9_ \-]*?)[ \t]*:[ \t]*(.*)")
BODY = "body"


@source(reads=(".eml", ".headers", ".rst", ".txt"))
def headers(text: str) -> Read:
    """Named values on lines at the top, as in mail, and a body below.

    A line that begins with a blank goes on with the value before it. A name
    that stands twice makes a list. What follows the blank line is `body`.
    """
    fields, findings = Fields(1, 1), []
    lines = text.splitlines()
    last: Said | None = None
    name = ""
    at = 0
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            break
        found = _HEADER.fullmatch(line)
        if line[0] in " \t" and last is not None:
            last = _put_last(fields, name, Said(f"{last} {line.strip()}", last.line))
        elif found:
            name, last = found[1], Said(found[2].strip(), at)
            _add(fields, name, last)
        else:
            findings.append(_stray(line, at))
    body = "\n".join(lines[at:]).strip()
    if body and lines and not lines[at - 1].strip():
        first = next(n for n, line in enumerate(lines[at:], start=at + 1) if line.strip())
        fields[BODY] = Said(body, first)
    return Read(fields, tuple(findings))


def _add(fields: Fields, name: str, said: Said) -> None:
    """A value; several of one name become a list."""
    known = fields.get(name)
    if isinstance(known, Items):
        known.append(said)
    elif known is not None:
        both = Items(said.line)
        both.extend((known, said))
        fields[name] = both
    else:
        fields[name] = said


def _put_last(fields: Fields, name: str, said: Said) -> Said:
    """The last value of a name, once it goes on over another line."""
    known = fields[name]
    if isinstance(known, Items):
        known[-1] = said
    else:
        fields[name] = said
    return said


def _stray(line: str, at: int) -> Finding:
    says = f"'{line.strip()[:60]}' is no 'Name: value' line"
    hint = "put a blank line before the body"
    return warning("SOURCE008", says, hint=hint, place=Place(line=at))
