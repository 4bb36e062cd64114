"""Days and times as other tools write them, turned into ISO 8601.

Whether `3/4/26` is in March or in April no single value tells. A whole sheet
often does: one value above 12 settles it for all. Where none does, the values
stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

DAY_FIRST, MONTH_FIRST = "day first", "month first"
SECONDS, MILLISECONDS = "seconds", "milliseconds"
ORDERS = (DAY_FIRST, MONTH_FIRST, SECONDS, MILLISECONDS)
"""How a text may be meant: by the order of day and month, or as counted since 1970."""

_TIME = r"(?:[ ,T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?)?"
_NUMBERS = re.compile(r"(?P<one>\d{1,2})[/.\-](?P<two>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})" + _TIME)
_DAY_NAME = re.compile(
    r"(?P<day>\d{1,2})\.?[/\-. ]+(?P<name>[^\W\d_]+)\.?[/\-. ,]+(?P<year>\d{4}|\d{2})" + _TIME
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d_]+)\.?[ \-](?P<day>\d{1,2})(?:st|nd|rd|th)?,?[ \-]+(?P<year>\d{4})" + _TIME
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})" + _TIME)
_SCRIPT = re.compile(
    r"[^\W\d_]{3} (?P<name>[^\W\d_]{3}) (?P<day>\d{2}) (?P<year>\d{4}) "
    r"(?P<time>\d{2}:\d{2}:\d{2}) GMT(?P<zone>[+-]\d{4})(?: \(.*\))?"
)
"""What browsers make of a date, and so of many an export."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")

_MONTHS = (
    "jan janv ene gen янв sty janu janeiro",
    "feb fév fevr fev févr feb фев lut febr",
    "mar mär mrz mars mrt мар märz",
    "apr avr abr апр kwi",
    "may mai mag mei май мая maj mayo maio",
    "jun juin giu июн cze juni",
    "jul juil lug июл lip juli",
    "aug août aout ago авг sie",
    "sep sept set сен wrz",
    "oct okt out ott окт paź paz",
    "nov ноя lis",
    "dec dez déc dic дек gru",
)
_BY_NAME = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_LONGEST_NAME = 5
_COUNT = re.compile(r"(-?\d{1,17})(?:\.\d+)?", re.ASCII)
_COUNTED = {SECONDS: timedelta(seconds=1), MILLISECONDS: timedelta(milliseconds=1)}
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_CENTURY = 2000


def settle(texts: Iterable[str]) -> str | None:
    """Which order of day and month all texts agree on; None where none tells.

    Two texts that contradict each other tell nothing, either.
    """
    found = set()
    for text in texts:
        numbers = _NUMBERS.fullmatch(text.strip())
        if numbers is None:
            continue
        if int(numbers["one"]) > 12:
            found.add(DAY_FIRST)
        elif int(numbers["two"]) > 12:
            found.add(MONTH_FIRST)
    return found.pop() if len(found) == 1 else None


def is_unsettled(text: str) -> bool:
    """Whether a text is a day that only its order tells."""
    numbers = _NUMBERS.fullmatch(text.strip())
    return numbers is not None and int(numbers["one"]) != int(numbers["two"])


@lru_cache(maxsize=100_000)
def iso_of(text: str, order: str | None = None) -> str | None:
    """A day or an instant in ISO 8601; None where the text is neither."""
    shown = text.strip()
    if order in _COUNTED:
        return _since_1970(shown, _COUNTED[order])
    if _ISO.fullmatch(shown):
        return shown.replace(" ", "T", 1) if len(shown) > 10 and shown[10] == " " else shown
    if found := _SCRIPT.fullmatch(shown):
        month = _month(found["name"])
        return (
            f"{found['year']}-{month:02}-{found['day']}T{found['time']}{found['zone']}"
            if month
            else None
        )
    if found := _YEAR_FIRST.fullmatch(shown):
        return _iso(int(found["year"]), int(found["month"]), int(found["day"]), found)
    if found := _NUMBERS.fullmatch(shown):
        one, two = int(found["one"]), int(found["two"])
        if order is None and one != two:
            return None
        day, month = (one, two) if order != MONTH_FIRST else (two, one)
    elif found := _DAY_NAME.fullmatch(shown) or _NAME_DAY.fullmatch(shown):
        day, month = int(found["day"]), _month(found["name"])
    else:
        return None
    year = int(found["year"]) + (_CENTURY if len(found["year"]) == 2 else 0)
    return _iso(year, month, day, found)


def day_of_text(text: str) -> str:
    """The day of an ISO text, time left out."""
    return text[:10] if _ISO.fullmatch(text) else text


def _since_1970(text: str, unit: timedelta) -> str | None:
    """The instant so many seconds or milliseconds after 1970 began, in UTC."""
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    try:
        return (_FIRST + int(found[1]) * unit).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return None


def _month(name: str) -> int:
    """The number of a month's name in the languages we know; 0 for others."""
    word = name.casefold()
    for length in range(min(len(word), _LONGEST_NAME), 2, -1):
        if word[:length] in _BY_NAME:
            return _BY_NAME[word[:length]]
    return 0


def _iso(year: int, month: int, day: int, found: re.Match[str]) -> str | None:
    try:
        if found["hour"] is None:
            return date(year, month, day).isoformat()
        hour = int(found["hour"])
        half = (found["half"] or "").casefold()[:1]
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        second = int(found["second"] or 0)
        return datetime(year, month, day, hour, int(found["minute"]), second).isoformat()  # noqa: DTZ001  text, no instant
    except ValueError:
        return None
