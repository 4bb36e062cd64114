"""The call that asks in SQL."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from latticework.analysis.sql.ask import Bounds, run_sql
from latticework.surfaces.sql import tables_in
from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.surfaces.web.api.rows import MomentGiven, Row, moment_given

MOST_ROWS = Bounds().rows


class SqlSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One statement that reads, and how many of its rows to give."""

    sql: Annotated[str, Meta(min_length=1, max_length=100_000)]
    most: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 1000


class SqlColumnGiven(Struct, frozen=True, kw_only=True):
    """A column of the answer and its type, in DuckDB's words."""

    name: str
    type: str


class SqlGiven(MomentGiven, frozen=True, kw_only=True):
    """The rows that a statement gives; `more` where there are further ones.

    `cut` counts values that are longer than what is given, `nameless` names
    columns that keep the names of people back. `tables` are those that were read.
    """

    columns: list[SqlColumnGiven]
    rows: list[Row]
    more: bool
    cut: int
    tables: list[str]
    nameless: list[str]


@call("POST /api/sql", given=Moment, takes=SqlSent, gives=SqlGiven, writes=False)
def ask_sql(asked: Asked[Moment, SqlSent]) -> SqlGiven:
    """What a statement of SQL reads from the tables of a moment; it can write nothing."""
    sight = asked.site.sight(asked.look)
    found = run_sql(asked.body.sql, tables_in(sight), Bounds(rows=asked.body.most))
    moment = moment_given(sight)
    return SqlGiven(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        columns=[SqlColumnGiven(name=each.name, type=each.type) for each in found.columns],
        rows=list(found.to_dicts()),
        more=found.more,
        cut=found.cut,
        tables=list(found.tables),
        nameless=list(found.nameless),
    )
