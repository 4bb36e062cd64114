"""Forecasts scored: textbook figures, a slow way to count, and what was frozen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from latticework.analysis.scoring import brier, calibration, coverage, wilson
from latticework.analysis.scoring_reading import Scores, scores_of
from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.little import company_of

TODAY = date(2026, 6, 28)
chances = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0])),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize(
    ("chance", "came", "score"),
    [(1.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.7, 1.0, 0.09), (0.3, 1.0, 0.49), (0.5, 0.0, 0.25)],
)
def test_single_forecasts_score_as_the_textbooks_say(
    chance: float, came: float, score: float
) -> None:
    one = np.array([chance])
    found = brier(one, one, np.array([came]))
    assert found is not None
    assert found.middle == pytest.approx(score)


@settings(max_examples=100, deadline=None)
@given(chances)
def test_scores_agree_with_a_sum_by_hand(sample: list[tuple[float, float, float]]) -> None:
    low = np.array([min(a, b) for a, b, _ in sample])
    high = np.array([max(a, b) for a, b, _ in sample])
    came = np.array([c for *_, c in sample])
    found = brier(low, high, came)
    assert found is not None
    by_hand = sum(((a + b) / 2 - c) ** 2 for a, b, c in sample) / len(sample)
    assert found.middle == pytest.approx(by_hand)
    assert found.low - 1e-12 <= found.middle <= found.high + 1e-12
    least = sum(min((x - c) ** 2 for x in (*np.linspace(a, b, 41), c if min(a, b) <= c <= max(a, b) else a)) for a, b, c in sample)  # fmt: skip
    assert found.low == pytest.approx(least / len(sample), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_bounds_agree_with_scipy(made: tuple[int, int]) -> None:
    hits, count = made
    other = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    assert wilson(hits / count, count) == pytest.approx((other.low, other.high), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(chances)
def test_every_forecast_is_in_one_bin(sample: list[tuple[float, float, float]]) -> None:
    said, came = np.array([a for a, *_ in sample]), np.array([c for *_, c in sample])
    bins = calibration(said, came)
    assert sum(each.count for each in bins) == len(sample)
    assert all(each.low <= each.said <= each.high + 1e-12 for each in bins)
    whole = sum(each.came * each.count for each in bins) / len(sample)
    assert whole == pytest.approx(float(came.mean()))


def test_a_range_that_meets_what_came_counts_as_inside() -> None:
    low, high = np.array([1.0, 1, 1, 1]), np.array([3.0, 3, 3, 3])
    found = coverage(low, high, np.array([2.0, 3, 0, 3.5]), np.array([2.0, 4, 0.5, 9]))
    assert (found.inside, found.below, found.above) == (2, 1, 1)
    assert found.share == 0.5


# In a company ---------------------------------------------------------------------------

STORY = """
on: 2026-01-05
bet/sure: {stage: shaping, confidence: 60%}
bet/open: {stage: running, confidence: 30%}
bet/late: {stage: running}
bet/mute: {stage: running, confidence: 50%}
---
on: 2026-02-02
bet/sure: {stage: running, confidence: 70–90%, due: 2026-03..2026-04, gain: 2–4}
---
on: 2026-03-02
bet/sure: {confidence: 90%, due: 2027}
bet/late: {confidence: 20%}
---
on: 2026-04-06
bet/sure: {stage: settled, came true: "yes"}
bet/late: {stage: dropped, came true: "no"}
bet/mute: {stage: settled}
---
on: 2026-05-04
bet/sure: {confidence: 100%, so far: "5"}
"""


def _scores() -> Scores:
    graph = company_of(STORY, Moment(valid=end_of(TODAY)))
    return scores_of(graph, "bet", until=end_of(TODAY), today=TODAY)


def test_a_chance_counts_as_it_stood_when_the_thing_began() -> None:
    found = _scores()
    assert found.at_first is not None
    # 70–90 % stood when bet/sure began to run, 20 % was the first said of bet/late.
    assert found.at_first.middle == pytest.approx((0.2**2 + 0.2**2) / 2)
    assert found.at_first.count == 2


def test_what_is_said_after_the_end_does_not_count() -> None:
    found = _scores()
    assert found.at_last is not None
    assert found.at_last.middle == pytest.approx((0.1**2 + 0.2**2) / 2)


def test_what_cannot_be_scored_is_counted() -> None:
    found = _scores()
    assert (found.closed, found.without_outcome, found.without_day) == (3, 1, 1)


def test_days_and_amounts_are_laid_beside_what_was_first_said() -> None:
    found = _scores()
    assert (found.days.inside, found.days.count) == (1, 1)
    assert (found.amounts.above, found.amounts.count) == (1, 1)


def test_few_outcomes_are_called_few() -> None:
    found = _scores()
    assert found.at_first is not None
    assert found.at_first.is_few
    assert all(each.is_few for each in found.bins)


def test_a_company_that_forecasts_nothing_is_told_how_to() -> None:
    graph = company_of(
        "model: {uses: [], kinds: {job: {family: intent}}}\non: 2026-01-01\njob/a: {}\n"
    )
    with pytest.raises(Refused) as refused:
        scores_of(graph, "job", until=end_of(TODAY), today=TODAY)
    assert refused.value.findings[0].code == "SCORE001"
