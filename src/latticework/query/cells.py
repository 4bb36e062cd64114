"""A field's values for many things, as numbers and as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.values import picked
from latticework.model.model import Field, Kind
from latticework.model.values import UNKNOWN, Measure, Typed, format_value
from latticework.query.arithmetic import Combined, Expression, Number, Own
from latticework.query.plan import FieldRead, Source
from latticework.query.truth import Ids, Mask, Numbers, narrow


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Values in a fixed order; `low` and `high` are nan where there are none.

    `present` says that something was written. What is neither `unknown` nor a
    `misfit` is known. `said` gives the texts as written, null where worked out
    or absent. `units` are currencies; None where no value has one.
    """

    field: Field
    low: Numbers
    high: Numbers
    present: Mask
    unknown: Mask
    misfit: Mask
    said: Callable[[], pl.Series]
    units: pl.Series | None = None

    @cached_property
    def texts(self) -> pl.Series:
        """The texts as written."""
        return self.said()

    @property
    def unclear(self) -> Mask:
        """Something was written, and nobody can say which number it is."""
        return self.unknown | self.misfit

    def written(self) -> pl.Series:
        """Every value as text: as it was written, or as it was worked out."""
        texts = self.texts
        if texts.dtype == pl.List or not (texts.is_null().to_numpy() & self.present).any():
            return texts
        shown = texts.to_list()
        for place in np.flatnonzero(self.present & texts.is_null().to_numpy()).tolist():
            shown[place] = self._worked_out(place)
        return pl.Series(shown, dtype=pl.String)

    def _worked_out(self, place: int) -> str:
        if self.unclear[place]:
            return UNKNOWN
        unit = (self.units[place] if self.units is not None else None) or ""
        low, high = rounded(float(self.low[place])), rounded(float(self.high[place]))
        return format_value(self.field, Measure(low, high, unit))


def rounded(value: float) -> float:
    """A worked-out number without the noise of binary fractions."""
    return float(f"{value:.12g}")


def no_texts(size: int) -> pl.Series:
    """As many nulls."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, size)


def split_by_kind(graph: Graph, read: FieldRead, ids: Ids) -> Iterator[tuple[Source, Ids | None]]:
    """Each source of a field with the places in `ids` whose kind it is; None for all."""
    names = {name: code for code, name in enumerate(graph.kind_names)}
    for source in read.sources:
        if ids is graph.ids_of(source.kind):
            yield source, None
            return
    codes = graph.kind_codes[ids]
    for source in read.sources:
        code = names.get(source.kind)
        if code is None:
            continue
        here = codes == code
        if here.all():
            if len(ids):
                yield source, None
            return
        places = np.flatnonzero(here)
        if len(places):
            yield source, places


def read_typed(graph: Graph, source: Source, ids: Ids) -> Cells:
    """A kind's own field, read for these things alone."""
    if source.staged is not None:
        return staged_cells(source, source.staged, graph.stage_words(narrow(ids)))
    return from_typed(graph.column(source.column, narrow(ids)))


def staged_cells(source: Source, kind: Kind, words: pl.Series) -> Cells:
    """Stages count by their place in the kind's course; other words are misfits."""
    names = pl.Series(list(kind.stages_by_name), dtype=pl.String)
    places = pl.Series(range(len(names)), dtype=pl.Float64)
    course = words.replace_strict(names, places, default=None, return_dtype=pl.Float64)
    place = floats(course)
    present = words.is_not_null().to_numpy()
    unknown = (words == UNKNOWN).fill_null(value=False).to_numpy() & np.isnan(place)
    return Cells(
        field=source.field,
        low=place,
        high=place,
        present=present,
        unknown=unknown,
        misfit=present & np.isnan(place) & ~unknown,
        said=lambda: words,
    )


def from_typed(typed: Typed) -> Cells:
    """Cells of a column that the graph gave."""
    return Cells(
        field=typed.field,
        low=floats(typed.low),
        high=floats(typed.high),
        present=typed.text.is_not_null().to_numpy(),
        unknown=_flags(typed.unknown),
        misfit=_flags(typed.misfit),
        said=lambda: typed.text,
        units=typed.unit if typed.unit.null_count() < len(typed.unit) else None,
    )


