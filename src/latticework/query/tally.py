"""Counts, sums and extremes over what paths reach, as ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.query.cells import Cells, from_typed
from latticework.query.columns import read_cells
from latticework.query.function import Tally
from latticework.query.plan import FieldRead, LinkStep, Tallied
from latticework.query.reach import Reach, extremes_ahead, reach_over, sums_ahead
from latticework.query.truth import Ids, Longs, Mask, Numbers, Truth, added, settled
from latticework.query.walk import Neighbours, backward, forward, pairs_of, sweep

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
        return names[np.where(self.unit_codes >= 0, self.unit_codes, len(self.units))]


@dataclass(frozen=True)
class Ends:
    """What counts at a path's end: nodes, ascending, each with its value."""

    nodes: Ids
    truth: Truth
    low: Numbers
    high: Numbers
    unit_codes: Longs
    units: tuple[str, ...] = ()


def tally(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Tallies:
    """The tally of each thing in `ids`; `targets` says what counts at the end."""
    if what.tally is Tally.COUNT:
        return _counts(graph, what, ids, targets)
    if what.carried is not None:
        return _over_edges(graph, what, what.carried, ids, targets)
    assert what.field is not None
    ends = _ends(graph, what.field, targets)
    walked = walked_from(graph, what, ids, ends.nodes)
    return _tallied(what.tally, what.field.first, ends, walked)


class Walked(Protocol):
    """One path from some things, along which values of its ends are gathered."""

    @property
    def size(self) -> int:
        """How many things there are."""

    def sums(self, weights: Numbers) -> Numbers:
        """For each thing the sum of what it reaches."""

    def extremes(self, values: Numbers, *, least: bool) -> Numbers:
        """For each thing the least or greatest of what it reaches; nan for none."""


@dataclass(frozen=True)
class Paired:
    """Each thing laid beside each end it reaches: places of both, by thing."""

    size: int
    places: Longs
    spots: Ids

    def sums(self, weights: Numbers) -> Numbers:
        """Pair by pair."""
        return added(self.places, weights[self.spots], self.size)

    def extremes(self, values: Numbers, *, least: bool) -> Numbers:
        """Pair by pair."""
        found = np.full(self.size, np.nan)
        if len(self.places):
            pick = np.fmin if least else np.fmax
            firsts = np.flatnonzero(np.diff(self.places, prepend=-1))
            found[self.places[firsts]] = pick.reduceat(values[self.spots], firsts)
        return found


@dataclass(frozen=True)
class Spanned:
    """A repeated step from many things, answered for the whole network at once.

    `places` and `spots` are the places of the things and of the ends in it, -1
    outside; `own` the end that each thing itself is, where it counts too.
    """

    reach: Reach
    places: Longs
    spots: Longs
    own: Longs | None

    @property
    def size(self) -> int:
        """How many things there are."""
        return len(self.places)

    def sums(self, weights: Numbers) -> Numbers:
        """Place by place of the network."""
        inside = self.spots >= 0
        own = added(self.spots[inside], weights[inside], self.reach.size)
        found = np.append(sums_ahead(self.reach, own), 0.0)[self.places]
        if self.own is None:
            return found
        # A cycle that leads back to a thing has counted it already.
        counted = np.append(self.reach.looped, False)[self.places]
        return found + np.where(counted, 0.0, np.append(weights, 0.0)[self.own])

    def extremes(self, values: Numbers, *, least: bool) -> Numbers:
        """Place by place of the network."""
        pick = np.fmin if least else np.fmax
        inside = self.spots >= 0
        own = np.full(self.reach.size, np.nan)
        pick.at(own, self.spots[inside], values[inside])
        found = np.append(extremes_ahead(self.reach, own, least=least), np.nan)[self.places]
        return found if self.own is None else pick(found, np.append(values, np.nan)[self.own])


def walked_from(graph: Graph, what: Tallied, ids: Ids, nodes: Ids) -> Walked:
    """The cheapest way from some things to the ends at `nodes`."""
    if len(what.steps) == 1 and what.steps[0].repeat and len(ids) > _FEW_STARTS:
        step = what.steps[0]
        return walked_over(_reach_from(graph, what, step, ids), step, ids, nodes)
    places, reached = pairs_of(graph, what.steps, ids)
    spots = _spots_of(nodes, reached)
    counts = spots >= 0
    return Paired(len(ids), places[counts], spots[counts])


def walked_over(reach: Reach, step: LinkStep, ids: Ids, nodes: Ids) -> Walked:
    """A repeated step from some things to the ends at `nodes`, over a known network."""
    own = _spots_of(nodes, ids) if step.repeat == "*" else None
    return Spanned(reach, reach.part[ids], reach.part[nodes], own)


def _spots_of(nodes: Ids, wanted: Ids) -> Longs:
    """The place among ascending nodes of each wanted one; -1 where it is none."""
    spots = np.searchsorted(nodes, wanted)
    spots[spots == len(nodes)] = 0
    found = nodes[spots] == wanted if len(nodes) else np.zeros(len(wanted), dtype=np.bool_)
    return np.where(found, spots, -1)


def _reach_from(graph: Graph, what: Tallied, step: LinkStep, ids: Ids) -> Reach:
    """The network a repeated step spans; those that span the whole graph are kept."""
    tables = forward(graph, step)
    if len(ids) * _NARROW <= graph.size:
        starts = np.zeros(graph.size, dtype=np.bool_)
        starts[ids] = True
        return reach_over(tables, sweep(tables, starts, "*"))
    return reach_kept(graph, step, kinds_of_ends(what))


def reach_kept(graph: Graph, step: LinkStep, kinds: tuple[str, ...] | None) -> Reach:
    """The part of the whole network that leads to things of these kinds, kept for later."""
    ways = (f"{name} {back}" for name, back in step.ways)
    key = ("query", "reach", *ways, "to", *(kinds or ("any",)))
    return graph.keep_edges(step.links, key, lambda: _reach_to(graph, step, kinds))


def kinds_of_ends(what: Tallied) -> tuple[str, ...] | None:
    """The kinds whose things may count; None for all."""
    kinds = what.target.kinds
    if what.field is None:
        return kinds
    having = {each.kind for each in what.field.sources}
    return tuple(sorted(having if kinds is None else having & set(kinds)))


def _reach_to(graph: Graph, step: LinkStep, kinds: tuple[str, ...] | None) -> Reach:
    """The part of the whole network that leads to things of these kinds."""
    if kinds is None:
        return reach_over(forward(graph, step), graph.alive, backward(graph, step))
    ends = np.zeros(graph.size, dtype=np.bool_)
    for kind in kinds:
        ends[graph.ids_of(kind)] = True
    back = backward(graph, step)
    return reach_over(forward(graph, step), sweep(back, ends, "*"), back)


def _counts(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Tallies:
    if not what.steps:
        return _plain_counts(np.ones(len(ids)), np.ones(len(ids)))
    degrees = _degrees(graph, what, ids, targets)
    if degrees is not None:
        return _plain_counts(degrees, degrees)
    nodes = np.flatnonzero(targets.maybe)
    sure = targets.sure[nodes]
    walked = walked_from(graph, what, ids, nodes)
    high = walked.sums(np.ones(len(nodes)))
    return _plain_counts(high if sure.all() else walked.sums(sure.astype(np.float64)), high)


def _plain_counts(low: Numbers, high: Numbers) -> Tallies:
    mixed = np.zeros(len(low), dtype=np.bool_)
    return Tallies(_COUNT, low, high, mixed, np.broadcast_to(np.int64(-1), len(low)))


def _degrees(graph: Graph, what: Tallied, ids: Ids, targets: Truth) -> Numbers | None:
    """Counts that are read off the edges' table: one plain step to anything."""
    step = what.steps[0]
    plain = len(what.steps) == 1 and not step.repeat and len(step.ways) == 1
    if not plain or not what.target.is_open:
        return None
    return forward(graph, step)[0].degrees(ids).astype(np.float64)


def _ends(graph: Graph, read: FieldRead, targets: Truth) -> Ends:
    """The field's values at all nodes that may count."""
    having = [graph.ids_of(each.kind) for each in read.sources]
    nodes: Ids = having[0] if len(having) == 1 else np.sort(np.concatenate(having))
    if targets.maybe is not graph.alive:
        nodes = nodes[targets.maybe[nodes]]
    return _at_nodes(read_cells(graph, read, nodes), nodes, targets[nodes])


def _at_nodes(cells: Cells, nodes: Ids, truth: Truth) -> Ends:
    # What nobody knows may be anything that its field allows.
    unclear = cells.unclear
    low, high = cells.low, cells.high
    if unclear.any():
        least = float(cells.field.low) if cells.field.low is not None else -np.inf
        most = float(cells.field.high) if cells.field.high is not None else np.inf
        low, high = np.where(unclear, least, low), np.where(unclear, most, high)
    codes = np.full(len(nodes), -1)
    names: tuple[str, ...] = ()
    if cells.units is not None:
        names = tuple(cells.units.drop_nulls().unique(maintain_order=True).to_list())
        places = pl.Series(range(len(names)), dtype=pl.Int64)
        said = cells.units.replace_strict(list(names), places, default=-1, return_dtype=pl.Int64)
        codes = said.fill_null(-1).to_numpy()
    return Ends(nodes, truth & settled(cells.present), low, high, codes, names)


def _tallied(tally: Tally, field: Field, ends: Ends, walked: Walked) -> Tallies:
    match tally:
        case Tally.MIN:
            low, high = _extremes(ends, walked, least=True)
        case Tally.MAX:
            low, high = _extremes(ends, walked, least=False)
        case Tally.AVERAGE:
            low, high = _averages(ends, walked)
        case _:
            low, high = _sums(ends, walked)
    mixed, codes = _units(ends, walked)
    if mixed.any():
        low, high = (np.where(mixed, np.nan, each) for each in (low, high))
    return Tallies(field, low, high, mixed, codes, ends.units)


def _sums(ends: Ends, walked: Walked) -> tuple[Numbers, Numbers]:
    """What may count adds to the range, never takes the certain away."""
    sure, maybe = ends.truth.sure, ends.truth.maybe
    low, high = np.where(sure, ends.low, 0.0), np.where(sure, ends.high, 0.0)
    if not ends.truth.is_settled:
        doubt = maybe & ~sure
        low = np.where(doubt, np.minimum(ends.low, 0), low)
        high = np.where(doubt, np.maximum(ends.high, 0), high)
    sums = walked.sums(low)
    return sums, sums if np.array_equal(low, high) else walked.sums(high)


def _extremes(ends: Ends, walked: Walked, *, least: bool) -> tuple[Numbers, Numbers]:
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


def _averages(ends: Ends, walked: Walked) -> tuple[Numbers, Numbers]:
    """Exact where it is certain what counts, else between the extremes."""
    low, high = _sums(ends, walked)
    counts, most = (walked.sums(e.astype(np.float64)) for e in (ends.truth.sure, ends.truth.maybe))
    certain = counts == most
    with np.errstate(all="ignore"):
        low, high = low / counts, high / counts
    if not certain.all():
        maybe = np.where(ends.truth.maybe, 1.0, np.nan)
        low = np.where(certain, low, walked.extremes(ends.low * maybe, least=True))
        high = np.where(certain, high, walked.extremes(ends.high * maybe, least=False))
    return low, high


def _units(ends: Ends, walked: Walked) -> tuple[Mask, Longs]:
    """Where amounts of several currencies meet, and the one currency elsewhere."""
    if len(ends.units) < 2:
        code = 0 if ends.units else -1
        return np.zeros(walked.size, dtype=np.bool_), np.broadcast_to(np.int64(code), walked.size)
    found = [ends.truth.maybe & (ends.unit_codes == code) for code in range(len(ends.units))]
    met = np.column_stack([walked.sums(each.astype(np.float64)) > 0 for each in found])
    codes = np.where(met.any(axis=1), met.argmax(axis=1), -1)
    return np.asarray(met.sum(axis=1) > 1), codes


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
    return _tallied(what.tally, carried, ends, Paired(len(ids), places, edges))
