"""View: rollup."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Fields,
    Findings,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import ids, things
from latticework.views.why import rolled, rollup_why
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.analysis.rollup.reading import Rollup
    from latticework.analysis.rollup.sampled import Sampled
    from latticework.views.things import Ids
    from latticework.views.visuals import Block

_MODES = {
    "split": "parts by share, which sum to the whole",
    "full": "each sees all of it; figures overlap and must not be added up",
    "range": "the least and the most that each part may be",
}


_DRAWN = ("10th", "50th", "90th")
"""Of ten draws one lies below the first of these, and one above the last."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    field: str = param("", "The field to carry, such as cost.", position=1, required=True)
    along: str = param("", "The path that leads to it, such as 'is served by+'.", position=2)
    mode: str = param("split", "How a value reaches several parents: split, full or range.")
    of: str = param("", "Only the things that a query finds, such as pillar.")
    on: str = param("", "Further days to show beside, with commas: 2025-06-30, 2026-06-30.")
    sampled: int = param(0, "Draw the ranges so often, such as 1000, to see what is likely.")
    seed: int = param(1, "What the draws begin from: the same seed, the same figures.")
    share: str = param("share", "The carried field that says how much goes along an edge.")
    rows: int = param(50, "How many things to draw; 0 is all.")


@sight_view(Params)
def rollup(sight: Sight, params: Params) -> Page:
    """What do a field's values add up to along a path, at everything above?

    `rollup cost "is served by+" --of pillar` splits each cost by the shares of
    its links, so that nothing counts twice. Ask `why` about any figure.
    """
    found = rolled(sight, params.field, params.along, params.mode, params.share)
    chosen = _chosen(found, params.of)
    shown = chosen[: params.rows] if params.rows else chosen
    days = [each.strip() for each in params.on.split(",") if each.strip()]
    past = [rolled(_then(sight, day), *_asked(params)) for day in days]
    drawn = _drawn(found, params, shown)
    table = Table(
        columns=(
            Column("thing", wrap=True),
            Column("ref", sort=Sort.REF),
            *(Column(day, align=Align.RIGHT) for day in days),
            *((Column("course"),) if days else ()),
            Column(found.asked.field, align=Align.RIGHT, sort=Sort.NUMBER),
            *(Column(each, align=Align.RIGHT) for each in (_DRAWN if drawn else ())),
            Column("missing", align=Align.RIGHT),
        ),
        rows=tuple(_rows(found, params, shown, past, drawn)),
        total=len(chosen) if len(shown) < len(chosen) else None,
        empty=("Nothing stands above a thing that could have this field.",),
    )
    blocks: tuple[Block, ...] = (_whole(found, params.share), *_assumed(drawn), table)
    if found.findings:
        blocks = (*blocks, Findings(findings=found.findings))
    return Page(
        title=found.asked.words,
        subtitle=dotted(found.mode, _MODES[found.mode], many(len(chosen), "thing")),
        blocks=blocks,
        data=Later(lambda: _data(found, params, chosen, past)),
    )


def _drawn(found: Rollup, params: Params, nodes: Ids) -> Sampled | None:
    if not params.sampled:
        return None
    from latticework.analysis.rollup.sampled import sampled

    return sampled(found, nodes, trials=params.sampled, seed=params.seed)


def _assumed(drawn: Sampled | None) -> tuple[Prose, ...]:
    """What the draws take for granted, above what they gave."""
    if drawn is None:
        return ()
    told = "; ".join(drawn.assumptions)
    return (
        Prose(paragraphs=(spans(Span(f"Drawn, not known. Assumed: {told}.", tone=Tone.WARN)),)),
    )


def _asked(params: Params) -> tuple[str, str, str, str]:
    return params.field, params.along, params.mode, params.share


def _then(sight: Sight, day: str) -> Sight:
    return replace(sight, graph=sight.graph_at(day))


def _chosen(found: Rollup, of: str) -> Ids:
    """The things to show, the largest figures first; refused where those are people."""
    import numpy as np

    from latticework.query.ask import ask
    from latticework.query.people import people_kinds
    from latticework.views.groups import no_names

    named = np.array(found.graph.kind_names)[found.graph.kind_codes[found.ids]]
    mine = found.ids[~np.isin(named, sorted(people_kinds(found.graph.model)))]
    if len(found.ids) and not len(mine):
        raise Refused([no_names(found.asked.path)])
    if of.strip():
        mine = np.intersect1d(mine, ask(found.graph, of, today=found.today).ids)
    highs = sum((each.high[mine].astype(float) for each in found.currents), np.zeros(len(mine)))
    return ids(mine[np.argsort(-highs, kind="stable")].tolist())


