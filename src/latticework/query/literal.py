"""What a literal of a query means for a field: bounds, words, instants."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from latticework.base.findings import Refused
from latticework.base.times import Instant, end_of, parse_instant, start_of, zone_of
from latticework.model.model import Field, Kind, Model
from latticework.model.values import ORDERED, duration_days, parse_value
from latticework.query.ast import Day, Literal, Today, Value
from latticework.query.extent import Lookup
from latticework.query.plan import Bounds, Source

COMPARED_AS_NUMBERS = ORDERED | {"yes-no", "choice"}
"""Field types that have a low and a high."""


@dataclass(frozen=True)
class Clock:
    """The day of asking, and the zone in which days begin and end."""

    today: date
    model: Model

    def day_of(self, value: Today) -> date | None:
        """Today, moved; None where the shift is no duration."""
        if not value.shift:
            return self.today
        sign, _, duration = value.shift.partition(" ")
        days = duration_days(duration)
        if days is None or not math.isfinite(days) or abs(days) > 365_000:
            return None
        try:
            return self.today + timedelta(days=round(days if sign == "+" else -days))
        except OverflowError:
            return None

    def end_instant(self, day: Day) -> Instant | None:
        """The last instant of a day, or the instant itself; None where it is neither."""
        zone = zone_of(self.model.zone)
        if isinstance(day, Today):
            moved = self.day_of(day)
            return end_of(moved, zone) if moved else None
        try:
            return parse_instant(day.text, zone)
        except Refused:
            period = self.period(day)
            return period[1] if period else None

    def period(self, value: Value) -> tuple[Instant, Instant] | None:
        """First and last instant of a day, month, quarter or year."""
        zone = zone_of(self.model.zone)
        if isinstance(value, Today):
            moved = self.day_of(value)
            return (start_of(moved, zone), end_of(moved, zone)) if moved else None
        if not isinstance(value, Literal):
            return None
        measure = parse_value(Field(name="day", type="day"), value.text)
        if measure is None or measure.low is None or measure.high is None:
            return None
        if not (math.isfinite(measure.low) and math.isfinite(measure.high)):
            return None
        epoch = date(1970, 1, 1)
        first = epoch + timedelta(days=int(measure.low))
        last = epoch + timedelta(days=int(measure.high))
        return start_of(first, zone), end_of(last, zone)

    def bounds(self, field: Field, value: Literal | Today) -> Bounds | None:
        """What a value allows for a field; None where it does not fit."""
        text = value.text if isinstance(value, Literal) else self._today_text(value)
        if text is None:
            return None
        # A literal may lie outside the bounds of the field: `gut > 12` is plain false.
        measure = parse_value(_unbounded(field), text)
        if measure is None or measure.unknown or measure.low is None or measure.high is None:
            return None
        return Bounds(measure.low, measure.high, measure.unit)

    def _today_text(self, value: Today) -> str | None:
        moved = self.day_of(value)
        return moved.isoformat() if moved else None


def _unbounded(field: Field) -> Field:
    if field.low is None and field.high is None:
        return field
    return Field(
        name=field.name, type=field.type, unit=field.unit, per=field.per, choices=field.choices
    )


def stage_words(lookup: Lookup, kind: Kind, word: str, *, shared: bool) -> frozenset[str] | None:
    """The stages, folded, that a word means for a kind; None where it means none.

    `shared` puts the category before a stage of that name, as a question over
    an interface does.
    """
    said = {word.casefold(), lookup.local_words.get(word.casefold(), word).casefold()}
    later = lookup.later.find_kind(kind.name) if lookup.later else None
    renamed = later.find_stage(word) if later else None
    if renamed:
        said |= {each.casefold() for each in (renamed.name, *renamed.was)}
    own: set[str] = set()
    of_category: set[str] = set()
    for stage in kind.stages:
        names = {each.casefold() for each in (stage.name, *stage.was)}
        if names & said:
            own |= names
        if stage.category.casefold() in said:
            of_category |= names
    chosen = (of_category or own) if shared else (own or of_category)
    return frozenset(chosen) or None


def stage_words_known(kinds: Iterable[Kind]) -> list[str]:
    """Every stage and category of these kinds, for hints."""
    words: dict[str, None] = {}
    for kind in kinds:
        words |= dict.fromkeys(each.name for each in kind.stages)
        words |= dict.fromkeys(each.category for each in kind.stages if each.category)
    return list(words)


def text_type(source: Source) -> bool:
    """Whether values compare as texts, not as numbers."""
    return source.staged is not None or source.field.type not in COMPARED_AS_NUMBERS
