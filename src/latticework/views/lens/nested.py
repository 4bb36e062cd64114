"""Rows under rows: an answer's things, each below those that a phrase leads to it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from latticework.query.plan import LinkStep
from latticework.query.walk import forward

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.query.truth import Ints, Longs, Mask
    from latticework.views.walk import Way

DEEPEST = 60
"""What hangs deeper begins anew at the margin."""

_CIRCLES = 100
"""So many circles are opened one by one; what only leads to itself beyond them lies flat."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Nested:
    """Lines in their order: the thing, how deep it hangs, how many lines hang below it.

    A thing with several parents has a line below each; only at the first does
    anything hang below it, the others are told by `again`.
    """

    ids: Ints
    depths: Longs
    below: Longs
    again: Mask


@dataclass(frozen=True, eq=False)
class _Layer:
    """Lines that hang equally deep: their things, the lines that they hang on, whether again."""

    things: Longs
    parents: Longs
    again: Mask


def nested(graph: Graph, ids: Ints, way: Way) -> Nested:
    """The things in their own order, each followed by those that the way leads to among them."""
    layers = _layers(*_among(graph, ids, way), len(ids))
    starts = np.cumsum([0, *(len(each.things) for each in layers)])
    things, parents, again = (
        np.concatenate([getattr(each, name) for each in layers])
        for name in ("things", "parents", "again")
    )
    sizes = np.ones(len(things), dtype=np.int64)
    spans = [slice(*each) for each in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]
    for span in reversed(spans[1:]):
        np.add.at(sizes, parents[span], sizes[span])
    places = np.zeros(len(things), dtype=np.int64)
    places[spans[0]] = _tops(things[spans[0]], sizes[spans[0]])
    for span in spans[1:]:
        places[span] = places[parents[span]] + 1 + _ahead(parents[span], sizes[span])
    order = np.argsort(places)
    depths = np.repeat(np.arange(len(layers)), np.diff(starts))
    return Nested(
        ids=ids[things[order]], depths=depths[order], below=sizes[order] - 1, again=again[order]
    )


def _among(graph: Graph, ids: Ints, way: Way) -> tuple[Longs, Longs]:
    """Where each thing leads among the things, by their places, in their order."""
    local = np.full(graph.size, -1, dtype=np.int64)
    local[ids] = np.arange(len(ids))
    step = LinkStep(way.phrase, ((way.link.name, way.back),))
    places, targets = forward(graph, step)[0].pairs(ids)
    ends = local[targets]
    kept = (ends >= 0) & (ends != places)
    places, ends = places[kept], ends[kept]
    order = np.lexsort((ends, places))
    pointers = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum(np.bincount(places, minlength=len(ids)), out=pointers[1:])
    return pointers, ends[order]


def _layers(pointers: Longs, children: Longs, count: int) -> list[_Layer]:
    """All lines, layer by layer; what only circles lead to begins anew at the margin."""
    hangs = np.zeros(count, dtype=np.bool_)
    hangs[children] = True
    seen = np.zeros(count, dtype=np.bool_)
    grown: list[list[_Layer]] = [_grow(pointers, children, np.flatnonzero(~hangs), seen)]
    while not seen.all():
        left = np.flatnonzero(~seen)
        roots = left[:1] if len(grown) < _CIRCLES else left
        grown.append(_grow(pointers, children, roots, seen))
    deepest = max(len(each) for each in grown)
    found: list[_Layer] = []
    shifts = [0] * len(grown)
    lines = 0
    for depth in range(deepest):
        parts = [(at, each[depth]) for at, each in enumerate(grown) if depth < len(each)]
        above = [np.where(e.parents < 0, -1, e.parents + shifts[at]) for at, e in parts]
        for at, each in parts:
            shifts[at] = lines
            lines += len(each.things)
        found.append(
            _Layer(
                np.concatenate([each.things for _, each in parts]),
                np.concatenate(above),
                np.concatenate([each.again for _, each in parts]),
            )
        )
    return found


def _grow(pointers: Longs, children: Longs, roots: Longs, seen: Mask) -> list[_Layer]:
    """What hangs below roots, layer by layer; `parents` count within the layer above.

    Marks in `seen` what was met.
    """
    nothing = np.zeros(len(roots), dtype=np.bool_)
    layers = [_Layer(roots, np.full(len(roots), -1, dtype=np.int64), nothing)]
    seen[roots] = True
    while len(layers) < DEEPEST:
        here = layers[-1]
        open_ = np.flatnonzero(~here.again)
        spots, targets = _next(pointers, children, here.things[open_])
        if not len(targets):
            break
        again = np.ones(len(targets), dtype=np.bool_)
        _, first = np.unique(targets, return_index=True)
        again[first[~seen[targets[first]]]] = False
        seen[targets] = True
        layers.append(_Layer(targets, open_[spots], again))
    return layers


def _next(pointers: Longs, children: Longs, places: Longs) -> tuple[Longs, Longs]:
    """For each step: the place in `places` it starts from, and where it leads."""
    counts = pointers[places + 1] - pointers[places]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    spots = np.repeat(pointers[places] - (ends - counts), counts) + np.arange(total)
    return np.repeat(np.arange(len(places)), counts), children[spots]


def _tops(things: Longs, sizes: Longs) -> Longs:
    """Where the lines at the margin stand, in the order of their things."""
    order = np.argsort(things, kind="stable")
    places = np.zeros(len(things), dtype=np.int64)
    places[order] = np.cumsum(sizes[order]) - sizes[order]
    return places


def _ahead(parents: Longs, sizes: Longs) -> Longs:
    """How many lines of elder siblings stand before each line; siblings lie side by side."""
    ahead = np.cumsum(sizes) - sizes
    begins = np.flatnonzero(np.r_[True, parents[1:] != parents[:-1]])
    found: Longs = ahead - np.repeat(ahead[begins], np.diff(np.r_[begins, len(parents)]))
    return found
