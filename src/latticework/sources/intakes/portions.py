"""An intake in portions: what each says, joined to those before and behind it.

A long sheet is never held as a whole. Most of what a portion says stands for
itself; what does not is kept here, in columns: the refs that records have,
what is said of things and edges that several records may state, and, where
links find things by a value or a later portion tells since when something
holds, what a first reading of everything found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from latticework.base.findings import Finding, Place, notice
from latticework.base.times import Instant
from latticework.journal.changes import Change, Connect, Put, Value
from latticework.sources.intakes.book import Book, Refs
from latticework.sources.intakes.files import FileStep
from latticework.sources.intakes.past import Past, Replay, replay
from latticework.sources.intakes.records import Edge
from latticework.sources.intakes.seen import MOST_PARTS, Settled, Sight
from latticework.sources.intakes.standing import Sought, Standing, Statement, Thing, sought_by
from latticework.sources.intakes.step import Step, When, joined
from latticework.sources.recipes.parts import Recipe

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

Portion = Sequence[FileStep]

HEARD = "\0"
"""Before the ref of a thing that a portion only mentions."""


class Taken(NamedTuple):
    """What a portion says: changes, the past it tells, and what stands by it."""

    changes: tuple[Change, ...]
    past: Replay
    laters: Mapping[str, Instant]
    findings: tuple[Finding, ...]
    sights: tuple[Sight, ...] = ()


@dataclass
class Known:
    """What only the whole of an intake tells.

    `holders` are refs by what they are sought by, `laters` since when the newer
    values of a thing hold, `since` how long things named by others are there.
    `own` are refs that have records of their own, whatever others say of them.
    """

    holders: Book[str] = field(default_factory=Book)
    laters: Book[int] = field(default_factory=Book)
    since: dict[str, Instant] = field(default_factory=dict)
    own: Book[int] = field(default_factory=Book)


class Portions:
    """Takes the portions of one intake in their order; used once."""

    def __init__(
        self,
        recipe: Recipe,
        when: When,
        settled: Settled | None = None,
        *,
        graph: Graph | None = None,
    ) -> None:
        """Nothing was taken yet; `settled` are records that portions leave out.

        `graph` is the company before the intake.
        """
        self._recipe = recipe
        self._graph = graph
        self._when = when
        self._settled = settled
        self._refs = Refs(graph)
        self._told: dict[str, dict[str, Value]] = {}
        self._drawn: Book[int] = Book()
        self._carried: dict[str, dict[str, Value]] = {}
        self._shared = frozenset(_shared(recipe))
        self._doubled = _doubled(recipe)
        self._dated = recipe.valid_pick is not None or any(part.history for part in recipe.parts)

    def only(self, steps: Portion) -> Taken:
        """What the only portion says."""
        standing = Standing(self._recipe, known=self._known)
        work = Step(standing, revision="", when=self._when)
        changes = work.take(steps)
        past = replay(standing, self._when) if self._dated else Replay()
        laters = dict(self._laters(standing))
        return Taken(changes, past, laters, (*work.findings, *past.findings))

    def look(self, steps: Portion, known: Known) -> None:
        """Note what a portion tells others that they cannot know."""
        standing, _, _ = self._stated(steps)
        told = set(self._told)
        self._note(standing)
        if self._doubled:
            own = [thing.ref for thing in standing.things if _is_own(standing, thing)]
            known.own.note(own, [0] * len(own))
        sought = [
            (_line_of(each), self._word_of(standing, standing.things[number]))
            for each, numbers in standing.holders.items()
            for number in numbers
            if _is_own(standing, standing.things[number])
            or self._holds(standing.things[number], each, told)
        ]
        known.holders.note([line for line, _ in sought], [ref for _, ref in sought])
        laters = dict(self._laters(standing))
        known.laters.note(list(laters), list(laters.values()))
        if self._dated:
            since = replay(standing, self._when).since
            for ref in since.keys() & self._told.keys():
                known.since[ref] = min(since[ref], known.since.get(ref, since[ref]))
        _let_go(steps)

    def take(self, steps: Portion, known: Known) -> Taken:
        """What one of several portions says that those before it did not."""
        standing, changes, odd = self._stated(steps, known)
        told = dict.fromkeys(self._told)
        past = self._past(standing, known, told) if self._dated else Replay()
        mentioned = {thing.ref for thing in _mentioned(standing)}
        findings: list[Finding] = []
        # What only mentions a thing is silent where it has a record, here or elsewhere.
        silent = known.own.find(mentioned).keys() if self._doubled else frozenset[str]()
        said = (each for each in changes if not (isinstance(each, Put) and each.ref in silent))
        rest = tuple(self._further(said, mentioned - silent, findings))
        self._note(standing)
        ends = {ref for change in rest for ref in _refs(change)}
        laters = {ref: found[-1] for ref, found in known.laters.find(ends).items()}
        _let_go(steps)
        return Taken(rest, past, laters, (*odd, *past.findings, *findings))

    def _stated(
        self, steps: Portion, known: Known | None = None
    ) -> tuple[Standing, tuple[Change, ...], Sequence[Finding]]:
        """What a portion states by itself, its records' refs apart from earlier ones."""
        wanted = {said.record.ref for step in steps for said in step.new}
        before = self._recorded(wanted)

        def taken(ref: str) -> bool:
            return ref in before if ref in wanted else bool(self._recorded([ref]))

        standing = Standing(self._recipe, taken, self._known)
        if known is not None and standing.sought:
            _seed(standing, steps, known)
        work = Step(standing, revision="", when=self._when)
        return standing, work.take(steps), work.findings

    def _known(self, ref: str) -> bool:
        """Whether the company has a thing of this ref already."""
        return self._graph is not None and self._graph.find(ref) is not None

    def _recorded(self, refs: Collection[str]) -> set[str]:
        """Those of the refs that earlier portions have records of."""
        found = self._refs.find(refs)
        return found if self._settled is None else found.union(self._settled.have(refs))

    def _note(self, standing: Standing) -> None:
        """Keep which refs records have, and what is said of things named by others."""
        own = [thing.ref for thing in standing.things if _is_own(standing, thing)]
        for thing in _mentioned(standing):
            told = self._told.setdefault(thing.ref, {})
            for name, value in thing.cells.items():
                told.setdefault(name, value)
        self._refs.note(own)

    def _word_of(self, standing: Standing, thing: Thing) -> str:
        """A thing's ref, marked where its own record may say otherwise."""
        return thing.ref if _is_own(standing, thing) or not self._doubled else HEARD + thing.ref

    def _holds(self, thing: Thing, sought: Sought, before: set[str]) -> bool:
        """Whether what others say of a thing has the value it is sought by first."""
        if thing.ref not in before or sought[1] not in self._told[thing.ref]:
            return True
        first = self._told[thing.ref][sought[1]]
        return isinstance(first, str) and first.strip().casefold() == sought[2]

    def _laters(self, standing: Standing) -> Iterator[tuple[str, Instant]]:
        """Since when the newer values of a thing hold, as its last record says."""
        for thing in standing.things if self._recipe.later_pick is not None else ():
            said = next(reversed(thing.says), None)
            at = self._when(said.record.later) if said is not None else None
            if at is not None:
                yield thing.ref, at

    def _past(self, standing: Standing, known: Known, told: Mapping[str, object]) -> Replay:
        """The past that a portion tells; things named by others are there since ever the same."""
        found = replay(standing, self._when)
        named = {thing.ref for thing in standing.things if thing.says}
        since = {ref: at for ref, at in known.since.items() if ref in named}
        rest = tuple(each for each in found.past if not _begins(each, named))
        begun = (Past(Put(ref, {}, valid=at)) for ref, at in since.items() if ref not in told)
        return replace(found, past=(*rest, *begun), since={**found.since, **since})

    def _further(
        self, changes: Iterable[Change], mentioned: set[str], findings: list[Finding]
    ) -> Iterator[Change]:
        """Changes, less what earlier portions said of the same things and edges."""
        changes = tuple(changes)
        lines = (_edge_line(each) for each in changes if isinstance(each, Connect))
        drawn = self._drawn.find(lines if self._shared else ())
        fresh: list[str] = []
        for change in changes:
            if isinstance(change, Put) and change.ref in mentioned and change.ref in self._told:
                yield from self._put(change, findings)
            elif isinstance(change, Connect) and change.link in self._shared:
                line = _edge_line(change)
                if line not in drawn:
                    fresh.append(line)
                yield from self._connect(change, line, known=line in drawn)
            else:
                yield change
        self._drawn.note(fresh, [0] * len(fresh))

    def _put(self, change: Put, findings: list[Finding]) -> Iterator[Put]:
        """What is said of a thing named by others, and was not said before."""
        told = self._told[change.ref]
        fresh = {name: value for name, value in change.fields.items() if name not in told}
        for name, value in change.fields.items():
            if told.get(name, value) != value:
                findings.append(_clash(change, name, told[name], value))
        if fresh:
            yield replace(change, fields=fresh)

    def _connect(self, change: Connect, line: str, *, known: bool) -> Iterator[Connect]:
        """What is said of an edge that both its ends may state."""
        told = self._carried.get(line, {})
        merged = dict(told)
        for name, value in change.fields.items():
            if name in told and self._is_many(change.link, name):
                merged[name] = joined(told[name], value)
            else:
                merged.setdefault(name, value)
        fresh = {name: value for name, value in merged.items() if told.get(name) != value}
        if merged:
            self._carried[line] = merged
        if fresh or not known:
            yield replace(change, fields=fresh)

    def _is_many(self, link: str, name: str) -> bool:
        ties = (tie for part in self._recipe.parts for tie in part.ties if tie.link == link)
        return any(c.field.many for tie in ties for c in tie.carries if c.field.name == name)


