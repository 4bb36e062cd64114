"""The page that asks: a box for the query, its findings, its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.base.times import day_of
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.cells import head_html, rows_html
from latticework.surfaces.web.columns import NEST, headings_of, layout_of, offered_columns
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.grid import grid_of
from latticework.surfaces.web.lens import TABLE, lens_of, seen_in
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.examples import LANGUAGE, examples
from latticework.surfaces.web.routes import Given, go, route
from latticework.surfaces.web.sections import Laid, heads_of, laid, lines_of, without
from latticework.surfaces.web.site import Site, kind_paths
from latticework.surfaces.web.titles import titled_table
from latticework.views.ask import table_of
from latticework.views.blocks import Table
from latticework.views.wording import many

if TYPE_CHECKING:
    from latticework.model.model import Model
    from latticework.query.ast import Operand, Query
    from latticework.query.plan import Plan
    from latticework.query.rows import Rows
    from latticework.views.sight import Sight

PAGE = 50
_SOME_DAY = date(2000, 1, 1)
"""Where only columns are looked up, no day of a query matters."""

Alternates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Which rows of how many are here, and where the others are."""

    first: int
    last: int
    total: int
    before: str
    after: str


@route("/ask")
def ask_page(site: Site, look: Look, _: Given) -> Answer:
    """The query box, then rows, or findings with the words that they mean."""
    from latticework.views.lens.worded import headed

    sight = site.sight(look)
    text = look.find("q")
    values = site.frame(
        look,
        sight,
        title=headed(text, sight.graph) or "Ask",
        question=text,
        current="/ask",
        examples=examples(sight.graph) if not text else (),
        language=LANGUAGE,
        alternates=ask_alternates(look, text),
        found=None,
        needs=("asker", "grid"),
    )
    if not text:
        lens = lens_of(site, look, sight, TABLE, text, chosen=layout_of(look))
        return Answer(body=draw("pages/ask.html", {**values, "lens": lens}))
    try:
        shown = answered(sight, look, text)
    except Refused as refused:
        wrong = lens_of(
            site, look, sight, TABLE, text, chosen=layout_of(look), findings=refused.findings
        )
        return Answer(body=draw("pages/ask.html", {**values, "lens": wrong}), status=400)
    count = shown.pop("count")
    lens = lens_of(site, look, sight, TABLE, text, chosen=layout_of(look), count=str(count))
    return Answer(body=draw("pages/ask.html", {**values, **shown, "lens": lens}))


@route("/ask/with")
def ask_with(site: Site, look: Look, _: Given) -> Answer:
    """The same question with a column sorted, grouped, moved, hidden or added."""
    from latticework.query.format import format_query
    from latticework.query.parse import parse
    from latticework.query.words import vocabulary_of

    model = site.sight(look).graph.model
    words = vocabulary_of(model)
    query = parse(look.find("q"), words)
    asked = format_query(_reshaped(query, look, model), words)
    return go(seen_in(look, TABLE, asked, layout_of(look)))


def _reshaped(query: Query, look: Look, model: Model) -> Query:
    """The query as the address wants it; itself where that says nothing."""
    from latticework.query import reshape

    do = look.find("do")
    if do == "columns":
        listed = ", ".join(value for name, value in look.query if name == "show" and value)
        return reshape.shown_with(query, _operands(listed, model))
    what = _operand_named(query, look.find("column"), model)
    if what is None:
        return query
    match do:
        case "group":
            return reshape.grouped_by(query, what)
        case "ungroup":
            return reshape.grouped_by(query, None)
        case "left" | "right":
            return reshape.moved(query, what, -1 if do == "left" else 1)
        case "hide":
            return reshape.without(query, what)
        case "up" | "down" | "also-up" | "also-down" | "none":
            return reshape.sorted_by(query, what, do)
    return query


def _operand_named(query: Query, name: str, model: Model) -> Operand | None:
    from latticework.query.reshape import FIXED, operands_of
    from latticework.query.resolve import resolve

    plan = resolve(query, model, today=_SOME_DAY)
    shown = (*((plan.group,) if plan.group else ()), *plan.show)
    columns = tuple(dict.fromkeys((*FIXED, *(each.label for each in shown))))
    return operands_of(query, columns).get(name)


