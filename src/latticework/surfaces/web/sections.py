"""Headings over the groups of a table's rows, and rows that hang below others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.surfaces.web.titles import titles_of
from latticework.views.ask import plain_words
from latticework.views.blocks import Cell, Span, Table, cell

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.model.model import Model
    from latticework.query.plan import Plan
    from latticework.query.rows import Rows
    from latticework.views.lens.nested import Nested

MOST_SECTIONS = 1_000
"""A table of more groups has the group as a column, and no headings."""

NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group's rows: the first of them, how many are here, how many there are, its totals."""

    first: int
    count: int
    total: int
    key: str
    heading: Cell
    totals: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Laid:
    """How a table's rows lie: under headings, or below one another, or plainly.

    `rows` are the lines; `hidden` the column that the headings say already.
    """

    rows: Rows
    sections: tuple[Section, ...] = ()
    hidden: str = ""
    nested: Nested | None = None
    nest: str = ""
    nests: tuple[str, ...] = ()


def laid(graph: Graph, rows: Rows, plan: Plan, nest: str) -> Laid:
    """How rows lie; `nest` is the phrase along which they hang below one another.

    Rows in groups hang below their headings alone. Raises Refused (VIEW005) where no link reads so.
    """
    if plan.group is not None and rows.groups is not None:
        sections = sections_of(graph, rows, plan)
        shown = {each.label for each in plan.show}
        hidden = plan.group.label if sections and plan.group.label not in shown else ""
        return Laid(rows=rows, sections=sections, hidden=hidden)
    offered = nests_of(graph.model, plan.extent.kinds)
    if not nest:
        return Laid(rows=rows, nests=offered)
    from latticework.views.lens.nested import nested
    from latticework.views.walk import way_of

    found = nested(graph, rows.ids, way_of(graph.model, nest))
    return Laid(rows=replace(rows, ids=found.ids), nested=found, nest=nest, nests=offered)


def nests_of(model: Model, kinds: Sequence[str] | None) -> tuple[str, ...]:
    """Phrases that may join things of these kinds to others of them; None is every kind."""
    among = {each.name for each in model.kinds} if kinds is None else set(kinds)
    found: list[str] = []
    for link in model.links:
        for end in link.ends:
            targets = {each for word in end.targets for each in model.end_kinds(word)}
            if targets & among and set(model.end_kinds(end.source)) & among:
                found += [phrase for phrase in (link.back, link.name) if phrase]
    return tuple(dict.fromkeys(found))


def sections_of(graph: Graph, rows: Rows, plan: Plan) -> tuple[Section, ...]:
    """The groups that have rows here, in their order; none where there are too many."""
    assert rows.groups is not None
    assert plan.group is not None
    if rows.groups.height > MOST_SECTIONS:
        return ()
    label = plan.group.label
    texts = [plain_words(each) if each else "" for each in rows.groups[label].to_list()]
    refs = {part for text in texts for part in text.split(", ") if "/" in part}
    titles = titles_of(graph, refs)
    found: list[Section] = []
    first = 0
    for text, each in zip(texts, rows.groups.iter_rows(named=True), strict=True):
        total = int(each["count"])
        if first >= len(rows):
            break
        found.append(
            Section(
                first=first,
                count=min(total, len(rows) - first),
                total=total,
                key=text,
                heading=_heading(text, titles),
                totals=_totals(each, {label, "count"}),
            )
        )
        first += total
    return tuple(found)


def _totals(row: Mapping[str, object], others: set[str]) -> dict[str, str]:
    return {n: plain_words(value) for n, value in row.items() if n not in others and value}


def _heading(text: str, titles: Mapping[str, str]) -> Cell:
    """What a group is called; things by their titles."""
    if not text:
        return cell(NOTHING)
    parts = text.split(", ")
    if not any(part in titles for part in parts):
        return cell(text)
    spans = [Span(titles.get(part, part), ref=part if part in titles else "") for part in parts]
    return Cell(tuple(each for span in spans for each in (Span(", "), span))[1:])


def without(table: Table, name: str) -> Table:
    """A table without one of its columns."""
    kept = [place for place, column in enumerate(table.columns) if column.name != name]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """How one row lies: how deep, how many lines hang below it, whether it stands elsewhere too."""

    depth: int
    below: int
    again: bool


def lines_of(laid: Laid, first: int, most: int) -> tuple[Line, ...]:
    """How each of the rows from `first` on lies; empty where none hangs below another."""
    if laid.nested is None:
        return ()
    part = slice(first, first + most)
    each = zip(
        laid.nested.depths[part], laid.nested.below[part], laid.nested.again[part], strict=True
    )
    return tuple(Line(depth=int(d), below=int(b), again=bool(a)) for d, b, a in each)


def heads_of(sections: Sequence[Section], first: int, most: int) -> dict[int, Section]:
    """The sections that begin among the rows from `first` on, by their place among these.

    The one in which the first row stands is among them: its heading is said again.
    """
    found: dict[int, Section] = {}
    for each in sections:
        if first < each.first + each.count and each.first < first + most:
            found[max(each.first - first, 0)] = each
    return found
