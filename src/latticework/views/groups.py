"""By what things are put together: a field, the stage, the kind, the family, a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.model.model import STAGE, TITLE, Model
from latticework.query.people import SOMEBODY, people_kinds
from latticework.views.things import titles_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

KIND, FAMILY = "kind", "family"
Group = tuple[str, str]
"""What a group is called, and the ref of the thing that it is; empty without one."""


def groups_of(graph: Graph, ids: Ids, word: str) -> list[tuple[Group, ...]]:
    """The groups of each thing, several where a link or a list leads to several.

    Raises Refused (VIEW014) where no kind has such a field and no link reads so,
    and (VIEW039) where its values name people.
    """
    if word == KIND:
        return [((name, ""),) for name in _kinds(graph, ids)]
    if word == FAMILY:
        families = {each.name: each.family.value for each in graph.model.kinds}
        return [((families.get(name, "other"), ""),) for name in _kinds(graph, ids)]
    if word == STAGE or _is_field(graph.model, word):
        _refuse_names(graph.model, word)
        return [_words(value) for value in graph.texts(word, ids).to_list()]
    found = graph.model.find_link(word)
    if found is None:
        raise Refused([_unknown(graph.model, word)])
    link, forward = found
    adjacency = graph.adjacency(link.name)
    step = adjacency.targets_of if forward else adjacency.sources_of
    ends = [step(node).tolist() for node in ids.tolist()]
    every = sorted({node for each in ends for node in each})
    people = people_kinds(graph.model)
    somebody = {node for node in every if graph.kind_of(node) in people}
    if somebody and len(somebody) == len(every):
        raise Refused([no_names(word)])
    refs = {node: str(graph.ref_of(node)) for node in every}
    titles = titles_of(refs.values(), graph)
    named = {node: (titles.get(ref) or ref, ref) for node, ref in refs.items()}
    named |= dict.fromkeys(somebody, (SOMEBODY, ""))
    return [tuple(dict.fromkeys(named[node] for node in each)) for each in ends]


def no_names(word: str) -> Finding:
    """What is said where things should be put together by who somebody is."""
    says = f"'{word}' names people, and nothing is put together by person"
    return error("VIEW039", says, hint="take a team, a goal or another field", value=word)


def _kinds(graph: Graph, ids: Ids) -> list[str]:
    return [graph.kind_names[code] for code in graph.kind_codes[ids].tolist()]


def _words(value: object) -> tuple[Group, ...]:
    if isinstance(value, list):
        return tuple((str(each), "") for each in value)
    return ((str(value), ""),) if value else ()


def _is_field(model: Model, word: str) -> bool:
    return word == TITLE or any(word in kind.fields_by_name for kind in model.kinds)


def _refuse_names(model: Model, word: str) -> None:
    """Nothing is put together by who somebody is."""
    found = (kind.fields_by_name.get(word) for kind in model.kinds)
    if any(each is not None and each.people for each in found):
        raise Refused([no_names(word)])


def _unknown(model: Model, word: str) -> Finding:
    fields = {name for kind in model.kinds for name in kind.fields_by_name}
    phrases = {phrase for link in model.links for phrase in (link.name, link.back) if phrase}
    every = sorted({KIND, FAMILY, STAGE} | fields | phrases)
    hint = did_you_mean(word, every, otherwise="give a field, a link's phrase, kind or family")
    return error("VIEW014", f"nothing is put together by '{word}'", hint=hint, value=word)
