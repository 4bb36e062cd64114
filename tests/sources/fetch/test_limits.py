"""Headers say how long to wait: as seconds, as a date, as an epoch of either length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.base.times import parse_instant
from latticework.sources.fetch.limits import retry_after, until_whole

NOW = parse_instant("2026-05-04T09:00:00Z")
EPOCH = NOW // 1_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Mon, 04 May 2026 09:02:00 GMT", 120.0),
        ("Mon, 04 May 2026 08:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


@pytest.mark.parametrize(
    "reset",
    [str(EPOCH + 60), str((EPOCH + 60) * 1000), "60", "2026-05-04T09:01:00Z", "2026-05-04T09:01Z"],
)
def test_a_reset_is_told_in_many_ways(reset: str) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    assert until_whole(headers, NOW) == 60.0


def test_what_is_left_is_used() -> None:
    headers = {"ratelimit-remaining": "1", "ratelimit-reset": str(EPOCH + 60)}
    assert until_whole(headers, NOW) is None


def test_points_for_less_than_the_last_question_are_none() -> None:
    headers = {
        "x-ratelimit-complexity-remaining": "500",
        "x-ratelimit-complexity-reset": str((EPOCH + 60) * 1000),
        "x-complexity": "900",
    }
    assert until_whole(headers, NOW) == 60.0
    assert until_whole({**headers, "x-complexity": "400"}, NOW) is None


def test_the_longest_of_several_limits_counts() -> None:
    headers = {
        "x-ratelimit-requests-remaining": "0",
        "x-ratelimit-requests-reset": str((EPOCH + 10) * 1000),
        "x-ratelimit-complexity-remaining": "0",
        "x-ratelimit-complexity-reset": str((EPOCH + 90) * 1000),
    }
    assert until_whole(headers, NOW) == 90.0


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date"]),
        st.text(),
    )
)
def test_no_header_is_too_odd(headers: dict[str, str]) -> None:
    for wait in (retry_after(headers, NOW), until_whole(headers, NOW)):
        assert wait is None or wait >= 0
