"""What of a source's words the company does not say yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from latticework.base.findings import Finding
from latticework.base.refs import slug_of
from latticework.base.times import DAY_MICROSECONDS, FOREVER, Instant
from latticework.graph.facts import Facts, facts_about
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags, Timeline
from latticework.journal.changes import Batch, Change, Connect, Disconnect, Put, Value
from latticework.sources.intakes.past import Cell, Past, Replay
from latticework.sources.intakes.statements import Statements, Verdict, asked, held, wins_of
from latticework.sources.recipes.parts import SOURCE_WINS, Recipe

Later = Callable[[str], Instant | None]
"""From a ref to the instant since when its record's newer values hold."""

Spot = tuple[int, Instant]
"""A thing's number, and since when a value of it holds."""

NOTHING = ("\0",)
"""Equal to no value that can be told."""


@dataclass(frozen=True, slots=True)
class News:
    """Changes of the present, changes of the past, and conflicts."""

    present: tuple[Change, ...]
    past: tuple[Past, ...] = ()
    findings: tuple[Finding, ...] = ()


def first_news(said: Sequence[Change], told: Replay, later: Later) -> News:
    """Everything a source says, to a company that knows nothing."""
    rest = (each for change in said for each in less_told(change, told, later))
    return News((*rest, *told.ended), told.past)


def less_told(change: Change, told: Replay, later: Later) -> Iterator[Change]:
    """A change without what the past explains; nothing where it explains all."""
    if isinstance(change, Connect):
        ends = change.source, change.link, change.target
        if ends not in told.edges or change.fields:
            yield change
        return
    if not isinstance(change, Put):
        yield change
        return
    if change.ref in told.since:
        yield replace(change, valid=told.since[change.ref])
        return
    rest = {n: value for n, value in change.fields.items() if (change.ref, n) not in told.cells}
    gaps = {name: rest.pop(name) for name in tuple(rest) if (change.ref, name) in told.gaps}
    if rest or not change.fields:
        yield replace(change, fields=rest)
    for name, value in gaps.items():
        valid = _after(later(change.ref), told.gaps[change.ref, name])
        yield replace(change, fields={name: value}, valid=valid)


def _after(valid: Instant | None, last: Instant) -> Instant | None:
    """An instant that lies behind the last one; None, for the import's, where it does not."""
    return valid if valid is not None and valid > last else None