def needs_look(recipe: Recipe) -> bool:
    """Whether a portion cannot be taken before all were looked at."""
    dated = recipe.valid_pick is not None or recipe.later_pick is not None
    return dated or bool(recipe.sought) or _doubled(recipe)


def stands_alone(recipe: Recipe) -> bool:
    """Whether each record comes to the same, whatever the others say."""
    parts = recipe.parts
    dated = recipe.valid_pick is not None or any(part.history for part in parts)
    joined = any(part.mentioned or part.match for part in parts) or any(_shared(recipe))
    deep = any(start.path.steps for part in parts for start in part.starts if not start.above)
    plain = not recipe.shapes and not deep and len(parts) <= MOST_PARTS
    return plain and not dated and not joined and not needs_look(recipe)


def _doubled(recipe: Recipe) -> bool:
    """Whether things that others mention may have records of their own."""
    mentioned = {part.kind.name for part in recipe.parts if part.mentioned}
    return any(part.kind.name in mentioned for part in recipe.parts if not part.mentioned)


def _let_go(steps: Portion) -> None:
    """Part the statements of a portion from their units, so that both are freed at once.

    Each names the other, and cycles are looked for seldom during an import.
    """
    for step in steps:
        for said in step.new:
            said.unit.says = ()


def _shared(recipe: Recipe) -> Iterator[str]:
    """Links whose edges more than one record may state."""
    sides: dict[str, set[tuple[int, bool]]] = {}
    for number, part in enumerate(recipe.parts):
        for tie in part.ties:
            sides.setdefault(tie.link, set()).add((number, tie.back))
            if part.mentioned:
                yield tie.link
    yield from (link for link, found in sides.items() if len(found) > 1)


