"""Kept questions: the page that lists them with every view; keeping, changing, dropping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from latticework.base.findings import Finding, Refused, error
from latticework.model.model import SavedView
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.lens import TABLE, is_lens, lenses, seen_in
from latticework.surfaces.web.look import MOMENT_PARAMS, Look
from latticework.surfaces.web.pages.view import OWN_PAGES
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.saved import Kept, drop, keep, kept_view, kept_views
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views

FIELDS = ("name", "whom", "decides", "omits")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A kept question in the list: where it is seen, and how."""

    kept: Kept
    href: str
    lens: str
    change: str


@route("/views")
def views_page(site: Site, look: Look, _: Given) -> Answer:
    """Every view, and the questions that are kept: by the company, by the reader."""
    sight = site.sight(look)
    kept = kept_views(site, look, sight)
    values = site.frame(
        look,
        sight,
        title="Views",
        needs=("asker", "grid"),
        shared=[_line(each, look) for each in kept if each.shared],
        own=[_line(each, look) for each in kept if not each.shared],
        lenses=[
            (look.to(OWN_PAGES.get(each.name, f"/views/{each.name}")), each) for each in lenses()
        ],
        others=[
            (look.to(OWN_PAGES.get(name, f"/views/{name}")), view)
            for name, view in views().items()
            if not is_lens(view)
        ],
    )
    return Answer(body=draw("pages/views.html", values))


@route("/views/save")
def save_page(site: Site, look: Look, _: Given) -> Answer:
    """A form that keeps a question: its name, for whom, the decision, what it leaves out."""
    was = kept_view(site, look, site.sight(look))
    return Answer(body=_drawn(site, look, _asked(look, was), was))


@deed("/do/views/save")
def save_view(site: Site, look: Look, _: Given, form: Form) -> Answer:
    """Keep a question, or keep it otherwise."""
    was = _named(site, look, form.find("was"), shared=form.find("was_shared") == "yes")
    shows = {
        key.removeprefix("with."): value
        for key, value in form.pairs
        if key.startswith("with.") and value
    }
    view = SavedView(
        name=" ".join(form.find("name").split()),
        asks=form.find("asks"),
        lens="" if form.find("lens") == TABLE else form.find("lens"),
        shows=shows,
        **{each: " ".join(form.find(each).split()) for each in FIELDS if each != "name"},
    )
    kept = Kept(view=view, shared=form.find("shared") != "no")
    try:
        keep(site, look, kept, was=was)
    except Refused as refused:
        return Answer(body=_drawn(site, look, kept, was, refused.findings), status=400)
    return go(address_of_kept(kept, look))


@deed("/do/views/drop")
def drop_view(site: Site, look: Look, _: Given, form: Form) -> Answer:
    """Forget a kept question."""
    found = _named(site, look, form.find("name"), shared=form.find("shared") != "no")
    if found is None:
        hint = "see what is kept at /views"
        raise NotThere(error("WEB001", f"no view '{form.find('name')}' is kept", hint=hint))
    drop(site, look, found)
    return go(look.to("/views"))


def address_of_kept(kept: Kept, look: Look) -> str:
    """Where a kept question is seen, in its lens."""
    view = kept.view
    name = view.lens if view.lens in views() else TABLE
    return seen_in(look, name, view.asks, {**view.shows, "saved": view.name})


def _line(kept: Kept, look: Look) -> Line:
    view = kept.view
    change = look.to(
        "/views/save", saved=view.name, lens=view.lens or TABLE, query=view.asks, **view.shows
    )
    return Line(
        kept=kept, href=address_of_kept(kept, look), lens=view.lens or "table", change=change
    )


def _named(site: Site, look: Look, name: str, *, shared: bool) -> Kept | None:
    every = kept_views(site, look, site.sight(look)) if name else ()
    return next((e for e in every if e.view.name == name and e.shared == shared), None)


def _asked(look: Look, was: Kept | None) -> Kept:
    """What the form begins with: what the address asks, and the words it had before."""
    skipped = {*MOMENT_PARAMS, "lens", "query", "saved", "page"}
    shows = {name: value for name, value in look.query if name not in skipped and value}
    found = was.view if was else SavedView(name="", asks="")
    lens = look.find("lens")
    return Kept(
        shared=was.shared if was else True,
        view=SavedView(
            name=found.name,
            asks=look.find("query"),
            whom=found.whom,
            decides=found.decides,
            omits=found.omits,
            lens="" if lens == TABLE else lens,
            shows=shows,
        ),
    )


def _drawn(
    site: Site, look: Look, kept: Kept, was: Kept | None, findings: Iterable[Finding] = ()
) -> str:
    sight = site.sight(look)
    found = tuple(findings)
    by_field: Mapping[str, Finding] = {each.place.field: each for each in found}
    values = site.frame(
        look,
        sight,
        title="Keep this view" if was is None else f"Change “{was.view.name}”",
        needs=("asker", "grid"),
        current="/views",
        kept=kept,
        was=was,
        lens_name=kept.view.lens or "table",
        findings=[each for each in found if not each.place.field],
        by_field=by_field,
    )
    return draw("pages/save_view.html", values)
