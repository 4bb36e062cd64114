"""Where two writers met: what was seen, what holds now, what was to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from latticework.base.findings import Finding
from latticework.graph.facts import Facts, facts_about
from latticework.journal.changes import Change, Connect, Put, Value
from latticework.surfaces.web.api.shapes import FindingGiven, Kept, finding_given

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.journal.changes import Entry
    from latticework.workspace import Workspace

CONFLICT = "STORE005"


def is_conflict(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings says that somebody else was faster."""
    return any(each.code == CONFLICT for each in findings)


def told_apart(
    findings: Iterable[Finding],
    changes: Sequence[Change],
    workspace: Workspace,
    *,
    base: int,
    branch: str,
) -> list[FindingGiven]:
    """Findings with both writers' values and the one from which both began."""
    then = facts_about(workspace.seen_at(base, branch=branch), changes)
    graph = workspace.graph(branch=branch)
    now = facts_about(graph, changes)
    return [
        _told(each, changes, then, now, graph, base)
        if each.code == CONFLICT
        else finding_given(each)
        for each in findings
    ]


def _told(
    finding: Finding,
    changes: Sequence[Change],
    then: Facts,
    now: Facts,
    graph: Graph,
    base: int,
) -> FindingGiven:
    given = finding_given(finding)
    index, yours = next(_spoken(finding, changes, graph), (None, None))
    if index is None:
        return given
    change, field = changes[index], finding.place.field
    last = _last_about(change, field, graph, base)
    return msgspec.structs.replace(
        given,
        change=index,
        base=_plain(_held(then, change, field)),
        theirs=_plain(_held(now, change, field)),
        yours=_plain(yours),
        by=last.by if last else "",
        entry=last.number if last else 0,
    )


def _spoken(
    finding: Finding, changes: Sequence[Change], graph: Graph
) -> Iterator[tuple[int, Value]]:
    """The changes that a finding is about, by their place, with what they say."""
    node = graph.find(finding.place.ref)
    field = finding.place.field
    for index, change in enumerate(changes):
        ref = _ref_of(change)
        if ref != finding.place.ref and (node is None or graph.find(ref) != node):
            continue
        match change:
            case Put(fields=fields) | Connect(fields=fields) if field:
                if field in fields:
                    yield index, fields[field]
            case _ if not field:
                yield index, None


def _ref_of(change: Change) -> str:
    match change:
        case Put(ref=ref):
            return ref
        case Connect(source=source):
            return source
    return str(getattr(change, "ref", getattr(change, "source", "")))


def _held(facts: Facts, change: Change, field: str) -> Value:
    match change:
        case Put(ref=ref) if field:
            return facts.cells.get((ref, field))
        case Connect(source, link, target) if field:
            return facts.edges.get((source, link, target), {}).get(field)
    return None


def _last_about(change: Change, field: str, graph: Graph, base: int) -> Entry | None:
    """The last entry since `base` that speaks of the cell."""
    for entry in reversed(graph.history(_ref_of(change))):
        if entry.number <= base:
            return None
        match entry.change:
            case Put(fields=fields) | Connect(fields=fields) if field and field not in fields:
                continue
        return entry
    return None


def _plain(value: Value) -> Kept:
    return list(value) if isinstance(value, tuple) else value
