"""What a reader of one format is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import latticework.sources
from latticework.base.registry import Declared, Registry, discover
from latticework.sources.tree import Read

Reader = Callable[[str], Read]
"""From a text to what it says; raises UnreadableError."""


@dataclass(frozen=True, kw_only=True)
class Source(Declared):
    """A reader of one format, and the file endings it is for."""

    reads: tuple[str, ...]
    read: Reader


def source(*, reads: tuple[str, ...]) -> Callable[[Reader], Source]:
    """Declare a function as the reader of files with these endings."""

    def declare(read: Reader) -> Source:
        name = read.__name__
        doc = (read.__doc__ or "").strip()
        return Source(name=name, doc=doc, module=read.__module__, reads=reads, read=read)

    return declare


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
