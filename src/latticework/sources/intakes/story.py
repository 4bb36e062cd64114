"""What a record tells of its own past, as it was written."""

from __future__ import annotations

from typing import NamedTuple

Texts = tuple[str, ...]


class CellTurn(NamedTuple):
    """A field had these texts before, and has these from now on."""

    field: str
    before: Texts
    after: Texts


class EdgeTurn(NamedTuple):
    """Edges of one link led to these before, and lead to those from now on.

    Targets are refs, or, with `by`, the values to find them by.
    """

    link: str
    back: bool
    by: tuple[tuple[str, str], ...] | None
    before: Texts
    after: Texts


class Turn(NamedTuple):
    """What one part of a record's history says; `line` counts from the record's."""

    valid: str
    by: str
    line: int
    cells: tuple[CellTurn, ...]
    edges: tuple[EdgeTurn, ...]


class Story(NamedTuple):
    """A record's past: since when it is, and its turns as they stand in the file.

    `fields` and `links` are those of which the source keeps a history, so
    that what never turned has been so from the beginning.
    """

    begins: str
    turns: tuple[Turn, ...]
    fields: frozenset[str]
    links: frozenset[tuple[str, bool]]
