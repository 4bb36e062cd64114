"""What the palette offers of a company, and refs for what it creates; for the islands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import TYPE_CHECKING

from latticework.base.refs import Ref, ref_of
from latticework.surfaces.web.answer import Answer, json_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.navigation import places
from latticework.surfaces.web.pages.view import OWN_PAGES
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST_TITLES = 200


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


@route("/free.json")
def free_refs(site: Site, look: Look, _: Given) -> Answer:
    """Refs that name nothing yet, for new things of a kind with these titles."""
    graph = site.workspace.graph(branch=look.branch)
    titles = [value for name, value in look.query if name == "title" and value.strip()]
    refs = refs_for(graph, look.find("kind"), titles[:MOST_TITLES])
    return json_of({"refs": list(refs)})


def refs_for(graph: Graph, kind: str, titles: Iterable[str]) -> Iterator[Ref]:
    """A ref for each title that no thing goes or ever went by, and none twice."""
    given: set[Ref] = set()
    for title in titles:
        names = chain([title], (f"{title[:80]} {number}" for number in count(2)))
        refs = (ref_of(kind, name) for name in names)
        ref = next(each for each in refs if each not in given and graph.find(each) is None)
        given.add(ref)
        yield ref
