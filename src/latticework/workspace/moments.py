"""Days and instants as people write them, as the moment of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import FOREVER, Instant, Moment, end_of, parse_instant
from latticework.model.model import NamedMoment

NOW = "now"

When = str | Instant | None
"""A day or an instant as people write it, microseconds, or None for now."""


def moment_of(
    at: When,
    known: When,
    *,
    now: Instant,
    zone: tzinfo,
    named: Sequence[NamedMoment] = (),
) -> Moment:
    """The moment meant by `at` and `known`; None and "now" mean now and all.

    A name that the company gave a day stands for its end, and for what was
    known by then where the name says so and `known` does not.

    Raises Refused (TIME001) for text that is neither a day, an instant nor a name.
    """
    names = {each.name.casefold(): each for each in named}
    meant = names.get(at.strip().casefold()) if isinstance(at, str) else None
    valid = end_of(meant.day, zone) if meant else _instant(at, zone, names)
    seen = _instant(known, zone, names)
    if seen is None and meant is not None and meant.known is not None:
        seen = end_of(meant.known, zone)
    return Moment(now if valid is None else valid, FOREVER if seen is None else seen)


def _instant(when: When, zone: tzinfo, names: dict[str, NamedMoment]) -> Instant | None:
    if when is None or isinstance(when, int):
        return when
    text = when.strip().casefold()
    if text == NOW:
        return None
    if text in names:
        return end_of(names[text].day, zone)
    try:
        return parse_instant(when, zone)
    except Refused as refused:
        raise _unnamed(when, names, refused) from None


def _unnamed(when: str, names: dict[str, NamedMoment], refused: Refused) -> Refused:
    """The refusal of a text; where days have names, with those that are near."""
    if not names:
        return refused
    says = f"'{when}' is no day, no instant and no moment that has a name"
    known = [each.name for each in names.values()]
    hint = did_you_mean(when, known, otherwise=f"write 2026-03-01, or one of: {', '.join(known)}")
    return Refused([error("TIME001", says, hint=hint, value=when)])
