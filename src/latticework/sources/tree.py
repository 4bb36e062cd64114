"""What a file says, before anyone gives it a meaning: texts with their places."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, TypeAlias

from latticework.base.findings import Finding, Place, error

LARGEST_FILE = 64_000_000
"""Bytes; a larger file is a finding and is not read, unless it is read in portions."""

LONGEST_VALUE = 1_000_000
"""Characters; a longer value is a finding and is left out."""

DEEPEST = 100
"""How many levels of lists and fields a file may nest."""

MOST_PARTS = 2_000_000
"""How many values a file may hold, repeats by alias counted each time."""


class Said(str):
    """A text as it was written, and where: line and column from 1, 0 unknown."""

    __slots__ = ("column", "line")

    line: int
    column: int

    def __new__(cls, text: str, line: int = 0, column: int = 0) -> Said:
        """A text with its place."""
        said = super().__new__(cls, text)
        said.line = line
        said.column = column
        return said


class Fields(dict[str, "Tree"]):
    """Named values, in the order of the file."""

    __slots__ = ("column", "line")

    line: int
    column: int

    def __init__(self, line: int = 0, column: int = 0) -> None:
        """Nothing yet, at this place."""
        super().__init__()
        self.line = line
        self.column = column


class Items(list["Tree"]):
    """Values in a row."""

    __slots__ = ("column", "line")

    line: int
    column: int

    def __init__(self, line: int = 0, column: int = 0) -> None:
        """Nothing yet, at this place."""
        super().__init__()
        self.line = line
        self.column = column


Tree: TypeAlias = Said | Fields | Items | None
"""A value of a file; None where it says that there is none."""


class Read(NamedTuple):
    """What a text says, and what is odd about it though it can be read."""

    tree: Tree
    findings: tuple[Finding, ...] = ()


class UnreadableError(Exception):
    """A text is not in the format it should be; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        """Keep what to tell."""
        super().__init__(str(finding))
        self.finding = finding

    def of(self, file: str) -> Finding:
        """What to tell, with the file that it is about."""
        return replace(self.finding, place=replace(self.finding.place, file=file))


def unreadable(code: str, says: str, *, hint: str, line: int = 0, column: int = 0) -> Exception:
    """An UnreadableError at a place of the text; whoever knows the file adds it."""
    place = Place(line=line, column=column)
    return UnreadableError(error(code, says, hint=hint, place=place))


def text_of(data: bytes) -> str:
    """The text of a file's bytes; raises UnreadableError (SOURCE001, SOURCE002)."""
    if len(data) > LARGEST_FILE:
        raise too_large(len(data))
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        says = f"byte 0x{data[problem.start]:02x} is not UTF-8 text"
        hint = "save it as UTF-8, or leave it out with 'skip:'"
        raise unreadable("SOURCE002", says, hint=hint, line=line) from None


def too_large(size: int) -> Exception:
    """An UnreadableError for a file of so many bytes, in a format that is read whole."""
    says = f"the file has {size:,} bytes; at most {LARGEST_FILE:,} are read"
    return unreadable("SOURCE001", says, hint="split it, or leave it out with 'skip:'")


def line_of(tree: Tree) -> int:
    """The line on which a value begins, 0 where unknown."""
    return tree.line if tree is not None else 0


def plain(tree: Tree) -> object:
    """A value as plain dict, list, str and None, places forgotten."""
    if isinstance(tree, Fields):
        return {str(key): plain(value) for key, value in tree.items()}
    if isinstance(tree, Items):
        return [plain(value) for value in tree]
    return None if tree is None else str(tree)


def shifted(read: Read, lines: int) -> Read:
    """The same said so many lines further down; the places change in place."""
    if not lines:
        return read
    waiting = [read.tree]
    while waiting:
        part = waiting.pop()
        if part is None:
            continue
        part.line += lines
        if isinstance(part, Fields):
            waiting.extend(part.values())
        elif isinstance(part, Items):
            waiting.extend(part)
    findings = tuple(
        replace(each, place=replace(each.place, line=each.place.line + lines))
        for each in read.findings
    )
    return Read(read.tree, findings)
