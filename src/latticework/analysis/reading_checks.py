"""Readings that a model binds to words it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from latticework.analysis.asking import UNKNOWN_THING
from latticework.analysis.reading import read_all
from latticework.base.findings import Finding
from latticework.base.times import BEGINNING
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Declare
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.model.model import Model


def unreadable(model: Model, today: date) -> Iterator[tuple[str, Finding]]:
    """Each such reading's name with what is wrong, whatever things there are.

    They are asked of a company that has these words and nothing else, which
    costs the same however large the real one is.
    """
    if model.readings:
        text = model.keep(("analysis", "text"), lambda: format_model(model))
        yield from _unreadable(text, today)


@lru_cache(maxsize=8)
def _unreadable(text: str, today: date) -> tuple[tuple[str, Finding], ...]:
    return tuple(
        (read.bound.name, each)
        for read in read_all(_without_things(text), today)
        for each in read.findings
        # Which things there are is no matter of the model.
        if each.code != UNKNOWN_THING
    )


def _without_things(text: str) -> Graph:
    store = MemoryStore()
    store.append([Batch(changes=(Declare(text),), valid=BEGINNING)], now=0)
    return build(store.log())
