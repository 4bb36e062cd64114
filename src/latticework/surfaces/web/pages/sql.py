"""The page that asks in SQL: a statement, its rows, the tables beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from latticework.analysis.sql.ask import Bounds, SqlRows, run_sql
from latticework.analysis.sql.table import SqlTable, quoted
from latticework.base.findings import Refused
from latticework.graph.graph import Graph
from latticework.model.model import Family
from latticework.surfaces.sql import SORTS, cut_words, table_of_rows, tables_in
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.marked import pieces_of
from latticework.surfaces.web.pages.asking import Pages
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site

PAGE = 100
FORMS = (("CSV", "csv"), ("JSON", "json"), ("Excel sheet", "xlsx"), ("Markdown", "md"))


@dataclass(frozen=True, kw_only=True)
class Example:
    """A statement to begin with, and what it tells."""

    text: str
    says: str


@route("/sql")
def sql_page(site: Site, look: Look, _: Given) -> Answer:
    """A statement, then its rows, or findings with the place that they mean."""
    sight = site.sight(look)
    tables = tables_in(sight)
    text = look.find("q")
    values = site.frame(
        look,
        sight,
        title="SQL",
        current="/sql",
        statement=text,
        groups=tuple(_groups(tables)),
        examples=() if text else tuple(_examples(tables, sight.graph)),
        exports=tuple((name, look.to(f"/out/{word}/sql", q=text)) for name, word in FORMS),
        rows=None,
        alternates=_alternates(look, text),
        findings=(),
        pieces=(),
        needs=("sql", "asker"),
    )
    if not text:
        return Answer(body=draw("pages/sql.html", values))
    try:
        rows = run_sql(text, tables, Bounds())
    except Refused as refused:
        pieces = pieces_of(text, refused.findings)
        wrong = {"findings": refused.findings, "pieces": pieces}
        return Answer(body=draw("pages/sql.html", {**values, **wrong}), status=400)
    pages = _pages(rows, look)
    table = table_of_rows(rows, sight.graph, skip=pages.first - 1 if pages.total else 0, most=PAGE)
    # What is left out stands above the table, beside the number of rows.
    table = replace(table, note="")
    shown = {"rows": rows, "table": table, "pages": pages, "left_out": cut_words(rows)}
    return Answer(body=draw("pages/sql.html", {**values, **shown}))


def _alternates(look: Look, text: str) -> tuple[tuple[str, str], ...]:
    """The same rows for programs."""
    if not text:
        return ()
    return (
        (look.to("/out/json/sql", q=text), "application/json"),
        (look.to("/out/csv/sql", q=text), "text/csv"),
    )


def _pages(rows: SqlRows, look: Look) -> Pages:
    """Which of the rows are here, and where the others are."""
    total = len(rows.rows)
    word = look.find("page")
    asked = int(word) if word.isascii() and word.isdigit() and len(word) < 7 else 1
    page = min(max(asked, 1), max(-(-total // PAGE), 1))
    first = (page - 1) * PAGE
    last = min(first + PAGE, total)
    return Pages(
        first=first + 1 if total else 0,
        last=last,
        total=total,
        before=look.here(page=page - 1) if first else "",
        after=look.here(page=page + 1) if last < total else "",
    )


def _groups(tables: Mapping[str, SqlTable]) -> Iterator[tuple[str, tuple[SqlTable, ...]]]:
    """Tables under what they are of."""
    for sort, heading in SORTS.items():
        found = tuple(each for each in tables.values() if each.sort == sort)
        if found:
            yield heading, found


def _examples(tables: Mapping[str, SqlTable], graph: Graph) -> Iterator[Example]:
    """Statements over tables in which this company has something."""
    staged = _fullest(tables, graph, "stage")
    costly = _fullest(tables, graph, "cost_low", "stage")
    links = sorted(graph.model.links, key=lambda each: -len(graph.adjacency(each.name)))
    if costly is not None:
        text = (
            'select stage, count(*) as things, sum(cost_low) as "at least",\n'
            f'       sum(cost_high) as "at most"\nfrom {costly.written}\ngroup by stage'
        )
        yield Example(text=text, says="what it all costs, by stage, as a range")
    elif staged is not None:
        text = f"select stage, count(*) as things\nfrom {staged.written}\ngroup by stage"
        yield Example(text=text, says="how many stand in each stage")
    if links:
        text = (
            f"select target, count(*) as edges\nfrom {quoted(links[0].name)}\n"
            "group by target\norder by edges desc\nlimit 10"
        )
        yield Example(text=text, says=f"to which things most edges of '{links[0].name}' lead")
    if graph.model.readings:
        yield Example(text="select name, figure, says from readings", says="every reading")
    text = (
        "select strftime(known, '%Y-%m') as month, count(*) as entries\n"
        "from history\ngroup by month\norder by month"
    )
    yield Example(text=text, says="how much was recorded, month by month")


def _fullest(tables: Mapping[str, SqlTable], graph: Graph, *names: str) -> SqlTable | None:
    """The kind with most things among those that have these columns; investments first."""
    found = [
        (kind.family is Family.INVESTMENT, len(graph.ids_of(kind.name)), table)
        for table in tables.values()
        if table.sort == "kind" and {*names} <= {each.name for each in table.columns}
        if (kind := graph.model.find_kind(table.name)) is not None
    ]
    return max(found, key=lambda each: each[:2])[2] if found else None
