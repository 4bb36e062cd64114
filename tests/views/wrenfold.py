"""The example company as a reader looks at it, for lenses that need many things."""

from __future__ import annotations

from datetime import date
from functools import cache

from latticework.base.times import Moment, end_of
from latticework.demo.company import batches
from latticework.graph.graph import Graph, build
from latticework.journal.memory import MemoryStore
from latticework.views.sight import Sight

TODAY = date(2026, 11, 15)


@cache
def graph() -> Graph:
    """Wrenfold today."""
    store = MemoryStore()
    store.append(list(batches()), now=end_of(TODAY))
    return build(store.log(), Moment(valid=end_of(TODAY)), past=store.history)


def sight() -> Sight:
    """Wrenfold as a reader looks at it today."""
    return Sight(graph=graph(), now=end_of(TODAY), graph_at=lambda _: graph())
