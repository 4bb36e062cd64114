"""Claims about every store, each told of one little company: a harbour."""

from __future__ import annotations

import pytest

from latticework.base.findings import Refused
from latticework.base.times import BEGINNING
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Via,
)
from latticework.journal.store import LOG_COLUMNS, Store

VIA = Via("planning", "F-1", "bets/ferry.yaml", 3, "a1b2c3")
FERRY: tuple[Change, ...] = (
    Declare("company: Harbour\n", valid=BEGINNING),
    Put("bet/ferry", {"title": "Night ferry", "labels": ("sea", "night"), "owner": None}, via=VIA),
    Connect("bet/ferry", "serves", "goal/grow", {"share": "40%"}),
    Move("goal/grow", "goal/grow-north", valid=7),
    Disconnect("bet/ferry", "serves", "goal/grow"),
    Retire("bet/ferry"),
)


def batch(*changes: Change, by: str = "ada", valid: int | None = None, undoes: int = 0) -> Batch:
    return Batch(changes=changes, by=by, why="spring", source="hand", valid=valid, undoes=undoes)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_what_is_appended_is_read_back_in_order(store: Store) -> None:
    receipt = store.append([batch(*FERRY, undoes=3)], now=1000)
    assert (receipt.first, receipt.last, receipt.batches) == (1, 6, (1,))
    entries = list(store.entries())
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    put = entries[1]
    assert put.change == Put(FERRY[1].ref, FERRY[1].fields, valid=1000, via=VIA)
    assert (put.by, put.why, put.source, put.undoes) == ("ada", "spring", "hand", 3)
    assert (put.batch, put.branch, put.known, put.valid) == (1, "main", 1000, 1000)
    assert [entry.valid for entry in entries] == [BEGINNING, 1000, 1000, 7, 1000, 1000]
    assert entries[-1].digest == receipt.head.digest == store.head().digest


def test_log_holds_the_same_as_entries_in_columns(store: Store) -> None:
    store.append([batch(*FERRY)], now=1000)
    log = store.log()
    assert tuple(log.columns) == LOG_COLUMNS
    assert log["op"].to_list() == ["declare", "put", "connect", "move", "disconnect", "retire"]
    assert log["object"].to_list() == [
        None,
        None,
        "goal/grow",
        "goal/grow-north",
        "goal/grow",
        None,
    ]
    assert log.row(1, named=True) == {
        "number": 2,
        "batch": 1,
        "known": 1000,
        "valid": 1000,
        "op": "put",
        "subject": "bet/ferry",
        "link": None,
        "object": None,
        "patch": '{"title":"Night ferry","labels":["sea","night"],"owner":null}',
    }


def test_a_batch_valid_instant_holds_for_its_changes(store: Store) -> None:
    store.append([batch(Put("goal/grow"), Put("goal/keep", valid=3), valid=5)], now=1000)
    assert [entry.valid for entry in store.entries()] == [5, 3]


def test_nothing_to_write_writes_nothing(store: Store) -> None:
    store.append([batch(Put("goal/grow"))], now=1)
    receipt = store.append([batch()], now=2)
    assert (receipt.first, receipt.last, receipt.batches, receipt.head.number) == (0, 0, (), 1)
    assert store.append([], now=2).head == store.head()


def test_known_instants_grow_though_clocks_run_back(store: Store) -> None:
    for now in (1000, 10, 1000, 2000):
        store.append([batch(Put("goal/grow"))], now=now)
    assert [entry.known for entry in store.entries()] == [1000, 1001, 1002, 2000]


def test_entries_are_read_between_two_numbers(store: Store) -> None:
    store.append([batch(*FERRY)], now=1)
    assert [entry.number for entry in store.entries(after=2, upto=4)] == [3, 4]
    assert store.log(after=2, upto=4)["number"].to_list() == [3, 4]
    assert store.log(after=6).height == 0
    assert dict(store.log(after=6).schema) == dict(store.log().schema)


def test_entries_are_read_by_their_numbers(store: Store) -> None:
    store.append([batch(*FERRY)], now=1000)
    store.start_branch("what-if", now=1001)
    store.append([batch(Put("bet/raft", {}))], now=1002, branch="what-if")
    store.append([batch(Put("bet/lamp", {}))], now=1003)
    assert [entry.number for entry in store.numbered([8, 5, 2, 5, 99])] == [2, 5, 8]
    assert store.numbered([2]) == (list(store.entries())[1],)
    assert [entry.number for entry in store.numbered([7, 8, 1], "what-if")] == [1, 7]
    every = range(1, 1500)
    assert store.numbered(every) == tuple(store.entries())


