"""A whole journal as lines of JSON, and back without loss.

The first line is the journal's own row; then branches, redactions, and each
batch followed by its entries, as they are kept: branches, both times, digests
and redactions included. The last line counts the others, so that a file cut
short is told from a whole one.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, cast, get_type_hints

from latticework.base.findings import Finding, Place, error, refuse_errors
from latticework.journal.kept import (
    Kept,
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptJournal,
    KeptRedaction,
)
from latticework.journal.proof import verify
from latticework.journal.store import Store

MOST_FINDINGS = 100
LINES_PER_STEP = 10_000

Row = tuple[object, ...]
Progress = Callable[[int], None]
"""Told the number of lines done, now and then."""

_RECORDS: dict[str, type[Row]] = {
    "journal": KeptJournal,
    "branch": KeptBranch,
    "redaction": KeptRedaction,
    "batch": KeptBatch,
    "entry": KeptEntry,
}
_TYPES = {name: tuple(get_type_hints(record).values()) for name, record in _RECORDS.items()}
_LARGEST = 2**63
_HINT = "export it again, or restore another copy; nothing was restored"


def dump(store: Store, file: IO[bytes], *, progress: Progress = lambda lines: None) -> int:
    """Write every line of a store's journal; how many entries."""
    lines = entries = 0
    with store.kept() as kept:
        for name, row in _rows_of(kept):
            file.write(_line(name, row))
            lines += 1
            entries += name == "entry"
            if lines % LINES_PER_STEP == 0:
                progress(lines)
    file.write(json.dumps({"end": lines}).encode() + b"\n")
    progress(lines)
    return entries


def restore(
    store: Store, file: IO[bytes], *, name: str = "", progress: Progress = lambda lines: None
) -> int:
    """Fill an empty store from such lines, all or none; how many entries.

    `file` is read twice: first to prove it, then to restore it. `name` is what
    findings call it. Raises Refused: DUMP001 for each line that does not say
    what it should, DUMP002 where lines are missing, what `verify` finds, and
    STORE011 where the store is not empty.
    """
    first = _Reading(file, name, progress)
    kept = first.find_kept()
    proof = verify(kept) if kept else ()
    first.drain()
    refuse_errors(first.findings or proof)
    again = _Reading(file, name, progress)
    if kept := again.find_kept():
        store.fill(kept)
    return again.entries


def _rows_of(kept: Kept) -> Iterator[tuple[str, Row]]:
    yield "journal", kept.journal
    yield from (("branch", row) for row in kept.branches)
    yield from (("redaction", row) for row in kept.redactions)
    entry = next(kept.entries, None)
    for batch in kept.batches:
        yield "batch", batch
        while entry is not None and entry.number <= batch.last:
            yield "entry", entry
            entry = next(kept.entries, None)
    if entry is not None:
        yield from (("entry", row) for row in chain((entry,), kept.entries))


def _line(name: str, row: Row) -> bytes:
    values = [value.hex() if isinstance(value, bytes) else value for value in row]
    return json.dumps({name: values}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Reading:
    """One pass over a file; what is wrong with it gathers in `findings`."""

    def __init__(self, file: IO[bytes], name: str, progress: Progress) -> None:
        self.findings: list[Finding] = []
        self.entries = 0
        self._name = name
        self._progress = progress
        self._waiting: dict[str, deque[Row]] = {record: deque() for record in _RECORDS}
        file.seek(0)
        self._rows = self._read(file)

    def find_kept(self) -> Kept | None:
        """The journal in the file, read on as its rows are asked for; None without one."""
        for record, row in self._rows:
            self._waiting[record].append(row)
            if record in ("batch", "entry"):
                break
        journal = next(iter(self._waiting["journal"]), None)
        if journal is None:
            return None
        return Kept(
            journal=cast("KeptJournal", journal),
            branches=cast("tuple[KeptBranch, ...]", tuple(self._waiting["branch"])),
            redactions=cast("tuple[KeptRedaction, ...]", tuple(self._waiting["redaction"])),
            batches=cast("Iterator[KeptBatch]", self._each("batch")),
            entries=cast("Iterator[KeptEntry]", self._each("entry")),
        )

    def drain(self) -> None:
        """Read what is left, so that every finding is found."""
        deque(self._rows, maxlen=0)

    def _each(self, wanted: str) -> Iterator[Row]:
        """Rows of one sort; those of the other sort that are met wait their turn."""
        waiting = self._waiting[wanted]
        while True:
            while not waiting:
                met = next(self._rows, None)
                if met is None:
                    return
                self._waiting[met[0]].append(met[1])
            yield waiting.popleft()

    def _read(self, file: IO[bytes]) -> Iterator[tuple[str, Row]]:
        end, number = -1, 0
        for number, line in enumerate(file, start=1):
            found = _parsed(line)
            if isinstance(found, int):
                end = found
            elif found is None or end >= 0 or (found[0] == "journal") != (number == 1):
                self._damaged(number, line)
            else:
                self.entries += found[0] == "entry"
                yield found
            if number % LINES_PER_STEP == 0:
                self._progress(number)
        self._progress(number)
        if end < 1 or end != number - 1:
            self._cut_short(number)

    def _damaged(self, number: int, line: bytes) -> None:
        if len(self.findings) < MOST_FINDINGS:
            shown = line[:40].decode("utf-8", "replace").strip()
            says = f"'{shown}…' is no line of a journal"
            place = Place(file=self._name, line=number)
            self.findings.append(error("DUMP001", says, hint=_HINT, place=place, value=shown))

    def _cut_short(self, lines: int) -> None:
        says = f"after {lines} lines the last one, which counts the others, is missing or differs"
        place = Place(file=self._name, line=lines)
        self.findings.append(error("DUMP002", says, hint=_HINT, place=place))


def _parsed(line: bytes) -> tuple[str, Row] | int | None:
    """The row that a line holds, the count of the last line, or None."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or len(found) != 1:
        return None
    [(record, values)] = found.items()
    if record == "end":
        return values if type(values) is int else None
    types = _TYPES.get(record)
    if types is None or not isinstance(values, list) or len(values) != len(types):
        return None
    try:
        row = [_value(value, type_) for value, type_ in zip(values, types, strict=True)]
    except ValueError:
        return None
    return record, cast("Callable[..., Row]", _RECORDS[record])(*row)


def _value(value: object, type_: type) -> object:
    if type_ is bytes and isinstance(value, str):
        return bytes.fromhex(value)
    if type(value) is not type_:
        raise ValueError(value)
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise ValueError(value)
    if isinstance(value, str):
        # No store keeps this character, nor what is not text.
        value.encode()
        if "\0" in value:
            raise ValueError(value)
    return value
