"""The table of entries: what was recorded last, and why; not by whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from latticework.analysis.sql.people import People
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
from latticework.query.people import SOMEBODY

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
    SqlColumn(name="who", type=TEXT, says="whether anybody is named", nameless=True),
    SqlColumn(name="why", type=TEXT, says="the reason, where one was given"),
    SqlColumn(name="source", type=TEXT, says="where it was imported from"),
    SqlColumn(name="change", type=TEXT, says="put, retire, move, connect, disconnect or declare"),
    SqlColumn(name="ref", type=TEXT, says="about which thing", nameless=True),
    SqlColumn(name="link", type=TEXT, says="along which link"),
    SqlColumn(name="target", type=TEXT, says="to which thing", nameless=True),
    SqlColumn(name="fields", type=TEXT, says="what was written, as JSON"),
)


def history_of(entries: Entries, people: People) -> SqlTable:
    """The last entries as a table in which nobody has a name."""

    def make() -> pl.DataFrame:
        rows = [_row(each, people) for each in entries(MOST_ENTRIES)]
        names = [each.name for each in _COLUMNS]
        schema = {each.name: DTYPES[each.type] for each in _COLUMNS}
        return pl.DataFrame(
            rows, schema=dict(zip(names, schema.values(), strict=True)), orient="row"
        )

    says = f"the last {MOST_ENTRIES:,} entries of the journal"
    return SqlTable(name="history", sort="journal", columns=_COLUMNS, make=make, says=says)


def _row(entry: Entry, people: People) -> tuple[object, ...]:
    word, ref, link, target, fields = _told(entry.change)
    about, to = (each and people.ref(each) for each in (ref, target))
    # The key of a source tells people apart as their refs do.
    nameless = ref is not None and about is None
    return (
        entry.number,
        entry.batch,
        _shown(entry.known),
        _shown(entry.valid),
        SOMEBODY if entry.by else None,
        entry.why or None,
        None if nameless else entry.source or None,
        word,
        about,
        link,
        to,
        None if nameless and not link else _written(people.fields(fields)),
    )


def _shown(instant: Instant) -> Instant | None:
    return instant if _EARLY <= instant <= _FAR else None


def _told(
    change: Change | None,
) -> tuple[str, str | None, str | None, str | None, Mapping[str, Value]]:
    """The word for a change, then ref, link, target and fields."""
    match change:
        case None:
            return "redacted", None, None, None, {}
        case Put():
            return "put", change.ref, None, None, change.fields
        case Retire():
            return "retire", change.ref, None, None, {}
        case Move():
            return "move", change.ref, None, change.to, {}
        case Connect():
            return "connect", change.source, change.link, change.target, change.fields
        case Disconnect():
            return "disconnect", change.source, change.link, change.target, {}
        case Declare():
            return "declare", None, None, None, {}


def _written(fields: Mapping[str, Value]) -> str | None:
    return json.dumps(dict(fields), ensure_ascii=False) if fields else None
