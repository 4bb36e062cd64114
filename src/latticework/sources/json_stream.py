"""The values of a long JSON file one after another, without holding it.

A list of records, or records one after another (JSON Lines), need not be held:
each is read when it is its turn. Where each stands on one line, the library's
own decoder reads it, several times faster than ours, which knows lines.
"""

from __future__ import annotations

import codecs
import json as stdlib_json
from collections.abc import Iterator
from typing import TextIO

from latticework.sources.content import Content, misfit, text_file
from latticework.sources.json import read_value
from latticework.sources.tree import (
    DEEPEST,
    LARGEST_FILE,
    Fields,
    Items,
    Said,
    Tree,
    UnreadableError,
    unreadable,
)

CHUNK = 1_000_000
"""Characters that are read together."""

AT_ONCE = 4_000_000
"""Characters of records that are given together: as values they take ten times the room."""

_BLANKS = " \t\n\r"
_NEAR = 16
"""A value or an error so near the end of what was read may look otherwise with more of it."""


class _OddError(ValueError):
    """A word that JSON does not have, such as NaN."""


def _refused(word: str) -> object:
    raise _OddError(word)


class _Pairs(list[tuple[str, object]]):
    """Named values as they stand, apart from a list of values."""


_DECODER = stdlib_json.JSONDecoder(
    strict=False,
    parse_float=str,
    parse_int=str,
    parse_constant=_refused,
    object_pairs_hook=_Pairs,
)


def records_of(content: Content, size: int) -> Iterator[Items]:
    """Values one after another, those of a list for the list, so many at a time.

    Long ones are fewer at a time. At least one list, if an empty one; raises
    UnreadableError.
    """
    with text_file(content, _encoding(content)) as lines:
        stream = _Stream(lines)
        items, begun, given = Items(1, 1), 0, False
        for each in stream.values():
            items.append(each)
            if len(items) >= size or stream.done - begun >= AT_ONCE:
                yield items
                items, begun, given = Items(1, 1), stream.done, True
        if items or not given:
            yield items


def is_listed(content: Content) -> bool:
    """Whether a file holds a list or several values, all of them looked over.

    Raises UnreadableError, as whoever takes a part wants to know of the whole.
    """
    spot = misfit(content, "utf-8")
    if spot is not None:
        says = f"byte 0x{spot.byte:02x} is not UTF-8 text"
        hint = "save it as UTF-8, or leave it out with 'skip:'"
        raise unreadable("SOURCE002", says, hint=hint, line=spot.line)
    with text_file(content, _encoding(content)) as lines:
        stream = _Stream(lines, looks=True)
        count = sum(1 for _ in stream.values())
        return stream.listed or count > 1


def _encoding(content: Content) -> str:
    with content.open() as file:
        return "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "utf-8"


class _Stream:
    """Reads values from a window that moves over a text; with `looks`, none is made."""

    def __init__(self, lines: TextIO, *, looks: bool = False) -> None:
        self._lines = lines
        self._looks = looks
        self._text = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self._gone = 0
        self._depth = 0
        self.listed = False

    @property
    def done(self) -> int:
        """How many characters were gone through."""
        return self._gone + self._at

    def values(self) -> Iterator[Tree]:
        """Every value, those of a list at the top one by one."""
        while self._first():
            if self._text[self._at] == "[":
                self.listed, self._depth = True, 1
                yield from self._items()
                self._depth = 0
            else:
                yield self._value()

    def _items(self) -> Iterator[Tree]:
        self._at += 1
        if self._first() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            mark = self._first()
            if mark not in {",", "]"}:
                raise self._wrong()
            self._at += 1
            if mark == "]":
                return

    def _first(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _BLANKS:
                at += 1
            self._line += text.count("\n", self._at, at)
            self._at = at
            if at < len(text) or not self._more():
                return text[at : at + 1]

    def _value(self) -> Tree:
        """The next value."""
        if not self._first():
            raise self._wrong()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except stdlib_json.JSONDecodeError as problem:
                cut = problem.msg.startswith("Unterminated string")
                near = cut or problem.pos >= len(self._text) - _NEAR
                if near and self._more():
                    continue
                return self._slowly()
            except (_OddError, RecursionError):
                return self._slowly()
            if end + _NEAR < len(self._text) or not self._more():
                return self._made(found, end)

    def _made(self, found: object, end: int) -> Tree:
        """A value that was decoded; read again where it stands on several lines."""
        lines = self._text.count("\n", self._at, end)
        nests = sum(self._text.count(mark, self._at, end) for mark in "[{")
        if nests >= DEEPEST or (lines and not self._looks):
            return self._slowly()
        tree = None if self._looks else _tree(found, self._line)
        self._line += lines
        self._at = end
        return tree

    def _slowly(self) -> Tree:
        """A value that our own reader reads, so that it tells what is wrong and where."""
        while True:
            try:
                tree, length = read_value(self._text, self._at, self._line, self._depth)
            except UnreadableError:
                if self._more():
                    continue
                raise
            self._line += self._text.count("\n", self._at, self._at + length)
            self._at += length
            return tree

    def _more(self) -> bool:
        """Read on, letting go of what was read; whether there was any more."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        if len(rest) > LARGEST_FILE:
            says = f"a single value has more than {LARGEST_FILE:,} characters"
            hint = "export a list of records, or one record after another (JSON Lines)"
            raise unreadable("SOURCE001", says, hint=hint, line=self._line)
        chunk = self._lines.read(max(CHUNK, len(rest)))
        if not chunk:
            self._ended = True
            return False
        self._gone += self._at
        self._text, self._at = rest + chunk, 0
        return True

    def _wrong(self) -> Exception:
        found = self._text[self._at : self._at + 20] or "the end"
        says = f"',' or ']' is missing before '{found}'"
        hint = "check quotes, commas and brackets here"
        return unreadable("SOURCE003", says, hint=hint, line=self._line)


def _tree(found: object, line: int) -> Tree:
    """A decoded value of one line, with its place."""
    if isinstance(found, str):
        return Said(found, line)
    if isinstance(found, _Pairs):
        fields = Fields(line)
        for name, value in found:
            fields[Said(name, line)] = _tree(value, line)
        return fields
    if isinstance(found, list):
        items = Items(line)
        items.extend(_tree(value, line) for value in found)
        return items
    return None if found is None else Said("true" if found else "false", line)
