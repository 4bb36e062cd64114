"""Little companies in YAML become graphs."""

from datetime import date

import pytest

from latticework.base.times import BEGINNING, Moment, end_of, start_of
from latticework.graph.little import batches_of, changes_of, company_of
from latticework.journal.changes import Connect, Disconnect, Move, Put, Retire
from latticework.model.model import Link, Model

MODEL = Model(links=(Link(name="serves", back="is served by", ends=(), was=("supports",)),))


def test_keys_are_fields_or_links() -> None:
    assert changes_of("bet/ferry: {title: Ferry, serves: goal/grow}", MODEL) == (
        Put("bet/ferry", {"title": "Ferry"}),
        Connect("bet/ferry", "serves", "goal/grow"),
    )


def test_back_phrase_connects_the_other_way() -> None:
    changes = changes_of("goal/grow: {is served by: [bet/a, bet/b]}", MODEL)
    assert changes[1:] == (
        Connect("bet/a", "serves", "goal/grow"),
        Connect("bet/b", "serves", "goal/grow"),
    )


def test_former_phrase_is_read_as_the_present_one() -> None:
    assert changes_of("bet/ferry: {supports: goal/grow}", MODEL)[1] == Connect(
        "bet/ferry", "serves", "goal/grow"
    )


def test_edge_carries_its_fields() -> None:
    changes = changes_of("bet/ferry: {serves: {goal/grow: {share: 40%}}}", MODEL)
    assert changes[1] == Connect("bet/ferry", "serves", "goal/grow", {"share": "40%"})


def test_null_takes_a_value_away_and_a_list_stays_one() -> None:
    assert changes_of("bet/ferry: {owner: null, labels: [a, b]}", MODEL) == (
        Put("bet/ferry", {"owner": None, "labels": ("a", "b")}),
    )


def test_documents_speak_of_their_days() -> None:
    first, later = batches_of("bet/ferry: {}\n---\non: 2026-03-01\nby: ada\nbet/raft: {}", MODEL)
    assert first.valid == BEGINNING
    assert later.valid == start_of(date(2026, 3, 1))
    assert later.by == "ada"


def test_cut_move_and_retire_end_things() -> None:
    text = "cut: {bet/a: {serves: goal/g}}\nmove: {bet/b: bet/c}\nretire: [bet/d]"
    assert changes_of(text, MODEL) == (
        Disconnect("bet/a", "serves", "goal/g"),
        Move("bet/b", "bet/c"),
        Retire("bet/d"),
    )


def test_misspelt_link_with_what_it_carries_is_refused() -> None:
    with pytest.raises(TypeError, match="misspelt"):
        changes_of("bet/ferry: {sevres: {goal/grow: {share: 40%}}}", MODEL)


def test_company_uses_the_starter_pack_and_its_own_words() -> None:
    graph = company_of(
        "model: {kinds: {voyage: {family: intent, fields: {days: number}}}}\n"
        "voyage/first: {title: First, days: 3–5}\nbet/ferry: {title: Ferry}"
    )
    assert graph.node("voyage/first").fields["days"] == "3–5"
    assert graph.model.find_kind("bet") is not None


def test_company_can_be_asked_at_an_earlier_day() -> None:
    text = "bet/ferry: {title: Ferry}\n---\non: 2026-03-01\nretire: [bet/ferry]"
    before = Moment(valid=end_of(date(2026, 2, 28)))
    assert len(company_of(text, before).ids_of("bet")) == 1
    assert len(company_of(text).ids_of("bet")) == 0
