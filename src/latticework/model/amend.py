"""Amending a model's text: one place is set, the rest stays as people wrote it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeGuard

from latticework.base.findings import Refused, error

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

Plain = str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What may stand in a model: texts, lists and mappings of them."""

_BARE = re.compile(r"[^\W_](?:[\w .,/%+–€-]*[\w.%+])?")
_WIDEST = 1_000_000
"""Lines are as long as people wrote them: nothing is folded."""


def amend(text: str, path: Sequence[str], value: Plain | None) -> str:
    """The text with this value at a place, or without it where the value is None.

    `path` names keys from the outside in, as in ("kinds", "bet", "fields",
    "size"), or the number of an item of a list, from 0; mappings on the way begin where they are
    missing. Comments, order, quotes and line lengths of the rest stay.

    Raises Refused (MODEL090) where something other than a mapping stands on
    the way, MODEL091 where the text itself is no mapping.
    """
    yaml, tree = _read(text)
    holder = _holder(tree, path, make=value is not None)
    if value is None:
        if holder is not None:
            holder.pop(path[-1], None)
    elif holder is not None:
        _put(holder, path[-1], value)
    return _written(yaml, tree, text)


def amend_all(text: str, changes: Mapping[tuple[str, ...], Plain]) -> str:
    """The text with a value at each of several places; raises Refused as `amend` does."""
    yaml, tree = _read(text)
    for path, value in changes.items():
        holder = _holder(tree, path, make=True)
        assert holder is not None  # it was to be made
        _put(holder, path[-1], value)
    return _written(yaml, tree, text)


def attach(text: str, path: Sequence[str], item: Plain) -> str:
    """The text with one more item in the list at a place, which begins if it is missing.

    A single text there becomes the first item. Raises Refused as `amend` does.
    """
    yaml, tree = _read(text)
    holder = _holder(tree, path, make=True)
    assert holder is not None  # it was to be made
    there = holder.get(path[-1])
    if isinstance(there, list):
        there.append(_flow(item))
    else:
        first = [] if there in (None, "") else [there]
        _put(holder, path[-1], [*first, item], flow=isinstance(item, str))
    return _written(yaml, tree, text)


def rename(text: str, path: Sequence[str], to: str) -> str:
    """The text with the last key of a place called `to`, in the same spot.

    What stands under it stays. Raises Refused (MODEL092) where nothing stands
    at the place, or something has the new name already.
    """
    yaml, tree = _read(text)
    holder, name = _holder(tree, path, make=False), path[-1]
    if holder is None or name not in holder:
        hint = "a pack's word is renamed by declaring the new one with 'was'"
        says = f"the model's file declares no '{name}' of its own"
        raise Refused([error("MODEL092", says, hint=hint, value=name)])
    if to in holder:
        hint = "choose another name, or merge the two with 'was'"
        raise Refused([error("MODEL092", f"'{to}' is declared already", hint=hint, value=to)])
    place = list(holder).index(name)
    comments = holder.ca.items.pop(name, None)
    holder.insert(place, _scalar(to), holder.pop(name))
    if comments is not None:
        holder.ca.items[to] = comments
    return _written(yaml, tree, text)


def _read(text: str) -> tuple[YAML, CommentedMap]:
    """The text as a tree that remembers how it was written; every scalar is text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = YAML()
    yaml.Resolver = _texts()
    yaml.preserve_quotes = True
    yaml.width = _WIDEST
    try:
        _, indent, offset = load_yaml_guess_indent(text)
        yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
        tree = yaml.load(text)
    except YAMLError as problem:
        says = "the model's file is not written so that it can be amended"
        hint = f"mend it first: {' '.join(str(problem).split())[:200]}"
        raise Refused([error("MODEL091", says, hint=hint)]) from None
    if tree is None:
        tree = CommentedMap()
    if not isinstance(tree, CommentedMap):
        hint = "a model begins with 'company: …' and sections below it"
        raise Refused([error("MODEL091", "the model's file holds no sections", hint=hint)])
    return yaml, tree


def _texts() -> type:
    """A resolver to which a bare word is a text, as it is to whoever loads a model."""
    from ruamel.yaml.resolver import VersionedResolver

    class Texts(VersionedResolver):
        def resolve(self, kind: type, value: str, implicit: object) -> object:
            bare = isinstance(implicit, tuple) and implicit[0]
            return super().resolve(kind, value, (False, True) if bare else implicit)

    return Texts


def _holder(tree: CommentedMap, path: Sequence[str], *, make: bool) -> CommentedMap | None:
    """The mapping that holds the last key of a path."""
    from ruamel.yaml.comments import CommentedMap

    holder: CommentedMap | CommentedSeq = tree
    for place, key in enumerate(path[:-1]):
        below = _below(holder, key)
        if below in (None, ""):
            if not make:
                return None
            below = CommentedMap()
            holder[_scalar(key)] = below
        if _is_item(below, path[place + 1 : -1]):
            holder = below
            continue
        if not isinstance(below, CommentedMap):
            says = f"'{'.'.join(path[: place + 1])}' is written as one value, not as a section"
            hint = "write it out as a mapping, then amend it"
            raise Refused([error("MODEL090", says, hint=hint, value=str(below))])
        holder = below
    assert isinstance(holder, CommentedMap)  # a list is stepped into at once
    return holder


def _below(holder: CommentedMap | CommentedSeq, key: str) -> object:
    """What stands under a name, or at a number of a list."""
    return holder[int(key)] if isinstance(holder, list) else holder.get(key)


def _is_item(below: object, rest: Sequence[str]) -> TypeGuard[CommentedSeq]:
    """Whether the next step leads to an item of this list."""
    if not isinstance(below, list) or not rest or not rest[0].isdecimal():
        return False
    return int(rest[0]) < len(below)


def _put(holder: CommentedMap, key: str, value: Plain, *, flow: bool = True) -> None:
    made = _flow(value) if flow else _block(value)
    if key not in holder and holder and not holder.fa.flow_style():
        _append(holder, key, made)
    else:
        holder[_scalar(key)] = made


def _append(holder: CommentedMap, key: str, value: object) -> None:
    """Add a key at the end, before the blank lines and comments that end the mapping."""
    last = list(holder)[-1]
    trailing = _trailing(holder, last)
    holder[_scalar(key)] = value
    if trailing is not None:
        holder.ca.items[key] = [None, None, trailing, None]


def _trailing(holder: CommentedMap, last: str) -> object | None:
    """Take what follows the last key's line: it stands after the new key then."""
    tokens = holder.ca.items.get(last)
    token = tokens[2] if tokens and len(tokens) > 2 else None
    if token is None or not token.value.startswith("\n"):
        return None
    holder.ca.items.pop(last)
    kept: object = token
    return kept


def _flow(value: Plain) -> object:
    """A value as it is written in one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, Mapping):
        section = CommentedMap((_scalar(key), _flow(each)) for key, each in value.items())
        section.fa.set_flow_style()
        return section
    items = CommentedSeq(_flow(each) for each in value)
    items.fa.set_flow_style()
    return items


def _scalar(text: str) -> str:
    """A text as it is written: in quotes unless every reader of YAML takes it bare."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return text if _BARE.fullmatch(text) else DoubleQuotedScalarString(text)


def _block(value: Plain) -> object:
    from ruamel.yaml.comments import CommentedSeq

    return CommentedSeq(_flow(each) for each in value)


def _written(yaml: YAML, tree: CommentedMap, before: str) -> str:
    stream = io.StringIO()
    yaml.dump(tree, stream)
    text = stream.getvalue()
    return text if before.endswith("\n") or not before else text.rstrip("\n") + "\n"
