"""One step of a source, from one revision to the next, as changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from latticework.base.findings import Finding, Place, notice, warning
from latticework.base.times import Instant
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire, Value, Via
from latticework.sources.intakes.files import FileStep
from latticework.sources.intakes.records import Found
from latticework.sources.intakes.standing import (
    EdgeKey,
    Sought,
    Standing,
    Statement,
    Thing,
    Tied,
    in_order,
    likeness,
    sought_by,
)
from latticework.sources.recipes.parts import CALLED

SIMILAR = 0.5
"""The least likeness of two records that are one thing renamed."""

MOST_PAIRS = 10_000
"""Pairs of vanished and appeared things compared in one step, at most."""

When = Callable[[str], Instant | None]
"""From a record's own text for its time to an instant, None for the batch's."""


class _Came(NamedTuple):
    """A statement that came in this step, and the former path of its file."""

    said: Statement
    before: str


Left = dict[int, Statement]
"""Things that lost their record in this step, with that record's statement."""


class Step:
    """Takes a standing from one revision to the next; used once."""

    def __init__(self, standing: Standing, *, revision: str, when: When) -> None:
        """Nothing has happened yet."""
        self._at = standing
        self._revision = revision
        self._when = when
        self._moves: list[Change] = []
        self._left: Left = {}
        self._things: dict[int, list[Statement]] = {}
        self._edges: dict[EdgeKey, None] = {}
        self._seeking: dict[tuple[Statement, int], None] = {}
        self.findings: list[Finding] = []

    def take(self, files: Sequence[FileStep]) -> tuple[Change, ...]:
        """What the files' steps change: moves, puts, edges, then retirements."""
        for each in files:
            self.findings += each.findings
            for said in each.gone:
                self._withdraw(said)
        self._place([came for each in files for came in self._came(each)])
        new = [said for each in files for said in each.new]
        for said in new:
            self._state(said)
        puts = [change for number in self._things for change in self._put(number)]
        for said in new:
            self._tie(said)
        for each in files:
            for said in each.turned:
                self._turn(said)
        self._seek()
        ties = [change for key in self._edges for change in self._tied(key)]
        ties.sort(key=lambda change: isinstance(change, Connect))
        retired = [change for number in self._things for change in self._retire(number)]
        return (*self._moves, *puts, *ties, *retired)

    # ---- what goes

    def _withdraw(self, said: Statement) -> None:
        """Forget a statement."""
        at = self._at
        thing = at.things[said.thing]
        del thing.says[said]
        self._things.setdefault(said.thing, [])
        if at.is_mentioned(said.record):
            _vote(thing, said.record.cells, -1)
        else:
            self._left[said.thing] = said
        for index, (key, edge) in enumerate(zip(said.keys, said.record.edges, strict=True)):
            del at.edges[key].says[said, index]
            self._edges[key] = None
            for sought in sought_by(edge):
                del at.seekers[sought][said, index]

    # ---- who is who

    def _came(self, step: FileStep) -> Iterator[_Came]:
        for said in step.new:
            if not self._at.is_mentioned(said.record):
                yield _Came(said, step.before)

    def _place(self, came: list[_Came]) -> None:
        """Find the thing of each record that came."""
        came = self._match(came, lambda said, file: (file, said.record.ref))
        came = self._match(came, lambda said, _: ("", said.record.ref))
        came = self._follow_files(came)
        came = self._follow_likeness(came)
        for said, _ in came:
            number, ref = self._number_for(said)
            self._rename(said, number, ref)
            self._own(said, number)

    def _match(
        self, came: list[_Came], key: Callable[[Statement, str], tuple[str, str]]
    ) -> list[_Came]:
        """Give records to things that left under the same key; the rest is returned."""
        waiting: dict[tuple[str, str], list[int]] = {}
        for number, said in self._left.items():
            waiting.setdefault(key(said, said.unit.file), []).append(number)
        rest = []
        for each in came:
            numbers = waiting.get(key(*each))
            if numbers:
                number = numbers.pop(0)
                del self._left[number]
                self._own(each.said, number)
            else:
                rest.append(each)
        return rest

    def _follow_files(self, came: list[_Came]) -> list[_Came]:
        """A file's own record is the same thing under another path or key."""
        alone = Counter((each.before, each.said.record.part) for each in came)
        alone.update((said.unit.file, said.record.part) for said in self._left.values())
        whole = {(said.unit.file, said.record.part): number for number, said in self._left.items()}
        rest = []
        for each in came:
            spot = each.before, each.said.record.part
            # Where a file holds several records, its path does not tell which is which.
            fits = self._at.recipe.parts[spot[1]].is_file and alone[spot] == 2
            number = whole.get(spot) if fits else None
            if number is None or not self._move(each.said, number):
                rest.append(each)
        return rest

    def _follow_likeness(self, came: list[_Came]) -> list[_Came]:
        """Where the recipe says so, what appears is what vanished and is like it."""
        parts = self._at.recipe.parts
        # Of two that are alike, the one at the same place comes first.
        pairs = [
            (
                _place_of(gone) == _place_of(each.said),
                likeness(gone.record, each.said.record),
                -order,
                number,
                each.said,
            )
            for order, each in enumerate(came)
            if parts[each.said.record.part].similar
            for number, gone in self._left.items()
            if parts[gone.record.part].kind == parts[each.said.record.part].kind
        ][:MOST_PAIRS]
        done: set[Statement] = set()
        for _, alike, _, number, said in sorted(pairs, key=lambda pair: pair[:4], reverse=True):
            if alike < SIMILAR or number not in self._left or said in done:
                continue
            if self._move(said, number):
                done.add(said)
        return [each for each in came if each.said not in done]

    def _move(self, said: Statement, number: int) -> bool:
        """Give a thing that left the ref its new record asks for, if that is free."""
        ref = said.record.ref
        if self._at.numbers.get(ref, number) != number:
            return False
        del self._left[number]
        self._rename(said, number, ref)
        self._own(said, number)
        return True

    def _rename(self, said: Statement, number: int, ref: str) -> None:
        """Let a thing go by another of its refs, or by a new one."""
        thing = self._at.things[number]
        if thing.ref == ref:
            return
        self._moves.append(Move(thing.ref, ref, via=self._via(said, 0)))
        thing.ref = ref
        self._at.numbers[ref] = number

    def _number_for(self, said: Statement) -> tuple[int, str]:
        """A thing for a record whose key no living thing has, and its ref."""
        at, ref = self._at, said.record.ref
        taken, name = 1, ref
        while at.is_taken(name):
            taken += 1
            name = f"{ref}-{taken}"
        if taken > 1:
            says = f"'{said.record.key}' is the key of two records; this one becomes {name}"
            hint = "give each its own key in the source, or add a field to the recipe's key"
            if other := self._other_file(said):
                hint = f"if '{other}' is an older export of the same, import the newer one alone"
            place = Place(file=said.unit.file, line=said.line_of(0), ref=name)
            self.findings.append(warning("SOURCE020", says, hint=hint, place=place))
        return at.number_of(name), name

    def _other_file(self, said: Statement) -> str:
        """A file other than the record's own in which its key stands; empty for none."""
        number = self._at.numbers.get(said.record.ref, -1)
        files = {each.unit.file for each in self._at.things[number].says} if number >= 0 else set()
        return "" if said.unit.file in files else min(files, default="")

    def _own(self, said: Statement, number: int) -> None:
        said.thing = number
        self._at.things[number].says[said] = None

    # ---- what is said of things

    def _state(self, said: Statement) -> None:
        """Note what a record says of its thing."""
        at, record = self._at, said.record
        if at.is_mentioned(record):
            self._own(said, at.number_of(record.ref))
            _vote(at.things[said.thing], record.cells, +1)
        thing = at.things[said.thing]
        # What only mentions a thing takes nothing from the record it has of its own.
        if not (at.is_mentioned(record) and self._has_own(thing)):
            thing.part = record.part
        self._things.setdefault(said.thing, []).append(said)

    def _has_own(self, thing: Thing) -> bool:
        if thing.part < 0 or self._at.recipe.parts[thing.part].mentioned:
            return False
        return any(not self._at.is_mentioned(each.record) for each in thing.says)

    def _put(self, number: int) -> Iterator[Change]:
        """Puts for what is new about a thing, one for each line."""
        thing = self._at.things[number]
        mentioned = self._at.recipe.parts[thing.part].mentioned
        if not thing.says:
            if not mentioned:
                self._hold(number, thing, dict.fromkeys(thing.cells))
                self._call(number, thing, ())
            return
        new = [
            each
            for each in self._things[number]
            if mentioned or not self._at.is_mentioned(each.record)
        ]
        if new:
            self._call(number, thing, new[-1].record.names)
        if not new and not mentioned:
            return
        wanted = self._voted(thing) if mentioned else _owned(thing, new[-1])
        fresh = {name: value for name, value in wanted.items() if thing.cells.get(name) != value}
        if fresh or not thing.alive:
            yield from self._puts(thing, fresh, new)
        self._hold(number, thing, fresh if thing.alive else wanted)
        thing.alive = True
        for name, value in fresh.items():
            if value is None:
                del thing.cells[name]
            else:
                thing.cells[name] = value

    def _puts(
        self, thing: Thing, fresh: Mapping[str, Value], new: Sequence[Statement]
    ) -> Iterator[Change]:
        """The fresh values, those of one line together, each with its place."""
        waiting = dict(fresh)
        last = new[-1] if new else next(iter(thing.says))
        lines: dict[tuple[Statement, int], dict[str, Value]] = {}
        if not thing.alive:
            lines[new[0] if new else last, 0] = {}
        for said in [*new, *(thing.says if len(thing.says) > len(new) else ())]:
            for name, value, line in said.record.cells:
                if name in waiting and waiting[name] == value:
                    lines.setdefault((said, line), {})[name] = waiting.pop(name)
            if not waiting:
                break
        if waiting:
            lines.setdefault((last, 0), {}).update(waiting)
        for (said, line), fields in lines.items():
            valid = self._when(said.record.valid)
            yield Put(thing.ref, fields, via=self._via(said, line), valid=valid)

    def _voted(self, thing: Thing) -> dict[str, Value]:
        """What the records of a mentioned thing say together; the first one counts."""
        wanted: dict[str, Value] = {}
        for name, votes in thing.votes.items():
            if len(votes) == 1:
                wanted[name] = next(iter(votes))
            elif votes:
                wanted[name] = self._first(thing, name, votes)
        return wanted

    def _first(self, thing: Thing, name: str, votes: Mapping[Value, int]) -> Value:
        """The value that stands first in the files, with a finding on the others."""
        said, first, line = next(
            (said, value, line)
            for said in in_order(thing.says)
            for each, value, line in said.record.cells
            if each == name
        )
        words = ", ".join(sorted(f"'{value}'" for value in votes if value != first))
        says = f"'{first}' stands first for {name}, and elsewhere {words}"
        place = Place(file=said.unit.file, line=said.line_of(line), ref=thing.ref, field=name)
        hint = "let the source say one thing"
        self.findings.append(notice("SOURCE021", says, hint=hint, place=place))
        return first

    def _call(self, number: int, thing: Thing, names: Sequence[str]) -> None:
        """Keep the index of names by which things are sought."""
        kind = self._at.recipe.parts[thing.part].kind.name
        for these, others, held in ((thing.names, names, False), (names, thing.names, True)):
            for name in these:
                if name not in others:
                    self._mark((kind, CALLED, name.strip().casefold()), number, held)
        thing.names = tuple(names)

    def _hold(self, number: int, thing: Thing, fresh: Mapping[str, Value]) -> None:
        """Keep the index of values by which things are sought."""
        if not self._at.sought:
            return
        kind = self._at.recipe.parts[thing.part].kind.name
        for name in fresh:
            if (kind, name) not in self._at.sought:
                continue
            for value, held in ((thing.cells.get(name), False), (fresh[name], True)):
                if isinstance(value, str):
                    self._mark((kind, name, value.strip().casefold()), number, held)

    def _mark(self, sought: Sought, number: int, held: bool) -> None:
        """A thing holds a value or no longer does; whoever seeks it looks again."""
        holders = self._at.holders.setdefault(sought, {})
        if held:
            holders[number] = None
        else:
            holders.pop(number, None)
        self._seeking.update(self._at.seekers.get(sought, {}))

    # ---- edges

    def _tie(self, said: Statement) -> None:
        """Note the edges that a record states."""
        at = self._at
        said.keys.clear()
        for index, edge in enumerate(said.record.edges):
            for sought in sought_by(edge):
                at.seekers.setdefault(sought, {})[said, index] = None
            said.keys.append(self._join(said, index))

    def _turn(self, said: Statement) -> None:
        """A record stands inside another one than before."""
        for index, edge in enumerate(said.record.edges):
            if not edge.target and edge.by is None:
                self._again(said, index)

    def _seek(self) -> None:
        """Look again for ends sought by a value that another thing holds now."""
        for said, index in self._seeking:
            if index < len(said.keys) and (said, index) in self._at.edges[said.keys[index]].says:
                self._again(said, index)

    def _again(self, said: Statement, index: int) -> None:
        """Take back one edge of a record and join it anew."""
        key = said.keys[index]
        del self._at.edges[key].says[said, index]
        self._edges[key] = None
        said.keys[index] = self._join(said, index)

    def _join(self, said: Statement, index: int) -> EdgeKey:
        key = self._at.key_of(said, said.record.edges[index])
        tied = self._at.edges.get(key)
        if tied is None:
            tied = self._at.edges[key] = Tied()
        tied.says[said, index] = None
        self._edges[key] = None
        return key

    def _tied(self, key: EdgeKey) -> Iterator[Change]:
        """What is new about one edge."""
        at = self._at
        tied = at.edges[key]
        source, target = at.things[key[0]].ref, at.things[key[2]].ref
        if not tied.says:
            del at.edges[key]
            if tied.alive:
                via = Via(source=at.recipe.name, revision=self._revision)
                yield Disconnect(source, key[1], target, via=via)
            return
        wanted = self._carried(tied)
        fresh = {name: value for name, value in wanted.items() if tied.fields.get(name) != value}
        fresh |= {name: None for name in tied.fields if name not in wanted}
        if fresh or not tied.alive:
            said, index = next(reversed(tied.says))
            via = self._via(said, said.record.edges[index].line)
            # A new edge holds since its first record says, wherever a portion ends.
            first = said if tied.alive else next(iter(tied.says))[0]
            valid = self._when(first.record.valid)
            yield Connect(source, key[1], target, fresh, via=via, valid=valid)
        tied.fields, tied.alive = wanted, True

    def _carried(self, tied: Tied) -> dict[str, Value]:
        """The fields of an edge, joined where several records state it."""
        says: Iterable[tuple[Statement, int]] = tied.says
        if len(tied.says) > 1:
            says = sorted(says, key=lambda each: (each[0].order, each[1]))
        wanted: dict[str, Value] = {}
        for said, index in says:
            edge = said.record.edges[index]
            for name, value, _ in edge.fields:
                if (edge.link, name) in self._at.many:
                    wanted[name] = joined(wanted.get(name), value)
                else:
                    wanted.setdefault(name, value)
        return wanted

    # ---- what ends

    def _retire(self, number: int) -> Iterator[Change]:
        """A thing that no record states is no more, unless it is only mentioned."""
        thing = self._at.things[number]
        if thing.says or not thing.alive or self._at.recipe.parts[thing.part].mentioned:
            return
        thing.alive = False
        yield Retire(thing.ref, via=Via(source=self._at.recipe.name, revision=self._revision))

    def _via(self, said: Statement, line: int) -> Via:
        name, record = self._at.recipe.name, said.record
        return Via(name, record.key, said.unit.file, said.line_of(line), self._revision)


def _place_of(said: Statement) -> str:
    """The ref of the enclosing record, or the file."""
    return said.above.record.ref if said.above else said.unit.file


def _owned(thing: Thing, said: Statement) -> dict[str, Value]:
    """What a thing's own record says, and None for what it no longer says."""
    wanted: dict[str, Value] = {name: value for name, value, _ in said.record.cells}
    wanted |= {name: None for name in thing.cells if name not in wanted}
    return wanted


def _vote(thing: Thing, cells: Iterable[Found], count: int) -> None:
    """Count one record's values for or against."""
    for name, value, _ in cells:
        votes = thing.votes.setdefault(name, {})
        votes[value] = votes.get(value, 0) + count
        if not votes[value]:
            del votes[value]


def joined(one: Value, other: Value) -> tuple[str, ...]:
    """The texts of two values, each once."""
    texts: dict[str, None] = {}
    for value in (one, other):
        texts.update(dict.fromkeys((value,) if isinstance(value, str) else value or ()))
    return tuple(texts)
