"""Taking a batch back: the changes that restore what was so before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import Instant
from latticework.graph.facts import Facts, facts_about, keys_of
from latticework.graph.graph import Graph
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
)
from latticework.journal.store import Store

GraphAt = Callable[[Instant], Graph]

RECENT = 50_000
"""How many entries back the last batch is looked for."""


def inverse_of(
    entries: Sequence[Entry], *, before: GraphAt, now: GraphAt
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Changes that take `entries` back, last first, and what stands against it.

    `before` gives the graph as known just before the entries, `now` as known
    now, both at a valid instant. Each inverse is valid since the same instant
    as its entry, so that it covers exactly what the entry covered. A cell that
    was written again since is a finding (UNDO001): undoing would lose it.
    """
    undone: list[Change] = []
    findings: list[Finding] = []
    by_instant: dict[Instant, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_instant[entry.valid].append(entry)
    for instant, group in reversed(by_instant.items()):
        changes = [entry.change for entry in group if entry.change is not None]
        if len(changes) < len(group):
            findings.append(_redacted(group))
        then = facts_about(before(instant), changes)
        findings.extend(_overwritten(changes, facts_about(now(instant), changes)))
        for change in reversed(changes):
            undone.extend(_inverse(change, then, instant))
    return tuple(undone), tuple(findings)


def _inverse(change: Change, then: Facts, valid: Instant) -> tuple[Change, ...]:
    match change:
        case Put() if change.ref not in then.alive:
            emptied = dict.fromkeys(change.fields)
            # The fields are emptied too: a later entry may bring the thing back.
            return (Put(change.ref, emptied, valid=valid), Retire(change.ref, valid=valid))
        case Put():
            fields = {name: then.cells.get((change.ref, name)) for name in change.fields}
            return (Put(change.ref, fields, valid=valid),)
        case Retire():
            return (Put(change.ref, {}, valid=valid),)
        case Move():
            return (Move(change.to, change.ref, valid=valid),)
        case Connect() | Disconnect():
            return (_edge_inverse(change, then, valid),)
        case Declare():
            raise UndoDeclareError(valid)


def _edge_inverse(change: Connect | Disconnect, then: Facts, valid: Instant) -> Change:
    edge = (change.source, change.link, change.target)
    before = then.edges.get(edge)
    if before is None:
        return Disconnect(*edge, valid=valid)
    touched = change.fields if isinstance(change, Connect) else before
    return Connect(*edge, {name: before.get(name) for name in touched}, valid=valid)


class UndoDeclareError(Exception):
    """A model was to be taken back as if it were a thing's change."""

    def __init__(self, valid: Instant) -> None:
        """Keep since when the model held."""
        super().__init__(f"the model valid since {valid} is undone by declaring another")


def _overwritten(changes: Iterable[Change], now: Facts) -> Iterable[Finding]:
    last: dict[object, Change] = {}
    for change in changes:
        for key in keys_of(change):
            last[key] = change
    standing = {id(change): change for change in last.values()}
    for change in standing.values():
        if not isinstance(change, Move) and not now.outcome_is(_owned(change, last)):
            yield _lost(change)


def _owned(change: Change, last: Mapping[object, Change]) -> Change:
    """The part of a put that no later change of the same batch overwrote."""
    if not isinstance(change, Put):
        return change
    fields = {
        name: value for name, value in change.fields.items() if last[(change.ref, name)] is change
    }
    return Put(change.ref, fields)


def _lost(change: Change) -> Finding:
    match change:
        case Put() | Retire() | Move():
            ref = change.ref
        case Connect() | Disconnect():
            ref = change.source
        case Declare():
            ref = ""
    says = f"'{ref}' was changed again since; taking this back would lose that"
    hint = f"see it with: latticework show {ref}; then write the value you want"
    return error("UNDO001", says, hint=hint, place=Place(ref=ref))


def _redacted(group: Sequence[Entry]) -> Finding:
    says = f"batch {group[0].batch} was redacted in part; what it held is gone"
    return error("UNDO002", says, hint="write the values you want instead")


def entries_to_undo(store: Store, batch: int | None, branch: str) -> tuple[Entry, ...]:
    """The entries of a batch, or of the last one that stands on a branch.

    A batch stands that was not taken back and is no taking back itself.
    Raises Refused: UNDO003 without such a batch, UNDO004 where it was taken
    back already.
    """
    batches, undone = _recent(store, branch)
    if batch is None:
        batch = next((each for each in batches if each not in undone), None)
        if batch is None:
            hint = "name one: latticework undo BATCH; see the feed for numbers"
            raise Refused([error("UNDO003", "nothing recent stands to be taken back", hint=hint)])
    if batch in undone:
        says = f"batch {batch} was taken back already"
        hint = f"to bring it back, undo batch {undone[batch]}"
        raise Refused([error("UNDO004", says, hint=hint, value=str(batch))])
    entries = store.batch(batch)
    if not entries:
        says = f"no batch has the number {batch}"
        raise Refused([error("UNDO003", says, hint="see the feed for numbers", value=str(batch))])
    return entries


def _recent(store: Store, branch: str) -> tuple[tuple[int, ...], dict[int, int]]:
    """Batches of the last entries, latest first, and which were undone by which."""
    head = store.head(branch).number
    batches: dict[int, None] = {}
    undone: dict[int, int] = {}
    for entry in reversed(tuple(store.entries(branch, after=max(head - RECENT, 0)))):
        if entry.undoes:
            undone.setdefault(entry.undoes, entry.batch)
        else:
            batches[entry.batch] = None
    return tuple(batches), undone
