"""Reading: coupling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.coupling import Coupling, coupling_of, swing
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import COUNT, RATIO, Answer, exactly, reading, shown
from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, FOREVER, Moment, start_of, zone_of
from latticework.query.truth import Ids, Longs, Numbers
from latticework.query.walk import pairs_of


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the teams, or whatever is tied"),
    Needs(
        name="by", sort=Sort.PATH, says="what ties two: a link, or a thing both lead to", many=True
    ),
    Needs(name="in", sort=Sort.PATH, says="the declared groups they stand in", required=False),
    Needs(name="back", sort=Sort.COUNT, says="how many earlier moments to compare", default=("6",)),
    Needs(name="apart", sort=Sort.LENGTH, says="how far apart they lie", default=("1 quarter",)),
    since="0.2",
)
def coupling(asking: Asking) -> Answer:
    """How tightly do teams hang together, and which way does it swing?

    Density is the share of all pairs that are tied; a hub is tied to many.
    Modularity says whether ties stay inside the groups that were declared.
    Earlier moments are asked in the words of their day: they show the swing.

    ```yaml company
    model:
      readings:
        team-ties:
          computes: coupling
          with: {of: team, by: [depends on, owns then is needed by], in: is part of, back: "1", apart: 30 days}
    on: 2026-01-01
    team/a: {title: A, is part of: scope/x, depends on: [team/b, service/s]}
    team/b: {title: B, is part of: scope/x}
    team/c: {title: C, is part of: scope/y, depends on: service/s}
    team/d: {title: D, is part of: scope/y}
    scope/x: {title: X}
    scope/y: {title: Y}
    service/s: {title: S}
    ---
    on: 2026-11-10
    team/c: {depends on: team/d}
    ```

    ```yaml reads
    team-ties:
      whole: 50%
      says: 3 of 6 pairs are tied; modularity 0.17 by 'is part of'; towards each other since 2026-10-16
      team/a: 2 others
      team/b: 1 other
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    found = coupling_of(graph, ids, asking.steps("by"))
    degrees = found.degrees.astype(np.float64)
    groups = _groups(asking, ids)
    figures, days = _series(asking, found.density)
    whole = exactly(found.density)
    says = _says(asking, found, groups, figures, days)
    order = np.argsort(-degrees, kind="stable")

    def made(row: int) -> Made:
        return Made(
            asked="to how many others it is tied",
            how="by " + ", ".join(asking.texts("by")),
            parts=_tied(asking, ids, found, row),
            total=int(degrees[row]),
        )

    def made_whole() -> Made:
        hubs = order[: min(10, int((degrees > 0).sum()))]
        tied = (counted(int(each), "other") for each in degrees[hubs])
        before = [
            Part(ref="", title=f"on {day}", adds=shown(RATIO, exactly(float(each))))
            for day, each in zip(days, figures, strict=True)
            if not np.isnan(each)
        ]
        return Made(
            asked="the share of pairs that are tied",
            how=says,
            parts=(*adding(graph, ids[hubs], tied), *before),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        unit="other",
        ids=ids,
        low=degrees,
        high=degrees,
        whole=whole,
        whole_field=RATIO,
        made=made,
        made_whole=made_whole,
    )


def _groups(asking: Asking, ids: Ids) -> Longs | None:
    """The first declared group of each; -1 for none. None where nobody asked."""
    if not asking.texts("in"):
        return None
    places, nodes = pairs_of(asking.graph, asking.steps("in")[0], ids)
    found = np.full(len(ids), -1, dtype=np.int64)
    found[places[::-1]] = nodes[::-1]
    known = np.unique(found[found >= 0])
    return np.where(found >= 0, np.searchsorted(known, found), -1)


def _series(asking: Asking, now: float) -> tuple[Numbers, tuple[str, ...]]:
    """The density at earlier moments and now, oldest first, and the days of them."""
    graph = asking.graph
    today = start_of(asking.today, zone_of(graph.model.zone))
    figures, days = [], []
    for number in range(asking.count("back"), 0, -1):
        then = today - round(number * asking.days("apart")) * DAY_MICROSECONDS
        known = min(graph.moment.known, FOREVER)
        past = replace(asking, graph=graph.at(Moment(valid=then, known=known)))
        days.append(str(np.datetime64(then, "us").astype("datetime64[D]")))
        figures.append(_density(past))
    return np.array([*figures, now]), (*days, str(asking.today))


def _density(asking: Asking) -> float:
    """The density at one moment; nan where its words cannot be asked."""
    try:
        return coupling_of(asking.graph, asking.ids("of"), asking.steps("by")).density
    except Refused:
        return float("nan")


def _says(
    asking: Asking, found: Coupling, groups: Longs | None, figures: Numbers, days: tuple[str, ...]
) -> str:
    pairs = found.size * (found.size - 1) // 2
    said = f"{len(found.first):,} of {counted(pairs, 'pair')} are tied"
    if groups is not None and not np.isnan(modularity := found.modularity(groups)):
        said += f"; modularity {round(modularity, 2) + 0.0:g} by '{asking.text('in')}'"
    way, turns = swing(figures)
    since = next((day for day, each in zip(days, figures, strict=True) if not np.isnan(each)), "")
    said += f"; {way} since {since}" if since else ""
    return said + (f", turning round {counted(turns, 'time')}" if turns else "")


def _tied(asking: Asking, ids: Ids, found: Coupling, row: int) -> tuple[Part, ...]:
    """The others a thing is tied to, and by how many ties."""
    mine = np.flatnonzero((found.first == row) | (found.second == row))
    others = np.where(found.first[mine] == row, found.second[mine], found.first[mine])
    order = np.argsort(-found.ties[mine], kind="stable")[:200]
    called = named(asking.graph, ids[others[order]])
    ties = found.ties[mine][order].tolist()
    told = zip(ties, called.refs, called.titles, strict=True)
    return tuple(
        Part(ref=ref, title=title, adds=counted(count, "tie")) for count, ref, title in told
    )
