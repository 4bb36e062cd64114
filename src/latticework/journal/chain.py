"""The digests that chain a journal, and the proof that they hold.

An entry's digest covers the digest before it on its branch, its numbers, its
batch and the digest of its salted content. A redaction removes content and
salt and keeps that last digest, so the chain still verifies, and nobody can
guess what was removed by trying. Whoever keeps a head's digest elsewhere can
prove that nothing before it was altered.
"""

from __future__ import annotations

import struct
from hashlib import sha256

from latticework.journal.kept import (
    KeptBatch,
    KeptBranch,
    KeptEntry,
    KeptJournal,
    KeptRedaction,
)

SALT_BYTES = 16
GAP = "\0"
"""Stands between texts; no kept text holds it."""

_ENTRY = struct.Struct("<qqq")
_BATCH = struct.Struct("<qqqqq")


def genesis(identity: str) -> bytes:
    """What the first entry of a journal is chained to."""
    return sha256(f"latticework journal {identity}".encode()).digest()


def entry_content(kept: KeptEntry, salt: bytes) -> bytes:
    """The digest of what an entry says; ValueError where a text holds U+0000."""
    texts = GAP.join((*kept[4:12], str(kept.line), kept.revision)).encode()
    if texts.count(b"\0") != 9:
        raise ValueError(kept.number)
    return sha256(salt + texts).digest()


def entry_digest(before: bytes, kept: KeptEntry, batch_digest: bytes, content: bytes) -> bytes:
    """The digest of an entry after the entry whose digest is `before`."""
    numbers = _ENTRY.pack(kept.number, kept.batch, kept.valid)
    return sha256(before + numbers + batch_digest + content).digest()


def batch_content(kept: KeptBatch, salt: bytes) -> bytes:
    """The digest of a batch's texts; ValueError where one holds U+0000."""
    texts = GAP.join((kept.by, kept.why, kept.source)).encode()
    if texts.count(b"\0") != 2:
        raise ValueError(kept.number)
    return sha256(salt + texts).digest()


def batch_digest(kept: KeptBatch, branch: str, content: bytes) -> bytes:
    """The digest of a batch, which each of its entries covers."""
    numbers = _BATCH.pack(kept.number, kept.first, kept.last, kept.known, kept.undoes)
    return sha256(numbers + content + branch.encode()).digest()


def redaction_digest(before: bytes, kept: KeptRedaction) -> bytes:
    """The digest of a redaction after the one whose digest is `before`."""
    return sha256(before + _joined(kept[:-1])).digest()


def sealed_branch(branch: KeptBranch) -> KeptBranch:
    """The branch with the seal that belongs to its other columns."""
    return branch._replace(seal=sha256(_joined(branch[:-1])).digest())


def sealed_journal(journal: KeptJournal) -> KeptJournal:
    """The journal's row with the seal that belongs to its other columns."""
    return journal._replace(seal=sha256(_joined(journal[:-1])).digest())


def _joined(values: tuple[object, ...]) -> bytes:
    return GAP.join(v.hex() if isinstance(v, bytes) else str(v) for v in values).encode()
