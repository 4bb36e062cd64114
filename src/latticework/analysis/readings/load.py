"""Reading: load."""

from __future__ import annotations

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import COUNT, Answer, exactly, reading, shown
from latticework.query.truth import Ids


@reading(
    Needs(name="of", sort=Sort.QUERY, says="those who feel it"),
    Needs(name="what", sort=Sort.QUERY, says="what they feel: live changes, promises", many=True),
    Needs(name="along", sort=Sort.PATH, says="how it reaches them, as they see it", many=True),
    Needs(name="limit", sort=Sort.COUNT, says="more than so many is too much", default=("3",)),
    since="0.2",
)
def load(asking: Asking) -> Answer:
    """How much lands on each of them at once, seen from their side?

    Each thing counts once, however many ways lead to it, and whoever started
    it: what is imposed from elsewhere weighs as much as what was chosen.

    ```yaml company
    model:
      readings:
        change-load:
          computes: load
          with:
            of: team
            what: [scaffold where stage is active, agreement where stage is active]
            along: [is supported by, is bound by, is part of then is bound by]
            limit: "1"
    team/door: {title: Door, is part of: scope/front}
    scope/front: {title: Front}
    scaffold/desk: {title: Desk, stage: standing, supports: team/door}
    agreement/quiet: {title: Quiet, says: no calls, stage: kept, binds: [scope/front, team/door]}
    agreement/old: {title: Old, says: calls, stage: ended, binds: team/door}
    ```

    ```yaml reads
    change-load: {team/door: "2 · above the limit of 1", whole: "2"}
    ```
    """
    graph, ids = asking.graph, asking.ids("of")
    places, nodes = asking.reached("along", ids, asking.ids("what"))
    low = np.bincount(places, minlength=len(ids)).astype(np.float64)
    limit = asking.count("limit")
    over = int((low > limit).sum())
    whole = exactly(float(np.median(low)) if len(low) else float("nan"))
    says = f"{counted(over, 'one has', 'have')} more than {limit} at once; the middle one has "
    says += shown(COUNT, whole) or "none"

    def made(row: int) -> Made:
        mine = nodes[places == row]
        return Made(
            how="each counted once",
            parts=_parts(asking, mine),
            total=len(mine),
        )

    def made_whole() -> Made:
        heavy = np.argsort(-low, kind="stable")[:200]
        heavy = heavy[low[heavy] > 0]
        return Made(
            asked=f"the middle {asking.bound.name}",
            how=f"over {counted(len(ids), 'thing')}",
            parts=adding(graph, ids[heavy], (f"{each:.0f}" for each in low[heavy])),
            total=int((low > 0).sum()),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        ids=ids,
        low=low,
        high=low,
        whole=whole,
        words=lambda row: f"above the limit of {limit}" if low[row] > limit else "",
        made=made,
        made_whole=made_whole,
    )


def _parts(asking: Asking, ids: Ids) -> tuple[Part, ...]:
    called = named(asking.graph, ids[:200])
    stages = asking.graph.stage_words(np.asarray(ids[:200], dtype=np.int32)).to_list()
    rows = zip(called.refs, called.titles, stages, strict=True)
    return tuple(Part(ref=ref, title=title, value=stage or "") for ref, title, stage in rows)
