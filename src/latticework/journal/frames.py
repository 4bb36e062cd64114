"""Entries as frames of LOG_COLUMNS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from latticework.base.times import Instant
from latticework.journal.kept import KeptEntry
from latticework.journal.store import LOG_COLUMNS, STATED_COLUMNS

NUMBERS = ("number", "batch", "known", "valid")
TEXTS = ("op", "subject", "link", "object", "patch")
LOG_SCHEMA = {name: pl.Int64 if name in NUMBERS else pl.String for name in LOG_COLUMNS}

STATED_SCHEMA = {name: pl.Int64 if name == "number" else pl.String for name in STATED_COLUMNS}

AT_ONCE = 100_000
"""Rows whose columns are made one piece."""

MANY = 500_000
"""Rows that are held before those of one key become one."""

_ODD = np.uint64(0x9E3779B97F4A7C15)

OWN = ("number", "valid", *TEXTS)
"""Columns that entries hold themselves; the rest is their batch's."""

LogRow = tuple[int, int, str, str, str, str, str]
"""The values of OWN, with empty texts for none."""

StatedRow = tuple[str, str, str, int, str]
"""The values of STATED_COLUMNS."""

BatchRow = tuple[int, int, Instant]
"""Number, last entry and instant of a batch."""


def log_frame(rows: Sequence[LogRow], batches: Sequence[BatchRow]) -> pl.DataFrame:
    """A log from its rows and the rows of their batches, each in order of number."""
    if not rows:
        return pl.DataFrame(schema=LOG_SCHEMA)
    data = dict(zip(OWN, zip(*rows, strict=True), strict=True))
    frame = pl.DataFrame(data, schema={name: LOG_SCHEMA[name] for name in OWN})
    named = dict(zip(("batch", "last", "known"), zip(*batches, strict=True), strict=True))
    return whole_frame(frame, pl.DataFrame(named, schema=dict.fromkeys(named, pl.Int64)))


def whole_frame(own: pl.DataFrame, batches: pl.DataFrame) -> pl.DataFrame:
    """A log from its own columns, and null for every empty text.

    `batches` has the columns batch, last and known, in order; it holds the
    batch of every entry, and may hold others.
    """
    if own.is_empty():
        return pl.DataFrame(schema=LOG_SCHEMA)
    places = batches["last"].search_sorted(own["number"])
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in TEXTS[1:]]
    return own.with_columns(
        batches["batch"].gather(places), batches["known"].gather(places), *texts
    ).select(LOG_COLUMNS)


def log_rows(entries: Iterable[KeptEntry]) -> Sequence[LogRow]:
    """The columns of entries that a log has."""
    return [(e.number, e.valid, e.op, e.subject, e.link, e.object, e.patch) for e in entries]


def stated_frame(portions: Iterable[Sequence[StatedRow]]) -> pl.DataFrame:
    """What sources stated, each key and thing once, with its last entry.

    Rows are taken a portion at a time, in any order.
    """
    frame = pl.DataFrame(schema=STATED_SCHEMA)
    fresh: list[pl.DataFrame] = []
    known = 0
    for rows in portions:
        if rows:
            columns = dict(zip(STATED_COLUMNS, zip(*rows, strict=True), strict=True))
            fresh.append(pl.DataFrame(columns, schema=STATED_SCHEMA))
        if sum(map(len, fresh)) >= AT_ONCE:
            # Columns that grew row by row hold room for half as many again.
            frame = pl.concat([frame, pl.concat(fresh, rechunk=True)])
            fresh = []
        # A key that was put many times takes no more room than one.
        if len(frame) > 2 * known + MANY:
            frame = _last_said(frame)
            known = len(frame)
    frame = _last_said(pl.concat([frame, *fresh]))
    return frame if frame["number"].is_sorted() else frame.sort("number")


def _last_said(frame: pl.DataFrame) -> pl.DataFrame:
    """Each key and thing once; the frame itself where none stands twice."""
    named = ("source", "key", "subject")
    mixed = np.zeros(len(frame), dtype=np.uint64)
    for name in named:
        mixed = mixed * _ODD + frame[name].hash().to_numpy()
    # Rows of different hashes differ; a struct of the texts would copy them all.
    if len(np.unique(mixed)) == len(frame):
        return frame
    return frame.group_by(named).agg(pl.col("number", "revision").max())
