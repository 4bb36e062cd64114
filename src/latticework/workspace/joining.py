"""Joining two things that are one, and splitting them again.

A join is one batch of ordinary changes: what the one thing says is put on the
other with its `via`, so that every value still knows its source; its edges are
drawn anew there; then it is retired, and says which one it is now. Taken apart
by `via` again, the same entries tell what each source said, before the join
and since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, Refused, error, refuse_errors
from latticework.base.near import did_you_mean
from latticework.base.refs import ref_of
from latticework.graph.joins import SAME, home_of, joined_into, joined_of
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Disconnect,
    Entry,
    Put,
    Retire,
    Value,
    Via,
)
from latticework.journal.tellers import JOIN, JOINED, MARKS, Pair, find_pair, pair_of, teller_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.journal.store import Receipt
    from latticework.workspace.workspace import Workspace

Ends = tuple[str, str, str]
"""An edge's source, link and target, by the refs of today."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two things fill differently: ours stays unless theirs is chosen."""

    field: str
    theirs: Value
    ours: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a join would do: whose fields differ, what comes along, the changes."""

    ref: str
    into: str
    differences: tuple[Difference, ...]
    filled: tuple[str, ...]
    edges: int
    keys: tuple[Pair, ...]
    changes: tuple[Change, ...]


@dataclass(slots=True)
class _Told:
    """The present of one thing as its entries tell it: who said what last.

    `carried` are also those of edges that a join cut.
    """

    cells: dict[str, Entry] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    edges: dict[Ends, Entry] = field(default_factory=dict)
    carried: dict[Ends, dict[str, Value]] = field(default_factory=dict)


def plan_join(graph: Graph, ref: str, into: str, *, take: Iterable[str] = ()) -> Joining:
    """What joining `ref` into another thing does; raises Refused with JOIN findings.

    Of fields that differ, those in `take` come from `ref`.
    """
    one, other = (_standing_ref(graph, each) for each in (ref, into))
    refuse_errors(_unfit(graph, one, other))
    wanted = set(take)
    mine, theirs = (_told(graph, graph.history(each)) for each in (other, one))
    values, ours = theirs.values, mine.values
    filled = tuple(n for n, v in values.items() if v is not None and ours.get(n) is None)
    differ = tuple(
        Difference(name, value, ours[name])
        for name, value in values.items()
        if value is not None and name not in filled and ours[name] != value and name != SAME
    )
    unknown = wanted - {each.field for each in differ}
    refuse_errors(_not_different(name, differ) for name in sorted(unknown))
    taken = {name: values[name] for name in values if name in wanted or name in filled}
    keys = keys_of(graph, one)
    moved = tuple(_moved_edges(theirs, mine, one, other))
    changes = (
        *_puts(other, taken, theirs.cells, one),
        *(Put(other, {}, via=Via(source, key)) for source, key in keys),
        *moved,
        Put(one, {SAME: other}, via=Via(JOINED, one)),
        Retire(one, via=Via(JOINED, one)),
    )
    return Joining(
        ref=one,
        into=other,
        differences=differ,
        filled=filled,
        edges=sum(isinstance(each, Disconnect) for each in moved),
        keys=keys,
        changes=changes,
    )


def join(
    workspace: Workspace,
    ref: str,
    into: str,
    *,
    take: Iterable[str] = (),
    by: str = "",
    why: str = "",
    branch: str = "main",
) -> Receipt:
    """Make one thing of two; everything is kept, and later imports reach the joined one."""
    graph = workspace.graph(branch=branch)
    plan = plan_join(graph, ref, into, take=take)
    reason = why or f"{plan.ref} is the same as {plan.into}"
    return _append(workspace, plan.changes, by=by, why=reason, branch=branch, seen=graph.head)


def plan_split(graph: Graph, ref: str, *, source: str = "") -> tuple[Change, ...]:
    """The changes that take apart what was joined.

    `ref` is a thing that was joined into another; or, with `source`, the joined
    thing, from which all that this source said goes back to a thing of its own.
    """
    node = graph.find(ref)
    if node is None:
        raise Refused([_unknown(graph, ref)])
    if node in joined_of(graph):
        one, home = str(graph.ref_of(node)), str(graph.ref_of(home_of(graph, node)))
        pairs = frozenset((*keys_of(graph, one), (JOINED, one)))
        return _split(graph, one, home, pairs)
    home = str(graph.ref_of(node))
    pairs = frozenset(pair for pair in keys_of(graph, home) if pair[0] == source)
    rest = [pair for pair in keys_of(graph, home) if pair[0] != source]
    if not pairs or not rest:
        raise Refused([_nothing_to_split(graph, home, source, pairs)])
    for each in joined_into(graph, node):
        if pairs & set(keys_of(graph, one := str(graph.ref_of(each)))):
            return _split(graph, one, home, pairs | {(JOINED, one)})
    return _split(graph, _free_ref(graph, home, sorted(pairs)[0][1]), home, pairs)


def split(
    workspace: Workspace,
    ref: str,
    *,
    source: str = "",
    by: str = "",
    why: str = "",
    branch: str = "main",
) -> Receipt:
    """Make two things of one again: what each source said goes back to its own."""
    graph = workspace.graph(branch=branch)
    changes = plan_split(graph, ref, source=source)
    reason = why or f"{ref} is a thing of its own"
    return _append(workspace, changes, by=by, why=reason, branch=branch, seen=graph.head)


def keys_of(graph: Graph, ref: str) -> tuple[Pair, ...]:
    """The foreign keys by which sources know a thing, in the order they came."""
    names = _names(graph, ref)
    pairs = (
        find_pair(entry)
        for entry in graph.history(ref)
        if isinstance(entry.change, Put) and entry.change.ref in names
    )
    return tuple(dict.fromkeys(pair for pair in pairs if pair and pair[0] not in MARKS))


def _append(
    workspace: Workspace, changes: Sequence[Change], *, by: str, why: str, branch: str, seen: int
) -> Receipt:
    batch = Batch(changes=tuple(changes), by=by, why=why, source=JOIN)
    return workspace.store.append([batch], now=workspace.now(), branch=branch, base=seen)


# ---- what entries tell


def _told(graph: Graph, entries: Iterable[Entry]) -> _Told:
    """Who said each value and edge of one thing last, up to the graph's moment."""
    told = _Told()
    kinds = graph.model.kinds
    words = {was: each.name for kind in kinds for each in kind.fields for was in each.was}
    for entry in sorted(_seen(graph, entries), key=lambda each: (each.valid, each.number)):
        match entry.change:
            case Put(_, cells):
                told.cells |= {words.get(name, name): entry for name in cells}
                told.values |= {words.get(name, name): value for name, value in cells.items()}
            case Connect(source, link, target, carried):
                ends = _ends(graph, source, link, target)
                told.edges[ends] = entry
                told.carried.setdefault(ends, {}).update(carried)
            case Disconnect(source, link, target):
                ends = _ends(graph, source, link, target)
                told.edges[ends] = entry
                if teller_of(entry) != JOINED:
                    told.carried.pop(ends, None)
            case _:
                pass
    return told


