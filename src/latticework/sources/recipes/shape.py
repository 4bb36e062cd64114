"""Reading what a recipe says of the shape of its rows."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.base.near import did_you_mean
from latticework.sources.recipes.loading import Loading
from latticework.sources.recipes.reshape import ColumnsAsRows, FillDown, Group, Shape, Split
from latticework.sources.tree import Items, Said, Tree

_FILL, _SPLIT, _TURN, _GROUP = "fill down", "split", "columns as rows", "group"
_SHAPES = (_FILL, _SPLIT, _TURN, _GROUP)
_KEYS = {
    _SPLIT: ("columns", "at"),
    _TURN: ("columns", "unless", "name", "value", "year"),
    _GROUP: ("by", "when", "into", "year"),
}
_NEEDED = {_SPLIT: ("columns", "at"), _TURN: ("columns", "name", "value"), _GROUP: ("into",)}
_LISTS = frozenset({"columns", "unless", "by", "at"})


def shapes_of(tree: Tree, loading: Loading) -> Iterator[Shape]:
    """The steps by which rows become records, as far as they can be read."""
    for each in tree if isinstance(tree, Items) else [tree] if tree is not None else []:
        entry = loading.fields(each, "a step of 'shape'")
        words = [word for word in entry if word != "in"]
        if len(words) != 1 or words[0] not in _SHAPES:
            wrong = next((word for word in words if word not in _SHAPES), "")
            hint = did_you_mean(wrong, _SHAPES, otherwise="write one of " + ", ".join(_SHAPES))
            loading.wrong("RECIPE002", f"a step of 'shape' is no '{wrong}'", each, hint=hint)
            continue
        inside = loading.text(entry.get("in"))
        found = _shape(words[0], entry[words[0]], inside, loading)
        if found is not None:
            yield found


def _shape(word: str, tree: Tree, inside: str, loading: Loading) -> Shape | None:
    if word == _FILL:
        return FillDown(columns=loading.texts(tree), inside=inside)
    known = _KEYS[word]
    entry = loading.fields(tree, f"'{word}'", known)
    missing = [key for key in _NEEDED[word] if key not in entry]
    for key in missing:
        loading.wrong("RECIPE006", f"'{word}' has no '{key}'", tree, hint=f"add '{key}:' to it")
    if missing:
        return None
    lists = {key: loading.texts(entry.get(key)) if key in entry else () for key in _LISTS}
    said = {key: loading.text(entry.get(key)) for key in known if key not in _LISTS}
    year = _year(said.get("year", ""), entry.get("year"), loading)
    if word == _SPLIT:
        return Split(columns=lists["columns"], at=lists["at"], inside=inside)
    if word == _TURN:
        name, value = said["name"], said["value"]
        columns, unless = lists["columns"], lists["unless"]
        return ColumnsAsRows(
            columns=columns, unless=unless, name=name, value=value, year=year, inside=inside
        )
    by, when, into = lists["by"], said["when"], said["into"]
    return Group(by=by, when=when, into=into, year=year, inside=inside)


def _year(text: str, tree: Tree, loading: Loading) -> str:
    if text and not (len(text) == 4 and text.isdecimal()):
        shown = tree if isinstance(tree, Said) else None
        loading.wrong("RECIPE009", f"'{text}' is no year", shown, hint="write it like 2026")
        return ""
    return text
