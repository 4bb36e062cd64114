"""Days, distances in time and counts as people say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, timedelta, tzinfo

from latticework.base.times import BEGINNING, DAY_MICROSECONDS, FOREVER, Instant, day_of

ASK_OTHERWISE = ("Ask for less, or for another kind.", "latticework kinds says what there is.")
"""What to do where nothing answers; a line that begins with a command is for the terminal alone."""

_FIRST = date(1970, 1, 1)
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_STEPS = (
    (365.25 * DAY_MICROSECONDS, "year"),
    (30.4375 * DAY_MICROSECONDS, "month"),
    (7 * DAY_MICROSECONDS, "week"),
    (DAY_MICROSECONDS, "day"),
    (_HOUR, "hour"),
    (_MINUTE, "minute"),
)
_EARLIEST = -62_135_596_800_000_000
"""The first instant of year 1, before which no calendar day can be named."""


def day_words(instant: Instant, zone: tzinfo = UTC) -> str:
    """An instant's calendar day, or "always" for what was so from the start."""
    if instant < _EARLIEST + DAY_MICROSECONDS:
        return "always"
    return "never ends" if instant >= FOREVER else day_of(instant, zone).isoformat()


def ago(instant: Instant, now: Instant) -> str:
    """How far an instant lies from now: "3 days ago", "in 2 weeks", "now".

    Empty for the beginning and the end of time. Counted in the largest unit
    that fits, rounded down.
    """
    if instant <= BEGINNING or instant >= FOREVER:
        return ""
    distance = abs(now - instant)
    if distance < _MINUTE:
        return "now"
    unit_length, unit = next(step for step in _STEPS if distance >= step[0])
    words = many(int(distance // unit_length), unit)
    return f"{words} ago" if instant < now else f"in {words}"


def many(number: int, one: str, plural: str = "") -> str:
    """A count with its noun: "1 bet", "12 bets", "1,204 bets"."""
    return f"{number:,} {one if number == 1 else plural or plural_of(one)}"


def plural_of(noun: str) -> str:
    """An English plural, for nouns of ours and kinds that declare none."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def listed(words: Iterable[str], *, most: int = 0) -> str:
    """Words with commas; past `most`, how many more there are."""
    every = tuple(words)
    shown = every[:most] if most else every
    rest = len(every) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def dotted(*parts: str) -> str:
    """Parts that say something, with dots between them."""
    return " · ".join(part for part in parts if part)


def iso_day(day: float) -> str:
    """A day that is counted from 1970-01-01, as people write it."""
    return (_FIRST + timedelta(days=int(day))).isoformat()


def days_between(ends: tuple[float, float]) -> str:
    """From one day to another, counted from 1970-01-01: "2026-03-01 to 2026-04-30"."""
    low, high = (iso_day(each) for each in ends)
    return low if low == high else f"{low} to {high}"


def amount_between(ends: tuple[float, float]) -> str:
    """From one number to another: "2 to 6"; what is small is told less finely, as nobody said more."""
    low, high = (each + 0.0 for each in ends)
    first, last = (f"{each:,.3g}" if abs(each) >= 1 else f"{each:.2g}" for each in (low, high))
    return first if first == last else f"{first} to {last}"
