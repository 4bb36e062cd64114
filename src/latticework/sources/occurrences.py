"""When something that repeats takes place: rules, further days, days left out.

Everything here is local time without a zone: nine o'clock stays nine o'clock
when clocks change. Rules are bounded, for a calendar may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

MOST_TURNS = 5_000
"""Occurrences of one event that are read, the first ones."""

_FAR = timedelta(days=3660)
_FREQUENT = re.compile(r"FREQ=(?:SECOND|MINUTE|HOUR)LY")
_BOUNDED = re.compile(r"COUNT=", re.I)
_LAST = datetime(9990, 1, 1)  # noqa: DTZ001  local time


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A repeat rule without its end, and that end."""

    text: str
    until: datetime | None = None

    @property
    def is_endless(self) -> bool:
        """Whether nothing in the rule ends it."""
        return self.until is None and not _BOUNDED.search(self.text)


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """When an event begins, and when again.

    `out` are beginnings left out, `out_days` days all of which are.
    """

    first: datetime
    rules: tuple[Rule, ...] = ()
    more: tuple[datetime, ...] = ()
    out: frozenset[datetime] = frozenset()
    out_days: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Found:
    """Beginnings in order; which rules could not be read, and whether some are left out.

    `is_rare` tells of a rule that was sought far beyond the horizon.
    """

    begins: tuple[datetime, ...]
    unread: tuple[str, ...] = ()
    is_cut: bool = False
    is_rare: bool = False


def find_turns(repeat: Repeat, horizon: datetime, *, most: int = MOST_TURNS) -> Found:
    """When an event takes place, up to a horizon where nothing else ends it."""
    begins = {repeat.first, *repeat.more}
    unread: list[str] = []
    cut = rare = False
    for rule in repeat.rules:
        try:
            found, beyond = _of_rule(rule, repeat.first, horizon, most)
        except (ValueError, OverflowError, TypeError, AttributeError, KeyError, IndexError):
            # The library tells of a wrong rule in any of these ways.
            unread.append(rule.text)
            continue
        begins.update(found)
        cut = cut or len(found) >= most
        rare = rare or beyond
    kept = (
        each
        for each in sorted(begins)
        if each not in repeat.out and each.date() not in repeat.out_days
    )
    first = tuple(islice(kept, most))
    return Found(begins=first, unread=tuple(unread), is_cut=cut, is_rare=rare)


def _of_rule(
    rule: Rule, first: datetime, horizon: datetime, most: int
) -> tuple[list[datetime], bool]:
    """The beginnings that a rule names, and whether the next one is far off."""
    from dateutil.rrule import rrulestr

    if _FREQUENT.search(rule.text.upper()):
        raise ValueError(rule.text)
    last = rule.until or (horizon if rule.is_endless else _LAST)
    found: list[datetime] = []
    turns: Iterator[datetime] = iter(rrulestr(rule.text, dtstart=first))
    for each in turns:
        if each > last:
            return found, each > last + _FAR
        found.append(each)
        if len(found) >= most:
            return found, False
    return found, rule.is_endless or rule.until is not None


def every(rule: str) -> str:
    """How long it is from one turn to the next, as a duration; empty where no rule tells."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}.get(
        parts.get("FREQ", ""), ""
    )
    count = parts.get("INTERVAL", "1")
    if not unit or not count.isdecimal() or len(count) > 3:
        return ""
    if unit == "year":
        return f"{int(count) * 12} months"
    return f"{int(count)} {unit}{'' if int(count) == 1 else 's'}"
