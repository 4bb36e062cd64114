"""A plain folder as one batch: what its files say now and the company does not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from latticework.base.findings import Finding, Place, error, warning
from latticework.base.times import Instant
from latticework.graph.facts import Edge
from latticework.journal.changes import Batch, Change, Connect, Disconnect, Put, Retire, Value, Via
from latticework.sources.files import Files, FileStep
from latticework.sources.git_history import nothing_read
from latticework.sources.intake import Findings, Progress
from latticework.sources.news import Later, News, Telling, first_news, past_batches
from latticework.sources.past import Replay
from latticework.sources.past import replay as replay_stories
from latticework.sources.recipe_parts import FILE_DATE, KEEP, Part, Recipe
from latticework.sources.standing import Standing
from latticework.sources.step import Step, When
from latticework.sources.tree import LARGEST_FILE

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Ints


def read_folder(
    recipe: Recipe,
    folder: Path,
    *,
    graph: Graph | None,
    told: Findings,
    when: When,
    progress: Progress | None,
    now: Instant,
) -> Iterator[Batch]:
    """At most one batch: what the folder says and `graph` does not.

    One file named itself is read, whatever the recipe's globs say.
    Without a graph everything is new. What this source once said and says no
    longer is taken back, but only where every file could be read: a wrong
    folder or a broken file says nothing about what is no more.
    """
    if folder.is_file():
        folder, paths = folder.parent, [folder.name]
        wanted = paths
    else:
        paths = list(_paths(folder))
        wanted = [path for path in paths if recipe.reads_file(path)]
    if not wanted:
        told.add(nothing_read(recipe, iter(paths)))
        return
    steps = _steps(recipe, folder, wanted, told, progress)
    standing = Standing(recipe)
    work = Step(standing, revision="", when=when)
    changes: Iterable[Change] = work.take(steps)
    for finding in work.findings:
        told.add(finding)
    if recipe.valid == FILE_DATE:
        dates = {step.path: _changed(folder / step.path, now) for step in steps}
        changes = (_dated(change, dates) for change in changes)
    said = tuple(changes)
    whole = len(steps) == len(wanted)
    if not whole and graph is not None:
        told.add(_kept_back(recipe, len(wanted) - len(steps)))
    dated = recipe.valid_pick is not None or any(part.history for part in recipe.parts)
    past = replay_stories(standing, when) if dated else Replay()
    later = partial(_later, standing, when)
    if graph is None:
        news = first_news(said, past, later)
    else:
        news = _news(said, past, graph, recipe, later, whole=whole)
    for finding in (*past.findings, *news.findings):
        told.add(finding)
    yield from past_batches(news.past, recipe.name)
    if news.present:
        why = f"what {recipe.name} says"
        yield Batch(changes=news.present, why=why, source=recipe.name, valid=now)


def _later(standing: Standing, when: When, ref: str) -> Instant | None:
    """Since when the newer values of a thing hold, as its last record says."""
    said = next(reversed(standing.things[standing.number_of(ref)].says), None)
    return when(said.record.later) if said is not None else None


def _steps(
    recipe: Recipe, folder: Path, paths: list[str], told: Findings, progress: Progress | None
) -> list[FileStep]:
    """What each file that can be read states."""
    files, steps = Files(recipe), []
    for done, path in enumerate(paths, start=1):
        read = _bytes(folder / path)
        taken = read if isinstance(read, Finding) else files.take(path, path, read)
        if isinstance(taken, Finding):
            told.add(replace(taken, place=replace(taken.place, file=path)))
        else:
            steps.append(taken)
        if progress is not None:
            progress(done, len(paths), 0)
    for finding in files.unmet():
        told.add(finding)
    return steps


def _paths(folder: Path) -> Iterator[str]:
    """Regular files under a folder, relative to it, in order; links are not followed."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in {".git", ".latticework"})
        for name in sorted(names):
            path = Path(here, name)
            if not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _bytes(path: Path) -> bytes | Finding:
    """A file's bytes, or why they cannot be read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return error("SOURCE006", "this is no regular file", hint="leave it out with 'skip:'")
        if about.st_size > LARGEST_FILE:
            says = f"the file has {about.st_size:,} bytes; at most {LARGEST_FILE:,} are read"
            return error("SOURCE001", says, hint="split it, or leave it out with 'skip:'")
        return path.read_bytes()
    except OSError as problem:
        says = f"the file cannot be read: {problem.strerror or problem}"
        return error("SOURCE006", says, hint="let it be read, or leave it out with 'skip:'")


def _changed(path: Path, now: Instant) -> Instant:
    return min(path.stat().st_mtime_ns // 1000, now)


def _dated(change: Change, dates: dict[str, Instant]) -> Change:
    """A change valid since its file was last written."""
    file = change.via.file if change.via else ""
    return replace(change, valid=dates[file]) if file in dates else change


def _kept_back(recipe: Recipe, files: int) -> Finding:
    count = "a file" if files == 1 else f"{files:,} files"
    says = f"nothing is taken back, as {count} could not be read"
    hint = "mend or skip what cannot be read, then import again"
    return warning("SOURCE023", says, hint=hint, place=Place(file=recipe.file))


def _news(
    changes: tuple[Change, ...],
    past: Replay,
    graph: Graph,
    recipe: Recipe,
    later: Later,
    *,
    whole: bool,
) -> News:
    """What the company does not say yet, and, of a whole folder, what it says no longer."""
    every = (*changes, *(each.change for each in past.past))
    present = _present_refs(graph, every)
    said: dict[str, set[str]] = {}
    edges: set[Edge] = set()
    for change in changes:
        if isinstance(change, Put):
            said.setdefault(present[change.ref], set()).update(change.fields)
        elif isinstance(change, Connect):
            edges.add((present[change.source], change.link, present[change.target]))
    for each in past.past:
        if isinstance(each.change, Put):
            said.setdefault(present[each.change.ref], set()).update(each.change.fields)
    news = Telling(graph, recipe, changes, past, present, later).news()
    taken = _taken_back(graph, recipe, said, edges) if whole else ()
    return replace(news, present=(*news.present, *taken))


def _present_refs(graph: Graph, changes: Iterable[Change]) -> dict[str, str]:
    """The ref by which each thing named goes now; its own where it is new."""
    named: dict[str, None] = {}
    for change in changes:
        if isinstance(change, Put):
            named[change.ref] = None
        elif isinstance(change, Connect | Disconnect):
            named |= {change.source: None, change.target: None}
    texts = pl.Series(list(named), dtype=pl.String)
    ids = graph.find_all(texts)
    known = np.flatnonzero(ids >= 0)
    present = dict(zip(named, named, strict=True))
    refs = graph.refs.gather(ids[known])
    return present | dict(zip(texts.gather(known).to_list(), refs.to_list(), strict=True))


def _present(graph: Graph, ref: str) -> str:
    """The ref by which a thing goes now; the ref itself where it is new."""
    node = graph.find(ref)
    return ref if node is None else str(graph.ref_of(node))


def _taken_back(
    graph: Graph, recipe: Recipe, said: Mapping[str, set[str]], edges: set[Edge]
) -> Iterator[Change]:
    """What this source said last and says no longer."""
    for part in recipe.parts:
        if part.mentioned:
            continue
        ids = graph.ids_of(part.kind.name)
        refs = graph.refs.gather(ids).to_list()
        for spot in _doubtful(graph, ids, refs, said, edges).tolist():
            yield from _gone(graph, recipe, part, refs[spot], said.get(refs[spot]), edges)


def _doubtful(
    graph: Graph, ids: Ints, refs: list[str], said: Mapping[str, set[str]], edges: set[Edge]
) -> Ints:
    """Things of which the company says more than this source: their places among `ids`.

    Only of these the history has to be read, to find who said it.
    """
    nothing: set[str] = set()
    more = np.array([ref not in said for ref in refs], dtype=np.bool_)
    for name in graph.field_names(int(ids[0])) if len(ids) else ():
        filled = graph.texts(name, ids).is_not_null().to_numpy()
        unsaid = (name not in said.get(ref, nothing) for ref in refs)
        more |= filled & np.fromiter(unsaid, dtype=np.bool_, count=len(refs))
    spots = np.full(graph.size, -1, dtype=np.int32)
    spots[ids] = np.arange(len(ids), dtype=np.int32)
    for link in graph.link_names():
        sources, targets = _edges_of(graph, link)
        mine = np.flatnonzero(spots[sources] >= 0)
        ends = zip(spots[sources[mine]].tolist(), graph.refs.gather(targets[mine]), strict=True)
        for spot, target in ends:
            more[spot] |= (refs[spot], link, target) not in edges
    return np.flatnonzero(more).astype(np.int32)


def _edges_of(graph: Graph, link: str) -> tuple[Ints, Ints]:
    """Ends of all edges of a link, those to things never recorded included."""
    drawn, loose = graph.adjacency(link), graph.dangling(link)
    sources = np.concatenate([drawn.sources, loose[0]])
    return sources, np.concatenate([drawn.targets, loose[1]])


def _gone(
    graph: Graph,
    recipe: Recipe,
    part: Part,
    ref: str,
    fields: set[str] | None,
    edges: set[Edge],
) -> Iterator[Change]:
    """Edges, fields or the whole of one thing, where this source said them last."""
    via = Via(source=recipe.name)
    mine: dict[str, bool] = {}
    drawn: dict[tuple[str, str, str], bool] = {}
    alive = False
    for entry in graph.history(ref):
        change = entry.change
        ours = entry.source == recipe.name
        if isinstance(change, Put):
            alive = ours
            mine |= {name: ours and value is not None for name, value in change.fields.items()}
        elif isinstance(change, Connect | Disconnect):
            ends = _present(graph, change.source), change.link, _present(graph, change.target)
            drawn[ends] = ours and isinstance(change, Connect)
    if fields is None and part.marks:
        known = graph.node(ref).fields if mine else part.marks
        marks = {name: v for name, v in part.marks.items() if known.get(name) != v}
        if marks:
            yield Put(ref, marks, via=via)
        return
    if fields is None and part.gone == KEEP:
        return
    for ends, ours in drawn.items():
        if ours and ends[0] == ref and ends not in edges:
            yield Disconnect(*ends, via=via)
    if fields is None:
        if alive:
            yield Retire(ref, via=via)
        return
    gone: dict[str, Value] = {
        name: None for name, ours in mine.items() if ours and name not in fields
    }
    if gone:
        yield Put(ref, gone, via=via)
