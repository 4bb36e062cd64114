"""Programs join, split, decide and mend, and are told of all that stands against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from tests.sources.two_sources import (
    ANA,
    FERRY,
    RAFT,
    TRACKER,
    bring,
    disputed,
    fields,
)

from latticework.graph.joins import find_home
from latticework.journal.changes import Connect, Put
from latticework.surfaces.cli import root
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace


@pytest.fixture
def harbour(tmp_path: Any) -> Iterator[Workspace]:
    with disputed(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(harbour: Workspace) -> Iterator[TestClient[Any]]:
    with TestClient(app_of(harbour), base_url="http://127.0.0.1") as made:
        yield made


def codes(answer: Any) -> list[str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return [each["code"] for each in answer.json()["findings"]]


def test_conflicts_are_listed_and_decided_one_by_one_many_together_and_all_alike(
    harbour: Workspace, client: TestClient[Any]
) -> None:
    told = client.get("/api/conflicts").json()
    assert told["total"] == 2
    first = next(each for each in told["conflicts"] if each["ref"] == "wish/f-1")
    assert (first["ours"], first["theirs"], first["by"]) == ("8", "5", "bea")
    assert (first["source"], first["key"]) == ("tracker", "F-1")
    assert client.get("/api/conflicts", params={"source": "office"}).json()["total"] == 0
    chosen = [
        {"ref": "wish/f-1", "field": "size", "take": "theirs"},
        {"ref": "wish/f-2", "field": "size", "value": 13},
    ]
    answer = client.post("/api/decide", json={"decisions": chosen, "by": "cy"})
    assert answer.status_code == 200, answer.text
    assert fields(harbour, "wish/f-1")["size"] == "5"
    assert fields(harbour, "wish/f-2")["size"] == "13"
    assert client.get("/api/conflicts").json()["total"] == 0
    assert codes(client.post("/api/decide", json={"all": "ours"})) == ["CONFLICT001"]
    assert codes(client.post("/api/decide", json={"decisions": chosen})) == ["CONFLICT001"]


def test_a_decision_with_a_key_is_made_once(client: TestClient[Any]) -> None:
    words = {"headers": {"Idempotency-Key": "one-decision"}, "json": {"all": "theirs"}}
    first = client.post("/api/decide", **words)
    again = client.post("/api/decide", **words)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


def test_two_things_are_joined_and_split_again(harbour: Workspace, client: TestClient[Any]) -> None:
    words = {"ref": "person/ana", "into": "person/7", "take": ["title"], "why": "one Ana"}
    answer = client.post("/api/join", json=words)
    assert answer.status_code == 200, answer.text
    assert find_home(harbour.graph(), "person/ana") == "person/7"
    assert fields(harbour, "person/7")["title"] == "Ana Lima"
    assert codes(client.post("/api/join", json=words)) == ["JOIN003"]
    assert client.post("/api/split", json={"ref": "person/ana"}).status_code == 200
    assert find_home(harbour.graph(), "person/ana") == "person/ana"
    unlike = {"ref": "person/ana", "into": "wish/f-1"}
    assert codes(client.post("/api/join", json=unlike)) == ["JOIN002"]


def test_a_finding_is_mended_by_another_value(harbour: Workspace, client: TestClient[Any]) -> None:
    harbour.append([Put(f"wish/f-{n}", {"title": "Ferry"}) for n in (2, 3)])
    found = client.get("/api/findings", params={"ref": "wish/f-2"}).json()["findings"]
    assert [(each["code"], each["value"]) for each in found] == [("TITLE001", "Ferry")]
    words = {"rule": "TITLE001", "ref": "wish/f-2", "value": "Raft"}
    answer = client.post("/api/mend", json=words)
    assert answer.status_code == 200, answer.text
    assert fields(harbour, "wish/f-2")["title"] == "Raft"
    assert fields(harbour, "wish/f-3")["title"] == "Ferry"
    assert codes(client.post("/api/mend", json=words)) == ["MEND002"]


def test_a_finding_tells_what_would_do_instead(harbour: Workspace, client: TestClient[Any]) -> None:
    harbour.append([Connect("wish/f-2", "done by", "person/ann")])
    found = client.get("/api/findings", params={"ref": "wish/f-2"}).json()["findings"]
    [lost] = [each for each in found if each["value"] == "person/ann"]
    assert "person/ana" in lost["instead"]
    words = {"rule": lost["code"], "ref": "wish/f-2", "was": "person/ann"}
    answer = client.post("/api/mend", json={**words, "value": lost["instead"][0]})
    assert answer.status_code == 200, answer.text


def test_the_command_line_mends_all_alike(harbour: Workspace) -> None:
    harbour.append([Put(f"wish/f-{n}", {"title": "Ferry"}) for n in (2, 3)])
    words = ["-C", str(harbour.folder.path), "mend", "title001", "wish/f-2", "Barge", "--all"]
    done = CliRunner().invoke(root, words)
    assert done.exit_code == 0, done.output
    assert "Mended 2 findings of TITLE001" in done.output
    assert fields(harbour, "wish/f-3")["title"] == "Barge"


def test_conflicts_are_found_from_every_page_while_there_are_some(
    harbour: Workspace, client: TestClient[Any]
) -> None:
    for path in ("/feed", "/findings", "/inbox"):
        page = client.get(path).text
        assert 'href="/conflicts"' in page
    assert "2 fields wait" in client.get("/findings").text
    assert "2 fields wait" in client.get("/inbox").text
    client.post("/api/decide", json={"all": "ours"})
    assert 'href="/conflicts"' not in client.get("/feed").text
    assert "wait for a decision" not in client.get("/findings").text
    harbour.append([Put("wish/f-1", {"size": "1"})])
    bring(
        harbour,
        TRACKER,
        people=[ANA],
        wishes=[{**FERRY, "size": "2", "updated": "2026-03-01"}, RAFT],
    )
    assert "1 field waits" in client.get("/findings").text
