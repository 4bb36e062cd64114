"""The page that lists every view, and the company's own kept questions."""

from __future__ import annotations

from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.view import OWN_PAGES
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views


@route("/views")
def views_page(site: Site, look: Look, _: Given) -> Answer:
    """Every view, and the company's own kept questions."""
    sight = site.sight(look)
    listed = [
        (look.to(OWN_PAGES.get(name, f"/views/{name}")), name, view.summary)
        for name, view in views().items()
    ]
    kept = [(look.to("/ask", q=each.asks), each) for each in sight.graph.model.views]
    values = site.frame(look, sight, title="Views", listed=listed, kept=kept)
    return Answer(body=draw("pages/views.html", values))
