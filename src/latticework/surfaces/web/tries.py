"""What an empty view may begin with: choices that this company can make, in its own words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from latticework.model.model import Family, Kind, Link
from latticework.surfaces.web.navigation import named_days

if TYPE_CHECKING:
    from datetime import date

    from latticework.graph.graph import Graph
    from latticework.surfaces.web.look import Look

MOST = 4
_ADDED_UP = ("money", "number", "duration")


@dataclass(frozen=True, kw_only=True)
class Try:
    """One way to begin, and where it leads."""

    says: str
    href: str


def tries_of(lacking: Collection[str], graph: Graph, look: Look, today: date) -> tuple[Try, ...]:
    """A few ways to begin a view that lacks these parameters; none where nothing is known."""
    if "field" in lacking:
        return tuple(islice(_sums(graph, look), MOST))
    if "since" in lacking:
        return tuple(islice(_plans(graph, look, today), MOST))
    return ()


def _by_count(graph: Graph) -> list[Kind]:
    counts = {kind.name: len(graph.ids_of(kind.name)) for kind in graph.model.kinds}
    used = [kind for kind in graph.model.kinds if counts[kind.name]]
    return sorted(used, key=lambda kind: -counts[kind.name])


def _sums(graph: Graph, look: Look) -> Iterator[Try]:
    """Each figure along each phrase by which things hang below others, what is shared first."""
    pairs = {
        (_ADDED_UP.index(field.type), _fitness(link), field.name, link.back)
        for kind in _by_count(graph)
        for field in kind.fields
        if field.type in _ADDED_UP
        for link in graph.model.links_from(kind.name)
        if link.back
    }
    for _, _, field, back in sorted(pairs):
        href = look.to(look.path, field=field, along=f"{back}+")
        yield Try(says=f"{field} along {back}", href=href)


def _fitness(link: Link) -> int:
    """How well a link tells what hangs below what; the less, the better."""
    if "share" in link.carries_by_name:
        return 0
    return 1 if link.shape in {"acyclic", "tree"} else 2


def _plans(graph: Graph, look: Look, today: date) -> Iterator[Try]:
    """What was planned on each of a few days, of what most things are of."""
    staged = [each for each in _by_count(graph) if each.stages]
    planned = sorted(staged, key=lambda each: each.family is not Family.INTENT)
    for day in named_days(today, graph.model.moments)[-3:]:
        for kind in planned[:2]:
            since = day.at or day.day.isoformat()
            href = look.to(look.path, since=since, query=kind.name)
            yield Try(says=f"{kind.many or kind.name} since {day.name.lower()}", href=href)
