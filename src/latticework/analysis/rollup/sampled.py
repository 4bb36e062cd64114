"""Ranges drawn many times, and what they then add up to.

Interval arithmetic says what is possible; draws say what is likely, at a
price: something must be assumed of what nobody said. Each value lies evenly in
its range, apart from all others. In a range, so does each share, and what no
share says is broken at random among the edges that say nothing. The same
company, question and seed give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from latticework.analysis.amounts import amount_text
from latticework.analysis.evidence import counted
from latticework.analysis.rollup.bed import PARTS, Bed
from latticework.analysis.rollup.reading import Mode, Rollup
from latticework.base.findings import Refused, error
from latticework.model.values import Measure
from latticework.query.truth import Ids, Longs, Mask, Numbers

if TYPE_CHECKING:
    from latticework.query.reach import Reach

QUANTILES = (0.1, 0.5, 0.9)
"""Of ten draws, one lies below the first and one above the last."""

TRIALS = 1_000
SEED = 1

MOST = 400_000_000
"""Edges times trials beyond which nobody would wait for the answer."""

_AT_ONCE = 4_000_000
"""Edges times trials that are laid side by side."""

_SINGLE = 64
"""Trials are drawn in packs of at most so many where each walks a network of sets."""

Draws = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """What a rollup's figures are in many draws: per currency, quantiles per thing.

    Rows stand as `nodes` do; columns as QUANTILES.
    """

    found: Rollup
    nodes: Ids
    trials: int
    seed: int
    figures: tuple[Draws, ...]

    def measures(self, row: int) -> Iterator[tuple[str, tuple[float, ...]]]:
        """A thing's quantiles in each currency that reaches it."""
        for unit, figures in zip(self.found.ends.units, self.figures, strict=True):
            if figures[row].any() or len(self.figures) == 1:
                yield unit, tuple(figures[row].tolist())

    def texts(self, row: int) -> tuple[str, ...]:
        """The quantiles as people write them, currencies side by side."""
        told = list(self.measures(row))
        return tuple(
            " + ".join(self._text(each[place], unit) for unit, each in told) or "nothing"
            for place in range(len(QUANTILES))
        )

    def _text(self, amount: float, unit: str) -> str:
        return amount_text(self.found.field, Measure(amount, amount, unit))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the draws take for granted, each in a clause."""
        ends = self.found.ends
        opens = int((ends.open_low | ends.open_high).sum())
        shares = {
            Mode.RANGE: "each share lies evenly in its range, and edges without one divide at"
            " random what is left",
            Mode.SPLIT: "shares are as in the split",
            Mode.FULL: "",
        }[self.found.mode]
        told = (
            "each value lies evenly in its range",
            "they err apart from each other: where they err together, the truth is wider,"
            " up to the range beside",
            shares,
            f"{counted(opens, 'open value')} counted by the end that is said" if opens else "",
            f"{self.trials:,} draws with seed {self.seed}",
        )
        return tuple(each for each in told if each)


def sampled(found: Rollup, nodes: Ids, *, trials: int = TRIALS, seed: int = SEED) -> Sampled:
    """Draw what a rollup's ranges may be; raises Refused for what would take too long."""
    edges = sum(len(each.weights) for each in found.currents[0].beds) if found.currents else 0
    cost = max(edges, len(found.ends.nodes)) * trials
    if trials < 1 or cost > MOST:
        says = f"{trials:,} draws over {max(edges, 1):,} edges are too many or too few to answer"
        hint = f"ask for 1 to {max(MOST // max(edges, len(found.ends.nodes), 1), 1):,} draws"
        raise Refused([error("ROLLUP005", says, hint=hint, value=str(trials))])
    figures = []
    for code in range(len(found.ends.units)):
        random = np.random.default_rng((seed, code))
        packs = [_drawn(found, code, nodes, each, random) for each in _packs(edges, trials)]
        every = np.concatenate(packs, axis=1)
        figures.append(np.quantile(every, QUANTILES, axis=1).T / found.ends.scale)
    return Sampled(found=found, nodes=nodes, trials=trials, seed=seed, figures=tuple(figures))


