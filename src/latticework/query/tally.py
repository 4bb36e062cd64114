"""Counts, sums and extremes over what paths reach, as ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.query.cells import Cells, from_typed
from latticework.query.columns import read_cells
from latticework.query.function import Tally
from latticework.query.plan import FieldRead, LinkStep, Tallied
from latticework.query.reach import Reach, reach_extremes, reach_over, reach_sums
from latticework.query.truth import Ids, Longs, Mask, Numbers, Truth, added
from latticework.query.walk import Neighbours, forward, pairs_of, sweep

_COUNT = Field(name="count", type="number")
_NARROW = 64
"""Asked for fewer than one thing in so many, only what they reach is laid out."""

_FEW_STARTS = 64
"""Up to so many starts are walked one by one; more are summed all at once."""


@dataclass(frozen=True)
class Tallies:
    """A number per thing: `low` to `high`, nan where there is nothing to tell.

    `mixed` marks sums of several currencies, which have no number at all.
    `unit_codes` tells the place in `units` of the currency of each, -1 for none.
    """

    field: Field
    low: Numbers
    high: Numbers
    mixed: Mask
    unit_codes: Longs
    units: tuple[str, ...] = ()

    @property
    def known(self) -> Mask:
        """Whether there is a number."""
        return ~np.isnan(self.low)

    @property
    def exact(self) -> bool:
        """Whether every number is one finite number."""
        low, high = self.low[self.known], self.high[self.known]
        return bool((low == high).all() and np.isfinite(low).all() and not self.mixed.any())

    def unit_at(self, place: int) -> str:
        """The currency of one number; empty where it has none."""
        code = int(self.unit_codes[place])
        return self.units[code] if code >= 0 else ""

    def unit_texts(self) -> pl.Series:
        """The currency of each number."""
        names = pl.Series([*self.units, None], dtype=pl.String)
        return names.gather(np.where(self.unit_codes >= 0, self.unit_codes, len(self.units)))


@dataclass(frozen=True)
class Ends:
    """What counts at a path's end, per node of the graph, with its value."""

    truth: Truth
    low: Numbers
    high: Numbers
    unit_codes: Longs
    units: tuple[str, ...]


