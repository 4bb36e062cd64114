"""Cutting one long YAML file into pieces that can be read apart.

A history of one file is read thousands of times, and each time little of it
is new. The file is cut at its top-level fields and at the items of its lists;
pieces seen before are not read again. Whatever casts doubt on a cut (a second
document, a line that is no plain key, a piece that cannot be read alone, such
as one that repeats by alias what another one names) lets the file be read
whole, so pieces never say anything else than the whole does.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOP = re.compile(r"^[^\s#][^\n]*", re.M)
_KEY = re.compile(r"([A-Za-z0-9_](?:[\w .\-/]*[\w.\-/])?):(?=[ \n]|\Z)")
_BARE = re.compile(r"[^:\n]+:[ ]*(?:[ ]#[^\n]*)?(?:\n|\Z)")
_FIRST = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)-(?=[ \n])")
_BREAKS = re.compile("[\r\x85\u2028\u2029\t\ufeff]")


class Piece(NamedTuple):
    """A text that can be read alone; its first line is the file's `line`.

    A list's item stands under a line of its own with the list's name.
    """

    text: str
    line: int


def cut(text: str, lists: frozenset[str]) -> list[Piece] | None:
    """The pieces of a YAML text, with items of these top-level lists apart.

    None where the text has to be read whole.
    """
    if _BREAKS.search(text):
        return None
    starts: list[tuple[int, str]] = []
    for found in _TOP.finditer(text):
        line = found[0]
        if line[0] == "-" and starts and (len(line) == 1 or line[1] == " "):
            continue
        key = _KEY.match(line)
        if key is None:
            return None
        starts.append((found.start(), key[1]))
    if not starts or len({key for _, key in starts}) < len(starts):
        return None
    ends = [start for start, _ in starts[1:]] + [len(text)]
    pieces: list[Piece] = []
    line = text.count("\n", 0, starts[0][0]) + 1
    for (start, key), end in zip(starts, ends, strict=True):
        block = text[start:end]
        items = _items(block, key, line) if key in lists else None
        pieces += items or [Piece(block, line)]
        line += block.count("\n")
    return pieces


def _items(block: str, key: str, line: int) -> list[Piece] | None:
    """The items of a block that is a plain list; None where it is not."""
    head = _BARE.match(block)
    if head is None or head.end() == len(block):
        return None
    first = _FIRST.match(block, head.end())
    if first is None:
        return None
    indent = len(first[1])
    if _stray(indent).search(block, head.end()):
        return None
    starts = [found.start() for found in _item(indent).finditer(block, head.end())]
    pieces = []
    line += block.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        pieces.append(Piece(f"{key}:\n{block[start:end]}", line - 1))
        line += block.count("\n", start, end)
    return pieces


def _item(indent: int) -> re.Pattern[str]:
    """The beginning of an item at this indentation."""
    return re.compile(rf"^[ ]{{{indent}}}-(?=[ \n]|\Z)", re.M)


def _stray(indent: int) -> re.Pattern[str]:
    """A line at the items' indentation or left of it that begins no item."""
    return re.compile(rf"^[ ]{{0,{indent}}}(?![ \n#]|-[ \n]|-?\Z)", re.M)
