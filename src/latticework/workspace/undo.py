"""Taking a batch back: the changes that restore what was so before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from latticework.base.findings import Finding, Place, Refused, error, refuse_errors
from latticework.base.times import Instant
from latticework.graph.facts import Facts, facts_about, keys_of
from latticework.graph.graph import Graph
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
    Value,
)
from latticework.journal.imports import imports_of
from latticework.journal.store import Store
from latticework.model.format import format_model

GraphAt = Callable[[Instant], Graph]
Key = tuple[str, ...]
"""A thing (one part), one of its cells (two), an edge (three)."""

RECENT = 50_000
"""How many entries back the last batch is looked for."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """What an entry decided of one key: being there, a value, or what is carried."""

    key: Key
    valid: Instant
    outcome: object


def inverse_of(
    entries: Sequence[Entry], later: Iterable[Entry], *, before: GraphAt, now: GraphAt
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Changes that take `entries` back, and what stands against it.

    `before` gives the graph as known just before the entries, `now` as known
    now, both at a valid instant. Each inverse is valid since the same instant
    as its entry, so that it covers exactly what the entry covered. A cell that
    was written again since is a finding (UNDO001): undoing would lose it.

    `later` are entries after these about the same things. Those that take
    other batches back may have restored a value of these entries at a later
    instant; there too the older value is put in its place.
    """
    restored: list[Change] = []
    findings = [*_redacted(entries), *_began(entries, before)]
    refuse_errors(findings)
    decided = {(each.key, each.valid): each for entry in entries for each in _decided(entry)}
    copies = [each for entry in later if entry.undoes for each in _decided(entry)]
    by_instant: dict[Instant, list[_Decided]] = defaultdict(list)
    for each in decided.values():
        by_instant[each.valid].append(each)
    for instant, group in by_instant.items():
        changes = [entry.change for entry in entries if entry.valid == instant and entry.change]
        then, today = facts_about(before(instant), changes), facts_about(now(instant), changes)
        lost = {each.key for each in group if _outcome_in(today, each) != each.outcome}
        findings.extend(_lost(ref) for ref in sorted({key[0] for key in lost}))
        restored.extend(_restored(group, then, instant))
        for again, copied in _copied(group, copies):
            restored.extend(_restored(copied, then, again))
    for entry in reversed(entries):
        match entry.change:
            case Move(ref, to):
                restored.append(Move(to, ref, valid=entry.valid))
            case Declare():
                text = format_model(before(entry.valid).model)
                restored.append(Declare(text, valid=entry.valid))
    return tuple(restored), tuple(findings)


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


def import_to_undo(store: Store, batch: int | None, branch: str) -> tuple[Entry, ...]:
    """The entries of the import that a batch is part of, or the last one, that still stand.

    Raises Refused as `entries_to_undo` does, and UNDO006 for a batch of no import.
    """
    some = entries_to_undo(store, batch, branch)
    first, source = some[0], some[0].source
    if not source:
        says = f"batch {first.batch} came in with no import"
        hint = f"take it back by itself: latticework undo {first.batch}"
        raise Refused([error("UNDO006", says, hint=hint, value=str(first.batch))])
    headings = store.headings(branch)
    undone = {each.undoes for each in headings}
    runs = (tuple(each.batch for each in run.batches) for run in imports_of(headings))
    # What no import brought under this name, such as a join, stands by itself.
    mine = next((run for run in runs if first.batch in run), (first.batch,))
    return tuple(each for number in mine if number not in undone for each in store.batch(number))


def in_batches(
    entries: Iterable[Entry], inverse: Iterable[Change], *, by: str, why: str
) -> tuple[Batch, ...]:
    """An inverse as one batch for each that it takes back."""
    owners: dict[Key, int] = {}
    batches: dict[int, list[Change]] = {}
    for entry in entries:
        batches.setdefault(entry.batch, [])
        for each in _decided(entry):
            owners.setdefault(each.key, entry.batch)
    for change in inverse:
        owner = owners.get(keys_of(change)[0])
        batches[next(iter(batches)) if owner is None else owner].append(change)
    return tuple(
        Batch(changes=tuple(changes), by=by, why=why or f"undo of batch {number}", undoes=number)
        for number, changes in batches.items()
        if changes or len(batches) == 1
    )


