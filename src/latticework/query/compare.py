"""Values compared: true, false, or possible where a range leaves it open."""

from __future__ import annotations

import numpy as np
import polars as pl

from latticework.model.values import ORDERED
from latticework.query.ast import Op
from latticework.query.cells import Cells
from latticework.query.columns import CodedCells
from latticework.query.plan import Bounds
from latticework.query.truth import Mask, Numbers, Truth, settled


def in_bounds(cells: Cells, op: Op, bounds: Bounds) -> Truth:
    """Each value against a literal, which stands for all that lies in it.

    An unknown value is possible; so is one that does not fit an ordered type,
    and an amount in another currency. A misfit of another type is false.
    """
    truth = range_against(cells.low, cells.high, op, bounds)
    unclear = cells.unclear if cells.field.type in ORDERED else cells.unknown
    if unclear.any():
        truth = Truth(truth.sure & ~unclear, truth.maybe | unclear)
    if bounds.unit and cells.units is not None:
        other = (cells.units != bounds.unit).fill_null(value=False).to_numpy()
        truth = Truth(truth.sure & ~other, truth.maybe | other)
    return truth


def range_against(low: Numbers, high: Numbers, op: Op, bounds: Bounds) -> Truth:
    """Ranges against a literal's bounds; nan is never true nor possible."""
    least, most = bounds.low, bounds.high
    match op:
        case Op.LESS:
            return Truth(high < least, low < least)
        case Op.MOST:
            return Truth(high <= most, low <= most)
        case Op.MORE:
            return Truth(low > most, high > most)
        case Op.LEAST:
            return Truth(low >= least, high >= least)
    return Truth((low >= least) & (high <= most), (low <= most) & (high >= least))


def against(left: Cells, op: Op, right: Cells) -> Truth:
    """Two ranges against each other; both are as open as they are wide."""
    match op:
        case Op.LESS:
            truth = Truth(left.high < right.low, left.low < right.high)
        case Op.MOST:
            truth = Truth(left.high <= right.low, left.low <= right.high)
        case Op.MORE:
            truth = Truth(left.low > right.high, left.high > right.low)
        case Op.LEAST:
            truth = Truth(left.low >= right.high, left.high >= right.low)
        case _:
            point = (left.low == left.high) & (right.low == right.high)
            overlap = (left.low <= right.high) & (left.high >= right.low)
            truth = Truth(overlap & point, overlap)
    both = left.present & right.present
    unclear = both & (left.unclear | right.unclear | _other_units(left, right))
    return Truth(truth.sure & both & ~unclear, (truth.maybe & both) | unclear)


def _other_units(left: Cells, right: Cells) -> Mask:
    if left.units is None or right.units is None:
        return np.zeros(len(left.low), dtype=np.bool_)
    return (left.units != right.units).fill_null(value=False).to_numpy()


def is_one_of(cells: Cells, words: frozenset[str]) -> Truth:
    """Texts, letter case aside; of a list, any member. Unknown is possible."""
    if isinstance(cells, CodedCells):
        sure = cells.coded.are(cells.coded.among(_lowered(words)))
    elif cells.texts.dtype == pl.List:
        sure = _any_member(cells.texts, words)
    else:
        found = cells.texts.str.to_lowercase().is_in(_lowered(words))
        sure = found.fill_null(value=False).to_numpy()
    return Truth(sure, sure | cells.unknown) if cells.unknown.any() else settled(sure)


def contains(cells: Cells, text: str) -> Truth:
    """Texts that hold another, letter case aside; lists that have it as a member."""
    if isinstance(cells, CodedCells):
        held = cells.coded.folded.str.contains(text.lower(), literal=True)
        sure = cells.coded.are(held.to_numpy())
    elif cells.texts.dtype == pl.List:
        sure = _any_member(cells.texts, frozenset({text}))
    else:
        low = cells.texts.str.to_lowercase()
        found = low.str.contains(text.lower(), literal=True).fill_null(value=False)
        sure = found.to_numpy()
    return Truth(sure, sure | cells.unknown) if cells.unknown.any() else settled(sure)


def _any_member(lists: pl.Series, words: frozenset[str]) -> Mask:
    rows = pl.DataFrame({"text": lists}).with_row_index("row").explode("text")
    hits = rows.filter(pl.col("text").str.to_lowercase().is_in(_lowered(words)))["row"]
    found = np.zeros(len(lists), dtype=np.bool_)
    found[hits.to_numpy()] = True
    return found


def _lowered(words: frozenset[str]) -> list[str]:
    return sorted({form for word in words for form in (word.lower(), word)})