def past_batches(past: Iterable[Past], source: str) -> Iterator[Batch]:
    """The past in batches: what one person did on one day, in the order of days."""
    days: dict[tuple[int, str], list[Past]] = {}
    for each in past:
        valid = each.change.valid or 0
        days.setdefault((valid // DAY_MICROSECONDS, each.by), []).append(each)
    for (_, by), mine in sorted(days.items()):
        mine.sort(key=lambda each: each.change.valid or 0)
        changes = tuple(each.change for each in mine)
        why = f"what {source} tells of that day"
        yield Batch(changes=changes, by=by, why=why, source=source, valid=changes[0].valid)


class Telling:
    """Compares what a source says with what a graph says; used once."""

    def __init__(
        self,
        graph: Graph,
        recipe: Recipe,
        said: Sequence[Change],
        told: Replay,
        later: Later,
        shared: frozenset[str] = frozenset(),
    ) -> None:
        """Read of the graph what is spoken of; `shared` are things of several sources."""
        self._graph = graph
        self._recipe = recipe
        self._said = said
        self._told = told
        self._later = later
        self._facts: Facts = facts_about(graph, said)
        self._wins = wins_of(recipe)
        self._findings: list[Finding] = []
        self._homes = _homes(graph, said)
        self._statements = Statements(graph, self._disputed(said, shared))

    def _disputed(self, said: Sequence[Change], shared: frozenset[str]) -> Iterator[str]:
        """Things of which somebody else may have said what this source says otherwise."""
        for change in said:
            if isinstance(change, Put) and change.ref in self._facts.alive:
                kind = change.ref.partition("/")[0]
                mine = bool(shared) and self._present(change.ref) in shared
                for name, value in change.fields.items():
                    differs = self._facts.cells.get((change.ref, name)) != value
                    if differs and (mine or (kind, name) in self._wins):
                        yield change.ref
                        break

    def news(self) -> News:
        """What the company does not say yet."""
        every = (*self._said, *(each.change for each in self._told.past))
        rows = _Rows(self._graph, {ref for change in every for ref in _refs(change)})
        past = tuple(each for each in self._told.past if not rows.holds(each.change))
        fresh: dict[object, Instant] = {}
        for each in past:
            for key in _keys(each.change):
                fresh[key] = max(each.change.valid or 0, fresh.get(key, each.change.valid or 0))
        present = [
            rest
            for change in self._said
            if isinstance(change, Put | Connect)
            for rest in self._rest(change, fresh, rows)
        ]
        edges = facts_about(self._graph, self._told.ended).edges
        ended = [
            change
            for change in self._told.ended
            if (ends := (change.source, change.link, change.target)) in edges or ends in fresh
        ]
        return News((*present, *ended), past, tuple(self._findings))

    def _rest(
        self, change: Put | Connect, fresh: Mapping[object, Instant], rows: _Rows
    ) -> Iterator[Change]:
        """What of a change of the present has to be recorded."""
        rest = self._facts.remainder(change)
        if isinstance(rest, Connect):
            ends = rest.source, rest.link, rest.target
            if ends not in self._told.edges or ends not in fresh or rest.fields:
                yield self._edge_since(rest, rows)
        elif isinstance(rest, Put) and rest.ref not in self._facts.alive:
            yield from less_told(rest, self._told, self._later)
        elif isinstance(rest, Put):
            fields: dict[str, Value] = {}
            asked = []
            for name, value in rest.fields.items():
                if self._is_covered((rest.ref, name), fresh, rows):
                    continue
                verdict = self._verdict(rest, name)
                if verdict is Verdict.NEWS:
                    fields[name] = value
                elif verdict is Verdict.ASKED:
                    asked.append(name)
            yield from self._since(replace(rest, fields=fields), fresh, rows)
            for name in asked:
                yield from self._ask(rest, name)

    def _edge_since(self, change: Connect, rows: _Rows) -> Connect:
        """An edge that is new of things known before, since they were updated."""
        if self._recipe.later_pick is None:
            return change
        dated = {end: self._later(end) for end in (change.source, change.target)}
        stating = {end: later for end, later in dated.items() if later is not None}
        if not stating or not all(rows.is_there(end) for end in stating):
            return change
        return replace(change, valid=max(stating.values()))

    def _since(self, change: Put, fresh: Mapping[object, Instant], rows: _Rows) -> Iterator[Change]:
        """Puts of what is new of a thing known before, each since when it can stand."""
        if self._recipe.later_pick is None and not self._told.gaps:
            if change.fields:
                yield replace(change, valid=None) if self._recipe.first_only else change
            return
        later = self._later(change.ref)
        times: dict[Instant | None, dict[str, Value]] = {}
        for name, value in change.fields.items():
            cell = change.ref, name
            last = max(rows.last_valid(*cell), fresh.get(cell, 0))
            times.setdefault(_after(later, last), {})[name] = value
        for valid, fields in times.items():
            yield replace(change, fields=fields, valid=valid)

    def _is_covered(self, cell: Cell, fresh: Mapping[object, Instant], rows: _Rows) -> bool:
        """Whether the past that comes in with it will show this value already."""
        if cell not in self._told.cells or cell not in fresh:
            return False
        return rows.last_valid(*cell) <= fresh[cell]

    def _verdict(self, change: Put, name: str) -> Verdict:
        """Whether the company's own value gives way to the source's."""
        wins = self._wins.get((change.ref.partition("/")[0], name), SOURCE_WINS)
        present = self._present(change.ref)
        return self._statements.verdict(replace(change, ref=present), name, wins)

    def _present(self, ref: str) -> str:
        """The ref by which a thing goes now."""
        return self._homes.get(ref, ref)

    def _ask(self, change: Put, name: str) -> Iterator[Change]:
        """Both values, ours last: the source's waits for somebody's decision."""
        ours = self._facts.cells.get((change.ref, name))
        ref, source = self._present(change.ref), self._recipe.name
        self._findings.append(asked(source, ref, name, change.fields[name], ours))
        yield from held(change, name, ours)


class _Rows:
    """The rows of a graph's log about some things, read once for each field or link."""

    def __init__(self, graph: Graph, refs: Iterable[str]) -> None:
        """Find the things of these refs; their rows are read when asked for."""
        self._graph = graph
        self._cells: dict[tuple[str, str], dict[Spot, Value]] = {}
        self._lasts: dict[tuple[str, str], dict[int, Instant]] = {}
        self._edges: dict[str, set[tuple[int, int, Instant, int]]] = {}
        texts = pl.Series(list(refs), dtype=pl.String)
        ids = graph.find_all(texts)
        self._ids: dict[str, int] = dict(zip(texts, ids.tolist(), strict=True))
        self._mine = np.zeros(graph.size, dtype=np.bool_)
        self._mine[ids[ids >= 0]] = True
        self._first: dict[int, Instant] | None = None

    def holds(self, change: Put | Connect | Disconnect) -> bool:
        """Whether the log says this very thing of this very instant."""
        valid = change.valid or 0
        if isinstance(change, Put):
            node = self._id(change.ref)
            if node < 0:
                return False
            kind = change.ref.partition("/")[0]
            if not change.fields:
                return self._begins().get(node, FOREVER) <= valid
            # Of two values told for one instant the later one counts.
            return all(
                self._of(kind, name).get((node, valid), NOTHING) == value
                for name, value in change.fields.items()
            )
        source, target = self._id(change.source), self._id(change.target)
        state = 1 if isinstance(change, Connect) else 0
        return (source, target, valid, state) in self._drawn(change.link)

    def is_there(self, ref: str) -> bool:
        """Whether the company knows this thing."""
        node = self._id(ref)
        return node >= 0 and bool(self._graph.alive[node])

    def last_valid(self, ref: str, name: str) -> Instant:
        """The last instant up to the graph's own of which a field's log speaks."""
        kind = ref.partition("/")[0]
        self._of(kind, name)
        return self._lasts[kind, name].get(self._id(ref), 0)

    def _id(self, ref: str) -> int:
        return self._ids.get(ref, -1)

    def _begins(self) -> dict[int, Instant]:
        """Since when each thing is there."""
        if self._first is None:
            line = self._graph.log.existence
            mine = _seen(line, self._graph) & self._mine[line.subject]
            seen = np.flatnonzero(mine & (line.value == 1))[::-1]
            spots = line.subject[seen].tolist(), line.valid[seen].tolist()
            # Rows come in the order of time: of those taken backwards, the first one stays.
            self._first = dict(zip(*spots, strict=True))
        return self._first

    def _of(self, kind: str, name: str) -> Mapping[Spot, Value]:
        key = (kind, name)
        if key not in self._cells:
            self._cells[key], self._lasts[key] = self._read(kind, name)
        return self._cells[key]

    def _read(self, head: str, name: str) -> tuple[dict[Spot, Value], dict[int, Instant]]:
        graph = self._graph
        kind = next((each for each in graph.kind_names if slug_of(each) == head), head)
        mine = np.zeros(graph.size, dtype=np.bool_)
        if kind in graph.kind_names:
            mine = self._mine & (graph.kind_codes == graph.kind_names.index(kind))
        words = graph.words.field_words(kind, name, graph.log.cells)
        cells = graph.log.cells_of(words)
        line = cells.line
        seen = np.flatnonzero(_seen(line, graph) & mine[line.subject])
        picked = cells.values.gather(line.value[seen])
        texts: list[Value] = list(picked.texts.to_list())
        if picked.lists is not None:
            lists = picked.lists.to_list()
            texts = [
                tuple(many) if many is not None else one
                for one, many in zip(texts, lists, strict=True)
            ]
        subjects, valids = line.subject[seen].tolist(), line.valid[seen].tolist()
        now = graph.moment.valid
        lasts: dict[int, Instant] = {}
        for subject, valid in zip(subjects, valids, strict=True):
            if valid <= now:
                lasts[subject] = valid
        spots = zip(subjects, valids, strict=True)
        return dict(zip(spots, texts, strict=True)), lasts

    def _drawn(self, link: str) -> set[tuple[int, int, Instant, int]]:
        if link not in self._edges:
            log = self._graph.edge_log(link)
            line = log.state
            mine = _seen(line, self._graph) & self._mine[log.sources[line.subject]]
            numbers = line.subject[seen := np.flatnonzero(mine)]
            self._edges[link] = set(
                zip(
                    log.sources[numbers].tolist(),
                    log.targets[numbers].tolist(),
                    line.valid[seen].tolist(),
                    line.value[seen].tolist(),
                    strict=True,
                )
            )
        return self._edges[link]


def _homes(graph: Graph, said: Iterable[Change]) -> Mapping[str, str]:
    """The refs by which things that go by others go now, looked up all at once."""
    refs = list({change.ref for change in said if isinstance(change, Put)})
    texts = pl.Series(refs, dtype=pl.String)
    ids = graph.find_all(texts)
    known = np.flatnonzero(ids >= 0)
    present = graph.refs.gather(ids[known])
    moved = known[(present != texts.gather(known)).to_numpy()]
    homes = graph.refs.gather(ids[moved])
    return dict(zip(texts.gather(moved).to_list(), homes.to_list(), strict=True))


def _seen(line: Timeline, graph: Graph) -> Flags:
    """Rows that the graph knows of, whenever they hold."""
    return line.number <= graph.number


def _refs(change: Change) -> tuple[str, ...]:
    """The things that a change speaks of."""
    if isinstance(change, Put):
        return (change.ref,)
    return (change.source, change.target) if isinstance(change, Connect | Disconnect) else ()


def _keys(change: Put | Connect | Disconnect) -> Iterator[object]:
    """The cells or the edge that a change decides."""
    if isinstance(change, Put):
        yield from ((change.ref, name) for name in change.fields)
    else:
        yield change.source, change.link, change.target
