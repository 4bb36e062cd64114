"""Reading what a recipe says of histories."""

from __future__ import annotations

from collections.abc import Sequence

from latticework.base.near import did_you_mean
from latticework.sources.recipes.loading import Loading, key_said, spot_of, words_of
from latticework.sources.recipes.parts import Cell, History, Tie, Turned, Where, Words
from latticework.sources.recipes.picks import LIST, Pick
from latticework.sources.tree import Fields, Said, Tree

_HISTORY = ("from", "items", "what", "valid", "by", "before", "after", "begins", "turns")
_TURNED = ("what", "before", "after", "where", "unless")


def history_of(
    tree: Tree, cells: Sequence[Cell], ties: Sequence[tuple[str, Tie]], loading: Loading
) -> History | None:
    """Where records tell what they were before."""
    if tree is None:
        return None
    entry = loading.fields(tree, "'history'", _HISTORY)
    for needed in ("from", "valid", "turns"):
        if needed not in entry:
            says = f"the history has no '{needed}'"
            loading.wrong("RECIPE006", says, tree, hint=f"add '{needed}:' to it")
    turns = loading.fields(entry.get("turns"), "'turns'") if "turns" in entry else Fields()
    mine = {cell.field.name: cell for cell in cells}
    for word in turns:
        if word not in mine and word not in dict(ties):
            known = [*mine, *dict(ties)]
            hint = did_you_mean(word, known, otherwise="say under fields or links what it is")
            says = f"'{word}' turns, but is no field or link of this part"
            loading.wrong("RECIPE012", says, key_said(turns, word), hint=hint)
    path, named, valid = (entry.get(word) for word in ("from", "what", "valid"))
    found = loading.path(path) if path else None
    pair = loading.pick_one(named or Said(LIST)), loading.pick_one(valid)
    if found is None or pair[0] is None or pair[1] is None:
        return None
    turned = {word: _turned(value, entry, loading) for word, value in turns.items()}
    return History(
        path=found,
        items=loading.path(entry["items"]) if "items" in entry else None,
        named=pair[0],
        valid=pair[1],
        by=loading.pick_one(entry.get("by")),
        begins=loading.pick_one(entry.get("begins")),
        cells=tuple((mine[w], each) for w, each in turned.items() if each and w in mine),
        ties=tuple((tie, each) for word, tie in ties if (each := turned.get(word))),
    )


def _turned(tree: Tree, history: Fields, loading: Loading) -> Turned | None:
    """Which turns speak of one field or link."""
    entry = loading.fields(tree, "a turn", _TURNED) if isinstance(tree, Fields) else Fields()
    what = entry.get("what") if isinstance(tree, Fields) else tree
    if "what" not in history and isinstance(tree, Said):
        return _turned_always(tree, loading)
    picks = [
        loading.pick_one(entry.get(word, history.get(word)) or Said(word, *spot_of(tree)))
        for word in ("before", "after")
    ]
    if what is None:
        hint = "add 'what:' with the source's own name for it"
        loading.wrong("RECIPE006", "a turn has no 'what'", tree, hint=hint)
    before, after = picks
    if before is None or after is None:
        return None
    return Turned(
        what=words_of(dict.fromkeys(loading.texts(what), "yes")),
        before=before,
        after=after,
        wheres=(
            *loading.wheres(entry.get("where"), True),
            *loading.wheres(entry.get("unless"), False),
        ),
    )


def _turned_always(said: Said, loading: Loading) -> Turned | None:
    """Turns that all speak of a field: those in which its value stands."""
    after = loading.pick_one(said)
    if after is None:
        return None
    nothing = Pick(paths=(), steps=(), text="")
    any_word = Words(patterns=(("*", "yes"),))
    wheres = (Where(pick=after, words=any_word, wanted=True),)
    return Turned(what=any_word, before=nothing, after=after, wheres=wheres)
