"""The files of a source as they stand, and what is new when one of them changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from latticework.base.findings import Finding
from latticework.sources.pieces import Piece, cut
from latticework.sources.recipe_parts import Recipe
from latticework.sources.records import Reading, Records
from latticework.sources.source import Source, find_source, sources
from latticework.sources.standing import Unit
from latticework.sources.step import FileStep
from latticework.sources.tree import UnreadableError, text_of, unreadable

PIECEMEAL = 20_000
"""Characters from which on a file is cut into pieces."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file's units by the text they were read from, in the file's order."""

    units: tuple[tuple[str, Unit], ...]


class Files:
    """What was last read of each file; a file that cannot be read stays as it was."""

    def __init__(self, recipe: Recipe) -> None:
        """No file was read yet."""
        self._recipe = recipe
        self._kept: dict[str, Kept] = {}
        self._count = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that stand."""
        return tuple(self._kept)

    def drop(self, path: str) -> FileStep:
        """A file is no more."""
        kept = self._kept.pop(path, Kept(()))
        return FileStep(path, path, tuple(unit for _, unit in kept.units), ())

    def take(self, path: str, before: str, data: bytes) -> FileStep | Finding:
        """A file is new, says something else, or goes by another path.

        A finding means that it cannot be read; then what it said last stands.
        """
        kept = self._kept.pop(before, Kept(()))
        try:
            text = text_of(data)
            units = self._units(path, text, kept if path == before else Kept(()))
        except UnreadableError as problem:
            for _, unit in kept.units:
                unit.file = path
            self._kept[path] = kept
            return replace(problem.finding, place=replace(problem.finding.place, file=path))
        self._kept[path] = Kept(units)
        now = {unit.number for _, unit in units}
        then = {unit.number for _, unit in kept.units}
        gone = tuple(unit for _, unit in kept.units if unit.number not in now)
        return FileStep(
            path, before, gone, tuple(unit for _, unit in units if unit.number not in then)
        )

    def _units(self, path: str, text: str, kept: Kept) -> tuple[tuple[str, Unit], ...]:
        """The units of a text; those of unchanged pieces are the ones kept."""
        source = self._source(path)
        lists = self._recipe.top_lists
        if source.name == "yaml" and lists is not None and len(text) >= PIECEMEAL:
            pieces = cut(text, lists)
            if pieces is not None:
                try:
                    return self._pieced(path, pieces, kept, source)
                except UnreadableError:
                    pass
        records = Reading(self._recipe, path).records(source.read(text))
        return (("", self._unit(path, 1, records)),)

    def _pieced(
        self, path: str, pieces: list[Piece], kept: Kept, source: Source
    ) -> tuple[tuple[str, Unit], ...]:
        """Units of pieces; raises UnreadableError where one cannot be read alone."""
        known: dict[str, list[Unit]] = {}
        for text, unit in kept.units:
            known.setdefault(text, []).append(unit)
        units = []
        reading = Reading(self._recipe, path)
        for text, line in pieces:
            waiting = known.get(text)
            if waiting:
                unit = waiting.pop(0)
                unit.line = line
            else:
                unit = self._unit(path, line, reading.records(source.read(text)))
            units.append((text, unit))
        return tuple(units)

    def _unit(self, path: str, line: int, records: Records) -> Unit:
        self._count += 1
        return Unit(self._count, path, line, records)

    def _source(self, path: str) -> Source:
        """The reader of a file; raises UnreadableError where there is none."""
        source = sources()[self._recipe.format] if self._recipe.format else find_source(path)
        if source is None:
            known = ", ".join(ending for each in sources().values() for ending in each.reads)
            hint = f"say 'format:' in the recipe; endings known by themselves: {known}"
            raise unreadable("SOURCE005", "no reader fits the file's ending", hint=hint)
        return source