def _seen(graph: Graph, entries: Iterable[Entry]) -> Iterator[Entry]:
    upto, number = graph.moment.valid, graph.number
    return (each for each in entries if each.valid <= upto and each.number <= number)


def _ends(graph: Graph, source: str, link: str, target: str) -> Ends:
    declared = graph.model.find_link(link)
    word = declared[0].name if declared else link
    return _present(graph, source), word, _present(graph, target)


def _present(graph: Graph, ref: str) -> str:
    node = graph.find(ref)
    return ref if node is None else str(graph.ref_of(node))


def _names(graph: Graph, ref: str) -> frozenset[str]:
    node = graph.find(ref)
    return frozenset(graph.names_of(node)) if node is not None else frozenset()


def _via(entry: Entry, one: str) -> Via:
    """The source of what an entry says; for a person's word, the thing it was said of."""
    via = entry.change.via if entry.change else None
    return via if via is not None and pair_of(via) else Via(JOINED, one)


# ---- joining


def _standing_ref(graph: Graph, ref: str) -> str:
    node = graph.find(ref)
    if node is None:
        raise Refused([_unknown(graph, ref)])
    return str(graph.ref_of(node))


def _unfit(graph: Graph, one: str, other: str) -> Iterator[Finding]:
    place = Place(ref=one)
    if one == other:
        says = f"'{one}' is joined with itself"
        yield error("JOIN001", says, hint="name two things", place=place)
        return
    kinds = [graph.kind_of(graph.id_of(each)) for each in (one, other)]
    if kinds[0] != kinds[1]:
        says = (
            f"'{one}' is a {kinds[0]} and '{other}' a {kinds[1]}; only things of one kind are one"
        )
        yield error("JOIN002", says, hint="link them instead", place=place)
    for each in (one, other):
        node = graph.id_of(each)
        if graph.alive[node]:
            continue
        home = joined_of(graph).get(node)
        if home is None:
            says, hint = f"'{each}' is retired", "bring it back first, with a put"
        else:
            says = f"'{each}' is joined into '{graph.ref_of(home)}' already"
            hint = f"split it first: latticework split {each}; or name {graph.ref_of(home)}"
        yield error("JOIN003", says, hint=hint, place=Place(ref=each))