def refs_in(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Every thing that entries are about, edges by their source."""
    return tuple(sorted({each.key[0] for entry in entries for each in _decided(entry)}))


def _decided(entry: Entry) -> Iterator[_Decided]:
    match entry.change:
        case Put(ref, fields):
            yield _Decided((ref,), entry.valid, True)
            for name, value in fields.items():
                yield _Decided((ref, name), entry.valid, value)
        case Retire(ref):
            yield _Decided((ref,), entry.valid, False)
        case Connect(source, link, target, fields):
            yield _Decided((source, link, target), entry.valid, dict(fields))
        case Disconnect(source, link, target):
            yield _Decided((source, link, target), entry.valid, None)


def _outcome_in(facts: Facts, each: _Decided) -> object:
    """What facts say of a key, in the form in which an entry decides it."""
    match each.key:
        case (ref,):
            return ref in facts.alive
        case (ref, name):
            return facts.cells.get((ref, name))
        case (source, link, target):
            carried = facts.edges.get((source, link, target))
            if carried is None or not isinstance(each.outcome, Mapping):
                return carried
            return {name: carried.get(name) for name in each.outcome}
    return None


def _restored(group: Iterable[_Decided], then: Facts, valid: Instant) -> Iterator[Change]:
    """Changes by which the keys have the outcomes that facts give them."""
    cells: dict[str, dict[str, Value]] = defaultdict(dict)
    for each in group:
        match each.key:
            case (ref,):
                cells[ref] |= {}
            case (ref, name):
                cells[ref][name] = then.cells.get((ref, name))
            case (source, link, target):
                yield _edge(each, then.edges.get((source, link, target)), valid)
    for ref, fields in cells.items():
        # A thing that was not there is emptied too: a later entry may bring it back.
        if fields or ref in then.alive:
            yield Put(ref, fields, valid=valid)
        if ref not in then.alive:
            yield Retire(ref, valid=valid)


def _edge(each: _Decided, before: Mapping[str, Value] | None, valid: Instant) -> Change:
    source, link, target = each.key
    if before is None:
        return Disconnect(source, link, target, valid=valid)
    touched = each.outcome if isinstance(each.outcome, Mapping) else before
    carried = {name: before.get(name) for name in touched}
    return Connect(source, link, target, carried, valid=valid)


def _copied(
    group: Iterable[_Decided], copies: Iterable[_Decided]
) -> Iterator[tuple[Instant, list[_Decided]]]:
    """Later instants at which an undo restored an outcome of the group."""
    mine = {each.key: each for each in group}
    found: dict[Instant, list[_Decided]] = defaultdict(list)
    for copy in copies:
        own = mine.get(copy.key)
        if own is not None and copy.valid > own.valid and copy.outcome == own.outcome:
            found[copy.valid].append(copy)
    yield from found.items()


def _lost(ref: str) -> Finding:
    says = f"'{ref}' was changed again since; taking this back would lose that"
    hint = f"see it with: latticework show {ref}; then write the value you want"
    return error("UNDO001", says, hint=hint, place=Place(ref=ref))


def _redacted(entries: Sequence[Entry]) -> Iterator[Finding]:
    if any(entry.change is None for entry in entries):
        says = f"batch {entries[0].batch} was redacted in part; what it held is gone"
        yield error("UNDO002", says, hint="write the values you want instead")


def _began(entries: Sequence[Entry], before: GraphAt) -> Iterator[Finding]:
    """A company cannot do without the words that it began with."""
    for entry in entries:
        if isinstance(entry.change, Declare) and not _has_words(before(entry.valid)):
            says = f"batch {entry.batch} is how the company began; nothing was so before it"
            hint = "change its words with 'latticework model apply', or begin another company"
            yield error("UNDO005", says, hint=hint, value=str(entry.batch))


def _has_words(graph: Graph) -> bool:
    """Whether any model is known and holds at the graph's moment."""
    seen = (each for each in graph.log.models if each.number <= graph.number)
    return any(each.valid <= graph.moment.valid for each in seen)


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
