"""Entries as frames of LOG_COLUMNS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from latticework.base.times import Instant
from latticework.journal.kept import KeptEntry
from latticework.journal.store import LOG_COLUMNS, STATED_COLUMNS

NUMBERS = ("number", "batch", "known", "valid")
TEXTS = ("op", "subject", "link", "object", "patch")
LOG_SCHEMA = {name: pl.Int64 if name in NUMBERS else pl.String for name in LOG_COLUMNS}

STATED_SCHEMA = {name: pl.Int64 if name == "number" else pl.String for name in STATED_COLUMNS}

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


def stated_frame(portions: Iterable[Sequence[StatedRow]], *, grouped: bool = False) -> pl.DataFrame:
    """What sources stated, each key and thing once, with its last entry.

    Rows are taken a portion at a time; `grouped` ones name no key and thing twice.
    """
    frames = [
        pl.DataFrame(
            dict(zip(STATED_COLUMNS, zip(*rows, strict=True), strict=True)), schema=STATED_SCHEMA
        )
        for rows in portions
        if rows
    ]
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=STATED_SCHEMA)
    if not grouped:
        last = pl.col("number", "revision").max()
        frame = frame.group_by("source", "key", "subject").agg(last)
    return frame.sort("number")