def _not_different(name: str, differ: Sequence[Difference]) -> Finding:
    names = [each.field for each in differ]
    otherwise = f"they differ in {', '.join(names)}" if names else "they differ in no field"
    hint = did_you_mean(name, names, otherwise=otherwise)
    return error("JOIN004", f"both say the same of '{name}', or nothing", hint=hint, value=name)


def _unknown(graph: Graph, ref: str) -> Finding:
    hint = did_you_mean(ref, graph.refs.to_list()[:20_000], otherwise="check the ref")
    return error("JOIN005", f"nothing was ever called '{ref}'", hint=hint, value=ref)


def _puts(
    ref: str, values: Mapping[str, Value], told: Mapping[str, Entry], one: str
) -> Iterator[Put]:
    """The values, those of one origin together."""
    groups: dict[Via, dict[str, Value]] = {}
    for name, value in values.items():
        groups.setdefault(_via(told[name], one), {})[name] = value
    for via, fields in groups.items():
        yield Put(ref, fields, via=via)


def _moved_edges(told: _Told, there: _Told, one: str, other: str) -> Iterator[Change]:
    """Edges of one thing drawn at the other, and cut where they were."""
    for ends, entry in told.edges.items():
        if not isinstance(entry.change, Connect):
            continue
        moved = _with_end(ends, one, other)
        standing = there.edges.get(moved)
        drawn = standing is not None and isinstance(standing.change, Connect)
        if moved[0] != moved[2]:
            # Drawn anew even where it stands: a split has to know that both said so.
            yield Connect(*moved, {} if drawn else told.carried[ends], via=_via(entry, one))
        yield Disconnect(*ends, via=Via(JOINED, one))


def _with_end(ends: Ends, one: str, other: str) -> Ends:
    """An edge with one thing in another's place."""
    source, link, target = ends
    return (other if source == one else source), link, (other if target == one else target)


# ---- splitting


def _split(graph: Graph, one: str, home: str, pairs: frozenset[Pair]) -> tuple[Change, ...]:
    """What the pairs said goes to `one`; what others said stays, as they said it."""
    entries = graph.history(home)
    every = _told(graph, entries)
    others = {pair[0] for pair in keys_of(graph, home) if pair not in pairs}
    left = {pair[0] for pair in pairs if pair[0] not in MARKS}
    goes = {each.number for each in entries if _goes(each, pairs, others)}
    rest = _told(graph, (each for each in entries if each.number not in goes))
    own = _told(graph, graph.history(one)) if graph.find(one) is not None else _Told()
    theirs = _told(graph, (each for each in entries if each.number in goes))
    back = {name: value for name, value in theirs.values.items() if not _says(own, name, value)}
    stays = [name for name, entry in every.cells.items() if entry.number in goes]
    return (
        Put(one, {SAME: None}),
        *(Put(one, {}, via=Via(*pair)) for pair in sorted(pairs) if pair[0] not in MARKS),
        *_puts(one, back, theirs.cells, one),
        *(Put(home, {n: rest.values.get(n)}, via=_kept_via(rest, n)) for n in stays),
        *_edges_back(own, theirs, one, home),
        *_edges_left(every, rest, goes),
        # What is split off is no longer the source's word of this thing.
        *(Put(home, {}, via=Via(source)) for source in sorted(left - others)),
    )


