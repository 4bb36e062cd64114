"""No page counts people apart, ranks them, or shows a figure of each."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.query.ask import ask
from latticework.surfaces.text import Paper, page_lines
from latticework.views.catalogue import views
from latticework.views.groups import groups_of
from latticework.views.sight import Sight

TODAY = date(2026, 6, 29)
MODEL = """
model:
  uses: []
  kinds:
    job:
      family: intent
      fields: {size: "choice small | large", cost: number, doer: text people}
      stages: {asked: proposed, doing: active, done: done}
      links:
        is done by: {to: soul, back: does}
        is owned by: {to: [crew, soul], back: owns}
    crew: {family: collaboration}
    soul:
      family: collaboration
      people: yes
      fields: {craft: text, points: number}
      links: {works in: {to: crew}}
on: 2026-06-01
crew/red: {title: Red}
"""
PEOPLE = ("Odranx", "Bellax", "Cosmox")
WORDS = ("doer", "is done by", "is owned by", "title of is done by", "points of is done by", "owns")
NAMES_EDGES = ("map", "forecast", "scope", "curve")
"""Here a choice is another thing, or people stand as ends of links, as facts do."""
GROUPING = ("by", "lanes", "across", "down", "cluster", "colour", "group", "size", "along")


@cache
def graph() -> Graph:
    """Thirty jobs, each done and owned by one of three people."""
    lines = [
        f"soul/{name.lower()}: {{title: {name}, points: {at}}}" for at, name in enumerate(PEOPLE)
    ]
    for number in range(30):
        name = PEOPLE[number % 3 if number % 5 else 0]
        ends = f"is done by: soul/{name.lower()}, is owned by: soul/{name.lower()}"
        told = f"title: Job {number}, stage: doing, size: small, cost: 2, doer: {name}, {ends}"
        lines.append(f"job/j{number}: {{{told}}}")
    lines.append("job/free: {title: Free, stage: asked, is owned by: crew/red}")
    return company_of(MODEL + "\n".join(lines), Moment(valid=end_of(TODAY)))


def _sight() -> Sight:
    return Sight(graph=graph(), now=end_of(TODAY), graph_at=lambda _: graph())


def _drawn(view: str, chosen: dict[str, object]) -> str:
    page = views()[view].build(_sight(), chosen)
    return "\n".join(line.plain for line in page_lines(page, Paper(None))) + repr(page.data)


CHOICES = [
    (view.name, each.name)
    for view in views().values()
    for each in view.params
    if each.name in GROUPING and view.name not in NAMES_EDGES
]


@pytest.mark.parametrize(("view", "choice"), CHOICES)
@pytest.mark.parametrize("word", WORDS)
def test_no_view_puts_things_together_by_person(view: str, choice: str, word: str) -> None:
    chosen: dict[str, object] = {choice: word}
    names = {each.name for each in views()[view].params}
    if "query" in names:
        chosen["query"] = "job"
    if "field" in names:
        chosen["field"] = "cost"
    try:
        drawn = _drawn(view, chosen)
    except Refused as refused:
        drawn = ""
        says = [(each.says, each.hint) for each in refused.findings]
        assert all(hint for _, hint in says), says
    for name in PEOPLE:
        assert name not in drawn, (view, chosen)
        assert f"soul/{name.lower()}" not in drawn, (view, chosen)


@pytest.mark.parametrize(
    "query",
    [
        "job group by doer",
        "job show sum(cost) group by doer",
        "job group by is done by",
        "job group by title of is done by",
        "job group by title of is owned by",
        "soul group by title",
    ],
)
def test_a_question_that_groups_by_people_is_refused_kindly(query: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(graph(), query, today=TODAY)
    (finding,) = refused.value.findings
    assert finding.code == "QUERY033"
    assert finding.place is not None
    assert "team" in finding.hint


@pytest.mark.parametrize(
    "query",
    [
        "soul sort by count(does)",
        "soul sort by points descending",
        "soul sort by sum(cost of does)",
    ],
)
def test_people_are_not_ranked_by_a_figure(query: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(graph(), query, today=TODAY)
    assert [each.code for each in refused.value.findings] == ["QUERY034"]


def test_people_beside_teams_are_counted_as_people() -> None:
    """A team owns one job, three people own thirty."""
    groups = ask(graph(), "job group by is owned by", today=TODAY).groups
    assert groups is not None
    assert dict(groups.select("is owned by", "count").iter_rows()) == {
        "crew/red": 1,
        "people, not shown apart": 30,
    }


def test_work_may_be_sorted_by_a_figure_and_people_by_name() -> None:
    assert len(ask(graph(), "job sort by cost descending", today=TODAY)) == 31
    assert len(ask(graph(), "soul sort by title", today=TODAY)) == 3
    assert len(ask(graph(), "soul where count(does) > 3 group by craft", today=TODAY)) == 3


@pytest.mark.parametrize("word", ["doer", "is done by"])
def test_a_map_lays_nothing_together_by_person(word: str) -> None:
    with pytest.raises(Refused) as refused:
        views()["map"].build(_sight(), {"query": "job", "cluster": word})
    assert [each.code for each in refused.value.findings] == ["VIEW039"]


def test_a_map_lays_what_people_own_together_as_one() -> None:
    found = groups_of(graph(), graph().ids_of("job"), "is owned by")
    assert set(found) == {(("Red", "crew/red"),), (("people, not shown apart", ""),)}
