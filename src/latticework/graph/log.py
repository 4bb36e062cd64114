"""The decoded journal of one branch, kept in an order that any moment can use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl

from latticework.base.times import Instant, Moment
from latticework.graph.names import Kin, Names
from latticework.graph.timeline import (
    EMPTY,
    Ints,
    Longs,
    Timeline,
    timeline,
)
from latticework.graph.values import NO_VALUES, Values
from latticework.graph.words import Words
from latticework.model.model import Field, Model
from latticework.model.values import Typed, parse_column

Load = Callable[[str], Model]


@dataclass(frozen=True)
class CellLog:
    """All that was ever written into the cells of one field word.

    `kept` is what readers worked out of it alone; a log with further cells
    begins without.
    """

    line: Timeline = EMPTY
    values: Values = NO_VALUES
    _typed: dict[Field, Typed] = field(default_factory=dict, repr=False, compare=False)
    kept: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False, compare=False)

    def with_cells(self, subject: Ints, valid: Longs, number: Ints, values: Values) -> CellLog:
        """The same with further cells, whose entries are later ones."""
        start = len(self.values)
        spots = np.arange(start, start + len(subject), dtype=np.int32)
        tail = timeline(subject, valid, number, spots)
        return CellLog(
            self.line.with_rows(tail), self.values.with_values(values), dict(self._typed)
        )

    def typed(self, declared: Field) -> Typed:
        """Every value ever written, as a field's type reads it."""
        known = self._typed.get(declared)
        count = 0 if known is None else len(known.text)
        if known is None or count < len(self.values):
            further = read_values(declared, self.values.slice(count))
            known = further if known is None else joined(known, further)
            self._typed[declared] = known
        return known

    def has_typed(self, declared: Field) -> bool:
        """Whether the values were read as this field before."""
        return declared in self._typed


@dataclass(frozen=True, slots=True)
class Ranked:
    """Edges as packed pairs in ascending order, and the number of each."""

    pairs: Longs
    order: Ints

    def numbers_of(self, wanted: Longs) -> Longs:
        """The number of each pair; -1 for one never drawn."""
        numbers = np.full(len(wanted), -1, dtype=np.int64)
        spots = np.searchsorted(self.pairs, wanted)
        hit = np.flatnonzero(spots < len(self.pairs))
        hit = hit[self.pairs[spots[hit]] == wanted[hit]]
        numbers[hit] = self.order[spots[hit]]
        return numbers

    def with_pairs(self, fresh: Longs, numbers: Longs) -> Ranked:
        """The same with further pairs, ascending, that are not among them."""
        spots = np.searchsorted(self.pairs, fresh)
        order = np.insert(self.order, spots, numbers).astype(np.int32, copy=False)
        return Ranked(np.insert(self.pairs, spots, fresh), order)


