"""What a new model does to the things there are.

`model/evolve.py` compares words; here its questions are asked of a graph, so
that things, values and edges follow the words that now name them, and so that
a preview can say how many of them each change touches.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count

import numpy as np

from latticework.base.findings import Finding, Place, Refused, Severity, warning
from latticework.base.refs import Ref
from latticework.graph.graph import Graph
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put
from latticework.model.evolve import Alteration, ModelDelta, Part, Sort, What, preview
from latticework.model.model import Model
from latticework.query.ask import ask, parse_for
from latticework.query.resolve import resolve


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One alteration and what stands under its old words today.

    `things` counts nodes of a kind, values of a field or things in a stage;
    `edges` those of a link, or at nodes of a kind. `rules` and `views` name
    the questions that speak of the words.
    """

    alteration: Alteration
    things: int = 0
    edges: int = 0
    rules: tuple[str, ...] = ()
    views: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The alteration, and what it touches."""
        noun = "value" if self.alteration.sort is Sort.FIELD else "thing"
        touched = [
            _several(self.things, noun),
            _several(self.edges, "edge"),
            *(f"rule {code}" for code in self.rules),
            *(f"view {name}" for name in self.views),
        ]
        told = ", ".join(each for each in touched if each)
        return f"{self.alteration} ({told})." if told else f"{self.alteration}."


@dataclass(frozen=True, kw_only=True)
class Reshaping:
    """A model's effect on a graph, and the changes that carry things over."""

    delta: ModelDelta
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def reshape(graph: Graph, new: Model, *, today: date) -> Reshaping:
    """What applying a model to a graph would change, lose and carry over.

    The changes belong in one batch with the declaration of the model.
    """
    delta = preview(graph.model, new)
    effects = tuple(_effect(graph, delta, each) for each in delta.alterations)
    carried: list[Change] = list(_apart(graph, delta))
    findings = list(_counted(delta.findings, effects))
    taken: dict[tuple[Sort, str], set[str]] = {}
    for part in delta.parts:
        try:
            refs = ask(graph, part.query, today=today).to_dicts()
        except Refused as refused:
            findings.extend(_unasked(part, each) for each in refused.findings)
            continue
        # Two parts that both want a thing: the first in the model's order has it.
        seen = taken.setdefault((part.sort, part.old), set())
        fresh = [str(row["ref"]) for row in refs if str(row["ref"]) not in seen]
        seen.update(fresh)
        carried.extend(_carried_over(graph, part, fresh))
    findings.extend(_questions(new, today))
    return Reshaping(delta=delta, effects=effects, changes=tuple(carried), findings=tuple(findings))


# Carrying over -----------------------------------------------------------------------


def _carried_over(graph: Graph, part: Part, refs: Iterable[str]) -> Iterator[Change]:
    """The changes by which things follow a part of an old word."""
    match part.sort:
        case Sort.KIND:
            yield from _moves(graph, part.new, refs)
        case Sort.FIELD:
            ids = np.array([graph.id_of(ref) for ref in refs], dtype=np.int32)
            for node, value in zip(ids.tolist(), graph.values(part.old, ids), strict=True):
                if value is not None:
                    yield Put(graph.ref_of(node), {part.new: value, part.old: None})
        case Sort.STAGE:
            kind = graph.model.kinds_by_name[part.owner]
            for ref in refs:
                yield Put(ref, {kind.stage_field: part.new})
        case Sort.LINK:
            yield from _redrawn(graph, part, set(refs))
        case _:
            return


def _moves(graph: Graph, kind: str, refs: Iterable[str]) -> Iterator[Move]:
    """Things under the new kind, by their own slugs where nobody bears them."""
    borne = {graph.ref_of(node).slug for node in graph.ids_of(kind).tolist()}
    for ref in refs:
        slug = _free_slug(graph, kind, Ref(ref).slug, borne)
        borne.add(slug)
        yield Move(ref, f"{kind}/{slug}")


def _free_slug(graph: Graph, kind: str, slug: str, borne: Container[str]) -> str:
    """The slug, or with a number behind it, that names nothing of this kind yet."""
    slugs = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(
        each for each in slugs if each not in borne and graph.find(f"{kind}/{each}") is None
    )


def _redrawn(graph: Graph, part: Part, sources: set[str]) -> Iterator[Change]:
    """Edges of an old link from these things, drawn as the new one."""
    edges = graph.adjacency(part.old)
    for one, other in zip(edges.sources.tolist(), edges.targets.tolist(), strict=True):
        source, target = str(graph.ref_of(one)), str(graph.ref_of(other))
        if source in sources:
            fields = dict(graph.edge(source, part.old, target) or {})
            yield Disconnect(source, part.old, target)
            yield Connect(source, part.new, target, fields)


def _apart(graph: Graph, delta: ModelDelta) -> Iterator[Move]:
    """Things of kinds that become one, kept apart where their slugs are equal."""
    for name, olds in delta.merged_kinds.items():
        refs = [graph.ref_of(node) for old in olds for node in graph.ids_of(old).tolist()]
        borne = {ref.slug for ref in refs}
        firsts: set[str] = set()
        for ref in refs:
            if ref.slug in firsts:
                slug = _free_slug(graph, name, f"{ref.slug}-{ref.kind}", borne)
                borne.add(slug)
                yield Move(ref, f"{name}/{slug}")
            firsts.add(ref.slug)


