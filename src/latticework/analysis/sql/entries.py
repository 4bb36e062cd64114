"""The table of entries: what was recorded last, by whom and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from latticework.analysis.sql.table import DTYPES, INSTANT, TEXT, WHOLE, SqlColumn, SqlTable
from latticework.base.times import Instant
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
    Value,
)

Entries = Callable[[int], Iterable[Entry]]
"""The last so many entries, the newest first."""

MOST_ENTRIES = 20_000
_FAR = 253_402_300_799_000_000
"""The end of year 9999, beyond which no calendar goes."""

_EARLY = -62_135_596_800_000_000

_COLUMNS = (
    SqlColumn(name="number", type=WHOLE, says="counts from 1 over the whole journal"),
    SqlColumn(name="batch", type=WHOLE, says="what was recorded together"),
    SqlColumn(name="known", type=INSTANT, says="when it was recorded, UTC"),
    SqlColumn(name="valid", type=INSTANT, says="since when it is so, UTC; absent: ever since"),
    SqlColumn(name="who", type=TEXT, says="who said so"),
    SqlColumn(name="why", type=TEXT, says="the reason, where one was given"),
    SqlColumn(name="source", type=TEXT, says="where it was imported from"),
    SqlColumn(name="change", type=TEXT, says="put, retire, move, connect, disconnect or declare"),
    SqlColumn(name="ref", type=TEXT, says="about which thing"),
    SqlColumn(name="link", type=TEXT, says="along which link"),
    SqlColumn(name="target", type=TEXT, says="to which thing"),
    SqlColumn(name="fields", type=TEXT, says="what was written, as JSON"),
)


def history_of(entries: Entries) -> SqlTable:
    """The last entries as a table."""

    def make() -> pl.DataFrame:
        rows = [_row(each) for each in entries(MOST_ENTRIES)]
        names = [each.name for each in _COLUMNS]
        schema = {each.name: DTYPES[each.type] for each in _COLUMNS}
        return pl.DataFrame(
            rows, schema=dict(zip(names, schema.values(), strict=True)), orient="row"
        )

    says = f"the last {MOST_ENTRIES:,} entries of the journal"
    return SqlTable(name="history", sort="journal", columns=_COLUMNS, make=make, says=says)


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.number,
        entry.batch,
        _shown(entry.known),
        _shown(entry.valid),
        entry.by or None,
        entry.why or None,
        entry.source or None,
        *_told(entry.change),
    )


def _shown(instant: Instant) -> Instant | None:
    return instant if _EARLY <= instant <= _FAR else None


def _told(change: Change | None) -> tuple[str | None, ...]:
    """The word for a change, then ref, link, target and fields."""
    match change:
        case None:
            return "redacted", None, None, None, None
        case Put():
            return "put", change.ref, None, None, _fields(change.fields)
        case Retire():
            return "retire", change.ref, None, None, None
        case Move():
            return "move", change.ref, None, change.to, None
        case Connect():
            written = _fields(change.fields)
            return "connect", change.source, change.link, change.target, written
        case Disconnect():
            return "disconnect", change.source, change.link, change.target, None
        case Declare():
            return "declare", None, None, None, None


def _fields(fields: Mapping[str, Value]) -> str | None:
    return json.dumps(dict(fields), ensure_ascii=False) if fields else None
