"""The company's words, branches and findings, changed by forms without any script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.surfaces.pages import read

from latticework.base.times import instant_of
from latticework.journal.changes import Batch, Connect, Disconnect, Put, Retire
from latticework.surfaces.sights import sight_of
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.gestures import GESTURES, gesture_of
from latticework.workspace import Workspace

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))

MODEL = """\
company: Harbour   # the port
interfaces:
  reviewed: {fields: {review: day}}
kinds:
  goal: {family: intent, many: goals}
  bet:
    family: investment
    many: bets
    fields: {confidence: ratio range}   # a feeling
    stages: {Discovery: proposed, Building: active, Shipped: done}
    links:
      serves: {to: goal, back: is served by, carries: {share: ratio}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A harbour with one ferry, on a day that hardly moves on."""
    ticks = count(NOW, 1000)
    clock = lambda: next(ticks)  # noqa: E731
    with Workspace.init(tmp_path / "harbour", model_text=MODEL, clock=clock) as opened:
        opened.append(
            [Put("bet/ferry", {"title": "Ferry", "stage": "Discovery"}), Put("goal/calm")]
        )
        yield opened


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(app_of(workspace), base_url="http://127.0.0.1") as made:
        yield made


TYPED = {
    "field": {"kind": "bet", "name": "gut", "type": "number 0..10"},
    "stage": {"kind": "bet", "name": "Trial", "category": "active", "after": "Discovery"},
    "link": {"kind": "bet", "name": "waits for", "to": "bet, goal", "back": "holds up"},
    "rename-kind": {"kind": "goal", "to": "aim"},
    "rename-field": {"kind": "bet", "field": "confidence", "to": "certainty"},
    "rename-stage": {"kind": "bet", "stage": "Building", "to": "Sailing"},
    "purpose": {"kind": "bet", "purpose": "what we try: and may lose"},
    "provide": {"kind": "bet", "interface": "reviewed"},
    "kind": {"name": "pier", "many": "piers", "family": "context", "purpose": "where ships lie"},
    "term": {"name": "slack", "means": "time nobody has planned"},
    "word": {"area": "north", "word": "bet", "own": "Venture"},
    "rule": {"code": "BET101", "flags": "bet where serves nothing", "says": "{title} is adrift"},
    "interface": {"name": "owned", "fields": "owner, deputy"},
}
FOLLOW_UP = {"rename-kind", "provide"}
"""Gestures after which the text wants a second look: words elsewhere, missing maps."""


@pytest.mark.parametrize("name", [each.name for each in GESTURES])
def test_each_gesture_amends_one_place_and_keeps_the_rest(workspace: Workspace, name: str) -> None:
    amended = gesture_of(name).apply(MODEL, workspace.model, TYPED[name])
    assert "# the port" in amended
    assert len(set(amended.splitlines()) - set(MODEL.splitlines())) <= 7
    found = workspace.preview_model(amended)
    assert found.changes or name in FOLLOW_UP
    if name not in FOLLOW_UP:
        assert not found.findings


@pytest.mark.parametrize("name", [each.name for each in GESTURES])
def test_a_gesture_shows_its_effect_and_records_nothing(
    client: TestClient, workspace: Workspace, name: str
) -> None:
    head = workspace.store.head().number
    answer = client.post("/do/model/gesture", data={"gesture": name, **TYPED[name]})
    assert answer.status_code == 200
    page = read(answer.text)
    assert not page.wrong
    assert workspace.store.head().number == head


def test_a_blank_that_is_empty_is_named(client: TestClient) -> None:
    answer = client.post("/do/model/gesture", data={"gesture": "field", "kind": "bet"})
    assert answer.status_code == 400
    assert answer.text.count("WEB021") >= 2


def test_an_applied_text_is_the_model_from_then_on(
    client: TestClient, workspace: Workspace
) -> None:
    text = MODEL.replace("ratio range}", "ratio range, gut: number}")
    sent = {"seen": MODEL.replace("\n", "\r\n"), "text": text, "why": "to compare"}
    answer = client.post("/do/model/apply", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    assert "gut" in workspace.model.kinds_by_name["bet"].fields_by_name
    assert workspace.folder.model_text() == text


def test_a_text_that_does_not_hold_together_comes_back_as_typed(
    client: TestClient, workspace: Workspace
) -> None:
    text = MODEL.replace("to: goal", "to: gaol")
    answer = client.post("/do/model/apply", data={"seen": MODEL, "text": text, "why": "w"})
    assert answer.status_code == 400
    assert "gaol" in answer.text
    assert "did you mean" in answer.text
    assert workspace.folder.model_text() == MODEL


def test_two_who_shape_at_once_lose_nothing(client: TestClient, workspace: Workspace) -> None:
    first = MODEL.replace("ratio range}", "ratio range, gut: number}")
    second = MODEL.replace("ratio range}", "ratio range, size: number}")
    client.post("/do/model/apply", data={"seen": MODEL, "text": first})
    answer = client.post("/do/model/apply", data={"seen": MODEL, "text": second})
    assert "WORK011" in answer.text
    assert "size: number" in answer.text
    assert workspace.folder.model_text() == first


def test_a_finding_is_accepted_for_a_while_with_a_reason(
    client: TestClient, workspace: Workspace
) -> None:
    before = {each.code for each in workspace.check()}
    workspace.append([Put("bet/boat", {"title": "Ferry"})])
    [code] = {each.code for each in workspace.check()} - before
    sent = {"rule": code, "of": "", "why": "they are twins", "until": "2026-07-01"}
    answer = client.post("/do/silence", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    assert {each.code for each in workspace.check()} == before
    page = client.get("/findings").text
    assert "they are twins" in page
    assert not read(page).wrong


def test_findings_that_say_the_same_are_accepted_together(
    client: TestClient, workspace: Workspace
) -> None:
    bets = tuple(Put(f"bet/{name}", {"title": name, "stage": "Bilding"}) for name in ("one", "two"))
    workspace.store.append([Batch(changes=bets, source="sheet")], now=workspace.now())
    assert 'value="bet/one bet/two"' in client.get("/findings").text
    sent = {"rule": "STAGE001", "of": "bet/one bet/two", "why": "moving", "until": "2026-07-01"}
    assert client.post("/do/silence", data=sent, follow_redirects=False).status_code == 303
    assert "STAGE001" not in {each.code for each in workspace.check()}


def test_findings_that_say_the_same_are_mended_in_one_gesture_and_taken_back_in_one(
    client: TestClient, workspace: Workspace
) -> None:
    wrong = {"stage": "Bilding"}
    bets = tuple(Put(f"bet/{name}", {"title": name, **wrong}) for name in ("one", "two"))
    # An import keeps what it was given; a person would be asked at once.
    workspace.store.append([Batch(changes=bets, source="sheet")], now=workspace.now())
    page = client.get("/findings").text
    assert page.count("&#39;Bilding&#39; is no stage") == 1
    assert not read(page).wrong
    sent = {"rule": "STAGE001", "ref": "bet/one", "field": "stage", "was": "Bilding", "all": "yes"}
    answer = client.post("/do/mend", data={**sent, "value": "Building"}, follow_redirects=False)
    assert answer.status_code == 303
    stages = [workspace.graph().node(f"bet/{name}").fields["stage"] for name in ("one", "two")]
    assert stages == ["Building", "Building"]
    assert "Bilding" not in client.get("/findings").text
    again = client.post("/do/mend", data={**sent, "value": "Building"})
    assert again.status_code == 400
    assert "MEND002" in again.text
    workspace.undo(int(answer.headers["location"].rpartition("=")[2]))
    assert workspace.graph().node("bet/two").fields["stage"] == "Bilding"


@pytest.mark.parametrize(("why", "until"), [("", "2026-07-01"), ("because", "some day")])
def test_a_silence_without_reason_or_end_is_refused(
    client: TestClient, workspace: Workspace, why: str, until: str
) -> None:
    sent = {"rule": "TITLE001", "why": why, "until": until}
    assert client.post("/do/silence", data=sent).status_code == 400
    assert workspace.folder.model_text() == MODEL


def test_a_branch_is_started_compared_and_merged(client: TestClient, workspace: Workspace) -> None:
    begun = client.post(
        "/do/branch/start", data={"name": "what-if", "why": "to try"}, follow_redirects=False
    )
    assert begun.headers["location"] == "/?branch=what-if"
    workspace.append([Put("bet/ferry", {"title": "Night ferry"})], branch="what-if", by="ada")
    page = client.get("/branches/what-if").text
    assert "Night ferry" in page
    assert not read(page).wrong
    merged = client.post("/do/branch/merge", data={"name": "what-if"}, follow_redirects=False)
    assert merged.status_code == 303
    assert workspace.graph().node("bet/ferry").title == "Night ferry"


def test_a_clash_is_shown_and_settled_by_a_choice(client: TestClient, workspace: Workspace) -> None:
    workspace.start_branch("what-if")
    workspace.append([Put("bet/ferry", {"title": "Night ferry"})], branch="what-if", by="ada")
    workspace.append([Put("bet/ferry", {"title": "Day ferry"})], by="bo")
    refused = client.post("/do/branch/merge", data={"name": "what-if"})
    assert refused.status_code == 400
    assert "Day ferry" in refused.text
    assert "Night ferry" in refused.text
    [clash] = workspace.meet("what-if").merge.clashes
    client.post("/do/branch/merge", data={"name": "what-if", f"keep:{clash.key}": "main"})
    assert workspace.graph().node("bet/ferry").title == "Day ferry"


def test_every_sort_of_clash_has_a_page(client: TestClient, workspace: Workspace) -> None:
    edge = ("bet/ferry", "serves", "goal/calm")
    workspace.append([Connect(*edge)])
    workspace.start_branch("what-if")
    workspace.append([Disconnect(*edge)], branch="what-if")
    workspace.append([Connect(*edge, {"share": "40%"})])
    workspace.append([Retire("bet/ferry")])
    workspace.append([Put("bet/ferry", {"confidence": "40%"})], branch="what-if")
    page = client.get("/branches/what-if")
    assert page.status_code == 200
    assert not read(page.text).wrong


def test_a_dropped_branch_is_forgotten(client: TestClient, workspace: Workspace) -> None:
    workspace.start_branch("what-if")
    client.post("/do/branch/drop", data={"name": "what-if"})
    assert not workspace.branches()


def test_a_branch_that_is_not_there_is_said(client: TestClient) -> None:
    assert client.get("/branches/nope").status_code == 400
    assert client.post("/do/branch/start", data={"name": "main"}).status_code == 400


def test_the_present_is_not_called_a_moment_however_long_nothing_happens(
    workspace: Workspace,
) -> None:
    workspace.now = lambda: NOW + 10 * 60_000_000
    assert sight_of(workspace).words == ""
    workspace.now = lambda: NOW + 20 * 60_000_000
    assert sight_of(workspace).words == ""
