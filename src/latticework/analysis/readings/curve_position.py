"""Reading: curve-position."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.curves import Position
from latticework.analysis.curves_reading import Curved, curved_ids, curves_of, has_curves
from latticework.analysis.evidence import Made, Part, adding, counted
from latticework.analysis.reading import COUNT, RATIO, Answer, exactly, reading, shown
from latticework.base.times import DAY_MICROSECONDS, end_of, zone_of


@reading(
    Needs(name="of", sort=Sort.QUERY, says="what pays off over time", many=True),
    since="0.3",
)
def curve_position(asking: Asking) -> Answer:
    """Does value show as its curve says it should by now?

    The last that was seen of each thing is laid beside the band that its value
    curve allows on that day. The figure is how far it lies off the band: 0
    within it, less below, more above. A curve that dips or waits is not called
    late before that may be over; what was seen before the first sign is early.

    ```yaml company
    model:
      readings:
        as-said: {computes: curve-position, with: {of: bet where stage is active}}
    on: 2026-01-01
    bet/kiosk: {title: Kiosk, stage: running, curve: linear, takes: 300–400 days, gain: 8–10}
    bet/lamp: {title: Lamp, stage: running, curve: linear, takes: 300–400 days, gain: 8–10}
    bet/door: {title: Door, stage: running, curve: delayed step, waits: 2 years, takes: 100 days, gain: "5"}
    bet/raft: {title: Raft, stage: running, curve: linear, takes: 300 days, gain: "4"}
    bet/kite: {title: Kite, stage: running}
    ---
    on: 2026-10-28
    bet/kiosk: {so far: "7"}
    bet/lamp: {so far: 2–3}
    bet/door: {so far: "0"}
    ```

    ```yaml reads
    as-said:
      whole: 33.3%
      says: 1 of 3 things with a reading lies below its curve
      bet/kiosk: 0 · on curve, seen 7 on 2026-10-28 where 6–10 should show
      bet/lamp: -3 · below, seen 2–3 on 2026-10-28 where 6–10 should show
      bet/door: 0 · too early, seen 0 on 2026-10-28 where 0 should show
      bet/raft: nothing seen yet
      bet/kite: no row
    ```
    """
    graph = asking.graph
    until = min(end_of(asking.today, zone_of(graph.model.zone)), graph.moment.valid)
    every = asking.ids("of")
    named = curved_ids(graph, every) if has_curves(graph) else every[:0]
    curved = curves_of(graph, named, until)
    places = [each.position(until) for each in curved]
    off = np.array([_off(each) for each in curved], dtype=np.float64)
    known = np.array([each is not None for each in places], dtype=np.bool_)
    late = np.flatnonzero([each is Position.BELOW for each in places])
    whole = exactly(len(late) / int(known.sum()) if known.any() else float("nan"))
    said = counted(int(known.sum()), "thing")
    lies = "lies" if len(late) == 1 else "lie"
    says = f"{len(late):,} of {said} with a reading {lies} below {'its' if lies == 'lies' else 'their'} curve"

    def words(row: int) -> str:
        each, place = curved[row], places[row]
        if place is None:
            return each.lacks or "nothing seen yet"
        low, high = _allowed(each)
        seen = each.seen[-1]
        return f"{place.value}, seen {_amount(seen.value)} on {_day(seen.when)} where {_amount((low, high))} should show"

    def made(row: int) -> Made:
        each = curved[row]
        ref = str(graph.ref_of(each.node))
        return Made(
            asked="how far it lies off its curve",
            how=words(row),
            parts=tuple(
                Part(
                    ref=ref,
                    title=f"seen on {_day(seen.when)}",
                    value=_amount(seen.value),
                    entries=(seen.entry,) if seen.entry else (),
                )
                for seen in reversed(each.seen)
            ),
            assumptions=each.assumed,
            missing=() if each.seen else ("a reading of it",),
        )

    def made_whole() -> Made:
        unseen = len(curved) - int(known.sum())
        return Made(
            asked="the share of things that lie below their curve",
            how=f"{len(late):,} of {said} with a reading",
            parts=adding(graph, named[late], map(words, late.tolist())),
            total=len(late),
            missing=(f"a reading of {counted(unseen, 'thing')}",) if unseen else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        ids=named,
        low=off,
        high=off,
        worst="low",
        whole=whole,
        whole_field=RATIO,
        words=words,
        made=made,
        made_whole=made_whole,
    )


def _allowed(each: Curved) -> tuple[float, float]:
    """The band on the day of the last reading; nan without one."""
    if each.course is None or not each.seen:
        return float("nan"), float("nan")
    (low,), (high,) = each.course.band(np.array([each.seen[-1].when / DAY_MICROSECONDS]))
    return float(low), float(high)


def _off(each: Curved) -> float:
    """How far the last reading lies below (less than 0) or above the band; 0 within it."""
    low, high = _allowed(each)
    if np.isnan(low):
        return float("nan")
    least, most = each.seen[-1].value
    return min(most - low, 0.0) + max(least - high, 0.0)


def _amount(ends: tuple[float, float]) -> str:
    said = (shown(COUNT, exactly(each + 0.0)) for each in ends)
    return (" to " if ends[0] < 0 else "–").join(dict.fromkeys(said))


def _day(instant: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=instant // DAY_MICROSECONDS)).isoformat()
