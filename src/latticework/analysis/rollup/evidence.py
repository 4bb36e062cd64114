"""Why a rolled-up figure is what it is, one step deep."""

from __future__ import annotations

import numpy as np

from latticework.analysis.evidence import Evidence, Part, counted, named
from latticework.analysis.rollup.bed import Bed, Ways, share_field, ways_of
from latticework.analysis.rollup.reading import Current, Mode, Rollup, rollup
from latticework.model.model import Field
from latticework.model.values import Measure, format_value
from latticework.query.truth import Ids, Longs, narrow

MOST_PARTS = 500
"""Parts that are laid out; further ones are counted."""

NOTHING = "nothing"
"""What is said of an edge that carries no amount."""

_HOW = {
    Mode.SPLIT: "each part by its share, so that all parts sum to the whole",
    Mode.FULL: "each value below it once; others may count the same",
    Mode.RANGE: "the least and the most, as far as shares are known",
}


def evidence_of(found: Rollup, node: int) -> Evidence:
    """What one thing's figure is made of: the edges by which amounts reach it."""
    called = named(found.graph, np.array([node]))
    if found.mode is Mode.FULL:
        parts, total = _full_parts(found, node)
        assumptions: tuple[str, ...] = ()
    else:
        parts, total = _carried_parts(found, node)
        assumptions = _assumptions(parts)
    return Evidence(
        about=called.refs[0],
        title=called.titles[0] or "",
        asked=found.asked.words,
        value=found.text(node),
        how=_HOW[found.mode],
        parts=parts,
        total=total,
        assumptions=(*assumptions, *_told(found, node)),
        missing=_missing(found, node),
    )


def evidence_of_whole(found: Rollup) -> Evidence:
    """What the company's total is made of: what arrived, what went nowhere."""
    parts: list[Part] = []
    whole = found.wholes()
    for told in found.conserved:
        rows = (
            ("arrives at the top of the path", told.arrived),
            ("is left with nobody, as shares are below 100%", told.kept),
            ("stays where it is, as nothing leads on", told.unlinked),
        )
        parts += [
            Part(ref="", title=says, adds=found.shown(*ends, told.unit))
            for says, ends in rows
            if any(ends)
        ]
    holds = found.conserved and all(each.holds for each in found.conserved)
    summed = "; the parts sum to it exactly" if holds else ""
    return Evidence(
        about="",
        title="The company",
        asked=f"all {found.asked.field} counted once",
        value=" + ".join(whole) or "nothing",
        how=f"of {counted(len(found.ends.nodes), 'value')}{summed}",
        parts=tuple(parts),
        missing=_lacks(len(found.ends.unknown), len(found.ends.missing)),
    )


def _told(found: Rollup, node: int) -> tuple[str, ...]:
    place = int(np.searchsorted(found.ids, node))
    if place >= len(found.ids) or found.ids[place] != node:
        return ()
    doubtful = int(found.doubtful[place])
    overlap = ("others count some of the same values: do not add them up",)
    widen = f"{counted(doubtful, 'value')} may or may not count: the range is wider for it"
    said = (widen,) if doubtful else ()
    return (*said, *(overlap if found.overlaps[place] else ()))


def _missing(found: Rollup, node: int) -> tuple[str, ...]:
    place = int(np.searchsorted(found.ids, node))
    if place >= len(found.ids) or found.ids[place] != node:
        return ()
    return _lacks(int(found.unknown[place]), int(found.missing[place]))


def _lacks(unknown: int, missing: int) -> tuple[str, ...]:
    said = (f"{counted(unknown, 'value')} that nobody knows",) if unknown else ()
    silent = (f"a value of {counted(missing, 'thing')}",) if missing else ()
    return (*said, *silent)


def _assumptions(parts: tuple[Part, ...]) -> tuple[str, ...]:
    assumed = sum(each.assumed for each in parts)
    if not assumed:
        return ()
    return (f"the share of {counted(assumed, 'edge')}, which nobody said as one number",)


def _carried_parts(found: Rollup, node: int) -> tuple[tuple[Part, ...], int]:
    """The edges of the first step that bring something to a thing."""
    bed = next((each.beds[0] for each in found.currents if each.beds), None)
    if bed is None:
        return (), 0
    place = _place_of(found, bed, node)
    edges = np.flatnonzero(bed.above == place) if place >= 0 else np.zeros(0, dtype=np.int64)
    edges = edges[bed.edges[edges] >= 0]
    amounts = np.array([np.abs(_carried(each, found.mode, edges)[1]) for each in found.currents])
    order = np.argsort(-amounts.sum(axis=0), kind="stable")
    edges = edges[order]
    return _as_parts(found, bed, edges[:MOST_PARTS]), len(edges)


def _place_of(found: Rollup, bed: Bed, node: int) -> int:
    step = found.asked.steps[0]
    if not step.repeat:
        return node
    reach = found.network(step)
    return int(reach.part[node]) if reach is not None else node


def _carried(current: Current, mode: Mode, edges: Ids) -> tuple[Longs, Longs]:
    """What some edges of the first step carry: the least and the most."""
    low, *more = (each.parts(edges) for each in current.runs[0])
    high = np.sum(more, axis=0)
    return low, low + high if mode is Mode.SPLIT else high


