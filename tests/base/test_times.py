"""Instants, days and zones."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.base.findings import Refused
from latticework.base.times import (
    FOREVER,
    datetime_of,
    day_of,
    end_of,
    format_instant,
    instant_of,
    parse_instant,
    start_of,
    zone_of,
)


def test_a_day_means_its_end_in_utc() -> None:
    assert parse_instant("2026-03-01") + 1 == parse_instant("2026-03-02T00:00:00Z")


def test_a_day_means_its_end_in_the_zone_that_is_given() -> None:
    tokyo = zone_of("Asia/Tokyo")
    assert parse_instant("2026-03-01", tokyo) + 1 == parse_instant("2026-03-01T15:00:00Z")


def test_the_day_on_which_clocks_change_is_an_hour_shorter() -> None:
    berlin = zone_of("Europe/Berlin")
    day = date(2026, 3, 29)
    assert end_of(day, berlin) + 1 - start_of(day, berlin) == 23 * 3_600_000_000


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_keep_every_microsecond(when: datetime) -> None:
    assert datetime_of(instant_of(when)) == when


@given(st.datetimes(min_value=datetime(1600, 1, 1), timezones=st.just(UTC)))
def test_format_and_parse_are_inverses(when: datetime) -> None:
    assert parse_instant(format_instant(instant_of(when))) == instant_of(when)


def test_the_far_future_is_shown_as_the_last_year() -> None:
    assert day_of(FOREVER) == date(9999, 12, 31)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "01.02.2026", "9999-12-31T"]
)
def test_what_is_no_time_is_refused_with_the_value_and_a_way_out(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_instant(text)
    (finding,) = refused.value.findings
    assert (finding.code, finding.value) == ("TIME001", text)
    assert "2026-03-01" in finding.hint


def test_the_last_day_of_the_calendar_is_refused_not_crashed_on() -> None:
    with pytest.raises(Refused):
        parse_instant("9999-12-31")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        zone_of(name)
    assert refused.value.findings[0].code == "TIME002"
