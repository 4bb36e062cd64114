"""Which entry a value of a thing came from: when, by whom, why, from where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from latticework.base.times import BEGINNING, Moment, format_instant
from latticework.journal.changes import Entry, Put
from latticework.model.model import STAGE, Kind
from latticework.views.told import source_words
from latticework.views.wording import day_words, dotted

if TYPE_CHECKING:
    from datetime import tzinfo


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


def origin_words(entry: Entry, zone: tzinfo) -> str:
    """The same in a line."""
    via = entry.change.via if entry.change else None
    since = "" if entry.valid <= BEGINNING else f"since {day_words(entry.valid, zone)}"
    by = f"by {entry.by}" if entry.by else ""
    return dotted(since, by, source_words(entry.source, via), f"entry {entry.number:,}")


def _present_words(kind: Kind | None) -> dict[str, str]:
    """Present field by every word it was ever called."""
    if kind is None:
        return {}
    words = {was: field.name for field in kind.fields for was in field.was}
    return {**words, STAGE: kind.stage_field}
