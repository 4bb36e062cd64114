"""Days, weeks, months and quarters as people head columns, by their first day."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from latticework.sources.days import DAY_FIRST, day_of_text, iso_of, settle

_LEAD = re.compile(r"(?:w/[ce]|week (?:of|from|commencing)|wc|as of|by)[ :]+", re.I)
_WEEK = re.compile(
    r"(?:(?P<year>\d{4})[ \-/_]*)?(?:week|wk|cw|kw|w)[ \-_.]*(?P<number>\d{1,2})"
    r"(?:[ \-/_,']+(?P<behind>\d{4}|\d{2}))?",
    re.I,
)
_PART = re.compile(
    r"(?:(?:fy)?(?P<year>\d{4})[ \-/_]*)?(?P<part>[qh])[ ]?(?P<number>[1-4])"
    r"(?:[ \-/_,']+(?:fy)?[ ]?(?P<behind>\d{4}|\d{2}))?",
    re.I,
)
_MONTH = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})|(?P<name>[^\W\d_]{3,})\.?[ \-/']*(?P<behind>\d{4}|\d{2})?"
)
_YEAR = re.compile(r"(?:fy[ ]?)?(\d{4})", re.I)
_HAS_YEAR = re.compile(r"\d{4}")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MONTHS = (
    "jan january januar janvier janv enero ene gennaio gen janeiro januari",
    "feb february februar février fevrier févr fév febrero febbraio fevereiro februari",
    "mar march märz mär mrz mars marzo março maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro",
)
_BY_NAME = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_MONTHS_OF = {"q": 3, "h": 6}


@lru_cache(maxsize=10_000)
def first_day(text: str, year: str = "") -> str | None:
    """The first day of what a text names, in ISO 8601; None where it names none.

    `2026-04-12`, `12 Apr 2026`, `2026-W14`, `W14`, `KW 14`, `Q2 2026`, `2026-04`,
    `Apr 2026`, `12 Apr`, `Week of 12 Apr`, `2026`: what lacks a year takes `year`.
    """
    shown = _LEAD.sub("", " ".join(text.split()), count=1)
    found = _whole(shown)
    if found is None and year and not _HAS_YEAR.search(shown):
        found = _whole(f"{shown.rstrip('.')} {year}") or _whole(f"{shown.rstrip('./')}.{year}")
    return found or _part(shown, year)


def _whole(text: str) -> str | None:
    """A day that names its year; a word in it that is no month's name makes it none."""
    if any(word.casefold() not in _BY_NAME for word in _LETTERS.findall(text)):
        return None
    found = iso_of(text, settle([text]) or (DAY_FIRST if "." in text else None))
    try:
        return date.fromisoformat(day_of_text(found)[:10]).isoformat() if found else None
    except ValueError:
        return None


def _part(text: str, year: str) -> str | None:
    """A week, a quarter or half, a month or a year."""
    if found := _YEAR.fullmatch(text):
        return f"{found[1]}-01-01"
    for pattern, begin in ((_WEEK, _week), (_PART, _quarter), (_MONTH, _month)):
        if (found := pattern.fullmatch(text)) is not None:
            said = found["year"] or found["behind"] or year
            if not said:
                return None
            try:
                day = begin(int(said) + (2000 if len(said) == 2 else 0), found)
            except ValueError:
                return None
            return day.isoformat() if day else None
    return None


def _week(year: int, found: re.Match[str]) -> date | None:
    return date.fromisocalendar(year, int(found["number"]), 1)


def _quarter(year: int, found: re.Match[str]) -> date | None:
    return date(year, (int(found["number"]) - 1) * _MONTHS_OF[found["part"].lower()] + 1, 1)


def _month(year: int, found: re.Match[str]) -> date | None:
    if found["month"]:
        return date(year, int(found["month"]), 1)
    month = _BY_NAME.get(found["name"].casefold())
    return date(year, month, 1) if month else None
