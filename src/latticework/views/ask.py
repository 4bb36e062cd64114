"""View: ask."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, cast

from latticework.base.refs import find_ref
from latticework.model.model import STAGE, TITLE, Model
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Findings,
    Sort,
    Span,
    Table,
    cell,
    why_of,
)
from latticework.views.page import Page, param, view
from latticework.views.visuals import Block
from latticework.views.wording import listed, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.query.rows import Rows

Course: TypeAlias = Sequence[Mapping[str, object]]
Window: TypeAlias = tuple[date, date]

_POINTS = 16
"""Days at which a history is drawn, evenly from first to last."""
_FIXED = ("ref", "kind", TITLE)
_NUMERIC = frozenset({"number", "money", "ratio", "duration"})
_UNKNOWN = "unknown"
_NUMBER = re.compile(r"(about |at least |[<>]=? ?|~)?([A-Z]{3} )?[-+]?[\d.,]+.{0,24}")


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "A question in the query language.", position=1, required=True)
    rows: int = param(50, "How many rows to draw; 0 is all.")


@view(Params)
def ask(graph: Graph, params: Params) -> Page:
    """Which things answer a query, and what does it show of them?

    A query reads like a sentence:

      bet where stage is active and confidence < 40% and serves nothing
      team where count(depends on) > 3 sort by cost descending limit 20
      epic serving+ pillar/growth where due in 2026-Q4 or due is unknown
      bet changed since 2026-09-30 show title, owner, stage

    Quote it where it holds characters that the shell takes: < > ( ) *
    """
    from latticework.query.ask import ask as run

    rows = run(graph, params.query)
    counted = many(len(rows), "row") + (f" of {rows.total:,}" if rows.limited else "")
    blocks: list[Block] = [table_of(graph, rows, most=params.rows)]
    if rows.groups is not None:
        blocks.insert(0, _groups(rows.groups.to_dicts()))
    if rows.findings:
        blocks.append(Findings(findings=rows.findings))
    return Page(title=params.query.strip(), subtitle=counted, blocks=tuple(blocks), data=rows)


def _groups(records: Sequence[Mapping[str, object]]) -> Table:
    names = list(records[0]) if records else []
    columns = tuple(_value_column(name, records) for name in names)
    rows = tuple(tuple(_shown(record[name]) for name in names) for record in records)
    return Table(columns=columns, rows=rows, title="Groups")


def table_of(graph: Graph, rows: Rows, *, most: int = 0, skip: int = 0) -> Table:
    """Rows as a table: at most so many, 0 is all, after the first `skip`."""
    # What the query itself dates cannot be asked again by a thing and a column alone.
    asked_at, graph = graph.moment, graph.at(rows.moment)
    most = most or len(rows)
    shown = rows.part(skip, most)
    records = list(shown)
    window = _window(graph, records)
    names = _names(rows.columns, records)
    categories = graph.stage_categories(shown.ids).to_list()
    added = _stages(graph, shown, names)
    columns = tuple(_column(name, records, graph.model) for name in names)
    tallied = rows.tallied if rows.moment == asked_at else {}
    lines = [
        tuple(_cell(name, record, category, tallied.get(name, ""), window) for name in names)
        for record, category in zip(records, categories, strict=True)
    ]
    if added:
        columns = (*columns, Column(STAGE, sort=Sort.STAGE))
        lines = [
            (*line, cell(word or "", category=(category or "?") if word else ""))
            for line, word, category in zip(lines, added, categories, strict=True)
        ]
    return Table(columns=columns, rows=tuple(lines), total=len(rows), empty=_EMPTY)


_EMPTY = (
    "Nothing answers this.",
    "Ask for less: take away a condition, or write 'possibly' before one that meets ranges.",
    "latticework explain QUERY says how it was understood; latticework kinds what there is.",
)


def _names(columns: Sequence[str], records: Sequence[Mapping[str, object]]) -> list[str]:
    """Columns to draw: the kind only where the refs do not tell it."""
    told = all(str(each["ref"]).startswith(f"{each['kind']}/") for each in records)
    return [name for name in columns if name != "kind" or not told]


def _stages(graph: Graph, rows: Rows, names: Sequence[str]) -> list[str | None]:
    """Stage words, where the query itself shows nothing and there are any."""
    if set(names) - set(_FIXED):
        return []
    words = graph.stage_words(rows.ids)
    return words.to_list() if words.null_count() < len(words) else []


def _column(name: str, records: Iterable[Mapping[str, object]], model: Model) -> Column:
    if name == "ref":
        return Column(name, sort=Sort.REF)
    if _is_stage(name, model):
        return Column(name, sort=Sort.STAGE)
    return Column(name) if name in _FIXED else _value_column(name, records)


def _value_column(name: str, records: Iterable[Mapping[str, object]]) -> Column:
    """To the right, where all that is known of it are numbers."""
    values = [each.get(name) for each in records]
    values = [value for value in values if value is not None and value != _UNKNOWN]
    if values and all(_like_number(value) for value in values):
        return Column(name, align=Align.RIGHT, sort=Sort.NUMBER)
    return Column(name)


def _is_stage(name: str, model: Model) -> bool:
    return name == STAGE or any(kind.stages and kind.stage_field == name for kind in model.kinds)


def _like_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(_NUMBER.fullmatch(value)) and not re.match(r"\d{4}-[\dQHW]", value)
    return isinstance(value, int | float)


def _cell(
    name: str, record: Mapping[str, object], category: str | None, tally: str, window: Window
) -> Cell:
    value = record.get(name)
    if _is_course(value):
        return course_cell(cast("Course", value), window)
    ref = str(record["ref"])
    if tally and value is not None:
        return cell(plain_words(value), why=why_of(ref, column=tally))
    if name in {"ref", TITLE}:
        return cell(str(value or ""), ref=ref)
    if name == STAGE and value:
        return cell(str(value), category=category or "?")
    return _shown(value)


def _is_course(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _window(graph: Graph, records: Iterable[Mapping[str, object]]) -> Window:
    """From the first day of all histories that are shown to the moment asked about."""
    from latticework.base.times import day_of, zone_of

    days = [
        date.fromisoformat(str(each["since"]))
        for record in records
        for value in record.values()
        if _is_course(value)
        for each in cast("Course", value)
        if each["since"]
    ]
    last = day_of(graph.moment.valid, zone_of(graph.model.zone))
    return min(days, default=last), last


def course_cell(course: Course, window: Window) -> Cell:
    """Dated values as a line over the window, all rows alike, and the latest in words."""
    first, last = window
    # What was always so is drawn from the first day that is one.
    days = [date.fromisoformat(str(each["since"] or first)) for each in course]
    middles = [_middle(each) for each in course]
    step = max((last - first).days, 1) / (_POINTS - 1)
    spots = [first + timedelta(days=round(step * each)) for each in range(_POINTS)]
    points = tuple(
        middles[at - 1] if (at := bisect_right(days, spot)) else math.nan for spot in spots
    )
    latest = str(course[-1]["value"] or "")
    drawn = points if sum(map(math.isfinite, points)) > 1 else ()
    return Cell((Span(latest, points=drawn),))


def _middle(value: Mapping[str, object]) -> float:
    low, high = value["low"], value["high"]
    if not isinstance(low, float) or not isinstance(high, float):
        return math.nan
    return (low + high) / 2


def _shown(value: object) -> Cell:
    if isinstance(value, list | tuple):
        return Cell(tuple(_joined(value)))
    return Cell((_span(value),) if value is not None else ())


def _joined(values: Iterable[object]) -> Iterable[Span]:
    for place, value in enumerate(values):
        if place:
            yield Span(", ")
        yield _span(value)


def _span(value: object) -> Span:
    text = plain_words(value)
    ref = find_ref(text) if isinstance(value, str) else None
    return Span(text, ref=ref or "")


def plain_words(value: object) -> str:
    """A value of a row in one line."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        case int():
            return f"{value:,}"
        case date() | datetime():
            return value.isoformat()
        case {"since": since, "value": said}:
            return f"{since or 'always'} {said}"
        case list() | tuple():
            return listed(plain_words(each) for each in value)
        case _:
            return str(value)