def test_the_last_entry_known_at_an_instant_is_found(store: Store) -> None:
    assert store.number_at(10**9) == 0
    store.append([batch(Put("goal/a")), batch(Put("goal/b"))], now=10)
    store.append([batch(Put("goal/c"))], now=20)
    assert [store.number_at(known) for known in (9, 10, 19, 20, 99)] == [0, 2, 2, 3, 3]


def test_history_finds_a_thing_at_either_end(store: Store) -> None:
    store.append([batch(*FERRY)], now=1)
    assert [entry.number for entry in store.history(["goal/grow"])] == [3, 4, 5]
    assert [entry.number for entry in store.history(["goal/grow-north", "bet/ferry"])] == [
        2,
        3,
        4,
        5,
        6,
    ]
    assert store.history(["goal/none"]) == () == store.history([])


def test_history_takes_thousands_of_refs(store: Store) -> None:
    store.append([batch(*(Put(f"goal/g{each}") for each in range(1200)))], now=1)
    found = store.history([f"goal/g{each}" for each in range(1200)])
    assert [entry.number for entry in found] == list(range(1, 1201))


def test_a_batch_is_read_by_its_number(store: Store) -> None:
    store.append([batch(Put("goal/a")), batch(Put("goal/b"), Put("goal/c"))], now=1)
    assert [entry.change.ref for entry in store.batch(2)] == ["goal/b", "goal/c"]
    assert store.batch(9) == ()


def test_an_empty_journal_has_a_head_and_verifies(store: Store) -> None:
    assert store.head().number == 0
    assert store.log().height == 0
    assert (list(store.entries()), store.branches(), store.verify()) == ([], (), ())


def test_a_branch_is_its_parent_up_to_its_start_then_its_own(store: Store) -> None:
    store.append([batch(Put("goal/a"))], now=1)
    started = store.start_branch("what-if", now=2, by="bo", why="cheaper")
    assert (started.parent, started.start, started.by, started.why) == ("main", 1, "bo", "cheaper")
    assert store.head("what-if").digest == store.head().digest
    store.append([batch(Put("goal/b"))], now=3)
    store.append([batch(Put("goal/c"))], now=4, branch="what-if")
    store.start_branch("deeper", now=5, parent="what-if")
    store.append([batch(Put("goal/d"))], now=6, branch="what-if")
    store.append([batch(Put("goal/e"))], now=7, branch="deeper")
    assert refs(store, "main") == ["goal/a", "goal/b"]
    assert refs(store, "what-if") == ["goal/a", "goal/c", "goal/d"]
    assert refs(store, "deeper") == ["goal/a", "goal/c", "goal/e"]
    assert [entry.branch for entry in store.entries("deeper")] == ["main", "what-if", "deeper"]
    assert store.log("deeper")["subject"].to_list() == refs(store, "deeper")
    assert store.history(["goal/b", "goal/e"], "what-if") == ()
    assert len(store.history(["goal/b", "goal/e"], "deeper")) == 1
    assert [each.name for each in store.branches()] == ["what-if", "deeper"]
    assert store.verify() == ()


def test_every_branch_ends_where_its_own_head_says(store: Store) -> None:
    """Main and a branch beside it, each with an entry of its own."""
    store.append([batch(Put("goal/a"))], now=1)
    store.start_branch("try", now=2)
    store.append([batch(Put("goal/b"))], now=3, branch="try")
    ends = store.ends()
    assert ends.heads == {name: store.head(name) for name in ("main", "try")}
    assert ends.branches == store.branches()


def test_a_dropped_branch_leaves_nothing_and_no_number_again(store: Store) -> None:
    store.start_branch("what-if", now=1)
    store.append([batch(Put("goal/c"))], now=2, branch="what-if")
    store.drop_branch("what-if")
    assert store.branches() == ()
    assert store.history(["goal/c"]) == () == store.batch(1)
    receipt = store.append([batch(Put("goal/d"))], now=3)
    assert (receipt.first, receipt.batches) == (2, (2,))
    assert store.verify() == ()


