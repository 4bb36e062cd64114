"""The edges of one link, both directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from latticework.graph.timeline import Ints, Longs, order_of


@dataclass(frozen=True, kw_only=True)
class Adjacency:
    """Edges between things that exist, sorted by source, then target.

    Edges of node `n` are `indptr[n]` up to `indptr[n + 1]`; those that lead to
    it are `back_edges` from `back_indptr[n]` up to `back_indptr[n + 1]`, with
    their sources in `back_sources`. `numbers` are the log's own edge numbers.
    `dangling` are sources that exist and targets that do not.
    """

    link: str
    sources: Ints
    targets: Ints
    size: int
    numbers: Ints
    dangling: tuple[Ints, Ints]

    def __len__(self) -> int:
        """How many edges there are."""
        return len(self.sources)

    @cached_property
    def indptr(self) -> Longs:
        """Where each source's edges begin."""
        return _starts(self.sources, self.size)

    @cached_property
    def back_indptr(self) -> Longs:
        """Where each target's edges begin in `back_edges`."""
        return _starts(self.targets, self.size)

    @cached_property
    def back_edges(self) -> Longs:
        """Edges sorted by target, then source."""
        return order_of(self.targets)

    @cached_property
    def back_sources(self) -> Ints:
        """The source of each of `back_edges`."""
        return self.sources[self.back_edges]

    def targets_of(self, node: int) -> Ints:
        """Where a node's edges lead."""
        return self.targets[self.indptr[node] : self.indptr[node + 1]]

    def sources_of(self, node: int) -> Ints:
        """Whose edges lead to a node."""
        return self.back_sources[self.back_indptr[node] : self.back_indptr[node + 1]]

    def find_spot(self, source: int, target: int) -> tuple[int, bool]:
        """Where an edge is or would be, and whether it is there."""
        first = int(np.searchsorted(self.sources, np.int32(source), side="left"))
        end = int(np.searchsorted(self.sources, np.int32(source), side="right"))
        spot = first + int(np.searchsorted(self.targets[first:end], np.int32(target)))
        return spot, spot < end and int(self.targets[spot]) == target

    def grown(self, size: int) -> Adjacency:
        """The same edges among further things that have none."""
        if size == self.size:
            return self
        wider = replace(self, size=size)
        for name in ("indptr", "back_indptr"):
            starts = self.__dict__.get(name)
            if starts is not None:
                more = np.full(size - self.size, starts[-1], dtype=np.int64)
                wider.__dict__[name] = np.concatenate([starts, more])
        for name in ("back_edges", "back_sources"):
            if name in self.__dict__:
                wider.__dict__[name] = self.__dict__[name]
        return wider

    def with_edge(self, source: int, target: int, number: int) -> Adjacency:
        """The same with one more edge; what was worked out is kept up."""
        spot, known = self.find_spot(source, target)
        if known:
            return self
        changed = replace(
            self,
            sources=np.insert(self.sources, spot, source),
            targets=np.insert(self.targets, spot, target),
            numbers=np.insert(self.numbers, spot, number),
        )
        self._shift(changed, source, target, 1)
        back = self.__dict__.get("back_edges")
        if back is not None:
            shifted = back + (back >= spot)
            place = int(np.searchsorted(self.targets[back], np.int32(target), side="left"))
            end = int(np.searchsorted(self.targets[back], np.int32(target), side="right"))
            place += int(np.searchsorted(shifted[place:end], spot))
            changed.__dict__["back_edges"] = np.insert(shifted, place, spot)
        return changed

    def without_edge(self, source: int, target: int) -> Adjacency:
        """The same less one edge; what was worked out is kept up."""
        spot, known = self.find_spot(source, target)
        if not known:
            return self
        changed = replace(
            self,
            sources=np.delete(self.sources, spot),
            targets=np.delete(self.targets, spot),
            numbers=np.delete(self.numbers, spot),
        )
        self._shift(changed, source, target, -1)
        back = self.__dict__.get("back_edges")
        if back is not None:
            rest = back[back != spot]
            changed.__dict__["back_edges"] = rest - (rest > spot)
        return changed

    def _shift(self, changed: Adjacency, source: int, target: int, step: int) -> None:
        """Keep the starts of `changed`, which has one edge more or less."""
        for name, node in (("indptr", source), ("back_indptr", target)):
            starts = self.__dict__.get(name)
            if starts is not None:
                moved = starts.copy()
                moved[node + 1 :] += step
                changed.__dict__[name] = moved


def _starts(nodes: Ints, size: int) -> Longs:
    starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(nodes, minlength=size), out=starts[1:])
    return starts
