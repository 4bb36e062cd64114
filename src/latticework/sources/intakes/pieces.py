"""Cutting one long YAML file into pieces that can be read apart.

A history of one file is read thousands of times, and each time little of it
is new. The file is cut at its top-level fields and at the items of its lists;
pieces seen before are not read again, and only what lies between the equal
beginning and the equal end of two versions is cut anew. Whatever casts doubt
on a cut (a second document, a line that is no plain key, a piece that cannot
be read alone, such as one that repeats by alias what another one names) lets
the file be read whole, so pieces never say anything else than the whole does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TOP = re.compile(r"^[^\s#][^\n]*", re.M)
_KEY = re.compile(r"([A-Za-z0-9_](?:[\w .\-/]*[\w.\-/])?):(?=[ \n]|\Z)")
_BARE = re.compile(r"[^:\n]+:[ ]*(?:[ ]#[^\n]*)?(?:\n|\Z)")
_FIRST = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)-(?=[ \n])")
_REMARKS = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*(?:[ ]*(?:#[^\n]*)?)")
_BREAKS = ("\r", "\x85", "\u2028", "\u2029", "\t", "\ufeff")
_CHUNK = 16_384
_NO_LIST = -1


class Piece(NamedTuple):
    """A stretch of a text that can be read alone.

    `indent` is where the items of its list stand, below 0 for a whole field.
    `line` is the text's line on which the piece begins. A piece that `opens`
    begins with its field's name; the others are further items of its list.
    """

    key: str
    indent: int
    start: int
    end: int
    line: int
    opens: bool = True

    def text(self, whole: str) -> str:
        """What to read: an item stands under a line with its list's name."""
        said = whole[self.start : self.end]
        return said if self.opens else f"{self.key}:\n{said}"

    @property
    def first(self) -> int:
        """The line of the whole text that is line 1 of what to read."""
        return self.line if self.opens else self.line - 1


class Recut(NamedTuple):
    """Pieces of a new version: the first `head` and last `tail` are as before."""

    pieces: list[Piece]
    head: int
    tail: int


def cut(text: str, lists: frozenset[str] | None) -> list[Piece] | None:
    """The pieces of a YAML text, with items of these top-level lists apart.

    `lists` None means every list. None where the text has to be read whole.
    """
    pieces = _scan(text, 0, len(text), 1, None, lists)
    return pieces if pieces and _is_sound(pieces) else None


def recut(old: str, pieces: list[Piece], new: str, lists: frozenset[str] | None) -> Recut | None:
    """The pieces of a new version of a text; None where it has to be read whole."""
    before = _common_start(old, new)
    after = _common_end(old, new, before)
    # A piece ends where the next one's first line says so: keep one less.
    head = max(sum(piece.end <= before for piece in pieces) - 1, 0)
    behind = len(old) - after
    tail = sum(piece.start > behind for piece in pieces[head:])
    at, line = 0, 1
    if head:
        last = pieces[head - 1]
        at, line = last.end, last.line + new.count("\n", last.start, last.end)
    first = len(pieces) - tail
    shift = len(new) - len(old)
    end = pieces[first].start + shift if tail else len(new)
    context = pieces[head - 1] if head and pieces[head - 1].indent >= 0 else None
    middle = _scan(new, at, end, line, context, lists)
    if middle is None or not _joins(pieces, head, middle, first):
        every = cut(new, lists)
        return None if every is None else Recut(every, 0, 0)
    down = new.count("\n", at, end) + line - pieces[first].line if tail else 0
    moved = [
        piece._replace(start=piece.start + shift, end=piece.end + shift, line=piece.line + down)
        for piece in pieces[first:]
    ]
    joined = [*pieces[:head], *middle, *moved]
    return Recut(joined, head, tail) if joined and _is_sound(joined) else None


def _joins(pieces: list[Piece], head: int, middle: list[Piece], first: int) -> bool:
    """Whether items behind the middle still stand in the list they stood in."""
    if first >= len(pieces) or pieces[first].opens:
        return True
    last = middle[-1] if middle else pieces[head - 1] if head else None
    following = pieces[first]
    return last is not None and (last.key, last.indent) == (following.key, following.indent)


