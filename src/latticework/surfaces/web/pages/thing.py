"""The page of one thing: fields, links both ways, lineage, history, findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from latticework.base.findings import Finding, Refused, error
from latticework.model.model import Kind
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look, path_of
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site, kind_path
from latticework.surfaces.web.titles import titled_feed
from latticework.views.blocks import Feed, Fields, Findings
from latticework.views.catalogue import views
from latticework.views.edges import EdgeEnd, link_ends
from latticework.views.things import Thing, ids, things

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.page import Page
    from latticework.views.sight import Sight

ENDS = 24
LINES = 40
MOST_STEPS = 6

B = TypeVar("B")


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What one phrase leads to; `left` counts the ends that are not drawn."""

    phrase: str
    ends: tuple[EdgeEnd, ...]
    left: int


@route("/thing/{kind:str}/{slug:path}")
def thing_page(site: Site, look: Look, given: Given) -> Answer:
    """Everything about one thing; a former ref leads to it too."""
    sight = site.sight(look)
    graph = sight.graph
    ref = f"{given['kind']}/{given['slug'].removeprefix('/')}"
    found = graph.find(ref)
    if found is None:
        raise NotThere(_unknown(sight, ref))
    about = things(graph, ids([found]))[0]
    if about.ref != ref:
        return Answer(body="", status=302, headers={"location": look.thing(about.ref)})
    every = bool(look.find("all"))
    page = _page_of(sight, ref, every=every)
    kind = graph.model.find_kind(graph.kind_of(found))
    values = site.frame(
        look,
        sight,
        title=about.title or about.ref,
        thing=about,
        kind=kind,
        kind_href=look.to(kind_path(kind.name)) if kind else "",
        alive=bool(graph.alive[found]),
        former=[name for name in graph.names_of(found) if name != about.ref],
        lines=lineage_of(graph, found),
        fields=_first(page, Fields),
        phrases=_phrases(graph, found, every=every),
        found=_first(page, Findings),
        histories=_histories(page, graph),
        all_href="" if every else look.here(all="yes"),
        changes_href=look.to("/feed", ref=about.ref),
        current=kind_path(kind.name) if kind else "",
        alternates=((_api(look, about.ref), "application/json"),),
    )
    return Answer(body=draw("pages/thing.html", values))


def lineage_of(graph: Graph, found: int) -> tuple[tuple[Thing, ...], ...]:
    """What a thing hangs on, from the top down: one line for each way up.

    Follows the first link of its kind that allows no circle; a thing with
    several parents has several lines.
    """
    lines: list[list[int]] = []
    for parent in _parents(graph, found):
        line = [parent]
        while len(line) < MOST_STEPS and (above := _parents(graph, line[-1])):
            if above[0] in line:
                break
            line.append(above[0])
        lines.append(line[::-1])
    whole = [line for line in lines if not any(_begins(line, each) for each in lines)]
    return tuple(things(graph, ids(line)) for line in whole)


def _begins(line: list[int], longer: list[int]) -> bool:
    return len(line) < len(longer) and longer[: len(line)] == line


def _parents(graph: Graph, found: int) -> list[int]:
    kind: Kind | None = graph.model.find_kind(graph.kind_of(found))
    if kind is None:
        return []
    for link in graph.model.links_from(kind.name):
        adjacency = graph.adjacency(link.name)
        first, last = adjacency.indptr[found], adjacency.indptr[found + 1]
        if link.shape in {"acyclic", "tree"} and last > first:
            return [int(each) for each in adjacency.targets[first:last][:4]]
    return []


def _page_of(sight: Sight, ref: str, *, every: bool) -> Page:
    return views()["thing"].build(sight, {"ref": ref, "rows": 0 if every else LINES})


def _histories(page: Page, graph: Graph) -> list[Feed]:
    """What is to come and what was; the page itself says how to see all of it."""
    feeds = [block for block in page.blocks if isinstance(block, Feed)]
    return [replace(titled_feed(each, graph), note="") for each in feeds if each.lines]


def _first(page: Page, sort: type[B]) -> B | None:
    return next((block for block in page.blocks if isinstance(block, sort)), None)


def _phrases(graph: Graph, found: int, *, every: bool) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(phrase=each.phrase, ends=each.ends, left=each.count - len(each.ends))
        for each in link_ends(graph, found, 0 if every else ENDS)
    )


def _unknown(sight: Sight, ref: str) -> Finding:
    try:
        views()["thing"].build(sight, {"ref": ref})
    except Refused as refused:
        return refused.findings[0]
    return error("VIEW003", f"no thing '{ref}'", value=ref)


def _api(look: Look, ref: str) -> str:
    return look.to(f"/api{path_of(ref)}")