@dataclass(frozen=True)
class EdgeLog:
    """All edges ever drawn under one link word.

    An edge's number here is its place in `sources` and `targets`, in the order
    of first mention. `state` is 1 from a connect on, 0 from a disconnect on.
    """

    sources: Ints
    targets: Ints
    state: Timeline = EMPTY
    fields: Mapping[str, CellLog] = field(default_factory=dict)
    known_ranking: Ranked | None = field(default=None, repr=False, compare=False)
    _merged: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def ranked(self) -> Ranked:
        """Edges sorted by source, then target."""
        if self.known_ranking is not None:
            return self.known_ranking
        pairs = _pairs(self.sources, self.targets)
        order = np.argsort(pairs, kind="stable").astype(np.int32)
        return Ranked(pairs[order], order)

    @cached_property
    def last_valid(self) -> Instant:
        """The latest instant that any row speaks of."""
        return max(
            [self.state.last_valid, *(each.line.last_valid for each in self.fields.values())]
        )

    @property
    def order(self) -> Ints:
        """Edge numbers sorted by source, then target."""
        return self.ranked.order

    @cached_property
    def offs(self) -> Timeline:
        """The disconnects alone."""
        off = self.state.value == 0
        line = self.state
        return Timeline(
            subject=line.subject[off],
            valid=line.valid[off],
            number=line.number[off],
            value=line.value[off],
        )

    def number_of(self, source: int, target: int) -> int | None:
        """The number of one edge, if it was ever drawn."""
        found = int(self.ranked.numbers_of(np.array([(source << 32) | target]))[0])
        return None if found < 0 else found

    def cells_of(self, words: tuple[str, ...]) -> CellLog:
        """The cells of several words for a carried field as one log."""
        return cells_of(self.fields, words, self._merged)

    def edges_of(self, sources: Ints, targets: Ints) -> tuple[EdgeLog, Ints]:
        """The same log knowing all these edges, and the number of each."""
        wanted = _pairs(sources, targets)
        numbers = self.ranked.numbers_of(wanted)
        new = numbers < 0
        if not new.any():
            return self, numbers.astype(np.int32)
        fresh, firsts, inverse = np.unique(wanted[new], return_index=True, return_inverse=True)
        by_mention = np.argsort(firsts)
        rank = np.empty(len(fresh), dtype=np.int64)
        rank[by_mention] = np.arange(len(fresh))
        numbers[new] = len(self.sources) + rank[inverse]
        added = fresh[by_mention]
        grown = replace(
            self,
            sources=np.concatenate([self.sources, (added >> 32).astype(np.int32)]),
            targets=np.concatenate([self.targets, (added & 0xFFFFFFFF).astype(np.int32)]),
            known_ranking=self.ranked.with_pairs(fresh, len(self.sources) + rank),
            _merged={},
        )
        return grown, numbers.astype(np.int32)


NO_EDGES = EdgeLog(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))


@dataclass(frozen=True, slots=True)
class DeclaredModel:
    """A model, since when it holds, by which entry, and as what text."""

    valid: Instant
    number: int
    model: Model
    text: str


@dataclass(frozen=True, kw_only=True)
class Log:
    """Everything a branch's entries say, by thing and time.

    `known_at` and `known_numbers` give for each recorded instant the last
    entry recorded then. `models` come in order of entries. `latest` holds what
    was worked out for moments that see every entry.
    """

    head: int
    names: Names
    existence: Timeline
    cells: Mapping[str, CellLog]
    edges: Mapping[str, EdgeLog]
    models: tuple[DeclaredModel, ...]
    known_at: Longs
    known_numbers: Longs
    _words: dict[int, Words] = field(default_factory=dict, repr=False, compare=False)
    _merged: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False, compare=False)
    latest: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def last_valid(self) -> Instant:
        """The latest instant that any entry speaks of."""
        return max(
            self.existence.last_valid,
            self.names.moves.last_valid,
            *(cells.line.last_valid for cells in self.cells.values()),
            *(edges.last_valid for edges in self.edges.values()),
            *(each.valid for each in self.models),
        )

    def is_all_seen(self, valid: Instant, number: int) -> bool:
        """Whether a moment sees every entry; then `latest` serves it."""
        return number >= self.head and valid >= self.last_valid

    def number_at(self, moment: Moment) -> int:
        """The last entry that a moment knows of."""
        spot = int(np.searchsorted(self.known_at, moment.known, side="right"))
        return int(self.known_numbers[spot - 1]) if spot else 0

    def words_at(self, valid: Instant, number: int) -> Words:
        """How words are read at an instant, as far as entries up to `number` tell."""
        # Lineage follows the order in which words were said, whenever they hold:
        # a model for the past is written by somebody who knows the later ones.
        said = self.models
        visible = (
            at for at, each in enumerate(said) if each.valid <= valid and each.number <= number
        )
        present = max(visible, key=lambda at: (said[at].valid, said[at].number), default=-1)
        if present not in self._words:
            models = tuple(each.model for each in said)
            if present < 0:
                self._words[present] = Words(models=(Model(), *models), present=0)
            else:
                self._words[present] = Words(models=models, present=present)
        return self._words[present]

    @cached_property
    def kin(self) -> Kin:
        """Kind words under which one thing may be known."""
        return self.words_at(2**63 - 1, 2**63 - 1).kin

    def cells_of(self, words: tuple[str, ...]) -> CellLog:
        """The cells of several field words as one log."""
        return cells_of(self.cells, words, self._merged)

    def edges_of(self, words: tuple[str, ...]) -> EdgeLog:
        """The edges of several link words as one log."""
        logs = [self.edges[word] for word in words if word in self.edges]
        if len(logs) < 2:
            return logs[0] if logs else NO_EDGES
        key = ("edges", *words)
        if key not in self._merged:
            self._merged[key] = merged_edges(logs)
        found = self._merged[key]
        assert isinstance(found, EdgeLog)
        return found


