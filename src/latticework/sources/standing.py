"""What a source states at one revision, and what is new against the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from latticework.base.refs import ref_of
from latticework.journal.changes import Value
from latticework.sources.recipe_parts import Recipe
from latticework.sources.records import Edge, Record, Records

Statement = tuple[int, int]
"""A record that stands: its unit's number, and its own within the unit."""

EdgeKey = tuple[int, str, int]
"""Source, link and target of an edge; things by their number."""

Sought = tuple[str, str, str]
"""A kind, a field and a value (letter case aside) by which a thing is sought."""


@dataclass(eq=False, slots=True)
class Unit:
    """A piece of a file as it stands there: its first line, and its records."""

    number: int
    file: str
    line: int
    records: Records


@dataclass(eq=False, slots=True)
class Thing:
    """A thing that the source has named, alive or not.

    `part` is the recipe's part that makes it, -1 while it is only a target.
    `says` are the statements about it; `votes` count them by field and value.
    """

    ref: str
    part: int = -1
    alive: bool = False
    cells: dict[str, Value] = field(default_factory=dict)
    says: dict[Statement, tuple[Unit, Record]] = field(default_factory=dict)
    votes: dict[str, dict[Value, int]] = field(default_factory=dict)


class Saying(NamedTuple):
    """One statement of an edge."""

    unit: Unit
    record: Record
    edge: Edge


@dataclass(eq=False, slots=True)
class Tied:
    """An edge: who states it, and the fields it has while it is alive."""

    says: dict[tuple[Statement, int], Saying] = field(default_factory=dict)
    fields: dict[str, Value] = field(default_factory=dict)
    alive: bool = False


class Standing:
    """Things and edges as a source states them, kept from commit to commit.

    Only `Step` alters it; between steps it is what the source says now.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Nothing is stated yet."""
        self.recipe = recipe
        self.things: list[Thing] = []
        self.numbers: dict[str, int] = {}
        self.owners: dict[Statement, int] = {}
        self.edges: dict[EdgeKey, Tied] = {}
        self.keys: dict[tuple[Statement, int], EdgeKey] = {}
        self.seekers: dict[Sought, dict[tuple[Statement, int], Saying]] = {}
        self.holders: dict[Sought, dict[int, None]] = {}
        self.sought = {(tie.kind, tie.by) for part in recipe.parts for tie in part.ties if tie.by}
        self.many = frozenset(
            (tie.link, cell.field.name)
            for part in recipe.parts
            for tie in part.ties
            for cell in tie.carries
            if cell.field.many
        )

    def number_of(self, ref: str) -> int:
        """The number of the thing to which a ref leads; a new one where none does."""
        number = self.numbers.get(ref)
        if number is None:
            number = self.numbers[ref] = len(self.things)
            self.things.append(Thing(ref))
        return number

    def is_mentioned(self, record: Record) -> bool:
        """Whether many records make this thing."""
        return self.recipe.parts[record.part].mentioned

    def find_holder(self, sought: Sought) -> int | None:
        """The first thing that holds a value, None where none does."""
        return next(iter(self.holders.get(sought, ())), None)

    def target_of(self, saying: Saying, statement: Statement) -> int:
        """The thing at the other end of a stated edge."""
        edge, record = saying.edge, saying.record
        if edge.by is not None:
            holder = self.find_holder(sought_by(edge))
            kind = edge.by[0]
            return self.number_of(ref_of(kind, edge.target)) if holder is None else holder
        if edge.target:
            return self.number_of(edge.target)
        return self.owners[statement[0], record.above]


def sought_by(edge: Edge) -> Sought:
    """What an edge seeks its other end by."""
    kind, name = edge.by or ("", "")
    return kind, name, edge.target.strip().casefold()


def statements(unit: Unit) -> Iterator[tuple[Statement, Record]]:
    """The records of a unit with their keys."""
    for index, record in enumerate(unit.records.found):
        yield (unit.number, index), record


def likeness(one: Record, other: Record) -> float:
    """The share of statements, keys aside, that two records have in common."""
    mine, theirs = set(_said(one)), set(_said(other))
    every = max(len(mine), len(theirs))
    return len(mine & theirs) / every if every else 0.0


def _said(record: Record) -> Iterable[tuple[str, Value | str]]:
    yield from ((name, value) for name, value, _ in record.cells)
    yield from ((edge.link, edge.target) for edge in record.edges if edge.target)
