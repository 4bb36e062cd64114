"""The board: piles and lanes, limits, and what moving a card records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.views import harbour, wrenfold

from latticework.base.findings import Refused
from latticework.graph.graph import build
from latticework.journal.changes import Connect, Disconnect, Put
from latticework.query.ask import ask
from latticework.views.board import moved
from latticework.views.catalogue import views
from latticework.views.sight import Sight
from latticework.views.visuals import Board, Pile


def drawn(sight: Sight, **chosen: object) -> Board:
    (block,) = views()["board"].build(sight, chosen).blocks
    assert isinstance(block, Board)
    return block


def pile(block: Board, name: str) -> Pile:
    return next(each for each in block.piles if each.name == name)


@pytest.mark.parametrize(
    "chosen",
    [
        {"query": "bet"},
        {"query": "commitment", "lanes": "health"},
        {"query": "team", "by": "is part of"},
        {"query": "bet where health is stuck", "by": "value", "lanes": "is owned by"},
        {},
    ],
    ids=str,
)
def test_what_a_pile_counts_is_what_its_query_gives(chosen: dict[str, object]) -> None:
    block = drawn(wrenfold.sight(), **chosen, rows=3)
    for each in block.piles:
        assert len(ask(wrenfold.graph(), each.query)) == each.count
    for lane in block.lanes:
        for cards, left, query in zip(lane.cards, lane.left_out, lane.queries, strict=True):
            assert len(cards) <= 3
            assert len(ask(wrenfold.graph(), query)) == len(cards) + left


def test_empty_stages_are_kept_as_places_to_put_cards() -> None:
    block = drawn(wrenfold.sight(), query="bet where stage is running")
    assert [(each.name, each.count > 0) for each in block.piles] == [
        ("shaping", False),
        ("running", True),
        ("settled", False),
        ("dropped", False),
    ]


def test_cards_show_what_the_query_shows_with_titles_for_refs() -> None:
    block = drawn(harbour.sight("2026-06-01"), query="bet show cost, is owned by")
    cards = [card for lane in block.lanes for cards in lane.cards for card in cards]
    ferry = next(each for each in cards if each.ref == "bet/night-ferry")
    assert [(name, cell.text) for name, cell in ferry.pairs] == [
        ("cost", "40–80k"),
        ("is owned by", "Boats"),
    ]


def test_a_limit_of_the_reader_marks_what_holds_more() -> None:
    block = drawn(wrenfold.sight(), query="bet", limit="running: 5, Settled: 900")
    assert pile(block, "running").is_over
    assert not pile(block, "settled").is_over


def test_a_limit_of_the_model_is_taken_where_the_reader_says_none() -> None:
    sight = harbour.sight()
    stages = tuple(
        replace(each, limit=1 if each.name == "Building" else 0) for each in harbour.STAGES
    )
    kinds = tuple(
        replace(each, stages=stages) if each.name == "bet" else each for each in harbour.MODEL.kinds
    )
    model = replace(harbour.MODEL, kinds=kinds)
    graph = build(harbour.store().log(), sight.graph.moment, load={"harbour": model}.__getitem__)
    assert pile(drawn(replace(sight, graph=graph), query="bet"), "Building").limit == 1


def test_limits_that_are_none_are_all_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        drawn(wrenfold.sight(), query="bet", limit="running, settled: many")
    assert [each.code for each in refused.value.findings] == ["VIEW035", "VIEW035"]


def test_a_stage_is_recorded_in_the_words_of_the_cards_own_kind() -> None:
    block = drawn(wrenfold.sight(), query="commitment")
    assert moved(block, "bet/one-ledger", "active", "done") == (
        Put("bet/one-ledger", {"stage": "settled"}),
    )
    assert moved(block, "quest/guild", "active", "done") == (
        Put("quest/guild", {"stage": "Handed back"}),
    )


def test_a_card_under_a_link_leaves_one_end_and_takes_another() -> None:
    block = drawn(wrenfold.sight(), query="bet", by="is owned by")
    ends = [each.value for each in block.piles if each.ref]
    assert moved(block, "bet/one-ledger", ends[0], ends[1]) == (
        Disconnect("bet/one-ledger", "is owned by", ends[0]),
        Connect("bet/one-ledger", "is owned by", ends[1]),
    )


def test_a_link_read_backwards_is_recorded_forwards() -> None:
    block = drawn(wrenfold.sight(), query="goal", by="is served by")
    target = next(each.value for each in block.piles if each.ref)
    assert moved(block, "goal/calm-benches", "", target) == (
        Connect(target, "serves", "goal/calm-benches"),
    )


def test_things_with_several_ends_stand_in_several_piles_and_are_marked() -> None:
    block = drawn(harbour.sight("2026-06-01"), query="bet", by="serves")
    ferries = [
        card.again
        for lane in block.lanes
        for cards in lane.cards
        for card in cards
        if card.ref == "bet/night-ferry"
    ]
    assert ferries == [True, True]
    assert "several" in block.note


@pytest.mark.parametrize("by", ["confidence", "count(serves)"])
def test_nothing_is_put_into_bands(by: str) -> None:
    block = drawn(wrenfold.sight(), query="bet", by=by)
    assert all(each.fixed for each in block.piles if each.name != "none")
    with pytest.raises(Refused, match="VIEW036"):
        moved(block, "bet/one-ledger", "", "90%")


def test_a_kind_without_anything_to_pile_by_says_so() -> None:
    with pytest.raises(Refused, match="VIEW034"):
        drawn(harbour.sight(), query="budget")
