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
_WHOLE = r"-?[0-9]{1,15}"
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
            text=self.text[places],
            low=self.low[places],
            high=self.high[places],
            unit=self.unit[places],
            unknown=self.unknown[places],
            misfit=self.misfit[places],
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
    frame = pl.DataFrame({"text": column}).with_columns(low=_single(field))
    read = _plain(field, frame.with_columns(high="low"))
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


def _single(field: Field) -> pl.Expr:
    """The texts that are one plain number or one ISO day; null for the others."""
    text = pl.col("text")
    if field.type == "day":
        iso = pl.when(text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(text)
        return iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Float64)
    if field.type not in QUANTITIES or (field.type == "duration" and field.unit):
        return pl.repeat(None, pl.len(), dtype=pl.Float64)
    plain = pl.when(text.str.contains(rf"^{_PLAIN}$")).then(text)
    number = plain.cast(pl.Float64, strict=False) + 0.0
    if field.type == "ratio":
        percent = pl.when(text.str.contains(rf"^{_WHOLE}%$")).then(text.str.strip_chars_end("%"))
        # A whole percentage divided by 100 is the float nearest to it; 33.3 / 100 is not.
        ratio = percent.cast(pl.Float64, strict=False) / 100 + 0.0
        number = pl.coalesce(pl.when(number.abs() <= 1).then(number), ratio)
    return pl.when(_within(field, number, number)).then(number)


def _range(field: Field) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of the texts that are a range of two plain numbers; null for the others."""
    if field.type not in {"number", "money"}:
        absent = pl.repeat(None, pl.len(), dtype=pl.Float64)
        return absent, absent
    parts = pl.col("text").str.extract_groups(rf"^({_PLAIN})(?:–|-|\.\.)({_PLAIN})$")
    low, high = (parts.struct.field(each).cast(pl.Float64, strict=False) + 0.0 for each in "12")
    fits = (low <= high) & _within(field, low, high)
    return pl.when(fits).then(low), pl.when(fits).then(high)


def _within(field: Field, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Whether both ends keep the field's bounds."""
    fits = pl.lit(value=True)
    if field.low is not None:
        fits &= low >= float(field.low)
    if field.high is not None:
        fits &= high <= float(field.high)
    return fits


def _distinct(field: Field, texts: pl.Series) -> pl.DataFrame:
    """Each text read once, and spread over the rows in which it stands."""
    low, high = _range(field)
    unique = pl.DataFrame({"text": texts.unique()}).with_columns(low=low, high=high)
    unique = _plain(field, unique)
    rest = unique["low"].is_null()
    if rest.any():
        unique = _filled(unique, rest, _one_by_one(field, unique["text"].filter(rest)))
    rows = pl.DataFrame({"text": texts})
    return rows.join(unique, on="text", how="left", maintain_order="left")


def _plain(field: Field, frame: pl.DataFrame) -> pl.DataFrame:
    """Texts and their ends, with what holds for all that need no second look."""
    unit = field.unit or None if field.type == "money" else None
    return frame.with_columns(
        unit=pl.when(pl.col("low").is_not_null()).then(pl.lit(unit, pl.String)),
        unknown=pl.lit(value=False),
        misfit=pl.lit(value=False),
    ).select("text", *_READ)


def _one_by_one(field: Field, texts: pl.Series) -> pl.DataFrame:
    """Texts as `parse_value` reads each."""
    measures = [parse_value(field, text) for text in texts]
    return pl.DataFrame(
        {
            "text": texts,
            "low": _numbers(each.low if each else None for each in measures),
            "high": _numbers(each.high if each else None for each in measures),
            "unit": pl.Series(
                [each.unit or None if each else None for each in measures], dtype=pl.String
            ),
            "unknown": [each is not None and each.unknown for each in measures],
            "misfit": [each is None for each in measures],
        }
    )


def _numbers(values: Iterable[float | None]) -> pl.Series:
    return pl.Series(list(values), dtype=pl.Float64)


def _filled(read: pl.DataFrame, rest: pl.Series, meanings: pl.DataFrame) -> pl.DataFrame:
    """The rows of `rest` taken from `meanings`, the others left as they are."""
    if rest.all():
        return meanings
    places = rest.arg_true()
    return read.select(each.scatter(places, meanings[each.name]) for each in read.get_columns())


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
