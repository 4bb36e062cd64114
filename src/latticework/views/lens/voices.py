"""Separate values of the same thing: those of links, or of what a path leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.findings import Finding, Refused, error
from latticework.model.model import Field, Kind, Link
from latticework.query import ast
from latticework.query.cells import Cells, from_typed
from latticework.query.format import format_operand
from latticework.query.plan import LinkStep, Listed
from latticework.query.walk import Neighbours, forward, pairs_of
from latticework.views.lens.asked import Asked

if TYPE_CHECKING:
    from latticework.query.truth import Ids, Longs, Numbers

_NUMERIC = frozenset({"number", "money", "ratio", "duration", "day"})
_TRIED = 12
"""Paths that are tried for the one on which most is said."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Said:
    """Values, each of one of the asked things (`places`) and by one voice.

    `voices` are nodes, -1 where nobody is to be named; `people` tells that they
    are human beings, whom small groups would give away.
    """

    field: Field
    places: Longs
    low: Numbers
    high: Numbers
    voices: Longs
    people: bool


def said_of(asked: Asked, words: str) -> Said:
    """The separate values that words like `confidence of is judged by` name.

    Raises Refused (VIEW037) where they name no numbers at the end of a link.
    """
    operand = asked.operand(words)
    if not isinstance(operand, ast.Over) or operand.field is None:
        raise Refused([_no_values(words)])
    walked = asked.resolver.steps(operand.path, asked.extent)
    asked.resolver.findings.clear()
    carried = _carried(asked, walked[0] if walked else (), operand.field.text)
    if carried is not None:
        return _over_edges(asked, *carried)
    what = asked.measured(operand)
    assert isinstance(what, Listed)
    if what.field is None or not what.field.types <= _NUMERIC:
        raise Refused([_no_values(words)])
    places, nodes = pairs_of(asked.graph, what.steps, asked.ids)
    counts = asked.run.targets(what.steps, what.target, asked.ids).sure[nodes]
    places, nodes = places[counts], nodes[counts].astype(np.int32)
    cells = asked.run.cells(what.field, nodes)
    voices, people = _speakers(asked, nodes)
    return _kept(cells, places, voices, people)


def usual_values(asked: Asked) -> str:
    """The values that most suggest themselves: those of people, else those of links.

    Raises Refused (VIEW037) where no link leads to numbers.
    """
    offers = list(islice(_offers(asked), _TRIED))
    found = max(offers, key=lambda words: _shared(said_of(asked, words)), default="")
    if not found:
        word = asked.extent.word
        hint = (
            "let a link carry a ratio or number, or declare a kind of answer; then of=FIELD of LINK"
        )
        raise Refused([error("VIEW037", f"{word} has no separate values", hint=hint, value=word)])
    return found


def _shared(said: Said) -> int:
    """How many values are not alone."""
    counts = np.bincount(said.places) if len(said.places) else np.zeros(1, dtype=np.int64)
    return int(counts[counts > 1].sum())


def _offers(asked: Asked) -> Iterator[str]:
    """Paths to numbers, those on which most is said first."""
    model = asked.graph.model
    ways = [(link, back) for link in model.links for back in (True, False) if link.back or not back]
    spoken, carried = [], []
    for link, back in ways:
        step = LinkStep("", ((link.name, back),))
        if not set(asked.extent.names) & _beginning(asked, link, back=back):
            continue
        count = int(forward(asked.graph, step)[0].degrees(asked.ids).sum())
        phrase = link.back if back else link.name
        ends = [model.kinds_by_name[each] for each in _ending(asked, link, back=back)]
        fields = [f for kind in ends if _speaker_link(asked, kind) for f in kind.fields]
        spoken += [(count, phrase, each.name) for each in fields if each.type in _NUMERIC]
        carried += [(count, phrase, e.name) for e in link.carries if e.type in _NUMERIC]
    for offers in (spoken, carried):
        for count, phrase, name in sorted(offers, key=lambda each: -each[0]):
            if count:
                path = ast.Path((ast.Step(ast.Name(phrase)),))
                yield format_operand(ast.Over(path, ast.Name(name)), asked.vocabulary)


