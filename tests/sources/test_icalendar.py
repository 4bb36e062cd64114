"""Events of a calendar and every turn of those that repeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.companies import RECORDINGS, Example

from latticework.base.findings import Severity
from latticework.sources.icalendar import icalendar
from latticework.sources.occurrences import Repeat, Rule, every, find_turns
from latticework.sources.source import source_for
from latticework.sources.tree import Fields, UnreadableError, plain

TEAM = (RECORDINGS / "icalendar" / "team.ics").read_text(encoding="utf-8")


def events(text: str = TEAM) -> dict[str, dict[str, object]]:
    """Events of a calendar by the beginning of their id, places forgotten."""
    told = plain(icalendar.read(text).tree)
    assert isinstance(told, dict)
    return {str(each["id"]).partition("@")[0]: each for each in told["events"]}


def turns(name: str, text: str = TEAM) -> list[dict[str, object]]:
    """The turns of an event."""
    found = events(text)[name]["turns"]
    assert isinstance(found, list)
    return found


def calendar(*lines: str) -> str:
    """A calendar with one event."""
    event = ["BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *event, "END:VCALENDAR", ""])


def test_an_event_that_repeats_has_a_turn_for_each_time() -> None:
    standup = turns("standup")
    assert [each["id"] for each in standup] == [
        "2026-03-16T09:00",
        "2026-03-23T09:00",
        "2026-03-30T09:00",
        "2026-04-13T09:00",
        "2026-04-20T09:00",
        "2026-04-27T09:00",
    ]


def test_nine_stays_nine_when_clocks_change() -> None:
    begins = [each["begins"] for each in turns("standup")][1:3]
    assert begins == ["2026-03-23T09:00:00+01:00", "2026-03-30T09:00:00+02:00"]


def test_a_turn_that_was_moved_or_cancelled_says_so() -> None:
    moved, cancelled = turns("standup")[3:5]
    assert moved["title"] == "Standup after the holiday"
    assert moved["begins"] == "2026-04-14T10:00:00+02:00"
    assert moved["moved from"] == "2026-04-13T09:00:00+02:00"
    assert (cancelled["status"], "moved from" in cancelled) == ("cancelled", False)


def test_who_takes_part_has_a_name_an_address_and_an_answer() -> None:
    standup = events()["standup"]
    assert standup["organiser"] == {"name": "Ada L", "mail": "ada@harbour.example"}
    assert standup["people"] == [
        {
            "name": "Ben",
            "mail": "ben@harbour.example",
            "answer": "accepted",
            "role": "req-participant",
        },
        {"name": "cid", "mail": "cid@harbour.example", "answer": "declined"},
    ]
    assert standup["rooms"] == [{"name": "Pier room", "mail": "pier@harbour.example"}]


def test_whole_days_end_on_their_last_and_floating_times_are_the_calendars() -> None:
    offsite, walk = events()["offsite"], events()["walk"]
    assert (offsite["begins"], offsite["ends"]) == ("2026-06-10", "2026-06-12")
    assert (offsite["all day"], offsite["status"]) == ("yes", "tentative")
    assert (walk["begins"], walk["minutes"]) == ("2026-05-01T18:00:00+02:00", "45")


def test_what_never_ends_is_read_a_year_beyond_the_newest_day_with_a_notice() -> None:
    review = turns("review")
    assert [each["id"] for each in review] == [
        "2026-01-05",
        "2026-04-06",
        "2026-07-06",
        "2026-10-05",
        "2027-01-04",
        "2027-04-05",
    ]
    told = {each.code: each for each in icalendar.read(TEAM).findings}
    assert told["SOURCE100"].severity is Severity.NOTICE
    assert (told["SOURCE100"].place.line, "2027-06" in told["SOURCE100"].says) == (57, True)


def test_an_event_without_a_beginning_is_told() -> None:
    found = [each for each in icalendar.read(TEAM).findings if each.code == "SOURCE101"]
    assert [each.place.line for each in found] == [79]
    assert "never" not in events()


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=OFTEN", "FREQ=WEEKLY;INTERVAL=0"],
)
def test_a_rule_that_cannot_be_followed_leaves_the_first_turn_and_is_told(rule: str) -> None:
    text = calendar("DTSTART:20260105T090000Z", f"RRULE:{rule}", "SUMMARY:Odd")
    told = icalendar.read(text).findings
    assert len(turns("a", text)) == 1
    assert any(each.code in {"SOURCE102", "SOURCE103"} for each in told)


def test_rules_that_never_come_true_are_not_sought_without_end() -> None:
    event = calendar("DTSTART:20260105", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    body = event[event.index("BEGIN:VEVENT") : event.index("END:VCALENDAR")]
    many = "".join(body.replace("UID:a", f"UID:{number}") for number in range(40))
    told = icalendar.read(event.replace(body, many)).findings
    assert sum("hardly ever" in each.says for each in told) == 35


def test_a_calendar_of_thousands_of_turns_is_cut_and_told() -> None:
    text = calendar("DTSTART:20000101", "RRULE:FREQ=DAILY;COUNT=9000", "SUMMARY:Daily")
    assert len(turns("a", text)) == 5_000
    assert "5,000" in icalendar.read(text).findings[0].says


def test_days_left_out_may_be_given_as_days() -> None:
    text = calendar(
        "DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260106"
    )
    assert [each["day"] for each in turns("a", text)] == ["2026-01-05", "2026-01-07"]


def test_what_is_no_calendar_is_told() -> None:
    with pytest.raises(UnreadableError) as problem:
        icalendar.read("BEGIN:VCALENDAR\nno line of a calendar\n")
    assert problem.value.finding.code == "SOURCE003"


def test_a_calendar_asks_for_its_reader_whatever_its_ending() -> None:
    found = source_for(TEAM, "north.txt")
    assert found is not None
    assert found.name == "icalendar"


def test_events_know_their_lines() -> None:
    tree = icalendar.read(TEAM).tree
    assert isinstance(tree, Fields)
    events = tree["events"]
    assert [each.line for each in events if each is not None] == [23, 57, 64, 72]  # type: ignore[union-attr]


begin = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1))


@given(begin, st.integers(1, 20), st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
def test_turns_begin_with_the_first_and_come_in_order(
    first: datetime, count: int, often: str
) -> None:
    rule = Rule(text=f"FREQ={often};COUNT={count}")
    found = find_turns(Repeat(first=first, rules=(rule,)), first).begins
    assert found[0] == first.replace(microsecond=0) or found[0] == first
    assert list(found) == sorted(set(found))
    assert len(found) in {count, count + 1}


@given(begin, st.integers(1, 200))
def test_what_is_left_out_is_no_turn(first: datetime, days: int) -> None:
    first = first.replace(microsecond=0)
    horizon = first + timedelta(days=days)
    out = frozenset(first + timedelta(days=7 * week) for week in range(0, 50, 2))
    repeat = Repeat(first=first, rules=(Rule(text="FREQ=WEEKLY"),), out=out)
    found = find_turns(repeat, horizon).begins
    assert not out & set(found)
    assert all(each <= horizon for each in found)


def test_how_often_is_a_duration() -> None:
    assert every("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO") == "2 weeks"
    assert (every("FREQ=DAILY"), every("FREQ=YEARLY")) == ("1 day", "12 months")
    assert every("FREQ=HOURLY") == ""


def test_a_calendar_becomes_rituals_turns_and_people(tmp_path: Path) -> None:
    harbour = Example("icalendar", tmp_path)
    harbour.give("team.ics")
    taken = harbour.take()
    assert not [each for each in taken.findings if each.severity is Severity.ERROR]
    standup = harbour.said("ritual/standup")
    assert (standup["every"], standup["minutes"]) == ("1 week", "15")
    assert standup["is led by"] == ["person/ada-harbour.example"]
    assert standup["gathers"] == ["person/ben-harbour.example", "person/cid-harbour.example"]
    cancelled = harbour.said("turn/standup-2026-04-20t09-00")
    assert (cancelled["stage"], cancelled["is a turn of"]) == ("cancelled", ["ritual/standup"])
    assert not [each for each in harbour.company.check() if each.severity is Severity.ERROR]
    assert harbour.take().changes == 0