def _operands(listed: str, model: Model) -> tuple[Operand, ...]:
    """What a list of columns names, as a query would show it."""
    from latticework.query.parse import parse
    from latticework.query.words import vocabulary_of

    if not listed:
        return ()
    return tuple(each.what for each in parse(f"any show {listed}", vocabulary_of(model)).show)


def answered(
    sight: Sight,
    look: Look,
    text: str,
    *,
    first: int | None = None,
    most: int = PAGE,
    headed: bool = True,
) -> dict[str, object]:
    """Rows of a query as a table to write in, with its headings and pages.

    Groups have their headings among the rows where these are `headed`.

    Raises Refused with what is wrong in the text.
    """
    from latticework.query.ask import ask
    from latticework.query.explain import explain
    from latticework.query.parse import parse
    from latticework.query.words import vocabulary_of

    graph = sight.graph
    day = day_of(sight.now, sight.zone)
    found = ask(graph, text)
    graph = graph.at(found.moment)
    query = parse(text, vocabulary_of(graph.model))
    plan = found.plan or _plan(query, graph.model)
    lies = laid(graph, found, plan, look.find(NEST))
    rows = lies.rows
    if first is None:
        first = min((_page_number(look) - 1) * most, max(len(rows) - 1, 0) // most * most)
    table = titled_table(table_of(graph, rows, most=most, skip=first), graph)
    table = without(table, lies.hidden) if lies.hidden else table
    names = [column.name for column in table.columns]
    grid = grid_of(graph, plan, rows, table, first=first)
    pages = _pages(rows, first, most, look)
    return {
        "found": rows,
        "table": table,
        "lies": lies,
        "sections": _sections(lies, table, look),
        "drawn_rows": rows_html(
            table,
            grid.refs,
            look,
            first=first,
            kind_paths=kind_paths(graph.model),
            heads=heads_of(lies.sections, first, most) if headed else {},
            lines=lines_of(lies, first, most),
        ),
        "nests": _nests(lies, look),
        "headings": headings_of(query, text, names, rows.columns, look),
        "offered": offered_columns(graph.model, query, names),
        "pages": pages,
        "count": many(len(found), "row") + (f" of {rows.total:,}" if rows.limited else ""),
        "explained": explain(sight.graph.model, text, today=day, plan=found.plan),
        "grid": grid,
        "fixed": bool(look.at or look.known or query.at or query.known),
        "text": text,
    }


def _plan(query: Query, model: Model) -> Plan:
    from latticework.query.resolve import resolve

    return resolve(query, model, today=_SOME_DAY)


def _sections(lies: Laid, table: Table, look: Look) -> list[dict[str, object]]:
    """The headings of groups, for the island."""
    return [
        {
            "first": each.first,
            "count": each.count,
            "key": each.key,
            "html": head_html(each, table.columns, look),
        }
        for each in lies.sections
    ]


def _nests(lies: Laid, look: Look) -> tuple[tuple[str, str, bool], ...]:
    """Along what rows may hang below one another: the phrase, the address, whether they do."""
    if not lies.nests:
        return ()
    plain = ("not at all", look.here(nest="", page=""), not lies.nest)
    each = ((word, look.here(nest=word, page=""), word == lies.nest) for word in lies.nests)
    return (plain, *each)


def ask_alternates(look: Look, text: str) -> Alternates:
    """The same rows for programs."""
    if not text:
        return ()
    return (
        (look.to("/api/ask", q=text), "application/json"),
        (look.to("/api/ask.csv", q=text), "text/csv"),
    )


def _page_number(look: Look) -> int:
    text = look.find("page")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _pages(rows: Rows, first: int, most: int, look: Look) -> Pages:
    page = first // most + 1
    last = min(first + most, len(rows))
    return Pages(
        first=first + 1 if len(rows) else 0,
        last=last,
        total=len(rows),
        before=look.here(page=page - 1) if first else "",
        after=look.here(page=page + 1) if last < len(rows) else "",
    )
