"""View: flow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Metric,
    Prose,
    Sort,
    Table,
    Tone,
    Why,
    cell,
    spans,
)
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import titles_of
from latticework.views.visuals import Block, Curve, Line
from latticework.views.wording import day_words, many

if TYPE_CHECKING:
    from latticework.analysis.flow.little import Little
    from latticework.analysis.flow.reading import Flow, Part
    from latticework.analysis.survival import Survival
    from latticework.graph.graph import Graph

_DAY = 86_400_000_000
_CATEGORIES = ("done", "dropped", "active", "proposed")
_ROWS_OF_WEEKS = 12


WEEKS = 26
"""How far back a flow looks unless somebody says otherwise."""

MOST_WEEKS = 2_600
"""Fifty years: nothing looks back further."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "Whose flow, in the query language.", position=1)
    weeks: int = param(WEEKS, "How many whole weeks to look back.", least=1, most=MOST_WEEKS)
    by: str = param("", "In groups by a field or a link path; never by people.")
    smallest: int = param(5, "Groups of fewer things are not shown apart.", least=2)


@sight_view(Params)
def flow(sight: Sight, params: Params) -> Page:
    """How do things move through their stages?

    How long they take from under way to done, how many come and go each week,
    where the days go, and whether the counts agree with Little's law: all from
    the journal's history. Unfinished things count too, as far as they got.
    What began before the journal, skipped stages or came back is said.

      latticework flow bet
      latticework flow "bet where serves pillar/growth" --by "is owned by"

    Nothing is ever shown per person, and small groups are not shown apart.
    """
    from latticework.analysis.flow.reading import flow_of, parts_of
    from latticework.views.lens.worded import worded

    params = replace(params, query=params.query.strip() or flowing(sight.graph))
    today = day_of_sight(sight)
    until = min(sight.now, sight.graph.moment.valid)
    found = flow_of(sight.graph, params.query, until=until, today=today, weeks=params.weeks)
    blocks: list[Block] = [*_metrics(found, params), _curve(found, sight.now)]
    blocks.append(_weekly(found, params))
    blocks += [_stages(found), _law(found.little)]
    data: list[dict[str, object]] = list(_data(found))
    if params.by:
        smallest = params.smallest
        groups, parts = parts_of(sight.graph, found, params.by, today=today, smallest=smallest)
        named = titles_of((each.name for each in parts if "/" in each.name), sight.graph)
        few = (groups.few, len(groups.small), smallest)
        blocks.insert(4, _parts(parts, few, params.by, named))
        data += [_part_data(each, params.by) for each in parts]
    blocks.append(why(found))
    title = f"Flow of {worded(params.query, sight.graph.model)}"
    subtitle = f"{found.period.words}, {many(len(found.period.weeks), 'whole week')}"
    return Page(
        title=title,
        subtitle=subtitle,
        blocks=tuple(blocks),
        data=tuple(data),
        query=params.query,
    )


def flowing(graph: Graph) -> str:
    """The kind whose flow says most where nobody asked: of it most has been finished.

    Where nothing is finished yet, the kind with which any lens would begin.
    """
    from latticework.views.lens.asked import named, usual_query

    counts = {}
    for kind in graph.model.kinds:
        if {"active", "done"} <= {each.category for each in kind.stages} and not kind.people:
            categories = graph.stage_categories(graph.ids_of(kind.name))
            counts[kind.name] = int((categories == "done").sum() or 0)
    best = max(counts, key=lambda name: counts[name], default="")
    if not counts.get(best):
        return usual_query(graph, staged=True)
    return named(best, graph.model)


def day_of_sight(sight: Sight) -> date:
    """The day on which the reader looks."""
    from latticework.base.times import day_of

    return day_of(min(sight.now, sight.graph.moment.valid), sight.zone)


def days(number: float | None) -> str:
    """A number of days as people say it."""
    if number is None or math.isnan(number):
        return "not known"
    if number < 1:
        return f"{number * 24:.0f} hours"
    return f"{number:.1f} days" if number < 10 else f"{number:,.0f} days"


def quantile_words(survival: Survival, share: float) -> str:
    """The time by which a share has finished, in words."""
    found = survival.quantile(share)
    if found is None:
        return "longer than anything seen" if survival.finished else "nothing finished"
    return days(found)


def journeys_why(query: str, which: str, weeks: int, week: str = "") -> Why:
    """Where a number of a flow leads: the things that it counts."""
    chosen = [("query", query), ("which", which)]
    chosen += [("weeks", str(weeks))] if weeks != WEEKS else []
    return Why("journeys", tuple((name, text) for name, text in (*chosen, ("week", week)) if text))


