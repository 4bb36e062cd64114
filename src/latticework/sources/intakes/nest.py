"""One long item of a list, read again where little of it is new.

The item's own fields, and the items of its lists, are pieces in turn (see
pieces.py). Of a new version only the pieces that differ are read; the others
are taken over, moved to the lines on which they stand now.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from latticework.sources.intakes.pieces import Piece, cut, recut
from latticework.sources.source import Reader
from latticework.sources.tree import Fields, Items, Read, Tree, UnreadableError, shifted

_HEAD = re.compile(r"([^\n:]+):\n([ ]*)-[ ]")


class Nest(NamedTuple):
    """An item as it was last read: its text at the left margin, and its pieces."""

    text: str
    pieces: tuple[Piece, ...]
    trees: tuple[Fields, ...]


class Nested(NamedTuple):
    """What an item says, and what to keep for its next version."""

    read: Read
    nest: Nest


def read_nested(text: str, before: Nest | None, reader: Reader) -> Nested | None:
    """What a list's name and one item of it say; None to read it as a whole.

    Trees of `before` are moved in place: it is of no use afterwards.
    """
    head = _HEAD.match(text)
    body = _body(text, head) if head else None
    if head is None or body is None:
        return None
    if before is not None:
        again = recut(before.text, list(before.pieces), body, None)
        pieces, kept = (again.pieces, (again.head, again.tail)) if again else (None, (0, 0))
    else:
        pieces, kept = cut(body, None), (0, 0)
    if pieces is None:
        return None
    trees = _trees(body, pieces, before, kept, reader)
    if trees is None:
        return None
    fields = Fields(1, 1)
    items = Items(2, 1)
    items.append(_joined(pieces, trees))
    fields[head[1]] = items
    return Nested(Read(fields), Nest(body, tuple(pieces), tuple(trees)))


def _body(text: str, head: re.Match[str]) -> str | None:
    """The item at the left margin; None where a line stands too far left."""
    body = f"{head[2]}  {text[head.end() :]}"
    margin, stray = _margins(len(head[2]) + 2)
    return None if stray.search(body) else margin.sub("", body)


@lru_cache(maxsize=64)
def _margins(width: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A margin of so many blanks, and a line that reaches into it."""
    stray = rf"^[ ]{{0,{width - 1}}}[^ \n]"
    return re.compile(rf"^[ ]{{{width}}}", re.M), re.compile(stray, re.M)


def _trees(
    body: str, pieces: list[Piece], before: Nest | None, kept: tuple[int, int], reader: Reader
) -> list[Fields] | None:
    """A tree for each piece, those of equal pieces taken over."""
    head, tail = kept
    old = list(before.trees) if before else []
    last = len(old) - tail
    known = _texts(before, head, last) if before else {}
    fresh: list[Fields] = []
    for piece in pieces[head : len(pieces) - tail]:
        text = piece.text(body)
        number = known.pop(text, None)
        if number is not None and before is not None:
            down = piece.first - before.pieces[number].first
            shifted(Read(old[number]), down)
            fresh.append(old[number])
            continue
        tree = _tree(text, reader)
        if tree is None:
            return None
        # The item's first line is line 2, below the name of its list.
        shifted(Read(tree), piece.first)
        fresh.append(tree)
    if before is not None and tail:
        down = pieces[len(pieces) - tail].line - before.pieces[last].line
        for tree in old[last:]:
            shifted(Read(tree), down)
    return [*old[:head], *fresh, *old[last:]]


def _texts(before: Nest, first: int, last: int) -> dict[str, int]:
    """The numbers of former pieces by their text."""
    return {before.pieces[at].text(before.text): at for at in range(first, last)}


def _tree(text: str, reader: Reader) -> Fields | None:
    """What one piece says; None where it cannot be read alone."""
    try:
        read = reader(text)
    except UnreadableError:
        return None
    alone = isinstance(read.tree, Fields) and len(read.tree) == 1 and not read.findings
    return read.tree if alone and isinstance(read.tree, Fields) else None


def _joined(pieces: list[Piece], trees: list[Fields]) -> Fields:
    """The item's fields; a list's pieces make one list again."""
    fields = Fields(2, 1)
    for piece, tree in zip(pieces, trees, strict=True):
        for key, value in tree.items():
            if piece.indent < 0:
                fields[key] = value
            elif isinstance(value, Items):
                _extend(fields, key, value, opens=piece.opens)
    return fields


def _extend(fields: Fields, key: str, value: Items, *, opens: bool) -> None:
    known: Tree = fields.get(key)
    if opens or not isinstance(known, Items):
        known = fields[key] = Items(value.line, value.column)
    known.extend(value)
