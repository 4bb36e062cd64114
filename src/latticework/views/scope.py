"""View: scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.views.blocks import (
    Cell,
    Column,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.flow import day_of_sight
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import things
from latticework.views.visuals import Block
from latticework.views.wording import day_words, listed, many

if TYPE_CHECKING:
    from latticework.analysis.scope import Scope
    from latticework.views.things import Ids

_MOST_ROWS = 100
_SORTS = (
    ("crept", "new scope", "answers the question now; was not there then"),
    ("came_in", "drawn in", "was there then, and answers the question only now"),
    ("elaborated", "elaboration", "is new, and part of what was planned"),
    ("cut", "cut", "was planned; dropped or retired since"),
    ("left", "left", "was planned; no longer answers the question"),
    ("finished", "finished", "was planned; done by now"),
)
_TONES = {"crept": Tone.WARN, "cut": Tone.BAD, "finished": Tone.GOOD}


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    since: str = param("", "The day of the plan.", position=1, required=True)
    query: str = param("", "What was planned, as a question.", position=2, required=True)
    along: str = param("", "The link from a part to its whole, like 'serves'.")


@sight_view(Params)
def scope(sight: Sight, params: Params) -> Page:
    """What became of a plan: what crept in, what was cut, what only unfolded?

    The question is asked on the day of the plan and now. What is new and part
    of something planned, along a link, is elaboration; what is new and is not,
    is new scope. Nothing is lost in a sum: each thing is named.

      latticework scope 2026-01-05 "bet where serves pillar/kept-word"
      latticework scope 2026-06-01 "project where serves something" --along serves
    """
    from latticework.analysis.scope import scope_of
    from latticework.base.times import day_of

    then = sight.graph_at(params.since)
    if then.moment.valid >= sight.graph.moment.valid:
        says = f"'{params.since}' is not before the day looked at"
        raise Refused([error("SCOPE002", says, hint="name an earlier day", value=params.since)])
    days = (day_of(then.moment.valid, sight.zone), day_of_sight(sight))
    found = scope_of(then, sight.graph, params.query, params.along, days=days)
    blocks: tuple[Block, ...] = (
        *_metrics(found),
        Prose(paragraphs=tuple(_told(found, sight, params)), title="In sentences"),
        _table(found, sight),
        _changed(found, sight),
    )
    since = day_words(then.moment.valid, sight.zone)
    subtitle = f"{many(len(found.planned), 'thing')} planned and open on {since}"
    data = tuple(_data(found, sight))
    return Page(
        title=f"Scope of {params.query.strip()}", subtitle=subtitle, blocks=blocks, data=data
    )


def _metrics(found: Scope) -> Iterator[Metric]:
    growth = found.growth
    note = "new scope and what was drawn in, of the plan"
    yield Metric(
        label="Creep", value="none planned" if growth is None else f"{growth:+.0%}", note=note
    )
    yield Metric(label="Elaboration", value=f"{len(found.elaborated):,}", note="parts of the plan")
    yield Metric(label="Cut", value=f"{len(found.cut):,}", note=f"of {len(found.planned):,}")
    yield Metric(
        label="Finished", value=f"{len(found.finished):,}", note=f"of {len(found.planned):,}"
    )


def _told(found: Scope, sight: Sight, params: Params) -> Iterator[tuple[Span, ...]]:
    planned = len(found.planned)
    yield spans(
        f"Of {many(planned, 'thing')} planned: {len(found.kept):,} kept, "
        f"{len(found.finished):,} finished, {len(found.cut):,} cut, "
        f"{len(found.left):,} no longer asked about."
    )
    for name, words in (("crept", "New scope"), ("came_in", "Drawn in"), ("cut", "Cut")):
        ids: Ids = getattr(found, name)
        if len(ids):
            titles = [each.title for each in things(sight.graph, ids[:5])]
            more = len(ids) - len(titles)
            yield spans(f"{words}: {listed(titles)}" + (f" and {more:,} more." if more else "."))
    if len(found.elaborated):
        yield spans(
            f"{many(len(found.elaborated), 'thing')} unfolded from what was planned, along "
            f"'{params.along}': no new scope."
        )
    elif not params.along:
        yield spans(
            "Nobody said what parts are, so that what unfolded counts as new scope; say --along."
        )
    yield spans(f"{many(len(found.changed), 'kept thing')} described otherwise than then.")


def _table(found: Scope, sight: Sight) -> Table:
    columns = (Column("what"), Column("thing"), Column("stage", sort=Sort.STAGE), Column("why"))
    rows: list[tuple[Cell, ...]] = []
    total = 0
    for name, word, why in _SORTS:
        ids: Ids = getattr(found, name)
        total += len(ids)
        for each in things(sight.graph, ids[: max(_MOST_ROWS - len(rows), 0)]):
            head = cell(word, tone=_TONES.get(name, Tone.PLAIN))
            rows.append((head, each.name_cell, each.stage_cell, cell(why, tone=Tone.DIM)))
    return Table(
        columns=columns,
        rows=tuple(rows),
        total=total,
        grouped=True,
        title="What changed sides",
        empty=("Nothing came and nothing went.",),
    )


def _changed(found: Scope, sight: Sight) -> Table:
    import numpy as np

    nodes = list(found.changed)[:_MOST_ROWS]
    named = things(sight.graph, np.array(nodes, dtype=np.int32))
    rows = tuple(
        (each.name_cell, each.stage_cell, cell(listed(found.changed[node], most=8)))
        for node, each in zip(nodes, named, strict=True)
    )
    columns = (
        Column("thing"),
        Column("stage", sort=Sort.STAGE),
        Column("fields that differ", wrap=True),
    )
    empty = ("Nothing that was kept is described otherwise.",)
    return Table(
        columns=columns, rows=rows, total=len(found.changed), title="Kept, and changed", empty=empty
    )


def _data(found: Scope, sight: Sight) -> Iterator[dict[str, object]]:
    for name, word, _ in (*_SORTS, ("kept", "kept", "")):
        ids: Ids = getattr(found, name)
        for node, each in zip(ids.tolist(), things(sight.graph, ids), strict=True):
            changed = list(found.changed.get(node, ()))
            yield {"what": word, "ref": each.ref, "title": each.title, "changed fields": changed}
