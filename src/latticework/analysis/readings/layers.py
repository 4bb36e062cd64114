"""Reading: layers."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, counted, things_as_parts
from latticework.analysis.reading import RATIO, Answer, exactly, reading
from latticework.query.truth import Ids, Longs, Mask, narrow


@reading(
    Needs(name="of", sort=Sort.QUERY, says="the things that stand in levels", many=True),
    Needs(name="along", sort=Sort.PATH, says="the links that lead one level up", many=True),
    Needs(name="used", sort=Sort.CONDITION, says="what shows that one is in use", many=True),
    since="0.2",
)
def layers(asking: Asking) -> Answer:
    """Which levels of the tree does anybody use?

    A level is how many steps a thing stands below the top. A level of which
    nothing is reviewed, measured or decided helped thinking once, and may be
    flattened into a note.

    ```yaml company
    model:
      readings:
        goal-levels:
          computes: layers
          with: {of: goal, along: serves, used: [is reviewed in something, is measured by something]}
    goal/health: {title: Health, is reviewed in: ritual/board}
    goal/heart: {title: Heart, serves: goal/health}
    goal/run: {title: Run, serves: goal/heart, is measured by: metric/miles}
    ritual/board: {title: Board}
    metric/miles: {title: Miles, idea: we run}
    ```

    ```yaml reads
    goal-levels:
      says: 1 of 3 levels is used by nothing (level 2)
      level 1: 100% · 1 thing
      level 2: 0% · 1 thing, used by nothing
      level 3: 100% · 1 thing
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    level = _levels(asking, ids)
    used = np.zeros(graph.size, dtype=np.bool_)
    for scope in asking.texts("of"):
        for condition in asking.texts("used"):
            used[asking.holding("used", scope, condition)[0]] = True
    count = int(level[ids].max(initial=-1)) + 1
    sizes = np.bincount(level[ids], minlength=count) if count else np.zeros(0, dtype=np.int64)
    hits = np.bincount(level[ids], used[ids], minlength=count) if count else np.zeros(0)
    share = hits / np.maximum(sizes, 1)
    names = tuple(f"level {number + 1}" for number in range(count))
    idle = [name for name, each in zip(names, share.tolist(), strict=True) if not each]
    says = f"{len(idle)} of {counted(count, 'level')} {'is' if len(idle) == 1 else 'are'} used by nothing"
    says = f"{says} ({', '.join(idle)})" if idle else f"each of {counted(count, 'level')} is used"

    def made(row: int) -> Made:
        mine = ids[level[ids] == row]
        return Made(
            asked="the share of its things that anybody uses",
            how=f"{int(hits[row]):,} of {counted(len(mine), 'thing')}",
            parts=_parts(asking, mine, used),
            total=len(mine),
            missing=() if hits[row] else tuple(asking.texts("used")),
        )

    def made_whole() -> Made:
        mine = ids[np.isin(level[ids], np.flatnonzero(hits == 0))]
        return Made(
            asked="levels that nothing uses",
            value=f"{len(idle)} of {count}",
            how="used means: " + " or ".join(asking.texts("used")),
            parts=_parts(asking, mine, used),
            total=len(mine),
        )

    return Answer(
        asking=asking,
        says=says,
        field=RATIO,
        ids=np.full(count, -1, dtype=np.int32),
        names=names,
        low=share,
        high=share,
        worst="low",
        whole=exactly(float(len(idle) / count) if count else float("nan")),
        words=lambda row: (
            counted(int(sizes[row]), "thing") + ("" if hits[row] else ", used by nothing")
        ),
        made=made,
        made_whole=made_whole,
    )


def _parts(asking: Asking, ids: Ids, used: Mask) -> tuple[Part, ...]:
    rows = ids[np.argsort(used[ids], kind="stable")]
    return things_as_parts(asking.graph, rows)


def _levels(asking: Asking, ids: Ids) -> Longs:
    """For each thing how many steps it stands below the top; circles count as tops."""
    size = asking.graph.size
    inside = asking.mask(ids)
    sources, targets = asking.edges("along")
    within = inside[sources] & inside[targets] & (sources != targets)
    sources, targets = sources[within], targets[within]
    level = np.full(size, -1, dtype=np.int64)
    tops = inside.copy()
    tops[sources] = False
    level[tops] = 0
    reached = tops
    for number in range(1, size + 1):
        fresh = np.unique(sources[reached[targets]])
        fresh = fresh[level[fresh] < 0]
        if not len(fresh):
            break
        level[fresh] = number
        reached = np.zeros(size, dtype=np.bool_)
        reached[fresh] = True
    level[narrow(ids[level[ids] < 0])] = 0
    return level
