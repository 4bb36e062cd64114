"""Source: json."""

from __future__ import annotations

import json as stdlib_json
import re
from collections.abc import Iterator

from latticework.sources.content import Content, text_in
from latticework.sources.source import source
from latticework.sources.tree import DEEPEST, Fields, Items, Read, Said, Tree, unreadable

_DECODER = stdlib_json.JSONDecoder(strict=False)
_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


def _portions(content: Content, size: int) -> Iterator[Read]:
    from latticework.sources.json_stream import is_listed, records_of

    if not is_listed(content):
        yield json.read(text_in(content))
        return
    yield from map(Read, records_of(content, size))


@source(reads=(".json", ".jsonl", ".ndjson"), portions=_portions)
def json(text: str) -> Read:
    """JSON: numbers, true and false stay the text that was written.

    Several values one after another (JSON Lines) are read as a list. They, and
    the values of a list, are taken in portions, however long the file is.
    """
    reader = _Reader(text)
    values = Items(1, 1)
    while not reader.is_done():
        values.append(reader.value(0))
    return Read(values[0] if len(values) == 1 else values or None)


def read_value(text: str, at: int, line: int, depth: int) -> tuple[Tree, int]:
    """The value that begins at a place, and how long it is; raises UnreadableError."""
    reader = _Reader(text, at, line)
    return reader.value(depth), reader.at - at


class _Reader:
    """Reads values from where the last one ended."""

    def __init__(self, text: str, at: int = 0, line: int = 1) -> None:
        self._text = text
        self._at = at
        self._line = line
        self._counted = at

    @property
    def at(self) -> int:
        """How far it has come."""
        return self._at

    def is_done(self) -> bool:
        """Whether nothing but blanks is left."""
        self._skip()
        return self._at >= len(self._text)

    def value(self, depth: int) -> Tree:
        """The next value."""
        if depth > DEEPEST:
            says = f"lists and fields nest more than {DEEPEST} deep"
            raise unreadable("SOURCE004", says, hint="nest less", line=self._here())
        self._skip()
        line = self._here()
        first = self._text[self._at : self._at + 1]
        if first == "{":
            return self._fields(Fields(line), depth)
        if first == "[":
            return self._items(Items(line), depth)
        if first == '"':
            return Said(self._string(), line)
        word = _WORD.match(self._text, self._at)
        if word is None:
            raise self._wrong("a value")
        self._at = word.end()
        return None if word[0] == "null" else Said(word[0], line)

    def _fields(self, fields: Fields, depth: int) -> Fields:
        self._at += 1
        if self._took("}"):
            return fields
        while True:
            self._skip()
            line = self._here()
            if self._text[self._at : self._at + 1] != '"':
                raise self._wrong("a name in quotes")
            key = Said(self._string(), line)
            if not self._took(":"):
                raise self._wrong("':'")
            fields[key] = self.value(depth + 1)
            if self._took("}"):
                return fields
            if not self._took(","):
                raise self._wrong("',' or '}'")

    def _items(self, items: Items, depth: int) -> Items:
        self._at += 1
        if self._took("]"):
            return items
        while True:
            items.append(self.value(depth + 1))
            if self._took("]"):
                return items
            if not self._took(","):
                raise self._wrong("',' or ']'")

    def _string(self) -> str:
        try:
            text, self._at = _DECODER.raw_decode(self._text, self._at)
        except stdlib_json.JSONDecodeError as problem:
            hint = "end the text with a quote, write \\ as \\\\"
            line = self._here() + self._text.count("\n", self._at, problem.pos)
            raise unreadable("SOURCE003", problem.msg, hint=hint, line=line) from None
        return str(text)

    def _took(self, mark: str) -> bool:
        self._skip()
        if self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return False

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _wrong(self, wanted: str) -> Exception:
        found = self._text[self._at : self._at + 20] or "the end"
        says = f"{wanted} is missing before '{found}'"
        hint = "check quotes, commas and brackets here"
        return unreadable("SOURCE003", says, hint=hint, line=self._here())
