"""Amounts as they are drawn: thousands apart, no cents where they say nothing."""

from __future__ import annotations

import math

from latticework.model.model import Field
from latticework.model.values import Measure, format_value

_DRAWN = frozenset({"money", "number"})
_THOUSAND = 1_000
_MILLION = 1_000_000


def amount_text(field: Field, measure: Measure, *, exact: bool = False) -> str:
    """An amount in words: EUR 40–80k, EUR 2,366,508–4,165,938.

    From a thousand on in whole units, unless `exact` asks for all that is known.
    `parse_value` reads it, though not as the last cent.
    """
    low, high = measure.low, measure.high
    if field.type not in _DRAWN or low is None or high is None:
        return format_value(field, measure)
    if not (math.isfinite(low) and math.isfinite(high)) or _is_short(low, high):
        return format_value(field, measure)
    ends = [_end(each, exact=exact) for each in ((low,) if low == high else (low, high))]
    said = "–".join(ends) if low >= 0 else " to ".join(ends)
    rounded = ends[0] if len(ends) > 1 and ends[0] == ends[1] else said
    return f"{measure.unit} {rounded}".strip()


def _is_short(low: float, high: float) -> bool:
    """Whether nothing is gained: below a thousand, or round thousands below a million."""
    most = max(abs(low), abs(high))
    round_thousands = low % _THOUSAND == 0 == high % _THOUSAND
    return most < _THOUSAND or (round_thousands and most < _MILLION)


def _end(amount: float, *, exact: bool) -> str:
    if abs(amount) >= _THOUSAND and not exact:
        return f"{amount:,.0f}"
    return f"{amount:,.0f}" if amount == round(amount) else f"{amount:,.2f}"
