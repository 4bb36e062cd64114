"""YAML texts as trees whose every part knows where it stands.

Scalars stay text as it was written: `1.10` is not a number and `no` is not
false. Whatever is wrong is a finding with line and column, and reading goes on
behind it, so that one run tells everything. Text from strangers is bounded: in
length, in depth, and in what its aliases expand to.

| code | says |
|---|---|
| YAML001 | a line is not YAML |
| YAML002 | a key stands twice in one mapping |
| YAML003 | a control character |
| YAML004 | too long, too deep, or expanding to too much |
| YAML005 | an alias without its anchor, or one that holds itself |
| YAML006 | a key that is no text |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from latticework.base.findings import Finding, Place, error

_MOST_RETRIES = 20
_LONGEST_RETRIED = 1_000_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|$)")

Plain = str | dict[str, "Plain"] | list["Plain"] | None
"""Plain data: what is left of a tree when its places are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one text may hold: characters, nested levels, parts.

    Parts are scalars, lists and mappings after every alias is followed.
    """

    characters: int = 16_000_000
    depth: int = 60
    parts: int = 2_000_000


BOUNDS = Bounds()


class Item:
    """One scalar, list or mapping of a text, and where it stands.

    `value` is text, a list of items or a mapping from keys to items. `plain`
    says that a scalar stands without quotes. `key` is the key under which the
    item stands in a mapping. Lines and columns count from 1; `end` is the
    column after a scalar of one line, else 0. Items are never changed once
    they are read.
    """

    __slots__ = ("column", "end", "file", "key", "line", "plain", "value")

    def __init__(
        self,
        value: str | dict[str, Item] | list[Item],
        file: str = "",
        line: int = 0,
        column: int = 0,
        end: int = 0,
        *,
        plain: bool = False,
        key: Item | None = None,
    ) -> None:
        """Take all parts as they are."""
        self.value = value
        self.file = file
        self.line = line
        self.column = column
        self.end = end
        self.plain = plain
        self.key = key

    def __repr__(self) -> str:
        """The value and its place."""
        return f"Item({self.value!r} at {self.line}:{self.column})"

    @property
    def place(self) -> Place:
        """Where the item stands."""
        return Place(file=self.file, line=self.line, column=self.column, end=self.end)

    @property
    def key_place(self) -> Place:
        """Where the item's key stands; without a key, where the item does."""
        return self.key.place if self.key else self.place

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or `null` or `~` without quotes."""
        return self.plain and self.value in _NULLS

    @property
    def text(self) -> str | None:
        """The text of a scalar; None for nothing, a list or a mapping."""
        return self.value if isinstance(self.value, str) and not self.is_null else None

    @property
    def mapping(self) -> Mapping[str, Item]:
        """The items of a mapping by key; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of a list; a lone scalar or mapping counts as a list of one."""
        if isinstance(self.value, list):
            return tuple(self.value)
        return () if self.is_null else (self,)

    @property
    def sort(self) -> str:
        """What it is, for a sentence: nothing, a text, a list or a mapping."""
        if isinstance(self.value, str):
            return "nothing" if self.is_null else "a text"
        return "a list" if isinstance(self.value, list) else "a mapping"

    def get(self, *keys: str) -> Item | None:
        """The item under these keys of nested mappings, or None."""
        item: Item | None = self
        for key in keys:
            item = item.mapping.get(key) if item else None
        return item

    def walk(self) -> Iterator[Item]:
        """The item itself and all below it, in the order of the text."""
        yield self
        below = self.value.values() if isinstance(self.value, dict) else self.value
        if not isinstance(below, str):
            for item in below:
                yield from item.walk()


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds, and what is wrong with it.

    `roots` has one item for each document of the text (most texts have one).
    """

    roots: tuple[Item, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def root(self) -> Item | None:
        """The first document; None where the text holds none."""
        return self.roots[0] if self.roots else None


def read_document(text: str, *, file: str = "", bounds: Bounds = BOUNDS) -> Document:
    """Read a YAML text (JSON is one sort of it) with all its findings.

    What stands before and behind a broken part is read all the same.
    """
    if len(text) > bounds.characters:
        return Document((), (_too_long(len(text), file, bounds),))
    cleaned, findings = _without_control(text, file)
    for _ in range(_MOST_RETRIES):
        reader = _Reader(file, bounds)
        problem = reader.read(cleaned)
        findings.extend(problem.findings if problem else reader.findings)
        if problem is None:
            break
        cleaned = _blanked(cleaned, problem.line)
        if problem.is_last or len(cleaned) > _LONGEST_RETRIED:
            break
    return Document(tuple(reader.roots), tuple(_in_order(findings)))


def decode(data: bytes, *, file: str = "") -> tuple[str, tuple[Finding, ...]]:
    """UTF-8 bytes as text; what is not UTF-8 is replaced and found."""
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        says = f"byte 0x{data[problem.start]:02x} is not UTF-8"
        hint = "save the file in UTF-8"
        finding = error("YAML003", says, hint=hint, place=Place(file=file, line=line))
        return data.decode("utf-8-sig", errors="replace"), (finding,)


def plain(item: Item | None) -> Plain:
    """The tree as plain text, lists and dicts; None for what is null."""
    if item is None or item.is_null:
        return None
    if isinstance(item.value, dict):
        return {key: plain(each) for key, each in item.value.items()}
    if isinstance(item.value, list):
        return [plain(each) for each in item.value]
    return item.value


# Reading -----------------------------------------------------------------------------


class _Mark(Protocol):
    """A spot in a text, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Problem:
    """A line behind which the parser cannot go on."""

    line: int
    findings: tuple[Finding, ...]
    is_last: bool = False


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "item", "key", "parts")

    def __init__(self, item: Item, anchor: str | None) -> None:
        self.item = item
        self.anchor = anchor
        self.key: Item | None = None
        self.parts = 1


class _Reader:
    """Builds items from the parser's events, without recursion."""

    def __init__(self, file: str, bounds: Bounds) -> None:
        self.file = file
        self.bounds = bounds
        self.roots: list[Item] = []
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Item, int]] = {}
        self._parts = 0

    def read(self, text: str) -> _Problem | None:
        """All documents of a text; a problem where the parser gave up."""
        try:
            for event in yaml.parse(text, Loader=yaml.CBaseLoader):
                taken = _TAKERS.get(type(event))
                if taken is not None:
                    taken(self, event)
                if self._parts > self.bounds.parts or len(self._open) > self.bounds.depth:
                    return self._beyond(event.start_mark)
        except yaml.MarkedYAMLError as problem:
            return self._syntax(problem)
        except yaml.YAMLError as problem:
            finding = error("YAML001", f"the text cannot be read: {problem}", place=self._at())
            return _Problem(1, (*self.findings, finding), is_last=True)
        return None

    def take_scalar(self, event: yaml.ScalarEvent) -> None:
        """A text, a key or a value."""
        line, column = _spot(event.start_mark)
        last_line, last = _spot(event.end_mark)
        end = last if last_line == line else 0
        item = Item(event.value, self.file, line, column, end, plain=event.implicit[0])
        if event.anchor:
            self._anchors[event.anchor] = item, 1
        self._add(item, 1)

    def take_alias(self, event: yaml.AliasEvent) -> None:
        """What an anchor names, once more."""
        name = event.anchor or ""
        place = self._at(*_spot(event.start_mark))
        found = self._anchors.get(name)
        if found is None:
            inside = any(each.anchor == name for each in self._open)
            says = f"'*{name}' holds itself" if inside else f"no anchor '&{name}' stands before"
            hint = "write the value out" if inside else f"write '&{name}' where it is said first"
            self.findings.append(error("YAML005", says, hint=hint, place=place, value=name))
            self._add(Item("", self.file, place.line, place.column, plain=True), 1)
            return
        item, parts = found
        # A copy, for its key is another; what it holds is shared.
        copy = Item(item.value, self.file, item.line, item.column, item.end, plain=item.plain)
        self._add(copy, parts)

    def take_mapping(self, event: yaml.MappingStartEvent) -> None:
        """A mapping begins."""
        self._begin({}, event)

    def take_list(self, event: yaml.SequenceStartEvent) -> None:
        """A list begins."""
        self._begin([], event)

    def take_end(self, event: yaml.CollectionEndEvent) -> None:
        """The innermost list or mapping is complete."""
        done = self._open.pop()
        if done.anchor:
            self._anchors[done.anchor] = done.item, done.parts
        self._add(done.item, done.parts, are_counted=True)

    def take_document(self, event: yaml.DocumentStartEvent) -> None:
        """Anchors hold within one document only."""
        self._anchors = {}

    def _begin(self, value: dict[str, Item] | list[Item], event: yaml.CollectionStartEvent) -> None:
        self._parts += 1
        item = Item(value, self.file, *_spot(event.start_mark))
        self._open.append(_Open(item, event.anchor))

    def _add(self, item: Item, parts: int, *, are_counted: bool = False) -> None:
        """Put a finished item where it belongs: a root, a list, a key or its value."""
        if not are_counted:
            self._parts += parts
        if not self._open:
            self.roots.append(item)
            return
        parent = self._open[-1]
        parent.parts += parts
        holder = parent.item.value
        if isinstance(holder, list):
            holder.append(item)
        elif parent.key is None:
            parent.key = item if isinstance(item.value, str) else self._text_key(item)
        elif isinstance(holder, dict):
            item.key, parent.key = parent.key, None
            self._enter(holder, item)

    def _enter(self, holder: dict[str, Item], item: Item) -> None:
        """One key and its value; the first of two equal keys stays."""
        key = item.key
        if key is None or not isinstance(key.value, str):
            return
        if key.value == "<<" and key.plain:
            self._merge(holder, item)
        elif key.value in holder:
            first = holder[key.value].key_place.line
            says = f"'{key.value}' stands twice in one mapping, first in line {first}"
            hint = "keep one of them"
            found = error("YAML002", says, hint=hint, place=key.place, value=key.value)
            self.findings.append(found)
        else:
            holder[key.value] = item

    def _merge(self, holder: dict[str, Item], item: Item) -> None:
        """`<<: *other` adds the keys that are not there yet."""
        for each in item.items:
            for key, value in each.mapping.items():
                holder.setdefault(key, value)

    def _text_key(self, item: Item) -> Item:
        """A list or mapping where a key should be."""
        says = f"{item.sort} cannot be a key"
        hint = "write the key as text, in quotes if it begins with [ or {"
        self.findings.append(error("YAML006", says, hint=hint, place=item.place))
        return Item(f"({item.sort})", self.file, item.line, item.column)

    def _at(self, line: int = 0, column: int = 0) -> Place:
        return Place(file=self.file, line=line, column=column)

    def _beyond(self, mark: _Mark | None) -> _Problem:
        """The text grows past its bounds; what was read so far is given up."""
        place = self._at(*_spot(mark))
        deep = len(self._open) > self.bounds.depth
        most = self.bounds.depth if deep else self.bounds.parts
        says = f"more than {most:,} levels" if deep else f"aliases expand to over {most:,} parts"
        hint = "nest less" if deep else "write the values out, or split the file"
        self.roots.clear()
        return _Problem(
            place.line,
            (*self.findings, error("YAML004", says, hint=hint, place=place)),
            is_last=True,
        )

    def _syntax(self, problem: yaml.MarkedYAMLError) -> _Problem:
        """What the parser stumbled over, told in our words."""
        context = str(problem.context or "")
        mark = problem.problem_mark or problem.context_mark
        if problem.context_mark is not None and _SPANS.search(context):
            mark = problem.context_mark
        place = self._at(*_spot(mark))
        says, hint = _in_our_words(str(problem.problem or context or "unreadable"), context)
        self._close()
        return _Problem(place.line, (error("YAML001", says, hint=hint, place=place),))

    def _close(self) -> None:
        """Keep what was complete before the parser gave up."""
        while self._open:
            done = self._open.pop()
            self._add(done.item, done.parts, are_counted=True)


