"""What goes back to a browser or a program."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from anyio import to_thread

from latticework.base.findings import Finding

HTML = "text/html; charset=utf-8"
JSON = "application/json"
CSV = "text/csv; charset=utf-8"
PROBLEM = "application/problem+json"
PIECE = 2_000
"""Rows that are read and sent at once."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Text of one type with a status and headers; cookies to keep, an empty one to forget.

    `data` are the bytes of a file, in place of text.
    """

    body: str
    type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Text that is sent piece by piece, for as long as somebody reads it."""

    pieces: Callable[[], AsyncIterator[str]]
    type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def flow_of(lines: Iterator[str], *, type_: str, headers: Mapping[str, str]) -> Flow:
    """Lines sent as they are read; what cannot be read is refused before the first is sent."""
    first = next(lines, "")

    async def pieces() -> AsyncIterator[str]:
        piece = first
        while piece:
            yield piece
            piece = await to_thread.run_sync(lambda: "".join(islice(lines, PIECE)))

    return Flow(pieces=pieces, type=type_, headers=headers)


class NotThere(Exception):
    """Nothing is found at an address; the finding says what to do."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        self.findings = (finding,)
        super().__init__(str(finding))


def json_of(value: object, *, status: int = 200, type_: str = JSON) -> Answer:
    """A value as JSON; what JSON has no form for is written as text."""
    body = json.dumps(value, ensure_ascii=False, default=str, indent=1)
    return Answer(body=body + "\n", type=type_, status=status)


def problem_of(title: str, findings: Iterable[Finding], *, status: int) -> Answer:
    """Findings as problem details (RFC 9457)."""
    every = tuple(findings)
    details = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "; ".join(each.says for each in every),
        "findings": [finding_row(each) for each in every],
    }
    return json_of(details, status=status, type_=PROBLEM)


def finding_row(finding: Finding) -> dict[str, object]:
    """A finding as plain values; what is not known is left out."""
    place = finding.place
    row: dict[str, object] = {
        "code": finding.code,
        "severity": finding.severity.word,
        "says": finding.says,
        "hint": finding.hint,
        "value": finding.value,
        "ref": place.ref,
        "field": place.field,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end": place.end,
    }
    return {name: value for name, value in row.items() if value not in ("", 0)}
