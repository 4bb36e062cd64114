"""Values of sources that wait beside ours until somebody decides.

An import puts the source's value and, at once after it, ours again, marked.
As long as that mark is the last word of a cell, the two are in conflict;
whatever is said of the cell afterwards is the decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latticework.base.times import Instant
from latticework.graph.graph import Graph
from latticework.journal.changes import Entry, Put, Value, Via
from latticework.journal.tellers import HELD, teller_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field of which a source says another thing than we do.

    `via` is where the source says so, `asked` since when that is known; `by`
    and `since` tell who gave our value and when. `entry` holds ours again.
    """

    ref: str
    field: str
    ours: Value
    theirs: Value
    via: Via
    asked: Instant
    entry: int
    by: str = ""
    since: Instant = 0

    @property
    def key(self) -> str:
        """What names it in forms and on the command line."""
        return f"{self.ref}#{self.field}"


def conflicts_of(graph: Graph, refs: Iterable[str]) -> tuple[Conflict, ...]:
    """What waits for a decision about these things, the latest first."""
    nodes = {node for ref in refs if (node := graph.find(ref)) is not None and graph.alive[node]}
    names = {name: node for node in nodes for name in graph.names_of(node)}
    if graph.past is None or not names:
        return ()
    cells: dict[tuple[int, str], list[Entry]] = {}
    for entry in graph.past(tuple(names)):
        seen = entry.number <= graph.number and entry.valid <= graph.moment.valid
        if seen and isinstance(entry.change, Put) and entry.change.ref in names:
            for name in entry.change.fields:
                cells.setdefault((names[entry.change.ref], name), []).append(entry)
    found = (_conflict(graph, node, name, told) for (node, name), told in cells.items())
    every = [each for each in found if each is not None]
    return tuple(sorted(every, key=lambda each: (-each.asked, each.ref, each.field)))


def _conflict(graph: Graph, node: int, name: str, told: list[Entry]) -> Conflict | None:
    """The conflict of a cell, where a held value is its last word."""
    told.sort(key=lambda each: (each.valid, each.number))
    if teller_of(told[-1]) != HELD or len(told) < 2:
        return None
    ours, theirs = told[-1], told[-2]
    if theirs.batch != ours.batch or theirs.change is None or theirs.change.via is None:
        return None
    # Held again and again, our value is still that of whoever gave it first.
    held = {each.batch for each in told if teller_of(each) == HELD}
    given = next((each for each in reversed(told) if each.batch not in held), None)
    return Conflict(
        ref=str(graph.ref_of(node)),
        field=name,
        ours=_value(ours, name),
        theirs=_value(theirs, name),
        via=theirs.change.via,
        asked=ours.known,
        entry=ours.number,
        by=given.by or teller_of(given) if given else "",
        since=given.valid if given else 0,
    )


def _value(entry: Entry, name: str) -> Value:
    return entry.change.fields.get(name) if isinstance(entry.change, Put) else None
