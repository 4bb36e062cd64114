"""Separate values stay separate; small groups of people give nobody away."""

from __future__ import annotations

from functools import cache

import pytest
from tests.views import wrenfold

from latticework.base.findings import Refused
from latticework.base.times import Moment
from latticework.graph.graph import Graph, build
from latticework.graph.little import batches_of
from latticework.journal.changes import Batch, Declare
from latticework.journal.memory import MemoryStore
from latticework.model.load import load_or_refuse
from latticework.views.catalogue import views
from latticework.views.sight import Sight
from latticework.views.visuals import Spread, Strand

NOW = 1_790_000_000_000_000
MODEL = """
company: Harbour
kinds:
  bet: {family: intent, many: bets}
  person: {family: collaboration, many: people, people: yes}
  answer:
    family: voices
    many: answers
    fields: {confidence: ratio range 0..1}
    links:
      judges: {to: bet, back: is judged by, most: 1}
      is given by: {to: person, back: gives, most: 1}
"""
SAID = {
    "ferry": ("20–40%", "30%", "60–80%", "70%", "unknown", "90%"),
    "raft": ("10%", "50%", "60–70%"),
    "lamp": ("40%", "80%"),
}


@cache
def graph() -> Graph:
    """Six people say what they think of the ferry, three of the raft, two of the lamp."""
    lines = ["on: 2026-01-10", "by: ada"]
    lines += [f"person/p{each}: {{title: Person {each}}}" for each in range(6)]
    for bet, answers in SAID.items():
        lines.append(f"bet/{bet}: {{title: {bet.capitalize()}}}")
        for each, text in enumerate(answers):
            links = f"judges: bet/{bet}, is given by: person/p{each}"
            lines.append(f"answer/{bet}-{each}: {{confidence: {text}, {links}}}")
    model = load_or_refuse(MODEL)
    store = MemoryStore()
    declared = Batch(changes=(Declare("harbour"),), by="ada", valid=-(2**62))
    store.append([declared, *batches_of("\n".join(lines), model)], now=NOW)
    return build(store.log(), Moment(valid=NOW), load={"harbour": model}.__getitem__)


def drawn(**chosen: object) -> Spread:
    sight = Sight(graph=graph(), now=NOW, graph_at=lambda _: graph())
    (block,) = views()["spread"].build(sight, chosen).blocks
    assert isinstance(block, Spread)
    return block


def strand(block: Spread, title: str) -> Strand:
    return next(each for each in block.strands if each.title == title)


def test_every_value_is_kept_apart_and_none_becomes_a_mean() -> None:
    ferry = strand(drawn(query="bet"), "Ferry")
    assert ferry.told == ("20–40%", "30%", "60–80%", "70%", "90%")
    assert ferry.values[0] == pytest.approx((0.2, 0.4))
    assert ferry.said == "20–90%"


def test_the_answers_of_people_are_what_is_looked_at_first() -> None:
    sight = Sight(graph=graph(), now=NOW, graph_at=lambda _: graph())
    assert views()["spread"].build(sight, {"query": "bet"}).title == (
        "Bets: confidence of is judged by"
    )


def test_names_are_shown_from_the_minimum_on_and_stand_by_their_values() -> None:
    ferry = strand(drawn(query="bet"), "Ferry")
    assert ferry.voices == ("Person 0", "Person 1", "Person 2", "Person 3", "Person 5")
    assert strand(drawn(query="bet", minimum=6), "Ferry").voices == ()


def test_below_the_minimum_values_stay_and_names_go() -> None:
    raft = strand(drawn(query="bet"), "Raft")
    assert raft.told == ("10%", "50%", "60–70%")
    assert raft.voices == ()


def test_of_fewer_than_three_people_only_the_number_is_told() -> None:
    lamp = strand(drawn(query="bet", minimum=3), "Lamp")
    assert (lamp.count, lamp.values, lamp.told, lamp.voices) == (2, (), (), ())
    assert lamp.said == "2 answers, shown from 3 on"


@pytest.mark.parametrize("minimum", [0, 1, 2])
def test_a_minimum_of_less_than_three_is_refused(minimum: int) -> None:
    with pytest.raises(Refused, match="VIEW002"):
        drawn(query="bet", minimum=minimum)


def test_values_that_links_carry_have_things_as_voices() -> None:
    (block,) = views()["spread"].build(wrenfold.sight(), {"query": "driver"}).blocks
    assert isinstance(block, Spread)
    trust = strand(block, "Trust")
    assert trust.count == len(trust.values) == len(trust.voices) > 2
    assert all(trust.voices)


def test_a_number_on_a_link_to_people_never_bears_a_name() -> None:
    (block,) = (
        views()["spread"]
        .build(wrenfold.sight(), {"query": "team", "of": "share of is made up of"})
        .blocks
    )
    assert isinstance(block, Spread)
    assert block.strands
    assert all(each.voices == () for each in block.strands)


def test_the_scale_holds_every_value_and_shares_end_at_one_hundred() -> None:
    block = drawn(query="bet")
    assert (block.low, block.high) == (0.0, 1.0)
    assert block.ticks[-1] == (1.0, "100%")


@pytest.mark.parametrize("of", ["confidence", "title of is judged by", "count(is judged by)"])
def test_what_leads_to_no_numbers_is_refused(of: str) -> None:
    with pytest.raises(Refused, match=r"VIEW037|QUERY011"):
        drawn(query="bet", of=of)
