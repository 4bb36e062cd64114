"""The timeline: beginnings and ends from days that are not exact, and from history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from latticework.base.findings import Refused
from latticework.base.times import (
    BEGINNING,
    FOREVER,
    Instant,
    Moment,
    datetime_of,
    end_of,
    parse_instant,
)
from latticework.graph.little import company_of
from latticework.views.catalogue import views
from latticework.views.sight import Sight
from latticework.views.visuals import Bar, Timeline

YARD = """
model:
  uses: []
  kinds:
    project:
      family: intent
      stages: {planned: proposed, running: active, delivered: done}
      fields: {begins: day range, ends: day range}
      links:
        waits for: {to: project, back: holds up}
        is run by: {to: crew, back: runs}
    bet:
      family: intent
      stages: {open: proposed, running: active, over: done}
      fields: {review: day range, due: day range}
    crew: {family: collaboration}
on: 2026-01-01
crew/north: {title: North}
crew/south: {title: South}
project/dock: {title: Dock, stage: running, begins: 2026-01-05, ends: 2026-Q2, is run by: [crew/north, crew/south]}
project/ship: {title: Ship, stage: planned, begins: 2026-05, waits for: project/dock, is run by: crew/north}
project/lamp: {title: Lamp, stage: planned, ends: about 2026-03-10}
project/idea: {title: Idea, stage: planned}
bet/tide: {title: Tide, stage: open, review: 2026-10, due: 2026-12-31}
---
on: 2026-02-01
bet/tide: {stage: running}
---
on: 2026-04-01
project/dock: {ends: 2026-Q3}
bet/tide: {stage: over}
"""
NOW = parse_instant("2026-06-15T12:00:00Z")


def _graph_at(day: str = "2026-06-15") -> Sight:
    graph = company_of(YARD, Moment(valid=end_of(date.fromisoformat(day))))
    return Sight(graph=graph, now=NOW, graph_at=lambda then: _graph_at(then).graph)


def _timeline(**chosen: object) -> Timeline:
    block = views()["timeline"].build(_graph_at(), chosen).blocks[0]
    assert isinstance(block, Timeline)
    return block


def _bars(**chosen: object) -> Mapping[str, Bar]:
    return {bar.title: bar for bar in _timeline(**chosen).bars}


def _day(when: Instant) -> str:
    return f"{datetime_of(when):%Y-%m-%d}"


def test_a_quarter_is_a_quarter_wide() -> None:
    dock = _bars(query="project")["Dock"]
    assert [_day(each) for each in dock.begins] == ["2026-01-05", "2026-01-05"]
    assert _day(dock.ends[0] - 1) == "2026-07-01"
    assert _day(dock.ends[1] - 1) == "2026-09-30"


def test_a_month_begins_on_any_of_its_days() -> None:
    ship = _bars(query="project")["Ship"]
    assert [_day(each) for each in ship.begins] == ["2026-05-01", "2026-05-31"]


def test_an_end_that_nobody_knows_is_open() -> None:
    assert _bars(query="project")["Ship"].ends[1] == FOREVER


def test_what_only_ends_has_no_beginning() -> None:
    lamp = _bars(query="project")["Lamp"]
    assert lamp.begins[1] == BEGINNING
    assert _day(lamp.ends[0]) < "2026-03-10" < _day(lamp.ends[1])


def test_things_without_a_day_are_listed_with_the_field_that_would_date_them() -> None:
    block = _timeline(query="project")
    assert [(card.title, card.pairs[0][0]) for card in block.undated] == [("Idea", "ends")]
    assert block.undated_count == 1


def test_a_day_long_after_the_start_of_work_is_no_beginning() -> None:
    """Tide was under way in February; its review lies in October."""
    tide = _bars(query="bet")["Tide"]
    assert _day(tide.begins[1]) == "2026-02-01"
    assert tide.sets == ("", "due")


def test_what_is_over_ended_when_it_was_over_not_when_it_was_due() -> None:
    tide = _bars(query="bet")["Tide"]
    assert _day(tide.ends[0]) == _day(tide.ends[1]) == "2026-04-01"


def test_the_reader_chooses_the_fields() -> None:
    tide = _bars(query="bet", begins="review", ends="due")["Tide"]
    assert _day(tide.begins[0]) == "2026-10-01"
    assert tide.sets == ("review", "due")


def test_a_ghost_tells_what_was_believed_on_another_day() -> None:
    dock = _bars(query="project", ghost="2026-02-15")["Dock"]
    assert dock.ghost is not None
    assert _day(dock.ghost[1][1] - 1) == "2026-06-30"


def test_a_thing_of_two_groups_stands_in_both_and_says_so() -> None:
    bars = [
        bar for bar in _timeline(query="project", group="is run by").bars if bar.title == "Dock"
    ]
    assert [(bar.group, bar.group_ref, bar.again) for bar in bars] == [
        ("North", "crew/north", False),
        ("South", "crew/south", True),
    ]


@pytest.mark.parametrize("phrase", ["waits for", "holds up"])
def test_ties_lead_from_what_is_waited_for(phrase: str) -> None:
    ties = _timeline(query="project", ties=phrase).ties
    assert set(ties) == (
        {("project/dock", "project/ship")}
        if phrase == "waits for"
        else {("project/ship", "project/dock")}
    )


def test_everything_wrong_with_the_choices_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        _timeline(query="project", begins="title", zoom="day", ties="loves")
    assert [each.code for each in refused.value.findings] == ["VIEW015", "VIEW015", "VIEW005"]


def test_bars_past_the_bound_are_counted() -> None:
    assert "2 further things" in _timeline(query="project", rows=1).note


def test_rows_for_programs_say_both_ends_of_each_end() -> None:
    page = views()["timeline"].build(_graph_at(), {"query": "project where title is Dock"})
    (row,) = page.data
    assert row["begins_earliest"] == "2026-01-05T00:00:00Z"
    assert str(row["ends_latest"]).startswith("2026-09-30")


def test_the_sensible_choice_is_a_kind_that_days_say_most_about() -> None:
    assert views()["timeline"].build(_graph_at()).title == "Projects where stage is active"
