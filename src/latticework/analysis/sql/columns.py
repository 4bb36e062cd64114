"""The columns of a field: as it is written, and from where to where it reaches.

A number, an amount, a share, a length of time and a day may each be a range or
unknown, so none of them is one number: `cost` is the text, `cost_low` and
`cost_high` are what it means.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from latticework.analysis.sql.table import (
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    TEXTS,
    SqlColumn,
)
from latticework.model.model import Field
from latticework.model.values import QUANTITIES

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""Days since 1970 that a calendar has: years 1 to 9999."""

_DAY_MICROSECONDS = 86_400_000_000


def columns_of(field: Field, *, nameless: bool = False) -> Iterator[SqlColumn]:
    """What a field becomes, by its type; `nameless` where its values name people."""
    says = field.purpose or _said(field)
    sort = TEXTS if field.many else FLAG if field.type == "yes-no" else TEXT
    yield SqlColumn(name=field.name, type=sort, says=says, nameless=nameless)
    if sort == FLAG:
        return
    ends = _ends(field)
    if ends:
        unit = {"duration": "in days", "ratio": "1 is all of it"}.get(field.type, field.unit)
        yield SqlColumn(name=f"{field.name}_low", type=ends, says=f"at least{_tail(unit)}")
        yield SqlColumn(name=f"{field.name}_high", type=ends, says=f"at most{_tail(unit)}")
    if field.type == "money":
        yield SqlColumn(name=f"{field.name}_currency", type=TEXT, says="of both ends")


def frame_of(
    field: Field, text: pl.Series, low: pl.Series, high: pl.Series, unit: pl.Series | None
) -> pl.DataFrame:
    """The columns of a field for values that were read."""
    if not field.many and field.type == "yes-no":
        return pl.DataFrame({field.name: _finite(low) > 0})
    series = {field.name: _as_lists(text) if field.many else _as_texts(text)}
    ends = _ends(field)
    if ends:
        read = {DAY: _days, INSTANT: _instants}.get(ends, _finite)
        series |= {f"{field.name}_low": read(low), f"{field.name}_high": read(high)}
    if field.type == "money":
        none = pl.Series([None], dtype=pl.String).new_from_index(0, len(text))
        series[f"{field.name}_currency"] = none if unit is None else unit
    return pl.DataFrame([each.alias(name) for name, each in series.items()])


def _ends(field: Field) -> str:
    """The type of both ends of a value; empty where a value has none."""
    if field.type in QUANTITIES:
        return NUMBER
    return {"day": DAY, "instant": INSTANT}.get(field.type, "")


def _said(field: Field) -> str:
    parts = (field.type, field.unit and f"in {field.unit}", field.per and f"per {field.per}")
    return " ".join(part for part in parts if part) if field.type != "text" else ""


def _tail(unit: str) -> str:
    return f", {unit}" if unit else ""


def _as_texts(text: pl.Series) -> pl.Series:
    if isinstance(text.dtype, pl.List):
        return text.list.join("; ")
    return text.cast(pl.String)


def _as_lists(text: pl.Series) -> pl.Series:
    if isinstance(text.dtype, pl.List):
        return text
    frame = pl.DataFrame({"text": text.cast(pl.String)})
    there = pl.when(pl.col("text").is_not_null()).then(pl.concat_list("text"))
    return frame.select(there.alias("text"))["text"]


def _finite(numbers: pl.Series) -> pl.Series:
    """Numbers, absent where they are none or have no end."""
    read = numbers.cast(pl.Float64)
    return pl.Series(read.name, read.fill_null(np.nan).to_numpy()).set(
        ~read.fill_null(np.nan).is_finite(), None
    )


def _days(days: pl.Series) -> pl.Series:
    """Days, absent where no calendar has them."""
    read = _finite(days).floor()
    return read.set((read < _FIRST_DAY) | (read > _LAST_DAY), None).cast(pl.Int32).cast(pl.Date)


def _instants(instants: pl.Series) -> pl.Series:
    """Instants, absent where no calendar has them."""
    read = _finite(instants)
    off = (read < _FIRST_DAY * _DAY_MICROSECONDS) | (read > _LAST_DAY * _DAY_MICROSECONDS)
    return read.set(off, None).cast(pl.Int64).cast(pl.Datetime("us"))
