"""Field values as written: one text, a list of texts, or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.graph.timeline import Flags, Ints
from latticework.journal.changes import Value

MOST_CHUNKS = 48
"""Beyond so many chunks a column is copied into one."""

FEW = 200
"""So many values are gone through one by one sooner than a frame is planned."""

LISTS = pl.List(pl.String)


@dataclass(frozen=True, slots=True)
class Values:
    """Values by index, only ever appended to.

    `texts` holds single texts; `lists` holds lists, and is None where there
    are none. At most one of the two is filled for an index; neither, where
    the value was taken away.
    """

    texts: pl.Series
    lists: pl.Series | None = None

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.texts)

    def with_values(self, tail: Values) -> Values:
        """The same with further values at the end."""
        texts = appended(self.texts, tail.texts)
        if self.lists is None and tail.lists is None:
            return Values(texts)
        return Values(texts, appended(_lists_of(self), _lists_of(tail)))

    def gather(self, rows: Ints) -> Values:
        """The values of these indexes; -1 gives an absent one."""
        picks = picked(rows)
        lists = None if self.lists is None else self.lists[picks]
        return Values(self.texts[picks], lists)

    def slice(self, start: int) -> Values:
        """The values from an index on."""
        return Values(
            self.texts.slice(start), None if self.lists is None else self.lists.slice(start)
        )

    def differ(self, other: Values) -> Flags:
        """Where two columns of one length hold different values."""
        differ = self.texts.ne_missing(other.texts)
        if self.lists is not None or other.lists is not None:
            differ = differ | _lists_of(self).ne_missing(_lists_of(other))
        return differ.to_numpy().astype(np.bool_)

    def has_lists(self) -> bool:
        """Whether any value is a list."""
        return self.lists is not None and self.lists.null_count() < len(self.lists)

    def as_lists(self) -> pl.Series:
        """Every value as a list of texts; absent stays null."""
        single = self.texts.to_frame("text").select(
            pl.when(pl.col("text").is_not_null()).then(pl.concat_list("text"))
        )
        wrapped = single.to_series().cast(LISTS)
        if self.lists is None:
            return wrapped
        return pl.select(pl.coalesce(self.lists, wrapped)).to_series()

    def as_texts(self) -> pl.Series:
        """Every value as one text, a list joined by commas; absent stays null."""
        if self.lists is None:
            return self.texts
        return pl.select(pl.coalesce(self.texts, self.lists.list.join(", "))).to_series()

    def to_values(self) -> list[Value]:
        """Every value as a change would hold it."""
        if self.lists is None:
            return list(self.texts.to_list())
        return [
            tuple(several) if several is not None else text
            for text, several in zip(self.texts.to_list(), self.lists.to_list(), strict=True)
        ]


def values_of(values: Sequence[Value]) -> Values:
    """Values from what changes hold."""
    texts = pl.Series("text", [v if isinstance(v, str) else None for v in values], pl.String)
    if all(v is None or isinstance(v, str) for v in values):
        return Values(texts)
    several = [list(v) if isinstance(v, tuple) else None for v in values]
    return Values(texts, pl.Series("list", several, LISTS))


def picked(rows: Ints) -> pl.Series:
    """Row numbers to take out of a series, with -1 as null.

    In the type of Polars' own indexes, which it takes as they are.
    """
    if len(rows) <= FEW:
        return pl.Series("row", [row if row >= 0 else None for row in rows.tolist()], pl.UInt32)
    series = pl.Series("row", rows)
    if int(rows.min()) >= 0:
        return series.cast(pl.UInt32)
    return pl.select(pl.when(series >= 0).then(series).cast(pl.UInt32)).to_series()


def appended(first: pl.Series, second: pl.Series) -> pl.Series:
    """One column after the other, copied into one now and then."""
    joined = pl.concat([first, second], rechunk=False)
    return joined.rechunk() if joined.n_chunks() > MOST_CHUNKS else joined


NO_VALUES = Values(pl.Series("text", [], pl.String))


def _lists_of(values: Values) -> pl.Series:
    if values.lists is not None:
        return values.lists
    return pl.Series("list", [None], LISTS).new_from_index(0, len(values.texts))
