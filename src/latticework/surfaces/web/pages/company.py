"""The first page: the company as a canvas of its families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Severity
from latticework.base.times import Instant
from latticework.model.model import Family, Kind
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import date_words, draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.examples import examples
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site, kind_path, rule_names
from latticework.surfaces.web.titles import titled_feed
from latticework.views.blocks import Feed
from latticework.views.catalogue import views
from latticework.views.wording import ago, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

ASKS = {
    Family.CONTEXT: "What is so, whatever we plan.",
    Family.INTENT: "What we want to be different.",
    Family.COLLABORATION: "How people are arranged, and how they meet.",
    Family.INVESTMENT: "Where time and money go.",
    Family.CHANGE: "How the way we work changes.",
    Family.VOICES: "What people say, each for themselves.",
}
FEED_LINES = 12
MOST_SUMS = 8
GAP = 0.6
"""Between two pieces of a stage bar, in percent of its width."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The share of one stage category in a kind's bar, in percent."""

    category: str
    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class KindCard:
    """A kind on the canvas."""

    path: str
    many: str
    count: int
    touched: str
    bars: tuple[Piece, ...]
    stages_told: str


@dataclass(frozen=True, kw_only=True)
class FamilyCard:
    """A family on the canvas, with the question that it answers."""

    name: str
    asks: str
    kinds: tuple[KindCard, ...]


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Findings of one code, counted; what the first of them says stands for all."""

    code: str
    severity: str
    says: str
    count: int


@route("/")
def company_page(site: Site, look: Look, _: Given) -> Answer:
    """Families and kinds with counts, the latest entries, what to look at."""
    sight = site.sight(look)
    found = sight.findings()
    sums = sums_of(found, sight.graph)
    feed = titled_feed(_feed(sight), sight.graph)
    values = site.frame(
        look,
        sight,
        opening=_opening(sight, feed),
        canvas=canvas_of(sight.graph, sight.now),
        feed=feed,
        sums=sums[:MOST_SUMS],
        sums_left=sum(each.count for each in sums[MOST_SUMS:]),
        hints=_hints(sight.graph, look),
        alternates=((look.to("/api/views/kinds"), "application/json"),),
    )
    return Answer(body=draw("pages/company.html", values))


def canvas_of(graph: Graph, now: Instant) -> tuple[FamilyCard, ...]:
    """Every declared kind in its family; families without kinds are left out.

    Distances in time are those from the moment that is read.
    """
    read = min(graph.moment.valid, now)
    cards = {family: list[KindCard]() for family in Family}
    for kind in graph.model.kinds:
        touched = graph.touched_by_kind.get(kind.name)
        cards[kind.family].append(_card(graph, kind, "" if touched is None else ago(touched, read)))
    return tuple(
        FamilyCard(name=family.value, asks=ASKS[family], kinds=tuple(kinds))
        for family, kinds in cards.items()
        if kinds
    )


def stage_counts(graph: Graph, kind: Kind) -> dict[tuple[str, str], int]:
    """How many things stand in each stage, by its word and category, in order."""
    if not kind.stages:
        return {}
    words = dict(graph.stage_words(graph.ids_of(kind.name)).value_counts().iter_rows())
    listed = {(each.name, each.category): words.pop(each.name, 0) for each in kind.stages}
    return {**listed, **{(word or "", ""): count for word, count in words.items()}}


def pieces_of(counts: Mapping[tuple[str, str], int]) -> tuple[Piece, ...]:
    """A bar whose pieces are as wide as stages are full; equal neighbours join."""
    whole = sum(counts.values())
    joined: list[tuple[str, int]] = []
    for (_, category), count in counts.items():
        if joined and joined[-1][0] == category:
            joined[-1] = (category, joined[-1][1] + count)
        elif count:
            joined.append((category, count))
    pieces, x = [], 0.0
    for category, count in joined:
        share = 100 * count / whole
        pieces.append(
            Piece(category=category, x=round(x, 2), width=round(max(share - GAP, 0.4), 2))
        )
        x += share
    return tuple(pieces)


def sums_of(found: Iterable[Finding], graph: Graph) -> tuple[Sum, ...]:
    """Findings by code, worst and most frequent first."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for each in found:
        groups.setdefault((each.severity, each.code), []).append(each)
    names = rule_names(graph.model)
    ordered = sorted(groups.items(), key=lambda item: (-item[0][0], -len(item[1]), item[0][1]))
    return tuple(
        Sum(
            code=code,
            severity=severity.word,
            says=names.get(code) or group[0].says,
            count=len(group),
        )
        for (severity, code), group in ordered
    )


def _card(graph: Graph, kind: Kind, touched: str) -> KindCard:
    counts = stage_counts(graph, kind)
    told = ", ".join(
        f"{count:,} {word or 'without a stage'}" for (word, _), count in counts.items() if count
    )
    return KindCard(
        path=kind_path(kind.name),
        many=kind.many or kind.name,
        count=len(graph.ids_of(kind.name)),
        touched=touched,
        bars=pieces_of(counts),
        stages_told=told,
    )


def _feed(sight: Sight) -> Feed:
    page = views()["feed"].build(sight)
    found = next((block for block in page.blocks if isinstance(block, Feed)), None)
    if found is None:
        return Feed(lines=(), now=sight.now, title="Latest", empty=("Nothing is recorded yet.",))
    return Feed(
        lines=found.lines[:FEED_LINES],
        now=sight.now,
        title="Latest",
        empty=found.empty or ("Nothing is recorded yet.",),
    )


def _opening(sight: Sight, feed: Feed) -> str:
    """The company in two sentences: how much there is, who touched it last."""
    graph = sight.graph
    alive = int(graph.alive.sum())
    if not alive:
        return "Nothing is recorded at this moment: the words are declared, the things are to come."
    used = sum(1 for kind in graph.model.kinds if len(graph.ids_of(kind.name)))
    edges = sum(len(graph.adjacency(link.name).sources) for link in graph.model.links)
    said = (
        f"{many(alive, 'thing')} of {many(used, 'kind')}, with {many(edges, 'link')} between them."
    )
    if not feed.lines:
        return said
    last = feed.lines[0]
    who = f" by {last.who}" if last.who else ""
    why = f", because “{last.why}”" if last.why else ""
    return f"{said} Last changed on {date_words(last.valid)}{who}{why}."


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A first step: where it leads, and what for."""

    text: str
    says: str
    href: str = ""


def _hints(graph: Graph, look: Look) -> Sequence[Hint]:
    """First questions, or first commands where there is nothing to ask."""
    if not graph.alive.any():
        return (
            Hint(text="latticework import RECIPE", says="Bring in work from where it lives."),
            Hint(text="latticework model preview", says="See what a change of words would do."),
        )
    chosen = examples(graph, 4)
    return tuple(
        Hint(text=each.query, says=each.says, href=look.to("/ask", q=each.query)) for each in chosen
    )
