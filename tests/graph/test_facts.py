"""What a graph says of the cells and edges that changes name."""

from __future__ import annotations

import pytest

from latticework.base.times import BEGINNING
from latticework.graph.facts import FEW, facts_about, keys_of, news_in
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Change, Connect, Declare, Disconnect, Put, Retire
from latticework.journal.memory import MemoryStore

MODEL = """
kinds:
  goal: {family: intent}
  bet:
    family: intent
    fields: {owner: text, tags: text many}
    links: {serves: {to: goal, back: is served by, carries: {share: ratio, why: text many}}}
"""
MANY = FEW + 20


def graph_of(*changes: Change) -> Graph:
    store = MemoryStore()
    store.append([Batch(changes=(Declare(MODEL),), valid=BEGINNING)], now=1)
    store.append([Batch(changes=changes)], now=2)
    return build(store.log())


@pytest.fixture
def harbour() -> Graph:
    """Many bets; every third serves a goal that was never recorded."""
    changes: list[Change] = [Put("goal/reach", {"title": "Reach"})]
    for number in range(MANY):
        bet = f"bet/b-{number}"
        goal = "goal/nowhere" if number % 3 == 0 else "goal/reach"
        changes.append(Put(bet, {"owner": "ada", "tags": ("north", "sea")}))
        changes.append(Connect(bet, "serves", goal, {"share": f"{number}%", "why": ("a", "b")}))
    return graph_of(*changes, Disconnect("bet/b-1", "serves", "goal/reach"), Retire("bet/b-2"))


def edges(count: int) -> list[Change]:
    """What many edges might carry; some were never drawn."""
    goals = ("goal/reach", "goal/nowhere", "goal/unheard-of")
    return [
        Connect(f"bet/b-{number}", "serves", goal, {"share": "1%"})
        for number in range(count)
        for goal in goals
    ]


def test_many_edges_are_read_as_each_one_is(harbour: Graph) -> None:
    many = facts_about(harbour, edges(MANY)).edges
    one_by_one = {
        edge: carried
        for change in edges(MANY)
        for edge, carried in facts_about(harbour, [change]).edges.items()
    }
    alive = {edge: carried for edge, carried in one_by_one.items() if edge[0] != "bet/b-2"}
    assert many == alive
    assert many["bet/b-4", "serves", "goal/reach"] == {"share": "4%", "why": ("a", "b")}
    assert many["bet/b-3", "serves", "goal/nowhere"]["share"] == "3%"
    assert ("bet/b-1", "serves", "goal/reach") not in many


def test_cells_are_read_as_changes_would_say_them(harbour: Graph) -> None:
    facts = facts_about(harbour, [Put("bet/b-5", {"owner": "", "tags": None, "title": ""})])
    assert facts.cells == {("bet/b-5", "owner"): "ada", ("bet/b-5", "tags"): ("north", "sea")}
    assert facts.alive == {"bet/b-5"}


def test_what_is_so_already_is_no_news(harbour: Graph) -> None:
    same: Change = Put("bet/b-5", {"owner": "ada", "tags": ("north", "sea")})
    drawn = Connect("bet/b-4", "serves", "goal/reach", {"share": "4%"})
    gone: list[Change] = [Retire("bet/b-2"), Disconnect("bet/b-1", "serves", "goal/reach")]
    assert news_in([same, drawn, *gone], harbour) == ()


def test_only_the_part_that_differs_is_news(harbour: Graph) -> None:
    (put,) = news_in([Put("bet/b-5", {"owner": "bo", "tags": ("north", "sea")})], harbour)
    assert isinstance(put, Put)
    assert dict(put.fields) == {"owner": "bo"}
    edge = Connect("bet/b-4", "serves", "goal/reach", {"share": "9%", "why": ("a", "b")})
    (connect,) = news_in([edge], harbour)
    assert isinstance(connect, Connect)
    assert dict(connect.fields) == {"share": "9%"}


def test_changes_that_decide_one_thing_twice_are_all_kept(harbour: Graph) -> None:
    twice = (Put("bet/b-5", {"owner": "bo"}), Put("bet/b-5", {"owner": "ada"}))
    assert news_in(twice, harbour) == twice
    revived = (Put("bet/b-2", {}), Retire("bet/b-2"))
    assert news_in(revived, harbour) == revived


def test_a_change_decides_its_thing_and_each_cell() -> None:
    assert keys_of(Put("bet/x", {"owner": "a"})) == (("bet/x",), ("bet/x", "owner"))
    assert keys_of(Disconnect("bet/x", "serves", "goal/y")) == (("bet/x", "serves", "goal/y"),)
