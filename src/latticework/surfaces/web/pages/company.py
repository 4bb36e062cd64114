"""The first page: the company as a canvas of its families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Severity
from latticework.model.model import Kind
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import date_words, draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.examples import examples
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site, rule_names
from latticework.surfaces.web.titles import titled_feed
from latticework.views.blocks import Feed
from latticework.views.canvas import canvas_of
from latticework.views.canvas import stage_counts as counts_of
from latticework.views.catalogue import views
from latticework.views.wording import many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

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
    canvas = canvas_of(sight)
    feed = titled_feed(_feed(sight), sight.graph)
    values = site.frame(
        look,
        sight,
        opening=_opening(sight, feed),
        canvas=canvas,
        back_then=site.before(look, (canvas,), lambda then: (canvas_of(then),)),
        drawings=((look.to("/out/svg"), "SVG"),) if sight.graph.alive.any() else (),
        needs=("canvas", "feed", "picture"),
        feed=feed,
        sums=sums[:MOST_SUMS],
        sums_left=sum(each.count for each in sums[MOST_SUMS:]),
        hints=_hints(sight.graph, look),
        young=not sight.graph.alive.any() and not look.at,
        alternates=((look.to("/api/views/kinds"), "application/json"),),
    )
    return Answer(body=draw("pages/company.html", values))


def stage_counts(graph: Graph, kind: Kind) -> dict[tuple[str, str], int]:
    """How many things stand in each stage, by its word and category, in order."""
    return {(word, category): count for word, category, count in counts_of(graph, kind)}


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
    """First questions, or first steps where there is nothing to ask."""
    if not graph.alive.any():
        return (
            Hint(
                text="Create the first thing",
                says="Press C anywhere: a goal, a team, whatever is on your mind. Links come later.",
                href=look.to("/create"),
            ),
            Hint(
                text="Bring in work",
                says="A CSV or a sheet, out of a tracker too: drop the file, match its columns.",
                href=look.to("/sources"),
            ),
            Hint(
                text="Make the words your own",
                says="Rename, add and drop kinds, fields and stages at any time.",
                href=look.to("/model"),
            ),
            Hint(
                text="latticework demo DIR",
                says="In a terminal: see a company that is three years old.",
            ),
        )
    chosen = examples(graph, 4)
    return tuple(
        Hint(text=each.query, says=each.says, href=look.to("/ask", q=each.query)) for each in chosen
    )
