"""What a view may look at besides its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused
from latticework.base.times import FOREVER, Instant, format_instant
from latticework.journal.changes import Entry, Value, Via
from latticework.journal.store import MAIN, Branch, Heading
from latticework.views.wording import day_words, dotted

if TYPE_CHECKING:
    from latticework.graph.disputes import Conflict
    from latticework.graph.graph import Graph

_MINUTE = 60_000_000


def _no_entries(_most: int) -> tuple[Entry, ...]:
    return ()


def _no_findings() -> tuple[Finding, ...]:
    return ()


def _untraced(_via: Via, _kind: str, _name: str, _value: Value) -> tuple[str, str]:
    return "", ""


def _no_conflicts() -> tuple[Conflict, ...]:
    return ()


def _no_graph(_branch: str) -> Graph | None:
    return None


def _no_headings() -> tuple[Heading, ...]:
    return ()


def _no_branches() -> tuple[Branch, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A company as a reader looks at it: a graph, the clock, and what to ask.

    `graph` is at the reader's moment, on the reader's branch; `present` where
    no moment was asked for. `now` is the clock's instant. `graph_at` gives the graph at a day or an instant as
    people write it (raises Refused), `graph_of` that of another branch, None
    where there is none; `entries` the latest so many, newest
    first; `headings` those of batches that came from a source or take one back; `findings` all of the graph's; `judged` those about one thing, where
    asking for them alone is cheaper than picking them out of all; `conflicts`
    what waits for a decision between a source and us. `traced` gives the address of
    a value at its source, and what a recipe made of the source's text, by where
    it came from, kind, field and value.
    """

    graph: Graph
    now: Instant
    zone: tzinfo = UTC
    branch: str = MAIN
    present: bool = False
    graph_at: Callable[[str], Graph]
    graph_of: Callable[[str], Graph | None] = _no_graph
    entries: Callable[[int], tuple[Entry, ...]] = _no_entries
    headings: Callable[[], tuple[Heading, ...]] = _no_headings
    findings: Callable[[], tuple[Finding, ...]] = _no_findings
    judged: Callable[[int], tuple[Finding, ...]] | None = None
    branches: Callable[[], tuple[Branch, ...]] = _no_branches
    conflicts: Callable[[], tuple[Conflict, ...]] = _no_conflicts
    traced: Callable[[Via, str, str, Value], tuple[str, str]] = _untraced

    def side(self, words: str) -> Graph:
        """One side of a comparison: a day or moment, else a branch; Refused for neither."""
        if words in {"", "now"}:
            return self.graph
        try:
            return self.graph_at(words)
        except Refused:
            found = self.graph_of(words)
            if found is None:
                raise
            return found

    def findings_about(self, node: int) -> tuple[Finding, ...]:
        """What is found of one thing, under any ref it ever had."""
        if self.judged is not None:
            return self.judged(node)
        names = self.graph.names_of(node)
        return tuple(each for each in self.findings() if each.place.ref in names)

    @property
    def words(self) -> str:
        """Moment and branch in words; nothing where they are now and main."""
        moment = self.graph.moment
        is_now = self.present or moment.valid >= FOREVER or abs(moment.valid - self.now) < _MINUTE
        at = "" if is_now else f"as of {_spot(moment.valid, self.zone)}"
        known = moment.known
        seen = "" if known >= FOREVER else f"as known on {_spot(known, self.zone)}"
        return dotted(at, seen, "" if self.branch == MAIN else f"on branch {self.branch}")


def _spot(instant: Instant, zone: tzinfo) -> str:
    """A day where the instant ends one, else the instant itself."""
    day = day_words(instant, zone)
    ends = day_words(instant + 1, zone) != day
    return day if ends else format_instant(instant)
