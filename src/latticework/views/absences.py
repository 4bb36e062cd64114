"""Which source names a thing no longer, since when and by which import, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.times import format_instant
from latticework.graph.absence import Absence, absences_of
from latticework.views.wording import ago, day_words

if TYPE_CHECKING:
    from latticework.journal.changes import Entry
    from latticework.views.sight import Sight


@dataclass(frozen=True, kw_only=True)
class AbsenceLine:
    """An absence as pages say it; `is_over` where the source names the thing again."""

    says: str
    is_over: bool


def absence_lines(sight: Sight, entries: Iterable[Entry]) -> tuple[AbsenceLine, ...]:
    """What is to be said of a thing that sources left out, by its own entries."""
    return tuple(_line(each, sight) for each in absences_of(sight.graph, entries))


def absences_data(sight: Sight, entries: Iterable[Entry]) -> list[dict[str, object]]:
    """The same as plain values."""
    return [
        {
            "source": each.source,
            **_told(each.gone),
            "back": None if each.back is None else _told(each.back),
        }
        for each in absences_of(sight.graph, entries)
    ]


def _line(absence: Absence, sight: Sight) -> AbsenceLine:
    gone = _when(absence.gone, sight)
    if absence.back is None:
        says = f"{absence.source} names this no longer, since {gone}."
        return AbsenceLine(says=says, is_over=False)
    says = f"{absence.source} left this out from {gone} until {_when(absence.back, sight)}."
    return AbsenceLine(says=says, is_over=True)


def _when(entry: Entry, sight: Sight) -> str:
    """The day, how long ago that is, and by which import it was told."""
    distance = ago(entry.valid, sight.now)
    day = day_words(entry.valid, sight.zone)
    return (
        f"{day} ({distance}, batch {entry.batch:,})"
        if distance
        else f"{day} (batch {entry.batch:,})"
    )


def _told(entry: Entry) -> dict[str, object]:
    return {
        "since": format_instant(entry.valid),
        "known": format_instant(entry.known),
        "batch": entry.batch,
        "entry": entry.number,
        "why": entry.why,
    }
