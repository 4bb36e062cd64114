"""What stands against the edges that changes draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from latticework.base.findings import Finding, error, warning
from latticework.base.near import did_you_mean
from latticework.graph.adjacency import Adjacency
from latticework.graph.check_values import Given, misfits
from latticework.graph.standing import Drawn, Key, Standings, place_of
from latticework.journal.changes import Connect
from latticework.model.model import Field, Link, Shape

SEARCHED = 24
"""Up to so many new edges are followed one by one; more are seen to at once."""

CIRCLING = (Shape.ACYCLIC, Shape.TREE)


def check_edges(standings: Standings, *, strict: bool) -> Iterator[Finding]:
    """Unknown links, ends and fields; if strict, also bounds and circles."""
    by_link: dict[str, list[Drawn]] = defaultdict(list)
    given: dict[tuple[str, str], tuple[Field, list[Given]]] = {}
    for edge in standings.drawn:
        link = standings.find_link(edge.change.link)
        if link is None:
            yield _unknown_link(edge.change, standings)
            continue
        yield from _ends(edge, link, standings)
        by_link[link.name].append(edge)
        for word, value in edge.change.fields.items():
            declared = standings.graph.words.find_carried(link, word)
            if declared is None:
                yield _unknown_field(edge.change, link, word)
            else:
                _, every = given.setdefault((link.name, declared.name), (declared, []))
                every.append(Given(edge.change, edge.change.source, word, value))
    if not strict:
        return
    for declared, every in given.values():
        yield from misfits(declared, every)
    for name, edges in by_link.items():
        link = standings.graph.model.links_by_name[name]
        fresh = [edge for edge in edges if _is_new(edge, link, standings)]
        yield from _crowds(link, fresh, standings)
        if link.shape in CIRCLING and fresh:
            yield from _circles(link, fresh, standings)


def _unknown_link(change: Connect, standings: Standings) -> Finding:
    model = standings.graph.model
    found = model.find_link(change.link)
    hint = did_you_mean(change.link, model.links_by_name, otherwise="declare it in the model first")
    if found and not found[1]:
        hint = f"draw it the other way round: '{change.target}' {found[0].name} '{change.source}'"
    elif found:
        hint = f"write '{found[0].name}'"
    says = f"unknown link '{change.link}'"
    place = place_of(change, change.source)
    return error("CHANGE009", says, hint=hint, place=place, value=change.link)


def _unknown_field(change: Connect, link: Link, word: str) -> Finding:
    says = f"unknown field '{word}' of the link '{link.name}'"
    known = link.carries_by_name
    hint = did_you_mean(word, known, otherwise="declare it under 'carries' first")
    place = place_of(change, change.source, word)
    return error("CHANGE003", says, hint=hint, place=place, value=word)


def _ends(edge: Drawn, link: Link, standings: Standings) -> Iterator[Finding]:
    """Ends that are not there, and kinds that the link does not join."""
    change = edge.change
    place = place_of(change, change.source, link.name)
    if not standings.exists_key(edge.source):
        says = f"there is no '{change.source}' that {link.name} '{change.target}'"
        hint = "put it first, or check the ref"
        yield error("CHANGE011", says, hint=hint, place=place, value=change.source)
    if not standings.exists_key(edge.target):
        says = f"'{change.source}' {link.name} '{change.target}', which does not exist"
        hint = "put it, or check the ref; the edge is kept"
        yield warning("CHANGE011", says, hint=hint, place=place, value=change.target)
    source, target = standings.kind_of(change.source), standings.kind_of(change.target)
    if target is None:
        word = change.target.partition("/")[0]
        hint = did_you_mean(word, standings.graph.model.kinds_by_name, otherwise="check the ref")
        says = f"unknown kind '{word}'"
        yield error("CHANGE002", says, hint=hint, place=place, value=word)
    if source and target:
        allowed = targets_from(link, source.name, standings)
        if target.name not in allowed:
            says = f"'{link.name}' does not lead from {source.name} to {target.name}"
            yield error("CHANGE010", says, hint=_allowed(link, source.name, allowed), place=place)


def _allowed(link: Link, source: str, targets: Sequence[str]) -> str:
    if targets:
        return f"from {source} it leads to {' or '.join(targets)}"
    sources = dict.fromkeys(end.source for end in link.ends)
    return f"it begins at {' or '.join(sources)}"


def targets_from(link: Link, source: str, standings: Standings) -> tuple[str, ...]:
    """Kinds to which a link may lead from a kind."""
    model = standings.graph.model
    found = (
        target
        for end in link.ends
        if source in model.end_kinds(end.source)
        for word in end.targets
        for target in model.end_kinds(word)
    )
    return tuple(dict.fromkeys(found))


def _is_new(edge: Drawn, link: Link, standings: Standings) -> bool:
    """Whether the edge stands in the end and did not before."""
    key = (link.name, edge.source, edge.target)
    return standings.edges.get(key) is edge and not standings.stood(*key)


def _crowds(link: Link, fresh: Sequence[Drawn], standings: Standings) -> Iterator[Finding]:
    """Things with more edges than the link lets them have."""
    forward, backward = standings.graph.model.limits_of(link)
    if not (forward or backward) or not fresh:
        return
    adjacency = standings.graph.adjacency(link.name)
    overlaid = _overlaid(link, standings)
    for bounds, back in ((forward, False), (backward, True)):
        last = {edge.target if back else edge.source: edge for edge in fresh} if bounds else {}
        for key, edge in last.items():
            kind = standings.kind_of(str(standings.ref_of(key)))
            bound = bounds.get(kind.name) if kind else None
            if bound is None:
                continue
            others = _others(adjacency, overlaid, key, back=back)
            count = sum(1 for other in others if standings.exists_key(other))
            if count > bound:
                phrase = link.back or f"{link.name} (back)" if back else link.name
                says = f"'{standings.ref_of(key)}' {phrase} {count}, where {bound} is the most"
                place = place_of(edge.change, edge.change.source, link.name)
                yield error("CHANGE012", says, hint="cut another edge first", place=place)


Overlaid = Mapping[tuple[Key, bool], Mapping[Key, bool]]
"""By a thing and whether its edges lead to it: other ends, and if they stand."""


def _overlaid(link: Link, standings: Standings) -> Overlaid:
    found: dict[tuple[Key, bool], dict[Key, bool]] = defaultdict(dict)
    for (name, source, target), edge in standings.edges.items():
        if name == link.name:
            found[source, False][target] = edge is not None
            found[target, True][source] = edge is not None
    return found


def _others(adjacency: Adjacency, overlaid: Overlaid, key: Key, *, back: bool) -> set[Key]:
    """The other ends of a thing's edges, the changes taken into account."""
    found: set[Key] = set()
    if isinstance(key, int):
        ends = adjacency.sources_of(key) if back else adjacency.targets_of(key)
        found.update(ends.tolist())
    for other, stands in overlaid.get((key, back), {}).items():
        if stands:
            found.add(other)
        else:
            found.discard(other)
    return found


