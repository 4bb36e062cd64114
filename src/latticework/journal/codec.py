"""Changes as columns of text, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import NamedTuple

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
    Via,
)
from latticework.journal.kept import KeptBatch, KeptEntry
from latticework.journal.store import Heading

REDACTED = "redacted"
"""The op of an entry whose content was removed."""


class Columns(NamedTuple):
    """What a change says, in text; empty where it says nothing."""

    op: str
    subject: str = ""
    link: str = ""
    object: str = ""
    patch: str = ""


def columns_of(change: Change) -> Columns:
    """A change as columns; its valid and via lie elsewhere."""
    match change:
        case Put():
            return Columns("put", change.ref, "", "", encode_fields(change.fields))
        case Connect(source=source, link=link, target=target):
            return Columns("connect", source, link, target, encode_fields(change.fields))
        case Disconnect(source=source, link=link, target=target):
            return Columns("disconnect", source, link, target)
        case Retire():
            return Columns("retire", change.ref)
        case Move():
            return Columns("move", change.ref, "", change.to)
        case Declare():
            return Columns("declare", "", "", "", change.text)


def change_of(columns: Columns, valid: Instant, via: Via | None) -> Change | None:
    """The change that these columns say; None where it was redacted.

    Raises ValueError where they say none.
    """
    op, subject, link, target, patch = columns
    match op:
        case "put":
            return Put(subject, decode_fields(patch), valid=valid, via=via)
        case "connect":
            fields = decode_fields(patch)
            return Connect(subject, link, target, fields, valid=valid, via=via)
        case "disconnect":
            return Disconnect(subject, link, target, valid=valid, via=via)
        case "retire":
            return Retire(subject, valid=valid, via=via)
        case "move":
            return Move(subject, target, valid=valid, via=via)
        case "declare":
            return Declare(patch, valid=valid, via=via)
        case "redacted":
            return None
    raise ValueError(op)


def encode_fields(fields: Mapping[str, Value]) -> str:
    """Fields as a JSON object: texts, lists of texts and null."""
    quote = encode_basestring
    return "{" + ",".join(f"{quote(name)}:{_encode(fields[name])}" for name in fields) + "}"


def decode_fields(patch: str) -> dict[str, Value]:
    """The fields of a JSON object; raises ValueError where it is none."""
    found: object = json.loads(patch)
    if not isinstance(found, dict):
        raise ValueError(patch)
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
    }


def entry_of(kept: KeptEntry, batch: KeptBatch, branch: str) -> Entry:
    """An entry as others see it, from what a store keeps."""
    via = Via(kept.source, kept.key, kept.file, kept.line, kept.revision)
    columns = Columns(kept.op, kept.subject, kept.link, kept.object, kept.patch)
    return Entry(
        number=kept.number,
        batch=kept.batch,
        branch=branch,
        known=batch.known,
        valid=kept.valid,
        by=batch.by,
        why=batch.why,
        source=batch.source,
        change=change_of(columns, kept.valid, None if via == _NOWHERE else via),
        digest=kept.digest.hex(),
        undoes=batch.undoes,
    )


_NOWHERE = Via()


def heading_of(kept: KeptBatch, revision: str) -> Heading:
    """A batch as others see it; `revision` is what its first entry tells."""
    return Heading(
        batch=kept.number,
        first=kept.first,
        last=kept.last,
        known=kept.known,
        by=kept.by,
        why=kept.why,
        source=kept.source,
        undoes=kept.undoes,
        revision=revision,
    )


def _encode(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return encode_basestring(value)
    return "[" + ",".join(map(encode_basestring, value)) + "]"
