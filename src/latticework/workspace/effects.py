"""What a changed model affects: things, edges, rules, views; and its changes.

`model/evolve.py` compares words; here its questions are asked of a graph, so
that things, values and edges follow the words that now name them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count

import numpy as np

from latticework.analysis.reading_checks import unreadable
from latticework.base.findings import Finding, Place, Refused, Severity, warning
from latticework.base.refs import Ref, ref_of
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags, Ints
from latticework.journal.changes import Change, Connect, Declare, Disconnect, Move, Put
from latticework.model.evolve import Alteration, ModelDelta, Part, Sort, What
from latticework.model.evolve import preview as compare_models
from latticework.model.format import format_model
from latticework.model.model import Link, Model
from latticework.query.ask import ask, parse_for
from latticework.query.resolve import resolve


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One alteration and what it touches, as things stand before it.

    `things` counts things that are of the kind, have the field or stand in the
    stage; `edges` those of the link, or at things of the kind. `rules` and
    `views` name the questions that speak of the word.
    """

    alteration: Alteration
    things: int = 0
    edges: int = 0
    rules: tuple[str, ...] = ()
    views: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The refs of things that a new word takes over from an old one."""

    part: Part
    refs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a changed model would affect, and the changes that apply it.

    `changes` is empty where both models say the same.
    """

    delta: ModelDelta
    effects: tuple[Effect, ...]
    taken: tuple[Taken, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def preview_of(graph: Graph, model: Model, *, today: date) -> Preview:
    """What applying a model to a graph would change, lose and carry over."""
    delta = compare_models(graph.model, model)
    taken, failed = _taken_over(graph, delta, today)
    moving = _moving(graph, delta, taken)
    effects = tuple(_effect(graph, delta, each, moving) for each in delta.alterations)
    return Preview(
        delta=delta,
        effects=effects,
        taken=taken,
        changes=_changes(graph, delta, taken),
        findings=(
            *_counted(delta.findings, effects),
            *failed,
            *_unlinked(graph, delta, moving),
            *_broken(model, today),
        ),
    )


def _changes(graph: Graph, delta: ModelDelta, taken: Sequence[Taken]) -> tuple[Change, ...]:
    if delta.is_empty and delta.old == delta.new:
        return ()
    carried = (change for each in taken for change in _carried_over(graph, each))
    return (Declare(format_model(delta.new)), *_apart(graph, delta), *carried)


def _taken_over(
    graph: Graph, delta: ModelDelta, today: date
) -> tuple[tuple[Taken, ...], tuple[Finding, ...]]:
    """What each part of an old word takes with it.

    A thing that two parts want goes with the first in the model's order. A
    part whose question cannot be asked is an error (EVOLVE007).
    """
    taken: list[Taken] = []
    findings: list[Finding] = []
    gone: dict[tuple[Sort, str], set[str]] = {}
    for part in delta.parts:
        try:
            refs = ask(graph, part.query, today=today).refs
        except Refused as refused:
            findings.extend(_unasked(part, each) for each in refused.findings)
            continue
        seen = gone.setdefault((part.sort, part.old), set())
        taken.append(Taken(part=part, refs=tuple(ref for ref in refs if ref not in seen)))
        seen.update(refs)
    return tuple(taken), tuple(findings)


# Counting ----------------------------------------------------------------------------


def _moving(graph: Graph, delta: ModelDelta, taken: Sequence[Taken]) -> Mapping[str, Ints]:
    """The things of each kind that is split off: those alone are touched by its words."""
    split = {each.name for each in delta.of(Sort.KIND) if each.what is What.SPLIT}
    refs: dict[str, list[str]] = {name: [] for name in split}
    for each in taken:
        if each.part.sort is Sort.KIND and each.part.new in split:
            refs[each.part.new].extend(each.refs)
    return {
        name: np.sort(np.array([graph.id_of(ref) for ref in own], dtype=np.int32))
        for name, own in refs.items()
    }


def _effect(
    graph: Graph, delta: ModelDelta, each: Alteration, moving: Mapping[str, Ints]
) -> Effect:
    rules, views = _speaking(delta.old, each)
    effect = Effect(alteration=each, rules=rules, views=views)
    names = each.was or (each.name,)
    match each.sort:
        case Sort.KIND:
            ids = moving[each.name] if each.name in moving else _ids(graph, names)
            return replace(effect, things=len(ids), edges=_edges_at(graph, ids))
        case Sort.INTERFACE:
            return replace(effect, things=len(_ids(graph, names)))
        case Sort.FIELD:
            ids = _held_by(graph, delta, each, moving)
            held = [len(ids) - graph.texts(name, ids).null_count() for name in names]
            return replace(effect, things=sum(held))
        case Sort.STAGE:
            ids = _held_by(graph, delta, each, moving)
            return replace(effect, things=int(graph.stage_words(ids).is_in(list(names)).sum()))
        case Sort.LINK:
            return replace(effect, edges=sum(len(graph.adjacency(name).sources) for name in names))
        case _:
            return effect


def _ids(graph: Graph, names: Sequence[str]) -> Ints:
    found = [graph.ids_of(name) for name in names]
    return np.unique(np.concatenate([*found, np.zeros(0, dtype=np.int32)])).astype(np.int32)


def _held_by(graph: Graph, delta: ModelDelta, each: Alteration, moving: Mapping[str, Ints]) -> Ints:
    """The things whose field or stage is altered."""
    if each.owner in moving:
        return moving[each.owner]
    return _ids(graph, _owners_before(delta, each))


def _owners_before(delta: ModelDelta, each: Alteration) -> tuple[str, ...]:
    """Old names of the kind to which a field or stage belongs."""
    for kind in delta.of(Sort.KIND):
        if kind.name == each.owner and kind.was:
            return kind.was
    return (each.owner,)


def _edges_at(graph: Graph, ids: Ints) -> int:
    mine = np.zeros(graph.size, dtype=np.bool_)
    mine[ids] = True
    drawn = (graph.adjacency(link) for link in graph.link_names())
    return sum(int((mine[each.sources] | mine[each.targets]).sum()) for each in drawn)


def _speaking(old: Model, each: Alteration) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rules and views in which an old word stands that is altered."""
    if each.what is What.NEW or each.sort in (Sort.RULE, Sort.VIEW):
        return (), ()
    words = "|".join(re.escape(word) for word in each.was or (each.name,))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    rules = tuple(rule.code for rule in old.rules if pattern.search(rule.flags))
    return rules, tuple(view.name for view in old.views if pattern.search(view.asks))


def _counted(findings: Iterable[Finding], effects: Iterable[Effect]) -> Iterator[Finding]:
    """Findings about words that go, with how much goes out of sight."""
    lost = {
        (each.alteration.owner, each.alteration.name): max(each.things, each.edges)
        for each in effects
        if each.alteration.what is What.GONE
    }
    for each in findings:
        owner, _, name = each.says.partition("'")[2].partition("'")[0].rpartition(".")
        held = lost.get((owner, name), 0) if each.code == "EVOLVE001" else 0
        yield replace(each, says=f"{each.says}; it holds {held:,} today") if held else each


def _unlinked(graph: Graph, delta: ModelDelta, moving: Mapping[str, Ints]) -> Iterator[Finding]:
    """Edges of things split off that their new kind has no link for (EVOLVE009)."""
    for kind, ids in moving.items():
        mine = np.zeros(graph.size, dtype=np.bool_)
        mine[ids] = True
        place = delta.new.places.get(f"kinds.{kind}", Place())
        for link in delta.new.links:
            for phrase, held in _held_without(graph, delta, link, kind, mine):
                edges = "1 edge stays" if held == 1 else f"{held:,} edges stay"
                says = f"{edges} with what becomes '{kind}', which has no '{phrase}'"
                hint = f"let '{link.name}' join '{kind}' too, or cut them afterwards"
                yield warning("EVOLVE009", says, hint=hint, place=place, value=kind)


def _held_without(
    graph: Graph, delta: ModelDelta, link: Link, kind: str, mine: Flags
) -> Iterator[tuple[str, int]]:
    """Each way of a link that the kind has not, and how many edges go that way."""
    olds = {name for each in delta.of(Sort.LINK) if each.name == link.name for name in each.was}
    drawn = [graph.adjacency(name) for name in graph.link_names() if name in {link.name, *olds}]
    model = delta.new
    sources = {name for end in link.ends for name in model.end_kinds(end.source)}
    reached = (word for end in link.ends for word in end.targets)
    targets = {name for word in reached for name in model.end_kinds(word)}
    begun = sum(int(mine[each.sources].sum()) for each in drawn)
    ended = sum(int(mine[each.targets].sum()) for each in drawn)
    if begun and kind not in sources:
        yield link.name, begun
    if ended and kind not in targets:
        yield link.back or link.name, ended


# Questions ---------------------------------------------------------------------------


def _broken(model: Model, today: date) -> Iterator[Finding]:
    """Rules, views, stage conditions and readings that the model cannot answer (EVOLVE006)."""
    for path, text in _questions(model):
        try:
            resolve(parse_for(model, text), model, today=today, text=text)
        except Refused as refused:
            yield from (_unaskable(each, model, path) for each in refused.findings)
    for name, found in unreadable(model, today):
        yield _unaskable(found, model, f"readings.{name}")


def _questions(model: Model) -> Iterator[tuple[str, str]]:
    for rule in model.rules:
        yield f"rules.{rule.code}", rule.flags
    for view in model.views:
        yield f"views.{view.name}", view.asks
    for kind in model.kinds:
        for stage in kind.stages:
            if stage.needs:
                path = f"kinds.{kind.name}.stages.{stage.name}"
                yield path, f"{kind.name} where {stage.needs}"


def _unaskable(found: Finding, model: Model, path: str) -> Finding:
    says = f"{path} cannot be asked: {found.says}"
    section, _, name = path.partition(".")
    drop = f"say it anew, or 'drop: {{{section}: [{name}]}}'" if section != "kinds" else ""
    hint = "; ".join(part for part in (found.hint, drop) if part)
    place = model.places.get(path, Place())
    return warning("EVOLVE006", says, hint=hint, place=place, value=found.value)


def _unasked(part: Part, found: Finding) -> Finding:
    """A part whose question makes no sense is an error: nothing would follow."""
    says = f"'{part.new}' takes a part of '{part.old}' by a question that fails: {found.says}"
    return replace(found, code="EVOLVE007", severity=Severity.ERROR, says=says)


# Carrying over -----------------------------------------------------------------------


def _apart(graph: Graph, delta: ModelDelta) -> Iterator[Change]:
    """Moves that keep things apart whose refs would fall together in a merge."""
    for name, olds in delta.merged_kinds.items():
        in_order = sorted(olds, key=lambda word: word != name)
        refs = [graph.ref_of(node) for old in in_order for node in graph.ids_of(old).tolist()]
        borne = {ref.slug for ref in refs}
        firsts: set[str] = set()
        for ref in refs:
            if ref.slug in firsts:
                slug = _free_slug(graph, name, f"{ref.slug}-{ref.kind}", borne)
                borne.add(slug)
                yield Move(ref, ref_of(name, slug))
            firsts.add(ref.slug)


def _free_slug(graph: Graph, kind: str, slug: str, borne: Container[str]) -> str:
    """The slug, or with a number behind it, that names nothing of this kind yet."""
    slugs = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(
        each for each in slugs if each not in borne and graph.find(ref_of(kind, each)) is None
    )


def _carried_over(graph: Graph, taken: Taken) -> Iterator[Change]:
    part = taken.part
    match part.sort:
        case Sort.KIND:
            yield from _moves(graph, part.new, taken.refs)
        case Sort.STAGE:
            kind = graph.model.kinds_by_name[part.owner]
            for ref in taken.refs:
                yield Put(ref, {kind.stage_field: part.new})
        case Sort.FIELD:
            ids = np.array([graph.id_of(ref) for ref in taken.refs], dtype=np.int32)
            for ref, value in zip(taken.refs, graph.values(part.old, ids), strict=True):
                if value is not None:
                    yield Put(ref, {part.new: value, part.old: None})
        case Sort.LINK:
            yield from _redrawn(graph, part, taken.refs)
        case _:
            return


def _moves(graph: Graph, kind: str, refs: Iterable[str]) -> Iterator[Change]:
    """Things under the new kind, by their own slugs where nobody bears them."""
    borne: set[str] = set()
    for ref in refs:
        slug = _free_slug(graph, kind, Ref(ref).slug, borne)
        borne.add(slug)
        yield Move(ref, ref_of(kind, slug))


def _redrawn(graph: Graph, part: Part, refs: Iterable[str]) -> Iterator[Change]:
    """Edges of an old link from these things, drawn as the new one."""
    mine = np.zeros(graph.size, dtype=np.bool_)
    mine[[graph.id_of(ref) for ref in refs]] = True
    drawn = graph.adjacency(part.old)
    chosen = np.flatnonzero(mine[drawn.sources])
    for one, other in zip(
        drawn.sources[chosen].tolist(), drawn.targets[chosen].tolist(), strict=True
    ):
        source, target = str(graph.ref_of(one)), str(graph.ref_of(other))
        carried = graph.edge(source, part.old, target) or {}
        yield Disconnect(source, part.old, target)
        yield Connect(source, part.new, target, carried)
