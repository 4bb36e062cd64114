"""Columns of values: what many texts mean, without looking at each of them.

Plain numbers, percentages, their ranges and ISO days are read by whole-column
expressions; whatever is left is read once per distinct text, the way
`scalars.parse_value` reads it. Both ways agree on every text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.model.model import Field
from latticework.model.scalars import (
    ORDERED,
    QUANTITIES,
    TYPE_WORDS,
    TYPES,
    UNKNOWN,
    Measure,
    duration_days,
    format_value,
    is_unknown,
    parse_value,
)

__all__ = [
    "ORDERED",
    "QUANTITIES",
    "TYPES",
    "TYPE_WORDS",
    "UNKNOWN",
    "Measure",
    "Typed",
    "duration_days",
    "format_value",
    "is_unknown",
    "parse_column",
    "parse_value",
]

_PLAIN = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
# A whole percentage divided by 100 is the float nearest to it; 33.3 / 100 is not.
_WHOLE = r"-?[0-9]{1,15}"
_JOINT = r"(?:–|-|\.\.)"
_READ = ("low", "high", "unit", "unknown", "misfit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field's values in a fixed order, as written and as they are meant.

    `text` is str or list[str], null where nothing was said. `low` and `high`
    are float64 in the units of `scalars`; `unit` is a currency or null.
    `misfit` marks texts that do not fit the field's type or bounds.
    """

    field: Field
    text: pl.Series
    low: pl.Series
    high: pl.Series
    unit: pl.Series
    unknown: pl.Series
    misfit: pl.Series

    def __len__(self) -> int:
        """How many values, absent ones included."""
        return len(self.text)

    def take(self, places: np.ndarray[tuple[int], np.dtype[np.integer]] | pl.Series) -> Typed:
        """The values at these places, in this order."""
        return Typed(
            field=self.field,
            text=self.text.gather(places),
            low=self.low.gather(places),
            high=self.high.gather(places),
            unit=self.unit.gather(places),
            unknown=self.unknown.gather(places),
            misfit=self.misfit.gather(places),
        )


def parse_column(field: Field, texts: pl.Series) -> Typed:
    """What every text of a column means as a value of this field.

    A column of lists has the least low and the greatest high of each list; a
    list is a misfit where one of its texts is, or where the field holds one
    value and the list another number of them.
    """
    if texts.dtype == pl.List:
        return _lists(field, texts)
    column = texts.cast(pl.String)
    if field.type == "text":
        return _texts(field, column)
    frame = pl.DataFrame({"text": column})
    read = frame.select(_expressions(field)).with_columns(
        unit=pl.lit(field.unit or None if field.type == "money" else None, pl.String),
        unknown=pl.lit(value=False),
        misfit=pl.lit(value=False),
    )
    rest = column.is_not_null() & read["low"].is_null()
    if rest.any():
        read = _filled(read, rest, _distinct(field, column.filter(rest)))
    return _typed(field, texts, read)


def _texts(field: Field, column: pl.Series) -> Typed:
    """Text has no order and fits always."""
    unknown = (column.str.strip_chars().str.to_lowercase() == UNKNOWN).fill_null(value=False)
    if not is_unknown(field, UNKNOWN):
        unknown = _constant(len(column), pl.Boolean, value=False)
    numbers = _constant(len(column), pl.Float64)
    return Typed(
        field=field,
        text=column,
        low=numbers,
        high=numbers,
        unit=_constant(len(column), pl.String),
        unknown=unknown,
        misfit=_constant(len(column), pl.Boolean, value=False),
    )


def _constant(size: int, dtype: type[pl.DataType], *, value: bool | None = None) -> pl.Series:
    return pl.Series([value], dtype=dtype).new_from_index(0, size)


def _typed(field: Field, texts: pl.Series, read: pl.DataFrame) -> Typed:
    text = texts if texts.dtype == pl.List else texts.cast(pl.String)
    return Typed(field=field, text=text, **{name: read[name] for name in _READ})


