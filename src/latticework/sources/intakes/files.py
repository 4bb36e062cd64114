"""The files of a source as they stand, and what is new when one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.content import Content
from latticework.sources.intakes.nest import Nest, read_nested
from latticework.sources.intakes.pieces import Piece, cut, recut
from latticework.sources.intakes.records import NOTHING, Reading, Records
from latticework.sources.intakes.seen import (
    NO_SIGHT,
    Settled,
    Sight,
    digests_of,
    sight_of,
)
from latticework.sources.intakes.standing import Statement, Unit
from latticework.sources.intakes.unread import Unread
from latticework.sources.recipes.parts import Recipe
from latticework.sources.recipes.reshape import reshaped
from latticework.sources.source import Reads, Source, find_source, sources
from latticework.sources.tree import Fields, Items, Read, Tree, UnreadableError, text_of, unreadable

LONG_FILE = 20_000
"""Characters from which on a file is cut into pieces."""

SHOWN = 10
"""How many names a finding lists of those that a file holds."""

LONG_ITEM = 1_000
"""Characters from which on an item of a list is cut in turn."""


class FileStep(NamedTuple):
    """What happened to one file: statements that went, came or stand elsewhere.

    `before` is its former path, the same as `path` unless it was renamed.
    `turned` still stand, but inside another statement than before. `sight` is what
    was looked at, where records are left out that were seen before.
    """

    path: str
    before: str
    gone: tuple[Statement, ...] = ()
    new: tuple[Statement, ...] = ()
    turned: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()
    sight: Sight = NO_SIGHT


@dataclass(frozen=True, slots=True)
class _Part:
    """A unit, the records it was made from, and the text they were read from.

    `nest` is there where the text was read in pieces of its own.
    """

    text: str
    unit: Unit
    records: Records
    nest: Nest | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a file: its parts, and its text where it was cut."""

    parts: tuple[_Part, ...] = ()
    whole: str = ""
    pieces: tuple[Piece, ...] = ()


class _Planned(NamedTuple):
    """A piece, the part it continues, and what was read where it is not the same."""

    piece: Piece
    text: str
    former: _Part | None
    records: Records | None
    nest: Nest | None


