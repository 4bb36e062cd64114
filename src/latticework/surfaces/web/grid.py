"""A table that is written in: which of its cells, how, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.model.model import STAGE, TITLE, Field, Kind
from latticework.model.scalars import EXAMPLES
from latticework.query.plan import FieldRead, Listed, Measured, Source
from latticework.surfaces.web.titles import titles_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.query.plan import Plan
    from latticework.query.rows import Rows
    from latticework.views.blocks import Table

LONG_TEXT = 60
"""A text field any of whose values here is longer is written in several lines."""

Edit = dict[str, object]
Raw = str | list[str] | list[list[str]] | None


@dataclass(frozen=True, kw_only=True)
class Grid:
    """What an island needs of a table: columns, and the rows that are here.

    `kinds` and `refs` name the rows; `raw` holds for each row and column what
    is written in the cell: a text, texts, or refs with their titles.
    """

    columns: tuple[dict[str, object], ...]
    kinds: tuple[str, ...]
    refs: tuple[str, ...]
    raw: tuple[tuple[Raw, ...], ...]


def grid_of(graph: Graph, plan: Plan, rows: Rows, table: Table, *, first: int) -> Grid:
    """A table's columns with how they are written in, for the rows from `first` on."""
    part = rows.part(first, len(table.rows))
    frame = part.frame
    kinds = frame["kind"].to_list()
    named = list(dict.fromkeys(kinds))
    what = _measures(plan, rows)
    names = [column.name for column in table.columns]
    edits = {name: _edits(name, what.get(name), named, graph) for name in names}
    raw = {name: _raw(name, frame.to_dict(as_series=False), table, edits[name]) for name in names}
    titled = _titled(raw, edits, graph)
    return Grid(
        columns=tuple({"name": name, "edits": edits[name]} for name in names),
        kinds=tuple(kinds),
        refs=tuple(frame["ref"].to_list()),
        raw=tuple(zip(*(titled[name] for name in names), strict=True)) if kinds else (),
    )


def _measures(plan: Plan, rows: Rows) -> Mapping[str, Measured]:
    """What stands in each column, by its heading."""
    shown = (*((plan.group,) if plan.group else ()), *plan.show)
    found: dict[str, Measured] = {}
    for each in shown:
        if each.label in rows.columns and not each.past:
            found.setdefault(each.label, each.what)
    return found


def _edits(name: str, what: Measured | None, kinds: Iterable[str], graph: Graph) -> dict[str, Edit]:
    """How a cell of the column is written, for each kind that can hold it."""
    found: dict[str, Edit] = {}
    for word in kinds:
        kind = graph.model.kinds_by_name.get(word)
        edit = _edit(name, what, kind, graph) if kind else None
        if edit is not None:
            found[word] = edit
    return found


def _edit(name: str, what: Measured | None, kind: Kind, graph: Graph) -> Edit | None:
    match what:
        case None if name == TITLE:
            return {"type": "text", "field": TITLE, "required": True}
        case None if name == STAGE and kind.stages:
            return _stage_edit(kind)
        case FieldRead(sources=sources):
            source = next((each for each in sources if each.kind == kind.name), None)
            return _field_edit(source, kind) if source else None
        case Listed(field=None) if what.target.is_open:
            return _link_edit(what, kind, graph)
    return None


def _stage_edit(kind: Kind) -> Edit:
    stages = [[each.name, each.category] for each in kind.stages]
    return {"type": "stage", "field": kind.stage_field, "stages": stages}


def _field_edit(source: Source, kind: Kind) -> Edit | None:
    if source.staged is not None:
        return _stage_edit(kind)
    if source.expression is not None or not source.column:
        return None
    return field_edit(source.field, source.column)


def field_edit(field: Field, name: str) -> Edit:
    """How a field is written: its type, its words, an example."""
    edit: Edit = {"type": field.type, "field": name}
    if field.many:
        edit["many"] = True
    if field.required:
        edit["required"] = True
    if field.choices:
        edit["choices"] = list(field.choices)
    hint = EXAMPLES.get(field.type, "")
    if hint:
        edit["hint"] = hint + (f" {field.unit}" if field.unit and field.type == "number" else "")
    return edit


def _link_edit(what: Listed, kind: Kind, graph: Graph) -> Edit | None:
    """One step along one link is drawn and cut in its cell."""
    if len(what.steps) != 1 or what.steps[0].repeat or len(what.steps[0].ways) != 1:
        return None
    name, back = what.steps[0].ways[0]
    link = graph.model.links_by_name[name]
    model = graph.model
    kinds: dict[str, None] = {}
    for end in link.ends:
        sources = model.end_kinds(end.source)
        targets = [each for word in end.targets for each in model.end_kinds(word)]
        if kind.name in (targets if back else sources):
            kinds |= dict.fromkeys(sources if back else targets)
    if not kinds:
        return None
    forward, behind = model.limits_of(link)
    most = (behind if back else forward).get(kind.name, 0)
    return {"type": "link", "link": name, "back": back, "kinds": list(kinds), "most": most}


def _raw(
    name: str, columns: Mapping[str, Sequence[object]], table: Table, edits: Mapping[str, Edit]
) -> list[Raw]:
    """What is written in a column's cells; nothing where none is written in."""
    count = len(table.rows)
    if not edits:
        return [None] * count
    if name in columns:
        return [_plain(each) for each in columns[name]]
    place = [column.name for column in table.columns].index(name)
    return [row[place].text or None for row in table.rows]


def _plain(value: object) -> Raw:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return str(value)


def _titled(
    raw: Mapping[str, list[Raw]], edits: Mapping[str, Mapping[str, Edit]], graph: Graph
) -> dict[str, list[Raw]]:
    """Refs of link cells together with the titles they go by."""
    linked = {n for n, each in edits.items() if any(e["type"] == "link" for e in each.values())}
    refs = {ref for name in linked for cell in raw[name] for ref in _texts(cell)}
    titles = titles_of(graph, refs)
    return {
        name: [[[ref, titles.get(ref) or ref] for ref in _texts(cell)] for cell in cells]
        if name in linked
        else cells
        for name, cells in raw.items()
    }


def _texts(cell: Raw) -> Iterator[str]:
    for each in cell if isinstance(cell, list) else ():
        if isinstance(each, str):
            yield each
