"""One step of a source, from one revision to the next, as changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from latticework.base.findings import Finding, Place, notice, warning
from latticework.base.times import Instant
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire, Value, Via
from latticework.sources.records import Found, Record
from latticework.sources.standing import (
    EdgeKey,
    Saying,
    Sought,
    Standing,
    Statement,
    Thing,
    Tied,
    Unit,
    likeness,
    sought_by,
    statements,
)

SIMILAR = 0.5
"""The least likeness of two records that are one thing renamed."""

MOST_PAIRS = 10_000
"""Pairs of vanished and appeared things compared in one step, at most."""

When = Callable[[str], Instant | None]
"""From a record's own text for its time to an instant, None for the batch's."""


class FileStep(NamedTuple):
    """What happened to one file: the units that went and those that came.

    `before` is its former path; the same as `path` unless it was renamed.
    """

    path: str
    before: str
    gone: tuple[Unit, ...]
    new: tuple[Unit, ...]


class _Left(NamedTuple):
    """A thing of which a record went in this step."""

    number: int
    file: str
    record: Record


class _Came(NamedTuple):
    """A record that came in this step and is not yet any thing's."""

    statement: Statement
    unit: Unit
    record: Record
    before: str


class Step:
    """Takes a standing from one revision to the next; used once."""

    def __init__(self, standing: Standing, *, revision: str, when: When) -> None:
        """Nothing has happened yet."""
        self._at = standing
        self._revision = revision
        self._when = when
        self._moves: list[Change] = []
        self._left: list[_Left] = []
        self._things: dict[int, list[tuple[Unit, Record]]] = {}
        self._edges: dict[EdgeKey, None] = {}
        self._seeking: dict[tuple[Statement, int], Saying] = {}
        self.findings: list[Finding] = []

    def take(self, files: Sequence[FileStep]) -> tuple[Change, ...]:
        """What the files' steps change: moves, puts, edges, then retirements."""
        for each in files:
            for unit in each.gone:
                self._withdraw(unit)
        self._place([came for each in files for came in self._came(each)])
        new = [unit for each in files for unit in each.new]
        for unit in new:
            self._state(unit)
        puts = [change for number in self._things for change in self._put(number)]
        for unit in new:
            self._tie(unit)
        self._seek()
        ties = [change for key in self._edges for change in self._tied(key)]
        ties.sort(key=lambda change: isinstance(change, Connect))
        retired = [change for number in self._things for change in self._retire(number)]
        return (*self._moves, *puts, *ties, *retired)

    # ---- what goes

    def _withdraw(self, unit: Unit) -> None:
        """Forget what a unit stated."""
        at = self._at
        for statement, record in statements(unit):
            number = at.owners.pop(statement, None)
            if number is None:
                continue
            thing = at.things[number]
            del thing.says[statement]
            self._things.setdefault(number, [])
            if at.is_mentioned(record):
                _vote(thing, record.cells, -1)
            else:
                self._left.append(_Left(number, unit.file, record))
            for index, edge in enumerate(record.edges):
                key = at.keys.pop((statement, index))
                at.edges[key].says.pop((statement, index))
                self._edges[key] = None
                if edge.by is not None:
                    at.seekers[sought_by(edge)].pop((statement, index))

    # ---- who is who

    def _came(self, step: FileStep) -> Iterator[_Came]:
        for unit in step.new:
            for statement, record in statements(unit):
                if not self._at.is_mentioned(record):
                    yield _Came(statement, unit, record, step.before)

    def _place(self, came: list[_Came]) -> None:
        """Find the thing of each record that came."""
        left = {each.number: each for each in self._left}
        came = self._match(came, left, lambda one: (one.before, one.record.ref))
        came = self._match(came, left, lambda one: ("", one.record.ref))
        came = self._follow_files(came, left)
        came = self._follow_likeness(came, left)
        for each in came:
            number, ref = self._number_for(each)
            self._rename(each, number, ref)
            self._own(each, number)

    def _match(
        self, came: list[_Came], left: dict[int, _Left], key: Callable[[_Came], tuple[str, str]]
    ) -> list[_Came]:
        """Give records to things that left under the same key; the rest is returned."""
        waiting: dict[tuple[str, str], list[int]] = {}
        for one in left.values():
            waiting.setdefault((one.file, one.record.ref), []).append(one.number)
            waiting.setdefault(("", one.record.ref), []).append(one.number)
        rest = []
        for each in came:
            numbers = waiting.get(key(each), [])
            number = next((number for number in numbers if number in left), None)
            if number is None:
                rest.append(each)
            else:
                del left[number]
                self._own(each, number)
        return rest

    def _follow_files(self, came: list[_Came], left: dict[int, _Left]) -> list[_Came]:
        """A file's own record is the same thing under another name or key."""
        rest = []
        for each in came:
            part = self._at.recipe.parts[each.record.part]
            whole = any(not start.above and not start.path.steps for start in part.starts)
            number = next(
                (
                    one.number
                    for one in left.values()
                    if whole and one.file == each.before and one.record.part == each.record.part
                ),
                None,
            )
            if number is not None and self._move(each, number):
                del left[number]
            else:
                rest.append(each)
        return rest

    def _follow_likeness(self, came: list[_Came], left: dict[int, _Left]) -> list[_Came]:
        """Where the recipe says so, what appears is what vanished and is like it."""
        parts = self._at.recipe.parts
        pairs = [
            (likeness(one.record, each.record), -order, one.number, each)
            for order, each in enumerate(came)
            if parts[each.record.part].similar
            for one in left.values()
            if parts[one.record.part].kind == parts[each.record.part].kind
        ][:MOST_PAIRS]
        done = set()
        for alike, _, number, each in sorted(pairs, key=lambda pair: pair[:3], reverse=True):
            if alike < SIMILAR or number not in left or each.statement in done:
                continue
            if self._move(each, number):
                del left[number]
                done.add(each.statement)
        return [each for each in came if each.statement not in done]

    def _move(self, came: _Came, number: int) -> bool:
        """Give a thing the ref that its record asks for now, if it is free."""
        at, ref = self._at, came.record.ref
        if at.numbers.get(ref, number) != number:
            return False
        self._rename(came, number, ref)
        self._own(came, number)
        return True

    def _rename(self, came: _Came, number: int, ref: str) -> None:
        """Let a thing go by another of its refs, or by a new one."""
        thing = self._at.things[number]
        if thing.ref == ref:
            return
        via = self._via(came.unit, came.record, came.record.line)
        self._moves.append(Move(thing.ref, ref, via=via))
        thing.ref = ref
        self._at.numbers[ref] = number

    def _number_for(self, came: _Came) -> tuple[int, str]:
        """A thing for a record whose key no living thing has, and its ref."""
        at, ref = self._at, came.record.ref
        taken = 1
        name = ref
        while (number := at.numbers.get(name)) is not None and at.things[number].says:
            taken += 1
            name = f"{ref}-{taken}"
        if taken > 1:
            line = came.unit.line - 1 + came.record.line
            says = f"'{came.record.key}' is the key of two records; this one becomes {name}"
            hint = "give each its own key in the source, or add a field to the recipe's key"
            place = Place(file=came.unit.file, line=line, ref=name)
            self.findings.append(warning("SOURCE020", says, hint=hint, place=place))
        return at.number_of(name), name

    def _own(self, came: _Came, number: int) -> None:
        self._at.owners[came.statement] = number
        self._at.things[number].says[came.statement] = (came.unit, came.record)

    # ---- what is said of things

    def _state(self, unit: Unit) -> None:
        """Note what a unit says of things, and of things it mentions."""
        at = self._at
        for statement, record in statements(unit):
            if at.is_mentioned(record):
                number = at.number_of(record.ref)
                at.owners[statement] = number
                at.things[number].says[statement] = (unit, record)
                _vote(at.things[number], record.cells, +1)
            else:
                number = at.owners[statement]
            at.things[number].part = record.part
            self._things.setdefault(number, []).append((unit, record))
        for finding in unit.records.findings:
            place = replace(finding.place, line=unit.line - 1 + finding.place.line)
            self.findings.append(replace(finding, place=place))

    def _put(self, number: int) -> Iterator[Change]:
        """Puts for what is new about a thing, one for each line."""
        thing = self._at.things[number]
        mentioned = self._at.recipe.parts[thing.part].mentioned
        if not thing.says:
            if not mentioned:
                self._hold(number, thing, dict.fromkeys(thing.cells))
            return
        new = self._things[number]
        wanted = self._voted(thing) if mentioned else {}
        if not mentioned:
            unit, record = new[-1] if new else next(iter(thing.says.values()))
            wanted = {name: value for name, value, _ in record.cells}
            wanted |= {name: None for name in thing.cells if name not in wanted}
        fresh = {name: value for name, value in wanted.items() if thing.cells.get(name) != value}
        if fresh or not thing.alive:
            yield from self._puts(thing, fresh, new or list(thing.says.values()))
        self._hold(number, thing, fresh if thing.alive else wanted)
        thing.alive = True
        for name, value in fresh.items():
            if value is None:
                del thing.cells[name]
            else:
                thing.cells[name] = value

    def _puts(
        self, thing: Thing, fresh: Mapping[str, Value], new: Iterable[tuple[Unit, Record]]
    ) -> Iterator[Change]:
        """The fresh values, those of one line together, each with its place."""
        lines: dict[tuple[Unit, int], dict[str, Value]] = {}
        records: dict[Unit, Record] = {}
        waiting = dict(fresh)
        for unit, record in new:
            records[unit] = record
            if not thing.alive and not lines:
                lines[unit, record.line] = {}
            for name, value, line in record.cells:
                if name in waiting and waiting[name] == value:
                    lines.setdefault((unit, line or record.line), {})[name] = waiting.pop(name)
            if waiting and None in waiting.values():
                gone = {name: None for name, value in waiting.items() if value is None}
                lines.setdefault((unit, record.line), {}).update(gone)
                waiting = {name: value for name, value in waiting.items() if value is not None}
        if waiting:
            unit, record = next(iter(thing.says.values()))
            records[unit] = record
            lines.setdefault((unit, record.line), {}).update(waiting)
        for (unit, line), fields in lines.items():
            record = records[unit]
            via = self._via(unit, record, line)
            yield Put(thing.ref, fields, via=via, valid=self._when(record.valid))

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
        said = [
            (unit.file, unit.line - 1 + line, value)
            for unit, record in thing.says.values()
            for each, value, line in record.cells
            if each == name
        ]
        said.sort(key=lambda each: each[:2])
        file, line, first = said[0]
        words = ", ".join(sorted(f"'{value}'" for value in votes if value != first))
        says = f"'{first}' stands first for {name}, and elsewhere {words}"
        place = Place(file=file, line=line, ref=thing.ref, field=name)
        hint = "let the source say one thing"
        self.findings.append(notice("SOURCE021", says, hint=hint, place=place))
        return first

    def _hold(self, number: int, thing: Thing, fresh: Mapping[str, Value]) -> None:
        """Keep the index of values by which things are sought."""
        kind = thing.ref.partition("/")[0]
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

    def _tie(self, unit: Unit) -> None:
        """Note the edges that a unit states."""
        at = self._at
        for statement, record in statements(unit):
            for index, edge in enumerate(record.edges):
                saying = Saying(unit, record, edge)
                if edge.by is not None:
                    at.seekers.setdefault(sought_by(edge), {})[statement, index] = saying
                    self._seeking.pop((statement, index), None)
                self._say(saying, statement, index)

    def _seek(self) -> None:
        """Look again for ends sought by a value that another thing holds now."""
        for (statement, index), saying in self._seeking.items():
            key = self._at.keys.pop((statement, index), None)
            if key is not None:
                self._at.edges[key].says.pop((statement, index))
                self._edges[key] = None
                self._say(saying, statement, index)

    def _say(self, saying: Saying, statement: Statement, index: int) -> None:
        at, edge = self._at, saying.edge
        mine = at.owners[statement]
        other = at.target_of(saying, statement)
        key = (other, edge.link, mine) if edge.back else (mine, edge.link, other)
        at.keys[statement, index] = key
        tied = at.edges.get(key)
        if tied is None:
            tied = at.edges[key] = Tied()
        tied.says[statement, index] = saying
        self._edges[key] = None

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
            saying = next(reversed(tied.says.values()))
            via = self._via(saying.unit, saying.record, saying.edge.line)
            valid = self._when(saying.record.valid)
            yield Connect(source, key[1], target, fresh, via=via, valid=valid)
        tied.fields, tied.alive = wanted, True

    def _carried(self, tied: Tied) -> dict[str, Value]:
        """The fields of an edge, joined where several records state it."""
        sayings = list(tied.says.values())
        if len(sayings) > 1:
            sayings.sort(key=lambda each: (each.unit.file, each.unit.line + each.edge.line))
        wanted: dict[str, Value] = {}
        for saying in sayings:
            for name, value, _ in saying.edge.fields:
                if (saying.edge.link, name) in self._at.many:
                    wanted[name] = _joined(wanted.get(name), value)
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

    def _via(self, unit: Unit, record: Record, line: int) -> Via:
        return Via(
            self._at.recipe.name, record.key, unit.file, unit.line - 1 + line, self._revision
        )


def _vote(thing: Thing, cells: Iterable[Found], count: int) -> None:
    """Count one record's values for or against."""
    for name, value, _ in cells:
        votes = thing.votes.setdefault(name, {})
        votes[value] = votes.get(value, 0) + count
        if not votes[value]:
            del votes[value]


def _joined(one: Value, other: Value) -> tuple[str, ...]:
    """The texts of two values, each once."""
    texts: dict[str, None] = {}
    for value in (one, other):
        texts.update(dict.fromkeys((value,) if isinstance(value, str) else value or ()))
    return tuple(texts)
