"""Reading: single-person."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, things_as_parts
from latticework.analysis.reading import (
    COUNT,
    RATIO,
    SMALLEST,
    TOO_FEW,
    Answer,
    exactly,
    reading,
    shown,
    too_few,
)
from latticework.query.truth import Ids, Longs
from latticework.query.walk import pairs_of


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the teams"),
    Needs(name="work", sort=Sort.QUERY, says="the work under way", many=True),
    Needs(name="held", sort=Sort.PATH, says="from a team to work that it holds as a team"),
    Needs(name="members", sort=Sort.PATH, says="from a team to its people"),
    Needs(name="alone", sort=Sort.PATH, says="from a person to work that hangs on them"),
    Needs(
        name="smallest",
        sort=Sort.COUNT,
        says="teams with fewer people are not shown",
        default=(str(SMALLEST),),
    ),
    since="0.2",
)
def single_person(asking: Asking) -> Answer:
    """Is a team a team, or a group of teams of one?

    The share of a team's live work that hangs on one person, and how much
    work there is for each of its people. No person has a row, and teams too
    small to hide one are left out.

    ```yaml company
    model:
      readings:
        teams-of-one:
          computes: single-person
          with: {of: team, work: effort where stage is active, held: owns, members: is made up of, alone: owns}
    team/door: {title: Door, is made up of: [person/a, person/b, person/c]}
    team/tiny: {title: Tiny, is made up of: person/d}
    person/a: {title: A}
    person/b: {title: B}
    person/c: {title: C}
    person/d: {title: D}
    project/x: {title: X, stage: running, is owned by: team/door}
    project/y: {title: Y, stage: running, is owned by: person/a}
    project/z: {title: Z, stage: planned, is owned by: person/a}
    ```

    ```yaml reads
    teams-of-one:
      whole: 50%
      team/door: 50% · 2 under way for 3 people, 0.7 each
      team/tiny: too few to show
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    people = pairs_of(graph, asking.steps("members")[0], ids)
    work = asking.mask(asking.ids("work"))
    held = _counting(pairs_of(graph, asking.steps("held")[0], ids), work)
    alone = _alone(asking, people, work)
    sizes = np.bincount(people[0], minlength=len(ids))
    by_team, by_one = (np.bincount(each[0], minlength=len(ids)) for each in (held, alone))
    small = too_few(sizes, asking.count("smallest"))
    total = by_team + by_one
    with np.errstate(all="ignore"):
        low = np.where((total > 0) & ~small, by_one / total, np.nan)
    every = int(total[~small].sum())
    whole = exactly(int(by_one[~small].sum()) / every if every else float("nan"))
    says = f"{int(by_one[~small].sum()):,} of {counted(every, 'piece')} of live work hang on one person"

    def words(row: int) -> str:
        if small[row]:
            return TOO_FEW
        if not total[row]:
            return "nothing under way"
        if not sizes[row]:
            return f"{total[row]:,} under way, its people are not known"
        each = shown(COUNT, exactly(round(float(total[row] / sizes[row]), 1)))
        return f"{total[row]:,} under way for {counted(int(sizes[row]), 'person', 'people')}, {each} each"

    def made(row: int) -> Made:
        mine = [each[1][each[0] == row] for each in (held, alone)]
        parts = (
            ()
            if small[row]
            else (
                *things_as_parts(graph, mine[0], through="held by the team"),
                *things_as_parts(graph, mine[1], through="hangs on one person"),
            )
        )
        return Made(
            asked="the share of live work that hangs on one person",
            value="not shown" if small[row] else "",
            how=words(row),
            parts=parts,
            total=len(parts),
        )

    def made_whole() -> Made:
        return Made(
            asked="the share of live work that hangs on one person",
            how=says,
            missing=(f"{counted(int(small.sum()), 'team')} too small to show",)
            if small.any()
            else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=RATIO,
        ids=ids,
        low=low,
        high=low,
        whole=whole,
        words=words,
        hidden=int(small.sum()),
        made=made,
        made_whole=made_whole,
    )


def _counting(pairs: tuple[Longs, Ids], counts: np.ndarray) -> tuple[Longs, Ids]:
    chosen = counts[pairs[1]]
    return pairs[0][chosen], pairs[1][chosen]


def _alone(asking: Asking, people: tuple[Longs, Ids], work: np.ndarray) -> tuple[Longs, Ids]:
    """Each team with each piece of live work that one of its people holds, once."""
    several, place = np.unique(people[1], return_inverse=True)
    whose, nodes = _counting(pairs_of(asking.graph, asking.steps("alone")[0], several), work)
    teams = np.full((len(people[0]), 2), 0, dtype=np.int64)
    teams[:, 0], teams[:, 1] = people[0], place
    order = np.argsort(whose, kind="stable")
    whose, nodes = whose[order], nodes[order]
    starts = np.searchsorted(whose, teams[:, 1], side="left")
    counts = np.searchsorted(whose, teams[:, 1], side="right") - starts
    spots = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    keys = np.unique(np.repeat(teams[:, 0], counts) * asking.graph.size + nodes[spots])
    return keys // asking.graph.size, keys % asking.graph.size