class Files:
    """What was last read of each file; a file that cannot be read stays as it was."""

    def __init__(
        self,
        recipe: Recipe,
        *,
        long_file: int = LONG_FILE,
        long_item: int = LONG_ITEM,
        reads: Reads | None = None,
        settled: Settled | None = None,
    ) -> None:
        """No file was read yet; what is long is read in pieces, unless `reads` reads it.

        With `settled`, portions leave out the records that were seen before.
        """
        self._recipe = recipe
        self._settled = settled
        self._reads = reads
        self._long_file = long_file
        self._long_item = long_item
        self._kept: dict[str, _Kept] = {}
        self._unmet = {n for n, part in enumerate(recipe.parts) if not part.mentioned}
        self._seen: tuple[str, tuple[str, ...]] = "", ()
        self._unread = Unread(recipe)
        tops = [part for part in recipe.parts if not part.mentioned]
        self._bare = bool(tops) and all(part.is_file for part in tops)
        self._sheet = "", ""

    def unmet(self) -> Iterator[Finding]:
        """Findings for parts of the recipe that met nothing, and fields that no part read."""
        yield from self._unread.findings()
        path, names = self._seen
        if not path:
            return
        seen = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        # A recipe for several sorts of files meets in each what that one holds.
        whole = len(self._unmet) == sum(not part.mentioned for part in self._recipe.parts)
        tell, mend = (warning, "mend") if whole else (notice, "nothing, or mend")
        for number in sorted(self._unmet):
            part = self._recipe.parts[number]
            spots = ", ".join(f"'{start.text}'" for start in part.starts if start.text)
            says = f"no {part.kind.name} was found" + (f" at {spots}" if spots else "")
            hint = f"{mend} the recipe; '{path}' holds: {seen or 'no named values'}"
            place = Place(file=self._recipe.file)
            yield tell("SOURCE037", says, hint=hint, place=place, value=part.kind.name)

    def statements(self, path: str) -> tuple[Statement, ...]:
        """What a file states, in its order; nothing where it was never read."""
        return _statements(self._kept.get(path, _Kept()).parts)

    def drop(self, path: str) -> FileStep:
        """A file is no more."""
        kept = self._kept.pop(path, _Kept())
        return FileStep(path, path, gone=_statements(kept.parts))

    def take(self, path: str, before: str, data: bytes) -> FileStep | Finding:
        """A file is new, says something else, or goes by another path.

        A finding means that it cannot be read; then what it said last stands.
        """
        kept = self._kept.pop(before, _Kept())
        try:
            now = self._read(path, data, kept if path == before else _Kept())
        except UnreadableError as problem:
            self._kept[path] = _untouched(kept, path)
            return problem.of(path)
        self._kept[path] = now
        return _step(path, before, kept.parts, now.parts)

    def portions(self, path: str, content: Content, size: int) -> Iterator[FileStep]:
        """What a file states, so many records at a time; nothing is kept of it.

        Raises UnreadableError before the first portion.
        """
        source = self._source(path)
        shapes, reads = self._recipe.shapes, self._reads
        cut = source.portions is not None and not shapes
        if reads is None and not cut and source.name != "yaml":
            reads = Source.read_bytes
        if reads is not None:
            read = reshaped(self._rows(path, reads(source, content.whole()), source), shapes)
            yield self._portion(path, read, Reading(self._recipe, path, again=False))
            return
        if not cut:
            taken = self.take(path, path, content.whole())
            self._kept.pop(path, None)
            if isinstance(taken, Finding):
                raise UnreadableError(taken)
            yield taken
            return
        reading = Reading(self._recipe, path, again=False)
        for read in source.read_in_portions(content, size):
            yield self._portion(path, self._rows(path, read, source), reading)

    def _rows(self, path: str, read: Read, source: Source) -> Read:
        """What a file says; of a workbook the rows of its first sheet, where none is named."""
        if not (source.is_binary and self._bare and isinstance(read.tree, Fields)):
            return read
        known, sheet = self._sheet
        if known != path or not sheet:
            filled = (name for name, rows in read.tree.items() if isinstance(rows, Items) and rows)
            sheet = str(next(filled, ""))
            self._sheet = path, sheet
        return Read(read.tree.get(sheet), read.findings)

    def _portion(self, path: str, read: Read, reading: Reading) -> FileStep:
        """What so many records of a file state, less those that were seen before."""
        self._unread.look(path, read.tree)
        sight = NO_SIGHT
        if self._settled is None or not _is_listed(read.tree):
            records = reading.records(read)
        else:
            records, sight = self._sorted_out(path, read, self._settled, reading)
        self._find_met(path, read, records)
        step = _step(path, path, (), (_Part("", _unit(path, 1, records, ()), records),))
        return step._replace(sight=sight)

    def _sorted_out(
        self, path: str, read: Read, settled: Settled, reading: Reading
    ) -> tuple[Records, Sight]:
        """The records of a portion that were not seen before, and what was looked at."""
        assert isinstance(read.tree, Items)
        digests = digests_of(path, read.tree)
        rows = settled.find(digests)
        while True:
            left = np.flatnonzero(rows < 0)
            items = Items(1, 1)
            items.extend(read.tree[number] for number in left.tolist())
            records = reading.records(Read(items, read.findings))
            found = settled.without_rivals(rows.copy(), records)
            if np.array_equal(found, rows):
                break
            rows = found
        self._unmet -= settled.settle(rows[rows >= 0], records)
        kept = b"".join(digests[16 * number : 16 * number + 16] for number in left.tolist())
        return records, sight_of(kept, items, records, rows[rows >= 0])

    def _read(self, path: str, data: bytes, kept: _Kept) -> _Kept:
        """What a file says, whole or in pieces."""
        source = self._source(path)
        if source.portions is not None:
            return self._kept_of(path, self._rows(path, source.read_bytes(data), source), kept)
        text = text_of(data)
        lists = None if self._recipe.shapes else self._recipe.top_lists
        if source.name == "yaml" and lists is not None and len(text) >= self._long_file:
            try:
                pieced = self._pieced(path, text, kept, source, lists)
            except UnreadableError:
                pieced = None
            if pieced is not None:
                return pieced
        return self._kept_of(path, source.read(text), kept)

    def _kept_of(self, path: str, read: Read, kept: _Kept) -> _Kept:
        """What a file says that was read whole."""
        read = reshaped(read, self._recipe.shapes)
        before = kept.parts[0].records if len(kept.parts) == 1 else NOTHING
        records = Reading(self._recipe, path).records(read, before)
        self._meet(path, read, records)
        former = kept.parts[0].unit.says if before is not NOTHING else ()
        return _Kept((_Part("", _unit(path, 1, records, former), records),))

    def _pieced(
        self, path: str, text: str, kept: _Kept, source: Source, lists: frozenset[str]
    ) -> _Kept | None:
        """What a text says, piece by piece; None where it has to be read whole."""
        head = tail = 0
        if kept.pieces:
            again = recut(kept.whole, list(kept.pieces), text, lists)
            if again is None:
                return None
            pieces, head, tail = again
        else:
            found = cut(text, lists)
            if found is None:
                return None
            pieces = found
        first, last = len(kept.parts) - tail, len(pieces) - tail
        fresh = [(piece, piece.text(text)) for piece in pieces[head:last]]
        middle = self._middle(path, fresh, list(kept.parts[head:first]), source)
        for part, piece in zip(kept.parts[first:], pieces[last:], strict=True):
            part.unit.line = piece.first
        return _Kept((*kept.parts[:head], *middle, *kept.parts[first:]), text, tuple(pieces))

    def _middle(
        self, path: str, pieces: list[tuple[Piece, str]], former: list[_Part], source: Source
    ) -> list[_Part]:
        """Parts for pieces that may be new; raises UnreadableError."""
        reading = Reading(self._recipe, path)
        matched = len(pieces) == len(former)
        planned: list[_Planned] = []
        taken: set[int] = set()
        for index, (piece, text) in enumerate(pieces):
            fresh = [part for part in former if id(part) not in taken]
            same = next((part for part in fresh if part.text == text), None)
            like = former[index] if matched and id(former[index]) not in taken else None
            part = same or like
            if part is not None:
                taken.add(id(part))
            if same is not None:
                planned.append(_Planned(piece, text, same, None, None))
                continue
            nest = like.nest if like else None
            long = len(text) >= self._long_item
            nested = read_nested(text, nest, source.read) if long else None
            read = nested.read if nested else source.read(text)
            records = reading.records(read, like.records if like else NOTHING)
            self._meet(path, read, records)
            planned.append(_Planned(piece, text, like, records, nested.nest if nested else None))
        # Nothing that stands is touched before every piece has been read.
        return [_part(path, each) for each in planned]

    def _meet(self, path: str, read: Read, records: Records) -> None:
        """Note which parts of the recipe met something, and what a file looks like."""
        self._unread.look(path, read.tree)
        self._find_met(path, read, records)

    def _find_met(self, path: str, read: Read, records: Records) -> None:
        if not self._unmet:
            return
        self._unmet -= {spotted.record.part for spotted in records.found}
        tree = read.tree[0] if isinstance(read.tree, Items) and read.tree else read.tree
        if tree is not None:
            self._seen = path, tuple(tree) if isinstance(tree, Fields) else ()

    def _source(self, path: str) -> Source:
        """The reader of a file; raises UnreadableError where there is none."""
        source = sources()[self._recipe.format] if self._recipe.format else find_source(path)
        if source is None:
            known = ", ".join(ending for each in sources().values() for ending in each.reads)
            hint = f"say 'format:' in the recipe; endings known by themselves: {known}"
            raise unreadable("SOURCE005", "no reader fits the file's ending", hint=hint)
        return source