def _seed(standing: Standing, steps: Portion, known: Known) -> None:
    """Let a portion's links find what other portions hold."""
    wanted = {
        sought
        for step in steps
        for said in step.new
        for edge in _sought_edges(said)
        for sought in sought_by(edge)
    }
    found = known.holders.find(map(_line_of, wanted))
    heard = {ref[1:] for refs in found.values() for ref in refs if ref.startswith(HEARD)}
    silent = {HEARD + ref for ref in known.own.find(heard)}
    for sought in wanted:
        refs = [r.lstrip(HEARD) for r in found.get(_line_of(sought), ()) if r not in silent]
        if refs:
            standing.holders[sought] = {standing.number_of(ref): None for ref in refs}


def _sought_edges(said: Statement) -> Iterator[Edge]:
    """The edges that a record states or tells of by a value."""
    yield from (edge for edge in said.record.edges if edge.by is not None)
    for turn in said.record.story.turns if said.record.story is not None else ():
        for each in turn.edges:
            for target in (*each.before, *each.after) if each.by is not None else ():
                yield Edge(each.link, each.back, target, each.by, (), 0)


def _is_own(standing: Standing, thing: Thing) -> bool:
    """Whether a thing has a record of its own in this portion."""
    return bool(thing.says) and not standing.recipe.parts[thing.part].mentioned


def _mentioned(standing: Standing) -> Iterator[Thing]:
    """Things of a portion that many records make."""
    parts = standing.recipe.parts
    for thing in standing.things:
        if thing.says and parts[thing.part].mentioned:
            yield thing


def _begins(past: Past, named: set[str]) -> bool:
    """Whether a change of the past says no more than since when a named thing is there."""
    change = past.change
    return isinstance(change, Put) and change.ref in named and not change.fields


def _refs(change: Change) -> tuple[str, ...]:
    if isinstance(change, Put):
        return (change.ref,)
    return (change.source, change.target) if isinstance(change, Connect) else ()


def _line_of(sought: Sought) -> str:
    return "\0".join(sought)


def _edge_line(change: Connect) -> str:
    return f"{change.source}\0{change.link}\0{change.target}"


def _clash(change: Put, name: str, first: Value, other: Value) -> Finding:
    says = f"'{first}' stands first for {name}, and elsewhere '{other}'"
    via = change.via
    place = Place(file=via.file if via else "", line=via.line if via else 0)
    place = replace(place, ref=change.ref, field=name)
    return notice("SOURCE021", says, hint="let the source say one thing", place=place)
