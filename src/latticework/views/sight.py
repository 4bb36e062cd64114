"""What a view may look at besides its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from latticework.base.findings import Finding
from latticework.base.times import Instant
from latticework.journal.changes import Entry
from latticework.journal.store import MAIN, Branch

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


def _no_entries(_most: int) -> tuple[Entry, ...]:
    return ()


def _no_findings() -> tuple[Finding, ...]:
    return ()


def _no_branches() -> tuple[Branch, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A company as a reader looks at it: a graph, the clock, and what to ask.

    `graph` is at the reader's moment, on the reader's branch. `now` is the
    clock's instant. `graph_at` gives the graph at a day or an instant as
    people write it (raises Refused); `entries` the latest so many, newest
    first; `findings` all of the graph's.
    """

    graph: Graph
    now: Instant
    zone: tzinfo = UTC
    branch: str = MAIN
    graph_at: Callable[[str], Graph]
    entries: Callable[[int], tuple[Entry, ...]] = _no_entries
    findings: Callable[[], tuple[Finding, ...]] = _no_findings
    branches: Callable[[], tuple[Branch, ...]] = _no_branches