def _goes(entry: Entry, pairs: frozenset[Pair], others: set[str]) -> bool:
    """Whether an entry is the word of what is split off.

    An edge carries the key of the record that states it, which may be the other
    end's: it goes along where its source knows nothing else of the joined thing.
    """
    pair = find_pair(entry)
    if pair in pairs or not isinstance(entry.change, Connect | Disconnect):
        return pair in pairs
    source = teller_of(entry)
    return source not in others and source in {each[0] for each in pairs}


def _says(told: _Told, name: str, value: Value) -> bool:
    return name in told.values and told.values[name] == value


def _kept_via(told: _Told, name: str) -> Via | None:
    entry = told.cells.get(name)
    return entry.change.via if entry is not None and entry.change else None


def _edges_back(own: _Told, theirs: _Told, one: str, home: str) -> Iterator[Change]:
    """Edges that the split thing has again: those of before, and those said since."""
    drawn: dict[Ends, tuple[Mapping[str, Value], Via | None]] = {}
    for ends, entry in own.edges.items():
        via = entry.change.via if entry.change else None
        if isinstance(entry.change, Disconnect) and via == Via(JOINED, one):
            drawn[ends] = own.carried.get(ends, {}), None
    for ends, entry in theirs.edges.items():
        spot = _with_end(ends, home, one)
        if isinstance(entry.change, Connect):
            carried = theirs.carried[ends] or drawn.get(spot, ({}, None))[0]
            drawn[spot] = carried, entry.change.via
        elif spot in drawn:
            del drawn[spot]
    for ends, (carried, via) in drawn.items():
        yield Connect(*ends, carried, via=via)


def _edges_left(every: _Told, rest: _Told, goes: set[int]) -> Iterator[Change]:
    """Edges of the joined thing that only the split sources said are no more."""
    for ends, entry in every.edges.items():
        before = rest.edges.get(ends)
        was = before is not None and isinstance(before.change, Connect)
        if entry.number in goes and isinstance(entry.change, Connect) and not was:
            yield Disconnect(*ends)
        elif entry.number in goes and isinstance(entry.change, Disconnect) and was:
            yield Connect(*ends, rest.carried[ends])


def _free_ref(graph: Graph, home: str, key: str) -> str:
    """A ref for what a source knows by this key, which nothing was called yet."""
    kind = home.partition("/")[0]
    wanted = str(ref_of(kind, key))
    taken, name = 1, wanted
    while graph.find(name) is not None:
        taken += 1
        name = f"{wanted}-{taken}"
    return name


def _nothing_to_split(graph: Graph, home: str, source: str, pairs: frozenset[Pair]) -> Finding:
    known = [pair[0] for pair in keys_of(graph, home)]
    joined = [str(graph.ref_of(each)) for each in joined_into(graph, graph.id_of(home))]
    if joined:
        says = f"'{home}' holds {', '.join(joined)}; it is not said which is to be split off"
        hint = f"name one: latticework split {joined[0]}"
    elif pairs:
        says = f"'{home}' is known to '{source}' alone; there is nothing to split"
        hint = ""
    else:
        says = (
            f"no source '{source}' knows '{home}'"
            if source
            else f"'{home}' was joined from nothing"
        )
        hint = did_you_mean(source, known, otherwise=f"its sources: {', '.join(known) or 'none'}")
    return error("JOIN006", says, hint=hint, place=Place(ref=home))
