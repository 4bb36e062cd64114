"""Entries as frames of LOG_COLUMNS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from latticework.base.times import Instant
from latticework.journal.kept import KeptEntry
from latticework.journal.store import LOG_COLUMNS

NUMBERS = ("number", "batch", "known", "valid")
TEXTS = ("op", "subject", "link", "object", "patch")
LOG_SCHEMA = {name: pl.Int64 if name in NUMBERS else pl.String for name in LOG_COLUMNS}

LogRow = tuple[int, int, int, str, str, str, str, str]
"""Number, batch, valid, op, subject, link, object, patch; empty texts for none."""


def log_frame(rows: Sequence[LogRow], known: Mapping[int, Instant]) -> pl.DataFrame:
    """A log from rows, with the instants of their batches."""
    if not rows:
        return pl.DataFrame(schema=LOG_SCHEMA)
    names = ("number", "batch", "valid", *TEXTS)
    data = dict(zip(names, zip(*rows, strict=True), strict=True))
    frame = pl.DataFrame(data, schema={name: LOG_SCHEMA[name] for name in names})
    return with_known(frame, known_frame(known.items()))


def known_frame(known: Iterable[Iterable[int]]) -> pl.DataFrame:
    """Numbers of batches and their instants, in order of number."""
    batches, instants = zip(*known, strict=True)
    schema = {"batch": pl.Int64, "known": pl.Int64}
    return pl.DataFrame({"batch": batches, "known": instants}, schema=schema).sort("batch")


def with_known(frame: pl.DataFrame, batches: pl.DataFrame) -> pl.DataFrame:
    """The frame with `known` from its batches and null for every empty text.

    `batches` has the columns batch, ascending, and known.
    """
    places = batches["batch"].search_sorted(frame["batch"])
    known = batches["known"].gather(places).alias("known")
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in TEXTS[1:]]
    return frame.with_columns(known, *texts).select(LOG_COLUMNS)


def log_rows(entries: Iterable[KeptEntry]) -> Sequence[LogRow]:
    """The columns of entries that a log has."""
    return [
        (e.number, e.batch, e.valid, e.op, e.subject, e.link, e.object, e.patch) for e in entries
    ]
