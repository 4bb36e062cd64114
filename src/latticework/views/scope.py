"""View: scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
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
    Why,
    cell,
    spans,
)
from latticework.views.flow import day_of_sight
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import Thing, things
from latticework.views.visuals import Block, Sankey
from latticework.views.wording import day_words, listed, many

if TYPE_CHECKING:
    from latticework.analysis.scope import Scope
    from latticework.graph.graph import Graph

_MOST_ROWS = 100
_SORTS = (
    ("crept", "new scope", "answers the question now; was not there then"),
    ("came_in", "drawn in", "was there then, and answers the question only now"),
    ("elaborated", "elaboration", "is new, and part of what was planned"),
    ("cut", "cut", "was planned; dropped or retired since"),
    ("left", "left", "was planned; no longer answers the question"),
    ("finished", "finished", "was planned; done by now"),
)
_OF_THE_PLAN = ("cut", "left", "finished")
_TONES = {"crept": Tone.WARN, "cut": Tone.BAD, "finished": Tone.GOOD}


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    since: str = param(
        "",
        "The plan: a day, a moment that has a name, or another branch.",
        position=1,
        required=True,
    )
    query: str = param("", "What was planned, as a question.", position=2, required=True)
    along: str = param("", "The link from a part to its whole, like 'serves'.")
    until: str = param("now", "What to lay beside it, said the same way.")
    what: str = param("", "Only one sort: new scope, drawn in, elaboration, cut, left, finished.")


@sight_view(Params)
def scope(sight: Sight, params: Params) -> Page:
    """What became of a plan: what crept in, what was cut, what only unfolded?

    The question is asked on the day of the plan and now, or on two branches. What is new and part
    of something planned, along a link, is elaboration; what is new and is not,
    is new scope. Nothing is lost in a sum: each thing is named.

      latticework scope 2026-01-05 "bet where serves pillar/kept-word"
      latticework scope 2026-06-01 "project where serves something" --along serves
      latticework scope main "bet where stage is active" --until what-if
    """
    from latticework.analysis.scope import scope_of
    from latticework.base.times import day_of
    from latticework.views.lens.worded import worded

    if params.what and params.what not in {word for _, word, _ in _SORTS}:
        says = f"'{params.what}' is no sort of change of a plan"
        hint = "one of " + ", ".join(word for _, word, _ in _SORTS)
        raise Refused([error("SCOPE003", says, hint=hint, value=params.what)])
    then, sight = sight.side(params.since), replace(sight, graph=sight.side(params.until))
    same = then.log is sight.graph.log
    if same and then.moment.valid >= sight.graph.moment.valid:
        says = f"'{params.since}' is not before the day looked at"
        raise Refused([error("SCOPE002", says, hint="name an earlier day", value=params.since)])
    days = (day_of(min(then.moment.valid, sight.now), sight.zone), day_of_sight(sight))
    found = scope_of(then, sight.graph, params.query, params.along, days=days)
    since = day_words(then.moment.valid, sight.zone) if same else params.since
    blocks: tuple[Block, ...] = (
        *_metrics(found, params),
        Prose(paragraphs=tuple(_told(found, sight, then, params)), title="In sentences"),
        _streams(found, since),
        _table(found, sight, then, params.what),
        _changed(found, sight),
    )
    subtitle = f"{many(found.size, 'thing')} planned and open on {since}"
    data = tuple(_data(found, sight, then))
    return Page(
        title=f"Scope of {worded(params.query, sight.graph.model)}",
        subtitle=subtitle,
        blocks=blocks,
        data=data,
    )


def _metrics(found: Scope, params: Params) -> Iterator[Metric]:
    """Each number leads to the things that are counted in it."""
    growth, planned = found.growth, f"of {found.size:,}"
    creep = "none planned" if growth is None else f"{growth:+.0%}"
    note = "new scope and what was drawn in, of the plan"
    yield Metric(label="Creep", value=creep, note=note, why=_why(params, "new scope"))
    for label, what, count, note in (
        ("Elaboration", "elaboration", len(found.elaborated), "parts of the plan"),
        ("Cut", "cut", len(found.cut) + len(found.lost), planned),
        ("Finished", "finished", len(found.finished), planned),
    ):
        yield Metric(label=label, value=f"{count:,}", note=note, why=_why(params, what))


def _why(params: Params, what: str) -> Why:
    chosen = {"since": params.since, "query": params.query, "along": params.along, "what": what}
    chosen |= {"until": params.until} if params.until != "now" else {}
    return Why("scope", tuple((name, text) for name, text in chosen.items() if text))


def _streams(found: Scope, since: str) -> Sankey:
    """The plan and what came since, each as it runs to what became of it."""
    planned, since_then = Span("the plan"), Span("came since")
    sides = (
        (planned, "kept", "still in it"),
        *((planned, name, word) for name, word, _ in _SORTS if name in _OF_THE_PLAN),
        *((since_then, name, word) for name, word, _ in _SORTS if name not in _OF_THE_PLAN),
    )
    counts = ((side, Span(word), float(_count(found, name))) for side, name, word in sides)
    return Sankey(
        streams=tuple((side, end, number, number) for side, end, number in counts if number),
        unit="things",
        title=f"What became of the plan of {since}",
        empty=("Nothing was planned, and nothing came.",),
    )


def _count(found: Scope, name: str) -> int:
    """How many things became so; what the later side never knew counts as cut."""
    return len(getattr(found, name)) + (len(found.lost) if name == "cut" else 0)


def _sorted(found: Scope, name: str, sight: Sight, then: Graph) -> Iterator[Thing]:
    """The things that became so, each named by the side that knows it."""
    yield from things(sight.graph, getattr(found, name))
    if name == "cut":
        yield from things(then, found.lost)


def _told(found: Scope, sight: Sight, then: Graph, params: Params) -> Iterator[tuple[Span, ...]]:
    yield spans(
        f"Of {many(found.size, 'thing')} planned: {len(found.kept):,} kept, "
        f"{len(found.finished):,} finished, {_count(found, 'cut'):,} cut, "
        f"{len(found.left):,} no longer asked about."
    )
    for name, words in (("crept", "New scope"), ("came_in", "Drawn in"), ("cut", "Cut")):
        count = _count(found, name)
        if count:
            titles = [each.title for each in islice(_sorted(found, name, sight, then), 5)]
            more = count - len(titles)
            yield spans(f"{words}: {listed(titles)}" + (f" and {more:,} more." if more else "."))
    if len(found.elaborated):
        yield spans(
            f"{many(len(found.elaborated), 'thing')} unfolded from what was planned, along "
            f"'{params.along}': no new scope."
        )
    elif not params.along:
        yield spans(
            "Nobody said what parts are, so that what unfolded counts as new scope; say it with along."
        )
    yield spans(f"{many(len(found.changed), 'kept thing')} described otherwise than then.")


def _table(found: Scope, sight: Sight, then: Graph, only: str) -> Table:
    """What came and what went, each leading to what happened to it."""
    columns = (Column("what"), Column("thing"), Column("stage", sort=Sort.STAGE), Column("why"))
    rows: list[tuple[Cell, ...]] = []
    total = 0
    for name, word, why in _SORTS:
        if only not in ("", word):
            continue
        total += _count(found, name)
        left = max(_MOST_ROWS - len(rows), 0)
        for each in islice(_sorted(found, name, sight, then), left):
            head = cell(word, tone=_TONES.get(name, Tone.PLAIN))
            told = cell(why, tone=Tone.DIM, why=Why("feed", (("ref", each.ref),)))
            rows.append((head, each.name_cell, each.stage_cell, told))
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


def _data(found: Scope, sight: Sight, then: Graph) -> Iterator[dict[str, object]]:
    for name, word, _ in (*_SORTS, ("kept", "kept", "")):
        for each in _sorted(found, name, sight, then):
            node = sight.graph.find(each.ref)
            changed = list(found.changed.get(-1 if node is None else node, ()))
            yield {"what": word, "ref": each.ref, "title": each.title, "changed fields": changed}