def why(found: Flow) -> Prose:
    """What the numbers of a flow are made of, and what is left out."""
    journeys, survival = found.journeys, found.survival
    lines = [
        f"{many(len(journeys), 'thing')} counted: "
        f"{many(survival.finished + survival.unfinished, 'thing')} with a known beginning, "
        f"{survival.finished:,} of them finished.",
        "Under way is what stands in a stage of the category active; finished is where a thing "
        "stands in done for good. Cycle time runs from the first to the last.",
    ]
    lines += [f"{number:,} {says}." for number, says in found.doubts()]
    if survival.is_few:
        lines.append(f"Finished so far: {survival.finished:,}. Take the shares as a hint.")
    paragraphs = tuple(spans(line) for line in lines)
    return Prose(title="What this is made of", paragraphs=paragraphs, tight=True)


def _metrics(found: Flow, params: Params) -> Iterator[Metric]:
    import numpy as np

    journeys, survival = found.journeys, found.survival

    def things(which: str) -> Why:
        return journeys_why(params.query, which, params.weeks)

    here = found.finished_here
    taken = journeys.cycle_days[here]
    median = float(np.median(taken)) if len(taken) else None
    note = f"{many(len(taken), 'thing')} finished in the period"
    yield Metric(label="Half took at most", value=days(median), note=note, why=things("timed"))
    known = f"of {survival.finished + survival.unfinished:,}, unfinished ones counted"
    within = quantile_words(survival, 0.85)
    yield Metric(label="85% finish within", value=within, note=known, why=things("known"))
    weeks = len(found.period.weeks)
    done = int(found.traffic.finished.sum())
    rate, note = f"{done / weeks:.1f}", f"{done:,} in all"
    yield Metric(label="Finished a week", value=rate, note=note, why=things("finished"))
    count = int(journeys.under_way.sum())
    ages = Why("ageing", (("query", params.query),))
    note = f"{found.little.level:.1f} on average"
    yield Metric(label="Under way", value=f"{count:,}", note=note, why=ages)


def _curve(found: Flow, now: int) -> Curve:
    """Cumulative flow: what stands in each category, on top of each other."""
    from latticework.analysis.flow.reading import levels

    instants, by_category = levels(found)
    names = [name for name in _CATEGORIES if name in by_category]
    names += [name for name in by_category if name not in (*_CATEGORIES, "?")]
    below = [0] * len(instants)
    lines = []
    for name in names:
        # What was over before the period would only push the rest up.
        base = int(by_category[name][0]) if name in ("done", "dropped") else 0
        counts = [max(int(each) - base, 0) for each in by_category[name]]
        above = [low + count for low, count in zip(below, counts, strict=True)]
        pairs = zip(instants.tolist(), below, above, strict=True)
        points = tuple((when, float(low), float(high)) for when, low, high in pairs)
        lines.append(Line(name=name, points=points, area=True, tone=name))
        below = above
    return Curve(
        lines=tuple(lines),
        now=min(now, found.period.until),
        unit="things",
        title="What stood where, week by week",
        note="Each band is as high as the number of things that stood there; done and dropped "
        "count from the beginning of the period.",
        empty=("Nothing stood anywhere in this period.",),
    )


def _weekly(found: Flow, params: Params) -> Table:
    traffic, weeks = found.traffic, found.period.weeks
    names = ("arrived", "finished", "dropped")
    columns = (
        Column("week of", sort=Sort.WHEN),
        *(Column(name, align=Align.RIGHT, sort=Sort.NUMBER) for name in names),
    )
    counts = (traffic.arrived, traffic.finished, traffic.dropped)
    rows = tuple(
        (
            cell(week.isoformat()),
            *(
                cell(
                    _plain(int(each[place])),
                    why=journeys_why(params.query, name, params.weeks, week.isoformat()),
                )
                for name, each in zip(names, counts, strict=True)
            ),
        )
        for place, week in enumerate(weeks)
    )
    sums = ", ".join(
        f"{int(each.sum()):,} {name}" for each, name in zip(counts, names, strict=True)
    )
    cut = len(rows) > _ROWS_OF_WEEKS
    latest = f" The latest {_ROWS_OF_WEEKS} weeks are here; an export has every one." if cut else ""
    return Table(
        columns=columns,
        rows=rows[::-1][:_ROWS_OF_WEEKS],
        title="Arrivals and departures",
        note=f"In all {sums}.{latest}",
    )


def _plain(number: int) -> str:
    return f"{number:,}" if number else ""


