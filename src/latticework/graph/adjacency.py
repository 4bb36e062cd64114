"""The edges of one link, both directions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from latticework.graph.timeline import Ints, Longs


@dataclass(frozen=True, kw_only=True)
class Adjacency:
    """Edges between things that exist, sorted by source, then target.

    Edges of node `n` are `indptr[n]` up to `indptr[n + 1]`; those that lead to
    it are `back_edges` from `back_indptr[n]` up to `back_indptr[n + 1]`, with
    their sources in `back_sources`. `numbers` are the log's own edge numbers.
    """

    link: str
    sources: Ints
    targets: Ints
    size: int
    numbers: Ints

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
        packed = self.targets.astype(np.int64) << 32
        packed |= np.arange(len(packed), dtype=np.int64)
        packed.sort()
        return packed & 0xFFFFFFFF

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


def _starts(nodes: Ints, size: int) -> Longs:
    starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(nodes, minlength=size), out=starts[1:])
    return starts
