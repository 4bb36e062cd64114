"""Harbour, a ferry company that keeps its teams and wishes in git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pygit2

from latticework.base.times import Instant, instant_of
from latticework.journal.changes import Batch, Change, Connect, Disconnect, Move, Put, Retire
from latticework.model.load import load_or_refuse
from latticework.sources.intakes.intake import Beforehand, Intake
from latticework.sources.intakes.read import read
from latticework.sources.recipes.parts import Recipe
from latticework.sources.recipes.recipe import load_recipe

MODEL = load_or_refuse(
    """
company: Harbour
kinds:
  team:
    family: collaboration
    fields:
      sort: choice crew | office
      mission: text
      tags: text many
    links:
      led by: {to: person, back: leads, carries: {role: {type: choice captain | mate, many: yes}}}
      works with: {to: team, back: is helped by}
  boat:
    family: collaboration
    fields: {length: text, engine: text}
    links: {sailed by: {to: team, back: sails}}
  person:
    family: collaboration
    many: people
    fields: {handle: text, home: text}
  wish:
    family: intent
    many: wishes
    stage field: status
    stages: {open: proposed, doing: active, done: done}
    fields: {number: number, due: day, size: choice small | large, body: text}
    links:
      wanted by: {to: person, back: wants}
      needs: {to: wish, back: is needed for}
      owned by: {to: team, back: owns}
"""
)

TEAMS = """
recipe: teams
reads: teams.yaml
kinds:
  team:
    from: [crews, offices]
    key: id
    renames: similar
    fields:
      title: name
      sort: {by list: {crews: crew, offices: office}}
      mission: mission
      tags: tags
    links:
      led by:
        - {person: captains.handle, role: {always: captain}}
        - {person: mates.handle, role: {always: mate}}
      works with: {team: friends, by: title}
  boat:
    from: team.boats
    key: [above, name]
    renames: similar
    fields: {title: name, length: length, engine: engine}
    links: {sailed by: above}
  person:
    mentioned in: [team.captains, team.mates]
    key: handle | without "@" | lower
    fields: {title: name, handle: 'handle | without "@" | lower', home: home}
"""

WISHES = """
recipe: wishes
reads: "wishes/**/wish.yaml"
kinds:
  wish:
    key: file | segment -2
    fields: {title: title, number: number, status: status, due: due, size: size}
    links:
      wanted by: {person: who}
      needs: {wish: 'needs | after "wishes/" | segment -1'}
      owned by: {team: team}
  person:
    mentioned in: wish.who
    key: it | without "@" | lower
    fields: {handle: 'it | without "@" | lower'}
"""


def recipe(text: str) -> Recipe:
    """A recipe checked against Harbour's words."""
    return load_recipe(text, file="some.recipe.yaml", model=MODEL)


class Commit(NamedTuple):
    """All files after a commit, its day in March 2026, and its message."""

    files: Mapping[str, str | bytes]
    day: int = 1
    message: str = "A change"


def noon(day: int) -> Instant:
    """Noon of a day in March 2026."""
    return instant_of(datetime(2026, 3, day, 12, tzinfo=UTC))


def history(folder: Path, commits: Iterable[Commit]) -> pygit2.Repository:
    """A repository with these commits on `main`; further ones when called again."""
    made = (folder / "HEAD").exists()
    repository = (
        pygit2.Repository(str(folder))
        if made
        else pygit2.init_repository(str(folder), bare=True, initial_head="main")
    )
    for commit in commits:
        index = pygit2.Index()
        for path, data in commit.files.items():
            raw = data.encode() if isinstance(data, str) else data
            blob = repository.create_blob(raw)
            index.add(pygit2.IndexEntry(path, blob, pygit2.enums.FileMode.BLOB))
        tree = index.write_tree(repository)
        signature = pygit2.Signature("Ada", "ada@localhost", noon(commit.day) // 1_000_000)
        parents = [] if repository.head_is_unborn else [repository.head.target]
        repository.create_commit(
            "refs/heads/main", signature, signature, commit.message, tree, parents
        )
    return repository


def intake(text: str, location: Path, since: str = "") -> tuple[tuple[Batch, ...], Intake]:
    """What a recipe reads from a place, and the intake with its findings."""
    taken = read(recipe(text), location, Beforehand(since=since, now=noon(31)))
    return tuple(taken.batches), taken


class Told(NamedTuple):
    """What changes leave standing: fields by ref, and edges with theirs."""

    nodes: dict[str, dict[str, object]]
    edges: dict[tuple[str, str, str], dict[str, object]]


class _Fold:
    """A plain fold of changes, refs as they are at the end."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.nodes: dict[str, dict[str, object]] = {}
        self.kept: dict[str, dict[str, object]] = {}
        self.edges: dict[tuple[str, str, str], dict[str, object]] = {}

    def now(self, ref: str) -> str:
        while self.names.get(ref, ref) != ref:
            ref = self.names[ref]
        return ref

    def apply(self, change: Change) -> None:
        match change:
            case Put(ref=ref, fields=fields):
                cells = self.kept.setdefault(self.now(ref), {})
                cells.update(fields)
                self.nodes[self.now(ref)] = cells
            case Retire(ref=ref):
                assert self.now(ref) in self.nodes, f"{ref} is retired and was not there"
                del self.nodes[self.now(ref)]
            case Move(ref=ref, to=to):
                self.move(self.now(ref), to)
            case Connect(source=source, link=link, target=target, fields=fields):
                ends = self.now(source), link, self.now(target)
                self.edges.setdefault(ends, {}).update(fields)
            case Disconnect(source=source, link=link, target=target):
                del self.edges[self.now(source), link, self.now(target)]

    def move(self, old: str, to: str) -> None:
        self.names.pop(to, None)
        self.names[old] = to
        for store in (self.nodes, self.kept):
            if old in store:
                store[to] = store.pop(old)
        self.edges = {
            (self.now(source), link, self.now(target)): cells
            for (source, link, target), cells in self.edges.items()
        }


def told(batches: Sequence[Batch]) -> Told:
    """What stands after these batches."""
    fold = _Fold()
    for batch in batches:
        for change in batch.changes:
            fold.apply(change)
    return Told(
        {ref: _present(cells) for ref, cells in fold.nodes.items()},
        {ends: _present(cells) for ends, cells in fold.edges.items()},
    )


def _present(cells: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in cells.items() if value is not None}


def kinds(batches: Sequence[Batch]) -> Counter[str]:
    """How many things of each kind stand at the end."""
    return Counter(ref.partition("/")[0] for ref in told(batches).nodes)