def _whole(found: Rollup, share: str) -> Fields:
    """The whole, and where it went."""
    pairs: list[tuple[str, Cell]] = []
    whole = " + ".join(found.wholes()) or "nothing"
    pairs.append((f"all {found.asked.field}", cell(whole, why=rollup_why(found, share))))
    for told in found.conserved:
        pairs.append(("arrives at the top", cell(found.shown(*told.arrived, told.unit))))
        if any(told.kept):
            kept = found.shown(*told.kept, told.unit)
            pairs.append(("is left with nobody", cell(f"{kept}, as shares are below 100%")))
        if any(told.unlinked):
            pairs.append(("leads nowhere", cell(found.shown(*told.unlinked, told.unit))))
        sums = cell("to the smallest unit", tone=Tone.GOOD)
        pairs.append(("parts sum to the whole", sums if told.holds else cell("no", tone=Tone.BAD)))
    lacks = dotted(
        f"{len(found.ends.unknown):,} unknown" if len(found.ends.unknown) else "",
        f"{len(found.ends.missing):,} say nothing" if len(found.ends.missing) else "",
    )
    if lacks:
        pairs.append(("not in it", cell(lacks, tone=Tone.WARN)))
    return Fields(pairs=tuple(pairs))


def _rows(
    found: Rollup, params: Params, nodes: Ids, past: list[Rollup], drawn: Sampled | None
) -> Iterator[tuple[Cell, ...]]:
    missing = dict(zip(found.ids.tolist(), found.missing.tolist(), strict=True))
    draws = (params.sampled, params.seed)
    courses = _courses([*past, found], nodes) if past else {}
    for row, thing in enumerate(things(found.graph, nodes)):
        node = int(nodes[row])
        before = (cell(each.text(node), tone=Tone.DIM) for each in past)
        course = (Cell((Span("", points=courses[node]),)),) if past else ()
        lacks = missing.get(node, 0)
        why = rollup_why(found, params.share, thing.ref, draws)
        likely = (cell(each, why=why) for each in drawn.texts(row)) if drawn else ()
        figure = cell(found.text(node), why=rollup_why(found, params.share, thing.ref))
        lacking = cell(f"{lacks:,}" if lacks else "")
        yield thing.name_cell, thing.ref_cell, *before, *course, figure, *likely, lacking


def _courses(several: list[Rollup], nodes: Ids) -> Mapping[int, tuple[float, ...]]:
    """What each thing had on each day, by its middle; nothing where currencies meet."""
    return {node: tuple(_middle(each, node) for each in several) for node in nodes.tolist()}


def _middle(found: Rollup, node: int) -> float:
    known = found.measures(node)
    if len(known) != 1:
        return math.nan
    low, high = known[0].low, known[0].high
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return math.nan
    return (low + high) / 2


def _data(
    found: Rollup, params: Params, nodes: Ids, past: list[Rollup]
) -> Iterator[Mapping[str, object]]:
    counts = zip(found.ids.tolist(), found.unknown.tolist(), found.missing.tolist(), strict=True)
    lacks = {node: (unknown, missing) for node, unknown, missing in counts}
    drawn = _drawn(found, params, nodes)
    courses = _courses([*past, found], nodes) if past else {}
    for row, node in enumerate(nodes.tolist()):
        ref = str(found.graph.ref_of(node))
        course = courses.get(node, ())
        more: dict[str, object] = {}
        if course:
            more["course"] = [each if math.isfinite(each) else None for each in course]
        likely = dict(drawn.measures(row)) if drawn else {}
        for each in found.measures(node) or (found.measure(0, 0, ""),):
            yield {
                "ref": ref,
                "field": found.asked.field,
                "along": found.asked.path,
                "mode": found.mode.value,
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "unknown": lacks[node][0],
                "missing": lacks[node][1],
                **more,
                **(
                    dict(zip(_DRAWN, likely[each.unit], strict=True)) if each.unit in likely else {}
                ),
                "why": dict(rollup_why(found, params.share, ref).chosen),
            }
