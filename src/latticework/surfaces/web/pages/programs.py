"""The page that tells people what programs may call."""

from __future__ import annotations

from dataclasses import dataclass

from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.api.call import Call, calls
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site

READ, WRITTEN = "Reading", "Writing"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One call; `href` where a browser can open it as it is."""

    call: Call
    href: str


@route("/api")
def programs_page(site: Site, look: Look, _: Given) -> Answer:
    """Every call there is, for people who write programs."""
    parts = {READ: list[Line](), WRITTEN: list[Line]()}
    for each in sorted(calls(), key=lambda each: (each.path, each.method)):
        opens = each.reads and "{" not in each.path and each.path not in NOT_OPENED
        line = Line(call=each, href=each.path if opens else "")
        parts[READ if each.reads else WRITTEN].append(line)
    sight = site.sight(look)
    values = site.frame(look, sight, title="For programs", parts=parts, writable=site.writable)
    return Answer(body=draw("pages/programs.html", values))


NOT_OPENED = frozenset({"/api/ask", "/api/ask.csv", "/api/stream"})
