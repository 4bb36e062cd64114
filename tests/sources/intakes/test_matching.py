"""Records of several sources reach the things that are theirs, and stay apart in what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.two_sources import (
    ANA,
    ANA_IN_OFFICE,
    FERRY,
    MODEL,
    OFFICE,
    TRACKER,
    Clock,
    bring,
    codes,
    fields,
    people,
)

from latticework.base.findings import Refused
from latticework.graph.joins import find_home
from latticework.journal.changes import Move, Put
from latticework.journal.tellers import HELD, teller_of
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace import Workspace
from latticework.workspace.importing import Imported
from latticework.workspace.joining import join, keys_of, split

Import = Callable[..., Imported]


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        yield workspace


def test_a_record_whose_email_one_thing_has_goes_to_that_thing(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
    imported = bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    assert "SOURCE080" in codes(imported)
    assert people(harbour) == ["person/ana"]
    assert fields(harbour, "person/ana")["town"] == "Porto"
    assert keys_of(harbour.graph(), "person/ana") == (("tracker", "ana"), ("office", "4711"))


def test_importing_both_sources_again_changes_nothing_though_they_say_it_differently(
    harbour: Workspace,
) -> None:
    for _ in range(2):
        bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
        bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    head = harbour.store.head().number
    title = fields(harbour, "person/ana")["title"]
    for _ in range(2):
        assert not bring(harbour, TRACKER, people=[ANA], wishes=[FERRY]).changes
        assert not bring(harbour, OFFICE, people=[ANA_IN_OFFICE]).changes
    assert harbour.store.head().number == head
    assert fields(harbour, "person/ana")["title"] == title


def test_of_two_sources_the_one_that_changes_its_word_is_heard(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    assert fields(harbour, "person/ana")["title"] == "Lima, Ana"
    bring(harbour, TRACKER, people=[{**ANA, "name": "Ana M. Lima"}], wishes=[])
    assert fields(harbour, "person/ana")["title"] == "Ana M. Lima"
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    assert fields(harbour, "person/ana")["title"] == "Ana M. Lima"


@pytest.mark.parametrize("name", ["Lima, Ana", "ANA LIMA", "ana.lima@elsewhere.eu", "Ána  Lima"])
def test_names_of_people_are_one_however_they_are_written(harbour: Workspace, name: str) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    bring(harbour, OFFICE, people=[{"number": "1", "name": name}])
    assert people(harbour) == ["person/ana"]


def test_where_several_fit_the_record_stays_apart_and_the_candidates_are_told(
    harbour: Workspace,
) -> None:
    bring(harbour, TRACKER, people=[ANA, {**ANA, "login": "al"}], wishes=[])
    imported = bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    [finding] = [each for each in imported.findings if each.code == "SOURCE081"]
    assert "person/al" in finding.says
    assert "person/ana" in finding.says
    assert "join person/4711" in finding.hint
    assert people(harbour) == ["person/4711", "person/al", "person/ana"]


def test_two_records_that_fit_one_thing_both_stay_apart(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    twice = [ANA_IN_OFFICE, {**ANA_IN_OFFICE, "number": "4712"}]
    assert codes(bring(harbour, OFFICE, people=twice)).count("SOURCE081") == 2
    assert people(harbour) == ["person/4711", "person/4712", "person/ana"]


def test_a_source_tells_its_own_things_apart(harbour: Workspace) -> None:
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE, {**ANA_IN_OFFICE, "number": "4712"}])
    assert people(harbour) == ["person/4711", "person/4712"]


def test_a_matched_record_is_split_off_and_stays_so(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    split(harbour, "person/ana", source="office")
    assert people(harbour) == ["person/4711", "person/ana"]
    assert fields(harbour, "person/ana")["title"] == "Ana Lima"
    assert not bring(harbour, OFFICE, people=[ANA_IN_OFFICE]).changes
    assert not bring(harbour, TRACKER, people=[ANA], wishes=[]).changes
    bring(harbour, OFFICE, people=[{**ANA_IN_OFFICE, "town": "Faro"}])
    assert fields(harbour, "person/4711")["town"] == "Faro"
    assert "town" not in fields(harbour, "person/ana")


def test_imports_of_both_sources_reach_what_was_joined_by_hand_and_apart_what_was_split(
    harbour: Workspace,
) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
    stranger = {"number": "4711", "name": "A. L.", "town": "Porto"}
    bring(harbour, OFFICE, people=[stranger])
    join(harbour, "person/ana", "person/4711")
    for _ in range(2):
        assert not bring(harbour, TRACKER, people=[ANA], wishes=[FERRY]).changes
        assert not bring(harbour, OFFICE, people=[stranger]).changes
    bring(harbour, TRACKER, people=[{**ANA, "mail": "lima@harbour.eu"}], wishes=[FERRY])
    assert people(harbour) == ["person/4711"]
    assert fields(harbour, "person/4711")["email"] == "lima@harbour.eu"
    raft = {**FERRY, "id": "F-2", "title": "Raft"}
    bring(
        harbour,
        TRACKER,
        people=[{**ANA, "mail": "lima@harbour.eu"}],
        wishes=[FERRY, raft],
    )
    assert harbour.graph().edge("wish/f-2", "done by", "person/4711") == {}
    split(harbour, "person/ana")
    assert fields(harbour, "person/ana")["email"] == "lima@harbour.eu"
    assert harbour.graph().edge("wish/f-2", "done by", "person/ana") == {}
    bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, raft])
    assert fields(harbour, "person/ana")["email"] == "ana@harbour.eu"
    assert "email" not in fields(harbour, "person/4711")


def test_what_a_source_said_of_a_thing_before_its_join_is_no_news_after_it(
    harbour: Workspace,
) -> None:
    stranger = {"number": "4711", "name": "A. L.", "town": "Porto"}
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    bring(harbour, OFFICE, people=[stranger])
    join(harbour, "person/4711", "person/ana")
    assert not bring(harbour, OFFICE, people=[stranger]).changes
    assert fields(harbour, "person/ana")["title"] == "Ana Lima"


def test_a_key_leads_to_its_thing_after_a_rename_and_a_join(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[])
    bring(harbour, OFFICE, people=[{"number": "7", "name": "Bea"}])
    harbour.append([Move("person/ana", "person/ana-lima")])
    join(harbour, "person/ana-lima", "person/7")
    assert not bring(harbour, TRACKER, people=[ANA], wishes=[]).changes
    assert find_home(harbour.graph(), "person/ana") == "person/7"


def test_a_thing_that_another_source_still_names_is_not_retired(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    bring(harbour, OFFICE, people=[{"number": "9", "name": "Bea"}])
    assert people(harbour) == ["person/9", "person/ana"]
    assert "town" not in fields(harbour, "person/ana")


# ---- conflicts


def entries_of(workspace: Workspace, ref: str) -> list[str]:
    return [teller_of(entry) for entry in workspace.graph().history(ref)]


def test_a_value_that_differs_waits_beside_ours_and_is_asked_once(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
    harbour.append([Put("wish/f-1", {"size": "8"})], by="bea")
    assert "SOURCE041" in codes(bring(harbour, TRACKER, people=[ANA], wishes=[FERRY]))
    assert fields(harbour, "wish/f-1")["size"] == "8"
    assert entries_of(harbour, "wish/f-1")[-1] == HELD
    again = bring(harbour, TRACKER, people=[ANA], wishes=[FERRY])
    assert not again.changes
    assert "SOURCE041" not in codes(again)
    news = {**FERRY, "size": "13", "updated": "2026-02-01"}
    assert "SOURCE041" in codes(bring(harbour, TRACKER, people=[ANA], wishes=[news]))
    assert fields(harbour, "wish/f-1")["size"] == "8"


# ---- the order of exports


VERSIONS = [
    {**FERRY, "title": "Ferry", "size": "5", "updated": "2026-01-02"},
    {**FERRY, "title": "Night ferry", "size": "5", "updated": "2026-02-02"},
    {**FERRY, "title": "Ferry", "size": "8", "updated": "2026-03-02"},
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_exports_in_any_order_give_the_same_present(tmp_path: Path, order: tuple[int, ...]) -> None:
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        for each in order:
            bring(workspace, TRACKER, people=[ANA], wishes=[VERSIONS[each]])
        assert fields(workspace, "wish/f-1")["title"] == "Ferry"
        assert fields(workspace, "wish/f-1")["size"] == "8"


def test_an_older_export_says_that_it_is_older(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[ANA], wishes=[VERSIONS[1]])
    imported = bring(harbour, TRACKER, people=[ANA], wishes=[VERSIONS[0]])
    assert "SOURCE082" in codes(imported)
    assert not imported.changes


days = st.integers(min_value=1, max_value=28)
versions = st.dictionaries(
    days, st.tuples(st.sampled_from("ab"), st.sampled_from(["", "1", "2"])), min_size=2, max_size=5
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(versions, st.randoms(use_true_random=False))
def test_any_order_of_exports_gives_what_the_newest_one_says(
    tmp_path_factory: pytest.TempPathFactory,
    told: dict[int, tuple[str, str]],
    chance: Random,
) -> None:
    every = [
        {**FERRY, "title": title, "size": size, "updated": f"2026-02-{day:02}"}
        for day, (title, size) in sorted(told.items())
    ]
    newest = every[-1]
    chance.shuffle(every)
    folder = tmp_path_factory.mktemp("co")
    with Workspace.init(folder / "co", model_text=MODEL, clock=Clock()) as workspace:
        for each in every:
            bring(workspace, TRACKER, people=[ANA], wishes=[each])
        assert fields(workspace, "wish/f-1")["title"] == newest["title"]
        assert fields(workspace, "wish/f-1").get("size", "") == newest["size"]


# ---- recipes


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("by: [email, title]", "by: [mail]", "RECIPE004"),
        ("by: [email, title]", "buy: email", "RECIPE002"),
        ("match: {by: [email, title], names: title}", "match: {names: title}", "RECIPE006"),
        ("reads: office.json", "reads: office.json\nlink: 'javascript:alert(1)'", "RECIPE014"),
        ("reads: office.json", "reads: office.json\nlink: 'https://x.example/{id}'", "RECIPE014"),
    ],
)
def test_what_a_recipe_says_wrongly_of_identity_is_told(
    harbour: Workspace, old: str, new: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        load_recipe(OFFICE.replace(old, new), model=harbour.model)
    assert code in [each.code for each in refused.value.findings]


# ---- what an import says it did


def test_an_import_says_what_is_new_changed_unchanged_and_gone_of_each_kind(
    harbour: Workspace,
) -> None:
    raft = {**FERRY, "id": "F-2", "title": "Raft"}
    first = {each.kind: each for each in bring(harbour, OFFICE, people=[ANA_IN_OFFICE]).kinds}
    assert (first["person"].new, first["person"].changed) == (1, 0)
    bring(harbour, TRACKER, people=[], wishes=[FERRY, raft])
    office = [{**ANA_IN_OFFICE, "town": "Faro"}, {"number": "9", "name": "Bea"}]
    [person] = bring(harbour, OFFICE, people=office).kinds
    assert (person.new, person.changed, dict(person.fields)) == (1, 1, {"town": 1})
    [person] = bring(harbour, OFFICE, people=office[:1]).kinds
    assert (person.new, person.changed, person.unchanged, person.gone) == (0, 0, 1, 1)
    harbour.append([Put("wish/f-1", {"size": "8"})], by="bea")
    wishes = [FERRY, {**raft, "title": "Barge", "updated": "2026-02-01"}]
    told = {each.kind: each for each in bring(harbour, TRACKER, people=[], wishes=wishes).kinds}
    assert (told["wish"].changed, told["wish"].asked) == (1, 1)
    assert dict(told["wish"].fields) == {"title": 1}
