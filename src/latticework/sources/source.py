"""What a reader of one format is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath
from typing import Protocol

import latticework.sources
from latticework.base.registry import Declared, Registry, discover
from latticework.sources.content import Content, beginning_of, content_of, text_in
from latticework.sources.tree import Fields, Items, Read, Tree, unreadable

Reader = Callable[[str], Read]
"""From a text to what it says; raises UnreadableError."""

Portions = Callable[[Content, int], Iterator[Read]]
"""From a file's bytes to what it says, in lists of at most so many records.

Raises UnreadableError before the first of them, so that no file is taken in part.
"""

Fits = Callable[[str], bool]
"""Whether the beginning of a text shows that it is of this format."""

BEGINNING = 20_000
"""Characters of a text by which its format is told."""


class Reads(Protocol):
    """How the bytes of a file are read by the source that fits them."""

    def __call__(self, source: Source, data: bytes, /) -> Read:
        """What the bytes say; raises UnreadableError."""
        ...


def _never(_: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Source(Declared):
    """A reader of one format, and the file endings it is for.

    `fits` tells another tool's format by what a text holds, whatever the
    file's ending; plain formats go by their endings alone. `portions` reads
    files that are no text, and those that may be too long to be held at once.
    """

    reads: tuple[str, ...]
    read: Reader
    fits: Fits = _never
    portions: Portions | None = None
    is_binary: bool = False

    def read_in_portions(self, content: Content, size: int) -> Iterator[Read]:
        """What a file says, so many records at a time where the format allows.

        Raises UnreadableError before the first portion.
        """
        if self.portions is None:
            return iter((self.read(text_in(content)),))
        return self.portions(content, size)

    def read_bytes(self, data: bytes) -> Read:
        """What the bytes of a file say, all at once; raises UnreadableError."""
        content = content_of(data)
        content.whole()
        return together(self.read_in_portions(content, max(len(data), 1)))


def source(
    *, reads: tuple[str, ...] = (), fits: Fits = _never, portions: Portions | None = None
) -> Callable[[Reader], Source]:
    """Declare a function as the reader of texts with these endings, or that fit."""

    def declare(read: Reader) -> Source:
        return _declared(read, read, reads=reads, fits=fits, portions=portions)

    return declare


def binary_source(*, reads: tuple[str, ...]) -> Callable[[Portions], Source]:
    """Declare a function as the reader of files that are no text."""

    def read_text(_: str) -> Read:
        hint = f"give the file itself, with an ending such as {reads[0]}"
        raise unreadable("SOURCE017", "this format is no text", hint=hint)

    def declare(portions: Portions) -> Source:
        return replace(
            _declared(portions, read_text, reads=reads, portions=portions), is_binary=True
        )

    return declare


def together(portions: Iterable[Read]) -> Read:
    """What several portions of one file say, as one."""
    first, *rest = portions
    if not rest:
        return first
    findings = tuple(each for read in (first, *rest) for each in read.findings)
    tree = first.tree
    for read in rest:
        tree = _longer(tree, read.tree)
    return Read(tree, findings)


def _longer(tree: Tree, more: Tree) -> Tree:
    """A list with further items, or named lists with further items each; grown in place."""
    if isinstance(tree, Items) and isinstance(more, Items):
        tree.extend(more)
    elif isinstance(tree, Fields) and isinstance(more, Fields):
        for name, value in more.items():
            tree[name] = _longer(tree.get(name), value)
    else:
        return more
    return tree


def _declared(
    named: Callable[..., object],
    read: Reader,
    *,
    reads: tuple[str, ...],
    fits: Fits = _never,
    portions: Portions | None,
) -> Source:
    """A source that goes by a function's name and doc."""
    return Source(
        name=named.__name__,
        doc=(named.__doc__ or "").strip(),
        module=named.__module__,
        reads=reads,
        read=read,
        fits=fits,
        portions=portions,
    )


def source_of(data: bytes, path: str) -> Source | None:
    """The reader that a file's bytes ask for, or else its ending."""
    named = find_source(path)
    # What is no text asks for nothing.
    return named if named and named.is_binary else source_for(beginning_of(data), path)


@cache
def sources() -> Registry[Source]:
    """Every reader, ours and those of installed plugins."""
    return discover(Source, latticework.sources, group="latticework.sources")


def find_source(path: str) -> Source | None:
    """The reader for a file's ending, letter case aside."""
    suffix = PurePosixPath(path).suffix.casefold()
    for each in sources().values():
        if suffix in each.reads:
            return each
    return None


def source_for(text: str, path: str) -> Source | None:
    """The reader that a text itself asks for, or else its file's ending."""
    beginning = text[:BEGINNING]
    fitting = (each for each in sources().values() if each.fits(beginning))
    return next(fitting, None) or find_source(path)
