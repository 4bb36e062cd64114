"""Sources that named a thing once and name it no longer, by its entries' `via`.

What an import writes of a record carries the record's key; what it takes back
carries its source alone. Of that, a retirement, a mark, or a put of nothing
tells that the source left the thing out. The next word with a key tells that
it is back, or that the mark is taken away. Batches that were undone tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.graph.standing import refs_in
from latticework.journal.changes import Entry, Put, Retire
from latticework.journal.tellers import JOIN, MARKS, find_pair, teller_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A source left a thing out with `gone`, and named it again with `back`, if it did."""

    source: str
    gone: Entry
    back: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A source that has named a thing: whether a mark stands, and its last absence."""

    marked: bool = False
    absence: Absence | None = None


def absences_of(graph: Graph, entries: Iterable[Entry]) -> tuple[Absence, ...]:
    """The last absence of a thing at each source that left it out, by its own entries."""
    found = (each.absence for each in _named(graph, entries).values())
    # What was split off has a thing of its own, where its source names it.
    return tuple(each for each in found if each is not None and each.gone.source != JOIN)


def histories_of(graph: Graph, nodes: Iterable[int]) -> Mapping[int, tuple[Entry, ...]]:
    """The entries about each of these things, under any of its refs, read all at once."""
    names = {name: node for node in nodes for name in graph.names_of(node)}
    found: dict[int, list[Entry]] = {node: [] for node in names.values()}
    entries = graph.past(tuple(names)) if graph.past is not None and names else ()
    for entry in entries:
        refs = refs_in(entry.change) if entry.change is not None else ()
        about = {names[ref] for ref in refs if ref in names}
        for node in about:
            found[node].append(entry)
    return {node: tuple(mine) for node, mine in found.items()}


def is_named(graph: Graph, entries: Iterable[Entry], source: str) -> bool:
    """Whether a source has named a thing and not left it out since."""
    told = _named(graph, entries).get(source)
    return told is not None and (told.absence is None or told.absence.back is not None)


def _named(graph: Graph, entries: Iterable[Entry]) -> Mapping[str, _Named]:
    """What each source that ever named a thing tells of its being there."""
    told: dict[str, _Named] = {}
    for entry in _standing(graph, entries):
        source = teller_of(entry)
        if not source or source in MARKS:
            continue
        if isinstance(entry.change, Put) and find_pair(entry) is not None:
            told[source] = _returned(told.get(source, _Named()), entry)
        elif source in told:
            told[source] = _taken_back(told[source], entry, source)
    return told


def _standing(graph: Graph, entries: Iterable[Entry]) -> Iterator[Entry]:
    """What holds at the graph's moment, in order, without what was undone."""
    upto, number = graph.moment.valid, graph.number
    seen = [each for each in entries if each.number <= number]
    undone: set[int] = set()
    # An undoing that was itself undone undoes nothing: the latest is read first.
    for each in sorted(seen, key=lambda each: -each.number):
        if each.undoes and each.batch not in undone:
            undone.add(each.undoes)
    holds = (e for e in seen if e.valid <= upto and e.batch not in undone and not e.undoes)
    yield from sorted(holds, key=lambda each: (each.valid, each.number))


def _returned(told: _Named, entry: Entry) -> _Named:
    """The source speaks of the thing: it is back, where it was away."""
    if told.absence is None or told.absence.back is not None:
        return told
    return replace(told, absence=replace(told.absence, back=entry))


def _taken_back(told: _Named, entry: Entry, source: str) -> _Named:
    """Something that the source said is no more; the thing itself, or a field of it."""
    change = entry.change
    values = change.fields.values() if isinstance(change, Put) else ()
    marked = any(value is not None for value in values)
    if isinstance(change, Retire) or (isinstance(change, Put) and (marked or not values)):
        return _Named(marked=marked, absence=Absence(source=source, gone=entry))
    if isinstance(change, Put) and told.marked:
        return replace(_returned(told, entry), marked=False)
    return told
