"""What a source states at one revision: things, edges, and who states them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from latticework.base.refs import ref_of, slug_of
from latticework.journal.changes import Value
from latticework.sources.intakes.records import Edge, Record
from latticework.sources.recipes.parts import CALLED, Recipe

EdgeKey = tuple[int, str, int]
"""Source, link and target of an edge; things by their number."""

Sought = tuple[str, str, str]
"""A kind, a field and a value (letter case aside) by which a thing is sought."""

Taken = Callable[[str], bool]
"""Whether a ref is that of a record already."""

NOBODY = -1


def _never(_: str) -> bool:
    return False


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
    alone. `says` are the statements about it; `votes` count them by value;
    `names` are those by which links find it.
    """

    ref: str
    part: int = NOBODY
    alive: bool = False
    cells: dict[str, Value] = field(default_factory=dict)
    says: dict[Statement, None] = field(default_factory=dict)
    votes: dict[str, dict[Value, int]] = field(default_factory=dict)
    names: tuple[str, ...] = ()


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

    def __init__(self, recipe: Recipe, taken: Taken = _never, known: Taken = _never) -> None:
        """Nothing is stated yet; `taken` tells refs that records elsewhere have.

        `known` tells those that the company has, from whichever import.
        """
        self.recipe = recipe
        self._taken = taken
        self._known = known
        self.things: list[Thing] = []
        self.numbers: dict[str, int] = {}
        self.edges: dict[EdgeKey, Tied] = {}
        self.seekers: dict[Sought, dict[tuple[Statement, int], None]] = {}
        self.holders: dict[Sought, dict[int, None]] = {}
        self.sought = recipe.sought
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

    def is_taken(self, ref: str) -> bool:
        """Whether a record has this ref."""
        number = self.numbers.get(ref)
        return (number is not None and bool(self.things[number].says)) or self._taken(ref)

    def is_mentioned(self, record: Record) -> bool:
        """Whether many records make this thing."""
        return self.recipe.parts[record.part].mentioned

    def key_of(self, statement: Statement, edge: Edge) -> EdgeKey:
        """The things that a stated edge joins, as they are now."""
        if edge.by is not None:
            holder = self._find_holder(edge)
            other = self.number_of(self._named(edge)) if holder is None else holder
        elif edge.target:
            other = self.number_of(edge.target)
        else:
            other = statement.above.thing if statement.above else NOBODY
        mine = statement.thing
        return (other, edge.link, mine) if edge.back else (mine, edge.link, other)

    def _named(self, edge: Edge) -> str:
        """The ref of an end that no record here has: of several kinds the one that is known."""
        refs = [ref_of(kind, edge.target) for kind, name in edge.by or () if name == CALLED]
        known = (ref for ref in refs if len(refs) > 1 and self._known(ref))
        assert edge.by  # whoever calls has looked
        return next(known, ref_of(edge.by[0][0], edge.target))

    def _find_holder(self, edge: Edge) -> int | None:
        """The thing that an edge seeks; of several the one called so by its key."""
        found = [number for each in sought_by(edge) for number in self.holders.get(each, ())]
        if len(found) < 2 or edge.by is None or edge.by[0][1] != CALLED:
            return next(iter(found), None)
        slug = slug_of(edge.target)

        def rank(number: int) -> tuple[bool, int, str]:
            ref = self.things[number].ref
            return ref.partition("/")[2] != slug, len(ref), ref

        # The shortest name wins, whatever the order in which files came.
        return min(found, key=rank)


def sought_by(edge: Edge) -> tuple[Sought, ...]:
    """What an edge seeks its other end by."""
    text = edge.target.strip().casefold()
    return tuple((kind, name, text) for kind, name in edge.by or ())


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
