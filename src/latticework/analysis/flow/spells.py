"""Spells: which stage each thing was in, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.base.times import BEGINNING, Instant
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints, Longs
from latticework.model.model import Kind

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

UNREAD = "?"
"""The category of a stage word that the model does not know."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A stage of a kind, or a word that is none, and the shared word for it."""

    kind: str
    stage: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Spells:
    """Stretches of time that things spent in a stage, by thing, then by time.

    `ids` are the things, ascending; `thing` is a place among them, `spot` one
    in `spots`. A spell holds from `start` up to `end`, or goes on at `until`.
    `began` is the first instant that anything was recorded of the thing's
    kind, `gone` when the thing was retired; `until` where it never was.
    """

    ids: Ints
    spots: tuple[Spot, ...]
    thing: Ints
    spot: Ints
    start: Longs
    end: Longs
    until: Instant
    began: Longs
    gone: Longs

    def __len__(self) -> int:
        """How many spells there are."""
        return len(self.thing)

    @cached_property
    def is_open(self) -> Flags:
        """Which spells go on."""
        return self.end >= self.until

    @cached_property
    def is_first(self) -> Flags:
        """Which spells are the first of their thing."""
        return _changes(self.thing)

    @cached_property
    def is_last(self) -> Flags:
        """Which spells are the last of their thing."""
        return np.append(self.is_first[1:], True) if len(self) else self.is_first

    def in_categories(self, *words: str) -> Flags:
        """Which spells are of stages with one of these categories."""
        return self.at_spots(
            [place for place, each in enumerate(self.spots) if each.category in words]
        )

    def at_spots(self, places: list[int]) -> Flags:
        """Which spells are at one of these spots."""
        chosen = np.zeros(len(self.spots) + 1, dtype=np.bool_)
        chosen[places] = True
        return np.asarray(chosen[self.spot])


def spells_of(graph: Graph, ids: Ints, until: Instant) -> Spells:
    """The spells of these things up to an instant, read from the log in bulk.

    Rows of one instant count by the latest entry; a stage that is written
    again is no new spell.
    """
    ids = np.unique(ids).astype(np.int32)
    until = min(until, graph.moment.valid)
    rows = [_rows_of(graph, kind, ids, until) for kind in _kinds_among(graph, ids)]
    spots: list[Spot] = []
    parts = []
    for found, named in rows:
        parts.append((found.thing, found.start, found.spot + np.int32(len(spots))))
        spots += named
    thing, start, spot = (
        (np.concatenate([part[at] for part in parts]) for at in range(3))
        if parts
        else (np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int32))
    )
    gone = _gone(graph, ids, until)
    order = np.lexsort((start, thing))
    thing, start, spot = thing[order], start[order], spot[order]
    ends = np.append(start[1:], until)
    last = np.append(thing[1:] != thing[:-1], True) if len(thing) else np.zeros(0, np.bool_)
    ends = np.minimum(np.where(last, until, ends), gone[thing])
    kept = (ends > start) | (last & (start < gone[thing]))
    return Spells(
        ids=ids,
        spots=tuple(spots),
        thing=thing[kept].astype(np.int32),
        spot=spot[kept].astype(np.int32),
        start=start[kept],
        end=ends[kept],
        until=until,
        began=_began(graph, ids, until),
        gone=gone,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was written of stages: the thing, since when, which spot."""

    thing: Ints
    start: Longs
    spot: Ints


def _kinds_among(graph: Graph, ids: Ints) -> tuple[Kind, ...]:
    """The kinds of these things that have a course."""
    names = {graph.kind_names[code] for code in np.unique(graph.kind_codes[ids]).tolist()}
    return tuple(each for each in graph.model.kinds if each.name in names and each.stages)


def _rows_of(graph: Graph, kind: Kind, ids: Ints, until: Instant) -> tuple[_Rows, list[Spot]]:
    """Rows in which the stage of a kind's things changes."""
    words = graph.words.field_words(kind.name, kind.stage_field, graph.log.cells)
    cells = graph.log.cells_of(words)
    line = cells.line
    places = np.full(graph.size, -1, dtype=np.int32)
    places[ids] = np.arange(len(ids), dtype=np.int32)
    places[graph.kind_codes != graph.kind_names.index(kind.name)] = -1
    seen = (line.valid <= until) & (line.number <= graph.number)
    rows = np.flatnonzero(seen & (places[line.subject] >= 0) if len(line) else seen)
    thing, start = places[line.subject[rows]], line.valid[rows]
    # Of several rows of one instant the last entry counts.
    final = _ends(thing, start)
    rows, thing, start = rows[final], thing[final], start[final]
    spot, spots = _spots(graph, kind, cells.values.gather(line.value[rows]).as_texts())
    moved = _changes(thing) | np.append(True, spot[1:] != spot[:-1]) if len(spot) else spot > 0
    return _Rows(thing[moved], start[moved], spot[moved]), spots


def _spots(graph: Graph, kind: Kind, texts: pl.Series) -> tuple[Ints, list[Spot]]:
    """The spot of each text: stages of the kind, then words that are none."""
    spots = [Spot(kind.name, each.name, each.category) for each in kind.stages]
    known = {each.stage: place for place, each in enumerate(spots)}
    codes: dict[str, int] = {}
    for word in texts.drop_nulls().unique(maintain_order=True).to_list():
        stage = graph.words.find_stage(kind, word)
        if stage is None:
            known.setdefault(word, len(spots))
            if known[word] == len(spots):
                spots.append(Spot(kind.name, word, UNREAD))
        codes[word] = known[stage or word]
    nothing = len(spots)
    if texts.null_count():
        spots.append(Spot(kind.name, "", ""))
    places = pl.Series(list(codes.values()), dtype=pl.Int32)
    found = texts.replace_strict(list(codes), places, default=None, return_dtype=pl.Int32)
    return found.fill_null(nothing).to_numpy().astype(np.int32), spots


def _gone(graph: Graph, ids: Ints, until: Instant) -> Longs:
    """When each thing was retired; `until` where it is still there."""
    gone = np.full(len(ids), until, dtype=np.int64)
    retired = np.flatnonzero(~graph.alive[ids])
    existence = graph.log.existence
    rows = existence.at(graph.moment.valid, graph.number).rows_of(ids[retired])
    known = rows >= 0
    gone[retired[known]] = np.minimum(existence.valid[rows[known]], until)
    return gone


def _began(graph: Graph, ids: Ints, until: Instant) -> Longs:
    """For each thing the first instant recorded of its kind."""
    line = graph.log.existence
    codes = graph.kind_codes
    first = np.full(len(graph.kind_names), until, dtype=np.int64)
    told = (line.valid > BEGINNING) & (line.number <= graph.number)
    np.minimum.at(first, codes[line.subject[told]], line.valid[told])
    return np.asarray(first[codes[ids]])


def _changes(codes: Ints) -> Flags:
    """Where a code differs from the one before; the first does."""
    return np.append(True, codes[1:] != codes[:-1]) if len(codes) else np.zeros(0, np.bool_)


def _ends(thing: Ints, start: Longs) -> Flags:
    """Where a row is the last of its thing and instant."""
    if not len(thing):
        return np.zeros(0, np.bool_)
    return np.append((thing[1:] != thing[:-1]) | (start[1:] != start[:-1]), True)
