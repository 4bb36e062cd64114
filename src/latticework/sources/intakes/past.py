"""From the stories of records to changes that hold since the days they tell.

A record's present says what is; its story says what turned when. Played back
from the present, the turns tell what was first: a field that turned began with
what stood before its first turn, one that never turned has been so since the
record began. Where present and story end differently, the present is put since
the import, with a notice: sources rename their words without leaving a turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from latticework.base.findings import Finding, Place, notice
from latticework.base.times import Instant
from latticework.journal.changes import Connect, Disconnect, Put, Value, Via
from latticework.sources.intakes.records import Edge
from latticework.sources.intakes.standing import EdgeKey, Standing, Statement
from latticework.sources.intakes.step import When
from latticework.sources.intakes.story import EdgeTurn, Story, Texts, Turn

Cell = tuple[str, str]
"""A ref and a field."""

Ends = tuple[str, str, str]
"""An edge's source, link and target."""


class Past(NamedTuple):
    """A change with its own time, and who made it there."""

    change: Put | Connect | Disconnect
    by: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """The past as records tell it, and which of the present it explains.

    `cells` and `edges` are those whose stories end where the present stands;
    `ended` are edges that a story leaves standing and the present does not name.
    `gaps` are cells whose story ends with another value than the present, and when.
    `since` tells how long things without a story of their own have been named.
    """

    past: tuple[Past, ...] = ()
    cells: frozenset[Cell] = frozenset()
    edges: frozenset[Ends] = frozenset()
    ended: tuple[Disconnect, ...] = ()
    gaps: Mapping[Cell, Instant] = field(default_factory=dict)
    since: Mapping[str, Instant] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _Event(NamedTuple):
    """A turn of a statement at its instant."""

    at: Instant
    turn: Turn
    said: Statement


class _Switch(NamedTuple):
    """An edge is drawn, or no longer, since an instant."""

    at: Instant
    on: bool
    by: str
    via: Via


def replay(standing: Standing, when: When) -> Replay:
    """The past of every thing whose record tells it."""
    return _Replaying(standing, when).replay()


class _Replaying:
    """One replay of all stories; used once."""

    def __init__(self, standing: Standing, when: When) -> None:
        """Find who tells a story, and since when each thing is."""
        self._at = standing
        self._when = when
        self._told = dict(_storied(standing))
        self._begins = {
            number: begins
            for number, (_, story) in self._told.items()
            if (begins := when(story.begins)) is not None
        }
        self._past: list[Past] = []
        self._cells: set[Cell] = set()
        self._gaps: dict[Cell, Instant] = {}
        self._switches: dict[EdgeKey, list[_Switch]] = {}
        self._findings: list[Finding] = []

    def replay(self) -> Replay:
        """Things first, then their cells, then edges."""
        for number, (said, story) in self._told.items():
            begins = self._begins.get(number)
            if begins is not None:
                ref = self._at.things[number].ref
                self._past.append(Past(Put(ref, {}, valid=begins, via=self._via(said, 0))))
            events = self._events(said, story)
            for name in sorted(story.fields):
                self._tell_cell(said, name, events)
            for event in events:
                for turn in event.turn.edges:
                    self._note(event, turn)
        edges, ended = self._edges()
        since = dict(self._named_since())
        return Replay(
            past=(*self._past, *(Past(Put(ref, {}, valid=at)) for ref, at in since.items())),
            cells=frozenset(self._cells),
            edges=frozenset(edges),
            ended=tuple(ended),
            gaps=self._gaps,
            since=since,
            findings=tuple(self._findings),
        )

    def _named_since(self) -> Iterator[tuple[str, Instant]]:
        """The first instant at which a record or an edge names a thing without a story."""
        first: dict[str, Instant] = {}
        for each in self._past:
            if isinstance(each.change, Connect) and each.change.valid is not None:
                for ref in (each.change.source, each.change.target):
                    first[ref] = min(each.change.valid, first.get(ref, each.change.valid))
        for number, thing in enumerate(self._at.things):
            if number in self._begins or not thing.says:
                continue
            above = (said.above for said in thing.says if said.above is not None)
            known = [at for each in above if (at := self._begin_of(each)) is not None]
            known += [first[thing.ref]] if thing.ref in first else []
            if known:
                yield thing.ref, min(known)

    def _begin_of(self, said: Statement) -> Instant | None:
        """Since when a record's thing is: as its story tells, or as its values hold."""
        return self._begins.get(said.thing) or self._when(said.record.valid)

    def _events(self, said: Statement, story: Story) -> list[_Event]:
        """The turns as they happened; some sources tell the last one first."""
        dated = ((self._when(turn.valid), turn) for turn in story.turns)
        events = [_Event(at, turn, said) for at, turn in dated if at is not None]
        if events and events[0].at > events[-1].at:
            events.reverse()
        return sorted(events, key=lambda event: event.at)

    # ---- cells

    def _tell_cell(self, said: Statement, name: str, events: Sequence[_Event]) -> None:
        """What one field was: at most one put for each instant."""
        ref = self._at.things[said.thing].ref
        part = self._at.recipe.parts[said.record.part]
        many = part.kind.fields_by_name[name].many if name in part.kind.fields_by_name else False
        now, line = next(
            (v, at) for each, v, at in (*said.record.cells, (name, None, 0)) if each == name
        )
        mine = [(each, turn) for each in events for turn in each.turn.cells if turn.field == name]
        pairs = [(turn.before, turn.after) for _, turn in mine]
        values = _unwound(now, pairs) if many else _lined_up(now, pairs)
        found: dict[Instant, tuple[Value, str, int]] = {}
        begins = self._begins.get(said.thing)
        if begins is not None and values[0] is not None:
            found[begins] = values[0], "", 0 if mine else line
        for (event, _), value in zip(mine, values[1:], strict=True):
            found[event.at] = value, event.turn.by, event.turn.line
        for at, (value, by, below) in found.items():
            put = Put(ref, {name: value}, valid=at, via=self._via(said, below))
            self._past.append(Past(put, by))
        if not found:
            return
        if values[-1] == now:
            self._cells.add((ref, name))
        else:
            self._gaps[ref, name] = max(found)
            self._findings.append(_differs(said, ref, name, values[-1], now))

    # ---- edges

    def _note(self, event: _Event, turn: EdgeTurn) -> None:
        """Edges that one turn draws or takes away."""
        via = self._via(event.said, event.turn.line)
        for targets, other, on in (
            (turn.after, turn.before, True),
            (turn.before, turn.after, False),
        ):
            for target in targets:
                if target not in other:
                    edge = Edge(turn.link, turn.back, target, turn.by, (), 0)
                    switch = _Switch(event.at, on, event.turn.by, via)
                    key = self._at.key_of(event.said, edge)
                    self._switches.setdefault(key, []).append(switch)

    def _edges(self) -> tuple[list[Ends], list[Disconnect]]:
        """Changes for every edge whose past is told, at one of its ends or at both."""
        explained, ended = [], []
        present = dict(self._present_edges())
        for key in {**present, **self._switches}:
            ends = self._at.things[key[0]].ref, key[1], self._at.things[key[2]].ref
            switches = sorted(self._switches.get(key, ()), key=lambda each: (each.at, each.on))
            stands = not switches[0].on if switches else True
            begins = self._begins_of(key)
            if stands and begins is not None:
                via = present.get(key) or switches[0].via
                self._past.append(Past(Connect(*ends, {}, valid=begins, via=via)))
            for each in _turning(switches, stands):
                stands = each.on
                made = (
                    Connect(*ends, {}, valid=each.at, via=each.via)
                    if each.on
                    else Disconnect(*ends, valid=each.at, via=each.via)
                )
                self._past.append(Past(made, each.by))
            if key in present and stands and (switches or begins is not None):
                explained.append(ends)
            elif key not in present and stands:
                ended.append(Disconnect(*ends, via=switches[-1].via))
        return explained, ended

    def _present_edges(self) -> Iterator[tuple[EdgeKey, Via]]:
        """Edges that stand now and whose past some record tells."""
        for said, story in self._told.values():
            for key, edge in zip(said.keys, said.record.edges, strict=True):
                if (edge.link, edge.back) in story.links:
                    yield key, self._via(said, edge.line)

    def _begins_of(self, key: EdgeKey) -> Instant | None:
        """An edge cannot be there before both its ends are."""
        known = [self._begins[end] for end in (key[0], key[2]) if end in self._begins]
        return max(known, default=None)

    def _via(self, said: Statement, line: int) -> Via:
        name, record = self._at.recipe.name, said.record
        return Via(name, record.key, said.unit.file, said.line_of(line))


