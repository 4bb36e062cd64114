"""View: tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.views.blocks import Tree
from latticework.views.page import Page, param, view
from latticework.views.things import id_of, unknown_kind
from latticework.views.walk import Grower, Way, next_of, way_of
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    start: str = param("", "A kind or an interface, or one ref.", position=1, required=True)
    link: str = param("", "The phrase to follow, either way round.", position=2)
    depth: int = param(0, "How many steps down; 0 is all.")
    rows: int = param(200, "How many lines to draw; 0 is all.")


@view(Params)
def tree(graph: Graph, params: Params) -> Page:
    """What hangs below what, along one link?

    Below each thing stands what the phrase leads to, any number of steps.
    Without a phrase the one that joins most things is taken.

      latticework tree pillar 'is served by'
      latticework tree team/payments 'is part of'
    """
    roots, kinds = _roots(graph, params.start)
    way = way_of(graph.model, params.link) if params.link else _busiest(graph, kinds, roots)
    if len(roots) > 1:
        roots = _tops(graph, roots, way)
    grower = Grower(graph, (way,), depth=params.depth, most=params.rows)
    twigs = grower.grow(roots)
    empty = (
        f"There is no {params.start} at this moment.",
        "latticework kinds says what there is.",
    )
    return Page(
        title=f"{params.start} {way.phrase}",
        subtitle=dotted(
            many(len(roots), "root"), many(len({row["ref"] for row in grower.rows}), "thing")
        ),
        blocks=(Tree(twigs=twigs, empty=empty),),
        data=tuple(grower.rows),
    )


def _roots(graph: Graph, start: str) -> tuple[list[int], tuple[str, ...]]:
    if "/" in start or not start:
        found = id_of(graph, start)
        return [found], (str(graph.ref_of(found)).partition("/")[0],)
    kinds = tuple(each.name for each in graph.model.kinds_of(start))
    if not kinds and start != "any":
        raise Refused([unknown_kind(graph.model, start)])
    return graph.ids_of(start).tolist(), kinds


def _tops(graph: Graph, roots: list[int], way: Way) -> list[int]:
    """Roots that no other root leads to; all of them where that leaves none."""
    wanted = set(roots)
    below = {int(each) for root in roots for each in next_of(graph, root, way) if each != root}
    tops = [each for each in roots if each not in below]
    return tops if wanted - below else roots


def _busiest(graph: Graph, kinds: tuple[str, ...], roots: list[int]) -> Way:
    """The step that leads from the roots to the most things."""
    links = graph.model.links
    ways = [Way(link, back=back) for link in links for back in (True, False)]
    counts = [sum(len(next_of(graph, each, way)) for each in roots) for way in ways]
    if not counts or not max(counts):
        says = f"no link joins a {' or '.join(kinds) or 'thing'} to anything"
        raise Refused([error("VIEW006", says, hint="connect some with: latticework connect")])
    return ways[counts.index(max(counts))]
