"""Days and instants as people write them, as the moment of a graph."""

from __future__ import annotations

from datetime import tzinfo

from latticework.base.times import FOREVER, Instant, Moment, parse_instant

NOW = "now"


def moment_of(
    at: str | Instant | None, known: str | Instant | None, *, now: Instant, zone: tzinfo
) -> Moment:
    """The moment meant by `at` and `known`; None and "now" mean now and all.

    Raises Refused (TIME001) for text that is neither a day nor an instant.
    """
    valid = _instant(at, zone)
    return Moment(
        now if valid is None else valid,
        FOREVER if (seen := _instant(known, zone)) is None else seen,
    )


def _instant(when: str | Instant | None, zone: tzinfo) -> Instant | None:
    if when is None or isinstance(when, int):
        return when
    return None if when.strip().casefold() == NOW else parse_instant(when, zone)
