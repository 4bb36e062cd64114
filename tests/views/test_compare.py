"""What came, grew and went between two days, of a plan and of two branches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.views import harbour, quay

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.surfaces.text_why import command_of
from latticework.views.blocks import Metric, Table
from latticework.views.catalogue import views
from latticework.views.numbers import numbers_of
from latticework.views.page import Page
from latticework.views.sight import Sight
from latticework.views.visuals import Matrix, Sankey

SPAN: dict[str, object] = {"before": "2026-01-31", "after": "now"}


def _page(view: str, chosen: dict[str, object], sight: Sight | None = None) -> Page:
    return views()[view].build(sight or quay.sight(), chosen)


def _one(page: Page, block: type[Matrix] | type[Sankey]) -> Matrix | Sankey:
    return next(each for each in page.blocks if isinstance(each, block))


def _refs(page: Page) -> set[str]:
    return {str(each["ref"]) for each in page.data}


def test_each_number_of_a_delta_leads_to_as_many_things() -> None:
    page = _page("diff", SPAN)
    metrics = [each for each in page.blocks if isinstance(each, Metric)]
    assert {each.label for each in metrics} >= {"new", "restaged", "elaborated"}
    for metric in metrics:
        assert metric.why is not None
        led = _page(metric.why.view, dict(metric.why.chosen))
        assert len(_refs(led)) == int(metric.value)
        assert all(metric.label in str(each["classes"]) for each in led.data)


def test_each_square_of_kinds_and_classes_leads_to_as_many_things() -> None:
    page = _page("diff", SPAN)
    matrix = _one(page, Matrix)
    assert isinstance(matrix, Matrix)
    squares = [square for line in matrix.squares for square in line if square.text]
    totals = (*matrix.down_totals, *matrix.across_totals, matrix.total)
    for square in (*squares, *totals):
        assert square.why is not None
        assert len(_refs(_page("diff", dict(square.why.chosen)))) == int(square.text)
    # A terminal and a screen reader read the table: its numbers lead on as well.
    assert len(list(numbers_of([matrix]))) == len(squares) + len(totals)
    assert sum(int(each.text) for each in squares) == int(matrix.total.text) == len(_refs(page))
    assert sum(int(each.text) for each in matrix.down_totals) == int(matrix.total.text)
    assert sum(int(each.text) for each in matrix.across_totals) == int(matrix.total.text)


def test_what_changed_leads_to_the_entries_that_say_so() -> None:
    (table,) = (each for each in _page("diff", SPAN).blocks if isinstance(each, Table))
    for row in table.rows:
        why = row[-1].spans[0].why
        assert why is not None
        assert why.view == "feed"
        assert list(_page("feed", dict(why.chosen)).data)


def test_a_class_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="VIEW041 'newer' is no class of change") as refused:
        _page("diff", SPAN | {"what": "newer"})
    assert refused.value.findings[0].hint == "did you mean 'new'?"


def test_another_branch_may_stand_for_the_earlier_day() -> None:
    what_if = company_of(quay.STORY + _WHAT_IF)
    sight = Sight(
        graph=what_if,
        now=end_of(quay.TODAY),
        graph_at=harbour.sight().graph_at,
        graph_of=_main,
    )
    page = _page("diff", {"before": "main"}, sight)
    assert {each["ref"]: each["classes"] for each in page.data if each["classes"]} == {
        "bet/ferry": ["elaborated"],
        "bet/kites": ["new"],
        "pillar/reach": ["elaborated"],
        "team/piers": ["cut"],
    }
    asked = _page("diff", {"before": "main", "query": "team"}, sight)
    assert _refs(asked) == {"team/piers"}
    with pytest.raises(Refused, match="TIME001"):
        _page("diff", {"before": "mian"}, replace(sight, graph_of=lambda _: None))


_WHAT_IF = """---
on: 2026-06-01
by: cyd
bet/ferry: {gain: 12–18}
bet/kites: {title: Kites, stage: running, serves: pillar/reach}
retire: [team/piers]
"""


def _main(name: str) -> Graph | None:
    return quay.graph() if name == "main" else None


def test_the_streams_of_a_plan_are_the_plan_and_what_came_since() -> None:
    asked: dict[str, object] = {"since": "2026-01-31", "query": "project"}
    page = _page("scope", asked)
    streams = _one(page, Sankey)
    assert isinstance(streams, Sankey)
    assert streams.title == "What became of the plan of 2026-01-31"
    counts = {(a.text, b.text): most for a, b, _, most in streams.streams}
    assert counts == {
        ("the plan", "still in it"): 1,
        ("the plan", "finished"): 2,
        ("came since", "new scope"): 1,
    }
    assert [row[2].text for row in streams.table.rows] == ["1", "2", "1"]


@pytest.mark.parametrize("name", ["diff", "scope"])
def test_the_command_that_says_why_takes_what_the_command_line_takes(name: str) -> None:
    asked: dict[str, object] = {"since": "2026-01-31", "query": "project"}
    page = _page(name, asked if name == "scope" else SPAN)
    why = next(each.why for each in page.blocks if isinstance(each, Metric) and each.why)
    begins = {"diff": "2026-01-31 now", "scope": "2026-01-31 project"}[name]
    assert command_of(why).startswith(f"latticework {name} {begins} --what ")


def _branched(told: str) -> Sight:
    """Quay on a what-if branch, whose entries number things on their own."""
    return Sight(
        graph=company_of(quay.STORY + told, Moment(valid=end_of(quay.TODAY))),
        now=end_of(quay.TODAY),
        graph_at=harbour.sight().graph_at,
        graph_of=_main,
    )


def test_a_plan_may_be_another_branch() -> None:
    page = _page("scope", {"since": "main", "query": "bet"}, _branched(_WHAT_IF))
    told = {(each["what"], each["ref"], *each["changed fields"]) for each in page.data}
    assert told == {("new scope", "bet/kites"), ("kept", "bet/ferry", "gain")}
    assert page.subtitle.startswith("1 thing planned and open on main")


def test_what_only_the_plans_branch_knows_counts_as_cut_and_is_named() -> None:
    """The plan is a what-if branch, laid beside main."""
    sight = replace(
        _branched(""), graph_of=lambda name: _branched(_WHAT_IF).graph if name == "idea" else None
    )
    page = _page("scope", {"since": "idea", "query": "bet"}, sight)
    assert {(each["what"], each["ref"]) for each in page.data} == {
        ("cut", "bet/kites"),
        ("kept", "bet/ferry"),
    }
    (cut,) = [each for each in page.blocks if isinstance(each, Metric) and each.label == "Cut"]
    assert cut.value == "1"
    table = next(each for each in page.blocks if isinstance(each, Table))
    assert "Kites" in [row[1].text for row in table.rows]


def test_a_plan_may_be_laid_beside_a_day_that_is_not_now() -> None:
    asked: dict[str, object] = {"since": "2026-01-31", "query": "project"}
    then = _page("scope", asked | {"until": "2026-04-01"}, quay.sight())
    assert {(each["what"], each["ref"]) for each in then.data} == {
        ("finished", "project/rails"),
        ("kept", "project/hull"),
        ("kept", "project/paint"),
        ("new scope", "project/signs"),
    }


@pytest.mark.parametrize("query", ["bet", "project", "any", "bet where stage is active"])
def test_a_branch_without_a_change_brings_and_takes_nothing(query: str) -> None:
    page = _page("scope", {"since": "main", "query": query}, _branched(""))
    assert {each["what"] for each in page.data} == {"kept"}
    assert all(not each["changed fields"] for each in page.data)
