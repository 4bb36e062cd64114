"""Which entry a value of a thing came from: when, by whom, why, from where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from latticework.base.times import BEGINNING, Moment, format_instant
from latticework.journal.changes import Entry, Put
from latticework.journal.tellers import MARKS
from latticework.model.model import STAGE, Kind
from latticework.views.told import source_words
from latticework.views.wording import day_words, dotted

if TYPE_CHECKING:
    from latticework.views.sight import Sight


def origins(entries: Iterable[Entry], kind: Kind | None, moment: Moment) -> dict[str, Entry]:
    """The entry that set each field as it is at the moment, by present field.

    `entries` are the thing's own, links included; those about others are
    passed by, as only its own may put a field.
    """
    present = _present_words(kind)
    past = [each for each in entries if each.valid <= moment.valid and each.known <= moment.known]
    found: dict[str, Entry] = {}
    for entry in sorted(past, key=lambda each: (each.valid, each.number)):
        if isinstance(entry.change, Put):
            found |= {present.get(word, word): entry for word in entry.change.fields}
    return found


def entry_origin(entry: Entry) -> dict[str, object]:
    """When, by whom, why and from where, as plain values."""
    via = entry.change.via if entry.change else None
    return {
        "since": None if entry.valid <= BEGINNING else format_instant(entry.valid),
        "by": entry.by,
        "why": entry.why,
        "source": source_words(entry.source, via),
        "entry": entry.number,
    }


def value_origin(entry: Entry, name: str, kind: Kind | None, sight: Sight) -> dict[str, object]:
    """The same of one value: also its foreign key with a link, batch, and transform."""
    via = entry.change.via if entry.change else None
    link, made = _traced(entry, name, kind, sight)
    return {
        **entry_origin(entry),
        "known": format_instant(entry.known),
        "batch": entry.batch,
        "key": via.key if via and via.source not in MARKS else "",
        "file": via.file if via else "",
        "line": (via.line or None) if via else None,
        "link": link,
        "transform": made,
    }


def origin_words(entry: Entry, name: str, kind: Kind | None, sight: Sight) -> str:
    """The same in a line."""
    via = entry.change.via if entry.change else None
    zone = sight.zone
    since = "" if entry.valid <= BEGINNING else f"since {day_words(entry.valid, zone)}"
    by = f"by {entry.by}" if entry.by else ""
    key = f"key {via.key}" if via and via.key and via.source not in MARKS else ""
    link, made = _traced(entry, name, kind, sight)
    number = f"entry {entry.number:,}"
    return dotted(since, by, source_words(entry.source, via), key, made, link, number)


def _traced(entry: Entry, name: str, kind: Kind | None, sight: Sight) -> tuple[str, str]:
    change = entry.change
    if kind is None or not isinstance(change, Put) or change.via is None or not change.via.source:
        return "", ""
    words = _present_words(kind)
    value = next((v for word, v in change.fields.items() if words.get(word, word) == name), None)
    return sight.traced(change.via, kind.name, name, value)


def _present_words(kind: Kind | None) -> dict[str, str]:
    """Present field by every word it was ever called."""
    if kind is None:
        return {}
    words = {was: field.name for field in kind.fields for was in field.was}
    return {**words, STAGE: kind.stage_field}
