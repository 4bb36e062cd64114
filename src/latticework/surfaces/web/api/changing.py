"""Changes as programs send them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import Instant, parse_instant
from latticework.journal.changes import (
    Change,
    Connect,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
    Via,
)
from latticework.model.model import Field, Model
from latticework.surfaces.web.api.reading import misfit
from latticework.surfaces.web.api.shapes import Said
from latticework.views.walk import way_of

MOST_CHANGES = 10_000
Fields = dict[str, Said]


class From(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a change came from: a system, and its key there."""

    source: str
    key: str = ""


class _Sent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every change may carry: since when it is so, and from where."""

    valid: str = ""
    via: From | None = None


class PutChange(_Sent, frozen=True, kw_only=True):
    """A thing exists, and these fields of it have these values."""

    put: str
    fields: Fields = {}


class RetireChange(_Sent, frozen=True, kw_only=True):
    """A thing is no more; its history and its ref stay."""

    retire: str


class MoveChange(_Sent, frozen=True, kw_only=True):
    """A thing has another ref; the old one keeps leading to it."""

    move: str
    to: str


class ConnectChange(_Sent, frozen=True, kw_only=True):
    """An edge exists: a thing, the link's phrase either way round, a thing."""

    connect: tuple[str, str, str]
    fields: Fields = {}


class DisconnectChange(_Sent, frozen=True, kw_only=True):
    """An edge is no more."""

    disconnect: tuple[str, str, str]


SentChange = PutChange | RetireChange | MoveChange | ConnectChange | DisconnectChange
SORTS: Mapping[str, type[SentChange]] = {
    "put": PutChange,
    "retire": RetireChange,
    "move": MoveChange,
    "connect": ConnectChange,
    "disconnect": DisconnectChange,
}
Changes = Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST_CHANGES)]
"""Changes in their order; each is told by its first word."""


class _Reading(NamedTuple):
    model: Model
    zone: tzinfo


def changes_of(sent: Iterable[msgspec.Raw], model: Model, zone: tzinfo) -> tuple[Change, ...]:
    """What was sent, as changes; raises Refused with a finding for each misfit."""
    reading = _Reading(model, zone)
    changes, findings = list[Change](), list[Finding]()
    for number, each in enumerate(sent, start=1):
        try:
            changes.append(_change(_shaped(bytes(each)), reading))
        except Refused as refusal:
            findings += (replace(f, place=Place(line=number)) for f in refusal.findings)
    if findings:
        raise Refused(findings)
    return tuple(changes)


def told(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes, so placed that findings say which of them they mean."""
    return tuple(_told(changes))


def _told(changes: Sequence[Change]) -> Iterator[Change]:
    for number, change in enumerate(changes, start=1):
        yield replace(change, via=Via(line=number))


def _shaped(raw: bytes) -> SentChange:
    try:
        words = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        sort = next((shape for word, shape in SORTS.items() if word in words), None)
        if sort is not None:
            return msgspec.json.decode(raw, type=sort)
    except msgspec.ValidationError as problem:
        raise Refused([misfit("API002", "this change", problem)]) from None
    hint = f"say one of: {', '.join(SORTS)}"
    raise Refused([error("API004", "a change of no known sort", hint=hint)])


def _change(sent: SentChange, reading: _Reading) -> Change:
    valid = parse_instant(sent.valid, reading.zone) if sent.valid.strip() else None
    via = None if sent.via is None else Via(source=sent.via.source, key=sent.via.key)
    match sent:
        case PutChange():
            kind = reading.model.find_kind(sent.put.partition("/")[0])
            known = kind.fields_by_name if kind else {}
            return Put(sent.put, values_of(sent.fields, known), valid=valid, via=via)
        case RetireChange():
            return Retire(sent.retire, valid=valid, via=via)
        case MoveChange():
            return Move(sent.move, sent.to, valid=valid, via=via)
        case ConnectChange():
            return _connect(sent, reading.model, valid, via)
        case DisconnectChange():
            return Disconnect(*_forward(sent.disconnect, reading.model), valid=valid, via=via)


def _connect(sent: ConnectChange, model: Model, valid: Instant | None, via: Via | None) -> Connect:
    source, link, target = _forward(sent.connect, model)
    declared = model.links_by_name.get(link)
    carried = values_of(sent.fields, declared.carries_by_name if declared else {})
    return Connect(source, link, target, carried, valid=valid, via=via)


def _forward(edge: tuple[str, str, str], model: Model) -> tuple[str, str, str]:
    """The edge as its link is declared, whichever way round it was said."""
    source, phrase, target = edge
    if phrase in model.links_by_name:
        return edge
    try:
        way = way_of(model, phrase)
    except Refused:
        # What no link is called is told by the check, with its place.
        return edge
    return (target, way.link.name, source) if way.back else (source, way.link.name, target)


def values_of(fields: Mapping[str, Said], declared: Mapping[str, Field]) -> dict[str, Value]:
    """Values as entries keep them: texts; an empty one takes a value away."""
    return {name: _value(value, declared.get(name)) for name, value in fields.items()}


def _value(value: Said, declared: Field | None) -> Value:
    if value is None:
        return None
    texts = [str(each) for each in (value if isinstance(value, list) else [value])]
    filled = tuple(text for text in texts if text.strip())
    if not filled:
        return None
    several = len(filled) > 1 or (declared is not None and declared.many)
    return filled if several else filled[0]