# Counting ----------------------------------------------------------------------------


def _effect(graph: Graph, delta: ModelDelta, alteration: Alteration) -> Effect:
    """How much stands under the old words of an alteration, and what asks of them."""
    olds = alteration.was or (alteration.name,)
    rules, views = _speaking(delta.old, alteration, olds)
    effect = Effect(alteration=alteration, rules=rules, views=views)
    match alteration.sort:
        case Sort.KIND:
            known = [each for each in olds if each in delta.old.kinds_by_name]
            ids = [node for each in known for node in graph.ids_of(each).tolist()]
            return replace(effect, things=len(ids), edges=_edges_at(graph, ids))
        case Sort.LINK:
            edges = [graph.adjacency(each) for each in olds if each in delta.old.links_by_name]
            return replace(effect, edges=sum(len(each.sources) for each in edges))
        case Sort.FIELD | Sort.STAGE:
            owners = _owners(delta, alteration)
            return replace(
                effect, things=sum(_said(graph, alteration, kind, olds) for kind in owners)
            )
        case _:
            return effect


def _edges_at(graph: Graph, ids: list[int]) -> int:
    """How many edges begin or end at these nodes."""
    here = np.zeros(graph.size, dtype=np.bool_)
    here[ids] = True
    drawn = (graph.adjacency(link) for link in graph.link_names())
    return sum(int((here[each.sources] | here[each.targets]).sum()) for each in drawn)


def _speaking(
    model: Model, alteration: Alteration, words: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rules and views whose questions hold one of the words."""
    if alteration.what is What.NEW or alteration.sort in {Sort.RULE, Sort.VIEW}:
        return (), ()
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)", re.IGNORECASE
    )
    rules = tuple(each.code for each in model.rules if pattern.search(each.flags))
    views = tuple(each.name for each in model.views if pattern.search(each.asks))
    return rules, views


def _owners(delta: ModelDelta, alteration: Alteration) -> tuple[str, ...]:
    """Old kinds that the alteration's owner was."""
    for each in delta.of(Sort.KIND):
        if each.name == alteration.owner and each.was:
            return each.was
    return (alteration.owner,) if alteration.owner in delta.old.kinds_by_name else ()


def _said(graph: Graph, alteration: Alteration, kind: str, olds: tuple[str, ...]) -> int:
    """Values of fields, or things in stages, of one kind."""
    ids = graph.ids_of(kind)
    if alteration.sort is Sort.STAGE:
        words = graph.stage_words(ids)
        return int(words.is_in(list(olds)).sum())
    known = graph.model.kinds_by_name[kind].fields_by_name
    return sum(len(ids) - graph.texts(each, ids).null_count() for each in olds if each in known)


def _counted(findings: Iterable[Finding], effects: Iterable[Effect]) -> Iterator[Finding]:
    """Findings about what goes, with how much goes out of sight."""
    lost = {
        (each.alteration.owner, each.alteration.name): each.things or each.edges
        for each in effects
        if each.alteration.what is What.GONE
    }
    sights = {f"{owner}.{name}" if owner else name: n for (owner, name), n in lost.items()}
    for each in findings:
        spot = each.says.split("'")[1] if each.code == "EVOLVE001" else ""
        things = sights.get(spot)
        yield replace(each, says=f"{each.says}; it holds {things:,} today") if things else each


# Questions ---------------------------------------------------------------------------


def _questions(model: Model, today: date) -> Iterator[Finding]:
    """Rules, views and conditions of stages that the new words cannot ask."""
    for path, text in _asked(model):
        try:
            resolve(parse_for(model, text), model, today=today, text=text)
        except Refused as refused:
            yield from (_unaskable(model, path, each) for each in refused.findings)


def _asked(model: Model) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every question of a model, with the path of what asks it."""
    for rule in model.rules:
        yield ("rules", rule.code), rule.flags
    for view in model.views:
        yield ("views", view.name), view.asks
    for kind in model.kinds:
        for stage in kind.stages:
            if stage.needs:
                path = ("kinds", kind.name, "stages", stage.name)
                yield path, f"{kind.name} where {stage.needs}"


def _unaskable(model: Model, path: tuple[str, ...], found: Finding) -> Finding:
    section, name = path[-2:]
    says = f"{section[:-1]} {name} cannot be asked: {found.says}"
    hint = found.hint
    if section in {"rules", "views"}:
        drop = f"say it anew, or 'drop: {{{section}: [{name}]}}'"
        hint = f"{hint}; {drop}" if hint else drop
    place = model.places.get(".".join(path), Place())
    return warning("EVOLVE006", says, hint=hint, place=place, value=found.value)


def _unasked(part: Part, found: Finding) -> Finding:
    """A part whose question makes no sense is an error: nothing would follow."""
    says = f"'{part.new}' takes a part of '{part.old}' by a question that fails: {found.says}"
    return replace(found, code="EVOLVE007", severity=Severity.ERROR, says=says)


def _several(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""
