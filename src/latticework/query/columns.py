"""Columns of a graph that questions have read, kept for further ones.

A column lies in the order of the things of its kind. Texts are kept as codes
of distinct texts: comparing each distinct text once beats reading every row.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.values import picked
from latticework.graph.words import Words
from latticework.model.model import STAGE
from latticework.query.cells import Cells, assembled, expressed, read_typed, split_by_kind
from latticework.query.plan import FieldRead, Source
from latticework.query.truth import Ids, Ints, Longs, Mask, Numbers, narrow

MOST_KEPT = 4
"""Columns that one log keeps: of as many kinds that have the field."""

MOST_ROWS = 12_000_000
"""Rows of all columns kept for one graph; the least used ones go first."""

_FEW = 200
"""So many texts are compared one by one sooner than a frame is planned."""

_NARROW = 16
"""Fewer than one in so many things are read by themselves."""


@dataclass(frozen=True)
class Coded:
    """Texts by code; -1 stands for none."""

    codes: Ints
    distinct: pl.Series

    @cached_property
    def folded(self) -> pl.Series:
        """The distinct texts in small letters."""
        return self.distinct.str.to_lowercase()

    @cached_property
    def ranks(self) -> Numbers:
        """The place of each distinct text among all, letter case aside; nan at the end."""
        ranks = self.folded.rank("dense").cast(pl.Float64).to_numpy()
        return np.append(ranks, np.nan)

    def texts(self) -> pl.Series:
        """The texts themselves."""
        return self.distinct[picked(self.codes)]

    def are(self, wanted: Mask) -> Mask:
        """Which codes are of wanted distinct texts."""
        hits = np.flatnonzero(wanted)
        if len(hits) == 1:
            return np.asarray(self.codes == hits[0])
        return np.asarray(np.append(wanted, False)[self.codes])

    def among(self, words: list[str]) -> Mask:
        """Which distinct texts, in small letters, are among words."""
        if len(self.folded) > _FEW:
            return self.folded.is_in(words).to_numpy()
        wanted = set(words)
        return np.array([text in wanted for text in self.folded.to_list()], dtype=np.bool_)

    def take(self, places: Ids) -> Coded:
        """The texts at these places; what was folded and ranked stays so."""
        return _Taken(self.codes.take(places), self.distinct, self)


@dataclass(frozen=True)
class _Taken(Coded):
    """A part of a column, which shares all that is known of the whole."""

    whole: Coded

    @cached_property
    def folded(self) -> pl.Series:
        return self.whole.folded

    @cached_property
    def ranks(self) -> Numbers:
        return self.whole.ranks


@dataclass(frozen=True, kw_only=True)
class CodedCells(Cells):
    """Cells whose texts are kept by code."""

    coded: Coded


Key = tuple[str, str, bool]
"""Kind, field, and whether it is read as the stage."""


@dataclass
class Columns:
    """The columns kept for one graph."""

    graph: Graph
    _columns: OrderedDict[Key, Cells] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def read(self, source: Source, ids: Ids) -> Cells:
        """The values of existing things that are all of the source's kind."""
        if source.expression is not None:
            parts = {name: self.read(part, ids) for name, part in source.parts}
            return expressed(source.field, source.expression, parts, len(ids))
        everyone = self.graph.ids_of(source.kind)
        known = _key(source) in self._columns
        if not known and len(ids) * _NARROW < len(everyone):
            return read_typed(self.graph, source, ids)
        whole = self._column(source, everyone)
        return (
            whole
            if ids is everyone or np.array_equal(ids, everyone)
            else _taken(whole, self.places.take(ids))
        )

    @cached_property
    def places(self) -> Longs:
        """The place of each existing thing among those of its kind."""
        return self.graph.keep_present(("query", "places"), lambda: _places(self.graph))

    def _column(self, source: Source, everyone: Ints) -> Cells:
        with self._lock:
            found = self._columns.get(_key(source))
            if found is not None:
                self._columns.move_to_end(_key(source))
                return found
        made = _of_log(self.graph, source, everyone)
        with self._lock:
            self._columns[_key(source)] = made
            while len(self._columns) > 1 and self._rows() > MOST_ROWS:
                self._columns.popitem(last=False)
        return made

    def _rows(self) -> int:
        return sum(len(each.low) for each in self._columns.values())


