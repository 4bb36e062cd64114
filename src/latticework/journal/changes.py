"""Changes, what is proposed, and entries, what was accepted.

Every field value is text as it was written, a tuple of texts, or None where a
value is taken away; the model gives it its type when a graph is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from latticework.base.times import Instant

Value = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Via:
    """Where a change came from: a source, a foreign key, a place in a text."""

    source: str = ""
    key: str = ""
    file: str = ""
    line: int = 0
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What every change may carry: since when it is so, and from where.

    `valid` None means since the batch's instant.
    """

    valid: Instant | None = None
    via: Via | None = None


@dataclass(frozen=True, slots=True)
class Put(Stamp):
    """A thing exists, and these fields of it have these values."""

    ref: str
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retire(Stamp):
    """A thing is no more; its history and its ref stay."""

    ref: str


@dataclass(frozen=True, slots=True)
class Move(Stamp):
    """A thing has another ref; the old one keeps leading to it."""

    ref: str
    to: str


@dataclass(frozen=True, slots=True)
class Connect(Stamp):
    """An edge exists, and these fields of it have these values."""

    source: str
    link: str
    target: str
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disconnect(Stamp):
    """An edge is no more."""

    source: str
    link: str
    target: str


@dataclass(frozen=True, slots=True)
class Declare(Stamp):
    """The model is this text from now on: YAML, packs resolved."""

    text: str


Change = Put | Retire | Move | Connect | Disconnect | Declare


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Changes that are accepted together or not at all.

    `valid` None means the instant at which the batch is recorded.
    `undoes` is the number of the batch that this one takes back, or 0.
    """

    changes: tuple[Change, ...]
    by: str = ""
    why: str = ""
    source: str = ""
    valid: Instant | None = None
    undoes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A change accepted into the journal.

    `number` counts from 1 over the whole store; `batch` likewise. `change` is
    None where the content was redacted.
    """

    number: int
    batch: int
    branch: str
    known: Instant
    valid: Instant
    by: str
    why: str
    source: str
    change: Change | None
    digest: str
    undoes: int = 0
