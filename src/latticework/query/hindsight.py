"""Words of another day: what a question's unknown words meant, or will mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from latticework.base.findings import Finding
from latticework.base.times import BEGINNING, day_of, zone_of
from latticework.graph.graph import Graph
from latticework.graph.log import DeclaredModel
from latticework.model.model import Model
from latticework.query.extent import Lookup

_LOST = "nothing of the day asked about became it"


def with_hindsight(findings: Iterable[Finding], graph: Graph) -> tuple[Finding, ...]:
    """Findings about unknown words, with what other models of the company say.

    A word that the model of the graph's moment lacks may be one of another
    day's model; then the hint says what the moment calls it, if anything.
    """
    if not any(each.number <= graph.number for each in graph.log.models):
        return tuple(replace(each, hint=_too_early(graph)) for each in findings)
    return tuple(_recalled(each, graph) for each in findings)


def _too_early(graph: Graph) -> str:
    """What to say where the moment knows no word of the company at all."""
    if not len(graph.log.known_at):
        return "nothing was recorded yet"
    began = day_of(int(graph.log.known_at[0]), zone_of("UTC"))
    return f"nothing was known yet by then: the journal begins on {began}"


def _recalled(found: Finding, graph: Graph) -> Finding:
    others = [each for each in graph.log.models if each.model != graph.model]
    latest = sorted(others, key=lambda each: (each.valid, each.number), reverse=True)
    for each in latest:
        name = _find_name(each.model, found)
        if name is None:
            continue
        then = _name_then(graph, found.code, each, name)
        if then and then.casefold() == found.value.casefold():
            continue
        says = f"'{found.value}' is a word of the model {_since(each, graph.model)}"
        meant = f"on the day asked about, say '{then}'" if then else _LOST
        return replace(found, hint=f"{says}; {meant}")
    return found


def _find_name(model: Model, found: Finding) -> str | None:
    """The name in a model of what a finding's word means there, if it knows it."""
    lookup, word = Lookup(model), found.value
    match found.code:
        case "QUERY010":
            extent = lookup.find_extent(word)
            return extent.word if extent else None
        case "QUERY012":
            step = lookup.find_step(word)
            return step.ways[0][0] if step else None
        case "QUERY011":
            fold = word.casefold()
            names = (each.name for kind in model.kinds for each in kind.fields)
            return next((name for name in names if name.casefold() == fold), None)
    return None


def _name_then(graph: Graph, code: str, other: DeclaredModel, name: str) -> str | None:
    """What the graph's own model calls it, by way of former names."""
    words = graph.words
    start = next(at for at, each in enumerate(words.models) if each is other.model)
    match code:
        case "QUERY010":
            return words.kinds.from_to(name, start, words.present)
        case "QUERY012":
            return words.links.from_to(name, start, words.present)
    for kind in other.model.kinds:
        if name in kind.fields_by_name:
            then = words.kinds.from_to(kind.name, start, words.present)
            field = words.fields(then).from_to(name, start, words.present) if then else None
            if field:
                return field
    return None


def _since(each: DeclaredModel, model: Model) -> str:
    if each.valid <= BEGINNING:
        return "that held before"
    return f"since {day_of(each.valid, zone_of(model.zone or 'UTC'))}"