def _packs(edges: int, trials: int) -> Iterator[int]:
    most = max(min(_AT_ONCE // max(edges, 1), trials), 1) if edges else _SINGLE
    while trials > 0:
        yield min(most, trials)
        trials -= most


def _drawn(found: Rollup, code: int, nodes: Ids, trials: int, random: np.random.Generator) -> Draws:
    """What the nodes get of one currency, a column per draw."""
    ends = found.ends
    mine = ends.of_unit(code)
    at = random.random((len(mine), trials))
    values = ends.low[mine][:, None] + ends.width[mine][:, None] * at
    if found.mode is Mode.FULL:
        summed = np.zeros((found.graph.size, trials))
        for place, each in enumerate(values.T):
            summed[found.ids, place] = found.sums(ends.nodes[mine], each)
        return summed[nodes]
    holds = np.zeros((found.graph.size, trials))
    holds[ends.nodes[mine]] = values
    beds = found.currents[code].beds
    for step, bed in reversed(list(zip(found.asked.steps, beds, strict=True))):
        reach = found.network(step)
        shares = _shares(bed, found.mode, trials, random)
        own = holds if reach is None else _at_places(reach, holds)
        got = _carried(bed, own, shares)[: bed.size]
        holds = got if reach is None else _of_nodes(reach, got, own, stays=step.repeat == "*")
        if step.repeat:
            break
    return holds[nodes]


def _at_places(reach: Reach, holds: Draws) -> Draws:
    own = np.zeros((reach.size, holds.shape[1]))
    inside = np.flatnonzero(reach.part >= 0)
    np.add.at(own, reach.part[inside], holds[inside])
    return own


def _of_nodes(reach: Reach, got: Draws, own: Draws, *, stays: bool) -> Draws:
    counts = np.ones(reach.size, dtype=np.bool_) if stays else reach.looped
    total = got + np.where(counts[:, None], own, 0.0)
    return np.vstack([total, np.zeros((1, total.shape[1]))])[reach.part]


def _carried(bed: Bed, own: Draws, shares: Draws) -> Draws:
    """Amounts handed on level by level, all draws side by side."""
    from scipy.sparse import csr_array

    got = np.zeros((bed.size + 1, own.shape[1]))
    for at in bed.stretches:
        heads = bed.heads[at.groups]
        held = np.repeat(own[heads] + got[heads], bed.counts[at.groups], axis=0)
        carried = held * shares[at.edges]
        ends, places = np.unique(bed.above[at.edges], return_inverse=True)
        ones = np.ones(len(places))
        shape = (len(ends), len(places))
        sums = csr_array((ones, (places, np.arange(len(places)))), shape=shape) @ carried
        got[ends] += np.asarray(sums)
    return got


def _shares(bed: Bed, mode: Mode, trials: int, random: np.random.Generator) -> Draws:
    """The share of each edge in each draw."""
    groups = np.repeat(np.arange(len(bed.firsts)), bed.counts)
    if mode is Mode.SPLIT or not len(groups):
        return (bed.weights / bed.wholes[groups])[:, None]
    low, high, lacks, sinks = _said(bed)
    said = low[:, None] + (high - low)[:, None] * random.random((len(low), trials))
    said[lacks | sinks] = 0.0
    whole = np.maximum(_sum(said, bed.firsts), 1.0)
    said /= whole[groups]
    rest = 1.0 - _sum(said, bed.firsts)
    # Parts of a stick broken at random are even exponentials over their sum.
    takes = np.where(lacks[:, None], random.standard_exponential((len(low), trials)), 0.0)
    total = _sum(takes, bed.firsts)
    alone = total <= 0.0
    return np.asarray(said + takes * (rest / np.where(alone, 1.0, total))[groups])


def _said(bed: Bed) -> tuple[Numbers, Numbers, Mask, Mask]:
    """The bounds said of each edge, which edges have none, and what runs to nobody."""
    sinks = bed.edges < 0
    at = np.where(sinks, 0, bed.edges)
    low, high = (np.where(sinks, 0.0, each[at]) for each in (bed.ways.low, bed.ways.high))
    lacks = np.isnan(low) & ~sinks
    to_parts = np.rint(np.nan_to_num(low) * PARTS), np.rint(np.nan_to_num(high) * PARTS)
    return to_parts[0] / PARTS, to_parts[1] / PARTS, lacks, sinks


def _sum(values: Draws, firsts: Longs) -> Draws:
    return np.asarray(np.add.reduceat(values, firsts, axis=0))