def tally(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Tallies:
    """The tally of each thing in `ids`; `targets` says what counts at the end."""
    if what.tally is Tally.COUNT:
        return _counts(graph, what, ids, targets)
    if what.carried is not None:
        return _over_edges(graph, what, what.carried, ids, targets)
    assert what.field is not None
    ends = _ends(graph, what.field, targets)
    return _tallied(what.tally, what.field.first, ends, _Walked(graph, what, ids, targets.maybe))


class _Walked:
    """Sums and extremes over one path from some things, by the cheapest way."""

    def __init__(self, graph: Graph, what: Tallied, ids: Ids, wanted: Mask) -> None:
        self._graph, self._steps, self._ids = graph, what.steps, ids
        self._pairs: tuple[Longs, Ids] | None = None
        self._whole = len(what.steps) == 1 and bool(what.steps[0].repeat) and len(ids) > _FEW_STARTS
        if self._whole:
            self._reach = _reach_from(graph, what.steps[0], ids)
        else:
            places, nodes = pairs_of(graph, what.steps, ids)
            counts = wanted[nodes]
            self._pairs = (places[counts], nodes[counts])

    def sums(self, weights: Numbers) -> Numbers:
        """For each thing the sum of what it reaches, a column per weight."""
        if self._pairs is None:
            found = reach_sums(self._reach, weights)[self._ids]
            return found + self._own_share(weights, found)
        places, nodes = self._pairs
        columns = [
            added(places, weights[nodes, c], len(self._ids)) for c in range(weights.shape[1])
        ]
        return np.column_stack(columns)

    def extremes(self, values: Numbers, *, least: bool) -> Numbers:
        """For each thing the least or greatest of what it reaches; nan for none."""
        pick = np.fmin if least else np.fmax
        if self._pairs is None:
            found = reach_extremes(self._reach, values, least=least)[self._ids]
            return pick(found, values[self._ids]) if self._steps[0].repeat == "*" else found
        places, nodes = self._pairs
        found = np.full(len(self._ids), np.nan)
        if len(places):
            firsts = np.flatnonzero(np.diff(places, prepend=-1))
            found[places[firsts]] = pick.reduceat(values[nodes], firsts)
        return found

    def _own_share(self, weights: Numbers, found: Numbers) -> Numbers:
        """With `*` a thing counts itself, unless a cycle leads back to it already."""
        if self._steps[0].repeat != "*":
            return np.zeros_like(found)
        place = self._reach.part[self._ids]
        looped = (place >= 0) & self._reach.looped[np.maximum(place, 0)]
        return np.where(looped[:, None], 0.0, weights[self._ids])


def _reach_from(graph: Graph, step: LinkStep, ids: Ids) -> Reach:
    """The network a repeated step spans; that of the whole graph is kept."""
    tables = forward(graph, step)
    if len(ids) * _NARROW > graph.size:
        key = ("query", "reach", *(f"{name} {back}" for name, back in step.ways))
        return graph.keep(key, lambda: reach_over(tables, graph.alive))
    starts = np.zeros(graph.size, dtype=np.bool_)
    starts[ids] = True
    return reach_over(tables, sweep(tables, starts, "*"))


def _counts(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Tallies:
    if not what.steps:
        return _plain_counts(np.ones(len(ids)), np.ones(len(ids)))
    degrees = _degrees(graph, what, ids, targets)
    if degrees is not None:
        return _plain_counts(degrees, degrees)
    same = targets.sure is targets.maybe or bool((targets.sure == targets.maybe).all())
    masks = [targets.sure] if same else [targets.sure, targets.maybe]
    weights = np.column_stack(masks).astype(np.float64)
    sums = _Walked(graph, what, ids, targets.maybe).sums(weights)
    return _plain_counts(sums[:, 0], sums[:, -1])


def _plain_counts(low: Numbers, high: Numbers) -> Tallies:
    mixed = np.zeros(len(low), dtype=np.bool_)
    return Tallies(_COUNT, low, high, mixed, np.full(len(low), -1))


def _degrees(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Numbers | None:
    """Counts that are read off the edges' table: one plain step to anything."""
    step = what.steps[0]
    plain = len(what.steps) == 1 and not step.repeat and len(step.ways) == 1
    if not plain or not what.target.is_open:
        return None
    return forward(graph, step)[0].degrees(ids).astype(np.float64)


def _ends(graph: Graph, read: FieldRead, targets: Truth) -> Ends:
    """The field's values at all nodes that may count."""
    nodes = np.flatnonzero(targets.maybe)
    return _at_nodes(read_cells(graph, read, nodes), nodes, targets)


def _at_nodes(cells: Cells, nodes: Ids, targets: Truth) -> Ends:
    size = len(targets.maybe)
    low, high = np.zeros(size), np.zeros(size)
    has = np.zeros(size, dtype=np.bool_)
    # What nobody knows may be anything that its field allows.
    least = float(cells.field.low) if cells.field.low is not None else -np.inf
    most = float(cells.field.high) if cells.field.high is not None else np.inf
    low[nodes] = np.where(
        cells.unclear, least, np.nan_to_num(cells.low, posinf=np.inf, neginf=-np.inf)
    )
    high[nodes] = np.where(
        cells.unclear, most, np.nan_to_num(cells.high, posinf=np.inf, neginf=-np.inf)
    )
    has[nodes] = cells.present
    codes = np.full(size, -1)
    names: tuple[str, ...] = ()
    if cells.units is not None:
        names = tuple(cells.units.drop_nulls().unique(maintain_order=True).to_list())
        places = pl.Series(range(len(names)), dtype=pl.Int64)
        said = cells.units.replace_strict(list(names), places, default=-1, return_dtype=pl.Int64)
        codes[nodes] = said.fill_null(-1).to_numpy()
    truth = Truth(targets.sure & has, targets.maybe & has)
    return Ends(truth, low, high, codes, names)


def _tallied(tally: Tally, field: Field, ends: Ends, walked: _Walked) -> Tallies:
    match tally:
        case Tally.MIN:
            low, high = _extremes(ends, walked, least=True)
        case Tally.MAX:
            low, high = _extremes(ends, walked, least=False)
        case Tally.AVERAGE:
            low, high = _averages(ends, walked)
        case _:
            low, high = _sums(ends, walked)
    mixed, codes = _units(ends, walked, len(low))
    low[mixed] = high[mixed] = np.nan
    return Tallies(field, low, high, mixed, codes, ends.units)


def _sums(ends: Ends, walked: _Walked) -> tuple[Numbers, Numbers]:
    """What may count adds to the range, never takes the certain away."""
    sure, maybe = ends.truth.sure, ends.truth.maybe
    doubt = maybe & ~sure
    low = np.where(sure, ends.low, np.where(doubt, np.minimum(ends.low, 0), 0.0))
    high = np.where(sure, ends.high, np.where(doubt, np.maximum(ends.high, 0), 0.0))
    if np.array_equal(low, high):
        found = walked.sums(low[:, None])[:, 0]
        return found, found.copy()
    sums = walked.sums(np.column_stack([low, high]))
    return sums[:, 0].copy(), sums[:, 1].copy()


def _extremes(ends: Ends, walked: _Walked, *, least: bool) -> tuple[Numbers, Numbers]:
    sure = np.where(ends.truth.sure, 1.0, np.nan)
    maybe = np.where(ends.truth.maybe, 1.0, np.nan)
    with np.errstate(invalid="ignore"):
        near, far = (ends.low, ends.high) if least else (ends.high, ends.low)
        outer = walked.extremes(near * maybe, least=least)
        inner = walked.extremes(far * sure, least=least)
    # Where nothing is certain to count, the other end is as open as the values are.
    doubtful = walked.extremes(far * maybe, least=not least)
    inner = np.where(np.isnan(inner), doubtful, inner)
    return (outer, inner) if least else (inner, outer)


def _averages(ends: Ends, walked: _Walked) -> tuple[Numbers, Numbers]:
    """Exact where it is certain what counts, else between the extremes."""
    low, high = _sums(ends, walked)
    counts = walked.sums(np.column_stack([ends.truth.sure, ends.truth.maybe]).astype(np.float64))
    certain = counts[:, 0] == counts[:, 1]
    with np.errstate(all="ignore"):
        low, high = low / counts[:, 0], high / counts[:, 0]
    if not certain.all():
        maybe = np.where(ends.truth.maybe, 1.0, np.nan)
        low = np.where(certain, low, walked.extremes(ends.low * maybe, least=True))
        high = np.where(certain, high, walked.extremes(ends.high * maybe, least=False))
    return low, high


def _units(ends: Ends, walked: _Walked, size: int) -> tuple[Mask, Longs]:
    """Where amounts of several currencies meet, and the one currency elsewhere."""
    if len(ends.units) < 2:
        code = 0 if ends.units else -1
        return np.zeros(size, dtype=np.bool_), np.full(size, code)
    found = [ends.truth.maybe & (ends.unit_codes == code) for code in range(len(ends.units))]
    met = walked.sums(np.column_stack(found).astype(np.float64)) > 0
    codes = np.where(met.any(axis=1), met.argmax(axis=1), -1)
    return np.asarray(met.sum(axis=1) > 1), codes


class _Edges(_Walked):
    """The same over the edges of one plain step, each with a value of its own."""

    def __init__(self, places: Longs, edges: Ids, size: int) -> None:
        self._pairs = (places, edges)
        self._ids = np.arange(size)


def _over_edges(graph: Graph, what: Tallied, carried: Field, ids: Ids, targets: Truth) -> Tallies:
    """A field that the edges carry."""
    name, back = what.steps[0].ways[0]
    adjacency = graph.adjacency(name)
    numbers = np.arange(len(adjacency.targets))
    table = (
        Neighbours(adjacency.back_indptr, adjacency.back_edges)
        if back
        else Neighbours(adjacency.indptr, numbers)
    )
    far = adjacency.sources if back else adjacency.targets
    cells = from_typed(graph.edge_column(name, carried.name))
    ends = _at_nodes(cells, numbers, targets[far])
    places, edges = table.pairs(ids)
    return _tallied(what.tally, carried, ends, _Edges(places, edges, len(ids)))
