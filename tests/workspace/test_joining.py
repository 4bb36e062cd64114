"""Two things that are one are joined, and split again; nothing is lost of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import STORES, UrlOf
from tests.workspace.conftest import Clock

from latticework.base.findings import Refused
from latticework.graph.joins import find_home
from latticework.journal.changes import Change, Connect, Put, Retire, Via
from latticework.workspace import Workspace
from latticework.workspace.joining import join, keys_of, plan_join, split

MODEL = """
company: Harbour
zone: UTC
kinds:
  person:
    family: collaboration
    many: people
    fields: {email: text, phone: text, town: text}
    links: {belongs to: {to: team, back: holds}}
  team: {family: collaboration, many: teams}
  bet:
    family: intent
    many: bets
    fields: {owner: text}
    links:
      is led by: {to: person, back: leads, carries: {share: ratio}}
"""


@pytest.fixture(params=STORES)
def harbour(
    request: pytest.FixtureRequest, tmp_path: Path, new_url: UrlOf, clock: Clock
) -> Iterator[Workspace]:
    """Ana is known to the tracker and to the office; she leads a bet in each."""
    url = new_url(request.param)
    made = Workspace.init(tmp_path / "co", model_text=MODEL, store_url=url, clock=clock)
    with made as workspace:
        tracker, office = Via("tracker", "ana", "t.csv", 2), Via("office", "4711", "o.csv", 9)
        said: list[Change] = [
            Put("person/ana", {"title": "ana", "email": "ana@harbour.eu"}, via=tracker),
            Put("bet/ferry", {"title": "Ferry"}, via=Via("tracker", "F-1")),
            Put("bet/raft", {"title": "Raft"}, via=Via("tracker", "F-2")),
            Connect("bet/ferry", "is led by", "person/ana", {"share": "40%"}, via=tracker),
            Connect("bet/raft", "is led by", "person/ana", {}, via=tracker),
        ]
        workspace.append(said, source="tracker")
        said = [
            Put("person/ana-lima", {"title": "Ana Lima", "town": "Porto"}, via=office),
            Put("team/north", {"title": "North"}, via=Via("office", "north")),
            Connect("person/ana-lima", "belongs to", "team/north", via=office),
            Connect("bet/raft", "is led by", "person/ana-lima", {"share": "10%"}, via=office),
        ]
        workspace.append(said, source="office")
        workspace.append([Put("person/ana", {"phone": "12"})], by="bea")
        yield workspace


def fields(workspace: Workspace, ref: str) -> dict[str, object]:
    return dict(workspace.graph().node(ref).fields)


def test_a_join_fills_what_lacks_and_keeps_ours_where_both_speak(
    harbour: Workspace, clock: Clock
) -> None:
    clock.turn_to("2026-02-01")
    join(harbour, "person/ana", "person/ana-lima", by="bea")
    graph = harbour.graph()
    said = graph.node("person/ana-lima").fields
    assert said["title"] == "Ana Lima"
    assert (said["email"], said["town"], said["phone"]) == ("ana@harbour.eu", "Porto", "12")
    assert not graph.alive[graph.id_of("person/ana")]
    assert find_home(graph, "person/ana") == "person/ana-lima"
    assert set(keys_of(graph, "person/ana-lima")) == {("office", "4711"), ("tracker", "ana")}


def test_a_field_that_differs_is_taken_from_the_other_where_it_is_chosen(
    harbour: Workspace, clock: Clock
) -> None:
    plan = plan_join(harbour.graph(), "person/ana", "person/ana-lima")
    assert [each.field for each in plan.differences] == ["title"]
    join(harbour, "person/ana", "person/ana-lima", take=["title"])
    assert fields(harbour, "person/ana-lima")["title"] == "ana"


def test_edges_of_both_are_united_and_none_stays_at_the_joined_one(harbour: Workspace) -> None:
    join(harbour, "person/ana", "person/ana-lima")
    graph = harbour.graph()
    assert graph.edge("bet/ferry", "is led by", "person/ana-lima") == {"share": "40%"}
    assert graph.edge("bet/raft", "is led by", "person/ana-lima") == {"share": "10%"}
    assert graph.edge("person/ana-lima", "belongs to", "team/north") == {}
    assert graph.edge("bet/ferry", "is led by", "person/ana") is None
    assert not harbour.check()


def test_a_moment_before_the_join_shows_two_things(harbour: Workspace, clock: Clock) -> None:
    clock.turn_to("2026-02-01")
    join(harbour, "person/ana", "person/ana-lima")
    clock.turn_to("2026-03-01")
    again = harbour.graph(at="2026-01-20")
    assert again.alive[again.id_of("person/ana")]
    assert find_home(again, "person/ana") == "person/ana"
    assert again.edge("bet/ferry", "is led by", "person/ana") == {"share": "40%"}


def test_a_split_at_once_gives_back_both_as_they_were(harbour: Workspace, clock: Clock) -> None:
    before = harbour.graph()
    clock.turn_to("2026-02-01")
    join(harbour, "person/ana", "person/ana-lima", take=["title"])
    clock.turn_to("2026-02-02")
    split(harbour, "person/ana")
    after = harbour.graph()
    for ref in ("person/ana", "person/ana-lima"):
        was = {name: value for name, value in before.node(ref).fields.items() if value}
        now = {name: value for name, value in after.node(ref).fields.items() if value}
        assert was == now
    for ends in (
        ("bet/ferry", "is led by", "person/ana"),
        ("bet/raft", "is led by", "person/ana"),
        ("bet/raft", "is led by", "person/ana-lima"),
        ("bet/ferry", "is led by", "person/ana-lima"),
        ("person/ana-lima", "belongs to", "team/north"),
    ):
        assert after.edge(*ends) == before.edge(*ends)


def test_a_split_takes_along_what_its_sources_said_since_and_leaves_the_rest(
    harbour: Workspace, clock: Clock
) -> None:
    join(harbour, "person/ana", "person/ana-lima")
    clock.turn_to("2026-02-01")
    tracker = Via("tracker", "ana", "t.csv", 2)
    harbour.append(
        [
            Put("person/ana-lima", {"email": "lima@harbour.eu"}, via=tracker),
            Put("bet/barge", {"title": "Barge"}, via=Via("tracker", "F-3")),
            Connect("bet/barge", "is led by", "person/ana-lima", via=tracker),
        ],
        source="tracker",
    )
    harbour.append([Put("person/ana-lima", {"town": "Lisboa"})], by="bea")
    clock.turn_to("2026-03-01")
    split(harbour, "person/ana")
    assert fields(harbour, "person/ana")["email"] == "lima@harbour.eu"
    assert fields(harbour, "person/ana-lima").get("email") is None
    assert fields(harbour, "person/ana-lima")["town"] == "Lisboa"
    graph = harbour.graph()
    assert graph.edge("bet/barge", "is led by", "person/ana") == {}
    assert graph.edge("bet/barge", "is led by", "person/ana-lima") is None


def test_one_source_of_a_thing_that_was_never_two_gets_a_thing_of_its_own(
    harbour: Workspace,
) -> None:
    sheet = Via("sheet", "Lima, Ana")
    harbour.append([Put("person/ana-lima", {"phone": "99"}, via=sheet)], source="sheet")
    split(harbour, "person/ana-lima", source="sheet")
    assert fields(harbour, "person/lima-ana")["phone"] == "99"
    assert fields(harbour, "person/ana-lima").get("phone") is None
    assert keys_of(harbour.graph(), "person/lima-ana") == (("sheet", "Lima, Ana"),)


def test_a_join_is_undone_like_any_batch(harbour: Workspace) -> None:
    before = harbour.graph()
    receipt = join(harbour, "person/ana", "person/ana-lima", take=["title"])
    harbour.undo(receipt.batches[0])
    graph = harbour.graph()
    assert graph.alive[graph.id_of("person/ana")]
    assert find_home(graph, "person/ana") == "person/ana"
    assert fields(harbour, "person/ana-lima")["title"] == "Ana Lima"
    assert graph.edge("bet/ferry", "is led by", "person/ana") == before.edge(
        "bet/ferry", "is led by", "person/ana"
    )


def test_a_join_on_a_branch_is_seen_on_main_once_it_is_merged(harbour: Workspace) -> None:
    harbour.start_branch("one-ana")
    join(harbour, "person/ana", "person/ana-lima", branch="one-ana")
    assert find_home(harbour.graph(), "person/ana") == "person/ana"
    assert find_home(harbour.graph(branch="one-ana"), "person/ana") == "person/ana-lima"
    harbour.merge("one-ana")
    assert find_home(harbour.graph(), "person/ana") == "person/ana-lima"


def test_a_chain_of_joins_leads_to_its_end(harbour: Workspace) -> None:
    harbour.append([Put("person/al", {"title": "AL"}, via=Via("sheet", "AL"))], source="sheet")
    join(harbour, "person/ana", "person/ana-lima")
    join(harbour, "person/ana-lima", "person/al")
    graph = harbour.graph()
    assert find_home(graph, "person/ana") == "person/al"
    assert {pair[0] for pair in keys_of(graph, "person/al")} == {"tracker", "office", "sheet"}
    split(harbour, "person/ana")
    assert fields(harbour, "person/ana")["email"] == "ana@harbour.eu"
    assert fields(harbour, "person/al").get("email") is None


REFUSED: list[tuple[Callable[[Workspace], object], str]] = [
    (lambda at: join(at, "person/ana", "person/ana"), "JOIN001"),
    (lambda at: join(at, "person/ana", "bet/ferry"), "JOIN002"),
    (lambda at: join(at, "person/ana", "person/ana-lima", take=["town"]), "JOIN004"),
    (lambda at: join(at, "person/anna", "person/ana-lima"), "JOIN005"),
    (lambda at: split(at, "person/ana"), "JOIN006"),
    (lambda at: split(at, "person/ana", source="trackr"), "JOIN006"),
]


@pytest.mark.parametrize(("asked", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_cannot_be_joined_or_split_is_said(
    harbour: Workspace, asked: Callable[[Workspace], object], code: str
) -> None:
    head = harbour.store.head().number
    with pytest.raises(Refused) as refused:
        asked(harbour)
    assert [each.code for each in refused.value.findings] == [code]
    assert harbour.store.head().number == head


def test_what_is_retired_or_joined_already_is_not_joined(harbour: Workspace) -> None:
    join(harbour, "person/ana", "person/ana-lima")
    with pytest.raises(Refused) as refused:
        join(harbour, "person/ana", "person/ana-lima")
    assert "joined into 'person/ana-lima' already" in refused.value.findings[0].says
    harbour.append([Retire("person/ana-lima")])
    harbour.append([Put("person/x", {})])
    with pytest.raises(Refused):
        join(harbour, "person/x", "person/ana-lima")
