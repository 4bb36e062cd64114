"""Reading what a recipe says of links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from latticework.base.near import did_you_mean
from latticework.model.model import Kind, Link
from latticework.sources.recipes.loading import Loading, key_said, spot_of
from latticework.sources.recipes.parts import CALLED, Seeks, Tie
from latticework.sources.recipes.picks import ABOVE
from latticework.sources.recipes.steps import Step
from latticework.sources.tree import Fields, Items, Said, Tree

_OR = re.compile(r"\s+or\s+")


def ties_of(tree: Tree, kind: Kind, loading: Loading) -> Iterator[tuple[str, Tie]]:
    """How links get their edges, each with the phrase it stands under."""
    if tree is None:
        return
    for phrase, value in loading.fields(tree, "'links'").items():
        link, back = _link(phrase, kind, key_said(tree, phrase), loading)
        for each in value if isinstance(value, Items) else [value]:
            if link is None:
                continue
            found = (
                _tie_above(each, link, back, loading)
                if isinstance(each, Said)
                else _tie(each, link, back, kind, loading)
            )
            yield from ((phrase, tie) for tie in found)


def _tie_above(said: Said, link: Link, back: bool, loading: Loading) -> Iterator[Tie]:
    """A link to the record in which this one stands."""
    if said == ABOVE:
        yield Tie(link=link.name, back=back, kind="")
        return
    hint = f"write '{ABOVE}', or {{kind: {said}}} with the kind it leads to"
    loading.wrong(
        "RECIPE009", f"'{said}' does not say to which kind '{link.name}' leads", said, hint=hint
    )


def _tie(tree: Tree, link: Link, back: bool, kind: Kind, loading: Loading) -> Iterator[Tie]:
    """A link to things of the kinds named, by their keys or by a field."""
    entry = loading.fields(tree, f"'{link.name}'")
    carried = [word for word in entry if word in link.carries_by_name]
    targets = [word for word in entry if word not in {*carried, "each", "by"}]
    if not targets:
        hint = "write the kind and where its key stands, such as {person: owner}"
        loading.wrong("RECIPE009", f"'{link.name}' names no kind", tree, hint=hint)
    for word in targets:
        others = _ends(entry, word, loading)
        target = others[0] if others else None
        if target is None:
            continue
        for each in others:
            ends = (each.name, kind.name) if back else (kind.name, each.name)
            _check_ends(link, ends, tree, loading)
        picks = loading.picks(entry[word])
        yield Tie(
            link=link.name,
            back=back,
            kind=target.name,
            picks=picks,
            seeks=_seeks(entry.get("by"), others, loading),
            steps=() if any(pick.steps for pick in picks) else _key_steps(target.name, loading),
            each=loading.path(entry["each"]) if "each" in entry else None,
            carries=tuple(
                loading.cells(entry, link.carries_by_name, link.name, (*targets, "each", "by"))
            ),
        )


def _ends(entry: Fields, word: str, loading: Loading) -> list[Kind]:
    """The kind to which a link leads; with `or` between them, any of several."""
    words = [word] if loading.model.find_kind(word) else _OR.split(word)
    if len(words) == 1:
        kinds = [loading.kind(key_said(entry, word))]
    else:
        line, column = spot_of(key_said(entry, word))
        kinds = [loading.kind(Said(each, line, column)) for each in words]
    return [kind for kind in kinds if kind is not None]


def _seeks(tree: Tree, kinds: Sequence[Kind], loading: Loading) -> Seeks:
    """By what the other end is found, where its key alone does not tell."""
    if tree is not None:
        fields = ((kind.name, _by(tree, kind, loading)) for kind in kinds)
        return tuple((kind, field) for kind, field in fields if field)
    if len(kinds) > 1 or any(_is_called(kind, loading) for kind in kinds):
        return tuple((kind.name, CALLED) for kind in kinds)
    return ()


def _is_called(kind: Kind, loading: Loading) -> bool:
    """Whether things of a kind of this recipe go by other names than their key."""
    words = (word for word in loading.kinds if loading.model.find_kind(word) is kind)
    parts = (loading.kinds[word] for word in words)
    return any(
        isinstance(each, Fields) and "called" in each
        for value in parts
        for each in (value if isinstance(value, Items) else [value])
    )


def _by(tree: Tree, kind: Kind, loading: Loading) -> str:
    """The field by which the other end is found."""
    word = loading.text(tree)
    if word and word not in kind.fields_by_name:
        hint = did_you_mean(word, kind.fields_by_name, otherwise="name one of its fields")
        loading.wrong("RECIPE004", f"'{kind.name}' has no field '{word}'", tree, hint=hint)
    return word


def _key_steps(word: str, loading: Loading) -> tuple[Step, ...]:
    """The steps that a kind of this recipe takes to its key."""
    value = loading.kinds.get(word)
    entry = value[0] if isinstance(value, Items) and value else value
    key = entry.get("key") if isinstance(entry, Fields) else None
    picks = loading.quiet_picks(key)
    return picks[0].steps if len(picks) == 1 else ()


def _link(phrase: str, kind: Kind, said: Tree, loading: Loading) -> tuple[Link | None, bool]:
    """The link of a phrase, and whether the phrase reads backwards."""
    for link in loading.model.links:
        if phrase in {link.name, *link.words, *link.was}:
            return link, False
        if phrase == link.back:
            return link, True
    known = [word for link in loading.model.links for word in (link.name, link.back)]
    hint = did_you_mean(phrase, known, otherwise=f"declare it under '{kind.name}' in the model")
    loading.wrong("RECIPE005", f"unknown link '{phrase}'", said, hint=hint)
    return None, False


def _check_ends(link: Link, ends: tuple[str, str], tree: Tree, loading: Loading) -> None:
    """The model lets this link join these kinds."""
    source, target = ends
    for end in link.ends:
        targets = {name for word in end.targets for name in loading.model.end_kinds(word)}
        if source in loading.model.end_kinds(end.source) and target in targets:
            return
    says = f"'{link.name}' does not lead from '{source}' to '{target}'"
    loading.wrong("RECIPE008", says, tree, hint="turn the phrase round, or let the model allow it")
