"""The page of one kind: what it is, where its things stand, all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import error
from latticework.base.near import did_you_mean
from latticework.model.model import Kind, Model
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.asking import answered, ask_alternates
from latticework.surfaces.web.pages.company import pieces_of, stage_counts
from latticework.surfaces.web.pages.examples import about_kind
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site, kind_path
from latticework.views.wording import dotted

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST_COLUMNS = 5
_LONG = frozenset({"text", "url"})


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A stage, how many things are in it, and the question for them."""

    word: str
    category: str
    count: int
    href: str
    chosen: bool


@route("/kinds/{kind:str}")
def kind_page(site: Site, look: Look, given: Given) -> Answer:
    """Things of a kind in a table, by stage where one is chosen."""
    sight = site.sight(look)
    graph = sight.graph
    kind = kind_of(graph.model, given["kind"])
    counts = stage_counts(graph, kind)
    text = query_of(kind, graph, look.find("stage"))
    values = site.frame(
        look,
        sight,
        title=(kind.many or kind.name).capitalize(),
        kind=kind,
        facts=dotted(
            kind.family.value,
            f"is a {', '.join(kind.provides)}" if kind.provides else "",
            f"once {', '.join(kind.was)}" if kind.was else "",
            f"to be looked at every {kind.refresh}" if kind.refresh else "",
            f"in use until {kind.expires}" if kind.expires else "",
        ),
        chips=_chips(counts, look),
        bars=pieces_of(counts) if sum(counts.values()) else (),
        query=text,
        examples=about_kind(graph, kind),
        none_yet=not len(graph.ids_of(kind.name)),
        current=kind_path(kind.name),
        alternates=ask_alternates(look, text),
        needs=("grid",),
    )
    return Answer(body=draw("pages/kind.html", {**values, **answered(sight, look, text)}))


def kind_of(model: Model, word: str) -> Kind:
    """The kind that a word of the address means; raises NotThere without one."""
    found = model.find_kind(word)
    if found is None:
        hint = did_you_mean(word, model.kinds_by_name, otherwise="the list on the left has all")
        says = f"there is no kind '{word}' at this moment"
        raise NotThere(error("WEB001", says, hint=hint, value=word))
    return found


def query_of(kind: Kind, graph: Graph, stage: str) -> str:
    """The question whose rows the page shows: stage, main fields, the first link."""
    fields = sorted(kind.fields, key=lambda each: each.type in _LONG)
    shown = ["stage"] if kind.stages else []
    shown += [each.name for each in fields if not each.many and each.name != kind.stage_field]
    links = _links_in_use(graph, kind)
    columns = [*shown[: MOST_COLUMNS - min(len(links), 2)], *links[:2]]
    where = f' where stage is "{stage}"' if stage and kind.find_stage(stage) else ""
    shows = f" show {', '.join(columns)}" if columns else ""
    return f"{kind.name}{where}{shows}"


def _links_in_use(graph: Graph, kind: Kind) -> list[str]:
    """Links that things of the kind have, the most frequent first."""
    ids = graph.ids_of(kind.name)
    counts = {}
    for link in graph.model.links_from(kind.name):
        starts = graph.adjacency(link.name).indptr
        counts[link.name] = int((starts[ids + 1] - starts[ids]).sum())
    return sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])


def _chips(counts: dict[tuple[str, str], int], look: Look) -> tuple[Chip, ...]:
    chosen = look.find("stage")
    return tuple(
        Chip(
            word=word,
            category=category,
            count=count,
            chosen=word == chosen,
            href=look.here(stage="" if word == chosen else word, page=""),
        )
        for (word, category), count in counts.items()
        if word and (count or word == chosen)
    )
