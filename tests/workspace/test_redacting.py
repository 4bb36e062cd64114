"""What is redacted is gone: from the journal, from graphs, from caches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workspace.conftest import MODEL, Clock

from latticework.base.findings import Refused
from latticework.journal.changes import Put
from latticework.workspace import Workspace

SECRET = "12 Quay Lane"


def put(workspace: Workspace, ref: str, branch: str = "main", **fields: str) -> int:
    return workspace.append([Put(ref, fields)], by="ada", branch=branch).last


def owners(workspace: Workspace, branch: str = "main") -> list[object]:
    rows = workspace.ask("bet show owner", branch=branch).to_dicts()
    return [each["owner"] for each in rows]


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {each.code for each in refused.value.findings}


def test_another_open_workspace_serves_redacted_content_no_more(
    begin: Callable[[], Workspace],
) -> None:
    """A server has read a bet's owner when somebody else redacts it."""
    with begin() as workspace, Workspace.open(workspace.folder.path) as server:
        put(workspace, "bet/ferry", title="Ferry")
        number = put(workspace, "bet/ferry", owner=SECRET)
        assert owners(server) == [SECRET]
        workspace.redact([number], by="ada", why="a home address")
        assert owners(server) == [None]
        assert server.graph().node("bet/ferry").fields == {"title": "Ferry"}


def test_redacted_content_is_in_no_file_of_the_folder(harbour: Workspace) -> None:
    number = put(harbour, "bet/ferry", owner=SECRET)
    assert owners(harbour) == [SECRET]
    harbour.redact([number], by="ada", why="a home address")
    files = [each for each in harbour.folder.path.rglob("*") if each.is_file()]
    assert [each for each in files if SECRET.encode() in each.read_bytes()] == []
    assert harbour.verify() == ()


def test_what_stands_on_a_branch_is_redacted_by_its_number(harbour: Workspace) -> None:
    put(harbour, "bet/ferry", title="Ferry")
    harbour.start_branch("try")
    number = put(harbour, "bet/ferry", branch="try", owner=SECRET)
    assert owners(harbour, "try") == [SECRET]
    assert harbour.redact([number], by="ada", why="a home address") == 1
    assert owners(harbour, "try") == [None]


def test_numbers_that_no_entry_has_and_a_missing_reason_are_said_at_once(
    harbour: Workspace,
) -> None:
    with pytest.raises(Refused) as refused:
        harbour.redact([0, -4, 99, 10**30], by="ada", why=" ")
    assert codes(refused) == {"REDACT001", "REDACT002"}
    assert len(refused.value.findings) == 5


def test_the_first_words_are_redacted_only_once_others_always_held(harbour: Workspace) -> None:
    put(harbour, "bet/ferry", owner="Ada")
    with pytest.raises(Refused) as refused:
        harbour.redact([1], by="ada", why="a name in a purpose")
    assert codes(refused) == {"REDACT003"}
    text = MODEL.replace("company: Harbour", "company: Quay")
    harbour.apply_model(text, valid="always")
    assert harbour.redact([1], by="ada", why="a name in a purpose") == 1
    assert harbour.model.company == "Quay"
    assert owners(harbour) == ["Ada"]
    assert harbour.verify() == ()


def test_a_branch_begun_anew_under_a_dropped_name_is_read_anew(
    begin: Callable[[], Workspace], clock: Clock
) -> None:
    """Another process keeps a graph of the branch that was dropped."""
    with begin() as workspace, Workspace.open(workspace.folder.path, clock=clock) as server:
        workspace.start_branch("try")
        put(workspace, "bet/raft", branch="try", owner="Ada")
        assert owners(server, "try") == ["Ada"]
        workspace.drop_branch("try")
        workspace.start_branch("try")
        put(workspace, "bet/raft", branch="try", owner="Bo")
        put(workspace, "bet/pier", branch="try", owner="Cy")
        assert owners(server, "try") == ["Bo", "Cy"]


def test_caches_of_another_folder_on_the_same_store_are_rebuilt(
    tmp_path: Path, clock: Clock
) -> None:
    """Two machines work on one store, each with a cache of its own."""
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    with Workspace.init(tmp_path / "one", model_text=MODEL, store_url=url, clock=clock) as one:
        bets = [Put(f"bet/b{spot}", {"owner": SECRET}) for spot in range(2_500)]
        last = one.append(bets, by="ada").last
        with Workspace.init(tmp_path / "two", model_text=MODEL, store_url=url) as two:
            assert owners(two)[0] == SECRET
            one.redact(range(2, last + 1), by="ada", why="home addresses")
            assert len(two.ask("bet")) == 0
            files = [each for each in two.folder.path.rglob("*") if each.is_file()]
            assert [each for each in files if SECRET.encode() in each.read_bytes()] == []
