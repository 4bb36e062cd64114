"""The answer to a query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from latticework.base.findings import Finding
from latticework.base.times import Moment
from latticework.query.truth import Ints

Shown: TypeAlias = str | int | float | list[str] | None
"""A value that JSON can say; a range is the text that says it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Things that were asked for, in order, and what was to be shown of them.

    `frame` has a row per thing: ref, kind, title, then what was shown. `total`
    counts the things before the limit. `groups`, where the query groups, has a
    row per group with its `count` and the totals of shown sums; it covers all
    things, limited or not. `findings` tell what the numbers leave open.
    """

    ids: Ints
    frame: pl.DataFrame
    total: int
    moment: Moment
    groups: pl.DataFrame | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.frame.columns)

    @property
    def limited(self) -> bool:
        """Whether there are more things than rows."""
        return len(self) < self.total

    @property
    def refs(self) -> tuple[str, ...]:
        """The refs of the things, in order."""
        return tuple(self.frame["ref"].to_list())

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.frame)

    def __iter__(self) -> Iterator[dict[str, Shown]]:
        """Row by row, as `to_dicts` has them."""
        return iter(self.to_dicts())

    def to_dicts(self) -> list[dict[str, Shown]]:
        """Rows as objects that JSON can say."""
        return self.frame.to_dicts()

    def to_polars(self) -> pl.DataFrame:
        """The rows as a Polars frame."""
        return self.frame

    def to_arrow(self) -> pl.DataFrame:
        """Something that any Arrow library takes (`__arrow_c_stream__`)."""
        return self.frame
