"""Trees grown along links from a graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.model.model import Link, Model
from latticework.views.blocks import Span, Tone, Twig
from latticework.views.things import Thing, ids, things

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids


@dataclass(frozen=True, slots=True)
class Way:
    """A link and the direction in which it is followed."""

    link: Link
    back: bool = False

    @property
    def phrase(self) -> str:
        """How the step reads."""
        return (self.link.back or f"← {self.link.name}") if self.back else self.link.name


def way_of(model: Model, phrase: str) -> Way:
    """The step that a phrase means; raises Refused (VIEW005) for another."""
    fold = phrase.strip().casefold()
    for link in model.links:
        if fold in {word.casefold() for word in (link.name, *link.words, *link.was)}:
            return Way(link)
    for link in model.links:
        if link.back and fold == link.back.casefold():
            return Way(link, back=True)
    raise Refused([_unknown_phrase(model, phrase)])


def next_of(graph: Graph, node: int, way: Way) -> Ids:
    """The things that one step leads to."""
    adjacency = graph.adjacency(way.link.name)
    return adjacency.sources_of(node) if way.back else adjacency.targets_of(node)


@dataclass
class Grower:
    """Grows twigs; each thing is drawn in full once, then marked `again`.

    `depth` bounds the steps and `most` the twigs; 0 is no bound. `named` says
    each step's phrase, which a tree along several phrases needs.
    """

    graph: Graph
    ways: Sequence[Way]
    depth: int = 0
    most: int = 0
    named: bool = False
    seen: set[int] = field(default_factory=set)
    rows: list[dict[str, object]] = field(default_factory=list)

    def grow(self, roots: Iterable[int]) -> tuple[Twig, ...]:
        """Twigs of the roots and of all that can be reached."""
        found = [int(each) for each in roots]
        return self._twigs([(None, each) for each in found], 0, "")

    def below(self, root: int) -> tuple[Twig, ...]:
        """Twigs of what the root leads to, without the root itself."""
        self.seen.add(root)
        return self._twigs(self._next(root), 1, str(self.graph.ref_of(root)))

    def _twigs(
        self, steps: Sequence[tuple[Way | None, int]], level: int, parent: str
    ) -> tuple[Twig, ...]:
        room = max(self.most - len(self.rows), 0) if self.most else len(steps)
        shown = steps[:room]
        named = things(self.graph, ids([node for _, node in shown]))
        twigs = tuple(
            self._twig(way, node, each, level=level, parent=parent)
            for (way, node), each in zip(shown, named, strict=True)
        )
        rest = len(steps) - len(shown)
        more = (Twig(spans=(Span(f"and {rest:,} more", tone=Tone.DIM),)),) if rest else ()
        return (*twigs, *more)

    def _twig(self, way: Way | None, node: int, each: Thing, *, level: int, parent: str) -> Twig:
        self.rows.append(_row(self.graph, each, way, level, parent))
        phrase = (Span(f"{way.phrase}  ", tone=Tone.DIM),) if way and self.named else ()
        spans = (*phrase, *each.spans)
        steps = self._next(node)
        if node in self.seen:
            return Twig(spans=spans, again=True)
        if self.depth and level >= self.depth and steps:
            return Twig(spans=spans, more=len(steps))
        self.seen.add(node)
        return Twig(spans=spans, twigs=self._twigs(steps, level + 1, each.ref))

    def _next(self, node: int) -> list[tuple[Way | None, int]]:
        return [(way, int(each)) for way in self.ways for each in next_of(self.graph, node, way)]


def _row(graph: Graph, each: Thing, way: Way | None, level: int, parent: str) -> dict[str, object]:
    return {
        "ref": each.ref,
        "kind": each.ref.partition("/")[0],
        "title": each.title,
        "stage": each.stage,
        "level": level,
        "link": way.phrase if way else "",
        "under": parent,
    }


def _unknown_phrase(model: Model, phrase: str) -> Finding:
    every = [word for link in model.links for word in (link.name, link.back) if word]
    hint = did_you_mean(phrase, every, otherwise=f"links here: {', '.join(every[:12])}")
    return error("VIEW005", f"no link reads '{phrase}'", hint=hint, value=phrase)
