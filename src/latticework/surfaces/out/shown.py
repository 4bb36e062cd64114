"""The page that an address shows, as blocks and rows that can go out in any form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from latticework.base.findings import Refused, error
from latticework.base.refs import Ref
from latticework.surfaces.data import rows_in_turn
from latticework.surfaces.web.answer import NotThere
from latticework.surfaces.web.look import MOMENT_PARAMS, Look
from latticework.views.blocks import Table
from latticework.views.catalogue import views
from latticework.views.page import Page, View

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site
    from latticework.views.sight import Sight

MOST_DRAWN = 2_000
"""Rows of a block that go out in a drawn form; data hold all of them."""

_ASIDE = frozenset({*MOMENT_PARAMS, "page", "saved", "against", "peek", "block"})
"""What an address says that is no choice of a view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page, what a file of it is called, what was asked, and of which moment."""

    page: Page
    stem: str
    asked: str
    sight: Sight


def shown(site: Site, look: Look, path: str) -> Shown:
    """The page that lies at a path, with the query of the look.

    Raises NotThere (OUT001) for what is no view, and Refused for what is wrong
    in the address.
    """
    sight = site.sight(look)
    if path.strip("/") == "sql":
        return _sql(sight, look)
    name, chosen = _view_at(path, look, sight)
    view = views()[name]
    page = view.build(sight, with_all_rows(view, chosen))
    asked = chosen.get("query", "") or chosen.get("ref", "") or path
    stem = "-".join(part for part in (name, Ref(page.ref).slug if page.ref else "") if part)
    return Shown(page=page, stem=stem, asked=asked, sight=sight)


def is_shown(path: str) -> bool:
    """Whether what lies at a path can go out."""
    return path.strip("/") == "sql" or _view_name(path) in views()


def _sql(sight: Sight, look: Look) -> Shown:
    from latticework.analysis.sql.ask import Bounds, run_sql
    from latticework.surfaces.sql import table_of_rows, tables_in

    text = look.find("q")
    rows = run_sql(text, tables_in(sight), Bounds(rows=100_000))
    block = table_of_rows(rows, sight.graph, most=MOST_DRAWN)
    page = Page(title="SQL", subtitle=sight.words, blocks=(block,), data=rows.to_dicts())
    return Shown(page=page, stem="sql", asked=text, sight=sight)


def _view_name(path: str) -> str:
    parts = [unquote(each) for each in path.strip("/").split("/")]
    match parts:
        case [""]:
            return "canvas"
        case ["views", name]:
            return name
        case ["thing", _, *rest] if rest:
            return "thing"
        case ["kinds", _]:
            return "ask"
        case [name]:
            return name
    return ""


def _view_at(path: str, look: Look, sight: Sight) -> tuple[str, dict[str, str]]:
    """The view at a path, and what the address chooses of it."""
    name = _view_name(path)
    if name not in views():
        hint = "views, things, questions and SQL can; open one of them first"
        says = f"what lies at '/{path.strip('/')}' cannot be taken out"
        raise NotThere(error("OUT001", says, hint=hint, value=path))
    given = {key: value for key, value in look.query if value and key not in _ASIDE}
    parts = [unquote(each) for each in path.strip("/").split("/")]
    if name == "ask" and "q" in given:
        given["query"] = given.pop("q")
    if parts[0] == "thing":
        given = {"ref": "/".join(parts[1:])}
    if parts[0] == "kinds":
        given = {"query": _kind_query(parts[1], sight)}
    if name == "diff":
        given = {{"from": "before", "to": "after"}.get(k, k): v for k, v in given.items()}
    return name, given


def _kind_query(word: str, sight: Sight) -> str:
    kind = sight.graph.model.find_kind(word)
    if kind is None:
        says = f"no kind is called '{word}'"
        raise NotThere(error("OUT001", says, hint="see them at /", value=word))
    return kind.many or kind.name


def with_all_rows(view: View, chosen: Mapping[str, object]) -> Mapping[str, object]:
    """As many rows as may go out, where the reader did not say how many."""
    names = {each.name: each for each in view.params if each.type is int}
    if "rows" not in names or "rows" in chosen or view.name in {"map", "timeline", "board"}:
        return chosen
    return {**chosen, "rows": MOST_DRAWN}


def data_of(shown: Shown) -> Iterable[Mapping[str, object]]:
    """The page's rows for programs; those of its tables where it gives none."""
    if next(rows_in_turn(shown.page.data), None) is not None:
        return shown.page.data
    table = next(_tables(shown.page), None)
    return tuple(_rows_of(table)) if table else ()


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Rows with some of their fields alone, read when they are asked for."""

    rows: Iterable[Mapping[str, object]]
    names: frozenset[str]

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        for row in rows_in_turn(self.rows):
            yield {name: value for name, value in row.items() if name in self.names}


def as_drawn(shown: Shown) -> Shown:
    """The same page for those who are to see what it draws, and no field besides.

    Of a table that programs get in the same words all rows go along; of
    anything else what its table says, and no rows where nothing is a table.
    """
    table = next(_tables(shown.page), None)
    if table is None:
        return replace(shown, page=replace(shown.page, data=()))
    names = frozenset(each.name for each in table.columns)
    first = next(rows_in_turn(shown.page.data), {})
    same = table in shown.page.blocks and names <= first.keys()
    data = _Narrowed(shown.page.data, names) if same else tuple(_rows_of(table))
    return replace(shown, page=replace(shown.page, data=data))


def _tables(page: Page) -> Iterator[Table]:
    """The tables of a page, and what its drawings say as tables."""
    for block in page.blocks:
        table = block if isinstance(block, Table) else getattr(block, "table", None)
        if isinstance(table, Table):
            yield table


def _rows_of(table: Table) -> Iterator[Mapping[str, object]]:
    names = [each.name for each in table.columns]
    for row in table.rows:
        yield {name: each.text for name, each in zip(names, row, strict=True)}


def frozen(look: Look, path: str, *, at: str, known: str) -> Look:
    """The look of an address as it was known at an instant, whatever comes later."""
    moment = {"at": look.at or at, "known": look.known or known}
    kept = tuple((key, value) for key, value in look.query if key not in moment)
    return replace(look, path=path, query=(*kept, *moment.items()))


def refuse_nothing(shown: Shown) -> None:
    """Raise Refused (OUT002) where a page has no row to give."""
    if not any(True for _ in data_of(shown)):
        hint = "ask for something that is there"
        raise Refused([error("OUT002", "there is nothing to take out", hint=hint)])