def _stages(found: Flow) -> Table:
    from latticework.analysis.flow.reading import stage_times

    categories = {(each.kind, each.stage): each.category for each in found.spells.spots}
    several = len({kind for kind, _ in categories}) > 1
    rows = []
    for (kind, stage), (spent, things, median) in stage_times(found).items():
        name = f"{stage} ({kind})" if several else stage
        rows.append(
            (
                cell(name, category=categories[kind, stage]),
                cell(f"{things:,}"),
                cell(f"{spent:,.0f}"),
                cell(days(median) if not math.isnan(median) else "none left"),
            )
        )
    columns = (
        Column("stage", sort=Sort.STAGE),
        Column("things", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("days spent", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("half leave within", align=Align.RIGHT),
    )
    note = "Days spent lie within the period; half leave within counts stays that ended in it."
    empty = ("Nothing was in a stage in this period.",)
    return Table(
        columns=columns, rows=tuple(rows), title="Where the days went", note=note, empty=empty
    )


def _law(little: Little) -> Table:
    """Little's law with what lies across the ends of the period."""
    rate = little.rate * 7
    stay = days(little.stay)
    rows = (
        ("under way on average (L)", f"{little.level:.2f}", f"over {little.days:,.0f} days"),
        ("left a week (λ)", f"{rate:.2f}", many(little.departures, "stay ended", "stays ended")),
        ("stayed on average (W)", stay, "in all, of those that ended"),
        ("λ times W", f"{little.expected:.2f}", "what the law gives for L"),
        ("difference", f"{little.residual:+.2f}", _ends(little)),
    )
    columns = (Column("of stays under way"), Column("", align=Align.RIGHT), Column("made of"))
    says = "the ends of the period matter little" if little.is_settled else _unsettled(little)
    note = f"Little's law, L = λW (Little 1961): {says}."
    shown = tuple((cell(name), cell(value), cell(of)) for name, value, of in rows)
    return Table(columns=columns, rows=shown, title="Do the counts agree?", note=note)


def _ends(little: Little) -> str:
    return (
        f"{little.open_days:,.0f} days of stays still open, less {little.carried:,.0f} days "
        "before the period"
    )


def _unsettled(little: Little) -> str:
    if not little.departures:
        return "nothing left in the period, so that the law says nothing"
    more = "pile up" if little.residual > 0 else "run down"
    return f"things {more}, so that the average stay of those that left is no guide to the others"


def _parts(
    parts: Sequence[Part], kept_back: tuple[int, int, int], by: str, named: Mapping[str, str]
) -> Table:
    few, small, smallest = kept_back
    names = ("things", "begun", "finished", "dropped", "under way")
    columns = (
        Column(by.strip()),
        *(Column(name, align=Align.RIGHT, sort=Sort.NUMBER) for name in names),
        Column("half finish within", align=Align.RIGHT),
    )
    note = "In alphabetical order: this is no ranking. A thing in several groups counts in each."
    if few:
        groups = many(few, "group")
        note += (
            f" {groups} with {many(small, 'thing')} not shown: fewer than {smallest} things "
            f"or fewer than {smallest} people."
        )
    empty = (f"No group has {smallest} things or more.",)
    shown = sorted(parts, key=lambda each: named.get(each.name, each.name).casefold())
    rows = tuple(_part_row(each, named) for each in shown)
    return Table(columns=columns, rows=rows, title=f"By {by.strip()}", note=note, empty=empty)


def _part_row(part: Part, named: Mapping[str, str]) -> tuple[Cell, ...]:
    counts = (part.things, part.begun, part.finished, part.dropped, part.under_way)
    title = named.get(part.name)
    name = cell(title, ref=part.name) if title else cell(part.name, tone=Tone.DIM)
    numbers = (cell(_plain(each)) for each in counts)
    few = " (few)" if part.survival.is_few and part.survival.finished else ""
    return (name, *numbers, cell(quantile_words(part.survival, 0.5) + few))


def _data(found: Flow) -> Iterator[dict[str, object]]:
    for place, week in enumerate(found.period.weeks):
        yield {
            "week": week.isoformat(),
            "until": day_words(int(found.period.bounds[place + 1]) - 1, found.period.zone),
            "arrived": int(found.traffic.arrived[place]),
            "finished": int(found.traffic.finished[place]),
            "dropped": int(found.traffic.dropped[place]),
        }


def _part_data(part: Part, by: str) -> dict[str, object]:
    return {
        by.strip(): part.name,
        "things": part.things,
        "begun": part.begun,
        "finished": part.finished,
        "dropped": part.dropped,
        "under way": part.under_way,
        "half finish within days": part.survival.quantile(0.5),
    }
