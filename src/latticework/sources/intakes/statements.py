"""Whose word a cell is, and whether what a source says of it is news.

A thing may be known to several sources, and edited by people. What a source
says again is no news where another one has spoken since; where the recipe says
`ask`, its value waits beside ours until somebody decides, and is not asked again.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, warning
from latticework.base.refs import slug_of
from latticework.base.times import Instant
from latticework.graph.joins import home_of, joined_of
from latticework.journal.changes import Entry, Put, Value, Via
from latticework.journal.tellers import HELD, MARKS, find_pair, pair_of, teller_of
from latticework.sources.recipes.parts import ASK, OURS_WINS, SOURCE_WINS, Recipe

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


class Verdict(enum.Enum):
    """What becomes of a value that differs from the company's."""

    NEWS = enum.auto()
    SILENT = enum.auto()
    ASKED = enum.auto()


class Statements:
    """What entries say of the cells of some things, read once."""

    def __init__(self, graph: Graph, refs: Iterable[str]) -> None:
        """Read the histories of these things, and of those joined into them."""
        self._cells: dict[tuple[str, str], list[Entry]] = {}
        self._joined: set[int] = set()
        ids = {node for ref in refs if (node := graph.find(ref)) is not None}
        ids |= {one for one, home in joined_of(graph).items() if home in ids}
        names = {name: node for node in ids for name in graph.names_of(node)}
        entries = graph.past(tuple(names)) if graph.past is not None and names else ()
        for entry in entries:
            if isinstance(entry.change, Put) and entry.change.ref in names:
                node = names[entry.change.ref]
                home = str(graph.ref_of(home_of(graph, node)))
                if home_of(graph, node) != node:
                    self._joined.add(entry.number)
                for name in entry.change.fields:
                    self._cells.setdefault((home, name), []).append(entry)

    def verdict(self, change: Put, name: str, wins: str) -> Verdict:
        """Whether a source's value of a cell, which differs from ours, is news."""
        cell = change.ref, name
        last = self._last(cell)
        via = change.via or Via()
        if last is None or _is_word_of(last, via):
            return Verdict.NEWS
        own = self._own(cell, via)
        again = own is not None and _value(own, name) == change.fields[name]
        if wins == OURS_WINS:
            return Verdict.NEWS if teller_of(last) == via.source else Verdict.SILENT
        if teller_of(last) not in {"", *MARKS} and find_pair(last) is not None:
            # Another source spoke last: of the two, the one that changes its word is heard.
            return Verdict.SILENT if again else _heard(wins)
        if wins == ASK:
            held = own is not None and self._is_held(cell, own)
            return Verdict.SILENT if again and held else Verdict.ASKED
        return Verdict.NEWS

    def last_valid(self, ref: str, name: str) -> Instant | None:
        """Since when a cell is what it is; None where nobody said it."""
        last = self._last((ref, name))
        return None if last is None else last.valid

    def _last(self, cell: tuple[str, str]) -> Entry | None:
        """The entry that says what a cell is, as far as the order of days tells.

        What was said of a thing before it was joined into this one is not said of this one.
        """
        every = (each for each in self._cells.get(cell, ()) if each.number not in self._joined)
        return max(every, key=lambda each: (each.valid, each.number), default=None)

    def _own(self, cell: tuple[str, str], via: Via) -> Entry | None:
        """The last entry with this source's own word, by its foreign key."""
        pair = pair_of(via)
        mine = [each for each in self._cells.get(cell, ()) if pair and find_pair(each) == pair]
        return max(mine, key=lambda each: each.number, default=None)

    def _is_held(self, cell: tuple[str, str], own: Entry) -> bool:
        """Whether a value was asked about: our own was put beside it in its batch."""
        beside = (each for each in self._cells.get(cell, ()) if each.batch == own.batch)
        return any(teller_of(each) == HELD for each in beside)


def wins_of(recipe: Recipe) -> dict[tuple[str, str], str]:
    """Who wins each field, by the head of its kind's refs, where that is not the source."""
    return {
        (slug_of(part.kind.name), cell.field.name): cell.wins
        for part in recipe.parts
        for cell in part.cells
        if cell.wins != SOURCE_WINS
    }


def asked(source: str, ref: str, name: str, theirs: Value, ours: Value) -> Finding:
    """That a source and the company say two things, for somebody to decide."""
    says = f"{source} says {_shown(theirs)}, and here {name} is {_shown(ours)}"
    hint = "decide whose value stands: latticework conflicts"
    return warning("SOURCE041", says, hint=hint, place=Place(ref=ref, field=name))


def held(change: Put, name: str, ours: Value) -> Iterator[Put]:
    """The source's value, and ours at once after it: so it waits for a decision."""
    via = change.via or Via()
    yield Put(change.ref, {name: change.fields[name]}, via=via)
    beside = Via(HELD, f"{via.source} {via.key}", via.file, via.line, via.revision)
    yield Put(change.ref, {name: ours}, via=beside)


def _heard(wins: str) -> Verdict:
    return Verdict.ASKED if wins == ASK else Verdict.NEWS


def _is_word_of(entry: Entry, via: Via) -> bool:
    """Whether a source said this itself, of the same record."""
    if teller_of(entry) != via.source:
        return False
    pair = find_pair(entry)
    return pair is None or pair == pair_of(via)


def _value(entry: Entry, name: str) -> Value:
    fields: Mapping[str, Value] = entry.change.fields if isinstance(entry.change, Put) else {}
    return fields.get(name)


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    return f"'{value}'" if isinstance(value, str) else ", ".join(f"'{each}'" for each in value)