def _is_listed(tree: Tree) -> bool:
    """Whether a tree is a list of records, of which each can be looked at by itself."""
    return isinstance(tree, Items) and all(type(each) is Fields for each in tree)


def _part(path: str, planned: _Planned) -> _Part:
    """The part of a piece: the former one where it says the same."""
    piece, text, former, records, nest = planned
    if former is not None and records is None:
        former.unit.line = piece.first
        return former
    read = records or NOTHING
    says = former.unit.says if former else ()
    return _Part(text, _unit(path, piece.first, read, says), read, nest)


def _untouched(kept: _Kept, path: str) -> _Kept:
    """What stood before a version that cannot be read; its nests may have moved."""
    for part in kept.parts:
        part.unit.file = path
    parts = tuple(replace(part, nest=None) for part in kept.parts)
    return replace(kept, parts=parts)


def _unit(path: str, line: int, records: Records, former: tuple[Statement, ...]) -> Unit:
    """A unit; statements of equal records are those of the former unit."""
    unit = Unit(path, line)
    says: list[Statement] = []
    for spotted in records.found:
        if spotted.before >= 0:
            said = former[spotted.before]
            said.unit, said.line = unit, spotted.line
        else:
            said = Statement(unit, spotted.record, spotted.line)
        says.append(said)
    unit.says = tuple(says)
    return unit


def _statements(parts: Iterable[_Part]) -> tuple[Statement, ...]:
    return tuple(said for part in parts for said in part.unit.says)


def _step(path: str, before: str, then: tuple[_Part, ...], now: tuple[_Part, ...]) -> FileStep:
    """The difference between what stood and what stands."""
    kept = {id(part) for part in then} & {id(part) for part in now}
    old = dict.fromkeys(_statements(part for part in then if id(part) not in kept))
    fresh = [part for part in now if id(part) not in kept]
    new, turned = [], []
    for part in fresh:
        for said, spotted in zip(part.unit.says, part.records.found, strict=True):
            above = part.unit.says[spotted.above] if spotted.above >= 0 else None
            if said not in old:
                new.append(said)
            elif above is not said.above:
                turned.append(said)
            said.above = above
            old.pop(said, None)
    findings = tuple(
        replace(each, place=replace(each.place, line=part.unit.line - 1 + each.place.line))
        for part in fresh
        for each in part.records.findings
    )
    return FileStep(path, before, tuple(old), tuple(new), tuple(turned), findings)
