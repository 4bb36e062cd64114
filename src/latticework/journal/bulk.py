"""Many entries of an SQLite file as Arrow, read by a process of their own.

The Arrow reader brings its own SQLite. Two SQLites in one process undo each
other's file locks (closing a file anywhere in a process drops every lock that
the process has on it), and a journal could lose what it acknowledged. So the
reader runs apart, and hands over an Arrow file that is mapped and unlinked.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import polars as pl

from latticework.journal.frames import whole_frame
from latticework.journal.kept import Span

READERS = 2
"""Processes at most; a reader is bound by one core."""

_ROWS_AT_ONCE = "65536"
_OWN = """
    SELECT number, valid, op, subject, link, object, patch FROM journal_entries
    WHERE number > {after} AND number <= {upto} AND branch = {branch}{only} ORDER BY number
"""
_BATCHES = """
    SELECT number AS batch, last, known FROM journal_batches
    WHERE branch = {branch} AND last > {after} AND first <= {upto} ORDER BY number
"""


def find_frame(path: Path, spans: Sequence[Span]) -> pl.DataFrame | None:
    """The log of the spans, or None where no reader can be run."""
    readers = min(READERS, os.cpu_count() or 1)
    parts = [part for span in spans for part in _divided(span, readers)]
    try:
        with tempfile.TemporaryDirectory(prefix="latticework-") as folder:
            outs = [Path(folder) / f"{place}.arrow" for place in range(len(parts))]
            running = [_reader(path, part, out) for part, out in zip(parts, outs, strict=True)]
            codes = [each.wait() for each in running]
            return None if any(codes) else pl.concat([pl.read_ipc(out) for out in outs])
    except (OSError, pl.exceptions.PolarsError):
        return None


def _divided(span: Span, parts: int) -> Iterator[Span]:
    step = -(-(span.upto - span.after) // parts)
    for after in range(span.after, span.upto, step):
        yield Span(span.branch, after, min(after + step, span.upto))


def _reader(path: Path, span: Span, out: Path) -> subprocess.Popen[bytes]:
    numbers = [str(number) for number in span]
    command = [sys.executable, "-m", __name__, str(path.resolve()), str(out), *numbers]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603


def _read(path: str, out: str, span: Span) -> None:
    from adbc_driver_sqlite import dbapi

    # Without these words the index of branches is not used.
    only = " AND branch <> 0" if span.branch else ""
    with dbapi.connect(f"file:{quote(path)}") as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _ROWS_AT_ONCE})
        cursor.execute(_OWN.format(**span._asdict(), only=only))
        own = pl.DataFrame(cursor.fetch_arrow())
        cursor.execute(_BATCHES.format(**span._asdict()))
        batches = pl.DataFrame(cursor.fetch_arrow())
    whole_frame(own, batches).write_ipc(out)


if __name__ == "__main__":
    _read(sys.argv[1], sys.argv[2], Span(*map(int, sys.argv[3:])))
