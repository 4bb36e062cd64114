"""A journal as a store keeps it: the columns of each of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from latticework.base.times import BEGINNING, Instant

FORMAT = 1
"""The present shape of these tables; a later shape has a higher number."""

MAIN_CODE = 0
"""The number of the branch main."""


class KeptJournal(NamedTuple):
    """The one row that counts: whoever appends holds it locked.

    The counters never run back, even where the branch that held the last
    entry was dropped, so that a number never means two entries.
    """

    format: int
    identity: str
    last_entry: int
    last_batch: int
    last_branch: int
    last_known: Instant
    last_redaction: int
    redaction_digest: bytes
    seal: bytes


class KeptBranch(NamedTuple):
    """A branch and its end; main is number 0 and has itself as parent."""

    code: int
    name: str
    parent: int
    start: int
    known: Instant
    by: str
    why: str
    merged: int
    head: int
    head_known: Instant
    head_digest: bytes
    seal: bytes


class KeptBatch(NamedTuple):
    """What the entries `first` to `last` have in common.

    `content` holds the digest of the texts once they were redacted, and is
    empty before; `salt` the other way round.
    """

    number: int
    branch: int
    first: int
    last: int
    known: Instant
    by: str
    why: str
    source: str
    undoes: int
    salt: bytes
    content: bytes
    digest: bytes


class KeptEntry(NamedTuple):
    """One entry; texts and line 0 are empty where they mean nothing.

    `source` to `revision` are the change's via. `content` and `salt` are as
    in KeptBatch.
    """

    number: int
    batch: int
    branch: int
    valid: Instant
    op: str
    subject: str
    link: str
    object: str
    patch: str
    source: str
    key: str
    file: str
    line: int
    revision: str
    salt: bytes
    content: bytes
    digest: bytes


class KeptRedaction(NamedTuple):
    """Who removed the content of which entries, when and why."""

    number: int
    known: Instant
    by: str
    why: str
    entries: str
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A whole journal; batches and entries come once, in order of number."""

    journal: KeptJournal
    branches: tuple[KeptBranch, ...]
    redactions: tuple[KeptRedaction, ...]
    batches: Iterator[KeptBatch]
    entries: Iterator[KeptEntry]


class Span(NamedTuple):
    """Own entries of one branch: those after `after` up to `upto`."""

    branch: int
    after: int
    upto: int


def find_branch(branches: Iterable[KeptBranch], name: str) -> KeptBranch | None:
    """The branch of this name, or None."""
    return next((branch for branch in branches if branch.name == name), None)


def spans_of(
    branches: Sequence[KeptBranch], branch: KeptBranch, *, after: int, upto: int | None
) -> tuple[Span, ...]:
    """The spans that make up a branch's journal, earliest first."""
    by_code = {each.code: each for each in branches}
    end = branch.head if upto is None else min(upto, branch.head)
    spans: list[Span] = []
    while True:
        low = max(after, branch.start)
        if low < end:
            spans.append(Span(branch.code, low, end))
        if branch.code == MAIN_CODE:
            return tuple(reversed(spans))
        end = min(end, branch.start)
        branch = by_code[branch.parent]


def within(spans: Iterable[Span], branch: int, number: int) -> bool:
    """Whether one of the spans holds this entry."""
    return any(span.branch == branch and span.after < number <= span.upto for span in spans)


def empty_main(digest: bytes) -> KeptBranch:
    """Main before anything was recorded, yet without its seal."""
    return KeptBranch(
        code=MAIN_CODE,
        name="main",
        parent=MAIN_CODE,
        start=0,
        known=BEGINNING,
        by="",
        why="",
        merged=0,
        head=0,
        head_known=BEGINNING,
        head_digest=digest,
        seal=b"",
    )
