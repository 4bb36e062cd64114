"""One thing of a graph, for reading by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.refs import Ref
from latticework.journal.changes import Value

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


@dataclass(frozen=True)
class Node:
    """A thing at a graph's moment; every property asks the graph."""

    graph: Graph = field(repr=False)
    number: int

    @property
    def ref(self) -> Ref:
        """The ref by which it goes."""
        return self.graph.ref_of(self.number)

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.graph.kind_of(self.number)

    @property
    def alive(self) -> bool:
        """Whether it exists."""
        return bool(self.graph.alive[self.number])

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.graph.titles(self._one)[0])

    @property
    def stage(self) -> str | None:
        """Where it stands in its kind's course."""
        found = self.graph.stage_words(self._one)[0]
        return None if found is None else str(found)

    @cached_property
    def fields(self) -> Mapping[str, Value]:
        """Fields that have a value, as written."""
        names = self.graph.field_names(self.number)
        values = {name: self.graph.values(name, self._one)[0] for name in names}
        return {name: value for name, value in values.items() if value is not None}

    @cached_property
    def links(self) -> Mapping[str, tuple[Ref, ...]]:
        """What it is linked to, by phrase, both ways."""
        found: dict[str, tuple[Ref, ...]] = {}
        for name in self.graph.link_names():
            adjacency = self.graph.adjacency(name)
            declared = self.graph.model.links_by_name.get(name)
            ahead, behind = adjacency.targets_of(self.number), adjacency.sources_of(self.number)
            if len(ahead):
                found[name] = self._refs(ahead)
            if len(behind):
                found[declared.back if declared else f"{name} (back)"] = self._refs(behind)
        return found

    @property
    def _one(self) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array([self.number], dtype=np.int32)

    def _refs(self, nodes: np.ndarray[tuple[int], np.dtype[np.int32]]) -> tuple[Ref, ...]:
        return tuple(self.graph.ref_of(node) for node in nodes.tolist())