def test_a_branch_that_others_start_from_stays(store: Store) -> None:
    store.start_branch("a", now=1)
    store.start_branch("b", now=2, parent="a")
    with pytest.raises(Refused) as refused:
        store.drop_branch("a")
    assert codes(refused) == ["STORE012"]
    with pytest.raises(Refused) as refused:
        store.drop_branch("main")
    assert codes(refused) == ["STORE012"]


def test_branch_names_are_told_apart(store: Store) -> None:
    store.start_branch("q4-plan", now=1)
    with pytest.raises(Refused) as refused:
        store.start_branch("q4-plan", now=2)
    assert codes(refused) == ["STORE006"]
    with pytest.raises(Refused) as refused:
        store.head("q4-plam")
    assert codes(refused) == ["STORE004"]
    assert "q4-plan" in refused.value.findings[0].hint
    for name in ("", " ", "a\0b"):
        with pytest.raises(Refused) as refused:
            store.start_branch(name, now=3)
        assert codes(refused) == ["STORE007"]


def test_a_merged_branch_remembers_where(store: Store) -> None:
    store.start_branch("what-if", now=1)
    store.mark_merged("what-if", 12)
    assert store.branches()[0].merged == 12
    assert store.verify() == ()


def test_a_write_upon_what_was_not_seen_is_a_conflict(store: Store) -> None:
    base = store.append([batch(Put("bet/ferry", {"stage": "active"}))], now=1).head.number
    store.append([batch(Put("bet/ferry", {"stage": "done"}), by="bo")], now=2, base=base)
    with pytest.raises(Refused) as refused:
        store.append([batch(Put("bet/ferry", {"stage": "dropped"}))], now=3, base=base)
    assert codes(refused) == ["STORE005"]
    says = refused.value.findings[0].says
    assert "'dropped'" in says
    assert "'done'" in says
    assert "bo" in says
    assert store.head().number == 2


def test_writes_that_do_not_touch_each_other_both_hold(store: Store) -> None:
    store.append([batch(Put("bet/ferry", {"stage": "done"}))], now=1, base=0)
    store.append([batch(Put("bet/ferry", {"stage": "done", "owner": "cy"}))], now=2, base=0)
    store.append([batch(Put("bet/raft", {"stage": "active"}))], now=3, base=0)
    assert store.head().number == 3


def test_a_conflict_on_another_branch_is_none(store: Store) -> None:
    store.start_branch("what-if", now=1)
    store.append([batch(Put("bet/ferry", {"stage": "done"}))], now=2)
    store.append([batch(Put("bet/ferry", {"stage": "dropped"}))], now=3, base=0, branch="what-if")
    assert store.head("what-if").number == 2


def test_redaction_removes_content_and_still_verifies(store: Store) -> None:
    store.append([batch(Put("person/eve", {"mail": "eve@harbour"}), Put("goal/a"))], now=1)
    digest = store.head().digest
    assert store.redact([1, 77], by="law", why="asked to forget", now=9) == 1
    assert store.redact([1], by="law", why="again", now=9) == 0
    entry = next(store.entries())
    assert (entry.change, entry.by, entry.number) == (None, "ada", 1)
    row = store.log().row(0, named=True)
    assert (row["op"], row["subject"], row["patch"]) == ("redacted", None, None)
    assert store.history(["person/eve"]) == ()
    assert store.head().digest == digest
    assert store.verify() == ()


def test_a_batch_without_content_loses_its_author_too(store: Store) -> None:
    store.append([batch(Put("person/eve"), Put("person/adam"), by="eve")], now=1)
    store.redact([1], by="law", why="", now=9)
    assert next(store.entries()).by == "eve"
    store.redact([2], by="law", why="", now=9)
    assert [(entry.by, entry.why, entry.source) for entry in store.entries()] == [("", "", "")] * 2
    assert store.verify() == ()


def test_texts_of_any_script_come_back(store: Store) -> None:
    title = 'Ночной паром — 夜の\n"渡し船" \\ 🛳️ \x01 \x1f\' ; DROP TABLE'
    change = Put("bet/夜の-渡し船", {title: title, "null": ("", title), "nul": "a\0b"})
    store.append([Batch(changes=(change,), by=title, why=title, source=title)], now=1)
    entry = next(store.entries())
    assert entry.change is not None
    assert entry.change.fields == change.fields
    assert (entry.by, entry.why, entry.source) == (title, title, title)
    assert store.verify() == ()


