"""Reading: zombies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, counted, things_as_parts
from latticework.analysis.reading import COUNT, Answer, exactly, reading
from latticework.model.model import Model
from latticework.query.truth import Ids


@reading(
    Needs(name="of", sort=Sort.QUERY, says="what is up for a while only"),
    Needs(name="ends", sort=Sort.FIELD, says="the field that holds the day it comes down"),
    Needs(
        name="where",
        sort=Sort.CONDITION,
        says="what else shows that its purpose is gone",
        many=True,
        required=False,
    ),
    since="0.2",
)
def zombies(asking: Asking) -> Answer:
    """What was to come down by now and still stands, our own words included?

    Things past their end, things whose purpose is gone, and declarations of
    the model (kinds, fields, links, rules, readings) past `expires`.

    ```yaml company
    model:
      kinds:
        scaffold: {fields: {rescue: {type: text, expires: 2026-09-30}}}
      readings:
        zombies:
          computes: zombies
          with: {of: scaffold where stage is active, ends: ends, where: supports nothing}
    scaffold/desk: {title: Desk, stage: standing, ends: 2026-06-30, supports: team/door}
    scaffold/rail: {title: Rail, stage: standing, ends: 2027-06-30, supports: team/door}
    scaffold/prop: {title: Prop, stage: standing, ends: 2027-06-30}
    scaffold/gone: {title: Gone, stage: removed, ends: 2026-06-30, supports: team/door}
    team/door: {title: Door}
    ```

    ```yaml reads
    zombies:
      whole: "3"
      scaffold/desk: 138 days · past its end
      scaffold/rail: no row
      scaffold/prop: supports nothing
      field scaffold.rescue: 46 days · past its end
    ```
    """
    graph, scope, name = asking.graph, asking.text("of"), asking.text("ends")
    every = asking.ids("of")
    late = asking.holding("ends", scope, f"{name} < today")[0]
    reasons = {
        condition: asking.holding("where", scope, condition)[0]
        for condition in asking.texts("where")
    }
    ids = np.unique(np.concatenate([late, *reasons.values()])).astype(np.int32)
    words = _words(ids, late, reasons)
    today = (asking.today - date(1970, 1, 1)).days
    ends = graph.column(name, ids).high.fill_null(float("nan")).to_numpy()
    past = np.where(np.isin(ids, late), today - ends, np.nan)
    own = tuple(_expired(graph.model, asking.today))
    days = np.concatenate([past, [float((asking.today - day).days) for _, day in own]])
    names = (*(str(graph.ref_of(int(each))) for each in ids), *(each for each, _ in own))
    says = f"{counted(len(ids), 'thing')} of {len(every):,}"
    says += f" and {counted(len(own), 'declaration')} of the model" if own else ""
    says += " should be gone"

    def made(row: int) -> Made:
        mine = ids[row : row + 1]
        return Made(
            asked="days past its end",
            value="not past it" if np.isnan(days[row]) else f"{days[row]:.0f}",
            how=words[row] if row < len(words) else "as the model says under 'expires'",
            parts=things_as_parts(graph, mine, field=name),
        )

    def made_whole() -> Made:
        things = things_as_parts(graph, ids, field=name)
        told = tuple(Part(ref="", title=each, value=str(day)) for each, day in own)
        return Made(
            asked="what should be gone",
            value=f"{len(names):,}",
            how=says,
            parts=(*things, *told),
            total=len(names),
        )

    return Answer(
        asking=asking,
        says=says,
        field=COUNT,
        unit="day",
        ids=np.concatenate([ids, np.full(len(own), -1, dtype=np.int32)]),
        names=names,
        low=days,
        high=days,
        whole=exactly(float(len(names))),
        whole_field=COUNT,
        words=lambda row: words[row] if row < len(words) else "past its end",
        made=made,
        made_whole=made_whole,
    )


def _words(ids: Ids, late: Ids, reasons: dict[str, Ids]) -> tuple[str, ...]:
    """Why each thing is told, in words."""
    told: list[list[str]] = [[] for _ in ids]
    for why, mine in (("past its end", late), *reasons.items()):
        for row in np.flatnonzero(np.isin(ids, mine)).tolist():
            told[row].append(why)
    return tuple(", ".join(each) for each in told)


def _expired(model: Model, today: date) -> Iterator[tuple[str, date]]:
    """Declarations past their day, in the order in which the model says them."""
    found: list[tuple[str, date | None]] = []
    for kind in model.kinds:
        found.append((f"kind {kind.name}", kind.expires))
        found += [(f"field {kind.name}.{each.name}", each.expires) for each in kind.fields]
    found += [(f"interface {each.name}", each.expires) for each in model.interfaces]
    found += [(f"link {each.name}", each.expires) for each in model.links]
    found += [(f"rule {each.code}", each.expires) for each in model.rules]
    found += [(f"term {each.name}", each.expires) for each in model.terms]
    found += [(f"reading {each.name}", each.expires) for each in model.readings]
    yield from ((name, day) for name, day in found if day is not None and day < today)
