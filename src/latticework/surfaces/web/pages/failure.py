"""The page that says what went wrong."""

from __future__ import annotations

from collections.abc import Iterable

from latticework.base.findings import Finding
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.site import Site


def failure(
    site: Site, look: Look, *, title: str, findings: Iterable[Finding], status: int
) -> Answer:
    """What went wrong and what to do, in the design of the rest."""
    calm = Look(path="/", theme=look.theme, density=look.density)
    sight = site.sight(calm)
    values = site.frame(calm, sight, title=title, findings=tuple(findings), current=look.path)
    return Answer(body=draw("pages/failure.html", values), status=status)
