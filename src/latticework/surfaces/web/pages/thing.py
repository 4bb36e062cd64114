"""The page of one thing: read it, edit it in place, link it, talk about it."""

from __future__ import annotations

from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.look import Look, path_of
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.thing import find_or_say, thing_answer


@route("/thing/{kind:str}/{slug:path}")
def thing_page(site: Site, look: Look, given: Given) -> Answer:
    """Everything about one thing; a former ref leads to it too."""
    graph = site.sight(look).graph
    ref = f"{given['kind']}/{given['slug'].removeprefix('/')}"
    present = str(graph.ref_of(find_or_say(site.sight(look), ref)))
    if present != ref:
        more = {name: look.find(name) for name in ("peek", "did") if look.find(name)}
        address = look.to(path_of(present), **more)
        return Answer(body="", status=302, headers={"location": address})
    return thing_answer(site, look, ref)
