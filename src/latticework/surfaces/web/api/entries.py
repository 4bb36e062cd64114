"""Calls that give what was recorded, entry by entry."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from latticework.base.times import BEGINNING, format_instant
from latticework.journal.changes import (
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
)
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.shapes import Kept
from latticework.views.things import id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from latticework.journal.changes import Change, Entry

MOST_ENTRIES = 5_000


class Replay(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Entries after a number, so many at most; of one thing, with `ref`."""

    after: Annotated[int, Meta(ge=0, le=2**53)] = 0
    most: Annotated[int, Meta(ge=1, le=MOST_ENTRIES)] = 500
    ref: str = ""
    branch: str = ""


class EntryGiven(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry: when it was recorded and holds, by whom and why, and its change.

    `valid` null is since ever. A redacted entry keeps its number and no content.
    """

    number: int
    batch: int
    branch: str
    known: str
    valid: str | None
    change: Literal["put", "retire", "move", "connect", "disconnect", "declare", "redacted"]
    by: str = ""
    why: str = ""
    source: str = ""
    key: str = ""
    ref: str = ""
    to: str = ""
    link: str = ""
    target: str = ""
    fields: dict[str, Kept] = {}
    undoes: int = 0


class EntriesGiven(Struct, frozen=True, kw_only=True):
    """Entries in their order; `next` is the `after` of the following ones, null at the end."""

    branch: str
    head: int
    entries: list[EntryGiven]
    next: int | None


@call("GET /api/events", given=Replay, gives=EntriesGiven)
def replay_entries(asked: Asked[Replay, Struct]) -> EntriesGiven:
    """What was recorded after an entry, in order: the feed, to be replayed."""
    given, store = asked.given, asked.site.workspace.store
    branch = asked.look.branch
    head = store.head(branch).number
    if given.ref:
        graph = asked.site.workspace.graph(branch=branch)
        every = graph.history(graph.ref_of(id_of(graph, given.ref)))
        found = [each for each in every if given.after < each.number <= head]
        entries = found[: given.most + 1]
    else:
        begun = store.entries(branch, after=min(given.after, head), upto=head)
        entries = list(itertools.islice(begun, given.most + 1))
    part = entries[: given.most]
    return EntriesGiven(
        branch=branch,
        head=head,
        entries=[entry_given(each) for each in part],
        next=part[-1].number if len(entries) > given.most else None,
    )


def entry_given(entry: Entry) -> EntryGiven:
    """An entry as a shape."""
    change = entry.change
    via = change.via if change else None
    words = _words(change)
    return EntryGiven(
        number=entry.number,
        batch=entry.batch,
        branch=entry.branch,
        known=format_instant(entry.known),
        valid=None if entry.valid <= BEGINNING else format_instant(entry.valid),
        change=_sort(change),
        by=entry.by,
        why=entry.why,
        source=(via.source if via else "") or entry.source,
        key=via.key if via else "",
        ref=words.get("ref", ""),
        to=words.get("to", ""),
        link=words.get("link", ""),
        target=words.get("target", ""),
        fields=_fields(change),
        undoes=entry.undoes,
    )


Sort = Literal["put", "retire", "move", "connect", "disconnect", "declare", "redacted"]


def _sort(change: Change | None) -> Sort:
    match change:
        case Put():
            return "put"
        case Retire():
            return "retire"
        case Move():
            return "move"
        case Connect():
            return "connect"
        case Disconnect():
            return "disconnect"
        case Declare():
            return "declare"
        case None:
            return "redacted"


def _words(change: Change | None) -> Mapping[str, str]:
    match change:
        case Put(ref=ref) | Retire(ref=ref):
            return {"ref": ref}
        case Move(ref, to):
            return {"ref": ref, "to": to}
        case Connect(source, link, target) | Disconnect(source, link, target):
            return {"ref": source, "link": link, "target": target}
        case Declare() | None:
            return {}


def _fields(change: Change | None) -> dict[str, Kept]:
    match change:
        case Put(fields=fields) | Connect(fields=fields):
            return {name: _plain(value) for name, value in fields.items()}
    return {}


def _plain(value: Value) -> Kept:
    return list(value) if isinstance(value, tuple) else value
