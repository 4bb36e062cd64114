"""The rows of every page for programs, as JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from latticework.base.findings import error
from latticework.base.times import FOREVER, Instant, format_instant
from latticework.surfaces.data import csv_lines, to_json
from latticework.surfaces.web.answer import CSV, JSON, Answer, NotThere
from latticework.surfaces.web.look import MOMENT_PARAMS, Look
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views
from latticework.views.wording import listed

if TYPE_CHECKING:
    from latticework.views.page import Page
    from latticework.views.sight import Sight

Given = Mapping[str, str]
Respond = Callable[[Site, Look, Given], Answer]

_CSV_ENDING = ".csv"


def _index(_site: Site, look: Look, _: Given) -> Answer:
    """Every address of the interface."""
    found = {
        name: {"says": view.summary, "json": f"/api/views/{name}", "csv": f"/api/views/{name}.csv"}
        for name, view in views().items()
    }
    asks = {"says": "Rows of a query.", "json": "/api/ask?q=", "csv": "/api/ask.csv?q="}
    moment = {"at": "a day or an instant", "known": "the same", "branch": "a branch"}
    return _json({"ask": asks, "views": found, "with": moment, "thing": "/api/thing/KIND/SLUG"})


def _view(site: Site, look: Look, given: Given) -> Answer:
    """Rows of any view; `.csv` after its name gives them as CSV."""
    name = given["name"]
    known = {key: value for key, value in look.query if key not in MOMENT_PARAMS}
    return _rows(site, look, name.removesuffix(_CSV_ENDING), known, csv=name.endswith(_CSV_ENDING))


def _ask(site: Site, look: Look, _: Given) -> Answer:
    return _rows(site, look, "ask", _asked(look), csv=False)


def _ask_csv(site: Site, look: Look, _: Given) -> Answer:
    return _rows(site, look, "ask", _asked(look), csv=True)


def _thing(site: Site, look: Look, given: Given) -> Answer:
    """One thing as an object; its links and history in it."""
    sight = site.sight(look)
    ref = f"{given['kind']}/{given['slug'].removeprefix('/')}"
    if sight.graph.find(ref) is None:
        hint = "ask for it at /api/ask?q="
        raise NotThere(error("VIEW003", f"no thing '{ref}'", hint=hint, value=ref))
    page = views()["thing"].build(sight, {"ref": ref})
    return _json({**_moment(sight), "thing": next(iter(page.data), {})})


def _asked(look: Look) -> dict[str, str]:
    return {"query": look.find("q")}


def _rows(site: Site, look: Look, name: str, chosen: Mapping[str, str], *, csv: bool) -> Answer:
    view = views().get(name)
    if view is None:
        hint = f"the views are: {listed(views())}"
        raise NotThere(error("WEB001", f"no view is called '{name}'", hint=hint, value=name))
    sight = site.sight(look)
    page = view.build(sight, chosen)
    if csv:
        return _csv(page, name)
    rows = list(page.data)
    whole = {**_moment(sight), "title": page.title, "count": len(rows), **_total(page)}
    return _json({**whole, "rows": rows})


def _total(page: Page) -> dict[str, object]:
    """How many rows there are without the query's own limit."""
    total = getattr(page.data, "total", None)
    return {} if total is None else {"total": total}


def _moment(sight: Sight) -> dict[str, object]:
    moment = sight.graph.moment
    return {
        "valid": _when(moment.valid),
        "known": _when(moment.known),
        "entry": sight.graph.head,
        "branch": sight.branch,
    }


def _when(instant: Instant) -> str | None:
    return None if instant >= FOREVER else format_instant(instant)


def _json(value: object) -> Answer:
    return Answer(body=to_json(value, indent=1) + "\n", type=JSON)


def _csv(page: Page, name: str) -> Answer:
    body = "\r\n".join([*csv_lines(page.data), ""])
    return Answer(
        body=body, type=CSV, headers={"content-disposition": f'attachment; filename="{name}.csv"'}
    )


PATHS: dict[str, Respond] = {
    "/api": _index,
    "/api/ask": _ask,
    "/api/ask.csv": _ask_csv,
    "/api/thing/{kind:str}/{slug:path}": _thing,
    "/api/views/{name:str}": _view,
}
