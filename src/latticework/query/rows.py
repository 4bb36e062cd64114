"""The answer to a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from latticework.base.findings import Finding
from latticework.base.times import Moment
from latticework.query.truth import Ints

if TYPE_CHECKING:
    from latticework.query.plan import Plan

Shown: TypeAlias = str | int | float | list[str] | None
"""A value that JSON can say; a range is the text that says it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Things that were asked for, in order, and what was to be shown of them.

    `frame` has a row per thing: ref, kind, title, then what was shown; `read`
    makes it of some of the ids, once somebody looks (Refused where paths reach
    too much). `total` counts the things before the limit. `groups`, where the query groups, has a
    row per group with its `count` and the totals of shown sums; it covers all
    things, limited or not. `findings` tell what the numbers leave open. `tallied`
    says what counts or sums of other things a column holds, as a query says it.
    `plan` is the question as it was understood.
    """

    ids: Ints
    columns: tuple[str, ...]
    read: Callable[[Ints], pl.DataFrame] = field(repr=False)
    total: int
    moment: Moment
    groups: pl.DataFrame | None = None
    findings: tuple[Finding, ...] = field(default=())
    tallied: Mapping[str, str] = field(default_factory=dict)
    plan: Plan | None = field(default=None, repr=False)
    _part: dict[tuple[int, int], Rows] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All rows."""
        return self.read(self.ids)

    def part(self, skip: int, most: int) -> Rows:
        """At most so many rows, after the first `skip`; nothing is read of others.

        The part that was taken last is kept with what was read of it.
        """
        key = skip, max(min(most, len(self) - skip), 0)
        found = self._part.get(key)
        if found is None:
            found = replace(self, ids=self.ids[skip : skip + most])
            self._part.clear()
            self._part[key] = found
        return found

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
        return len(self.ids)

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
