"""View: canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.times import Instant
from latticework.model.model import Family, Kind
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Canvas, Plot
from latticework.views.wording import ago, day_words, dotted, many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from latticework.graph.graph import Graph

ASKS = {
    Family.CONTEXT: "What is so, whatever we plan",
    Family.INTENT: "What we want to be different",
    Family.COLLABORATION: "How people are arranged and meet",
    Family.INVESTMENT: "Where time and money go",
    Family.CHANGE: "How the way we work changes",
    Family.VOICES: "What people say, each for themselves",
}
_EMPTY = (
    "No kind of thing is declared yet.",
    "Say what this company has, wants and does: latticework model show",
)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    unused: bool = param(True, "Also kinds that nothing is of yet.")


@sight_view(Params)
def canvas(sight: Sight, params: Params) -> Page:
    """What is this company, at one glance?

    Each family with the question it answers; in it every kind, how many there
    are, at which stages they stand, and when one of them was last touched.
    """
    block = canvas_of(sight, unused=params.unused)
    plots = [plot for _, _, found in block.families for plot in found]
    total = sum(plot.count for plot in plots)
    used = sum(1 for plot in plots if plot.count)
    return Page(
        title=sight.graph.model.company or "A company",
        subtitle=dotted(many(total, "thing"), f"{many(used, 'kind')} in use"),
        blocks=(block,),
        data=Later(lambda: _records(block, sight)),
    )


def canvas_of(sight: Sight, *, unused: bool = True) -> Canvas:
    """Every declared kind in its family; families without kinds are left out.

    Distances in time are those from the moment that is read.
    """
    graph = sight.graph
    read = min(graph.moment.valid, sight.now)
    plots: dict[Family, list[Plot]] = {family: [] for family in Family}
    for kind in (each for each in graph.model.kinds if not each.aside):
        plot = _plot(graph, kind, read)
        if plot.count or unused:
            plots[kind.family].append(plot)
    families = tuple(
        (family.value, ASKS[family], tuple(found)) for family, found in plots.items() if found
    )
    return Canvas(families=families, now=read, empty=_EMPTY)


def stage_counts(graph: Graph, kind: Kind) -> tuple[tuple[str, str, int], ...]:
    """How many things stand in each stage: its word, its category, the count, in order.

    Words that are no stage of the kind come last, without a category.
    """
    if not kind.stages:
        return ()
    words = dict(graph.stage_words(graph.ids_of(kind.name)).value_counts().iter_rows())
    listed = [(each.name, each.category, words.pop(each.name, 0)) for each in kind.stages]
    return (*listed, *((word or "", "", count) for word, count in words.items()))


def _plot(graph: Graph, kind: Kind, read: Instant) -> Plot:
    touched = graph.touched_by_kind.get(kind.name)
    return Plot(
        kind=kind.name,
        many=kind.many or kind.name,
        count=len(graph.ids_of(kind.name)),
        touched=touched,
        said="" if touched is None else ago(touched, read),
        stages=tuple(each for each in stage_counts(graph, kind) if each[2]),
    )


def _records(block: Canvas, sight: Sight) -> Iterator[dict[str, object]]:
    for family, _, plots in block.families:
        for plot in plots:
            touched = plot.touched
            yield {
                "family": family,
                "kind": plot.kind,
                "things": plot.count,
                "stages": {word: count for word, _, count in plot.stages},
                "last touched": None if touched is None else day_words(touched, sight.zone),
            }
