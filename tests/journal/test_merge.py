"""Claims about two runs of changes since a common start, in a harbour company."""

from __future__ import annotations

import pytest

from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
)
from latticework.journal.memory import MemoryStore
from latticework.journal.merge import Said, conflicts, merge

FERRY, GOAL = "bet/ferry", "goal/grow"


def run(*changes: Change, by: str = "ada") -> list[Said]:
    return [Said(each, by, 10 if each.valid is None else each.valid) for each in changes]


def places(mine: list[Said], theirs: list[Said]) -> list[str]:
    """Where the runs contradict each other; either way round the same."""
    found = sorted(str(finding.place) for finding in conflicts(mine, theirs))
    assert found == sorted(str(finding.place) for finding in conflicts(theirs, mine))
    return found


AGREE: list[tuple[Change, Change]] = [
    (Put(FERRY, {"stage": "done"}), Put(FERRY, {"stage": "done"})),
    (Put(FERRY, {"stage": "done"}), Put(FERRY, {"owner": "cy"})),
    (Put(FERRY), Put(FERRY, {"owner": "cy"})),
    (Put(FERRY), Put("bet/raft")),
    (Retire(FERRY), Retire(FERRY)),
    (Connect(FERRY, "serves", GOAL), Connect(FERRY, "serves", GOAL, {"share": "40%"})),
    (Connect(FERRY, "serves", GOAL), Disconnect(FERRY, "serves", "goal/keep")),
    (Disconnect(FERRY, "serves", GOAL), Disconnect(FERRY, "serves", GOAL)),
    (Disconnect(FERRY, "serves", GOAL), Retire(GOAL)),
    (Move(FERRY, "bet/boat"), Move(FERRY, "bet/boat")),
    (Move(FERRY, "bet/boat"), Put(FERRY, {"owner": "cy"})),
    (Declare("company: A"), Declare("company: A")),
    (Put(FERRY, {"labels": ("a", "b")}), Put(FERRY, {"labels": ("a", "b")})),
]

DIFFER: list[tuple[Change, Change, list[str]]] = [
    (Put(FERRY, {"stage": "done"}), Put(FERRY, {"stage": "dropped"}), [f"{FERRY}.stage"]),
    (Put(FERRY, {"stage": "done"}), Put(FERRY, {"stage": None}), [f"{FERRY}.stage"]),
    (Put(FERRY, {"stage": "a"}), Put(FERRY, {"stage": ("a",)}), [f"{FERRY}.stage"]),
    (Put(FERRY, {"owner": "cy"}), Retire(FERRY), [FERRY]),
    (Connect(FERRY, "serves", GOAL), Disconnect(FERRY, "serves", GOAL), [FERRY]),
    (
        Connect(FERRY, "serves", GOAL, {"share": "40%"}),
        Connect(FERRY, "serves", GOAL, {"share": "60%"}),
        [f"{FERRY}.share"],
    ),
    (Connect(FERRY, "serves", GOAL), Retire(GOAL), [FERRY]),
    (Connect(FERRY, "serves", GOAL), Retire(FERRY), [FERRY]),
    (Move(FERRY, "bet/boat"), Move("bet/raft", "bet/boat"), ["bet/boat"]),
    (Move(FERRY, "bet/boat"), Put("bet/boat"), ["bet/boat"]),
    (Declare("company: A"), Declare("company: B"), [""]),
]


@pytest.mark.parametrize(("mine", "theirs"), AGREE)
def test_the_same_outcome_is_no_conflict(mine: Change, theirs: Change) -> None:
    assert places(run(mine), run(theirs)) == []


@pytest.mark.parametrize(("mine", "theirs", "where"), DIFFER)
def test_another_outcome_is_a_conflict_at_its_place(
    mine: Change, theirs: Change, where: list[str]
) -> None:
    assert places(run(mine), run(theirs)) == where


def test_a_ref_moved_to_two_places_is_a_conflict() -> None:
    found = conflicts(run(Move(FERRY, "bet/boat")), run(Move(FERRY, "bet/ship")))
    assert {finding.place.ref for finding in found} >= {FERRY}


def test_a_moved_thing_is_the_same_thing() -> None:
    mine = run(Move(FERRY, "bet/boat"), Put("bet/boat", {"stage": "done"}))
    assert places(mine, run(Put(FERRY, {"stage": "dropped"}))) == ["bet/boat.stage"]
    assert places(mine, run(Put(FERRY, {"stage": "done"}))) == []


def test_refs_moved_in_a_ring_come_to_an_end() -> None:
    ring = run(Move("a/a", "a/b"), Move("a/b", "a/a"))
    assert places(ring, run(Put("a/c"))) == []


def test_the_value_that_holds_latest_is_compared() -> None:
    mine = run(Put(FERRY, {"stage": "done"}, valid=9), Put(FERRY, {"stage": "active"}, valid=5))
    assert places(mine, run(Put(FERRY, {"stage": "done"}))) == []