def _storied(standing: Standing) -> Iterator[tuple[int, tuple[Statement, Story]]]:
    """The last record of each thing that tells its past."""
    for number, thing in enumerate(standing.things):
        for said in reversed(thing.says):
            if said.record.story is not None:
                yield number, (said, said.record.story)
                break


def _lined_up(now: Value, turns: Sequence[tuple[Texts, Texts]]) -> list[Value]:
    """A single field's values: the first turn's former one, then what each turn says."""
    if not turns:
        return [now]
    return [_one(turns[0][0]), *(_one(after) for _, after in turns)]


def _unwound(now: Value, turns: Sequence[tuple[Texts, Texts]]) -> list[Value]:
    """A list's values, from the present backwards: a turn tells what came and went.

    Some sources tell whole lists before and after, others only what changed;
    the difference of the two is the same.
    """
    at = dict.fromkeys((now,) if isinstance(now, str) else now or ())
    values: list[Value] = [tuple(at) or None]
    for before, after in reversed(turns):
        at = {text: None for text in at if text in before or text not in after}
        at |= dict.fromkeys(text for text in before if text not in after)
        values.append(tuple(at) or None)
    return values[::-1]


def _one(texts: Texts) -> Value:
    return texts[0] if len(texts) == 1 else texts or None


def _turning(switches: Iterable[_Switch], stands: bool) -> Iterator[_Switch]:
    """The switches that change something; both ends may tell of one."""
    for each in switches:
        if each.on is not stands:
            stands = each.on
            yield each


def _differs(said: Statement, ref: str, name: str, last: Value, now: Value) -> Finding:
    was, is_now = (_shown(value) for value in (last, now))
    says = f"the history of '{name}' ends with {was}, and {is_now} stands there now"
    hint = "where a word was renamed at the source, map both to one under 'words:'"
    place = Place(file=said.unit.file, line=said.line_of(0), ref=ref, field=name)
    return notice("SOURCE040", says, hint=hint, place=place, value=f"{was} {is_now}")


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    return f"'{value}'" if isinstance(value, str) else ", ".join(f"'{each}'" for each in value)
