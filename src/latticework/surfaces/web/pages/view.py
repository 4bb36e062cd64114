"""The page of any view: a form of its parameters, then its blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import day_of
from latticework.model.model import Family, Kind
from latticework.surfaces.out.drawing import drawings_of
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.lens import QUERY, is_lens, lens_of
from latticework.surfaces.web.look import MOMENT_PARAMS, Look
from latticework.surfaces.web.pages.out import ways_to
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled
from latticework.surfaces.web.tries import tries_of
from latticework.views.blocks import Metric
from latticework.views.catalogue import views
from latticework.views.page import Page, Param, View

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

OWN_PAGES = {"ask": "/ask", "diff": "/diff", "thing": "/ask"}
"""Views that have a page of another shape, and where it lies."""

START = "start"

NEEDED = {
    "lineage": ("ref",),
    "thing": ("ref",),
    "ask": ("query",),
    "diff": ("before",),
}
"""What must be chosen before a view has anything to say."""

NOTHING_YET = frozenset({"VIEW006"})
"""Findings that say no more than that nothing is recorded yet."""

NOT_HERE = frozenset(
    {"CURVE001", "FLOW001", "FORECAST001", "FORECAST004", "SCORE001", "VIEW034", "VIEW037"}
)
"""Findings of a sound question whose things have nothing that this view could draw."""

_TREE_FAMILIES = (
    Family.INTENT,
    Family.COLLABORATION,
    Family.CONTEXT,
    Family.INVESTMENT,
    Family.CHANGE,
    Family.VOICES,
)

PLAIN_VIEWS = ("tree", "feed", "lineage")
"""Views that lie at an address of their own besides `/views/…`."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A kind with which a tree may begin."""

    kind: Kind
    count: int
    href: str
    chosen: bool


@route("/views/{name:str}", *(f"/{name}" for name in PLAIN_VIEWS))
def view_page(site: Site, look: Look, given: Given) -> Answer:
    """Any view: a form of its parameters, then its page."""
    name = given.get("name") or look.path.strip("/")
    view = view_of(name)
    sight = site.sight(look)
    chips = starts_of(sight.graph, view, look)
    chosen = {**_first_start(chips, look), **chosen_of(view, look)}
    page, findings = _built(view, sight, chosen)
    # Who has chosen nothing has asked nothing wrong: the page says what to choose.
    wrong = bool(chosen_of(view, look)) and any(
        each.code not in NOTHING_YET | NOT_HERE for each in findings
    )
    taught, findings = ((), findings) if wrong else (findings, ())
    text = chosen.get(QUERY) or page.query
    # What a tree begins with is its question, once it has been drawn.
    others = {each: value for each, value in chosen.items() if each not in {QUERY, START}}
    drawings = drawings_of(page.blocks)
    lacking = lacking_of(view, chosen)
    lens = (
        lens_of(
            site,
            look,
            sight,
            name,
            text,
            chosen=others,
            usual=page.usual,
            findings=findings,
            drawn=bool(drawings),
        )
        if is_lens(view)
        else None
    )
    values = site.frame(
        look,
        sight,
        title=page.title,
        subtitle=page.subtitle,
        chips=chips,
        params=[_field_of(param, chosen) for param in view.params],
        findings=findings,
        taught=taught,
        asks=text,
        back_then=site.before(look, page.blocks, lambda then: _built(view, then, chosen)[0].blocks),
        nothing=any(each.code in NOTHING_YET for each in taught),
        lacking=lacking,
        tries=tries_of(
            {each.name for each in lacking}, sight.graph, look, day_of(sight.now, sight.zone)
        ),
        young=not sight.graph.alive.any() and not look.at,
        metrics=[block for block in page.blocks if isinstance(block, Metric)],
        blocks=[titled(each, sight.graph) for each in page.blocks if not isinstance(each, Metric)],
        alternates=_alternates(look, name, chosen),
        lens=lens,
        drawings=ways_to(drawings, look, chosen, begin=1 if lens else 0),
        needs=("asker", "picture") if lens else ("picture",) if drawings else (),
    )
    return Answer(body=draw("pages/view.html", values), status=400 if wrong else 200)


def _built(view: View, sight: Sight, chosen: Mapping[str, str]) -> tuple[Page, tuple[Finding, ...]]:
    """The view's page; an empty one where a choice is missing or does not fit."""
    empty = Page(title=view.name.capitalize(), subtitle=view.summary, blocks=())
    if lacking_of(view, chosen):
        return empty, ()
    try:
        return view.build(sight, chosen), ()
    except Refused as refused:
        return empty, refused.findings


def lacking_of(view: View, chosen: Mapping[str, str]) -> tuple[Param, ...]:
    """Parameters without which the view has no answer, and that nobody chose."""
    needed = NEEDED.get(view.name, ())
    return tuple(
        each
        for each in view.params
        if (each.required or each.name in needed) and not chosen.get(each.name)
    )


def view_of(name: str) -> View:
    """The view of this name; raises NotThere with the closest ones."""
    found = views().get(name)
    if found is None:
        hint = did_you_mean(name, views(), otherwise="see them all at /views")
        raise NotThere(error("WEB001", f"no view is called '{name}'", hint=hint, value=name))
    return found


def chosen_of(view: View, look: Look) -> dict[str, str]:
    """What the address chooses of a view's parameters; empty ones do not count."""
    names = {param.name for param in view.params}
    return {
        name: value
        for name, value in look.query
        if value and name != "saved" and (name in names or name not in MOMENT_PARAMS)
    }


def starts_of(graph: Graph, view: View, look: Look) -> tuple[Start, ...]:
    """Kinds to begin a tree with, those first to which most leads."""
    if view.name != "tree" or look.find(QUERY):
        return ()
    chosen = look.find(START)
    counted = [
        (kind, len(graph.ids_of(kind.name))) for kind in graph.model.kinds if _leads_on(graph, kind)
    ]
    ordered = sorted(counted, key=lambda each: (_TREE_FAMILIES.index(each[0].family), each[1]))
    return tuple(
        Start(
            kind=kind,
            count=count,
            href=look.here(start=kind.name, link=""),
            chosen=chosen in {kind.name, kind.many},
        )
        for kind, count in ordered
        if count
    )


def _leads_on(graph: Graph, kind: Kind) -> bool:
    """Whether anything could hang below things of this kind."""
    links = graph.model.links_to(kind.name)
    return any(link.shape in {"acyclic", "tree"} and link.back for link in links)


def _first_start(chips: Sequence[Start], look: Look) -> dict[str, str]:
    return {START: chips[0].kind.name} if chips and not look.find(START) else {}


def _field_of(param: Param, chosen: Mapping[str, str]) -> dict[str, object]:
    """A parameter as a field of a form."""
    given = chosen.get(param.name)
    value: object = param.default if given is None else given
    if param.type is bool and given is not None:
        value = given.casefold() in {"yes", "true", "on", "1"}
    sorts = {bool: "flag", int: "number"}
    return {
        "name": param.name,
        "label": param.name.replace("_", " "),
        "says": param.says,
        "hint": "",
        "type": sorts.get(param.type, "text"),
        "value": value,
        "least": param.least,
        "most": param.most,
    }


def _alternates(look: Look, name: str, chosen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The same rows for programs, once there is anything to ask."""
    if any(not chosen.get(each) for each in NEEDED.get(name, ())):
        return ()
    return (
        (look.to(f"/api/views/{name}", **chosen), "application/json"),
        (look.to(f"/api/views/{name}.csv", **chosen), "text/csv"),
    )