def _spot(mark: _Mark | None) -> tuple[int, int]:
    """Line and column of a mark, counted from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


_TAKERS: Mapping[type, Callable[[_Reader, Any], None]] = {
    yaml.ScalarEvent: _Reader.take_scalar,
    yaml.AliasEvent: _Reader.take_alias,
    yaml.MappingStartEvent: _Reader.take_mapping,
    yaml.SequenceStartEvent: _Reader.take_list,
    yaml.MappingEndEvent: _Reader.take_end,
    yaml.SequenceEndEvent: _Reader.take_end,
    yaml.DocumentStartEvent: _Reader.take_document,
}

# Contexts that begin far above the line in which the parser notices their lack of an end.
_SPANS = re.compile(r"simple key|quoted scalar|flow (?:mapping|sequence)")

_OUR_WORDS = (
    ("tab character", "a tab indents the line", "indent with spaces"),
    (
        "cannot start any token",
        "a value cannot begin with this character",
        "put the value in quotes",
    ),
    ("mapping values are not allowed", "a second ':' stands here", "put the text in quotes"),
    (
        "could not find expected ':'",
        "a line has no ':' behind its key",
        "write 'key: value', or indent the line to continue a text",
    ),
    (
        "did not find expected key",
        "the indentation fits no line above, or a quote stands within a quoted text",
        "indent it as its neighbours are; double a quote within quotes",
    ),
    (
        "did not find expected '-' indicator",
        "the line is no item of the list above",
        "begin it with '- ', or indent it as its neighbours are",
    ),
    ("end of stream", "a quote is opened and never closed", "close the quote"),
    ("flow sequence", "'[' is opened and not closed before this", "close it with ']'"),
    ("flow mapping", "'{' is opened and not closed before this", "close it with '}'"),
    ("block mapping", "the line is no 'key: value' of the mapping above", "write 'key: value'"),
    ("document start", "text stands behind the end of the document", "indent it, or remove it"),
)


def _in_our_words(problem: str, context: str) -> tuple[str, str]:
    """What is wrong and what to do, for what the parser said."""
    for pattern, says, hint in _OUR_WORDS:
        if pattern in problem:
            return says, hint
    for pattern, says, hint in _OUR_WORDS:
        if pattern in context:
            return says, hint
    return f"the line is not YAML: {problem}", "look at the quotes and the indentation"


# The text ----------------------------------------------------------------------------


def _too_long(length: int, file: str, bounds: Bounds) -> Finding:
    """A text that is not read at all."""
    says = f"the text has {length:,} characters, more than {bounds.characters:,}"
    return error("YAML004", says, hint="split it into several files", place=Place(file=file))


def _without_control(text: str, file: str) -> tuple[str, list[Finding]]:
    """The text with control characters replaced, one finding for each line."""
    findings: dict[int, Finding] = {}
    for found in _CONTROL.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        says = f"a control character, U+{ord(found[0]):04X}"
        place = Place(file=file, line=line, column=column)
        finding = error("YAML003", says, hint="remove it", place=place)
        findings.setdefault(line, finding)
        if len(findings) >= _MOST_RETRIES:
            break
    cleaned = _CONTROL.sub("\ufffd", text) if findings else text
    return cleaned, list(findings.values())


def _blanked(text: str, line: int) -> str:
    """The text with one line emptied, and what is indented below it.

    Other lines keep their numbers, so later findings stand where they should.
    A line above that ought to open a mapping and has no ':' goes too.
    """
    lines = _LINE.findall(text)
    place = _with_text(lines, min(line, len(lines)) - 1)
    above = _with_text(lines, place - 1)
    if above >= 0 and ":" not in lines[above] and _indent(lines[above]) < _indent(lines[place]):
        place = above
    indent = _indent(lines[place])
    last = place + 1
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > indent):
        last += 1
    lines[place:last] = ["\n"] * (last - place)
    return "".join(lines)


def _with_text(lines: list[str], place: int) -> int:
    """The nearest line at or above this one that is not empty, or the first."""
    while place > 0 and not lines[place].strip():
        place -= 1
    return place


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _in_order(findings: list[Finding]) -> list[Finding]:
    """Each finding once, in the order of the text."""
    once = dict.fromkeys(findings)
    return sorted(once, key=lambda each: (each.place.line, each.place.column))
