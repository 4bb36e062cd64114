"""A company is opened, asked and written to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workspace.conftest import MODEL, Clock

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Disconnect, Put, Retire
from latticework.workspace import Workspace

FERRY = Put("bet/ferry", {"title": "Night ferry", "owner": "ada", "cost": "EUR 2–5k"})


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def test_what_is_appended_is_there_after_opening_again(harbour: Workspace, clock: Clock) -> None:
    harbour.append([FERRY], by="ada", why="spring planning")
    harbour.close()
    with Workspace.open(harbour.folder.path, clock=clock) as again:
        node = again.graph().node("bet/ferry")
        assert (node.title, node.fields["owner"]) == ("Night ferry", "ada")
        (entry,) = again.graph().history("bet/ferry")
        assert (entry.by, entry.why) == ("ada", "spring planning")


def test_saving_what_is_unchanged_writes_nothing(harbour: Workspace) -> None:
    head = harbour.append([FERRY]).last
    again = harbour.append([FERRY])
    assert again.last < again.first
    assert harbour.store.head().number == head


def test_only_the_changed_field_is_written(harbour: Workspace) -> None:
    harbour.append([FERRY])
    harbour.append([Put("bet/ferry", {**FERRY.fields, "owner": "grace"})])
    last = harbour.graph().history("bet/ferry")[-1]
    assert isinstance(last.change, Put)
    assert dict(last.change.fields) == {"owner": "grace"}


def test_a_batch_that_says_one_thing_twice_is_written_as_it_is(harbour: Workspace) -> None:
    harbour.append([FERRY])
    harbour.append([Put("bet/ferry", {"owner": "bo"}), Put("bet/ferry", {"owner": "ada"})])
    assert harbour.graph().node("bet/ferry").fields["owner"] == "ada"


def test_every_wrong_word_is_told_at_once_and_nothing_is_written(harbour: Workspace) -> None:
    head = harbour.store.head().number
    wrong = [
        Put("bte/x", {}),
        Put("bet/y", {"onwer": "ada"}),
        Connect("bet/y", "servs", "pillar/p"),
    ]
    with pytest.raises(Refused) as refused:
        harbour.append(wrong)
    assert len(refused.value.findings) >= 3
    assert any("'bet'" in finding.hint for finding in refused.value.findings)
    assert harbour.store.head().number == head


def test_a_past_day_is_answered_with_what_was_so_then(harbour: Workspace, clock: Clock) -> None:
    harbour.append([FERRY], valid="2026-01-01")
    harbour.append([Put("bet/ferry", {"owner": "grace"})], valid="2026-01-05")
    assert harbour.graph(at="2026-01-04").node("bet/ferry").fields["owner"] == "ada"
    assert harbour.graph(at="2026-01-05").node("bet/ferry").fields["owner"] == "grace"
    assert len(harbour.graph(at="2025-12-31").ids_of("bet")) == 0


def test_what_was_not_known_then_is_left_out(harbour: Workspace, clock: Clock) -> None:
    harbour.append([FERRY], valid="2026-01-01")
    clock.turn_to("2026-03-01")
    harbour.append([Put("bet/ferry", {"owner": "grace"})], valid="2026-01-02")
    now = harbour.graph(at="2026-01-03").node("bet/ferry")
    then = harbour.graph(at="2026-01-03", known="2026-02-01").node("bet/ferry")
    assert (now.fields["owner"], then.fields["owner"]) == ("grace", "ada")


def test_a_change_dated_ahead_shows_when_its_day_has_come(harbour: Workspace, clock: Clock) -> None:
    harbour.append([FERRY])
    harbour.append([Put("bet/ferry", {"owner": "grace"})], valid="2026-02-01")
    assert harbour.graph().node("bet/ferry").fields["owner"] == "ada"
    clock.turn_to("2026-02-02")
    assert harbour.graph().node("bet/ferry").fields["owner"] == "grace"


def test_another_workspace_sees_what_this_one_wrote(harbour: Workspace, clock: Clock) -> None:
    with Workspace.open(harbour.folder.path, clock=clock) as other:
        assert other.graph().find("bet/ferry") is None
        harbour.append([FERRY])
        assert other.graph().node("bet/ferry").title == "Night ferry"


def test_two_writers_on_one_cell_get_a_finding_not_a_lost_value(
    harbour: Workspace, clock: Clock
) -> None:
    harbour.append([FERRY])
    with Workspace.open(harbour.folder.path, clock=clock) as other:
        seen = other.graph()
        harbour.append([Put("bet/ferry", {"owner": "grace"})], by="grace")
        with pytest.raises(Refused) as refused:
            other.append([Put("bet/ferry", {"owner": "bo"})], by="bo", base=seen.head)
        assert codes(refused) == {"STORE005"}
        assert other.graph().node("bet/ferry").fields["owner"] == "grace"


def test_a_company_is_begun_once(harbour: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        Workspace.init(harbour.folder.path, model_text=MODEL)
    assert codes(refused) == {"WORK002"}


def test_a_wrong_model_begins_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        Workspace.init(tmp_path / "x", model_text="kinds: {bet: {family: intnt}}")
    assert not (tmp_path / "x").exists()


def test_no_company_says_how_to_begin_one(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Workspace.open(tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "WORK001"
    assert "latticework init" in finding.hint


def test_settings_that_cannot_be_read_are_a_finding(harbour: Workspace) -> None:
    harbour.folder.settings_file.write_text("store = [", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        Workspace.open(harbour.folder.path)
    assert codes(refused) == {"WORK003"}


def test_a_store_address_may_take_its_secret_from_the_environment(
    harbour: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.folder.settings_file.write_text('store = "sqlite:///${WHERE}.db"\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        Workspace.open(harbour.folder.path)
    assert codes(refused) == {"WORK005"}
    monkeypatch.setenv("WHERE", "journal")
    Workspace.open(harbour.folder.path).close()


def test_a_query_and_its_explanation_use_the_companys_words(harbour: Workspace) -> None:
    harbour.append([FERRY, Put("pillar/reach", {}), Connect("bet/ferry", "serves", "pillar/reach")])
    assert harbour.ask("bet serving pillar/reach").refs == ("bet/ferry",)
    assert harbour.ask("bet where serves nothing").total == 0
    assert "serve" in harbour.explain("bet where serves nothing")


def test_the_delta_of_two_days_may_be_narrowed_by_a_query(harbour: Workspace) -> None:
    harbour.append([FERRY, Put("bet/raft", {"owner": "bo"})], valid="2026-01-01")
    edits = [Put("bet/ferry", {"owner": "grace"}), Put("bet/raft", {"owner": "cy"})]
    harbour.append(edits, valid="2026-01-05")
    every = harbour.diff("2026-01-02", "now")
    some = harbour.diff("2026-01-02", "now", "bet where owner is grace")
    assert set(every.cells["ref"]) == {"bet/ferry", "bet/raft"}
    assert set(some.cells["ref"]) == {"bet/ferry"}


def test_retiring_and_cutting_twice_writes_once(harbour: Workspace) -> None:
    edge = ("bet/ferry", "serves", "pillar/reach")
    harbour.append([FERRY, Put("pillar/reach", {}), Connect(*edge)])
    harbour.append([Disconnect(*edge), Retire("bet/ferry")])
    head = harbour.store.head().number
    harbour.append([Disconnect(*edge)])
    assert harbour.store.head().number == head