def _as_parts(found: Rollup, bed: Bed, edges: Ids) -> tuple[Part, ...]:
    graph, ways = found.graph, bed.ways
    drawn_as = bed.edges[edges]
    below = narrow(ways.below[drawn_as])
    called = named(graph, below)
    step = found.asked.steps[0]
    drawn, carried = _entries(found, ways, drawn_as)
    adds = _adds(found, edges)
    assumed = bed.assumed(edges).tolist()
    own = graph.texts(found.asked.field, below).to_list()
    own_entries = graph.entry_numbers(found.asked.field, below).tolist()
    parts = []
    for row, edge in enumerate(edges.tolist()):
        value = own[row] if len(found.asked.steps) == 1 else ""
        numbers = (drawn[row], own_entries[row] if value else 0)
        parts.append(
            Part(
                ref=called.refs[row],
                title=called.titles[row] or "",
                through=step.phrase,
                value=", ".join(value) if isinstance(value, list) else value or "",
                share=carried[row] or ("" if not assumed[row] else _share_of(bed, edge)),
                adds=adds[row],
                entries=tuple(each for each in numbers if each),
                assumed=assumed[row],
                deeper=bool(step.repeat) or len(found.asked.steps) > 1,
            )
        )
    return tuple(parts)


def _adds(found: Rollup, edges: Ids) -> list[str]:
    """What each of some edges brings in, currencies side by side."""
    said: list[list[str]] = [[] for _ in edges]
    for current, unit in zip(found.currents, found.ends.units, strict=True):
        low, high = (each.tolist() for each in _carried(current, found.mode, edges))
        for row, (least, most) in enumerate(zip(low, high, strict=True)):
            if least or most:
                said[row].append(found.shown(least, most, unit))
    return [" + ".join(each) or NOTHING for each in said]


def _share_of(bed: Bed, edge: int) -> str:
    """The share that was assumed for an edge."""
    group = int(np.searchsorted(bed.firsts, edge, side="right")) - 1
    whole = int(bed.wholes[group])
    share = round(int(bed.weights[edge]) / whole, 4) if whole else 0.0
    return "about " + format_value(Field(name="share", type="ratio"), Measure(share, share))


def _entries(found: Rollup, ways: Ways, edges: Ids) -> tuple[list[int], list[str]]:
    """The entry that drew each edge, and the share it carries as written."""
    drawn, carried = [0] * len(edges), [""] * len(edges)
    for link, rows, places in ways.by_link(edges):
        spots = narrow(places)
        name = share_field(found.graph, link, found.share)
        texts = found.graph.edge_texts(link, name, spots).to_list() if name else [""] * len(rows)
        entries = found.graph.edge_entries(link, spots).tolist()
        for row, entry, text in zip(rows.tolist(), entries, texts, strict=True):
            drawn[row], carried[row] = entry, text or ""
    return drawn, carried


def _full_parts(found: Rollup, node: int) -> tuple[tuple[Part, ...], int]:
    """What a thing leads to in one step: each one's own value and all below it."""
    graph, asked = found.graph, found.asked
    ways = ways_of(graph, asked.steps[0].ways, "")
    edges = np.flatnonzero(ways.above == node)
    below = _rest(found)
    values = {int(each) for each in found.ends.counted.tolist()} if len(asked.steps) == 1 else set()
    useful = [each for each in edges.tolist() if int(ways.below[each]) in values]
    if below is not None:
        reached = {int(each) for each in below.ids.tolist()}
        useful = [
            e
            for e in edges.tolist()
            if int(ways.below[e]) in values or int(ways.below[e]) in reached
        ]
    chosen = np.array(useful[:MOST_PARTS], dtype=np.int64)
    nodes = narrow(ways.below[chosen])
    called = named(graph, nodes)
    drawn, _ = _entries(found, ways, chosen)
    own = graph.texts(asked.field, nodes).to_list()
    numbers = graph.entry_numbers(asked.field, nodes).tolist()
    parts = tuple(
        Part(
            ref=called.refs[row],
            title=called.titles[row] or "",
            through=asked.steps[0].phrase,
            value=str(own[row] or "") if int(each) in values else "",
            adds=_full_adds(below, int(each), str(own[row] or "") if int(each) in values else ""),
            entries=tuple(n for n in (drawn[row], numbers[row] if own[row] else 0) if n),
            deeper=below is not None and bool(below.measures(int(each))),
        )
        for row, each in enumerate(nodes.tolist())
    )
    return parts, len(useful)


def _full_adds(below: Rollup | None, node: int, own: str) -> str:
    further = below.text(node) if below is not None and below.measures(node) else ""
    if own and further:
        return f"{own}, and {further} below it"
    return own or (f"{further} below it" if further else "")


def _rest(found: Rollup) -> Rollup | None:
    """The rollup that the next thing of the path has a figure of; None at its end."""
    if found.asked.steps[0].repeat:
        return found
    if len(found.asked.steps) == 1:
        return None
    rest = found.asked.path.partition(" then ")[2]
    return rollup(
        found.graph, found.asked.field, rest, found.mode, today=found.today, share=found.share
    )
