"""`history(field)`: dated values of a field, as every past moment has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.views import wrenfold

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.query.ask import ask, parse_for
from latticework.query.rows import Rows
from latticework.surfaces.data import csv_lines
from latticework.surfaces.text import Paper, page_lines
from latticework.surfaces.web.columns import headings_of, offered_columns
from latticework.surfaces.web.look import Look
from latticework.views.ask import table_of
from latticework.views.catalogue import views
from latticework.views.sight import Sight

TODAY = date(2026, 6, 29)
MODEL = """
model:
  uses: []
  kinds:
    gauge:
      family: context
      fields: {level: number range, reading: text}
      stages: {idle: proposed, live: active}
"""
STORY = """
on: 2026-01-05
gauge/a: {title: A, level: 3, reading: "20%", stage: idle}
gauge/b: {title: B}
---
on: 2026-02-02
gauge/a: {level: 2–6, reading: "20%", stage: live}
---
on: 2026-03-02
gauge/a: {level: 9, reading: about as before}
"""


def _graph(told: str = STORY, day: date = TODAY) -> Graph:
    return company_of(MODEL + told, Moment(valid=end_of(day)))


def _rows(query: str, day: date = TODAY) -> Rows:
    return ask(_graph(day=day), query, today=TODAY)


def _told(row: Mapping[str, object], column: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", row[column] or [])


def test_values_come_with_the_day_since_which_they_hold_oldest_first() -> None:
    first, second = _rows("gauge show history(level)").to_dicts()
    assert _told(first, "history(level)") == [
        {"since": "2026-01-05", "value": "3", "low": 3.0, "high": 3.0},
        {"since": "2026-02-02", "value": "2–6", "low": 2.0, "high": 6.0},
        {"since": "2026-03-02", "value": "9", "low": 9.0, "high": 9.0},
    ]
    assert second["history(level)"] is None


def test_a_value_written_again_is_not_told_twice() -> None:
    (first, _) = _rows("gauge show history(reading)").to_dicts()
    told = _told(first, "history(reading)")
    assert [(each["value"], each["low"]) for each in told] == [
        ("20%", 20.0),
        ("about as before", None),
    ]


def test_a_past_moment_knows_no_later_value() -> None:
    (first, _) = _rows("gauge show history(level)", date(2026, 2, 10)).to_dicts()
    assert len(_told(first, "history(level)")) == 2


def test_stages_count_by_their_place_in_the_course() -> None:
    (first, _) = _rows("gauge show history(stage)").to_dicts()
    told = _told(first, "history(stage)")
    assert [(e["value"], e["low"]) for e in told] == [("idle", 0.0), ("live", 1.0)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("gauge sort by history(level)", "QUERY015"),
        ("gauge where history(level) > 3", "QUERY015"),
        ("gauge group by history(level)", "QUERY015"),
        ("gauge show history(level, reading)", "QUERY015"),
        ("gauge show history(leval)", "QUERY011"),
    ],
)
def test_a_history_can_be_shown_and_nothing_else(query: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        _rows(query)
    assert [each.code for each in refused.value.findings] == [code]
    assert all(each.hint for each in refused.value.findings)


def test_a_table_draws_it_as_a_line_on_one_axis_of_days() -> None:
    table = table_of(_graph(), _rows("gauge show history(level)"))
    (with_past, without) = (row[-1] for row in table.rows)
    (span,) = with_past.spans
    assert (span.text, span.points[0], span.points[-1]) == ("9", 3.0, 9.0)
    assert list(span.points) == sorted(span.points)
    assert without.text == ""


def test_the_command_line_draws_blocks_and_csv_tells_days() -> None:
    sight = Sight(graph=_graph(), now=end_of(TODAY), graph_at=lambda _: _graph())
    page = views()["ask"].build(sight, {"query": "gauge show history(level)"})
    drawn = "\n".join(line.plain for line in page_lines(page, Paper(100)))
    assert "▁" in drawn
    assert "█ 9" in drawn
    lines = list(csv_lines(_rows("gauge show history(level)").to_dicts()))
    assert lines[1].endswith("2026-01-05 3; 2026-02-02 2–6; 2026-03-02 9")


@pytest.mark.parametrize("query", ["bet", "metric", "input"])
def test_every_value_told_is_the_one_that_the_past_had(query: str) -> None:
    """The example company, held against the graph of each of those days."""
    field = "confidence" if query == "bet" else "reading"
    graph = wrenfold.graph()
    rows = ask(graph, f"{query} show {field}, history({field}) limit 12").to_dicts()
    checked = 0
    for row in rows:
        told = _told(row, f"history({field})")
        for each in told:
            then = graph.at(Moment(valid=end_of(date.fromisoformat(str(each["since"])))))
            assert then.texts(field, then.find_all([str(row["ref"])])).to_list() == [each["value"]]
            checked += 1
        assert (told[-1]["value"] if told else None) == row[field]
    assert checked > 5


written = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=12
)


@settings(max_examples=40)
@given(written)
def test_it_is_what_a_walk_day_by_day_sees(rows: list[tuple[int, int, int]]) -> None:
    days: dict[int, dict[int, int]] = {}
    for day, gauge, level in rows:
        days.setdefault(day, {})[gauge] = level
    told = "\n---\n".join(
        f"on: {date(2026, 1, 1) + timedelta(days=day)}\n"
        + "\n".join(f"gauge/g{gauge}: {{level: {level}}}" for gauge, level in said.items())
        for day, said in sorted(days.items())
    )
    wanted: dict[str, list[tuple[str, str]]] = {}
    for day, said in sorted(days.items()):
        for gauge, level in said.items():
            known = wanted.setdefault(f"gauge/g{gauge}", [])
            if not known or known[-1][1] != str(level):
                since = date(2026, 1, 1) + timedelta(days=day)
                known.append((since.isoformat(), str(level)))
    found = ask(_graph("\n" + told), "gauge show history(level)", today=TODAY).to_dicts()
    assert {
        str(row["ref"]): [(e["since"], e["value"]) for e in _told(row, "history(level)")]
        for row in found
    } == wanted


def test_the_chooser_of_columns_offers_numbers_over_time_and_nothing_sorts_by_them() -> None:
    graph = _graph()
    text = "gauge show level, history(level)"
    query, rows = parse_for(graph.model, text), _rows(text)
    offered = {each.text: each for each in offered_columns(graph.model, query, rows.columns)}
    assert offered["history(level)"].shown
    plain = offered_columns(graph.model, parse_for(graph.model, "gauge"), _rows("gauge").columns)
    assert [each.text for each in plain if each.sort == "over time"] == ["history(level)"]
    heads = headings_of(query, text, rows.columns, rows.columns, Look())
    by_name = {each.name: each for each in heads}
    assert by_name["level"].href
    assert not by_name["history(level)"].href
    assert [says for says, _ in by_name["history(level)"].deeds] == ["Move left", "Hide"]
