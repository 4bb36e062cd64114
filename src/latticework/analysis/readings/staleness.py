"""Reading: staleness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted
from latticework.analysis.reading import COUNT, RATIO, Answer, exactly, reading
from latticework.analysis.reading_changes import changes_of
from latticework.base.times import DAY_MICROSECONDS, start_of, zone_of
from latticework.graph.graph import Graph
from latticework.model.values import duration_days
from latticework.query.truth import Ids, Longs, Numbers


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the things that should stay fresh", many=True),
    Needs(
        name="times",
        sort=Sort.COUNT,
        says="so many changes on different days make a rhythm of a thing's own",
        default=("4",),
    ),
    since="0.2",
)
def staleness(asking: Asking) -> Answer:
    """How long has each thing gone untouched, against its own rhythm?

    A thing that used to change every two weeks is stale after a month; one of
    a kind that is refreshed once a year is not. The rhythm is the middle
    distance between its own changes; with too few of them, what its kind says
    under `refresh`. Things with neither have no figure.

    ```yaml company
    model:
      readings:
        gone-quiet: {computes: staleness, with: {of: metric}}
    on: 2026-07-31
    metric/slow: {title: Slow, idea: seen twice a year}
    metric/quick: {title: Quick, idea: seen weekly, reading: "1"}
    ---
    on: 2026-08-07
    metric/quick: {reading: "2"}
    ---
    on: 2026-08-14
    metric/quick: {reading: "3"}
    ---
    on: 2026-08-21
    metric/quick: {reading: "4"}
    ```

    ```yaml reads
    gone-quiet:
      metric/quick: 12.29 · 86 days untouched, its own rhythm is 7
      metric/slow: 1.07 · 107 days untouched, its kind's rhythm is 100
      whole: 100%
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    today = start_of(asking.today, zone_of(graph.model.zone)) // DAY_MICROSECONDS
    touched = _touched(graph, ids, today, asking.count("times"))
    age = np.where(touched.last < 0, np.nan, today - touched.last)
    kinds = _refresh(graph)[graph.kind_codes[ids]]
    own = ~np.isnan(touched.rhythm)
    rhythm = np.where(own, touched.rhythm, kinds)
    low = age / rhythm
    known = ~np.isnan(low)
    stale = int((low[known] > 1).sum())
    whole = exactly(stale / int(known.sum()) if known.any() else float("nan"))
    says = f"{counted(stale, 'thing')} of {int(known.sum()):,} untouched for longer than usual"

    def words(row: int) -> str:
        if not known[row]:
            return (
                "no rhythm is known"
                if not np.isnan(age[row])
                else "never touched since the beginning"
            )
        whose = "its own" if own[row] else "its kind's"
        return f"{age[row]:.0f} days untouched, {whose} rhythm is {rhythm[row]:.0f}"

    def made(row: int) -> Made:
        entry = int(touched.entries[row])
        ref = str(graph.ref_of(int(ids[row])))
        return Made(
            asked="its age over its rhythm",
            how=words(row),
            parts=(Part(ref=ref, title="the last change", entries=(entry,) if entry else ()),),
            missing=()
            if known[row]
            else ("a rhythm: changes of its own, or 'refresh' of its kind",),
        )

    def made_whole() -> Made:
        rows = np.argsort(np.where(known, -low, np.inf), kind="stable")[: min(stale, 200)]
        return Made(
            asked="the share of things untouched for longer than their rhythm",
            how=f"{stale:,} of {counted(int(known.sum()), 'thing')} with a rhythm",
            parts=adding(graph, ids[rows], map(words, rows.tolist())),
            total=stale,
            missing=(f"a rhythm of {counted(int((~known).sum()), 'thing')}",)
            if (~known).any()
            else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        ids=ids,
        low=low,
        high=low,
        whole=whole,
        whole_field=RATIO,
        words=words,
        made=made,
        made_whole=made_whole,
    )


@dataclass(frozen=True)
class _Touched:
    """For each thing the day of its last change (-1 for none), the entry, and its rhythm in days."""

    last: Longs
    entries: Longs
    rhythm: Numbers


def _touched(graph: Graph, ids: Ids, today: int, times: int) -> _Touched:
    """Changes of things and of the edges that begin at them, day by day."""
    place = np.full(graph.size, -1, dtype=np.int64)
    place[ids] = np.arange(len(ids))
    rows, days, numbers = changes_of(graph, place, today)
    last = np.full(len(ids), -1, dtype=np.int64)
    entries = np.zeros(len(ids), dtype=np.int64)
    order = np.lexsort((numbers, days, rows))
    rows, days, numbers = rows[order], days[order], numbers[order]
    ends = np.flatnonzero(np.diff(rows, append=-1))
    last[rows[ends]], entries[rows[ends]] = days[ends], numbers[ends]
    fresh = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(days, prepend=-1) != 0))
    return _Touched(last, entries, _rhythm(rows[fresh], days[fresh], len(ids), times))


def _rhythm(rows: Longs, days: Longs, count: int, times: int) -> Numbers:
    """The middle distance in days between changes of each row; nan with too few."""
    found = np.full(count, np.nan)
    same = np.flatnonzero(np.diff(rows) == 0) if len(rows) else np.zeros(0, dtype=np.int64)
    if not len(same):
        return found
    gaps, whose = (days[same + 1] - days[same]).astype(np.float64), rows[same]
    order = np.lexsort((gaps, whose))
    gaps, whose = gaps[order], whose[order]
    firsts = np.flatnonzero(np.diff(whose, prepend=-1))
    counts = np.diff(np.append(firsts, len(whose)))
    middle = (gaps[firsts + (counts - 1) // 2] + gaps[firsts + counts // 2]) / 2
    enough = counts >= times - 1
    found[whose[firsts[enough]]] = middle[enough]
    return found


def _refresh(graph: Graph) -> Numbers:
    """Each kind's own rhythm in days; nan where it says none."""
    found = []
    for name in graph.kind_names:
        kind = graph.model.kinds_by_name.get(name)
        days = duration_days(kind.refresh) if kind is not None and kind.refresh else None
        found.append(days or float("nan"))
    return np.array(found or [float("nan")])
