"""What a rollup is asked for: a field, a path, and what counts at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from latticework.base.findings import Refused, error
from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.query import ast
from latticework.query.ask import parse_for
from latticework.query.cells import Cells
from latticework.query.columns import read_cells
from latticework.query.format import format_operand
from latticework.query.plan import LinkStep, Tallied
from latticework.query.resolve import resolve
from latticework.query.run import Run
from latticework.query.truth import Ids, Longs, Mask, Numbers
from latticework.query.words import vocabulary_of

MOST = 4_000_000_000_000_000
"""Smallest units beyond which sums could no longer be told apart exactly."""

MINUTES = 1440
"""Durations are counted in minutes, so many to a day."""

_FINEST = 6


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A field along a path, each word looked up."""

    field: str
    path: str
    what: Tallied

    @property
    def steps(self) -> tuple[LinkStep, ...]:
        """The path from the thing that gets a figure to those that have values."""
        return self.what.steps

    @property
    def words(self) -> str:
        """How the rollup reads: `cost of is served by+`."""
        return f"{self.field} of {self.path}"


def asked_of(graph: Graph, field: str, path: str, today: date) -> Asked:
    """Look a field and a path up; raises Refused with findings.

    The path is that of the query language, as seen from the thing that gets
    the figure: `is served by+`, `is served by+ bet where (stage is active)`.
    """
    text = f"any show sum({_quoted(field)} of {path})"
    query = parse_for(graph.model, text)
    plan = resolve(query, graph.model, today=today, text=text)
    what = plan.show[0].what if plan.show else None
    if not isinstance(what, Tallied) or what.field is None or not what.steps:
        says = f"'{path}' is no path along which '{field}' could be carried"
        raise Refused([error("ROLLUP001", says, hint="write links as they read, like serves+")])
    shown = query.show[0].what
    assert isinstance(shown, ast.Call)
    over = shown.arguments[0]
    said = format_operand(over, vocabulary_of(graph.model)) if isinstance(over, ast.Over) else path
    return Asked(field=what.field.name, path=said.partition(" of ")[2] or path, what=what)


def _quoted(field: str) -> str:
    return field if field.replace(" ", "").replace("-", "").isalnum() else f'"{field}"'


def splits(steps: Sequence[LinkStep]) -> bool:
    """Whether whole amounts can run along the steps: only the first may repeat."""
    return not any(step.repeat for step in steps[1:])


@dataclass(frozen=True, kw_only=True)
class Ends:
    """The values at the path's end, in whole smallest units.

    `low` and `width` are what is known for certain of each of `nodes`; an open
    end adds nothing and is told by `open_low` and `open_high`. `codes` is the
    place in `units` of each one's currency. `unknown` were asked and nobody
    knows; `missing` could have a value and have none.
    """

    field: Field
    scale: int
    nodes: Ids
    low: Longs
    width: Longs
    codes: Longs
    units: tuple[str, ...]
    open_low: Mask
    open_high: Mask
    unknown: Ids
    missing: Ids
    doubtful: Ids

    def of_unit(self, code: int) -> Ids:
        """The places of the values in one currency."""
        return np.flatnonzero(self.codes == code)

    @property
    def counted(self) -> Ids:
        """Everything that counts or would count if it were known."""
        return np.concatenate([self.nodes, self.unknown, self.missing])


def ends_of(graph: Graph, asked: Asked, today: date) -> Ends:
    """The values that may be carried, everywhere in the graph."""
    read = asked.what.field
    assert read is not None
    truth = Run(graph, today).targets(asked.steps, asked.what.target, graph.ids_of("any"))
    having = [graph.ids_of(each.kind) for each in read.sources]
    nodes = np.sort(np.concatenate(having)) if len(having) > 1 else having[0]
    nodes = nodes[truth.maybe[nodes]]
    cells = read_cells(graph, read, nodes)
    known = cells.present & ~cells.unclear & ~np.isnan(cells.low)
    if known.all():
        of, least, most = nodes, cells.low, cells.high
    else:
        of, least, most = nodes[known], cells.low[known], cells.high[known]
    sure = truth.sure[of]
    scale = scale_of(read.first, least, most)
    opens = np.isneginf(least), np.isposinf(most)
    low, high = _bounds(least, most, scale, opens, sure)
    codes, units = _units(cells, known)
    return Ends(
        field=read.first,
        scale=scale,
        nodes=of,
        low=low,
        width=high - low,
        codes=codes,
        units=units,
        open_low=opens[0],
        open_high=opens[1],
        unknown=nodes[cells.present & cells.unclear],
        missing=nodes[~cells.present],
        doubtful=of[~sure],
    )


def _bounds(
    least: Numbers, most: Numbers, scale: int, opens: tuple[Mask, Mask], sure: Mask
) -> tuple[Longs, Longs]:
    """What is known for certain in smallest units: an open end adds nothing."""
    low, high = _whole(least, scale), _whole(most, scale)
    open_low, open_high = opens
    if open_low.any() or open_high.any():
        low = np.where(open_low, np.where(open_high, 0, high), low)
        high = np.where(open_high, low, high)
    if sure.all():
        return low, high
    return np.where(sure, low, np.minimum(low, 0)), np.where(sure, high, np.maximum(high, 0))


def _units(cells: Cells, known: Mask) -> tuple[Longs, tuple[str, ...]]:
    """The currency of each known value, by its place in the alphabet of currencies."""
    count = int(known.sum())
    if cells.units is None:
        return np.zeros(count, dtype=np.int64), ("",)
    texts = cells.units.filter(pl.Series(known)).fill_null("")
    names = sorted(texts.unique().to_list()) or [""]
    if len(names) == 1:
        return np.zeros(count, dtype=np.int64), tuple(names)
    places = pl.Series(range(len(names)), dtype=pl.Int64)
    codes = texts.replace_strict(names, places, return_dtype=pl.Int64).to_numpy()
    return codes, tuple(names)


def scale_of(field: Field, low: Numbers, high: Numbers) -> int:
    """How many smallest units one whole has: a hundred cents, 1,440 minutes a day."""
    sides = [each[np.isfinite(each)] for each in (low, high)]
    total = sum(float(np.abs(each).sum()) for each in sides)
    if field.type == "duration":
        scale = MINUTES
    else:
        scale = next(
            (s for s in _scales(field) if all(_is_whole(e * s) for e in sides)), 10**_FINEST
        )
    if total * scale > MOST:
        says = f"'{field.name}' adds up to {total:.3g}, which cannot be split exactly"
        raise Refused([error("ROLLUP003", says, hint="roll up fewer things, or ask for full")])
    return scale


def _scales(field: Field) -> list[int]:
    least = 4 if field.type == "ratio" else 2
    return [10**digits for digits in range(least, _FINEST + 1)]


def _is_whole(numbers: Numbers) -> bool:
    return bool((np.abs(numbers - np.rint(numbers)) < 1e-4).all())


def _whole(numbers: Numbers, scale: int) -> Longs:
    finite = np.isfinite(numbers)
    scaled = (numbers if finite.all() else np.where(finite, numbers, 0.0)) * scale
    return np.rint(scaled, out=scaled).astype(np.int64)
