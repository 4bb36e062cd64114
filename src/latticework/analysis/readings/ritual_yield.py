"""Reading: ritual-yield."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, things_as_parts
from latticework.analysis.reading import COUNT, Answer, reading, shown
from latticework.model.model import Field
from latticework.model.values import Measure
from latticework.query.truth import Ids, Numbers

_HOURS = Field(name="hours", type="number")


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the rituals"),
    Needs(
        name="every", sort=Sort.FIELD, says="the field that says how often", default=("cadence",)
    ),
    Needs(name="length", sort=Sort.FIELD, says="the field that says how long", default=("length",)),
    Needs(name="yields", sort=Sort.PATH, says="the way to what came of it", many=True),
    Needs(name="what", sort=Sort.QUERY, says="what counts as a yield", many=True, default=("any",)),
    Needs(name="people", sort=Sort.PATH, says="the way to those who sit in it", many=True),
    Needs(name="within", sort=Sort.LENGTH, says="how far back to look", default=("1 year",)),
    since="0.2",
)
def ritual_yield(asking: Asking) -> Answer:
    """How many hours of people's time does each ritual take per decision?

    Hours are occurrences in the time looked back, times length, times people;
    ranges stay ranges. Few decisions may be fine: then it is a talk, and
    should say so. Nobody's presence is counted, only who is said to take part.

    ```yaml company
    model:
      readings:
        hours-per-decision:
          computes: ritual-yield
          with: {of: ritual, yields: settled, people: [gathers then is made up of], within: 52 weeks}
    ritual/board: {title: Board, cadence: 1 week, length: 1–2 hours, gathers: team/door}
    ritual/tour: {title: Tour, cadence: 26 weeks, length: 1 day, gathers: team/door}
    ritual/talk: {title: Talk, cadence: 1 week, gathers: team/door}
    team/door: {title: Door, is made up of: [person/a, person/b]}
    person/a: {title: A}
    person/b: {title: B}
    decision/x: {title: X, because: we had to, was taken in: ritual/tour}
    decision/y: {title: Y, because: we had to, was taken in: ritual/tour}
    ```

    ```yaml reads
    hours-per-decision:
      ritual/board: 104–208 hours took part · nothing came of it
      ritual/tour: 16 hours · 2 from 32 hours
      ritual/talk: how often, how long or who is not said
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    hours = _hours(asking, ids)
    came = asking.reached("yields", ids, asking.ids("what"))
    yields = np.bincount(came[0], minlength=len(ids))
    with np.errstate(all="ignore"):
        low, high = (np.where(yields > 0, each / yields, np.nan) for each in hours)
    spent, some = [float(np.nansum(each)) for each in hours], int(yields[~np.isnan(hours[0])].sum())
    whole = Measure(spent[0] / some, spent[1] / some) if some else Measure(None, None)
    says = f"{shown(COUNT, Measure(spent[0], spent[1]), 'hour')} for {counted(some, 'thing that came of it', 'things that came of it')}"

    def words(row: int) -> str:
        if np.isnan(hours[0][row]):
            return "how often, how long or who is not said"
        took = shown(COUNT, Measure(float(hours[0][row]), float(hours[1][row])), "hour")
        if not yields[row]:
            return f"{took} took part · nothing came of it"
        return f"{yields[row]:,} from {took}"

    def made(row: int) -> Made:
        mine = came[1][came[0] == row]
        lacking = np.isnan(hours[0][row])
        return Made(
            asked="hours of people's time per decision",
            how=words(row),
            parts=(
                *things_as_parts(
                    graph, ids[row : row + 1], through="every", field=asking.text("every")
                ),
                *things_as_parts(
                    graph, ids[row : row + 1], through="takes", field=asking.text("length")
                ),
                *things_as_parts(graph, mine, through="came of it"),
            ),
            total=len(mine) + 2,
            assumptions=("everybody who is said to take part always does",),
            missing=("how often, how long, or who takes part",) if lacking else (),
        )

    def made_whole() -> Made:
        lacking = int(np.isnan(hours[0]).sum())
        return Made(
            asked="hours of people's time per decision",
            how=says,
            parts=things_as_parts(graph, np.unique(came[1]), through="came of it"),
            assumptions=("everybody who is said to take part always does",),
            missing=(f"the hours of {counted(lacking, 'ritual')}",) if lacking else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=_HOURS,
        unit="hour",
        ids=ids,
        low=low,
        high=high,
        whole=whole,
        words=words,
        made=made,
        made_whole=made_whole,
    )


def _hours(asking: Asking, ids: Ids) -> tuple[Numbers, Numbers]:
    """The least and the most hours of people's time that each took."""
    every, length = (_days(asking, asking.text(name), ids) for name in ("every", "length"))
    people = _people(asking, ids)
    span = asking.days("within")
    with np.errstate(all="ignore"):
        low = span / every[1] * _working(length[0]) * people
        high = span / every[0] * _working(length[1]) * people
    lacking = (people == 0) | np.isnan(low) | np.isnan(high) | ~np.isfinite(high)
    return np.where(lacking, np.nan, np.round(low, 6)), np.where(lacking, np.nan, np.round(high, 6))


def _days(asking: Asking, name: str, ids: Ids) -> tuple[Numbers, Numbers]:
    typed = asking.graph.column(name, np.asarray(ids, dtype=np.int32))
    low, high = (each.fill_null(float("nan")).to_numpy() for each in (typed.low, typed.high))
    return low, high


def _working(days: Numbers) -> Numbers:
    """Hours of a length: what takes days takes so many working days of eight hours."""
    return np.where(days < 1, days * 24, days * 8)


def _people(asking: Asking, ids: Ids) -> Numbers:
    return np.bincount(
        asking.reached("people", ids, asking.graph.ids_of("any"))[0], minlength=len(ids)
    ).astype(np.float64)
