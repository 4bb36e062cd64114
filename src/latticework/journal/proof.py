"""Proof that a journal is as it was written: every digest, recomputed."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from latticework.base.findings import Finding, error
from latticework.journal.chain import (
    batch_content,
    batch_digest,
    entry_content,
    entry_digest,
    genesis,
    redaction_digest,
    sealed_branch,
    sealed_journal,
)
from latticework.journal.kept import (
    FORMAT,
    MAIN_CODE,
    Kept,
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptRedaction,
)

MOST_FINDINGS = 100

# A changed row may hold a value of another type, or a text that is no text.
_ODD = (ValueError, TypeError, AttributeError, struct.error)
_HINT = "compare with a backup; whoever can write to the store can have changed it"


def verify(kept: Kept) -> tuple[Finding, ...]:
    """Findings where the rows are not those that were written; empty is proof.

    PROOF001 an entry, PROOF002 a batch, PROOF003 a branch, PROOF004 the
    counters, PROOF005 a redaction, PROOF006 a row that is missing or extra.
    Stops after a hundred, and says so.
    """
    found: list[Finding] = []
    for finding in _Proof(kept).findings():
        if len(found) == MOST_FINDINGS:
            says = f"more than {MOST_FINDINGS} rows do not hold; the rest is not shown"
            found.append(error("PROOF006", says, hint=_HINT))
            break
        found.append(finding)
    return tuple(found)


class _Proof:
    """One pass over the rows in order of number, in constant memory."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.branches: Mapping[int, KeptBranch] = {each.code: each for each in kept.branches}
        self.starts = {each.start for each in kept.branches}
        self.at: dict[int, bytes] = {0: genesis(kept.journal.identity)}
        self.ends: dict[int, tuple[int, int, bytes]] = {}
        self.last_entry = self.last_batch = 0
        self.last_known = -(2**63)
        self.redacted = _redacted(kept.redactions)

    def findings(self) -> Iterator[Finding]:
        yield from self._rows()
        yield from self._branches()
        yield from self._redactions()
        yield from self._counters()

    def _rows(self) -> Iterator[Finding]:
        entries = self.kept.entries
        entry = next(entries, None)
        for batch in self.kept.batches:
            digest, problem = self._batch(batch)
            if problem:
                yield problem
            for number in _numbers(batch, self.last_entry):
                while entry is not None and entry.number < number:
                    yield _row(entry.number, "belongs to no batch")
                    entry = next(entries, None)
                if entry is None or entry.number != number:
                    yield _row(number, "is missing")
                    continue
                if not self._holds(entry, batch, digest):
                    yield _bad("PROOF001", f"entry {number} is not what was written")
                self._pass(entry, batch)
                entry = next(entries, None)
        while entry is not None:
            yield _row(entry.number, "belongs to no batch")
            entry = next(entries, None)

    def _batch(self, batch: KeptBatch) -> tuple[bytes, Finding | None]:
        branch = self.branches.get(batch.branch)
        try:
            content = batch.content or batch_content(batch, batch.salt)
            digest = batch_digest(batch, branch.name if branch else "", content)
            ordered = batch.number > self.last_batch and batch.known >= self.last_known
            emptied = not batch.content or not (batch.by or batch.why or batch.source or batch.salt)
            holds = digest == batch.digest and ordered and emptied
            self.last_batch, self.last_known = batch.number, batch.known
        except _ODD:
            holds = False
        if holds and branch:
            return batch.digest, None
        return batch.digest, _bad("PROOF002", f"batch {batch.number} is not what was written")

    def _holds(self, entry: KeptEntry, batch: KeptBatch, digest: bytes) -> bool:
        try:
            content = entry.content or entry_content(entry, entry.salt)
            made = entry_digest(self._before(entry.branch), entry, digest, content)
        except _ODD:
            return False
        if entry.content and not self._emptied(entry):
            return False
        return made == entry.digest and entry.batch == batch.number and entry.branch == batch.branch

    def _emptied(self, entry: KeptEntry) -> bool:
        empty = not (any(entry[5:12]) or entry.line or entry.revision or entry.salt)
        return empty and entry.op == "redacted" and entry.number in self.redacted

    def _before(self, code: int) -> bytes:
        if code in self.ends:
            return self.ends[code][2]
        branch = self.branches.get(code)
        return self.at.get(branch.start, b"") if branch else b""

    def _pass(self, entry: KeptEntry, batch: KeptBatch) -> None:
        # What follows is judged against the row as it is: one change, one finding.
        self.last_entry = entry.number
        self.ends[batch.branch] = (entry.number, batch.known, entry.digest)
        if entry.number in self.starts:
            self.at[entry.number] = entry.digest

    def _branches(self) -> Iterator[Finding]:
        if MAIN_CODE not in self.branches:
            yield _bad("PROOF006", "the row of 'main' is missing")
        for branch in self.kept.branches:
            try:
                holds = sealed_branch(branch).seal == branch.seal and self._ends(branch)
            except _ODD:
                holds = False
            if not holds:
                yield _bad("PROOF003", f"branch '{branch.name}' is not what was written")

    def _ends(self, branch: KeptBranch) -> bool:
        if branch.parent not in self.branches:
            return False
        end = self.ends.get(branch.code)
        if end is None:
            return branch.head == branch.start and branch.head_digest == self.at.get(branch.start)
        return end == (branch.head, branch.head_known, branch.head_digest)

    def _redactions(self) -> Iterator[Finding]:
        before = genesis(self.kept.journal.identity)
        for place, row in enumerate(self.kept.redactions, start=1):
            try:
                holds = row.number == place and redaction_digest(before, row) == row.digest
            except _ODD:
                holds = False
            if not holds:
                yield _bad("PROOF005", f"redaction {row.number} is not what was written")
            before = row.digest
        journal = self.kept.journal
        if (len(self.kept.redactions), before) != (
            journal.last_redaction,
            journal.redaction_digest,
        ):
            yield _bad("PROOF006", "redactions are missing or extra")

    def _counters(self) -> Iterator[Finding]:
        journal = self.kept.journal
        try:
            holds = (
                journal.format == FORMAT
                and sealed_journal(journal).seal == journal.seal
                and journal.last_entry >= self.last_entry
                and journal.last_batch >= self.last_batch
                and journal.last_branch >= max(self.branches, default=0)
            )
        except _ODD:
            holds = False
        if not holds:
            yield _bad("PROOF004", "the journal's counters are not what was written")


def _numbers(batch: KeptBatch, after: int) -> range:
    try:
        return range(max(batch.first, after + 1), batch.last + 1)
    except TypeError:
        return range(0)


def _redacted(redactions: tuple[KeptRedaction, ...]) -> frozenset[int]:
    try:
        return frozenset(int(n) for row in redactions for n in row.entries.split(","))
    except _ODD:
        return frozenset()


def _bad(code: str, says: str) -> Finding:
    return error(code, says, hint=_HINT)


def _row(number: int, what: str) -> Finding:
    return _bad("PROOF006", f"entry {number} {what}")
