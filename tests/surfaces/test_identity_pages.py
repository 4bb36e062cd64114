"""Two things are joined and split, and conflicts decided, by forms without any script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from tests.sources.two_sources import (
    disputed,
    fields,
)

from latticework.graph.joins import find_home
from latticework.journal.changes import Put
from latticework.surfaces.cli import root
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with disputed(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(app_of(workspace), base_url="http://127.0.0.1") as made:
        yield made


def test_conflicts_are_decided_one_by_one_and_all_at_once(
    workspace: Workspace, client: TestClient
) -> None:
    page = client.get("/conflicts").text
    assert "tracker F-1" in page
    assert 'name="cell:wish/f-1#size"' in page
    form = {"cell:wish/f-1#size": "third", "value:wish/f-1#size": "13"}
    assert client.post("/do/decide", data=form).status_code == 200
    assert fields(workspace, "wish/f-1")["size"] == "13"
    assert "f-1#size" not in client.get("/conflicts").text
    client.post("/do/decide", data={"all": "theirs"})
    assert fields(workspace, "wish/f-2")["size"] == "5"
    assert "No source and nobody here" in client.get("/conflicts").text


def test_a_decision_that_somebody_else_made_meanwhile_is_told(
    workspace: Workspace, client: TestClient
) -> None:
    workspace.append([Put("wish/f-1", {"size": "3"})])
    answer = client.post("/do/decide", data={"cell:wish/f-1#size": "theirs"})
    assert answer.status_code == 400
    assert "somebody may have decided" in answer.text
    assert fields(workspace, "wish/f-1")["size"] == "3"


def test_two_things_are_compared_joined_and_split_again(
    workspace: Workspace, client: TestClient
) -> None:
    assert "Same as …" in client.get("/thing/person/ana").text
    side = client.get("/join?ref=person/ana&into=person/7").text
    assert "Ana Lima" in side
    assert "A. Lima" in side
    form = {"ref": "person/ana", "into": "person/7", "take:title": "theirs", "why": "one Ana"}
    assert client.post("/do/join", data=form).status_code == 200
    assert fields(workspace, "person/7")["title"] == "Ana Lima"
    gone = client.get("/thing/person/ana").text
    assert "joined into" in gone
    assert "Joined with" in client.get("/thing/person/7").text
    client.post("/do/split", data={"ref": "person/ana"})
    assert find_home(workspace.graph(), "person/ana") == "person/ana"
    assert fields(workspace, "person/7")["title"] == "A. Lima"


def test_what_cannot_be_joined_is_told_on_the_page(client: TestClient) -> None:
    answer = client.get("/join?ref=person/ana&into=wish/f-1")
    assert answer.status_code == 400
    assert "only things of one kind" in answer.text


def run(workspace: Workspace, *words: str) -> str:
    done = CliRunner().invoke(root, ["-C", str(workspace.folder.path), *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_line_joins_splits_and_decides(workspace: Workspace) -> None:
    told = run(workspace, "join", "person/ana", "person/7", "--take", "title")
    assert "title: A. Lima (person/7), Ana Lima (person/ana); Ana Lima stays" in told
    assert "Split off person/ana" in run(workspace, "split", "person/ana")
    assert "tracker" in run(workspace, "conflicts")
    assert "Decided 1 field; 1 field to go" in run(
        workspace, "decide", "wish/f-1", "size", "--theirs"
    )
    assert fields(workspace, "wish/f-1")["size"] == "5"
    run(workspace, "decide", "--all", "--ours")
    assert fields(workspace, "wish/f-2")["size"] == "8"
    workspace.append([Put("person/al", {"title": "Lima, Ana"})])
    assert "the same name" in run(workspace, "same")