@dataclass(frozen=True)
class _OfLog:
    """A column, the things that it has values for, and the words in which it was read."""

    column: Cells
    everyone: Ints
    words: Words


def _of_log(graph: Graph, source: Source, everyone: Ints) -> Cells:
    """The whole column; that of an earlier graph, where nobody wrote into it since."""
    field_name = source.staged.stage_field if source.staged is not None else source.column
    # Asked for without a kind, the stage may lie in several logs.
    unstaged = source.staged is None and source.column == STAGE
    log = None if unstaged else graph.cells_behind(source.kind, field_name)
    if log is None:
        return _kept(read_typed(graph, source, everyone))
    found = log.kept.get(_key(source))
    if (
        isinstance(found, _OfLog)
        and found.words == graph.words
        and found.column.field == source.field
        and (found.everyone is everyone or np.array_equal(found.everyone, everyone))
    ):
        return found.column
    made = _kept(read_typed(graph, source, everyone))
    if len(log.kept) < MOST_KEPT or _key(source) in log.kept:
        log.kept[_key(source)] = _OfLog(made, everyone, graph.words)
    return made


def _places(graph: Graph) -> Longs:
    places = np.zeros(graph.size, dtype=np.int64)
    for name in graph.kind_names:
        ids = graph.ids_of(name)
        places[ids] = np.arange(len(ids))
    return places


def columns_of(graph: Graph) -> Columns:
    """The columns kept for a graph, as long as the graph is."""
    return graph.keep(("query", "columns"), lambda: Columns(graph))


def read_cells(graph: Graph, read: FieldRead, ids: Ids) -> Cells:
    """The field's values for existing things, aligned to `ids`."""
    columns = columns_of(graph)
    parts: list[tuple[Ids, Cells]] = []
    for source, places in split_by_kind(graph, read, ids):
        if places is None:
            return columns.read(source, ids)
        parts.append((places, columns.read(source, ids[places])))
    return assembled(read.first, parts, len(ids))


def _key(source: Source) -> Key:
    return source.kind, source.column, source.staged is not None


def _kept(cells: Cells) -> Cells:
    """Cells fit to be kept: their texts by code."""
    if cells.texts.dtype == pl.List:
        return cells
    return _coded(cells, _codes_of(cells.texts))


def _flags(flags: Mask, places: Ids) -> Mask:
    """Flags at places; where none is set, any stretch of them will do."""
    if len(places) <= len(flags) and not flags.any():
        return flags[: len(places)]
    return flags.take(places)


def _coded(cells: Cells, coded: Coded) -> CodedCells:
    return CodedCells(
        field=cells.field,
        low=cells.low,
        high=cells.high,
        present=cells.present,
        unknown=cells.unknown,
        misfit=cells.misfit,
        said=coded.texts,
        units=cells.units,
        coded=coded,
    )


def _codes_of(texts: pl.Series) -> Coded:
    frame = pl.DataFrame({"text": texts}).with_row_index("row")
    distinct = frame.drop_nulls().unique("text", maintain_order=True).select("text")
    distinct = distinct.with_row_index("code").with_columns(pl.col("code").cast(pl.Int32))
    found = frame.join(distinct, on="text", how="left", maintain_order="left")["code"]
    return Coded(narrow(found.fill_null(-1).to_numpy()), distinct["text"])


def _taken(cells: Cells, places: Ids) -> Cells:
    """The cells at these places; texts are laid out where somebody reads them."""
    low = cells.low.take(places)
    part = Cells(
        field=cells.field,
        low=low,
        high=low if cells.high is cells.low else cells.high.take(places),
        present=cells.present.take(places),
        unknown=_flags(cells.unknown, places),
        misfit=_flags(cells.misfit, places),
        said=lambda: cells.texts[places],
        units=None if cells.units is None else cells.units[places],
    )
    return _coded(part, cells.coded.take(places)) if isinstance(cells, CodedCells) else part
