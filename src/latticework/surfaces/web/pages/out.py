"""Pages taken out: `/out/FORM/` in front of a page's address gives it as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from latticework.surfaces.out.drawing import Drawing
from latticework.surfaces.out.forms import answer_in, form_of
from latticework.surfaces.out.shown import shown
from latticework.surfaces.web.answer import Answer, Flow
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site


@route("/out/{form:str}", "/out/{form:str}/{page:path}")
def out_page(site: Site, look: Look, given: Given) -> Answer | Flow:
    """The page that lies behind the form's word, in that form."""
    form = form_of(given["form"])
    path = "/" + given.get("page", "").strip("/")
    found = shown(site, look, path)
    return answer_in(form, found, replace(look, path=path))


def ways_to(
    drawings: Sequence[Drawing], look: Look, chosen: Mapping[str, str], *, begin: int = 0
) -> tuple[tuple[str, str], ...]:
    """Where the drawings of a page go out, each with what it is called, from one of them on."""
    several = len(drawings) > 1
    return tuple(
        (
            look.to(f"/out/svg{look.path}", **chosen, **({"block": at} if at else {})),
            f"SVG: {each.title or 'drawing'}" if several else "SVG",
        )
        for at, each in enumerate(drawings)
        if at >= begin
    )