def _expressions(field: Field) -> list[pl.Expr]:
    """Low and high of the texts that need no second look; null for the others."""
    if field.type == "day":
        text = pl.col("text")
        iso = pl.when(text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(text)
        day = iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Float64)
        return [day.alias("low"), day.alias("high")]
    if field.type in QUANTITIES and not (field.type == "duration" and field.unit):
        return _quantity_expressions(field)
    return [pl.repeat(None, pl.len(), dtype=pl.Float64).alias(end) for end in ("low", "high")]


def _quantity_expressions(field: Field) -> list[pl.Expr]:
    """Plain numbers and plain ranges, within the field's bounds."""
    low, high = _pair(_PLAIN, "")
    fits = low <= high
    if field.type == "ratio":
        fits &= (low.abs() <= 1) & (high.abs() <= 1)
        low_percent, high_percent = (each / 100 for each in _pair(_WHOLE, "%"))
        fits = fits.fill_null(value=False) | (low_percent <= high_percent)
        low, high = pl.coalesce(low, low_percent), pl.coalesce(high, high_percent)
    if field.low is not None:
        fits &= low >= float(field.low)
    if field.high is not None:
        fits &= high <= float(field.high)
    ends = {"low": low, "high": high}
    return [pl.when(fits).then(each + 0.0).alias(name) for name, each in ends.items()]


def _pair(number: str, suffix: str) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of texts that are one such number or a range of two."""
    parts = pl.col("text").str.extract_groups(
        rf"^(?P<low>{number}){suffix}?(?:{_JOINT}(?P<high>{number}){suffix})?$"
        if suffix
        else rf"^(?P<low>{number})(?:{_JOINT}(?P<high>{number}))?$"
    )
    low = parts.struct.field("low").cast(pl.Float64, strict=False)
    high = parts.struct.field("high").cast(pl.Float64, strict=False)
    said = pl.col("text").str.ends_with(suffix) if suffix else pl.lit(value=True)
    return pl.when(said).then(low), pl.when(said).then(pl.coalesce(high, low))


def _distinct(field: Field, texts: pl.Series) -> pl.DataFrame:
    """Each text read once, and spread over the rows in which it stands."""
    unique = texts.unique()
    measures = [parse_value(field, text) for text in unique]
    meanings = pl.DataFrame(
        {
            "text": unique,
            "low": _numbers(each.low if each else None for each in measures),
            "high": _numbers(each.high if each else None for each in measures),
            "unit": pl.Series(
                [each.unit or None if each else None for each in measures], dtype=pl.String
            ),
            "unknown": [each is not None and each.unknown for each in measures],
            "misfit": [each is None for each in measures],
        }
    )
    rows = pl.DataFrame({"text": texts})
    return rows.join(meanings, on="text", how="left", maintain_order="left").drop("text")


def _numbers(values: Iterable[float | None]) -> pl.Series:
    return pl.Series(list(values), dtype=pl.Float64)


def _filled(read: pl.DataFrame, rest: pl.Series, meanings: pl.DataFrame) -> pl.DataFrame:
    """The rows of `rest` taken from `meanings`, the others left as they are."""
    if rest.all():
        return meanings.select(_READ)
    places = rest.arg_true()
    return read.select(
        each.scatter(places, meanings[each.name]) for each in read.get_columns()
    ).select(_READ)


def _lists(field: Field, texts: pl.Series) -> Typed:
    """Lists, read as one long column and gathered again."""
    rows = pl.DataFrame({"text": texts}).with_row_index("row")
    long = rows.explode("text").filter(pl.col("text").is_not_null())
    inner = parse_column(field, long["text"])
    said = pl.DataFrame({"row": long["row"]} | {name: getattr(inner, name) for name in _READ})
    per_row = said.group_by("row").agg(
        pl.col("low").min(),
        pl.col("high").max(),
        pl.col("unit").first(),
        pl.col("unknown").any(),
        pl.col("misfit").any() | (pl.lit(not field.many) & (pl.len() != 1)),
    )
    read = rows.select("row").join(per_row, on="row", how="left", maintain_order="left")
    read = read.with_columns(pl.col("unknown", "misfit").fill_null(value=False))
    return _typed(field, texts, read)
