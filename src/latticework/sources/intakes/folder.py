"""A plain folder in batches: what its files say now and the company does not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, error, warning
from latticework.base.times import Instant
from latticework.journal.changes import Batch, Change, Put
from latticework.sources.content import Content, file_content
from latticework.sources.intakes.files import Files, FileStep
from latticework.sources.intakes.git_history import nothing_read
from latticework.sources.intakes.gone import Said, taken_back
from latticework.sources.intakes.intake import Beforehand, Findings
from latticework.sources.intakes.matching import Identities, Meeting
from latticework.sources.intakes.news import News, Telling, first_news, past_batches
from latticework.sources.intakes.portions import (
    Known,
    Portions,
    Taken,
    needs_look,
)
from latticework.sources.intakes.seen import NO_SIGHT, Sight
from latticework.sources.intakes.step import When
from latticework.sources.recipes.parts import FILE_DATE, Recipe
from latticework.sources.tree import UnreadableError

if TYPE_CHECKING:
    import polars as pl


def read_folder(
    recipe: Recipe,
    folder: Path,
    known: Beforehand,
    stated: pl.DataFrame | None = None,
    *,
    told: Findings,
    when: When,
) -> Iterator[Batch]:
    """What the folder says and the company does not: a batch for each portion of it.

    One file named itself is read, whatever the recipe's globs say.
    What this source once said and says no longer is taken back, but only where
    this is the whole of it and every file could be read: a wrong folder or a
    broken file says nothing about what is no more. Of things that are named,
    fields and links that they no longer say are taken back all the same.
    """
    alone = folder.is_file()
    folder, paths = (folder.parent, [folder.name]) if alone else (folder, list(_paths(folder)))
    wanted = paths if alone else [path for path in paths if recipe.reads_file(path)]
    if not wanted:
        told.add(nothing_read(recipe, iter(paths)))
        return
    reading = _Reading(recipe, folder, wanted, told, known)
    comparing = _Comparing(recipe, known, stated)
    del stated
    waiting = News(())
    for taken in _takes(reading, recipe, when, known):
        # The last batch waits for what has vanished, so that a short intake is one.
        yield from _batches(waiting, recipe, known.now)
        if recipe.valid == FILE_DATE:
            taken = taken._replace(changes=tuple(reading.dated(taken.changes, known.now)))
        waiting, odd = comparing.news(taken)
        told.extend(odd)
    told.extend((*reading.unmet(), *comparing.findings()))
    if reading.unread and known.graph is not None:
        told.add(_kept_back(recipe, reading.unread))
    elif not reading.unread:
        waiting = replace(waiting, present=(*waiting.present, *comparing.gone()))
    yield from _batches(waiting, recipe, known.now)


def _takes(reading: _Reading, recipe: Recipe, when: When, known: Beforehand) -> Iterator[Taken]:
    """What each portion of the files says."""
    found = reading.portions()
    begun = list(islice(found, 2)) or [[]]
    if len(begun) == 1 and known.settled is None:
        steps = begun[0]
        yield Portions(recipe, when, graph=known.graph).only(steps)._replace(sights=_sights(steps))
        return
    whole = Known()
    if needs_look(recipe):
        looking = Portions(recipe, when, graph=known.graph)
        for steps in _all(begun, found):
            looking.look(steps, whole)
        found = reading.portions()
    taking = Portions(recipe, when, known.settled, graph=known.graph)
    for steps in _all(begun, found):
        yield taking.take(steps, whole)._replace(sights=_sights(steps))


def _all(begun: list[list[FileStep]], rest: Iterator[list[FileStep]]) -> Iterator[list[FileStep]]:
    """Portions, those that were begun first; each is let go of once it was given."""
    while begun:
        yield begun.pop(0)
    yield from rest


def _sights(steps: Iterable[FileStep]) -> tuple[Sight, ...]:
    return tuple(step.sight for step in steps if step.sight is not NO_SIGHT)


class _Comparing:
    """Compares what portions say with what the company says; used for one intake."""

    def __init__(self, recipe: Recipe, known: Beforehand, stated: pl.DataFrame | None) -> None:
        """Find out who is who; nothing was said yet."""
        self._recipe = recipe
        self._known = known
        graph = known.graph
        self._said = None if graph is None else Said(graph, whole=known.whole)
        self._who = Identities(graph, recipe, stated) if graph and stated is not None else None

    def news(self, taken: Taken) -> tuple[News, tuple[Finding, ...]]:
        """What of a portion the company does not say yet, and what is odd about it."""
        news, led = self._compared(taken)
        odd = (*taken.findings, *news.findings)
        if self._known.sights is not None:
            self._known.sights.note(taken.sights, odd, led)
        return news, odd

    def findings(self) -> Iterator[Finding]:
        """What is to be told of the intake as a whole."""
        return iter(()) if self._who is None else self._who.findings()

    def gone(self) -> Iterator[Change]:
        """What this source said before and says no longer; asked when all was compared."""
        if self._known.graph is None or self._said is None:
            return
        if self._known.settled is not None:
            self._said.settle(self._known.settled.nodes)
        yield from taken_back(self._known.graph, self._recipe, self._said)

    def _compared(self, taken: Taken) -> tuple[News, Mapping[str, str]]:
        """The news, and from which refs that records ask for others lead on."""
        later, graph = taken.laters.get, self._known.graph
        if graph is None or self._said is None:
            return first_news(taken.changes, taken.past, later), {}
        found = self._who.meet(taken.changes, later) if self._who else Meeting(said=taken.changes)
        past = found.led(taken.past)
        self._said.note(found.said)
        self._said.note(each.change for each in past.past if isinstance(each.change, Put))
        self._said.leave(found.stale)
        telling = Telling(graph, self._recipe, found.said, past, found.later(later), found.shared)
        news = telling.news()
        present = (*news.present, *found.introduced(news.present))
        findings = (*found.findings, *news.findings)
        return replace(news, present=present, findings=findings), found.refs


def _batches(news: News, recipe: Recipe, now: Instant) -> Iterator[Batch]:
    """The past by its days, then the present."""
    yield from past_batches(news.past, recipe.name)
    if news.present:
        why = f"what {recipe.name} says"
        yield Batch(changes=news.present, why=why, source=recipe.name, valid=now)


class _Reading:
    """Reads the files of a folder in portions, as often as wanted."""

    def __init__(
        self,
        recipe: Recipe,
        folder: Path,
        paths: list[str],
        told: Findings,
        known: Beforehand,
    ) -> None:
        """Nothing was read yet; findings about files go to `told`."""
        self._recipe = recipe
        self._folder = folder
        self._paths = paths
        self._told = told
        self._known = known
        self._files = self._begun()
        self.unread = 0

    def portions(self) -> Iterator[list[FileStep]]:
        """What the files state, about so many records at a time.

        Records that tell their past are not parted: an edge's past is told at
        both its ends.
        """
        self._files, self.unread = self._begun(), 0
        progress, most = self._known.progress, self._known.portion
        sizes = [_size(self._folder / path) for path in self._paths]
        before, pending, count, storied = 0, list[FileStep](), 0, False
        for path, size in zip(self._paths, sizes, strict=True):
            for step, content in self._steps(path):
                pending.append(step)
                count += len(step.new)
                storied |= any(said.record.story is not None for said in step.new)
                if count >= most and not storied:
                    yield pending
                    pending, count = [], 0
                if progress is not None:
                    progress(before + min(content.done, size), max(sum(sizes), 1), 0)
            before += size
        if progress is not None:
            progress(max(sum(sizes), 1), max(sum(sizes), 1), 0)
        if pending:
            yield pending

    def unmet(self) -> Iterator[Finding]:
        """Findings for parts of the recipe that met nothing, and fields that no part read."""
        return self._files.unmet()

    def dated(self, changes: Iterable[Change], now: Instant) -> Iterator[Change]:
        """Changes valid since their file was last written."""
        dates: dict[str, Instant] = {}
        for change in changes:
            file = change.via.file if change.via else ""
            if file and file not in dates:
                dates[file] = _changed(self._folder / file, now)
            yield replace(change, valid=dates[file]) if file else change

    def _begun(self) -> Files:
        known = self._known
        return Files(self._recipe, reads=known.reads, settled=known.settled)

    def _steps(self, path: str) -> Iterator[tuple[FileStep, Content]]:
        """What one file states; a finding where it cannot be read."""
        content = _content(self._folder / path)
        if isinstance(content, Finding):
            self._miss(path, content)
            return
        try:
            for step in self._files.portions(path, content, self._known.portion):
                yield step, content
        except UnreadableError as problem:
            self._miss(path, problem.finding)
        except OSError as problem:
            self._miss(path, _closed(problem))

    def _miss(self, path: str, finding: Finding) -> None:
        self.unread += 1
        self._told.add(replace(finding, place=replace(finding.place, file=path)))


def _paths(folder: Path) -> Iterator[str]:
    """Regular files under a folder, relative to it, in order; links are not followed."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in {".git", ".latticework"})
        for name in sorted(names):
            path = Path(here, name)
            if not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _content(path: Path) -> Content | Finding:
    """A file's bytes, or why they cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return error("SOURCE006", "this is no regular file", hint="leave it out with 'skip:'")
        with path.open("rb"):
            return file_content(path)
    except OSError as problem:
        return _closed(problem)


def _closed(problem: OSError) -> Finding:
    says = f"the file cannot be read: {problem.strerror or problem}"
    return error("SOURCE006", says, hint="let it be read, or leave it out with 'skip:'")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed(path: Path, now: Instant) -> Instant:
    return min(path.stat().st_mtime_ns // 1000, now)


def _kept_back(recipe: Recipe, files: int) -> Finding:
    count = "a file" if files == 1 else f"{files:,} files"
    says = f"nothing is taken back, as {count} could not be read"
    hint = "mend or skip what cannot be read, then import again"
    return warning("SOURCE023", says, hint=hint, place=Place(file=recipe.file))
