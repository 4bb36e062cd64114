"""What a source states at one revision: things, edges, and who states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from latticework.base.refs import ref_of
from latticework.journal.changes import Value
from latticework.sources.recipe_parts import Recipe
from latticework.sources.records import Edge, Record

EdgeKey = tuple[int, str, int]
"""Source, link and target of an edge; things by their number."""

Sought = tuple[str, str, str]
"""A kind, a field and a value (letter case aside) by which a thing is sought."""

NOBODY = -1


@dataclass(eq=False, slots=True)
class Unit:
    """A piece of a file as it stands there: its first line, and its statements."""

    file: str
    line: int
    says: tuple[Statement, ...] = ()


@dataclass(eq=False, slots=True)
class Statement:
    """A record that stands in a unit, on a line of the unit.

    `above` is the enclosing record's statement, `thing` the number of the
    thing it is about, and `keys` are its edges in the record's order.
    """

    unit: Unit
    record: Record
    line: int
    above: Statement | None = None
    thing: int = NOBODY
    keys: list[EdgeKey] = field(default_factory=list)

    def line_of(self, offset: int) -> int:
        """The file's line that lies so many lines below the record's first."""
        return self.unit.line - 1 + self.line + offset

    @property
    def order(self) -> tuple[str, int]:
        """Which of two statements comes first."""
        return self.unit.file, self.unit.line + self.line


@dataclass(eq=False, slots=True)
class Thing:
    """A thing that the source has named, alive or not.

    `part` is the recipe's part that makes it, below 0 while it is a target
    alone. `says` are the statements about it; `votes` count them by value.
    """

    ref: str
    part: int = NOBODY
    alive: bool = False
    cells: dict[str, Value] = field(default_factory=dict)
    says: dict[Statement, None] = field(default_factory=dict)
    votes: dict[str, dict[Value, int]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Tied:
    """An edge: which edges of which statements say it, and its fields."""

    says: dict[tuple[Statement, int], None] = field(default_factory=dict)
    fields: dict[str, Value] = field(default_factory=dict)
    alive: bool = False


class Standing:
    """Things and edges as a source states them, kept from commit to commit.

    Only a step alters it; between steps it is what the source says now.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Nothing is stated yet."""
        self.recipe = recipe
        self.things: list[Thing] = []
        self.numbers: dict[str, int] = {}
        self.edges: dict[EdgeKey, Tied] = {}
        self.seekers: dict[Sought, dict[tuple[Statement, int], None]] = {}
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

    def key_of(self, statement: Statement, edge: Edge) -> EdgeKey:
        """The things that a stated edge joins, as they are now."""
        if edge.by is not None:
            holder = next(iter(self.holders.get(sought_by(edge), ())), None)
            named = ref_of(edge.by[0], edge.target)
            other = self.number_of(named) if holder is None else holder
        elif edge.target:
            other = self.number_of(edge.target)
        else:
            other = statement.above.thing if statement.above else NOBODY
        mine = statement.thing
        return (other, edge.link, mine) if edge.back else (mine, edge.link, other)


def sought_by(edge: Edge) -> Sought:
    """What an edge seeks its other end by."""
    kind, name = edge.by or ("", "")
    return kind, name, edge.target.strip().casefold()


def likeness(one: Record, other: Record) -> float:
    """The share of statements, keys aside, that two records have in common."""
    mine, theirs = set(_said(one)), set(_said(other))
    every = max(len(mine), len(theirs))
    return len(mine & theirs) / every if every else 0.0


def _said(record: Record) -> Iterator[tuple[str, Value | str]]:
    yield from ((name, value) for name, value, _ in record.cells)
    yield from ((edge.link, edge.target) for edge in record.edges if edge.target)


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Statements as they stand in the files."""
    return sorted(statements, key=lambda each: each.order)
