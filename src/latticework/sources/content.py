"""The bytes of a file, which can be read again, and the text they are."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from latticework.base.findings import Finding, Place, warning
from latticework.sources.tree import LARGEST_FILE, text_of, too_large, unreadable

CHUNK = 1_000_000
"""Bytes that are looked at together."""

WINDOWS = "cp1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass
class Content:
    """Bytes from the beginning, as often as they are wanted.

    `done` tells how far they were last read.
    """

    size: int
    _begin: Callable[[], BinaryIO]
    _last: BinaryIO | None = field(default=None, repr=False)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """A file of these bytes, closed at the end of the block."""
        with self._begin() as file:
            self._last = file
            yield file

    @property
    def done(self) -> int:
        """How many bytes were read of the file that was opened last."""
        if self._last is None or self._last.closed:
            return self.size
        return self._last.tell()

    def whole(self) -> bytes:
        """All of them; raises UnreadableError (SOURCE001) where they are too many."""
        if self.size > LARGEST_FILE:
            raise too_large(self.size)
        with self.open() as file:
            return file.read()


BEGINNING = 80_000
"""Bytes from which the beginning of a text is taken."""


class Written(NamedTuple):
    """How a text is encoded, and what is doubtful about that."""

    encoding: str
    findings: tuple[Finding, ...] = ()


def content_of(data: bytes) -> Content:
    """Bytes at hand."""
    return Content(len(data), lambda: io.BytesIO(data))


def file_content(path: Path) -> Content:
    """The bytes of a file; raises OSError."""
    return Content(path.stat().st_size, lambda: path.open("rb"))


@contextmanager
def text_file(content: Content, encoding: str) -> Iterator[TextIO]:
    """The text of some bytes, line ends as they are."""
    with content.open() as file:
        yield io.TextIOWrapper(file, encoding=encoding, newline="")


def encoding_of(content: Content) -> Written:
    """How a text is encoded; raises UnreadableError (SOURCE002).

    A mark at the beginning tells, or else the bytes: what is not UTF-8 is taken
    for Windows-1252, with a finding, as long as it could be.
    """
    with content.open() as file:
        head = file.read(4)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    spot = misfit(content, encoding)
    if spot is None:
        return Written(encoding)
    if encoding == "utf-8" and misfit(content, WINDOWS) is None:
        says = f"byte 0x{spot.byte:02x} is not UTF-8 text; all is read as Windows-1252"
        hint = "save it as UTF-8 where letters look wrong"
        told = warning("SOURCE009", says, hint=hint, place=Place(line=spot.line))
        return Written(WINDOWS, (told,))
    says = f"byte 0x{spot.byte:02x} is not UTF-8 text"
    hint = "save it as UTF-8, or leave it out with 'skip:'"
    raise unreadable("SOURCE002", says, hint=hint, line=spot.line)


def beginning_of(data: bytes) -> str:
    """The beginning of a text, whatever else it holds: enough to tell its format."""
    head = data[:BEGINNING]
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    return head.decode(encoding, errors="replace")


class Spot(NamedTuple):
    """A byte that does not fit its encoding, and its line."""

    byte: int
    line: int


def misfit(content: Content, encoding: str) -> Spot | None:
    """The first byte that is no text in an encoding; None where all is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with content.open() as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                # The decoder may still hold the first bytes of a letter cut in two.
                above = problem.object.count(b"\n", 0, problem.start)
                return Spot(problem.object[problem.start], line + above)
            if encoding == WINDOWS and b"\0" in chunk:
                return Spot(0, line + chunk.count(b"\n", 0, chunk.index(b"\0")))
            if not chunk:
                return None
            line += chunk.count(b"\n")


def text_in(content: Content) -> str:
    """The text of some bytes; raises UnreadableError (SOURCE001, SOURCE002)."""
    return text_of(content.whole())
