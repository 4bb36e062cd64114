"""Bands of numbers and days: few, of round size, each said as a query says it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.times import DAY_MICROSECONDS
from latticework.model.values import Measure, format_value
from latticework.query.ast import Op

if TYPE_CHECKING:
    from latticework.query.cells import Cells
    from latticework.query.truth import Numbers

Terms = tuple[tuple[Op, str], ...]
Band = tuple[str, Terms]

EPOCH = date(1970, 1, 1)
_FEW = 8
_WANTED = 6
_MOST_CUT = 0.3
"""The share of ranges that may lie across the edges of bands."""

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTHS = {"year": 12, "quarter": 3, "month": 1}


def bands_of(cells: Cells, most: int) -> tuple[Band, ...]:
    """Bands that hold the known values; few whole numbers stand each for itself."""
    low, high = cells.low, cells.high
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return ()
    if cells.field.type in {"day", "instant"}:
        scale = DAY_MICROSECONDS if cells.field.type == "instant" else 1
        return tuple(_periods(float(low[known].min()), float(high[known].max()), scale, most))
    points = np.unique(low[known])
    exact = (low[known] == high[known]).all() and cells.field.type == "number"
    if exact and len(points) <= _FEW and (points == np.round(points)).all():
        return tuple((f"{each:g}", ((Op.IS, f"{each:g}"),)) for each in points)
    return tuple(_between(cells, _fitting_edges(low[known], high[known])))


def _fitting_edges(low: Numbers, high: Numbers) -> list[float]:
    """Edges that cut through few of the ranges: the wider these are, the fewer bands."""
    best: list[float] = []
    for wanted in (_WANTED, 4, 3, 2):
        best = edges_of((low + high) / 2, float(low.min()), wanted)
        inner = np.asarray(best[1:-1])
        cut = np.searchsorted(inner, low, "right") != np.searchsorted(inner, high, "right")
        if cut.mean() < _MOST_CUT:
            break
    return best


def edges_of(middles: Numbers, least: float, wanted: int = _WANTED) -> list[float]:
    """Round numbers from below the least to above the greatest; wide ones for skewed values."""
    most = float(middles.max())
    if most <= least:
        return [least, math.nextafter(least, math.inf)]
    median = float(np.median(middles))
    if least >= 0 and median > 0 and wanted == _WANTED and most / median > 2 * _WANTED:
        first = 10.0 ** math.floor(math.log10(max(min(median / 10, most), 1e-9)))
        tens = [first * 10**power for power in range(_FEW) if first * 10**power <= most]
        return [0.0, *tens, tens[-1] * 10]
    rough = (most - least) / wanted
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * each for each in _STEPS if unit * each >= rough)
    first = math.floor(least / step) * step
    count = math.floor((most - first) / step) + 1
    return [float(f"{first + step * each:.12g}") for each in range(count + 1)]


def _between(cells: Cells, edges: list[float]) -> Iterator[Band]:
    unit = _usual_unit(cells)
    for low, high in pairwise(edges):
        terms = ((Op.LEAST, _said(cells, low, unit)), (Op.LESS, _said(cells, high, unit)))
        text = format_value(cells.field, Measure(low, high, unit))
        yield (text or f"{low:g}–{high:g}"), terms


def _said(cells: Cells, value: float, unit: str) -> str:
    plain = f"{value:.12g}" if "e" not in f"{value:.12g}" else f"{value:f}".rstrip("0").rstrip(".")
    if cells.field.type == "duration":
        return f"{plain} days"
    return f"{plain} {unit}" if unit else plain


def _usual_unit(cells: Cells) -> str:
    """The one currency to ask for, where there are several."""
    if cells.units is None:
        return ""
    counted = cells.units.drop_nulls().value_counts(sort=True)
    return "" if len(counted) < 2 else str(counted[0, 0])


def _periods(least: float, greatest: float, scale: int, most: int) -> Iterator[Band]:
    """Months, quarters or years: the smallest that are few enough, the latest of them."""
    first, last = (_date(each / scale) for each in (least, greatest))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    sort = next((each for each in ("month", "quarter") if months / _MONTHS[each] <= most), "year")
    size = _MONTHS[sort]
    begin = (first.year * 12 + first.month - 1) // size * size
    spans = range(begin, last.year * 12 + last.month, size)
    for month in list(spans)[-most:]:
        text = _period_text(month // 12, month % 12 + 1, sort)
        yield text, ((Op.IN, text),)


def _period_text(year: int, month: int, sort: str) -> str:
    match sort:
        case "month":
            return f"{year}-{month:02}"
        case "quarter":
            return f"{year}-Q{(month + 2) // 3}"
    return f"{year}"


def _date(days: float) -> date:
    return EPOCH + timedelta(days=max(min(int(days), 2_900_000), -719_000))
