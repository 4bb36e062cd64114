"""Things that were joined into others, and where they lead now.

A thing that is joined into another is retired, and its field SAME names the
other's ref. Nothing else is needed: the field has its time like any other, so
a moment before the join shows two things, and branches, merges and undo do
with it as with every value.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from latticework.graph.graph import Graph

SAME = "same as"
"""The field of a retired thing that names the one it was joined into."""


def joined_of(graph: Graph) -> Mapping[int, int]:
    """The thing that each joined one leads to, chains followed to their end."""
    return graph.keep(("graph", "joined"), lambda: _joined(graph))


def home_of(graph: Graph, node: int) -> int:
    """The thing that a thing is now."""
    return joined_of(graph).get(node, node)


def find_home(graph: Graph, ref: str) -> str:
    """The ref by which a thing goes now, joins followed; the ref itself where it is new."""
    node = graph.find(ref)
    return ref if node is None else str(graph.ref_of(home_of(graph, node)))


def joined_into(graph: Graph, node: int) -> tuple[int, ...]:
    """The things that were joined into one, in the order of their numbers."""
    return tuple(sorted(one for one, home in joined_of(graph).items() if home == node))


def _joined(graph: Graph) -> dict[int, int]:
    cells = graph.log.cells.get(SAME)
    if cells is None:
        return {}
    ids = np.unique(cells.line.subject).astype(np.int32)
    # A thing that was brought back by hand is itself again.
    ids = ids[~graph.alive[ids]]
    values = graph.values(SAME, ids)
    said = {one: ref for one, ref in zip(ids.tolist(), values, strict=True) if isinstance(ref, str)}
    goals = graph.find_all(pl.Series(list(said.values()), dtype=pl.String)).tolist()
    steps = {one: goal for one, goal in zip(said, goals, strict=True) if goal >= 0}
    return {one: _end(one, steps) for one in steps}


def _end(one: int, steps: Mapping[int, int]) -> int:
    """Where steps lead; the first one again ends a circle."""
    seen = {one}
    at = steps[one]
    while at in steps and at not in seen:
        seen.add(at)
        at = steps[at]
    return at
