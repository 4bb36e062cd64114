"""Kaplan-Meier against a published table, against SciPy, and where all has finished."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from latticework.analysis.survival import kaplan_meier

times = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=60)


def test_a_published_table_comes_out_the_same() -> None:
    """V. Bewick, L. Cheek, J. Ball, Critical Care 8 (2004), 389-394, table 2."""
    days = np.array([1.0, 1, 4, 5, 6, 9, 9, 22])
    died = np.array([True, True, True, True, False, True, False, True])
    found = kaplan_meier(days, died)
    assert found.times.tolist() == [1, 4, 5, 9, 22]
    assert found.at_risk.tolist() == [8, 6, 5, 3, 1]
    assert found.share == pytest.approx([0.75, 0.625, 0.5, 1 / 3, 0.0])


def test_the_remissions_of_freireich_come_out_as_published() -> None:
    """E. J. Freireich et al., Blood 21 (1963), 699-716: weeks under 6-mercaptopurine."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    unended = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    weeks = np.array([*ended, *unended], dtype=float)
    found = kaplan_meier(weeks, np.array([True] * len(ended) + [False] * len(unended)))
    assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found.share == pytest.approx(published, abs=0.0005)
    assert found.quantile(0.5) == 23


def test_without_unfinished_things_it_is_the_plain_share() -> None:
    """The control group of D. R. Cox, D. Oakes, Analysis of Survival Data (1984), table 1.1."""
    weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    found = kaplan_meier(np.array(weeks, dtype=float), np.ones(21, dtype=bool))
    assert found.left_after(10) == pytest.approx(8 / 21)
    assert found.quantile(0.5) == float(np.median(weeks))


@settings(max_examples=150, deadline=None)
@given(times)
def test_scipy_agrees(sample: list[tuple[int, bool]]) -> None:
    days = np.array([float(day) for day, _ in sample])
    done = np.array([done for _, done in sample])
    found = kaplan_meier(days, done)
    other = stats.ecdf(stats.CensoredData(uncensored=days[done], right=days[~done])).sf
    for day in range(62):
        assert found.left_after(day) == pytest.approx(float(other.evaluate(day)), abs=1e-9)
    assert found.left_after_all(days).tolist() == [found.left_after(day) for day in days.tolist()]


@settings(max_examples=80, deadline=None)
@given(times)
def test_the_share_falls_within_bounds(sample: list[tuple[int, bool]]) -> None:
    days = np.array([float(day) for day, _ in sample])
    found = kaplan_meier(days, np.array([done for _, done in sample]))
    assert (np.diff(found.share) <= 1e-12).all()
    assert (found.low <= found.share + 1e-12).all()
    assert (found.share <= found.high + 1e-12).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()


@settings(max_examples=80, deadline=None)
@given(times)
def test_leaving_unfinished_things_out_never_looks_slower(sample: list[tuple[int, bool]]) -> None:
    days = np.array([float(day) for day, _ in sample])
    done = np.array([done for _, done in sample])
    if done.any():
        whole, finished = kaplan_meier(days, done), kaplan_meier(days[done], done[done])
        assert all(
            whole.left_after(day) >= finished.left_after(day) - 1e-12 for day in range(0, 61, 4)
        )
