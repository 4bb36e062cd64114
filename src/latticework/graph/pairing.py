"""Things and edges of two graphs, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.log import EdgeLog
from latticework.graph.timeline import Flags, Ints, Longs, Timeline


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """All things of two graphs, each with its number in both; -1 where unknown.

    With one log the numbers are the same. With two, things are matched by
    ref, those that only the earlier graph knows come last. `wanted` marks the
    things that were asked about.
    """

    before: Graph
    after: Graph
    ids_before: Ints
    ids_after: Ints
    wanted: Flags

    @property
    def one_log(self) -> bool:
        """Whether both graphs are moments of one log."""
        return self.before.log is self.after.log

    @cached_property
    def alive_before(self) -> Flags:
        """Whether each thing exists in the earlier graph."""
        return _alive(self.before, self.ids_before)

    @cached_property
    def alive_after(self) -> Flags:
        """Whether each thing exists in the later graph."""
        return _alive(self.after, self.ids_after)

    @cached_property
    def places_before(self) -> Ints:
        """The place here of each thing of the earlier graph."""
        places = np.zeros(self.before.size, dtype=np.int32)
        known = np.flatnonzero(self.ids_before >= 0)
        places[self.ids_before[known]] = known
        return places

    def moved(self) -> Longs:
        """Things that go by another ref since, kind words that changed aside."""
        both = self.alive_before & self.alive_after & self.wanted
        if self.one_log and not len(self.after.log.names.moves):
            return np.zeros(0, dtype=np.int64)
        spots = np.flatnonzero(both)
        old, new = (
            graph.log.names.texts.gather(
                graph.log.names.present_codes(graph.moment.valid, graph.number)[ids[spots]]
            )
            for graph, ids in ((self.before, self.ids_before), (self.after, self.ids_after))
        )
        found: Longs = spots[(old != new).to_numpy()]
        return found

    def former_refs(self, spots: Longs) -> pl.Series:
        """Refs in the earlier graph."""
        return self.before.refs.gather(self.ids_before[spots]).rename("was")

    def named(self, spots: Ints | Longs) -> pl.DataFrame:
        """Ref, kind and title: as in the later graph; of what is gone, as before."""
        late = self.alive_after[spots] | (self.ids_before[spots] < 0)
        parts: list[pl.DataFrame] = []
        for graph, ids, here in (
            (self.after, self.ids_after, late),
            (self.before, self.ids_before, ~late),
        ):
            if parts and not here.any():
                continue
            found = ids[spots][here]
            kinds = pl.Series(graph.kind_names, dtype=pl.String).gather(graph.kind_codes[found])
            columns = {"ref": graph.refs.gather(found), "kind": kinds, "title": graph.titles(found)}
            parts.append(pl.DataFrame(columns))
        order = np.argsort(np.concatenate([np.flatnonzero(late), np.flatnonzero(~late)]))
        return pl.concat(parts)[order] if len(parts) > 1 else parts[0]


@dataclass(frozen=True, kw_only=True)
class EdgePairing:
    """All edges of one link in two graphs, with their number in each log.

    `sources` and `targets` are places of the pairing of things. `before` and
    `after` tell whether the edge stands between existing things; `touched`
    marks edges of which something may differ.
    """

    log_before: EdgeLog
    log_after: EdgeLog
    sources: Ints
    targets: Ints
    numbers_before: Ints
    numbers_after: Ints
    before: Flags
    after: Flags
    touched: Flags


def pairing_of(before: Graph, after: Graph, ids: Ints | None) -> Pairing:
    """The things of two graphs; `ids` number those of `after` that are wanted."""
    if before.log is after.log:
        ids_before = ids_after = np.arange(after.size, dtype=np.int32)
    else:
        ids_before, ids_after = _matched(before, after)
    wanted = np.ones(len(ids_after), dtype=np.bool_)
    if ids is not None:
        wanted[:] = False
        wanted[np.asarray(ids, dtype=np.int64)] = True
    return Pairing(
        before=before, after=after, ids_before=ids_before, ids_after=ids_after, wanted=wanted
    )


def edge_pairing_of(pairs: Pairing, words: tuple[str, ...]) -> EdgePairing:
    """The edges of one link, under whatever words, in two graphs."""
    log_before = pairs.before.log.edges_of(words)
    log_after = pairs.after.log.edges_of(words)
    if log_before is log_after and pairs.one_log:
        sources, targets = log_after.sources, log_after.targets
        numbers = np.arange(len(sources), dtype=np.int32)
        both = (numbers, numbers)
    else:
        sources, targets, both = _matched_edges(pairs, log_before, log_after)
    on_before = _on(log_before, pairs.before)
    on_after = _on(log_after, pairs.after)
    ends = (pairs.alive_before[sources] & pairs.alive_before[targets]) & pairs.wanted[sources]
    before = _at(on_before, both[0]) & ends
    ends = (pairs.alive_after[sources] & pairs.alive_after[targets]) & pairs.wanted[sources]
    after = _at(on_after, both[1]) & ends
    touched = before | after
    if pairs.one_log:
        touched = after & ~before
        for line in (log_after.state, *(cells.line for cells in log_after.fields.values())):
            touched[line.subject[seen_once(line, pairs.before, pairs.after)]] = True
    return EdgePairing(
        log_before=log_before,
        log_after=log_after,
        sources=sources,
        targets=targets,
        numbers_before=both[0],
        numbers_after=both[1],
        before=before,
        after=after,
        touched=touched,
    )


def seen_once(line: Timeline, before: Graph, after: Graph) -> Flags:
    """Rows that one of two graphs of a log sees and the other does not."""
    seen = [
        (line.valid <= graph.moment.valid) & (line.number <= graph.number)
        for graph in (before, after)
    ]
    once: Flags = seen[0] ^ seen[1]
    return once


def _matched(before: Graph, after: Graph) -> tuple[Ints, Ints]:
    """Numbers in both graphs: all of the later one, then what it does not know.

    A thing is looked for by the text under which it was first mentioned, then
    by the ref it goes by now.
    """
    firsts = after.log.names.texts.gather(after.log.names.firsts)
    found = before.find_all(firsts)
    missing = np.flatnonzero(found < 0)
    if len(missing):
        found[missing] = before.find_all(after.refs.gather(missing))
    # Two things of one graph may be one thing in the other: the first keeps it.
    known, firsts_of = np.unique(found, return_index=True)
    single = np.full(len(found), -1, dtype=np.int32)
    single[firsts_of] = known
    alone = np.setdiff1d(np.arange(before.size, dtype=np.int32), known)
    return (
        np.concatenate([single, alone]).astype(np.int32),
        np.concatenate(
            [np.arange(after.size, dtype=np.int32), np.full(len(alone), -1, dtype=np.int32)]
        ),
    )


def _matched_edges(
    pairs: Pairing, before: EdgeLog, after: EdgeLog
) -> tuple[Ints, Ints, tuple[Ints, Ints]]:
    """Ends of all edges as places, and the number of each in both logs."""
    packed = [
        (places[log.sources].astype(np.int64) << 32) | places[log.targets]
        for log, places in (
            (before, pairs.places_before),
            (after, np.arange(pairs.after.size, dtype=np.int32)),
        )
    ]
    every = np.union1d(packed[0], packed[1])
    numbers = []
    for each in packed:
        found = np.full(len(every), -1, dtype=np.int32)
        found[np.searchsorted(every, each)] = np.arange(len(each), dtype=np.int32)
        numbers.append(found)
    return (
        (every >> 32).astype(np.int32),
        (every & 0xFFFFFFFF).astype(np.int32),
        (numbers[0], numbers[1]),
    )


def _on(log: EdgeLog, graph: Graph) -> Flags:
    standing = log.state.at(graph.moment.valid, graph.number)
    on = np.zeros(len(log.sources), dtype=np.bool_)
    on[standing.subjects] = log.state.value[standing.rows] == 1
    return on


def _at(flags: Flags, numbers: Ints) -> Flags:
    """A flag per number; False where there is none."""
    if not len(flags):
        return np.zeros(len(numbers), dtype=np.bool_)
    found: Flags = flags[numbers] & (numbers >= 0)
    return found


def _alive(graph: Graph, ids: Ints) -> Flags:
    if not graph.size:
        return np.zeros(len(ids), dtype=np.bool_)
    alive: Flags = graph.alive[ids] & (ids >= 0)
    return alive
