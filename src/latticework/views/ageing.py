"""View: ageing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.views.blocks import Align, Cell, Column, Metric, Sort, Table, Tone, Why, cell
from latticework.views.flow import day_of_sight, days, flowing, quantile_words, why
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import Thing, things
from latticework.views.visuals import Block
from latticework.views.wording import day_words, many

if TYPE_CHECKING:
    from latticework.analysis.flow.reading import Flow
    from latticework.analysis.survival import Survival
    from latticework.views.things import Ids

_SHARES = (0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "Whose ages, in the query language.", position=1)
    rows: int = param(50, "How many rows to draw; 0 is all.")


@dataclass(frozen=True, slots=True)
class _Aged:
    """A thing under way: its age, and how many had finished by that age."""

    thing: Thing
    begun: int
    age: float | None
    passed: float | None


@sight_view(Params)
def ageing(sight: Sight, params: Params) -> Page:
    """What is under way, for how long, and is that long here?

    Each age is set beside how long things of the same question took before, or
    those of the same kind where the question asks for none that are finished:
    "older than 85 %" means that 85 of 100 were finished by that age, unfinished
    ones counted as far as they got.

      latticework ageing bet
      latticework ageing "project where serves goal/kept-word"
    """
    from latticework.analysis.flow.reading import flow_of
    from latticework.views.lens.worded import worded

    query = params.query.strip() or flowing(sight.graph)
    until = min(sight.now, sight.graph.moment.valid)
    today = day_of_sight(sight)
    found = flow_of(sight.graph, query, until=until, today=today)
    past, of = found, query
    if not past.survival.finished:
        of = found.asked.head
        past = flow_of(sight.graph, of, until=until, today=today)
    aged = list(_aged(found, past.survival, sight))
    blocks: list[Block] = [
        *_metrics(past, aged, of),
        _table(aged, worded(of, sight.graph.model), sight, params.rows),
        why(past),
    ]
    return Page(
        title=f"Ages of {worded(query, sight.graph.model)}",
        subtitle=f"{many(len(aged), 'thing')} under way on {day_words(until, sight.zone)}",
        blocks=tuple(blocks),
        data=tuple(_data(each, sight) for each in aged),
        query=query,
    )


def _aged(found: Flow, survival: Survival, sight: Sight) -> Iterator[_Aged]:
    """Things under way, oldest first; first those of unknown beginning."""
    import numpy as np

    journeys = found.journeys
    places = np.flatnonzero(journeys.under_way)
    ages = journeys.age_days[places]
    order = np.lexsort((places, np.where(np.isnan(ages), -np.inf, -ages)))
    places, ages = places[order], ages[order]
    chosen: Ids = journeys.ids[places]
    left = survival.left_after_all(np.nan_to_num(ages))
    begun = journeys.begun[places].tolist()
    for thing, since, age, share in zip(
        things(sight.graph, chosen), begun, ages.tolist(), left.tolist(), strict=True
    ):
        known = age == age  # nan is the one number that is not itself
        has_past = known and survival.finished > 0
        yield _Aged(thing, since, age if known else None, 1 - share if has_past else None)


def _metrics(past: Flow, aged: list[_Aged], of: str) -> Iterator[Metric]:
    survival, known = past.survival, Why("journeys", (("query", of), ("which", "known")))
    for share in _SHARES[:3]:
        value = quantile_words(survival, share)
        limit = survival.quantile(share)
        older = sum(
            each.age is not None and limit is not None and each.age > limit for each in aged
        )
        note = f"{many(older, 'thing')} under way for longer" if limit is not None else ""
        yield Metric(label=f"{share:.0%} finish within", value=value, note=note, why=known)


def _table(aged: list[_Aged], of: str, sight: Sight, rows: int) -> Table:
    columns = (
        Column("thing"),
        Column("stage", sort=Sort.STAGE),
        Column("under way since", sort=Sort.WHEN),
        Column("age", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("older than", align=Align.RIGHT, sort=Sort.NUMBER),
    )
    shown = aged[:rows] if rows > 0 else aged
    return Table(
        columns=columns,
        rows=tuple(_row(each, sight) for each in shown),
        total=len(aged),
        note=f"'Older than' is the share of {of} that were finished by that age.",
        empty=("Nothing is under way.",),
    )


def _row(each: _Aged, sight: Sight) -> tuple[Cell, ...]:
    since = day_words(each.begun, sight.zone)
    happened = Why("feed", (("ref", each.thing.ref),))
    if each.age is None:
        since = "before the journal"
    return (
        each.thing.name_cell,
        each.thing.stage_cell,
        cell(since),
        cell(days(each.age) if each.age is not None else "", why=happened),
        cell("" if each.passed is None else f"{each.passed:.0%}", tone=_tone(each.passed)),
    )


def _tone(passed: float | None) -> Tone:
    if passed is None or passed < _SHARES[1]:
        return Tone.PLAIN
    return Tone.BAD if passed >= _SHARES[3] else Tone.WARN if passed >= _SHARES[2] else Tone.STRONG


def _data(each: _Aged, sight: Sight) -> dict[str, object]:
    return {
        "ref": each.thing.ref,
        "title": each.thing.title,
        "stage": each.thing.stage,
        "since": None if each.age is None else day_words(each.begun, sight.zone),
        "age days": None if each.age is None else round(each.age, 2),
        "share finished by that age": None if each.passed is None else round(each.passed, 4),
    }
