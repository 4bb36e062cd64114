"""What happened at the example company, told day by day in the words of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from latticework.base.times import DAY_MICROSECONDS, start_of
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
)

FOLDER = Path(__file__).parent
FIRST_DAY = date(2024, 5, 1)
LAST_DAY = date(2026, 11, 15)
SQUADS_END = date(2024, 11, 4)
TAKEOVER = date(2025, 3, 3)
MOST_REASONS = 3
WAITING_ENDS = date(2026, 2, 2)
FRONT_DOOR = date(2026, 1, 12)
CARE_ENDS = date(2026, 6, 1)

_NINE_O_CLOCK = DAY_MICROSECONDS * 9 // 24
_EARLY_STAGES = {
    "goal": {"proposed": "Draft", "pursued": "On", "met": "Hit", "missed": "Missed"}
    | {"dropped": "Off"},
    "bet": {"shaping": "Backlog", "running": "In progress", "settled": "Shipped"}
    | {"dropped": "Cancelled"},
}


@dataclass(frozen=True, slots=True)
class Told:
    """One change, the day since when it is so, who said it and why."""

    day: date
    by: str
    why: str
    change: Change


def batches_of_days(told: Iterable[Told]) -> Iterator[Batch]:
    """Batches in the order of days; what one person said on a day goes together.

    What lies outside the story's days is left out.
    """
    within = [each for each in told if FIRST_DAY <= each.day <= LAST_DAY]
    within.sort(key=lambda each: each.day)
    for day, same_day in groupby(within, key=lambda each: each.day):
        said: dict[str, list[Told]] = {}
        for each in same_day:
            said.setdefault(each.by, []).append(each)
        for by, several in said.items():
            changes = tuple(in_words_of(day, each.change) for each in several)
            reasons = dict.fromkeys(each.why for each in several if each.why)
            why = "; ".join([*reasons][:MOST_REASONS])
            valid = start_of(day) + _NINE_O_CLOCK
            yield Batch(changes=changes, by=by, why=why, valid=valid)


def in_words_of(day: date, change: Change) -> Change:
    """A change told in today's words, in those that the company used on `day`."""
    match change:
        case Put():
            fields = _fields(day, change.ref.partition("/")[0], change.fields)
            return replace(change, ref=ref_on(day, change.ref), fields=fields)
        case Retire():
            return replace(change, ref=ref_on(day, change.ref))
        case Move():
            return replace(change, ref=ref_on(day, change.ref), to=ref_on(day, change.to))
        case Connect() | Disconnect():
            return replace(
                change,
                source=ref_on(day, change.source),
                link=_link(day, change.link),
                target=ref_on(day, change.target),
            )
        case _:
            return change


def ref_on(day: date, ref: str) -> str:
    """The ref as it was written on a day."""
    kind, _, slug = ref.partition("/")
    if kind == "team":
        if slug == "front-door" and day < FRONT_DOOR:
            slug = "identity"
        return f"{'squad' if day < SQUADS_END else 'team'}/{slug}"
    if day < TAKEOVER:
        kind = {"goal": "objective", "bet": "initiative"}.get(kind, kind)
    return f"{kind}/{slug}"


def _link(day: date, link: str) -> str:
    return "waits for" if link == "depends on" and day < WAITING_ENDS else link


def _fields(day: date, kind: str, fields: Mapping[str, Value]) -> dict[str, Value]:
    if day >= TAKEOVER or kind not in _EARLY_STAGES:
        return dict(fields)
    early = {("kill if" if name == "unless" else name): value for name, value in fields.items()}
    stage = early.get("stage")
    if isinstance(stage, str):
        early["stage"] = _EARLY_STAGES[kind].get(stage, stage)
    return early