def _beginning(asked: Asked, link: Link, *, back: bool) -> set[str]:
    return _ending(asked, link, back=not back)


def _ending(asked: Asked, link: Link, *, back: bool) -> set[str]:
    model = asked.graph.model
    words = [w for end in link.ends for w in ((end.source,) if back else end.targets)]
    return {kind for word in words for kind in model.end_kinds(word)}


def _speaker_link(asked: Asked, kind: Kind) -> Link | None:
    """The link from a kind of answer to the people who give it."""
    people = {each.name for each in asked.graph.model.kinds if each.people}
    for link in asked.graph.model.links_from(kind.name):
        forward_most, _ = asked.graph.model.limits_of(link)
        if forward_most.get(kind.name) == 1 and _ending(asked, link, back=False) <= people:
            return link
    return None


def _carried(
    asked: Asked, steps: tuple[LinkStep, ...], name: str
) -> tuple[str, bool, Field] | None:
    """The link, the way and the field, where the edges of one step carry it."""
    if len(steps) != 1 or steps[0].repeat:
        return None
    for link, back in steps[0].ways:
        carries = asked.graph.model.links_by_name[link].carries
        found = next((each for each in carries if each.name.casefold() == name.casefold()), None)
        if found is not None and found.type in _NUMERIC:
            return link, back, found
    return None


def _over_edges(asked: Asked, link: str, back: bool, field: Field) -> Said:
    adjacency = asked.graph.adjacency(link)
    numbers = np.arange(len(adjacency.targets))
    table = (
        Neighbours(adjacency.back_indptr, adjacency.back_edges)
        if back
        else Neighbours(adjacency.indptr, numbers)
    )
    places, edges = table.pairs(asked.ids)
    cells = from_typed(asked.graph.edge_column(link, field.name).take(edges))
    ends = (adjacency.sources if back else adjacency.targets)[edges].astype(np.int64)
    people = _all_people(asked, ends)
    # A number on a link to somebody may be about them: it never bears a name.
    return _kept(cells, places, np.full_like(ends, -1) if people else ends, people)


def _speakers(asked: Asked, nodes: Ids) -> tuple[Longs, bool]:
    """Who gave each answer: the person it names, else the thing itself."""
    graph = asked.graph
    voices = nodes.astype(np.int64)
    if _all_people(asked, voices):
        return voices, True
    kinds = {graph.model.kinds_by_name[each] for each in {graph.kind_of(n) for n in nodes[:1]}}
    link = next((found for kind in kinds if (found := _speaker_link(asked, kind))), None)
    if link is None:
        return voices, False
    step = LinkStep(link.name, ((link.name, False),))
    answers, people = pairs_of(graph, (step,), nodes)
    voices = np.full(len(nodes), -1, dtype=np.int64)
    voices[answers] = people
    return voices, True


def _all_people(asked: Asked, nodes: Longs) -> bool:
    graph = asked.graph
    people = np.array(
        [
            (kind := graph.model.find_kind(name)) is not None and kind.people
            for name in graph.kind_names
        ],
        dtype=np.bool_,
    )
    return bool(len(nodes)) and bool(people[graph.kind_codes[nodes]].all())


def _kept(cells: Cells, places: Longs, voices: Longs, people: bool) -> Said:
    known = cells.present & ~cells.unclear & ~np.isnan(cells.low)
    return Said(
        field=cells.field,
        places=places[known],
        low=cells.low[known],
        high=cells.high[known],
        voices=voices[known],
        people=people,
    )


def _no_values(words: str) -> Finding:
    hint = "write FIELD of LINK, as in: confidence of is judged by"
    return error("VIEW037", f"'{words}' leads to no separate numbers", hint=hint, value=words)
