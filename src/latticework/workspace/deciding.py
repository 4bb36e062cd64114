"""Deciding between what a source says of a field and what we say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error, refuse_errors
from latticework.base.near import did_you_mean
from latticework.graph.disputes import Conflict, conflicts_of
from latticework.journal.changes import Batch, Change, Put, Value
from latticework.journal.store import MAIN
from latticework.journal.tellers import HELD

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.journal.store import Receipt, Store
    from latticework.workspace.workspace import Workspace

OURS, THEIRS = "ours", "theirs"
DECISIONS = (OURS, THEIRS)


class Held:
    """The things of which a source's value ever waited; each entry is read once."""

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store
        self._read: tuple[int, frozenset[str]] = 0, frozenset()

    def refs(self, branch: str) -> frozenset[str]:
        """Their refs on a branch; what main tells is kept for the next time."""
        if branch != MAIN:
            return self._stated(branch)
        after, known = self._read
        head = self._store.head(MAIN).number
        if head > after:
            known |= self._stated(MAIN, after, head)
            self._read = head, known
        return known

    def _stated(self, branch: str, after: int = 0, upto: int | None = None) -> frozenset[str]:
        told = self._store.stated(branch, source=HELD, after=after, upto=upto)
        return frozenset(told["subject"].to_list())


def conflicts(workspace: Workspace, graph: Graph, branch: str = "main") -> tuple[Conflict, ...]:
    """All that waits for a decision, as a graph of the branch tells it."""
    return conflicts_of(graph, workspace.held.refs(branch))


def decide(
    workspace: Workspace,
    decisions: Mapping[str, str],
    *,
    values: Mapping[str, Value] | None = None,
    by: str = "",
    why: str = "",
    branch: str = "main",
) -> Receipt:
    """Settle conflicts by their keys: `ours`, `theirs`, or a third value of `values`.

    All are settled in one batch, or none: raises Refused (CONFLICT001) where one
    waits no longer, or a third value does not fit.
    """
    from latticework.graph.check import check

    graph = workspace.graph(branch=branch)
    waiting = {each.key: each for each in conflicts(workspace, graph, branch)}
    third = values or {}
    refuse_errors(_unknown(waiting, [*decisions, *third]))
    changes: list[Change] = [
        _put(waiting[key], decision == THEIRS) for key, decision in decisions.items()
    ]
    written = [Put(waiting[key].ref, {waiting[key].field: value}) for key, value in third.items()]
    refuse_errors(check(written, graph))
    reason = why or "whose value stands"
    batch = Batch(changes=(*changes, *written), by=by, why=reason)
    return workspace.store.append([batch], now=workspace.now(), branch=branch, base=graph.head)


def chosen(
    waiting: Iterable[Conflict], *, ref: str = "", field: str = "", source: str = ""
) -> tuple[Conflict, ...]:
    """The conflicts of a thing, of one field, of one source; raises Refused for none."""
    every = tuple(waiting)
    found = tuple(
        each
        for each in every
        if (not ref or each.ref == ref)
        and (not field or each.field == field)
        and (not source or each.via.source == source)
    )
    if not found:
        says = f"nothing of '{ref or source or 'the company'}' waits for a decision"
        near = did_you_mean(
            ref, [each.ref for each in every], otherwise="see: latticework conflicts"
        )
        raise Refused([error("CONFLICT001", says, hint=near, value=ref)])
    return found


def _put(conflict: Conflict, theirs: bool) -> Put:
    """The decision as a change; a source's word keeps where it stands."""
    if theirs:
        return Put(conflict.ref, {conflict.field: conflict.theirs}, via=conflict.via)
    return Put(conflict.ref, {conflict.field: conflict.ours})


def _unknown(waiting: Mapping[str, Conflict], keys: Iterable[str]) -> list[Finding]:
    return [
        error(
            "CONFLICT001",
            f"'{key.replace('#', ' ')}' waits for no decision; somebody may have decided",
            hint=did_you_mean(key, waiting, otherwise="see: latticework conflicts"),
            value=key,
        )
        for key in keys
        if key not in waiting
    ]
