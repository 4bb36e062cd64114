"""What a table for analysts is: its name, its columns, how its rows are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

TEXT = "VARCHAR"
TEXTS = "VARCHAR[]"
NUMBER = "DOUBLE"
WHOLE = "BIGINT"
FLAG = "BOOLEAN"
DAY = "DATE"
INSTANT = "TIMESTAMP"

DTYPES: Mapping[str, pl.DataType] = {
    TEXT: pl.String(),
    TEXTS: pl.List(pl.String),
    NUMBER: pl.Float64(),
    WHOLE: pl.Int64(),
    FLAG: pl.Boolean(),
    DAY: pl.Date(),
    INSTANT: pl.Datetime("us"),
}
"""What a frame holds for each type of SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlColumn:
    """A column: its name, its type in SQL, and what it holds in words.

    A `nameless` one is empty, or says the same, where it would name people.
    """

    name: str
    type: str
    says: str = ""
    nameless: bool = False


@dataclass(frozen=True, kw_only=True)
class SqlTable:
    """A table that SQL can name; `make` gives its rows once they are wanted.

    `sort` is kind, interface, link, reading or journal. `schema` is empty for
    what is named without one.
    """

    name: str
    sort: str
    columns: tuple[SqlColumn, ...]
    make: Callable[[], pl.DataFrame]
    says: str = ""
    schema: str = ""

    @property
    def written(self) -> str:
        """The name as SQL writes it, in quotes where it needs them."""
        return ".".join(quoted(part) for part in (self.schema, self.name) if part)

    def frame(self) -> pl.DataFrame:
        """The rows, with exactly the columns that are told."""
        made = self.make()
        wanted = ((each.name, DTYPES[each.type]) for each in self.columns)
        return made.select(pl.col(name).cast(dtype) for name, dtype in wanted)


def quoted(name: str) -> str:
    """A name as SQL writes it; bare where it is a plain word."""
    plain = name.isascii() and name.replace("_", "a").isalnum() and not name[0].isdigit()
    if plain and name.casefold() not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


_KEPT_WORDS = """
    all analyse analyze and anti any array as asc asof asymmetric between both by case cast check
    collate column constraint create cross default deferrable desc describe distinct do else end
    except exists extract false fetch filter for foreign from full glob grant group having ilike in
    initially inner intersect into is isnull join lambda lateral leading left like limit map natural
    not notnull null offset on only or order outer over overlaps pivot pivot_longer pivot_wider
    placing positional primary qualify references returning right row select semi show similar some
    struct summarize symmetric table tablesample then to trailing true try_cast union unique unpivot
    using variadic verbose when where window with
"""

RESERVED = frozenset(_KEPT_WORDS.split())
"""Words that SQL keeps for itself."""