def _is_sound(pieces: list[Piece]) -> bool:
    """Whether no field stands twice."""
    keys = [piece.key for piece in pieces if piece.opens]
    return len(set(keys)) == len(keys)


def _scan(
    text: str, start: int, end: int, line: int, context: Piece | None, lists: frozenset[str] | None
) -> list[Piece] | None:
    """The pieces between two places; `context` is the list it begins in."""
    if any(text.find(each, start, end) >= 0 for each in _BREAKS):
        return None
    tops: list[tuple[int, str]] = []
    in_list = context is not None and context.indent == 0
    for found in _TOP.finditer(text, start, end):
        said = found[0]
        if said[0] == "-" and (tops or in_list) and (len(said) == 1 or said[1] == " "):
            continue
        named = _KEY.match(said)
        if named is None:
            return None
        tops.append((found.start(), named[1]))
    pieces: list[Piece] = []
    top = tops[0][0] if tops else end
    if context is not None and top > start:
        items = _listed(text, start, top, line, context.key, context.indent)
        if items is None or items[0].start != start:
            return None
        pieces += items
    elif not _REMARKS.fullmatch(text, start, top):
        return None
    line += text.count("\n", start, top)
    ends = [*(at for at, _ in tops[1:]), end][: len(tops)]
    for (at, key), until in zip(tops, ends, strict=True):
        items = _items(text, at, until, line, key) if lists is None or key in lists else None
        pieces += items or [Piece(key, _NO_LIST, at, until, line)]
        line += text.count("\n", at, until)
    return pieces


def _items(text: str, start: int, end: int, line: int, key: str) -> list[Piece] | None:
    """The items of a field that is a plain list; None where it is not."""
    head = _BARE.match(text, start, end)
    if head is None or head.end() == end:
        return None
    first = _FIRST.match(text, head.end(), end)
    if first is None:
        return None
    items = _listed(text, head.end(), end, line + 1, key, len(first[1]))
    if items:
        items[0] = items[0]._replace(start=start, line=line, opens=True)
    return items


def _listed(
    text: str, start: int, end: int, line: int, key: str, indent: int
) -> list[Piece] | None:
    """The items between two places; None where a line is out of order."""
    item, stray = _lines(indent)
    if stray.search(text, start, end):
        return None
    starts = [found.start() for found in item.finditer(text, start, end)]
    if not starts:
        return None
    pieces = []
    line += text.count("\n", start, starts[0])
    for at, until in zip(starts, [*starts[1:], end], strict=True):
        pieces.append(Piece(key, indent, at, until, line, opens=False))
        line += text.count("\n", at, until)
    return pieces


@lru_cache(maxsize=64)
def _lines(indent: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The beginning of an item, and a line at or left of it that begins none."""
    item = rf"^[ ]{{{indent}}}-(?=[ \n]|\Z)"
    stray = rf"^[ ]{{0,{indent}}}(?![ \n#]|-[ \n]|-?\Z)"
    return re.compile(item, re.M), re.compile(stray, re.M)


def _common_start(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    most = min(len(one), len(other))
    at = 0
    while at < most and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at += _CHUNK
    low, high = at, min(at + _CHUNK, most)
    while low < high:
        middle = (low + high + 1) // 2
        if one[at:middle] == other[at:middle]:
            low = middle
        else:
            high = middle - 1
    return min(low, most)


def _common_end(one: str, other: str, before: int) -> int:
    """How many characters two texts end with in common, behind their beginning."""
    most = min(len(one), len(other)) - before
    ends = len(one), len(other)
    done = 0
    while done < most:
        step = min(_CHUNK, most - done)
        a, b = ends[0] - done, ends[1] - done
        if one[a - step : a] != other[b - step : b]:
            low, high = 0, step - 1
            while low < high:
                middle = (low + high + 1) // 2
                if one[a - middle : a] == other[b - middle : b]:
                    low = middle
                else:
                    high = middle - 1
            return done + low
        done += step
    return done
