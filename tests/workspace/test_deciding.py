"""What a source says otherwise waits in a queue until somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.two_sources import ANA, FERRY, MODEL, TRACKER, Clock, bring, fields

from latticework.base.findings import Refused
from latticework.graph.disputes import Conflict
from latticework.journal.changes import Put
from latticework.workspace import Workspace
from latticework.workspace.deciding import OURS, THEIRS, chosen, decide

RAFT = {**FERRY, "id": "F-2", "title": "Raft", "size": "3"}


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Workspace]:
    """Bea has estimated the ferry and the raft anew; the tracker does not know."""
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        bring(workspace, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        changes = [Put("wish/f-1", {"size": "8"}), Put("wish/f-2", {"size": "8"})]
        workspace.append(changes, by="bea")
        bring(workspace, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        yield workspace


def waiting(workspace: Workspace, **where: str) -> tuple[Conflict, ...]:
    return workspace.conflicts(workspace.graph(**where), branch=where.get("branch", "main"))


def test_a_conflict_tells_both_values_and_who_gave_them(harbour: Workspace) -> None:
    found = {each.ref: each for each in waiting(harbour)}
    ferry = found["wish/f-1"]
    assert (ferry.ours, ferry.theirs, ferry.field, ferry.by) == ("8", "5", "size", "bea")
    assert (ferry.via.source, ferry.via.key) == ("tracker", "F-1")
    assert len(found) == 2


def test_theirs_is_taken_and_not_asked_again_when_it_is_imported_again(harbour: Workspace) -> None:
    decide(harbour, {"wish/f-1#size": THEIRS}, by="bea")
    assert fields(harbour, "wish/f-1")["size"] == "5"
    assert [each.ref for each in waiting(harbour)] == ["wish/f-2"]
    assert not bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, RAFT]).changes


def test_ours_is_kept_and_the_unchanged_value_of_the_source_is_not_asked_again(
    harbour: Workspace,
) -> None:
    decide(harbour, {"wish/f-1#size": OURS, "wish/f-2#size": OURS}, by="bea")
    assert not waiting(harbour)
    assert not bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, RAFT]).changes
    news = {**FERRY, "size": "13", "updated": "2026-02-01"}
    bring(harbour, TRACKER, people=[ANA], wishes=[news, RAFT])
    [asked] = waiting(harbour)
    assert (asked.ours, asked.theirs, asked.by) == ("8", "13", "bea")


def test_a_third_value_decides_and_so_does_any_edit(harbour: Workspace) -> None:
    decide(harbour, {}, values={"wish/f-1#size": "6"}, by="bea")
    harbour.append([Put("wish/f-2", {"size": "2"})], by="ada")
    assert not waiting(harbour)
    assert fields(harbour, "wish/f-1")["size"] == "6"
    assert not bring(harbour, TRACKER, people=[ANA], wishes=[FERRY, RAFT]).changes


def test_many_are_decided_at_once_in_one_batch(harbour: Workspace) -> None:
    found = chosen(waiting(harbour), source="tracker")
    receipt = decide(harbour, {each.key: THEIRS for each in found})
    assert len(receipt.batches) == 1
    assert not waiting(harbour)
    harbour.undo(receipt.batches[0])
    assert fields(harbour, "wish/f-2")["size"] == "8"


def test_what_waits_no_longer_is_refused_and_nothing_is_recorded(harbour: Workspace) -> None:
    head = harbour.store.head().number
    with pytest.raises(Refused) as refused:
        decide(harbour, {"wish/f-1#size": OURS, "wish/f-1#title": THEIRS})
    assert [each.code for each in refused.value.findings] == ["CONFLICT001"]
    assert harbour.store.head().number == head
    with pytest.raises(Refused):
        chosen(waiting(harbour), ref="wish/f-3")


def test_the_queue_is_seen_as_it_was_on_a_branch_and_in_the_past(harbour: Workspace) -> None:
    then = harbour.now()
    harbour.start_branch("try")
    decide(harbour, {"wish/f-1#size": THEIRS}, branch="try")
    assert len(waiting(harbour, branch="try")) == 1
    assert len(waiting(harbour)) == 2
    harbour.merge("try")
    assert len(waiting(harbour)) == 1
    graph = harbour.graph(known=then, at=then)
    assert len(harbour.conflicts(graph)) == 2
