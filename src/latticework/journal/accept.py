"""Changes become entries: numbered, dated and chained."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import Instant
from latticework.journal.branching import branch_of
from latticework.journal.chain import (
    SALT_BYTES,
    batch_content,
    batch_digest,
    entry_content,
    entry_digest,
    genesis,
    sealed_branch,
    sealed_journal,
)
from latticework.journal.changes import Batch, Change, Via
from latticework.journal.codec import columns_of
from latticework.journal.kept import (
    FORMAT,
    MAIN_CODE,
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptJournal,
    empty_main,
)
from latticework.journal.store import Ends, Head, Receipt

LONGEST_REF = 500
"""Letters in a ref; an index entry of PostgreSQL holds no more of four bytes each."""

Salts = Callable[[int], bytes]
_NOWHERE = Via()
_NONE = b""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What an append adds, and the rows that it replaces."""

    journal: KeptJournal
    branch: KeptBranch
    batches: tuple[KeptBatch, ...]
    entries: tuple[KeptEntry, ...]

    @property
    def receipt(self) -> Receipt:
        """What the writer is told."""
        numbers = tuple(batch.number for batch in self.batches)
        first = self.entries[0].number if self.entries else 0
        last = self.entries[-1].number if self.entries else 0
        return Receipt(
            first=first,
            last=last,
            batches=numbers,
            head=head_of(self.branch, self.journal.last_redaction),
        )


def begin(identity: str) -> tuple[KeptJournal, KeptBranch]:
    """An empty journal's row and its branch main."""
    start = genesis(identity)
    journal = KeptJournal(FORMAT, identity, 0, 0, 0, 0, 0, start, _NONE)
    return sealed_journal(journal), sealed_branch(empty_main(start))


def head_of(branch: KeptBranch, redactions: int) -> Head:
    """The end of a branch as others see it."""
    return Head(
        branch=branch.name,
        number=branch.head,
        digest=branch.head_digest.hex(),
        known=branch.head_known,
        code=branch.code,
        redactions=redactions,
    )


def ends_of(branches: Sequence[KeptBranch], redactions: int) -> Ends:
    """Where each branch ends, and what branches there are besides main."""
    return Ends(
        heads={each.name: head_of(each, redactions) for each in branches},
        branches=tuple(branch_of(branches, each) for each in branches if each.code != MAIN_CODE),
    )


def accept(
    batches: Sequence[Batch],
    *,
    journal: KeptJournal,
    branch: KeptBranch,
    now: Instant,
    salts: Salts = os.urandom,
) -> Accepted:
    """The rows that these batches become at the end of a branch.

    Batches without changes leave no row. Raises Refused (STORE007) for a text
    that no store can keep.
    """
    full = [batch for batch in batches if batch.changes]
    if not full:
        return Accepted(journal=journal, branch=branch, batches=(), entries=())
    known = now if journal.last_entry == 0 else max(now, journal.last_known + 1)
    writing = _Writing(journal, branch, known, salts)
    for batch in full:
        writing.add(batch)
    if writing.findings:
        raise Refused(writing.findings)
    return writing.accepted()


class _Writing:
    """Rows as they grow, one batch after the other."""

    def __init__(
        self, journal: KeptJournal, branch: KeptBranch, known: Instant, salts: Salts
    ) -> None:
        self.journal = journal
        self.branch = branch
        self.known = known
        self.salts = salts
        self.digest = branch.head_digest
        self.number = journal.last_entry
        self.batches: list[KeptBatch] = []
        self.entries: list[KeptEntry] = []
        self.findings: list[Finding] = []

    def add(self, batch: Batch) -> None:
        kept = self._batch(batch)
        self.batches.append(kept)
        salts = self.salts(SALT_BYTES * len(batch.changes))
        valid = self.known if batch.valid is None else batch.valid
        for place, change in enumerate(batch.changes):
            self.number += 1
            salt = salts[SALT_BYTES * place : SALT_BYTES * (place + 1)]
            self._entry(change, kept, valid, salt)

    def accepted(self) -> Accepted:
        journal = self.journal._replace(
            last_entry=self.number, last_batch=self.batches[-1].number, last_known=self.known
        )
        branch = self.branch._replace(
            head=self.number, head_known=self.known, head_digest=self.digest
        )
        return Accepted(
            journal=sealed_journal(journal),
            branch=sealed_branch(branch),
            batches=tuple(self.batches),
            entries=tuple(self.entries),
        )

    def _batch(self, batch: Batch) -> KeptBatch:
        kept = KeptBatch(
            number=self.journal.last_batch + len(self.batches) + 1,
            branch=self.branch.code,
            first=self.number + 1,
            last=self.number + len(batch.changes),
            known=self.known,
            by=batch.by,
            why=batch.why,
            source=batch.source,
            undoes=batch.undoes,
            salt=self.salts(SALT_BYTES),
            content=_NONE,
            digest=_NONE,
        )
        try:
            content = batch_content(kept, kept.salt)
            return kept._replace(digest=batch_digest(kept, self.branch.name, content))
        except ValueError:
            self.findings.extend(_unkept((kept.by, kept.why, kept.source), ""))
        except struct.error:
            self.findings.append(_out_of_range(kept.known, kept.undoes, ref=""))
        return kept

    def _entry(self, change: Change, batch: KeptBatch, valid: Instant, salt: bytes) -> None:
        via = change.via or _NOWHERE
        kept = KeptEntry(
            self.number,
            batch.number,
            self.branch.code,
            valid if change.valid is None else change.valid,
            *columns_of(change),
            via.source,
            via.key,
            via.file,
            via.line,
            via.revision,
            salt,
            _NONE,
            _NONE,
        )
        if len(kept.subject) > LONGEST_REF or len(kept.object) > LONGEST_REF:
            self.findings.append(_long(max(kept.subject, kept.object, key=len)))
        try:
            content = entry_content(kept, salt)
            self.digest = entry_digest(self.digest, kept, batch.digest, content)
        except ValueError:
            self.findings.extend(_unkept((*kept[4:12], kept.revision), kept.subject))
            return
        except struct.error:
            self.findings.append(_out_of_range(kept.valid, kept.line, ref=kept.subject))
            return
        self.entries.append(
            KeptEntry(*kept[:-1], self.digest)  # half the time of _replace
        )


def _unkept(texts: Iterable[str], ref: str) -> Iterable[Finding]:
    for text in texts:
        odd = _odd(text)
        if odd:
            shown = text.encode("unicode_escape").decode()[:80]
            says = f"'{shown}' holds {odd}, which no store can keep"
            where = Place(ref=ref) if not _odd(ref) else Place()
            hint = "take the character out where the text comes from"
            yield error("STORE007", says, hint=hint, place=where, value=shown)


def _odd(text: str) -> str:
    if "\0" in text:
        return "the character U+0000"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return ""


def _long(ref: str) -> Finding:
    says = f"'{ref[:40]}…' is a ref of {len(ref)} letters; {LONGEST_REF} are the most"
    return error("STORE007", says, hint="shorten the key it is made of", value=ref[:80])


def _out_of_range(*numbers: int, ref: str) -> Finding:
    largest = max(numbers, key=abs)
    says = f"'{largest}' is more than a store can count or date"
    return error("STORE007", says, hint="write a smaller number", place=Place(ref=ref))
