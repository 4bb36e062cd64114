"""The links of one thing, both ways, with what each edge carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.views.blocks import Cell, Tone, cell
from latticework.views.things import Thing, ids, things
from latticework.views.wording import listed

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids


@dataclass(frozen=True, slots=True)
class EdgeEnd:
    """The thing at the other end of an edge, and what the edge carries."""

    thing: Thing
    carries: Mapping[str, str]
    dangling: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Title, stage, what the edge carries, and the ref."""
        if self.dangling:
            missing = cell("no such thing", tone=Tone.BAD)
            return (missing, Cell(), self._carried, cell(self.thing.ref, tone=Tone.BAD))
        return (
            self.thing.name_cell,
            self.thing.stage_cell,
            self._carried,
            self.thing.ref_cell,
        )

    @property
    def _carried(self) -> Cell:
        return cell(listed(f"{name} {value}" for name, value in self.carries.items()))

    @property
    def data(self) -> dict[str, object]:
        """The same for machines."""
        plain: dict[str, object] = {"ref": self.thing.ref, "title": self.thing.title}
        if self.thing.stage:
            plain["stage"] = self.thing.stage
        if self.carries:
            plain["carries"] = dict(self.carries)
        if self.dangling:
            plain["dangling"] = True
        return plain


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """A phrase, the first ends that it leads to from one thing, and how many there are.

    `back` tells that the thing is the target of `link`.
    """

    phrase: str
    ends: tuple[EdgeEnd, ...]
    count: int
    link: str = ""
    back: bool = False


def link_ends(graph: Graph, node: int, most: int = 0) -> tuple[LinkEnds, ...]:
    """Every phrase that leads anywhere: forward ones first, as declared.

    At most so many ends of each phrase are read; 0 is all.
    """
    names = graph.link_names()
    forward = [_forward(graph, name, node, most or None) for name in names]
    back = [_back(graph, name, node, most or None) for name in names]
    return tuple(each for each in (*forward, *back) if each.count)


def back_phrase(graph: Graph, link: str) -> str:
    """How a link reads from its target; a mark where the model does not say."""
    declared = graph.model.links_by_name.get(link)
    return (declared.back if declared else "") or f"← {link}"


def _forward(graph: Graph, link: str, node: int, most: int | None) -> LinkEnds:
    adjacency = graph.adjacency(link)
    first, last = int(adjacency.indptr[node]), int(adjacency.indptr[node + 1])
    edges = ids(range(first, last)[:most])
    sources, targets = graph.dangling(link)
    missing = targets[sources == node]
    found = (
        *_ends(graph, link, adjacency.targets[edges], edges),
        *(EdgeEnd(each, {}, dangling=True) for each in _bare(graph, missing[:most])),
    )
    return LinkEnds(link, found[:most], last - first + len(missing), link)


def _back(graph: Graph, link: str, node: int, most: int | None) -> LinkEnds:
    adjacency = graph.adjacency(link)
    first, last = adjacency.back_indptr[node], adjacency.back_indptr[node + 1]
    edges = ids(adjacency.back_edges[first:last][:most].tolist())
    found = _ends(graph, link, adjacency.sources[edges], edges)
    return LinkEnds(back_phrase(graph, link), found, int(last - first), link, back=True)


def _ends(graph: Graph, link: str, others: Ids, edges: Ids) -> tuple[EdgeEnd, ...]:
    if not len(edges):
        return ()
    carried = _carried(graph, link, edges)
    found = zip(things(graph, others), carried, strict=True)
    return tuple(EdgeEnd(each, values) for each, values in found)


def _carried(graph: Graph, link: str, edges: Ids) -> Iterator[dict[str, str]]:
    columns = {
        name: graph.edge_texts(link, name, edges).to_list() for name in graph.edge_fields(link)
    }
    for place in range(len(edges)):
        values = {name: column[place] for name, column in columns.items()}
        yield {
            name: listed(value) if isinstance(value, list) else value
            for name, value in values.items()
            if value
        }


def _bare(graph: Graph, missing: Ids) -> tuple[Thing, ...]:
    return tuple(Thing(ref=str(graph.ref_of(each)), title="") for each in missing.tolist())
