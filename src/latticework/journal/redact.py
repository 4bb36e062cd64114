"""Removing content for law or privacy, so that the chain still verifies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from latticework.base.times import Instant
from latticework.journal.chain import (
    batch_content,
    entry_content,
    redaction_digest,
    sealed_journal,
)
from latticework.journal.codec import REDACTED
from latticework.journal.kept import KeptBatch, KeptEntry, KeptJournal, KeptRedaction

Group = tuple[KeptBatch, Sequence[KeptEntry]]


@dataclass(frozen=True, kw_only=True)
class Redacting:
    """Rows that replace others, and the row that says who did it."""

    journal: KeptJournal
    redaction: KeptRedaction
    batches: tuple[KeptBatch, ...]
    entries: tuple[KeptEntry, ...]


def redact(
    groups: Sequence[Group],
    numbers: Collection[int],
    *,
    journal: KeptJournal,
    by: str,
    why: str,
    now: Instant,
) -> Redacting | None:
    """The rows to replace; None where nothing is left to remove.

    `groups` are the touched batches with all their entries. A batch whose
    every entry is redacted loses its by, why and source as well.
    """
    wanted = frozenset(numbers)
    entries: list[KeptEntry] = []
    batches: list[KeptBatch] = []
    for batch, own in groups:
        chosen = [each for each in own if each.number in wanted and not each.content]
        entries.extend(map(_emptied_entry, chosen))
        left = sum(not each.content for each in own) - len(chosen)
        if chosen and not left:
            batches.append(_emptied_batch(batch))
    if not entries:
        return None
    number = journal.last_redaction + 1
    done = ",".join(str(each.number) for each in entries)
    made = KeptRedaction(number, now, by, why, done, b"")
    digest = redaction_digest(journal.redaction_digest, made)
    return Redacting(
        journal=sealed_journal(journal._replace(last_redaction=number, redaction_digest=digest)),
        redaction=made._replace(digest=digest),
        batches=tuple(batches),
        entries=tuple(entries),
    )


def _emptied_entry(kept: KeptEntry) -> KeptEntry:
    content = entry_content(kept, kept.salt)
    return KeptEntry(
        number=kept.number,
        batch=kept.batch,
        branch=kept.branch,
        valid=kept.valid,
        op=REDACTED,
        subject="",
        link="",
        object="",
        patch="",
        source="",
        key="",
        file="",
        line=0,
        revision="",
        salt=b"",
        content=content,
        digest=kept.digest,
    )


def _emptied_batch(kept: KeptBatch) -> KeptBatch:
    content = batch_content(kept, kept.salt)
    return kept._replace(by="", why="", source="", salt=b"", content=content)
