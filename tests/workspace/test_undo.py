"""A batch is taken back by new entries, or refused with what would be lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.conftest import Clock

from latticework.base.findings import Refused
from latticework.graph.delta import delta
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire
from latticework.workspace import Workspace

REFS = ("bet/ferry", "bet/raft", "bet/barge")
EDGES = tuple((ref, "serves", "pillar/reach") for ref in REFS)


def start(harbour: Workspace) -> None:
    harbour.append(
        [
            Put("pillar/reach", {"title": "Reach"}),
            Put("bet/ferry", {"title": "Night ferry", "owner": "ada", "tags": ("north", "sea")}),
            Put("bet/raft", {"title": "Raft"}),
            Connect("bet/ferry", "serves", "pillar/reach", {"share": "40%"}),
        ]
    )


changes = st.one_of(
    st.builds(
        Put,
        st.sampled_from(REFS),
        st.dictionaries(
            st.sampled_from(["owner", "title"]), st.sampled_from(["a", "b", None]), max_size=2
        ),
    ),
    st.sampled_from(REFS[:2]).map(Retire),
    st.builds(
        lambda edge, share: Connect(*edge, {"share": share}),
        st.sampled_from(EDGES[:2]),
        st.sampled_from(["10%", "90%", None]),
    ),
    st.sampled_from(EDGES[:2]).map(lambda edge: Disconnect(*edge)),
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(changes, min_size=1, max_size=6))
def test_undo_gives_back_the_company_as_it_was(harbour: Workspace, batch: list[Change]) -> None:
    if harbour.graph().find("pillar/reach") is None:
        start(harbour)
    before = harbour.graph()
    if any(isinstance(each, Connect) and each.source not in REFS[:2] for each in batch):
        return
    try:
        receipt = harbour.append(batch)
    except Refused:
        return
    if receipt.last < receipt.first:
        return
    harbour.undo()
    told = delta(before, harbour.graph())
    assert told.nodes.is_empty(), told.nodes
    assert told.cells.is_empty(), told.cells
    assert told.edges.is_empty(), told.edges


def test_undo_of_the_undo_brings_it_back(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "grace"})])
    harbour.undo()
    assert harbour.graph().node("bet/ferry").fields["owner"] == "ada"
    last = harbour.graph().history("bet/ferry")[-1]
    harbour.undo(last.batch)
    assert harbour.graph().node("bet/ferry").fields["owner"] == "grace"


def test_undo_again_steps_back_further(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})])
    harbour.append([Put("bet/ferry", {"owner": "cy"})])
    harbour.undo()
    harbour.undo()
    assert harbour.graph().node("bet/ferry").fields["owner"] == "ada"


def test_what_was_written_again_since_is_not_lost(harbour: Workspace) -> None:
    start(harbour)
    mine = harbour.append([Put("bet/ferry", {"owner": "bo"})], valid="2026-01-05")
    harbour.append([Put("bet/ferry", {"owner": "cy"})], valid="2026-01-05", by="cy")
    with pytest.raises(Refused) as refused:
        harbour.undo(mine.batches[0])
    (finding,) = refused.value.findings
    assert (finding.code, finding.place.ref) == ("UNDO001", "bet/ferry")


def test_undo_covers_its_own_time_and_no_other(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/raft", {"owner": "bo"})], valid="2026-01-05")
    early = harbour.append([Put("bet/raft", {"owner": "early"})], valid="2026-01-02")
    harbour.undo(early.batches[0])
    assert harbour.graph().node("bet/raft").fields["owner"] == "bo"


def test_a_move_is_taken_back(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Move("bet/raft", "bet/float")])
    assert harbour.graph().node("bet/raft").ref == "bet/float"
    harbour.undo()
    assert harbour.graph().node("bet/float").ref == "bet/raft"


def test_a_batch_is_taken_back_once(harbour: Workspace) -> None:
    start(harbour)
    batch = harbour.append([Put("bet/ferry", {"owner": "bo"})]).batches[0]
    harbour.undo(batch)
    with pytest.raises(Refused) as refused:
        harbour.undo(batch)
    assert refused.value.findings[0].code == "UNDO004"


@pytest.mark.parametrize("batch", [99, 0, -1])
def test_an_unknown_batch_is_said(harbour: Workspace, batch: int) -> None:
    with pytest.raises(Refused) as refused:
        harbour.undo(batch)
    assert refused.value.findings[0].code == "UNDO003"


def test_a_model_is_taken_back(harbour: Workspace, clock: Clock) -> None:
    start(harbour)
    text = harbour.folder.model_text().replace("pillar:", "island: {family: intent}\n  pillar:")
    harbour.apply_model(text)
    assert harbour.model.find_kind("island")
    harbour.undo()
    assert not harbour.model.find_kind("island")
