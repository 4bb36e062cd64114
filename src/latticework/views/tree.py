"""View: tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.views.blocks import Tree
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import id_of, ids, unknown_kind
from latticework.views.walk import Way, way_of
from latticework.views.wording import ASK_OTHERWISE, dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.model.model import Model
    from latticework.views.things import Ids


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    start: str = param("", "A kind or an interface, or one ref.", position=1, rare=True)
    link: str = param("", "The phrase to follow, either way round.", position=2, offers="links")
    query: str = param("", "A question in the query language, in place of a start.")
    depth: int = param(0, "How many steps down; 0 is all.", rare=True)
    rows: int = param(200, "How many lines to draw; 0 is all.", rare=True)


@sight_view(Params)
def tree(sight: Sight, params: Params) -> Page:
    """What hangs below what, along one link?

    Below each thing stands what the phrase leads to, any number of steps. A
    thing with several parents stands below each of them and names the others.
    Without a phrase the one that joins most things is taken.

      latticework tree pillar 'is served by'
      latticework tree team/payments 'is part of'
      latticework tree --query 'goal where health is stuck' --link 'is served by'
    """
    from latticework.views.lens.outline import Outline, tops_of
    from latticework.views.lens.worded import headed

    graph, about, roots = _begin(sight, params)
    if params.query and not len(roots):
        empty = ("Nothing answers this query, so nothing hangs below it.", *ASK_OTHERWISE)
        title = headed(about, graph)
        return Page(title=title, blocks=(Tree(twigs=(), empty=empty),), query=about)
    way = way_of(graph.model, params.link) if params.link else _busiest(graph, about, roots)
    if len(roots) > 1:
        roots = tops_of(graph, roots, way)
    outline = Outline(graph, way, depth=params.depth, most=params.rows)
    twigs = outline.grow(roots)
    block = Tree(
        twigs=twigs,
        phrase=way.phrase,
        link=way.link.name,
        back=way.back,
        refs=outline.refs,
        empty=(f"There is no {about} at this moment.", "latticework kinds says what there is."),
    )
    return Page(
        title=f"{headed(about, graph)}, and what {'it' if '/' in about else 'each'} {way.phrase}",
        subtitle=dotted(
            many(len(roots), "root"), many(len({row["ref"] for row in outline.rows}), "thing")
        ),
        blocks=(block,),
        data=tuple(outline.rows),
        query=about,
        usual={"link": way.phrase},
    )


def _begin(sight: Sight, params: Params) -> tuple[Graph, str, Ids]:
    """The graph that is read, what is asked about, and the things to begin with."""
    from latticework.views.lens.asked import asked_of, usual_query

    if params.query:
        asked = asked_of(sight, params.query)
        return asked.graph, params.query.strip(), asked.ids
    graph = sight.graph
    start = params.start or usual_query(graph)
    if "/" in start:
        return graph, start, ids([id_of(graph, start)])
    if not graph.model.kinds_of(start) and start != "any":
        raise Refused([unknown_kind(graph.model, start)])
    return graph, start, graph.ids_of(start)


def _busiest(graph: Graph, about: str, roots: Ids) -> Way:
    """The step that leads from the roots to the most things."""
    from latticework.views.lens.outline import busiest

    found = busiest(graph, _ways(graph.model), roots)
    if found is None:
        says = f"no link joins {about} to anything"
        raise Refused([error("VIEW006", says, hint="connect some with: latticework connect")])
    return found


def _ways(model: Model) -> list[Way]:
    return [Way(link, back=back) for link in model.links for back in (True, False)]