def test_a_conflict_says_both_values_and_who() -> None:
    mine = run(Put(FERRY, {"stage": "done"}), by="ada")
    theirs = run(Put(FERRY, {"stage": "dropped"}), by="bo")
    [finding] = conflicts(mine, theirs)
    assert finding.code == "STORE005"
    assert finding.says == (
        "stage of 'bet/ferry' is 'done' here (by ada), but is 'dropped' there (by bo)"
    )


def test_a_branch_merges_as_its_own_batches_with_their_instants() -> None:
    store = MemoryStore()
    store.append([Batch(changes=(Put(FERRY, {"stage": "active"}),))], now=1)
    store.start_branch("what-if", now=2)
    store.append(
        [
            Batch(
                changes=(Put(FERRY, {"stage": "done"}, valid=5), Put("bet/raft")), by="bo", why="w"
            )
        ],
        now=3,
        branch="what-if",
    )
    store.append([Batch(changes=(Put("bet/barge"),))], now=4)
    own = [e for e in store.entries("what-if") if e.branch == "what-if"]
    ready = merge(own, list(store.entries(after=1)))
    assert ready.clashes == ()
    [batch] = ready.batches
    assert (batch.by, batch.why) == ("bo", "w")
    assert [change.valid for change in batch.changes] == [5, 3]
    done = store.append(ready.batches, now=9)
    store.mark_merged("what-if", done.last)

    store.append([Batch(changes=(Put(FERRY, {"stage": "dropped"}),))], now=10, branch="what-if")
    later = [e for e in store.entries("what-if") if e.branch == "what-if"]
    again = merge(later, list(store.entries(after=1)), merged=done.last)
    assert again.clashes == ()
    assert [change.fields for change in again.batches[0].changes] == [{"stage": "dropped"}]


def test_a_branch_that_contradicts_its_parent_says_where() -> None:
    store = MemoryStore()
    store.start_branch("what-if", now=1)
    store.append([Batch(changes=(Put(FERRY, {"stage": "done"}),))], now=2, branch="what-if")
    store.append([Batch(changes=(Retire(FERRY),), by="cy")], now=3)
    own = [e for e in store.entries("what-if") if e.branch == "what-if"]
    [clash] = merge(own, list(store.entries())).clashes
    finding = clash.finding()
    assert "by cy" in finding.says


def test_here_is_always_the_first_run() -> None:
    [finding] = conflicts(run(Retire(GOAL), by="ada"), run(Connect(FERRY, "serves", GOAL), by="bo"))
    assert finding.says == (
        "'bet/ferry serves goal/grow' loses 'goal/grow', retired here (by ada),"
        " but is present there (by bo)"
    )


def left_out(mine: Change, theirs: Change) -> list[Change]:
    """What a branch brings when the parent's word is kept wherever they clash."""
    own, since = (
        tuple(_entry(place, each) for place, each in enumerate(run, start=1))
        for run in ([mine], [theirs])
    )
    found = merge(own, since)
    return [
        each for batch in found.without({c.key for c in found.clashes}) for each in batch.changes
    ]


def _entry(number: int, change: Change) -> Entry:
    return Entry(
        number=number,
        batch=number,
        branch="b",
        known=number,
        valid=number,
        by="ada",
        why="",
        source="",
        change=change,
        digest="",
    )


KEPT: list[tuple[Change, Change, list[Change]]] = [
    (
        Put(FERRY, {"stage": "done", "owner": "cy"}),
        Put(FERRY, {"stage": "dropped"}),
        [Put(FERRY, {"owner": "cy"})],
    ),
    (Put(FERRY, {"stage": "done"}), Put(FERRY, {"stage": "dropped"}), []),
    (Put(FERRY, {"owner": "cy"}), Retire(FERRY), []),
    (Connect(FERRY, "serves", GOAL), Retire(GOAL), []),
    (Retire(GOAL), Connect(FERRY, "serves", GOAL), []),
    (
        Connect(FERRY, "serves", GOAL, {"share": "40%", "why": "near"}),
        Connect(FERRY, "serves", GOAL, {"share": "60%"}),
        [Connect(FERRY, "serves", GOAL, {"why": "near"})],
    ),
    (Declare("company: A"), Declare("company: B"), []),
]


@pytest.mark.parametrize(("mine", "theirs", "brought"), KEPT)
def test_where_the_parents_word_is_kept_the_branch_says_nothing(
    mine: Change, theirs: Change, brought: list[Change]
) -> None:
    assert left_out(mine, theirs) == brought


def test_a_ref_that_changed_hands_is_no_choice() -> None:
    own, since = [_entry(1, Move(FERRY, "bet/boat"))], [_entry(1, Move("bet/raft", "bet/boat"))]
    assert [each.choosable for each in merge(own, since).clashes] == [False]
