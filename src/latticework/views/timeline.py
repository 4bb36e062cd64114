"""View: timeline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import BEGINNING, DAY_MICROSECONDS, FOREVER, Instant, format_instant
from latticework.model.model import Family, Kind, Model
from latticework.views.blocks import Cell
from latticework.views.days import HISTORY, Spans, day_fields, is_dated, spans_of
from latticework.views.groups import groups_of
from latticework.views.page import Page, param, sight_view
from latticework.views.things import Thing, ids, things
from latticework.views.visuals import Bar, Card, Timeline
from latticework.views.walk import way_of
from latticework.views.wording import ASK_OTHERWISE, dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight
    from latticework.views.things import Ids

ZOOMS = ("week", "month", "quarter", "year", "years")
"""What one step of the axis is, from near to far."""

MOST = 2000
UNDATED = 40
_FAMILIES = (Family.INVESTMENT, Family.INTENT, Family.CHANGE, Family.COLLABORATION, Family.CONTEXT)
_SORTED = re.compile(r"\bsort by\b", re.IGNORECASE)
_UNGROUPED = (("", ""),)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "Which things, in the query language.", position=1)
    begins: str = param(
        "",
        "The day field where a bar begins, or 'history'.",
        offers="history days",
        usual="what fits",
        rare=True,
    )
    ends: str = param(
        "",
        "The day field where a bar ends, or 'history'.",
        offers="history days",
        usual="what fits",
        rare=True,
    )
    group: str = param(
        "",
        "Put together by a field, stage, kind, family or a link.",
        offers="kind stage parts links",
        usual="none",
    )
    ties: str = param(
        "", "A link to draw between bars, such as 'depends on'.", offers="links", usual="none"
    )
    ghost: str = param(
        "", "A day: how the same bars were believed to lie then.", usual="a day", rare=True
    )
    zoom: str = param(
        "",
        "week, month, quarter, year or years; empty is what fits.",
        offers="week month quarter year years",
        usual="what fits",
        rare=True,
    )
    rows: int = param(300, "How many bars to draw; 0 is as many as can be.", rare=True, most=MOST)


@sight_view(Params)
def timeline(sight: Sight, params: Params) -> Page:
    """When does what begin and end, and what waits for what?

    Bars run from one day field to another; a kind that has none of the sort
    begins when the journal first saw it under way. Days that are not exact
    are drawn as far as they are known: a quarter is a quarter wide.

      latticework timeline 'bet where stage is active' --group 'is owned by'
      latticework timeline project --ties 'depends on' --zoom quarter
    """
    query = params.query.strip() or default_query(sight.graph)
    if not query:
        return Page(title="Timeline", blocks=(_block(sight, params, (), ()),))
    from latticework.query.ask import ask
    from latticework.views.lens.worded import headed

    _check(sight.graph.model, params)
    rows = ask(sight.graph, query)
    graph = sight.graph.at(rows.moment)
    most = params.rows or MOST
    spans = spans_of(graph, rows.ids, now=sight.now, begins=params.begins, ends=params.ends)
    order = _order(spans, len(rows.ids), keep=bool(_SORTED.search(query)))
    dated = [place for place in order if is_dated(spans.at(place))]
    undated = [place for place in order if not is_dated(spans.at(place))]
    bars = _bars(sight, graph, rows.ids, spans, dated[:most], params)
    cards = _cards(graph, rows.ids, spans, undated[:UNDATED])
    block = _block(sight, params, bars, cards, empty=_UNDATED if len(rows) else _NOTHING)
    left_out = len(dated) - len(dated[:most])
    note = f"{left_out:,} further things are left out; narrow the question." if left_out else ""
    block = replace(
        block,
        undated_count=len(undated),
        ties=_ties(graph, rows.ids[dated[:most]], params.ties),
        note=note,
    )
    about = dotted(many(len(dated), "bar"), f"{len(undated):,} without a day" if undated else "")
    return Page(
        title=headed(query, graph),
        subtitle=about,
        blocks=(block,),
        data=tuple(_data(bars)),
        query=query,
    )


def default_query(graph: Graph) -> str:
    """The kind that says most about days: fields that date it, and a course to run."""
    kinds = [each for each in graph.model.kinds if day_fields(each) and not each.people]
    counted = [(kind, len(graph.ids_of(kind.name))) for kind in kinds]
    dated = [(kind, count) for kind, count in counted if count]
    if not dated:
        return ""
    best = min(dated, key=lambda each: _rank(*each))[0]
    return f"{best.name} where stage is active" if best.stages else best.name


def _rank(kind: Kind, count: int) -> tuple[int, int, int, int]:
    family = _FAMILIES.index(kind.family) if kind.family in _FAMILIES else len(_FAMILIES)
    return (not kind.stages, -min(len(day_fields(kind)), 2), family, -count)


def _check(model: Model, params: Params) -> None:
    """Raise Refused with all that is wrong with the choices."""
    findings: list[Finding] = []
    fields = [field.name for kind in model.kinds for field in day_fields(kind)]
    for name, value in (("begins", params.begins), ("ends", params.ends)):
        if value and value not in {*fields, HISTORY}:
            hint = did_you_mean(value, [*fields, HISTORY], otherwise="give a field that holds days")
            says = f"no field '{value}' holds days, so that nothing {name} with it"
            findings.append(error("VIEW015", says, hint=hint, value=value))
    if params.zoom and params.zoom not in ZOOMS:
        says = f"'{params.zoom}' is no zoom of a timeline"
        hint = did_you_mean(params.zoom, ZOOMS, otherwise=f"give one of {', '.join(ZOOMS)}")
        findings.append(error("VIEW015", says, hint=hint, value=params.zoom))
    if params.ties:
        try:
            way_of(model, params.ties)
        except Refused as refused:
            findings.extend(refused.findings)
    if findings:
        raise Refused(findings)


_NOTHING = ("Nothing answers this query, so there is nothing to lay out.", *ASK_OTHERWISE)
_UNDATED = (
    "Nothing here has a day.",
    "Give a kind a field of type day, and its things a value: due: 2026-Q4 is enough.",
)


def _block(
    sight: Sight,
    params: Params,
    bars: Sequence[Bar],
    cards: Sequence[Card],
    *,
    empty: tuple[str, ...] = _UNDATED,
) -> Timeline:
    known = [each for bar in bars for each in (*bar.begins, *bar.ends, *_ghost_days(bar))]
    known = [each for each in known if BEGINNING < each < FOREVER]
    return Timeline(
        bars=tuple(bars),
        now=sight.now,
        first=min(known, default=sight.now),
        last=max(known, default=sight.now),
        undated=tuple(cards),
        zoom=params.zoom,
        grouped=bool(params.group),
        ghost=params.ghost,
        empty=empty,
    )


def _ghost_days(bar: Bar) -> tuple[Instant, ...]:
    return (*bar.ghost[0], *bar.ghost[1]) if bar.ghost else ()


def _order(spans: Spans, size: int, *, keep: bool) -> list[int]:
    """By beginning, then by end; as asked where the question sorts."""
    if keep:
        return list(range(size))
    import numpy as np

    begin = np.where(spans.begins[1] > BEGINNING, spans.begins[0], spans.ends[0])
    begin = np.where(begin > BEGINNING, begin, spans.begins[1])
    return [int(each) for each in np.lexsort((spans.ends[1], begin))]


def _bars(
    sight: Sight, graph: Graph, every: Ids, spans: Spans, places: Sequence[int], params: Params
) -> tuple[Bar, ...]:
    chosen = every[list(places)] if places else ids([])
    named = things(graph, chosen)
    groups = groups_of(graph, chosen, params.group) if params.group else [_UNGROUPED] * len(named)
    ghosts = _ghosts(sight, graph, chosen, params)
    bars = [
        replace(_bar(each, spans, place), group=name, group_ref=ref, again=turn > 0, ghost=ghost)
        for place, each, found, ghost in zip(places, named, groups, ghosts, strict=True)
        for turn, (name, ref) in enumerate(found or (("none", ""),))
    ]
    if not params.group:
        return tuple(bars)
    first = {name: at for at, name in reversed(list(enumerate(bar.group for bar in bars)))}
    return tuple(sorted(bars, key=lambda bar: (bar.group == "none", first[bar.group])))


def _bar(each: Thing, spans: Spans, place: int) -> Bar:
    begins, ends = spans.at(place)
    return Bar(
        ref=each.ref,
        title=each.title,
        begins=begins,
        ends=ends,
        category=each.category,
        stage=each.stage,
        said=spans.said[place],
        sets=spans.sets[place],
    )


def _ghosts(
    sight: Sight, graph: Graph, chosen: Ids, params: Params
) -> list[tuple[tuple[Instant, Instant], tuple[Instant, Instant]] | None]:
    """The same things as they were believed to lie on another day."""
    if not params.ghost:
        return [None] * len(chosen)
    then = sight.graph_at(params.ghost)
    alive = then.alive
    there = [int(each) for each in chosen if each < then.size and alive[each]]
    spans = spans_of(
        then, ids(there), now=then.moment.valid, begins=params.begins, ends=params.ends
    )
    found = {node: spans.at(place) for place, node in enumerate(there)}
    return [
        span if span and is_dated(span) else None
        for span in (found.get(int(node)) for node in chosen)
    ]


def _cards(graph: Graph, every: Ids, spans: Spans, places: Sequence[int]) -> tuple[Card, ...]:
    chosen = every[list(places)] if places else ids([])
    return tuple(
        Card(
            ref=each.ref,
            title=each.title,
            category=each.category,
            pairs=((_dates(spans, at), Cell()),),
        )
        for at, each in zip(places, things(graph, chosen), strict=True)
    )


def _dates(spans: Spans, place: int) -> str:
    begins, ends = spans.sets[place]
    return ends or begins


def _ties(graph: Graph, chosen: Ids, phrase: str) -> tuple[tuple[str, str], ...]:
    """Pairs of bars: what is waited for, and what waits."""
    if not phrase:
        return ()
    way = way_of(graph.model, phrase)
    adjacency = graph.adjacency(way.link.name)
    nodes = [int(each) for each in chosen]
    drawn = set(nodes)
    refs = {node: str(graph.ref_of(node)) for node in nodes}
    pairs = ((target, node) for node in nodes for target in adjacency.targets_of(node).tolist())
    known = ((refs[first], refs[then]) for first, then in pairs if first in drawn)
    return tuple((then, first) if way.back else (first, then) for first, then in known)


def _data(bars: Sequence[Bar]) -> Iterator[Mapping[str, object]]:
    for bar in bars:
        yield {
            "ref": bar.ref,
            "title": bar.title,
            "stage": bar.stage,
            "group": bar.group,
            "begins_earliest": _instant(bar.begins[0]),
            "begins_latest": _instant(bar.begins[1]),
            "ends_earliest": _instant(bar.ends[0]),
            "ends_latest": _instant(bar.ends[1] - (bar.ends[1] % DAY_MICROSECONDS == 0)),
            "said": bar.said,
        }


def _instant(when: Instant) -> str | None:
    return format_instant(when) if BEGINNING < when < FOREVER - 1 else None
