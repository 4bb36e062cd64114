"""View: lineage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.model.model import Family, Link, Model, Shape
from latticework.views.blocks import Tree
from latticework.views.page import Page, param, view
from latticework.views.things import Thing, id_of, ids, things
from latticework.views.visuals import Block
from latticework.views.walk import Grower, Way, next_of, way_of
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

WHY_DEPTH = 4
WHY_ROWS = 12
BECAUSE_DEPTH = 2
TRAILS = 4
MOST_TRAILS = 40
TRAIL_STEPS = 6
_RISING = frozenset({Shape.ACYCLIC, Shape.TREE})


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    ref: str = param(
        "", "The thing: its ref, a former ref, or its title.", position=1, required=True
    )
    links: str = param("", "Only these links, with commas between.")
    depth: int = param(3, "How many steps each way; 0 is all.")
    rows: int = param(60, "How many lines to draw each way; 0 is all.")


@view(Params)
def lineage(graph: Graph, params: Params) -> Page:
    """Why does this exist, and what exists because of it?

    Upwards stands what the thing's own links lead to, and so on; downwards
    what leads to it. A thing met a second time is named and not opened again.
    """
    root = id_of(graph, params.ref)
    about = things(graph, ids([root]))[0]
    words = [word for word in params.links.split(",") if word.strip()]
    links = [way_of(graph.model, word).link for word in words] or list(graph.model.links)
    up = Grower(
        graph, [Way(each) for each in links], depth=params.depth, most=params.rows, named=True
    )
    down = Grower(
        graph, [Way(each, True) for each in links], depth=params.depth, most=params.rows, named=True
    )
    above, below = up.below(root), down.below(root)
    blocks: tuple[Block, ...] = (
        Tree(title="Leads to", twigs=above, empty=_NOTHING_ABOVE),
        Tree(title="Is led to by", twigs=below, empty=_NOTHING_BELOW),
    )
    counts = (f"{many(len(up.rows), 'line')} up", f"{many(len(down.rows), 'line')} down")
    rows = [
        *({**row, "direction": "up"} for row in up.rows),
        *({**row, "direction": "down"} for row in down.rows),
    ]
    title = about.title or about.ref
    return Page(
        title=title, ref="", subtitle=dotted(about.ref, *counts), blocks=blocks, data=tuple(rows)
    )


def why_of(graph: Graph, node: int) -> Iterator[Tree]:
    """What a thing is for, over several steps; nothing where one step tells it all.

    Followed are links that lead to intent or context: what a thing is owned by
    or made of is no reason for it.
    """
    ways = [Way(each) for each in graph.model.links if _gives_reasons(graph.model, each)]
    twigs = Grower(graph, ways, depth=WHY_DEPTH, most=WHY_ROWS, named=True).below(node)
    if any(twig.twigs for twig in twigs):
        yield Tree(title="Why it exists", twigs=twigs)


def because_of(graph: Graph, node: int) -> Iterator[Tree]:
    """What is there because of a thing, over a few steps: `why_of` read downwards."""
    ways = [Way(each, back=True) for each in graph.model.links if _gives_reasons(graph.model, each)]
    twigs = Grower(graph, ways, depth=BECAUSE_DEPTH, most=WHY_ROWS, named=True).below(node)
    if twigs:
        yield Tree(title="What serves it", twigs=twigs)


def trails_of(
    graph: Graph, node: int, most: int = TRAILS
) -> tuple[tuple[tuple[Thing, ...], ...], int]:
    """The ways up from a thing, each from the top down, and how many are left out.

    A thing with several parents has several trails; a circle is walked once.
    """
    links = [each for each in graph.model.links if _gives_reasons(graph.model, each)]
    ways = [Way(each) for each in links if each.shape in _RISING]
    trails: list[list[int]] = []
    left = 0
    for trail in _risen(graph, ways, (node,)):
        if len(trails) < most:
            trails.append(trail)
        else:
            left += 1
        if left >= MOST_TRAILS:
            break
    named = tuple(things(graph, ids(trail)) for trail in trails if trail)
    return named, left


def _risen(graph: Graph, ways: Sequence[Way], walked: tuple[int, ...]) -> Iterator[list[int]]:
    """Every way up from the last thing walked, without the first, from the top down."""
    above = dict.fromkeys(
        int(each) for way in ways for each in next_of(graph, walked[-1], way)[:MOST_TRAILS]
    )
    fresh = [each for each in above if each not in walked]
    if not fresh or len(walked) > TRAIL_STEPS:
        yield list(walked[:0:-1])
        return
    for each in fresh:
        yield from _risen(graph, ways, (*walked, each))


def _gives_reasons(model: Model, link: Link) -> bool:
    targets = {kind for end in link.ends for word in end.targets for kind in model.end_kinds(word)}
    families = {model.kinds_by_name[kind].family for kind in targets}
    return bool(families) and families <= {Family.INTENT, Family.CONTEXT}


_NOTHING_ABOVE = (
    "It leads to nothing: nobody said why it exists.",
    "Say so with: latticework connect REF serves OTHER",
)
_NOTHING_BELOW = ("Nothing leads to it yet.",)
