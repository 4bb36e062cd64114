"""Amounts as they are drawn, which are still read as what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.analysis.amounts import amount_text
from latticework.model.model import Field
from latticework.model.values import Measure, parse_value

MONEY = Field(name="cost", type="money", unit="EUR", ranged=True)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2_366_507.84, 4_165_938.25, "EUR 2,366,508–4,165,938"),
        (40_000, 80_000, "EUR 40–80k"),
        (39_054_000, 66_397_000, "EUR 39,054,000–66,397,000"),
        (0, 936_790, "EUR 0–936,790"),
        (12.5, 12.5, "EUR 12.5"),
        (1234.2, 1234.4, "EUR 1,234"),
        (-5000.5, 1200, "EUR -5,000 to 1,200"),
    ],
)
def test_amounts_read_well(low: float, high: float, text: str) -> None:
    assert amount_text(MONEY, Measure(low, high, "EUR")) == text


def test_what_must_add_up_keeps_its_cents() -> None:
    assert amount_text(MONEY, Measure(2_366_507.84, 2_366_507.84, "EUR"), exact=True) == (
        "EUR 2,366,507.84"
    )


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_a_drawn_amount_is_read_as_what_it_says(one: float, other: float) -> None:
    low, high = round(min(one, other), 2), round(max(one, other), 2)
    read = parse_value(MONEY, amount_text(MONEY, Measure(low, high, "EUR")))
    assert read is not None
    assert read.low == pytest.approx(low, abs=1.0)
    assert read.high == pytest.approx(high, abs=1.0)