def _circles(link: Link, fresh: Sequence[Drawn], standings: Standings) -> Iterator[Finding]:
    """New edges that lead back to where they begin."""
    adjacency = standings.graph.adjacency(link.name)
    overlaid = _overlaid(link, standings)
    if len(fresh) > SEARCHED:
        closing = _in_knots(adjacency, fresh, overlaid)
    else:
        closing = [edge for edge in fresh if _leads_back(adjacency, overlaid, edge)]
    for edge in closing:
        source, target = edge.change.source, edge.change.target
        says = f"'{source}' {link.name} '{target}' closes a circle"
        if edge.source == edge.target:
            says = f"'{source}' {link.name} itself"
        hint = f"'{link.name}' allows no circle; cut one of its edges"
        place = place_of(edge.change, source, link.name)
        yield error("CHANGE013", says, hint=hint, place=place)


def _leads_back(adjacency: Adjacency, overlaid: Overlaid, edge: Drawn) -> bool:
    seen: set[Key] = {edge.target}
    ahead = [edge.target]
    while ahead:
        key = ahead.pop()
        if key == edge.source:
            return True
        further = _others(adjacency, overlaid, key, back=False) - seen
        seen |= further
        ahead.extend(further)
    return False


def _in_knots(adjacency: Adjacency, fresh: Iterable[Drawn], overlaid: Overlaid) -> list[Drawn]:
    """New edges both of whose ends lie in one knot of edges."""
    # Imported here, because a check rarely needs it.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    further = dict.fromkeys(key for key, _ in overlaid if isinstance(key, str))
    numbers = {key: adjacency.size + spot for spot, key in enumerate(further)}

    def number_of(key: Key) -> int:
        return key if isinstance(key, int) else numbers[key]

    added = [
        (number_of(key), number_of(other))
        for (key, back), others in overlaid.items()
        if not back
        for other, stands in others.items()
        if stands
    ]
    gone = {
        (key << 32) | other
        for (key, back), others in overlaid.items()
        if not back and isinstance(key, int)
        for other, stands in others.items()
        if not stands and isinstance(other, int)
    }
    packed = (adjacency.sources.astype(np.int64) << 32) | adjacency.targets
    kept = packed[~np.isin(packed, np.array(sorted(gone), dtype=np.int64))]
    ends = np.array(added, dtype=np.int64).reshape(-1, 2)
    one = np.concatenate([kept >> 32, ends[:, 0]])
    other = np.concatenate([kept & 0xFFFFFFFF, ends[:, 1]])
    size = adjacency.size + len(further)
    joined = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, knots = connected_components(joined, directed=True, connection="strong")
    return [
        edge for edge in fresh if knots[number_of(edge.source)] == knots[number_of(edge.target)]
    ]
