"""An outline grown along one link: breadth first, bounded, every parent told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from latticework.query.plan import LinkStep
from latticework.query.walk import Neighbours, backward, forward, reached
from latticework.views.blocks import Span, Tone, Twig
from latticework.views.things import Thing, things
from latticework.views.walk import Way

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.query.truth import Ints, Longs, Mask

FAN = 50
"""Children of one thing that are drawn at once."""

_NAMED = 3


@dataclass
class Outline:
    """What is drawn below some roots: `most` lines at most, `depth` steps at most; 0 is all.

    A thing with several parents is drawn below each of them, with what hangs
    below it at its first place only.
    """

    graph: Graph
    way: Way
    depth: int = 0
    most: int = 0
    children: dict[int, list[int]] = field(default_factory=dict)
    hidden: dict[int, int] = field(default_factory=dict)
    named: dict[int, Thing] = field(default_factory=dict)
    parents: dict[int, list[int]] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    _drawn: set[int] = field(default_factory=set)

    def grow(self, roots: Ints) -> tuple[Twig, ...]:
        """The twigs of the roots and of what hangs below them."""
        busy = bool(self._below.degrees(roots).any())
        shown = roots[: max(self.most // 2, 1) if busy else self.most] if self.most else roots
        self._widen(shown, (self.most or 1 << 60) - len(shown))
        self._name(shown)
        twigs = tuple(self._twig(int(each), None, 0) for each in shown)
        rest = len(roots) - len(shown)
        more = (Twig(spans=(Span(f"and {rest:,} more", tone=Tone.DIM),)),) if rest else ()
        return (*twigs, *more)

    @property
    def refs(self) -> frozenset[str]:
        """The refs of everything drawn."""
        return frozenset(each.ref for each in self.named.values())

    @property
    def _step(self) -> LinkStep:
        return LinkStep(self.way.phrase, ((self.way.link.name, self.way.back),))

    @property
    def _below(self) -> Neighbours:
        return forward(self.graph, self._step)[0]

    def _widen(self, roots: Ints, room: int) -> None:
        """Level by level, what each thing leads to, as long as there is room."""
        frontier: Longs = np.unique(roots).astype(np.int64)
        level = 0
        while len(frontier):
            places, targets = self._below.pairs(frontier)
            counts = np.bincount(places, minlength=len(frontier))
            stop = bool(self.depth) and level >= self.depth
            within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
            keep = (within < _share(counts, room)) & (not stop)
            keep &= np.cumsum(keep) <= room
            room -= int(keep.sum())
            kept = np.bincount(places[keep], minlength=len(frontier))
            for node, total, drawn in zip(
                frontier.tolist(), counts.tolist(), kept.tolist(), strict=True
            ):
                self.children[node] = []
                if total > drawn:
                    self.hidden[node] = total - drawn
            for place, target in zip(places[keep].tolist(), targets[keep].tolist(), strict=True):
                self.children[int(frontier[place])].append(target)
            fresh = np.unique(targets[keep]).astype(np.int64)
            frontier = fresh[[each not in self.children for each in fresh.tolist()]]
            level += 1

    def _name(self, roots: Ints) -> None:
        """Titles and parents of everything drawn, each read in one go."""
        nodes = np.unique(
            np.concatenate(
                [roots, *(np.asarray(c, dtype=np.int64) for c in self.children.values())]
            )
        ).astype(np.int32)
        places, above = backward(self.graph, self._step)[0].pairs(nodes)
        for place, parent in zip(places.tolist(), above.tolist(), strict=True):
            self.parents.setdefault(int(nodes[place]), []).append(parent)
        others = {each for found in self.parents.values() if len(found) > 1 for each in found}
        every = np.unique(np.concatenate([nodes, np.asarray(sorted(others), dtype=np.int32)]))
        named = dict(zip(every.tolist(), things(self.graph, every), strict=True))
        self.named = {node: named[node] for node in nodes.tolist()}
        self._titles = {node: each.title or each.ref for node, each in named.items()}
        self._refs = {node: each.ref for node, each in named.items()}

    def _twig(self, node: int, parent: int | None, level: int) -> Twig:
        each = self.named[node]
        self._note(each, parent, level)
        also = self._also(node, parent)
        children = self.children.get(node, [])
        if node in self._drawn and (children or self.hidden.get(node)):
            return Twig(spans=each.spans, ref=each.ref, also=also, again=True)
        again = node in self._drawn
        self._drawn.add(node)
        return Twig(
            spans=each.spans,
            ref=each.ref,
            also=also,
            again=again,
            twigs=tuple(self._twig(child, node, level + 1) for child in children),
            more=self.hidden.get(node, 0),
        )

    def _also(self, node: int, parent: int | None) -> tuple[Span, ...]:
        """The other parents, a few by name."""
        found = self.parents.get(node, [])
        others = [each for each in found if each != parent]
        if parent is None or not others:
            return ()
        spans = [Span(self._titles[each], ref=self._refs[each]) for each in others[:_NAMED]]
        rest = len(others) - len(spans)
        return (*spans, *((Span(f"{rest:,} more"),) if rest else ()))

    def _note(self, each: Thing, parent: int | None, level: int) -> None:
        self.rows.append(
            {
                "ref": each.ref,
                "kind": each.ref.partition("/")[0],
                "title": each.title,
                "stage": each.stage,
                "level": level,
                "link": self.way.phrase if parent is not None else "",
                "under": self._refs[parent] if parent is not None else "",
            }
        )


def _share(counts: Longs, room: int) -> int:
    """How many children each of some parents may have, so that all find room."""
    for share in range(min(FAN, int(counts.max(initial=0))), 1, -1):
        if int(np.minimum(counts, share).sum()) <= room:
            return share
    return 1


def tops_of(graph: Graph, roots: Ints, way: Way) -> Ints:
    """Roots that no other root leads to by any number of steps.

    Of those that only lead to each other, all are kept.
    """
    above = np.unique(roots)
    tops = above[~_below(graph, above, way)[above]]
    covered = _below(graph, tops, way)
    covered[tops] = True
    circles = above[~covered[above]]
    kept = np.concatenate([tops, circles])
    return roots[np.isin(roots, kept)]


def _below(graph: Graph, nodes: Ints, way: Way) -> Mask:
    """What one or more steps lead to."""
    starts = np.zeros(graph.size, dtype=np.bool_)
    starts[nodes] = True
    step = LinkStep(way.phrase, ((way.link.name, way.back),), repeat="+")
    return reached(graph, (step,), starts).copy()


def busiest(graph: Graph, ways: Iterable[Way], roots: Ints) -> Way | None:
    """The step that leads from the roots to the most things; None where none leads on."""
    found: Way | None = None
    most = 0
    for way in ways:
        step = LinkStep(way.phrase, ((way.link.name, way.back),))
        count = int(forward(graph, step)[0].degrees(roots).sum())
        if count > most:
            found, most = way, count
    return found
