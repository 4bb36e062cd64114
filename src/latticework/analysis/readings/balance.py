"""Reading: balance."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, counted, things_as_parts
from latticework.analysis.reading import RATIO, Answer, exactly, reading


@reading(
    Needs(name="of", sort=Sort.QUERY, says="those who do both"),
    Needs(name="first", sort=Sort.QUERY, says="what was done: releases", many=True),
    Needs(name="second", sort=Sort.QUERY, says="what should follow: reviewed effects", many=True),
    Needs(name="to first", sort=Sort.PATH, says="the way to what was done", many=True),
    Needs(name="to second", sort=Sort.PATH, says="the way to what followed", many=True),
    since="0.2",
)
def balance(asking: Asking) -> Answer:
    """Is more shipped than learned, and where?

    Counts what was done and what followed from it, each once, for the whole
    and for each of those who do it. The ratio is what followed over what was
    done; it orders nobody.

    ```yaml company
    model:
      readings:
        ship-and-learn:
          computes: balance
          with:
            of: team
            first: release where stage is done
            second: impact where verdict is not missing
            to first: owns
            to second: owns then leads to
    team/door: {title: Door}
    team/yard: {title: Yard}
    release/a: {title: A, stage: out, is owned by: team/door}
    release/b: {title: B, stage: out, is owned by: team/door}
    release/c: {title: C, stage: planned, is owned by: team/yard}
    impact/x: {title: X, seen: 2026-10, verdict: less, comes from: release/a}
    ```

    ```yaml reads
    ship-and-learn:
      whole: 50%
      team/door: 50% · 1 for 2
      team/yard: nothing was done
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    did, learned = asking.ids("first"), asking.ids("second")
    first = asking.reached("to first", ids, did)
    second = asking.reached("to second", ids, learned)
    done, followed = (np.bincount(each[0], minlength=len(ids)) for each in (first, second))
    with np.errstate(all="ignore"):
        low = np.where(done > 0, followed / done, np.nan)
    whole = exactly(len(learned) / len(did) if len(did) else float("nan"))
    says = f"{counted(len(learned), 'thing')} followed from {len(did):,} that were done"

    def words(row: int) -> str:
        return f"{followed[row]:,} for {done[row]:,}" if done[row] else "nothing was done"

    def made(row: int) -> Made:
        mine = [each[1][each[0] == row] for each in (first, second)]
        return Made(
            how=words(row),
            parts=(
                *things_as_parts(graph, mine[0], through="done"),
                *things_as_parts(graph, mine[1], through="followed"),
            ),
            total=sum(len(each) for each in mine),
        )

    def made_whole() -> Made:
        owned = np.unique(first[1])
        loose = len(did) - len(owned)
        return Made(
            how=says,
            parts=(
                *things_as_parts(graph, did, through="done", most=100),
                *things_as_parts(graph, learned, through="followed", most=100),
            ),
            total=len(did) + len(learned),
            missing=(f"who did {counted(loose, 'thing')}",) if loose else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=RATIO,
        ids=ids,
        low=low,
        high=low,
        worst="low",
        whole=whole,
        words=words,
        made=made,
        made_whole=made_whole,
    )