def _flags(series: pl.Series) -> Mask:
    """Flags as an array; null is false."""
    told = series.fill_null(value=False) if series.null_count() else series
    return told.to_numpy()


def floats(series: pl.Series) -> Numbers:
    """Numbers as an array; null is nan."""
    return series.fill_null(float("nan")).to_numpy() if series.null_count() else series.to_numpy()


def assembled(field: Field, parts: list[tuple[Ids, Cells]], size: int) -> Cells:
    """Values of several kinds, each put in its places."""
    low, high = np.full(size, np.nan), np.full(size, np.nan)
    masks = {name: np.zeros(size, dtype=np.bool_) for name in ("present", "unknown", "misfit")}
    source_row = np.full(size, -1, dtype=np.int64)
    start = 0
    for places, cells in parts:
        low[places], high[places] = cells.low, cells.high
        for name, mask in masks.items():
            mask[places] = getattr(cells, name)
        source_row[places] = np.arange(start, start + len(places))
        start += len(places)
    units = None
    if any(cells.units is not None for _, cells in parts):
        every = [no_texts(len(c.low)) if c.units is None else c.units for _, c in parts]
        units = _gathered(every, source_row)
    return Cells(
        field=field,
        low=low,
        high=high,
        said=lambda: _gathered([_plain(cells.texts) for _, cells in parts], source_row),
        units=units,
        **masks,
    )


def _plain(texts: pl.Series) -> pl.Series:
    return texts.list.join(", ") if texts.dtype == pl.List else texts


def _gathered(parts: list[pl.Series], rows: Ids) -> pl.Series:
    if not parts:
        return no_texts(len(rows))
    return pl.concat(parts)[picked(narrow(rows))]


# Expressions -------------------------------------------------------------------------


def expressed(field: Field, expression: Expression, parts: dict[str, Cells], size: int) -> Cells:
    """A worked-out field: present where every part is, unknown where one is."""
    present = np.ones(size, dtype=np.bool_)
    unclear = np.zeros(size, dtype=np.bool_)
    for cells in parts.values():
        present &= cells.present
        unclear |= cells.unclear
    with np.errstate(all="ignore"):
        # Binary fractions leave noise: what people mean by 30% must equal 3 / 10.
        low, high = (np.round(each, 12) for each in _interval(expression, parts, size))
    unclear = present & (unclear | np.isnan(low) | np.isnan(high))
    low, high = (np.where(present & ~unclear, each, np.nan) for each in (low, high))
    units = [cells.units for cells in parts.values() if cells.units is not None]
    return Cells(
        field=field,
        low=low,
        high=high,
        present=present,
        unknown=unclear,
        misfit=np.zeros(size, dtype=np.bool_),
        said=lambda: no_texts(size),
        units=units[0] if units and field.type == "money" else None,
    )


def _interval(
    expression: Expression, parts: dict[str, Cells], size: int
) -> tuple[Numbers, Numbers]:
    """The least and the most that an expression can be."""
    match expression:
        case Own(name):
            return parts[name].low, parts[name].high
        case Number(value):
            number = np.full(size, value)
            return number, number
        case Combined(sign, left, right):
            return _combined(sign, _interval(left, parts, size), _interval(right, parts, size))


def _combined(
    sign: str, left: tuple[Numbers, Numbers], right: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    if sign == "+":
        return left[0] + right[0], left[1] + right[1]
    if sign == "-":
        return left[0] - right[1], left[1] - right[0]
    if sign == "/":
        # Dividing by a range that holds zero can give anything: unknown.
        zero = (right[0] <= 0) & (right[1] >= 0)
        corners = [np.where(zero, np.nan, a / b) for a in left for b in right]
    else:
        corners = [a * b for a in left for b in right]
    return np.minimum.reduce(corners), np.maximum.reduce(corners)
