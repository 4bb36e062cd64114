"""What the palette offers of a company; for the islands."""

from __future__ import annotations

from latticework.surfaces.web.answer import Answer, json_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.navigation import places
from latticework.surfaces.web.pages.view import OWN_PAGES
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views


@route("/palette.json")
def palette_rows(site: Site, look: Look, _: Given) -> Answer:
    """Views that have no place of their own in the navigation, and kept questions."""
    model = site.sight(look).graph.model
    elsewhere = {place.path.rpartition("/")[2] for place in places()} | set(OWN_PAGES)
    listed = [
        {"name": name, "says": view.summary, "href": look.to(f"/views/{name}")}
        for name, view in views().items()
        if name not in elsewhere
    ]
    kept = [
        {
            "name": each.name,
            "asks": each.asks,
            "says": each.decides or each.omits,
            "href": look.to("/ask", q=each.asks),
        }
        for each in model.views
    ]
    return json_of({"views": listed, "questions": kept})