def cells_of(
    cells: Mapping[str, CellLog], words: tuple[str, ...], kept: dict[tuple[str, ...], object]
) -> CellLog:
    """The cells of several words as one log, kept where it was merged."""
    logs = [cells[word] for word in words if word in cells]
    if len(logs) < 2:
        return logs[0] if logs else CellLog()
    key = ("cells", *words)
    if key not in kept:
        kept[key] = merged_cells(logs)
    found = kept[key]
    assert isinstance(found, CellLog)
    return found


def merged_edges(logs: list[EdgeLog]) -> EdgeLog:
    """Several logs of edges as one; a pair in two of them is one edge."""
    whole = NO_EDGES
    for each in logs:
        whole, numbers = whole.edges_of(each.sources, each.targets)
        fields = dict(whole.fields)
        for name, cells in each.fields.items():
            moved = CellLog(_relabelled(cells.line, numbers), cells.values)
            fields[name] = merged_cells([fields[name], moved]) if name in fields else moved
        state = _both(whole.state, _relabelled(each.state, numbers))
        whole = replace(whole, state=state, fields=fields)
    return whole


def merged_cells(logs: list[CellLog]) -> CellLog:
    """Several logs of the same subjects as one."""
    if len(logs) < 2:
        return logs[0] if logs else CellLog()
    line, values = logs[0].line, logs[0].values
    for each in logs[1:]:
        line = _both(line, replace(each.line, value=each.line.value + np.int32(len(values))))
        values = values.with_values(each.values)
    return CellLog(line, values)


def read_values(declared: Field, values: Values) -> Typed:
    """Values as a field's type reads them; a list in a single field is a misfit."""
    if declared.many:
        return parse_column(declared, values.as_lists())
    typed = parse_column(declared, values.as_texts())
    if not values.has_lists():
        return typed
    assert values.lists is not None
    return replace(typed, misfit=typed.misfit | values.lists.is_not_null())


def joined(first: Typed, second: Typed) -> Typed:
    """Two typed columns of one field, end to end."""
    return Typed(
        field=first.field,
        text=pl.concat([first.text, second.text], rechunk=False),
        low=pl.concat([first.low, second.low], rechunk=False),
        high=pl.concat([first.high, second.high], rechunk=False),
        unit=pl.concat([first.unit, second.unit], rechunk=False),
        unknown=pl.concat([first.unknown, second.unknown], rechunk=False),
        misfit=pl.concat([first.misfit, second.misfit], rechunk=False),
    )


def _pairs(sources: Ints, targets: Ints) -> Longs:
    return (sources.astype(np.int64) << 32) | targets


def _relabelled(line: Timeline, subjects: Ints) -> Timeline:
    return timeline(subjects[line.subject], line.valid, line.number, line.value)


def _both(first: Timeline, second: Timeline) -> Timeline:
    return timeline(
        np.concatenate([first.subject, second.subject]),
        np.concatenate([first.valid, second.valid]),
        np.concatenate([first.number, second.number]),
        np.concatenate([first.value, second.value]),
    )
