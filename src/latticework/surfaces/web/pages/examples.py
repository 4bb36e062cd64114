"""Questions in a company's own words, for people who have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from latticework.model.model import Family, Kind, Link

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST = 8
_ORDER = (Family.INVESTMENT, Family.INTENT, Family.COLLABORATION, Family.CONTEXT)
_ORDERED_TYPES = frozenset({"number", "money", "ratio", "duration", "day"})


@dataclass(frozen=True)
class Example:
    """A query and what it is good for."""

    query: str
    says: str


@dataclass(frozen=True)
class Word:
    """A piece of the language and what it does."""

    form: str
    says: str


LANGUAGE = (
    Word("kind where condition", "things of a kind, an interface, or any"),
    Word("stage is active", "a stage's own word, or its category"),
    Word("field < 40%  ·  field in 2026-Q4", "numbers, money, shares, spans of time, days"),
    Word("field is unknown  ·  is missing  ·  is misfit", "what is not said, or not well"),
    Word("phrase nothing  ·  phrase kind where (…)", "along a link, in either direction"),
    Word("phrase+ kind/slug", "any number of steps"),
    Word("count(phrase) > 3  ·  sum(field of phrase)", "over what a link leads to"),
    Word("changed since 2026-09-30", "what is not as it was"),
    Word("field was word on 2026-03-01", "one condition at another day"),
    Word("possibly condition", "also where a range leaves it open"),
    Word("show …, …  ·  sort by … descending  ·  limit 20", "what to see, in which order"),
    Word("at 2026-03-01  ·  known 2026-03-01", "the whole question at another moment"),
)


def examples(graph: Graph, most: int = MOST) -> tuple[Example, ...]:
    """Questions that have sense here: the kinds in use, with their own links."""
    ranked = sorted(graph.model.kinds, key=lambda kind: _rank(graph, kind))
    used = [kind for kind in ranked if len(graph.ids_of(kind.name))] or ranked
    each = [_about(graph, kind) for kind in used[:4]]
    return tuple(islice(_taking_turns(each), most))


def about_kind(graph: Graph, kind: Kind) -> tuple[Example, ...]:
    """Questions about one kind."""
    return tuple(_about(graph, kind))


def _rank(graph: Graph, kind: Kind) -> tuple[int, int]:
    place = _ORDER.index(kind.family) if kind.family in _ORDER else len(_ORDER)
    return place, -len(graph.ids_of(kind.name))


def _about(graph: Graph, kind: Kind) -> Iterator[Example]:
    model = graph.model
    link = next(model.links_from(kind.name), None)
    back = next((each for each in model.links_to(kind.name) if each.back), None)
    active = next((each.category for each in kind.stages if each.category == "active"), "")
    where = f"stage is {active} and " if active else ""
    if link:
        yield Example(
            f"{kind.name} where {where}{link.name} nothing",
            f"Which {_many(kind)} stand alone",
        )
    yield Example(f"{kind.name} changed since today - 30 days", "What moved in the last month")
    if back:
        yield Example(
            f"{kind.name} where count({back.back}) > 2",
            f"Where much comes together: more than two {_sources(graph, back)}",
        )
    ordered = next((each for each in kind.fields if each.type in _ORDERED_TYPES), None)
    if ordered:
        yield Example(
            f"{kind.name} where {ordered.name} is missing or {ordered.name} is unknown",
            f"Where nobody has said the {ordered.name}",
        )
        yield Example(
            f"{kind.name} show stage, {ordered.name} sort by {ordered.name} descending limit 20"
            if kind.stages
            else f"{kind.name} show {ordered.name} sort by {ordered.name} descending limit 20",
            f"The twenty with the highest {ordered.name}",
        )


def _sources(graph: Graph, link: Link) -> str:
    kind = graph.model.find_kind(link.ends[0].source) if link.ends else None
    return _many(kind) if kind else "things"


def _many(kind: Kind) -> str:
    return kind.many or kind.name


def _taking_turns(each: Iterable[Iterator[Example]]) -> Iterator[Example]:
    """The first of each, then the second of each, and so on."""
    waiting = list(each)
    while waiting:
        for one in tuple(waiting):
            example = next(one, None)
            if example is None:
                waiting.remove(one)
            else:
                yield example
