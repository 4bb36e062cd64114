"""The example company: deterministic, large enough, and full of findings."""

from collections import Counter
from datetime import date
from functools import cache

import pytest

from latticework.analysis.judge import judge
from latticework.analysis.reading import find_bound, read_all, read_one, readings
from latticework.base.times import Moment, end_of
from latticework.demo.company import batches
from latticework.demo.tour import TOUR, Stop
from latticework.graph.graph import Graph, build
from latticework.journal.memory import MemoryStore
from latticework.query.ask import ask

TODAY = date(2026, 11, 15)


@cache
def _graph() -> Graph:
    store = MemoryStore()
    store.append(list(batches()), now=end_of(TODAY))
    return build(store.log(), Moment(valid=end_of(TODAY)), past=store.history)


def _on(day: date) -> Graph:
    return _graph().at(Moment(valid=end_of(day)))


def test_batches_are_the_same_every_time() -> None:
    assert list(batches()) == list(batches())


def test_batches_lie_in_the_order_of_their_days() -> None:
    instants = [batch.valid for batch in batches()]
    assert instants == sorted(instants)


def test_company_has_the_promised_size() -> None:
    assert 1_500 <= int(_graph().alive.sum()) <= 3_000
    assert 8_000 <= sum(len(batch.changes) for batch in batches()) <= 15_000
    assert 35 <= len(ask(_graph(), "team where stage is active")) <= 45


def test_squads_of_2024_are_the_teams_of_today() -> None:
    early = _on(date(2024, 9, 1))
    assert {"squad"} == {early.ref_of(each).kind for each in early.ids_of("squad").tolist()}
    assert early.find("squad/quotes") == _graph().find("team/quotes")


def test_initiative_of_2024_is_the_bet_of_today() -> None:
    early = _on(date(2024, 9, 1)).node("initiative/night-lockers")
    assert early.stage == "In progress"
    assert _graph().node("bet/night-lockers").stage == "dropped"


def test_kill_criteria_of_2024_read_as_unless_today() -> None:
    assert _graph().node("bet/fixed-price").fields["unless"].startswith("fewer than six")


def test_quests_and_bets_answer_one_question() -> None:
    kinds = Counter(row["kind"] for row in ask(_graph(), "commitment where stage is active"))
    assert kinds["bet"] > 5
    assert kinds["quest"] > 2


def test_moved_team_keeps_its_old_ref() -> None:
    assert _graph().find("team/identity") == _graph().find("team/front-door")


@pytest.mark.parametrize("stop", TOUR, ids=lambda stop: stop.asks[:40])
def test_each_stop_of_the_tour_has_an_answer(stop: Stop) -> None:
    assert len(ask(_graph(), stop.asks, today=TODAY)) > 0


def test_findings_are_worthwhile() -> None:
    codes = Counter(each.code for each in judge(_graph(), today=TODAY))
    assert "RULE001" not in codes
    wanted = {"LINK001", "LINK002", "LINK003", "LINK004", "WORD001", "TITLE001", "STAGE001"}
    wanted |= {"FIELD001", "FIELD002", "FIELD003", "MODEL900", "SILENCE001", "STAGE002"}
    wanted |= {"EFFORT004", "EFFORT005", "BET003", "SCAFFOLD001", "AGREEMENT001", "INTENT002"}
    assert wanted - set(codes) == set()


def test_silenced_elephant_stays_silent() -> None:
    found = judge(_graph(), today=TODAY)
    assert "driver/mendability" not in {x.place.ref for x in found if x.code == "DRIVER001"}


def test_imported_kiosks_keep_where_they_came_from() -> None:
    entries = _graph().history("kiosk/bakery-corner-juncture")
    sources = {entry.change.via.file for entry in entries if entry.change and entry.change.via}
    assert sources == {"kiosks.csv"}
    assert len({entry.valid for entry in entries}) == 3


def test_kiosk_that_the_sheet_no_longer_names_is_gone() -> None:
    assert len(_on(date(2026, 7, 1)).ids_of("kiosk")) == 60
    assert len(_graph().ids_of("kiosk")) == 70


@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2024, 12, 1), date(2025, 6, 1)], ids=str)
def test_every_rule_can_be_asked_in_the_words_of_its_day(day: date) -> None:
    assert "RULE001" not in {each.code for each in judge(_on(day), today=day)}


def test_every_reading_of_the_kernel_says_something_of_the_company() -> None:
    """Bound by the starter pack or by the company; each with figures today."""
    read = {each.bound.computes: each for each in read_all(_graph(), TODAY)}
    assert set(read) == set(readings())
    for name, each in read.items():
        assert each.answer is not None, (name, each.findings)
        assert each.answer.known.any() or each.answer.whole_text, name


def test_teams_have_a_way_to_customers_and_to_money_today() -> None:
    for name in ("hops-to-customer", "hops-to-money"):
        answer = read_one(_graph(), find_bound(_graph().model, name), TODAY)
        assert answer.known.sum() > 5, name


def test_whoever_decides_and_whoever_does_it_see_bets_differently() -> None:
    """Asked alone in October 2026; of one bet too few of those who do it answered."""
    gap = read_one(_graph(), find_bound(_graph().model, "tour-and-bench"), TODAY)
    refs = [str(_graph().ref_of(node)) for node in gap.ids.tolist()]
    assert gap.low[refs.index("bet/one-ledger")] > 0.3
    assert gap.hidden == 1
    assert gap.figure(refs.index("bet/care-at-bench")) == ""