def test_texts_that_no_store_keeps_are_refused_together(store: Store) -> None:
    odd = batch(
        Put("bet/\0"),
        Connect("a/b", "ser\0ves", "c/d"),
        Put("a/" + "x" * 600),
        Put("a/\ud800"),
        by="\0",
    )
    with pytest.raises(Refused) as refused:
        store.append([odd], now=1)
    assert codes(refused) == ["STORE007"] * 5
    assert "U+0000" in str(refused.value)
    assert store.head().number == 0
    assert store.verify() == ()


def test_half_a_surrogate_in_a_value_is_refused(store: Store) -> None:
    with pytest.raises(Refused) as refused:
        store.append([batch(Put("bet/a", {"title": "\udcff"}))], now=1)
    assert codes(refused) == ["STORE007"]


def test_a_field_of_ten_million_letters_comes_back(store: Store) -> None:
    text = "harbour " * 1_250_000
    store.append([batch(Put("bet/ferry", {"notes": text}))], now=1)
    entry = next(store.entries())
    assert entry.change is not None
    assert entry.change.fields["notes"] == text
    assert store.verify() == ()


def test_waiting_ends_with_an_entry_or_with_time(store: Store) -> None:
    store.append([batch(Put("goal/a"))], now=1)
    assert store.wait(0, seconds=5) == 1
    assert store.wait(1, seconds=0.05) == 1


def refs(store: Store, branch: str) -> list[str]:
    return [entry.change.ref for entry in store.entries(branch) if isinstance(entry.change, Put)]


def test_stated_tells_which_thing_a_source_put_under_which_key_last(store: Store) -> None:
    other = Via("sheet", "9", "sheet.csv", 2)
    store.append([batch(*FERRY), batch(Put("bet/raft", {"title": "Raft"}, via=other))], now=1000)
    store.append([batch(Put("bet/ferry", {"owner": "ada"}, via=VIA))], now=2000)
    store.append([batch(Put("bet/ferry", {"owner": "ben"}))], now=3000)
    every = store.stated()
    assert every.rows() == [
        ("sheet", "9", "bet/raft", 7, ""),
        ("planning", "F-1", "bet/ferry", 8, "a1b2c3"),
    ]
    assert store.stated(source="sheet").rows() == [("sheet", "9", "bet/raft", 7, "")]
    assert store.stated(after=7)["subject"].to_list() == ["bet/ferry"]
    assert store.stated(source="nobody").rows() == []


def test_headings_tell_which_batches_came_from_a_source_and_which_were_taken_back(
    store: Store,
) -> None:
    raft = Put("bet/raft", {"title": "Raft"})
    sheet = Batch(changes=(raft, Retire("bet/raft")), source="sheet", why="what it says")
    store.append([Batch(changes=(raft,)), sheet], now=1000)
    store.start_branch("idea", now=1500)
    store.append([Batch(changes=(raft,), source="jira")], now=2000, branch="idea")
    store.append([Batch(changes=(raft,), undoes=2)], now=2500)
    assert [(e.batch, e.source, e.undoes) for e in store.headings()] == [
        (2, "sheet", 0),
        (4, "", 2),
    ]
    assert [(e.batch, e.source) for e in store.headings("idea")] == [(2, "sheet"), (3, "jira")]
    told, _ = store.headings()
    assert (told.first, told.last, told.known, told.why) == (2, 3, 1000, "what it says")
    commit = Put("bet/raft", {}, via=Via("history", revision="a1b2c3"))
    store.append([Batch(changes=(commit,), source="history")], now=3000)
    assert [each.revision for each in store.headings()] == ["", "", "a1b2c3"]


def test_stated_on_a_branch_holds_its_parents_entries_up_to_the_start(store: Store) -> None:
    store.append([batch(*FERRY)], now=1000)
    store.start_branch("idea", now=1500)
    raft = Put("bet/raft", {}, via=Via("planning", "F-2"))
    store.append([batch(raft)], now=2000, branch="idea")
    store.append([batch(Put("bet/barge", {}, via=Via("planning", "F-3")))], now=2500)
    assert store.stated("idea")["key"].to_list() == ["F-1", "F-2"]
    assert store.stated()["key"].to_list() == ["F-1", "F-3"]
