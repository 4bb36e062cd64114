"""A graph with proposed changes laid over it, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import polars as pl

from latticework.base.findings import Place
from latticework.graph.graph import Graph
from latticework.graph.replay import edge_stands
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
)
from latticework.model.model import Kind, Link

Key = int | str
"""A thing: its number in the graph, or the text that first names a further one."""

MOST_LIKE = 2_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """An edge as a change drew it."""

    change: Connect
    source: Key
    target: Key


@dataclass
class Standings:
    """What would stand if the changes so far were so.

    Filled while changes are taken in order; nothing outside a check sees it.
    """

    graph: Graph
    ids: dict[str, int]
    keys: dict[str, Key] = field(default_factory=dict)
    alive: dict[Key, bool] = field(default_factory=dict)
    named: dict[Key, str] = field(default_factory=dict)
    begun: dict[Key, Put] = field(default_factory=dict)
    puts: list[Put] = field(default_factory=list)
    edges: dict[tuple[str, Key, Key], Drawn | None] = field(default_factory=dict)
    drawn: list[Drawn] = field(default_factory=list)
    _kinds: dict[str, Kind | None] = field(default_factory=dict)
    _links: dict[str, Link | None] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Sequence[Change], graph: Graph) -> Self:
        """Look up every ref that the changes name, at once."""
        refs = list(dict.fromkeys(ref for change in changes for ref in refs_in(change)))
        found = graph.find_all(pl.Series("ref", refs, dtype=pl.String)).tolist()
        return cls(graph, {ref: id_ for ref, id_ in zip(refs, found, strict=True) if id_ >= 0})

    def find_id(self, ref: str) -> int | None:
        """The number in the graph of the thing with this ref."""
        return self.ids.get(ref)

    def key_of(self, ref: str) -> Key | None:
        """The thing that a ref names by now; None where nothing was so called."""
        return self.keys.get(ref, self.ids.get(ref))

    def is_taken(self, ref: str) -> bool:
        """Whether a ref names what is or was a thing, not only an end of edges."""
        key = self.key_of(ref)
        if key is None or key in self.alive:
            return key is not None
        existence = self.graph.log.existence.subject
        spot = int(np.searchsorted(existence, key))
        return spot < len(existence) and int(existence[spot]) == key

    def exists_key(self, key: Key) -> bool:
        """Whether a thing exists by now."""
        return self.alive.get(key, isinstance(key, int) and bool(self.graph.alive[key]))

    def ref_of(self, key: Key) -> str:
        """The ref by which a thing goes by now."""
        if key in self.named:
            return self.named[key]
        return self.graph.ref_of(key) if isinstance(key, int) else key

    def exists(self, ref: str) -> bool:
        """Whether the thing with this ref exists by now."""
        key = self.key_of(ref)
        return key is not None and self.exists_key(key)

    def kind_of(self, ref: str) -> Kind | None:
        """The kind of the thing that a ref names, or would name."""
        key = self.key_of(ref)
        if key in self.named:
            return self.find_kind(self.named[key].partition("/")[0])
        if isinstance(key, int):
            return self.graph.model.kinds_by_name.get(self.graph.kind_of(key))
        return self.find_kind(ref.partition("/")[0])

    def find_kind(self, word: str) -> Kind | None:
        """The kind that a ref's first word means."""
        if word not in self._kinds:
            self._kinds[word] = self.graph.words.find_kind(word)
        return self._kinds[word]

    def find_link(self, word: str) -> Link | None:
        """The link that a change's word means."""
        if word not in self._links:
            self._links[word] = self.graph.words.find_link(word)
        return self._links[word]

    def refs_like(self, ref: str) -> Iterator[str]:
        """Refs of the same kind that begin alike, for hints."""
        start = ref[: ref.find("/") + 3]
        like = self.graph.refs.filter(self.graph.refs.str.starts_with(start))
        return iter(like.head(MOST_LIKE).to_list())

    def put(self, change: Put) -> None:
        """A thing exists from here on."""
        key = self._key(change.ref)
        if not self.exists(change.ref):
            self.begun[key] = change
        self.keys[change.ref] = key
        self.alive[key] = True
        self.puts.append(change)

    def retire(self, ref: str) -> None:
        """A thing is no more from here on."""
        key = self._key(ref)
        self.alive[key] = False
        self.begun.pop(key, None)

    def move(self, change: Move) -> None:
        """A thing goes by another ref from here on."""
        key = self._key(change.ref)
        self.keys[change.to] = key
        self.named[key] = change.to

    def connect(self, change: Connect) -> None:
        """An edge stands from here on."""
        edge = Drawn(change, self._key(change.source), self._key(change.target))
        self.edges[self._edge(change)] = edge
        self.drawn.append(edge)

    def disconnect(self, change: Disconnect) -> None:
        """An edge is no more from here on."""
        self.edges[self._edge(change)] = None

    def has_edge(self, change: Connect | Disconnect) -> bool:
        """Whether the edge stands by now, whatever becomes of its ends."""
        found = self.edges.get(self._edge(change), change)
        if found is not change:
            return found is not None
        link, source, target = self._edge(change)
        return self.stood(link, source, target)

    def stood(self, link: str, source: Key, target: Key) -> bool:
        """Whether an edge stands in the graph, whatever becomes of its ends."""
        if isinstance(source, str) or isinstance(target, str):
            return False
        graph = self.graph
        log = graph.edge_log(link)
        number = log.number_of(source, target)
        return number is not None and edge_stands(log, number, graph.moment.valid, graph.number)

    def _edge(self, change: Connect | Disconnect) -> tuple[str, Key, Key]:
        link = self.find_link(change.link)
        name = link.name if link else change.link
        return name, self._key(change.source), self._key(change.target)

    def _key(self, ref: str) -> Key:
        found = self.key_of(ref)
        return ref if found is None else found


def refs_in(change: Change) -> Iterable[str]:
    """Refs that a change names."""
    match change:
        case Put() | Retire():
            return (change.ref,)
        case Move():
            return (change.ref, change.to)
        case Connect() | Disconnect():
            return (change.source, change.target)
        case Declare():
            return ()


def place_of(change: Change, ref: str, name: str = "") -> Place:
    """Where a change stands: in its source's text, at a thing."""
    via = change.via
    if via is None:
        return Place(ref=ref, field=name)
    return Place(file=via.file, line=via.line, ref=ref, field=name)
