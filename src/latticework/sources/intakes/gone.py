"""What a source said last and says no longer, found by flags instead of texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from latticework.graph.absence import histories_of, is_named
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags, Ints, Longs
from latticework.journal.changes import (
    Change,
    Connect,
    Disconnect,
    Entry,
    Put,
    Retire,
    Value,
    Via,
)
from latticework.journal.tellers import MARKS, find_pair, teller_of
from latticework.sources.recipes.parts import KEEP, Part, Recipe

AT_ONCE = 2_000
"""Things whose histories are read together."""

LOOKED_AT = 100_000
"""Things whose values are looked at together."""

Ends = tuple[int, str, int]
"""An edge of a graph: its source's number, its link, its target's number."""


@dataclass(frozen=True)
class _Edges:
    """The edges of one link as packed pairs in order, and which of them were said."""

    pairs: Longs
    said: Flags

    def spots_of(self, pairs: Longs) -> Longs:
        """The places of those pairs that are edges."""
        spots = np.searchsorted(self.pairs, pairs)
        spots[spots == len(self.pairs)] = 0
        return spots[self.pairs[spots] == pairs] if len(self.pairs) else spots[:0]


class Said:
    """What of a graph an intake speaks of: a flag for each thing, cell and edge.

    Of an intake that is not the whole of its source, the keys of its records
    are kept too: only what such a record said can be no more.
    """

    def __init__(self, graph: Graph, *, whole: bool) -> None:
        """Nothing was said yet."""
        self._graph = graph
        self.whole = whole
        self._named = np.zeros(graph.size, dtype=np.bool_)
        self._cells: dict[str, Flags] = {}
        self._edges: dict[str, _Edges] = {}
        self._keys: set[tuple[str, str]] = set()
        self._left: set[int] = set()
        self._settled = np.zeros(graph.size, dtype=np.bool_)

    def note(self, changes: Iterable[Change]) -> None:
        """Note what these changes say, whether it is new or not."""
        puts = [each for each in changes if isinstance(each, Put)]
        ids = self._ids(each.ref for each in puts)
        cells: dict[str, list[int]] = {}
        for put, node in zip(puts, ids.tolist(), strict=True):
            if node >= 0:
                for name in put.fields:
                    cells.setdefault(name, []).append(node)
            if not self.whole and put.via is not None:
                self._keys.add((put.ref.partition("/")[0], put.via.key))
        self._named[ids[ids >= 0]] = True
        for name, nodes in cells.items():
            self._flags(name)[nodes] = True
        ties: dict[str, list[Connect]] = {}
        for each in changes:
            if isinstance(each, Connect):
                ties.setdefault(each.link, []).append(each)
        for link, drawn in ties.items():
            sources = self._ids(each.source for each in drawn).astype(np.int64)
            targets = self._ids(each.target for each in drawn)
            known = (sources >= 0) & (targets >= 0)
            edges = self._of_link(link)
            pairs = (sources * self._graph.size + targets)[known]
            edges.said[edges.spots_of(pairs)] = True

    def leave(self, refs: Iterable[str]) -> None:
        """Take nothing back of these things, of which only older words were read.

        Where there are any, things that are not named may be newer than the words.
        """
        ids = self._ids(refs)
        self._left.update(ids.tolist())
        self.whole = self.whole and not self._left

    def settle(self, nodes: Flags) -> None:
        """Take nothing back of these things, which are said as they were before."""
        self._settled |= nodes
        self._named |= nodes

    def names(self, node: int) -> bool:
        """Whether a thing was named."""
        return bool(self._named[node])

    def fills(self, node: int, name: str) -> bool:
        """Whether a cell was given a value."""
        return name in self._cells and bool(self._cells[name][node])

    def omits(self, edge: Ends) -> bool:
        """Whether an edge stands and was not said."""
        edges = self._of_link(edge[1])
        pair = np.array([edge[0] * self._graph.size + edge[2]], dtype=np.int64)
        return bool((~edges.said[edges.spots_of(pair)]).any())

    def tells_of(self, change: Connect | Disconnect) -> bool:
        """Whether the record is there that said an edge last."""
        if self.whole or change.via is None:
            return self.whole
        kinds = (end.partition("/")[0] for end in (change.source, change.target))
        return any((kind, change.via.key) in self._keys for kind in kinds)

    def doubtful(self, kind: str) -> Ints:
        """Things of which the company says more than this intake.

        Only of these the history has to be read, to find who said it.
        """
        graph = self._graph
        ids = graph.ids_of(kind)
        ids = ids[~self._settled[ids]]
        if not len(ids):
            return ids
        more = ~self._named[ids] if self.whole else np.zeros(len(ids), dtype=np.bool_)
        for name in graph.field_names(int(ids[0])):
            more |= self._filled(name, ids) & ~self._flags(name)[ids]
        unsaid = np.zeros(graph.size, dtype=np.bool_)
        for link in graph.link_names():
            edges = self._of_link(link)
            unsaid[edges.pairs[~edges.said] // graph.size] = True
        more |= unsaid[ids]
        ids = ids[more] if self.whole else ids[more & self._named[ids]]
        return ids[~np.isin(ids, list(self._left))] if self._left else ids

    def _filled(self, name: str, ids: Ints) -> Flags:
        """Which of these things have a value; of a million all texts would take much room."""
        starts = range(0, len(ids), LOOKED_AT)
        some = (self._graph.texts(name, ids[start : start + LOOKED_AT]) for start in starts)
        return np.concatenate([each.is_not_null().to_numpy() for each in some])

    def _of_link(self, link: str) -> _Edges:
        """The edges of a link that stand, those to things never recorded included."""
        if link not in self._edges:
            drawn, loose = self._graph.adjacency(link), self._graph.dangling(link)
            sources = np.concatenate([drawn.sources, loose[0]]).astype(np.int64)
            targets = np.concatenate([drawn.targets, loose[1]])
            pairs = np.sort(sources * self._graph.size + targets)
            self._edges[link] = _Edges(pairs, np.zeros(len(pairs), dtype=np.bool_))
        return self._edges[link]

    def _flags(self, name: str) -> Flags:
        if name not in self._cells:
            self._cells[name] = np.zeros(self._graph.size, dtype=np.bool_)
        return self._cells[name]

    def _ids(self, refs: Iterable[str]) -> Ints:
        return self._graph.find_all(pl.Series(list(refs), dtype=pl.String))


def taken_back(graph: Graph, recipe: Recipe, said: Said) -> Iterator[Change]:
    """What this source said last and says no longer."""
    for part in recipe.parts:
        if part.mentioned:
            continue
        nodes = said.doubtful(part.kind.name).tolist()
        for start in range(0, len(nodes), AT_ONCE):
            some = nodes[start : start + AT_ONCE]
            pasts = histories_of(graph, some)
            for node in some:
                yield from _gone(graph, recipe, part, node, said, pasts.get(node, ()))


class _Told(NamedTuple):
    """What the history of a thing says, and which of it this source said last.

    `cells` are by field, `drawn` the edges that the source drew last. `others`
    tells that further sources know the thing by keys of their own, `named` that
    this one names it, as far as is recorded.
    """

    named: bool
    alive: bool
    others: bool
    cells: Mapping[str, bool]
    drawn: Mapping[Ends, Connect]


def _told(graph: Graph, recipe: Recipe, entries: Sequence[Entry]) -> _Told:
    """Who said what of a thing, by its history."""
    alive, others, cells = False, False, dict[str, bool]()
    drawn: dict[Ends, Connect] = {}
    for entry in entries:
        change = entry.change
        teller, ours = teller_of(entry), teller_of(entry) == recipe.name
        if isinstance(change, Put):
            alive = ours
            others |= not ours and teller not in MARKS and find_pair(entry) is not None
            cells |= {name: ours and value is not None for name, value in change.fields.items()}
        elif isinstance(change, Connect | Disconnect):
            ends = graph.id_of(change.source), change.link, graph.id_of(change.target)
            drawn.pop(ends, None)
            if ours and isinstance(change, Connect):
                drawn[ends] = change
    return _Told(is_named(graph, entries, recipe.name), alive, others, cells, drawn)


def _gone(
    graph: Graph, recipe: Recipe, part: Part, node: int, said: Said, past: Sequence[Entry]
) -> Iterator[Change]:
    """Edges, fields or the whole of one thing, where this source said them last."""
    ref, via = str(graph.ref_of(node)), Via(source=recipe.name)
    told, vanished = _told(graph, recipe, past), not said.names(node)
    if vanished and part.marks:
        if told.named:
            yield Put(ref, part.marks, via=via)
        return
    if vanished and part.gone == KEEP:
        return
    for ends, drawn in told.drawn.items():
        if ends[0] == node and said.omits(ends) and said.tells_of(drawn):
            yield Disconnect(ref, ends[1], str(graph.ref_of(ends[2])), via=via)
    if vanished and not told.others:
        if told.alive:
            yield Retire(ref, via=via)
        elif told.named:
            # Somebody else's word keeps it: that the source left it is said by itself.
            yield Put(ref, {}, via=via)
        return
    gone: dict[str, Value] = {
        name: None for name, ours in told.cells.items() if ours and not said.fills(node, name)
    }
    if gone:
        yield Put(ref, gone, via=via)
    if vanished and told.named:
        # Others know it still: that this source does not is said by itself.
        yield Put(ref, {}, via=via)
