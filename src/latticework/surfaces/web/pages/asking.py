"""The page that asks: a box for the query, its findings, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused
from latticework.base.times import day_of
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.examples import LANGUAGE, examples
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled_table
from latticework.views.ask import plain_words, table_of
from latticework.views.blocks import (
    Align,
    Column,
    Table,
    cell,
)

if TYPE_CHECKING:
    from latticework.model.model import Model
    from latticework.query.rows import Rows
    from latticework.views.sight import Sight

PAGE = 50
LONGEST = 20_000
"""Longer questions are cut where they are shown, never where they are asked."""

Alternates = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sorted:
    """A column's heading: where it sorts to, and how it is sorted now."""

    href: str = ""
    order: str = ""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Which rows of how many are here, and where the others are."""

    first: int
    last: int
    total: int
    before: str
    after: str


@dataclass(frozen=True)
class Piece:
    """A part of the query's text; `wrong` where a finding points at it."""

    text: str
    wrong: bool = False


@route("/ask")
def ask_page(site: Site, look: Look, _: Given) -> Answer:
    """The query box, then rows, or findings with the words that they mean."""
    sight = site.sight(look)
    text = look.find("q")
    values = site.frame(
        look,
        sight,
        title="Ask",
        question=text,
        current="/ask",
        examples=examples(sight.graph),
        language=LANGUAGE,
        alternates=ask_alternates(look, text),
        found=None,
        findings=(),
        pieces=(),
    )
    if not text:
        return Answer(body=draw("pages/ask.html", values))
    try:
        return Answer(body=draw("pages/ask.html", {**values, **answered(sight, look, text)}))
    except Refused as refused:
        shown = {"findings": refused.findings, "pieces": pieces_of(text, refused.findings)}
        return Answer(body=draw("pages/ask.html", {**values, **shown}), status=400)


def answered(sight: Sight, look: Look, text: str) -> dict[str, object]:
    """Rows of a query as a table with its sort links and pages.

    Raises Refused with what is wrong in the text.
    """
    from latticework.query.ask import ask
    from latticework.query.explain import explain

    graph = sight.graph
    rows = ask(graph, text)
    page = _page_number(look)
    first = min((page - 1) * PAGE, max(len(rows) - 1, 0) // PAGE * PAGE)
    table = titled_table(table_of(graph, rows, most=PAGE, skip=first), graph)
    names = [column.name for column in table.columns]
    return {
        "found": rows,
        "table": table,
        "groups": None if rows.groups is None else groups_table(rows.groups.to_dicts()),
        "sorts": sorts_of(text, names, rows.columns, graph.model, look),
        "pages": _pages(rows, first, look),
        "explained": explain(graph.model, text, today=day_of(sight.now, sight.zone)),
    }


def groups_table(groups: Sequence[Mapping[str, object]]) -> Table:
    """A row per group with its count and sums."""
    names = list(groups[0]) if groups else []
    columns = (
        Column(name, align=Align.RIGHT if place else Align.LEFT) for place, name in enumerate(names)
    )
    rows = (tuple(cell(plain_words(each[name])) for name in names) for each in groups)
    return Table(columns=tuple(columns), rows=tuple(rows), title="Groups")


def ask_alternates(look: Look, text: str) -> Alternates:
    """The same rows for programs."""
    if not text:
        return ()
    return (
        (look.to("/api/ask", q=text), "application/json"),
        (look.to("/api/ask.csv", q=text), "text/csv"),
    )


def pieces_of(text: str, findings: Iterable[Finding]) -> tuple[Piece, ...]:
    """The text in parts, so that those that findings point at can be marked."""
    text = text[:LONGEST]
    wrong = [False] * len(text)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for place in (each.place for each in findings):
        if place.column and place.line < len(starts):
            offset = starts[max(place.line, 1) - 1] + place.column - 1
            end = max(offset + (place.end - place.column if place.end else 1), offset + 1)
            wrong[offset:end] = [True] * len(wrong[offset:end])
    pieces: list[Piece] = []
    for char, is_wrong in zip(text, wrong, strict=True):
        if pieces and pieces[-1].wrong == is_wrong:
            pieces[-1] = Piece(pieces[-1].text + char, is_wrong)
        else:
            pieces.append(Piece(char, is_wrong))
    return tuple(pieces)


def sorts_of(
    text: str, shown: Sequence[str], columns: Sequence[str], model: Model, look: Look
) -> tuple[Sorted, ...]:
    """For each column, the same question sorted by it: once up, then down."""
    from latticework.query.ast import Name, Operand, Order
    from latticework.query.format import format_query
    from latticework.query.parse import parse
    from latticework.query.words import vocabulary_of

    words = vocabulary_of(model)
    query = parse(text, words)
    fixed = len(columns) - len(query.show)
    operands: dict[str, Operand] = {name: Name(name) for name in ("title", "stage")}
    operands |= {name: each.what for name, each in zip(columns[fixed:], query.show, strict=True)}

    def heading(name: str) -> Sorted:
        if name not in operands or query.group is not None:
            return Sorted()
        rising, falling = Order(operands[name]), Order(operands[name], descending=True)
        now = next(iter(query.sort), None)
        order = {rising: "ascending", falling: "descending"}.get(now, "") if now else ""
        wanted = falling if order == "ascending" else rising
        asked = format_query(replace(query, sort=(wanted,)), words)
        return Sorted(look.to("/ask", q=asked), order)

    return tuple(heading(name) for name in shown)


def _page_number(look: Look) -> int:
    text = look.find("page")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _pages(rows: Rows, first: int, look: Look) -> Pages:
    page = first // PAGE + 1
    last = min(first + PAGE, len(rows))
    return Pages(
        first=first + 1 if len(rows) else 0,
        last=last,
        total=len(rows),
        before=look.here(page=page - 1) if first else "",
        after=look.here(page=page + 1) if last < len(rows) else "",
    )
