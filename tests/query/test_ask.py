"""What Harbour answers."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.graph.companies import FIRST, SECOND, load, log_of
from tests.query.companies import answer, company, refs

from latticework.base.findings import Refused
from latticework.base.times import BEGINNING, FOREVER, Moment, end_of, start_of
from latticework.graph.graph import build
from latticework.journal.changes import Connect, Declare, Put
from latticework.model.model import Family, Field, Kind, Link, Model, Stage
from latticework.query.ask import ask

HARBOUR = company()

ANSWERS = {
    # scopes
    "epic": "ferry bridge tunnel raft",
    "EPICS": "ferry bridge tunnel raft",
    "bets where stage is active": "ferry map",
    "wager where stage is active": "ferry map",
    "Mission where status is In flight": "ferry",
    "Mission where hunch = 3": "ferry",
    "initiative where status is Doing": "ferry",
    "epic/ferry": "ferry",
    "any where title contains SEA": "calm map",
    "epic serving goal/calm": "bridge",
    "epic serving+ pillar/growth": "ferry bridge",
    "goal serving pillar owned by nothing": "reach calm",
    # comparing
    "epic where gut = 3": "ferry",
    "epic where gut > 3": "",
    "epic where possibly gut > 3": "bridge tunnel",
    "epic where not gut > 3": "ferry raft",
    "epic where gut <= 5": "ferry bridge",
    "epic where gut is 2–5": "ferry bridge",
    "epic where gut > 12": "",
    "epic where due < today": "bridge",
    "epic where due in 2026-Q4": "ferry",
    "epic where due in (2026-05, 2026-Q4)": "ferry bridge",
    "epic where possibly due in 2026-Q4": "ferry tunnel",
    "epic where due > today + 3 months": "ferry",
    "epic where due <= 2026-Q4": "ferry bridge",
    "epic where effort is 21 days": "ferry",
    "epic where size > small": "bridge",
    "epic where size is very large": "bridge",
    "epic where size is not small": "bridge tunnel raft",
    "epic where blocked": "ferry",
    "epic where blocked is yes": "ferry",
    "epic where spent > budget": "ferry",
    "epic where spent > 11k": "ferry",
    "epic where budget > 7k": "ferry bridge",
    "epic where budget > USD 1k": "tunnel",
    "epic where possibly budget > 7k": "ferry bridge tunnel",
    "epic where owner is ana": "ferry",
    "epic where owner is not Ana": "bridge tunnel raft",
    "epic where owner in (Ana, Bo)": "ferry bridge",
    "epic where not owner in (Ana, Bo)": "tunnel raft",
    "epic where labels contains sea": "ferry",
    "epic where labels is land": "bridge",
    "epic where length(title) < 7": "tunnel raft",
    "epic where initials(title) is nf": "ferry",
    "epic where year(due) = 2026": "ferry bridge",
    "epic where quarter(due) is 2026-Q2": "bridge",
    # absent, unknown, misfit
    "epic where owner is missing": "tunnel",
    "epic where owner is nothing": "tunnel",
    "epic where gut is unknown": "tunnel",
    "epic where due is misfit": "tunnel",
    "epic where status is misfit": "tunnel",
    'epic where status is "Shiped"': "tunnel",
    "epic where size is misfit": "tunnel",
    "bet where gut is missing": "raft map lamp",
    # interfaces
    "bet where confidence < 40%": "ferry map",
    "bet where possibly confidence < 40%": "ferry bridge tunnel map",
    "bet where confidence is unknown": "tunnel",
    "bet where cost > 4k and stage is active": "ferry map",
    "epic where confidence is 30%": "ferry",
    # links
    "epic where serves nothing": "tunnel",
    "epic where possibly serves nothing": "tunnel raft",
    "epic where serves unknown": "raft",
    "epic where serves goal/ghost": "raft",
    "epic where serves something": "ferry bridge",
    "epic where serves": "ferry bridge",
    "epic where supports goal": "ferry bridge",
    "epic where pairs with something": "ferry bridge",
    "goal where is served by no epic": "alone",
    "goal where is served by any bet where (stage is active)": "reach calm",
    "goal where served by epic where (owner is Bo) and serves pillar/trust": "calm",
    "epic where serves goal where (health is amber)": "bridge",
    "epic where title of serves contains calm": "bridge",
    "crew where depends on+ crew/red": "red blue ops",
    "crew where depends on* crew/red and not depends on crew/red": "red blue",
    "crew where count(depends on) > 1": "red",
    "crew where count(depends on+) = 3": "red blue ops",
    "crew where count(depends on) > count(is needed by)": "red",
    "goal where count(is served by then owned by) > 0": "reach",
    "goal where sum(cost of is served by) >= 30k": "reach",
    "goal where possibly sum(cost of is served by) > 38k": "reach",
    "goal where sum(share of is served by) is 40%": "reach",
    # time
    "goal where health was green on 2026-03-01 and health is red": "alone",
    "goal where health is green at 2026-03-02": "reach alone",
    "bet changed since 2026-03-15": "raft",
    "goal changed from 2026-02-01 to 2026-03-15": "alone",
    "epic where owner changed since 2026-03-15": "raft",
    "epic where gut changed since 2026-01-01": "",
    "epic where status went from Building to Killed": "raft",
    "epic where status went from Killed to Building": "raft",
    "epic where status went from Building to Killed in 2026-Q2": "raft",
    "epic where status went from Building to Killed in 2026-Q1": "",
    "epic where status went from Killed to Building since 2026-03-15": "",
    "epic where (serves goal/reach and gut = 3) on 2026-02-01": "ferry",
    "epic where owner was missing on 2026-03-15 and owner is not missing": "raft",
}


@pytest.mark.parametrize("question", ANSWERS, ids=list(ANSWERS))
def test_harbour_answers(question: str) -> None:
    assert refs(HARBOUR, question) == set(ANSWERS[question].split())


def test_rows_begin_with_ref_kind_and_title() -> None:
    rows = answer(HARBOUR, "epic where gut = 3 show due, serves, count(serves), budget as money")
    assert rows.to_dicts() == [
        {
            "ref": "epic/ferry",
            "kind": "epic",
            "title": "Night ferry",
            "due": "2026-Q4",
            "serves": ["goal/reach"],
            "count(serves)": 1,
            "money": "10k",
        }
    ]


def test_an_empty_answer_has_its_columns() -> None:
    rows = answer(HARBOUR, "epic where gut > 9 show due, serves, sum(cost)")
    assert rows.columns == ("ref", "kind", "title", "due", "serves", "sum(cost)")
    assert (len(rows), rows.total, rows.to_dicts()) == (0, 0, [])


def test_ranges_add_up_to_a_range() -> None:
    rows = answer(HARBOUR, "goal show sum(cost of is served by), average(cost of is served by)")
    found = {row["ref"]: list(row.values())[3:] for row in rows}
    assert found["goal/reach"] == ["EUR 30–40k", "EUR 15–20k"]
    assert found["goal/alone"] == ["0", None]


def test_a_thing_reached_two_ways_counts_once() -> None:
    """The bridge serves reach, and calm, which serves reach."""
    rows = answer(HARBOUR, "goal/reach show count(is served by+), sum(cost of is served by+)")
    assert list(rows.to_dicts()[0].values())[3:] == [4, "EUR 35–45k"]


def test_currencies_are_not_added_up() -> None:
    both = company(
        """
        goal/a: {title: A}
        epic/x: {budget: 3k, serves: goal/a}
        epic/y: {budget: USD 5k, serves: goal/a}
        """
    )
    rows = answer(both, "goal show sum(cost of is served by), count(is served by)")
    assert list(rows.to_dicts()[0].values())[3:] == ["mixed currencies", 2]
    assert [each.code for each in rows.findings] == ["QUERY032"]
    assert refs(both, "goal where sum(cost of is served by) > 1") == set()
    assert refs(both, "goal where possibly sum(cost of is served by) > 1") == {"a"}


def test_what_has_no_value_sorts_last_either_way() -> None:
    up = answer(HARBOUR, "epic sort by gut, title").refs
    down = answer(HARBOUR, "epic sort by gut descending, title").refs
    assert [ref[5:] for ref in up] == ["bridge", "ferry", "raft", "tunnel"]
    assert [ref[5:] for ref in down] == ["bridge", "ferry", "raft", "tunnel"]
    titles = answer(HARBOUR, "epic sort by title descending").frame["title"].to_list()
    assert titles == ["Tunnel", "Toll bridge", "Raft", "Night ferry"]


def test_stages_sort_in_the_order_of_the_course() -> None:
    rows = answer(HARBOUR, "epic sort by status")
    assert [ref[5:] for ref in rows.refs] == ["bridge", "ferry", "raft", "tunnel"]


@pytest.mark.parametrize("limit", range(1, 6))
@pytest.mark.parametrize("key", ["title", "gut descending", "count(serves)", "due, title"])
def test_a_limit_takes_the_first_of_all(limit: int, key: str) -> None:
    many = company("\n".join(f"epic/e{n}: {{title: T{n % 3}, gut: {n % 4}}}" for n in range(40)))
    every = answer(many, f"epic sort by {key}")
    some = answer(many, f"epic sort by {key} limit {limit}")
    assert some.refs == every.refs[:limit]
    assert (some.total, some.limited) == (40, True)
    assert not every.limited


def test_groups_count_all_though_rows_are_limited() -> None:
    rows = answer(HARBOUR, "epic show sum(spent) group by status limit 1")
    assert len(rows) == 1
    assert rows.groups is not None
    assert rows.groups.select("status", "count").rows() == [
        ("Discovery", 1),
        ("Building", 1),
        ("Killed", 1),
        ("Shiped", 1),
    ]


def test_what_is_grouped_stands_together_though_it_sorts_alike() -> None:
    mixed = ("2–5", "2–8", "2–5", "2", "2–8", "2–5")
    many = company("\n".join(f"epic/e{n}: {{gut: {said}}}" for n, said in enumerate(mixed)))
    rows = answer(many, "epic group by gut show labels")
    assert rows.groups is not None
    stand = rows.frame["gut"].to_list()
    groups = rows.groups.select("gut", "count").rows()
    assert stand == [text for text, count in groups for _ in range(count)]


def test_rows_become_frames() -> None:
    rows = answer(HARBOUR, "epic show count(serves)")
    assert rows.to_polars().schema["count(serves)"] == pl.Int64
    assert hasattr(rows.to_arrow(), "__arrow_c_stream__")
    assert [row["ref"] for row in rows] == list(rows.refs)


def test_an_unknown_ref_is_a_finding_with_a_hint() -> None:
    with pytest.raises(Refused) as refused:
        answer(HARBOUR, "epic where serves goal/reech")
    (found,) = refused.value.findings
    assert (found.code, found.place.column) == ("QUERY031", 19)
    assert "goal/reach" in found.hint


def test_the_day_of_asking_goes_with_the_day_asked_about() -> None:
    """The bridge was due in May: late in June, not in April."""
    question = "epic where due < today"
    assert refs(HARBOUR, question) == {"bridge"}
    assert refs(HARBOUR, f"{question} at 2026-04-15") == set()


def test_what_was_known_is_another_question() -> None:
    log = log_of([(BEGINNING, Declare("first")), (5, Put("team/a", {"title": "A"}))])
    graph = build(log, load=load)
    assert ask(graph, "team known 1970-01-01").refs == ("team/a",)
    early = graph.at(Moment(valid=FOREVER, known=15))
    assert ask(early, "team").refs == ()


def test_a_past_day_is_asked_in_its_own_words() -> None:
    """Initiatives became epics, Doing became Building, budget cost, serves supports."""
    renamed = start_of(date(2026, 2, 1))
    facts = [
        (BEGINNING, Declare("first")),
        (0, Put("initiative/a", {"title": "A", "stage": "Doing", "budget": "3"})),
        (0, Put("team/t", {"title": "T"})),
        (0, Connect("initiative/a", "serves", "team/t")),
        (renamed, Declare("second")),
        (renamed + 5, Put("epic/a", {"stage": "Done", "cost": "9"})),
    ]
    graph = build(log_of(facts), load=load)
    for question in (
        "epic where stage was Building on 2026-01-15 and stage is Done",
        "epic where cost was 3 on 2026-01-15 and cost is 9",
        "epic where (supports team/t) on 2026-01-15",
        "epic where (is supported by nothing) on 2026-01-15",
        "epic where stage went from Building to Done",
        "epic where cost changed since 2026-01-31",
        "initiative where budget was 3 on 2026-01-15 at 2026-01-20",
    ):
        assert ask(graph, question, today=date(2026, 6, 1)).refs in {("epic/a",), ("initiative/a",)}
    assert FIRST != SECOND


def test_nothing_is_true_of_what_was_not_there_yet() -> None:
    later = company("on: 2026-05-01\nepic/late: {gut: 3}")
    assert refs(later, "epic where gut is missing on 2026-01-01") == set()
    assert refs(later, "epic where not (gut = 3) on 2026-01-01") == {"late"}


def test_names_of_any_script_are_asked_for() -> None:
    model = Model(
        kinds=(
            Kind(
                name="目標",
                many="目標群",
                family=Family.INTENT,
                fields=(Field(name="größe der wette", type="number"),),
                stages=(Stage(name="進行中", category="active"),),
            ),
        ),
        links=(Link(name="支える", back="支えられる", ends=()),),
    )
    graph = company('目標/海: {title: "海 \\" \\n/ x", größe der wette: 3, stage: 進行中}', model)
    question = '目標群 where größe der wette >= 3 and stage is 進行中 and title contains "海 \\""'
    assert refs(graph, question) == {"海"}


def test_without_a_day_of_asking_the_graphs_moment_counts() -> None:
    graph = company(moment=Moment(end_of(date(2026, 5, 20)), FOREVER))
    assert ask(graph, "epic where due < today").refs == ()
