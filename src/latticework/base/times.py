"""Instants, days and the moment a graph is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from latticework.base.findings import Refused, error

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z; the only form of time below surfaces."""

BEGINNING: Instant = -(2**62)
"""Earlier than any instant a person means."""

FOREVER: Instant = 2**62
"""Later than any instant a person means."""

DAY_MICROSECONDS = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Moment:
    """What was so (`valid`), as far as it was `known`: two instants.

    FOREVER in `known` means all that is recorded; in `valid`, all that was
    ever said, future included. "Now" is the clock's instant as `valid`.
    """

    valid: Instant = FOREVER
    known: Instant = FOREVER


def instant_of(when: datetime) -> Instant:
    """The instant of an aware datetime."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def datetime_of(instant: Instant) -> datetime:
    """The UTC datetime of an instant; the far future is cut to year 9999."""
    last = instant_of(datetime.max.replace(tzinfo=UTC))
    return _EPOCH + timedelta(microseconds=min(instant, last))


def day_of(instant: Instant, zone: tzinfo = UTC) -> date:
    """The calendar day on which an instant falls."""
    return datetime_of(instant).astimezone(zone).date()


def format_instant(instant: Instant) -> str:
    """An instant in ISO 8601, UTC, without needless digits."""
    when = datetime_of(instant)
    return when.isoformat().replace("+00:00", "Z")


def end_of(day: date, zone: tzinfo = UTC) -> Instant:
    """The last instant of a day in a zone."""
    tomorrow = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    return instant_of(tomorrow) - 1


def start_of(day: date, zone: tzinfo = UTC) -> Instant:
    """The first instant of a day in a zone."""
    return instant_of(datetime(day.year, day.month, day.day, tzinfo=zone))


def parse_instant(text: str, zone: tzinfo = UTC) -> Instant:
    """An instant from ISO 8601 text; a bare day means its end in `zone`.

    Raises Refused (TIME001) where the text is neither a day nor an instant.
    """
    shown = text.strip()
    try:
        if _DAY.fullmatch(shown):
            return end_of(date.fromisoformat(shown), zone)
        when = datetime.fromisoformat(shown)
        return instant_of(when if when.tzinfo else when.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        says = f"'{text}' is neither a day nor an instant"
        hint = "write 2026-03-01 or 2026-03-01T09:30:00Z"
        raise Refused([error("TIME001", says, hint=hint, value=text)]) from None


def zone_of(name: str) -> tzinfo:
    """The time zone of an IANA name; raises Refused (TIME002) for another."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        says = f"no time zone is named '{name}'"
        raise Refused(
            [error("TIME002", says, hint="write one like Europe/Berlin", value=name)]
        ) from None
