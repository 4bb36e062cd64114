"""Measures of things as numbers or texts, whatever they come from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl

from latticework.model.model import Field
from latticework.query.cells import Cells, no_texts
from latticework.query.function import Function, Scalar

_EPOCH = date(1970, 1, 1)


def apply(function: Function, cells: Cells) -> Cells:
    """A function of each value; absent stays absent, unclear stays unclear."""
    call = function.call
    assert call is not None
    if function.takes == "day":
        return _of_days(function, call, cells)
    said = cells.texts.list.join(", ") if cells.texts.dtype == pl.List else cells.texts
    distinct = said.drop_nulls().unique()
    answers = [call(text) for text in distinct.to_list()]
    if function.gives == "text":
        new = pl.Series(answers, dtype=pl.String)
        return _texts(said.replace_strict(distinct, new, default=None, return_dtype=pl.String))
    numbers = pl.Series([_number(each) for each in answers], dtype=pl.Float64)
    found = said.replace_strict(distinct, numbers, default=None, return_dtype=pl.Float64)
    return _numbers(found, cells)


def _of_days(function: Function, call: Callable[..., Scalar], cells: Cells) -> Cells:
    """The answer for a day, or for a range whose ends have the same answer."""
    ends = [_each_day(call, values) for values in (cells.low, cells.high)]
    pairs = zip(*ends, strict=True)
    agreed = [first if first == last else None for first, last in pairs]
    if function.gives == "text":
        return _texts(
            pl.Series([None if each is None else str(each) for each in agreed], dtype=pl.String)
        )
    numbers = [None if each is None else _number(each) for each in agreed]
    return _numbers(pl.Series(numbers, dtype=pl.Float64), cells)


def _each_day(
    call: Callable[..., Scalar], days: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> list[Scalar | None]:
    answers: dict[float, Scalar | None] = {}
    for day in np.unique(days[np.isfinite(days)]).tolist():
        try:
            answers[day] = call(_EPOCH + timedelta(days=day))
        except OverflowError:
            answers[day] = None
    return [answers.get(day) for day in days.tolist()]


def _number(value: Scalar) -> float:
    assert isinstance(value, int)
    return float(value)


def _texts(found: pl.Series) -> Cells:
    size = len(found)
    nothing = np.full(size, np.nan)
    none = np.zeros(size, dtype=np.bool_)
    return Cells(
        field=Field(name="text"),
        low=nothing,
        high=nothing,
        present=found.is_not_null().to_numpy(),
        unknown=none,
        misfit=none,
        said=lambda: found,
    )


def _numbers(found: pl.Series, cells: Cells) -> Cells:
    """Numbers; what was there and has no number is unknown."""
    numbers = found.fill_null(float("nan")).to_numpy()
    return Cells(
        field=Field(name="number", type="number"),
        low=numbers,
        high=numbers,
        present=cells.present,
        unknown=cells.present & np.isnan(numbers),
        misfit=np.zeros(len(found), dtype=np.bool_),
        said=lambda: no_texts(len(found)),
    )
