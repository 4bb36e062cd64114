"""Whose word an entry is: a source's, by its foreign key, or a person's.

A join and a value that waits for a decision mark what they write in its `via`,
so that both can be told apart, and taken apart again, from the journal alone.
"""

from __future__ import annotations

from latticework.journal.changes import Entry, Via

JOINED = "~joined"
"""The `via.source` of what a join wrote; its key is the ref that was joined."""

HELD = "~held"
"""The `via.source` of our own value, kept until somebody decides between it and the
source's, which the entry before says; its key is the source and the foreign key."""

JOIN = "join"
"""The source of a batch in which two things were joined, or split again."""

MODEL = "model"
"""The source of a batch in which the model was declared."""

MARKS = (JOINED, HELD)

CONTINUED = ", continued"
"""How the reason of a batch ends that goes on with an import."""

Pair = tuple[str, str]
"""A source and a foreign key in it."""


def teller_of(entry: Entry) -> str:
    """The source whose word an entry is, whoever wrote it down; empty for a person's."""
    via = entry.change.via if entry.change else None
    return via.source if via is not None and via.source else entry.source


def find_pair(entry: Entry) -> Pair | None:
    """The source and foreign key that an entry carries."""
    via = entry.change.via if entry.change else None
    return pair_of(via) if via is not None else None


def pair_of(via: Via) -> Pair | None:
    """The source and foreign key, where there are both."""
    return (via.source, via.key) if via.source and via.key else None
