"""What a server's headers say of how much may still be asked, and when again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from latticework.base.times import Instant, instant_of

SECOND = 1_000_000
_EPOCH_MILLISECONDS = 100_000_000_000
_EPOCH_SECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """The headers of one limit: what is left, when it is whole again, what one request cost."""

    left: str
    whole: str
    cost: str = ""


BUDGETS = (
    Budget("x-ratelimit-remaining", "x-ratelimit-reset"),
    Budget("ratelimit-remaining", "ratelimit-reset"),
    Budget("x-ratelimit-requests-remaining", "x-ratelimit-requests-reset"),
    Budget("x-ratelimit-complexity-remaining", "x-ratelimit-complexity-reset", "x-complexity"),
)
"""GitHub and Jira, GitLab, and the two of Linear."""


def retry_after(headers: Mapping[str, str], now: Instant) -> float | None:
    """Seconds that `Retry-After` asks for: given as seconds or as a date."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdecimal():
        return float(text)
    when = _http_date(text)
    return None if when is None else max(0.0, (when - now) / SECOND)


def until_whole(headers: Mapping[str, str], now: Instant) -> float | None:
    """Seconds until every budget that is used up is whole again; None where none is."""
    waits = [_wait(budget, headers, now) for budget in BUDGETS]
    found = [each for each in waits if each is not None]
    return max(found) if found else None


def instant_of_header(headers: Mapping[str, str]) -> Instant | None:
    """The server's own present, as its `Date` says."""
    return _http_date(headers.get("date", ""))


def _wait(budget: Budget, headers: Mapping[str, str], now: Instant) -> float | None:
    left = _number(headers.get(budget.left, ""))
    if left is None:
        return None
    cost = _number(headers.get(budget.cost, "")) if budget.cost else None
    # With points left for less than the last request the next like it is refused.
    if left >= max(cost or 1.0, 1.0):
        return None
    return _until(headers.get(budget.whole, ""), now)


def _until(text: str, now: Instant) -> float | None:
    """Seconds until a reset: told as an epoch, a date, or as seconds from now."""
    number = _number(text)
    if number is None:
        when = _iso(text)
        return None if when is None else max(0.0, (when - now) / SECOND)
    if number >= _EPOCH_MILLISECONDS:
        return max(0.0, number / 1000 - now / SECOND)
    if number >= _EPOCH_SECONDS:
        return max(0.0, number - now / SECOND)
    return max(0.0, number)


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _iso(text: str) -> Instant | None:
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant_of(when if when.tzinfo else when.replace(tzinfo=UTC))


def _http_date(text: str) -> Instant | None:
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return instant_of(when if when.tzinfo else when.replace(tzinfo=UTC))
