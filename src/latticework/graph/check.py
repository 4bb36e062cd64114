"""What stands against changes: words, values, ends, bounds and circles.

Codes: CHANGE001 no ref, 002 unknown kind, 003 unknown field, 004 value that
does not fit, 005 several values for one, 006 required value taken away, 007
required value never given, 008 value taken by another thing, 009 unknown link,
010 ends that the link does not join, 011 an end that does not exist, 012 too
many edges, 013 a circle, 014 no such thing to retire or move, 015 a ref in
use, 016 no such edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from latticework.base.findings import Finding, error, warning
from latticework.base.near import did_you_mean
from latticework.base.refs import find_ref
from latticework.graph.check_edges import check_edges
from latticework.graph.check_values import check_values
from latticework.graph.graph import Graph
from latticework.graph.standing import Standings, place_of
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
)


def check(changes: Sequence[Change], graph: Graph, *, strict: bool = True) -> tuple[Finding, ...]:
    """All that stands against these changes, taken in their order.

    Not `strict` lets values, bounds and circles pass: an import keeps what it
    was given, and rules find it later. Words, refs and ends are checked anyway.
    """
    standings = Standings.of(changes, graph)
    findings = [found for change in changes for found in _about(change, standings)]
    findings.extend(check_values(standings, strict=strict))
    findings.extend(check_edges(standings, strict=strict))
    return tuple(findings)


def _about(change: Change, standings: Standings) -> Iterator[Finding]:
    """What is wrong with the things that a change speaks of; then it takes hold."""
    match change:
        case Put():
            yield from _unnamed(change, (change.ref,), standings)
            standings.put(change)
        case Retire():
            if not standings.exists(change.ref):
                yield _nothing(change, change.ref, standings, "retire")
            standings.retire(change.ref)
        case Move():
            yield from _move(change, standings)
            standings.move(change)
        case Connect():
            standings.connect(change)
        case Disconnect():
            if not standings.has_edge(change):
                says = f"'{change.source}' has no edge {change.link} '{change.target}' to cut"
                hint = f"see its edges with: latticework show {change.source}"
                yield warning("CHANGE016", says, hint=hint, place=place_of(change, change.source))
            standings.disconnect(change)
        case Declare():
            pass


def _unnamed(change: Change, refs: Iterable[str], standings: Standings) -> Iterator[Finding]:
    """Refs that have not a ref's shape or whose kind nobody declared."""
    for ref in refs:
        if standings.find_id(ref) is not None and standings.kind_of(ref):
            continue
        if find_ref(ref) is None:
            says = f"'{ref}' is not a ref"
            hint = "write kind/name in lower case, with hyphens for spaces"
            yield error("CHANGE001", says, hint=hint, place=place_of(change, ref), value=ref)
        elif standings.kind_of(ref) is None:
            yield _unknown_kind(change, ref, standings)


def _unknown_kind(change: Change, ref: str, standings: Standings) -> Finding:
    word = ref.partition("/")[0]
    kinds = standings.graph.model.kinds_by_name
    hint = did_you_mean(word, kinds, otherwise="declare the kind in the model first")
    says = f"unknown kind '{word}'"
    return error("CHANGE002", says, hint=hint, place=place_of(change, ref), value=word)


def _nothing(change: Change, ref: str, standings: Standings, verb: str) -> Finding:
    known = standings.find_id(ref) is not None
    says = f"'{ref}' is retired already" if known else f"there is no '{ref}' to {verb}"
    hint = "" if known else did_you_mean(ref, standings.refs_like(ref), otherwise="check the ref")
    return error("CHANGE014", says, hint=hint, place=place_of(change, ref), value=ref)


def _move(change: Move, standings: Standings) -> Iterator[Finding]:
    if standings.key_of(change.ref) is None:
        yield _nothing(change, change.ref, standings, "move")
    yield from _unnamed(change, (change.to,), standings)
    same = standings.key_of(change.to) == standings.key_of(change.ref)
    if standings.is_taken(change.to) and not same:
        says = f"'{change.to}' names another thing already"
        hint = "a ref names one thing for ever; choose another"
        place = place_of(change, change.ref)
        yield error("CHANGE015", says, hint=hint, place=place, value=change.to)
