"""View: journeys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.views.blocks import Align, Cell, Column, Sort, Table, Why, cell
from latticework.views.flow import MOST_WEEKS, day_of_sight, days, flowing, why
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import Thing, ids, things
from latticework.views.wording import day_words, dotted, many

if TYPE_CHECKING:
    from latticework.analysis.flow.reading import Flow
    from latticework.base.times import Instant
    from latticework.query.truth import Longs, Mask

SORTS = {
    "": "all that is counted",
    "known": "those whose beginning is known",
    "arrived": "those first under way",
    "finished": "those finished for good",
    "timed": "those finished for good, their beginning known",
    "dropped": "those dropped for good",
}


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "Whose journeys, in the query language.", position=1)
    which: str = param("", "Only: known, arrived, finished, timed or dropped.")
    weeks: int = param(26, "How many whole weeks to look back.", least=1, most=MOST_WEEKS)
    week: str = param("", "Only of the week that begins on this Monday.")
    rows: int = param(50, "How many rows to draw; 0 is all.")


@sight_view(Params)
def journeys(sight: Sight, params: Params) -> Page:
    """Which things are behind the numbers of a flow, and when did each pass?

    Each thing with the day on which it was first under way and the day on which
    it was finished or dropped for good. Every number of `flow` leads here.

      latticework journeys bet --which finished
      latticework journeys bet --which arrived --week 2026-06-08
    """
    from latticework.analysis.flow.reading import flow_of
    from latticework.views.lens.worded import worded

    if params.which not in SORTS:
        says = f"'{params.which}' is no sort of journey"
        known = [each for each in SORTS if each]
        hint = did_you_mean(params.which, known, otherwise="one of " + ", ".join(known))
        raise Refused([error("VIEW018", says, hint=hint, value=params.which)])
    params = replace(params, query=params.query.strip() or flowing(sight.graph))
    until = min(sight.now, sight.graph.moment.valid)
    today = day_of_sight(sight)
    found = flow_of(sight.graph, params.query, until=until, today=today, weeks=params.weeks)
    chosen = _chosen(found, params)
    shown = chosen[: params.rows] if params.rows > 0 else chosen
    when = f"in the week of {params.week}" if params.week else _when(found, params.which)
    return Page(
        title=f"Journeys of {worded(params.query, sight.graph.model)}",
        subtitle=dotted(SORTS[params.which], when, many(len(chosen), "thing")),
        blocks=(_table(found, shown, sight, total=len(chosen)), why(found)),
        data=tuple(_data(found, chosen, sight)),
        query=params.query,
    )


def _when(found: Flow, which: str) -> str:
    return found.period.words if which and which != "known" else ""


def _chosen(found: Flow, params: Params) -> Longs:
    """Places of the journeys that are asked for, the latest first."""
    import numpy as np

    told = found.journeys
    ends = np.minimum(told.finished, told.dropped)
    latest = np.minimum(ends, told.begun) if params.which == "arrived" else ends
    kept: Mask = np.ones(len(told), dtype=np.bool_)
    if params.which:
        instants = _instants(found, params.which)
        kept = _within(found, instants, params) if instants is not None else told.is_timed
    places = np.flatnonzero(kept)
    return np.asarray(places[np.lexsort((places, -latest[places]))])


def _instants(found: Flow, which: str) -> Longs | None:
    """When each journey did what is asked about; as `traffic_in` counts it."""
    import numpy as np

    from latticework.analysis.flow.journeys import NEVER

    told = found.journeys
    match which:
        case "arrived":
            return np.where(told.early, NEVER, told.begun)
        case "finished":
            return np.where(told.ready_made, NEVER, told.finished)
        case "timed":
            return np.where(np.isnan(told.cycle_days), NEVER, told.finished)
        case "dropped":
            return told.dropped
    return None


def _within(found: Flow, instants: Longs, params: Params) -> Mask:
    """Which instants fall into the week asked for, or into the whole weeks."""
    import numpy as np

    period = found.period
    if params.which == "timed":
        return period.holds(instants)
    first, last = period.start, period.end
    if params.week:
        named = [each.isoformat() for each in period.weeks]
        if params.week not in named:
            says = f"'{params.week}' is no week of the period"
            hint = f"a Monday from {named[0]} to {named[-1]}"
            raise Refused([error("VIEW019", says, hint=hint, value=params.week)])
        place = named.index(params.week)
        first, last = int(period.bounds[place]), int(period.bounds[place + 1])
    return np.asarray((instants >= first) & (instants < last))


def _table(found: Flow, places: Longs, sight: Sight, *, total: int) -> Table:
    named = things(sight.graph, ids(found.journeys.ids[places].tolist()))
    rows = zip(places.tolist(), named, strict=True)
    return Table(
        columns=(
            Column("thing", wrap=True),
            Column("stage", sort=Sort.STAGE),
            Column("began", sort=Sort.WHEN),
            Column("finished", sort=Sort.WHEN),
            Column("dropped", sort=Sort.WHEN),
            Column("days", align=Align.RIGHT, sort=Sort.NUMBER),
        ),
        rows=tuple(_row(found, place, thing, sight) for place, thing in rows),
        total=total if len(places) < total else None,
        empty=("Nothing did so in this period.",),
    )


def _row(found: Flow, place: int, thing: Thing, sight: Sight) -> tuple[Cell, ...]:
    told = found.journeys
    taken = float(told.cycle_days[place])
    happened = Why("feed", (("ref", thing.ref),))
    began = "before the journal" if told.early[place] else _day(int(told.begun[place]), sight)
    return (
        thing.name_cell,
        thing.stage_cell,
        cell(began),
        cell(_day(int(told.finished[place]), sight)),
        cell(_day(int(told.dropped[place]), sight)),
        cell(days(taken) if taken == taken else "", why=happened),
    )


def _day(instant: Instant, sight: Sight) -> str:
    from latticework.analysis.flow.journeys import NEVER

    return "" if instant >= NEVER else day_words(instant, sight.zone)


def _data(found: Flow, places: Longs, sight: Sight) -> Iterator[Mapping[str, object]]:
    told = found.journeys
    named = things(sight.graph, ids(told.ids[places].tolist()))
    for place, thing in zip(places.tolist(), named, strict=True):
        taken = float(told.cycle_days[place])
        yield {
            "ref": thing.ref,
            "title": thing.title,
            "stage": thing.stage,
            "begun": _day(int(told.begun[place]), sight),
            "finished": _day(int(told.finished[place]), sight),
            "dropped": _day(int(told.dropped[place]), sight),
            "cycle days": round(taken, 2) if taken == taken else None,
        }
