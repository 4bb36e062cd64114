"""What programs call: writing, reading, being refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.surfaces.api_company import MODEL, begin_quay, called

from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.guard import guard_of
from latticework.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:The base_url")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return begin_quay(tmp_path / "quay")


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with called(folder) as client:
        yield client


def change(client: TestClient, *changes: dict[str, Any], **more: Any) -> Any:
    return client.post("/api/changes", json={"changes": list(changes), **more})


def put(ref: str, **fields: Any) -> dict[str, Any]:
    return {"put": ref, "fields": fields}


def head(client: TestClient) -> int:
    return int(client.get("/api/events").json()["head"])


def rows(client: TestClient, query: str, **params: str) -> list[dict[str, Any]]:
    answer = client.get("/api/ask", params={"q": query, **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["rows"])


def codes(answer: Any) -> list[str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == answer.status_code
    return [each["code"] for each in answer.json()["findings"]]


# Writing


def test_changes_of_every_sort_are_recorded_together_and_signed(client: TestClient) -> None:
    answer = change(
        client,
        put("bet/raft", title="Raft races", labels=["summer", "fun"], cost=5),
        {"connect": ["goal/calm", "is served by", "bet/raft"], "fields": {"share": "40%"}},
        {"disconnect": ["bet/ferry", "serves", "goal/reach"]},
        {"move": "bet/lamp", "to": "bet/lights"},
        {"retire": "goal/reach"},
        why="the review",
    ).json()
    assert answer["recorded"] == 5
    assert answer["last"] - answer["first"] == 4
    assert rows(client, "bet serving goal/calm show labels, cost") == [
        {
            "ref": "bet/raft",
            "kind": "bet",
            "title": "Raft races",
            "labels": ["summer", "fun"],
            "cost": "5",
        }
    ]
    assert [each["ref"] for each in rows(client, "goal")] == ["goal/calm"]
    entries = client.get("/api/events", params={"after": answer["first"] - 1}).json()["entries"]
    assert {each["by"] for each in entries} == {"cleo"}
    assert {each["why"] for each in entries} == {"the review"}
    assert [e["change"] for e in entries] == ["put", "connect", "disconnect", "move", "retire"]


def test_what_is_so_already_is_not_recorded_again(client: TestClient) -> None:
    before = head(client)
    answer = change(client, put("goal/calm", title="Calm mornings")).json()
    assert answer == {
        "batch": None,
        "first": before + 1,
        "last": before,
        "head": before,
        "recorded": 0,
        "findings": [],
    }


def test_everything_wrong_is_said_at_once_with_the_change_it_is_about(client: TestClient) -> None:
    before = head(client)
    answer = change(
        client,
        put("goal/new", title="New"),
        put("gaol/x"),
        put("bet/ferry", cost="much", notte="x"),
        {"connect": ["bet/ferry", "serves", "goal/nowhere"]},
    )
    assert answer.status_code == 400
    found = {(each["change"], each["code"]) for each in answer.json()["findings"]}
    assert {(1, "CHANGE002"), (2, "CHANGE003"), (2, "CHANGE004"), (3, "CHANGE011")} <= found
    assert head(client) == before


def test_changes_of_another_shape_are_told_apart(client: TestClient) -> None:
    answer = change(client, {"putt": "goal/x"}, {"put": 5}, {"connect": ["a", "b"]}, {"move": "a"})
    assert answer.status_code == 400
    assert [(e["change"], e["code"]) for e in answer.json()["findings"]] == [
        (0, "API004"),
        (1, "API002"),
        (2, "API002"),
        (3, "API002"),
    ]


def test_what_is_doubtful_is_recorded_and_said(client: TestClient) -> None:
    answer = change(client, {"disconnect": ["bet/lamp", "serves", "goal/calm"]})
    assert [(e["change"], e["code"]) for e in answer.json()["findings"]] == [(0, "CHANGE016")]


def test_a_dry_run_says_the_same_and_records_nothing(client: TestClient) -> None:
    before = head(client)
    sent = {"changes": [put("goal/calm", title="Quiet")]}
    assert client.post("/api/changes?dry=yes", json=sent).json()["recorded"] == 0
    wrong = {"changes": [put("gaol/calm")]}
    assert codes(client.post("/api/changes?dry=yes", json=wrong)) == ["CHANGE002"]
    assert head(client) == before


def test_a_change_may_hold_since_an_earlier_day(client: TestClient) -> None:
    change(client, put("goal/calm", title="Calm days"), valid="2026-03-01")
    change(client, {**put("goal/reach", title="Reach"), "valid": "2026-03-01"})
    titles = {each["title"] for each in rows(client, "goal", at="2026-03-02")}
    assert titles == {"Calm days", "Reach"}
    assert {e["title"] for e in rows(client, "goal", at="2026-02-02")} != titles


def test_two_writers_of_one_field_get_both_texts_and_lose_neither(client: TestClient) -> None:
    seen = head(client)
    client.headers["cookie"] = "who=bo"
    theirs = change(client, put("goal/calm", title="Calm evenings"), base=seen).json()
    client.headers["cookie"] = "who=cleo"
    answer = change(
        client, put("goal/reach", title="Reach all"), put("goal/calm", title="Still"), base=seen
    )
    assert answer.status_code == 409
    (found,) = answer.json()["findings"]
    assert found["code"] == "STORE005"
    assert (found["ref"], found["field"], found["change"]) == ("goal/calm", "title", 1)
    assert (found["base"], found["theirs"], found["yours"]) == (
        "Calm mornings",
        "Calm evenings",
        "Still",
    )
    assert (found["by"], found["entry"]) == ("bo", theirs["last"])
    assert {each["title"] for each in rows(client, "goal")} == {
        "Calm evenings",
        "Reach every island",
    }
    # Whoever has seen theirs may write.
    assert change(client, put("goal/calm", title="Still"), base=theirs["head"]).status_code == 200


def test_writers_of_different_fields_do_not_meet(client: TestClient) -> None:
    seen = head(client)
    assert change(client, put("bet/ferry", note="boats"), base=seen).status_code == 200
    assert change(client, put("bet/ferry", title="Ferry"), base=seen).status_code == 200


def test_a_conflict_about_a_carried_field_says_both_sides(client: TestClient) -> None:
    seen = head(client)
    edge = {"connect": ["bet/ferry", "serves", "goal/reach"]}
    change(client, {**edge, "fields": {"share": "70%"}}, base=seen)
    answer = change(client, {**edge, "fields": {"share": "50%"}}, base=seen)
    (found,) = answer.json()["findings"]
    assert (found["base"], found["theirs"], found["yours"]) == ("60%", "70%", "50%")


def test_if_match_says_what_was_seen(client: TestClient) -> None:
    tag = client.get("/api/thing/goal/calm").headers["etag"]
    change(client, put("goal/calm", title="Calm evenings"))
    sent = {"changes": [put("goal/calm", title="Still")]}
    assert client.post("/api/changes", json=sent, headers={"if-match": tag}).status_code == 409


def test_nobody_has_seen_what_is_not_there_yet(client: TestClient) -> None:
    assert codes(change(client, put("goal/calm", title="x"), base=10_000)) == ["API005"]


def test_a_batch_is_taken_back_and_brought_again(client: TestClient) -> None:
    batch = change(client, put("goal/calm", title="Quiet")).json()["batch"]
    undone = client.post("/api/undo", json={"batch": batch}).json()
    assert {each["title"] for each in rows(client, "goal")} >= {"Calm mornings"}
    client.post("/api/undo", json={"batch": undone["batch"]})
    assert {each["title"] for each in rows(client, "goal")} >= {"Quiet"}


def test_taking_back_what_others_built_on_is_refused(client: TestClient) -> None:
    day = "2026-03-01"
    batch = change(client, put("goal/calm", title="Quiet"), valid=day).json()["batch"]
    change(client, put("goal/calm", title="Quieter"), valid=day)
    answer = client.post("/api/undo", json={"batch": batch})
    assert answer.status_code == 409
    assert codes(answer) == ["UNDO001"]


# Once


def test_a_key_does_a_request_once_even_after_a_restart(folder: Path) -> None:
    sent = {"changes": [put("goal/calm", title="Quiet")]}
    with called(folder) as client:
        first = client.post("/api/changes", json=sent, headers={"idempotency-key": "k1"})
        change(client, put("goal/calm", title="Loud"))
    with called(folder) as client:
        again = client.post("/api/changes", json=sent, headers={"idempotency-key": "k1"})
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert {each["title"] for each in rows(client, "goal")} >= {"Loud"}


def test_a_key_of_another_request_is_refused(client: TestClient) -> None:
    key = {"idempotency-key": "k1"}
    client.post("/api/undo", json={}, headers=key)
    answer = client.post("/api/undo", json={"why": "other"}, headers=key)
    assert answer.status_code == 422
    assert codes(answer) == ["API011"]


def test_a_refused_request_leaves_its_key_free(client: TestClient) -> None:
    key = {"idempotency-key": "k1"}
    assert client.post("/api/undo", json={"batch": 999}, headers=key).status_code == 400
    change(client, put("goal/calm", title="Quiet"))
    assert client.post("/api/undo", json={}, headers=key).status_code == 200


# Reading


def test_a_thing_says_its_links_and_its_history(client: TestClient) -> None:
    thing = client.get("/api/thing/bet/ferry").json()["thing"]
    assert thing["title"] == "Night ferry"
    assert thing["history"][0]["by"] == "ada"
    assert "goal/reach" in str(thing["links"])


def test_answers_are_sent_again_only_when_something_changed(client: TestClient) -> None:
    tag = client.get("/api/model").headers["etag"]
    asked = {"if-none-match": tag}
    assert client.get("/api/model", headers=asked).status_code == 304
    change(client, put("goal/calm", title="Quiet"))
    assert client.get("/api/model", headers=asked).status_code == 200


def test_a_branch_is_begun_written_compared_merged_and_dropped(client: TestClient) -> None:
    assert client.post("/api/branches", json={"name": "try", "why": "what if"}).status_code == 200
    change(client, put("goal/calm", title="Quiet"), branch="try")
    assert rows(client, "goal where title = 'Quiet'") == []
    assert len(rows(client, "goal where title = 'Quiet'", branch="try")) == 1
    compared = client.get("/api/branches/try/compare").json()
    assert [each["ref"] for each in compared["rows"]] == ["goal/calm"]
    assert compared["clashes"] == []
    merged = client.post("/api/branches/try/merge", json={}).json()
    assert merged["recorded"] == 1
    assert len(rows(client, "goal where title = 'Quiet'")) == 1
    assert client.delete("/api/branches/try").json() == {"name": "try"}
    assert client.get("/api/branches").json() == {"branches": []}
    assert client.get("/api/branches/try/compare").status_code == 404


def test_a_clash_of_branches_is_settled_by_its_key(client: TestClient) -> None:
    client.post("/api/branches", json={"name": "try"})
    change(client, put("goal/calm", title="Quiet"), branch="try")
    change(client, put("goal/calm", title="Loud"))
    assert client.post("/api/branches/try/merge", json={}).status_code == 409
    (clash,) = client.get("/api/branches/try/compare").json()["clashes"]
    assert "Quiet" in clash["says"]
    settled = client.post("/api/branches/try/merge", json={"keep": {clash["key"]: "try"}})
    assert settled.status_code == 200, settled.text
    assert {each["title"] for each in rows(client, "goal")} >= {"Quiet"}


def test_words_are_read_previewed_and_applied(client: TestClient, folder: Path) -> None:
    read = client.get("/api/model")
    assert set(read.json()["model"]["kinds"]) == {"goal", "bet"}
    assert client.get("/api/model.yaml").text == read.json()["text"]
    text = MODEL.replace("note: text", "note: text, risk: text")
    shown = client.post("/api/model/preview", json={"text": text}).json()
    assert shown["sound"]
    assert [each["name"] for each in shown["effects"]] == ["risk"]
    tag = {"if-match": read.headers["etag"]}
    applied = client.post("/api/model", json={"text": text, "why": "risks"}, headers=tag)
    assert applied.json()["recorded"] == 1
    assert (folder / "latticework.yaml").read_text() == text
    again = client.post("/api/model", json={"text": MODEL}, headers=tag)
    assert again.status_code == 409
    assert codes(client.post("/api/model", json={"text": "kinds: 5"}))[0].startswith("MODEL")


def test_a_finding_is_silent_with_a_reason_until_a_day(client: TestClient) -> None:
    found = client.get("/api/findings", params={"rule": "BET001"}).json()
    assert [each["ref"] for each in found["findings"]] == ["bet/lamp"]
    silence = {"rule": "BET001", "of": "bet/lamp", "why": "waits", "until": "2027-01-01"}
    assert client.post("/api/findings/silence", json=silence).status_code == 200
    assert client.get("/api/findings", params={"rule": "BET001"}).json()["total"] == 0
    assert client.get("/api/verify").json()["sound"]


def test_entries_are_replayed_from_any_number(client: TestClient) -> None:
    every = client.get("/api/events").json()
    joined: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        part = client.get("/api/events", params={"after": after, "most": 2}).json()
        joined += part["entries"]
        after = part["next"]
    assert joined == every["entries"]
    about = client.get("/api/events", params={"ref": "bet/ferry"}).json()["entries"]
    assert {each["ref"] for each in about} == {"bet/ferry"}


def test_things_are_found_by_what_is_typed_best_first(client: TestClient) -> None:
    def found(typed: str, **more: str) -> list[str]:
        answer = client.get("/api/complete/things", params={"q": typed, **more}).json()
        return [each["ref"] for each in answer["things"]]

    change(client, put("goal/night", title="Night"), put("goal/x", title="The nightly boat"))
    assert found("night") == ["goal/night", "bet/ferry", "goal/x"]
    assert found("NIGHT", kind="goal") == ["goal/night", "goal/x"]
    assert found("pier lamps") == ["bet/lamp"]
    assert found("goal/c") == ["goal/calm"]
    assert found("", kind="bet", most="1") == ["bet/lamp"]
    assert found("zzz") == []


# Being refused


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/ask?q=bett", 400, "QUERY"),
        ("/api/ask", 400, "API008"),
        ("/api/ask?q=bet&most=0", 400, "API003"),
        ("/api/ask?q=bet&mots=3", 400, "API003"),
        ("/api/ask?q=bet&cursor=xyz", 400, "API007"),
        ("/api/ask?q=bet&at=soon", 400, "TIME001"),
        ("/api/ask?q=bet&branch=none", 404, "STORE004"),
        ("/api/thing/bet/none", 404, "VIEW003"),
        ("/api/views/none", 404, "WEB001"),
        ("/api/nowhere", 404, "WEB001"),
    ],
)
def test_wrong_questions_are_answered_with_what_to_do(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert codes(answer)[0].startswith(code)
    assert answer.json()["findings"][0]["hint"]


@pytest.mark.parametrize(
    ("sent", "sort", "status", "code"),
    [
        (b"{", "application/json", 400, "API001"),
        (b"[]", "application/json", 400, "API002"),
        (b'{"batch": "x"}', "application/json", 400, "API002"),
        (b"\xff", "application/json", 400, "API001"),
        (b"batch=1", "application/x-www-form-urlencoded", 415, "API006"),
        (b"{}", "text/plain", 415, "API006"),
        (b"[" * 100_000, "application/json", 400, "API00"),
    ],
)
def test_bodies_that_are_none_are_refused(
    client: TestClient, sent: bytes, sort: str, status: int, code: str
) -> None:
    answer = client.post("/api/undo", content=sent, headers={"content-type": sort})
    assert answer.status_code == status
    assert codes(answer)[0].startswith(code)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    sent = b'{"why": "' + b"x" * 5_000_000 + b'"}'
    answer = client.post("/api/undo", content=sent, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert codes(answer) == ["WEB002"]


def test_nothing_is_given_to_who_accepts_nothing_of_it(client: TestClient) -> None:
    answer = client.get("/api/branches", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert codes(answer) == ["API015"]
    assert client.get("/api/branches", headers={"accept": "text/html, */*"}).status_code == 200


@pytest.mark.parametrize("path", ["/api/changes", "/api/undo", "/api/model", "/api/branches"])
def test_a_page_of_another_site_cannot_write(client: TestClient, path: str) -> None:
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(path, json={}, headers=headers)
        assert answer.status_code == 403
        assert codes(answer) == ["WEB005"]


def test_a_server_that_only_shows_writes_nothing(folder: Path) -> None:
    with Workspace.open(folder) as workspace:
        app = app_of(workspace, guard=guard_of("127.0.0.1"), writable=False)
        with TestClient(app, base_url="http://localhost") as client:
            before = head(client)
            for answer in (
                change(client, put("goal/calm", title="x")),
                client.post("/api/undo", json={}),
                client.post("/api/model", json={"text": MODEL}),
                client.delete("/api/branches/none"),
            ):
                assert answer.status_code == 403
                assert codes(answer) == ["WEB007"]
            text = {"text": MODEL}
            assert client.post("/api/model/preview", json=text).status_code == 200
            assert client.get("/").status_code == 200
            assert head(client) == before


def test_the_past_is_read_and_not_written(client: TestClient) -> None:
    sent = {"changes": [put("goal/calm", title="x")]}
    assert codes(client.post("/api/changes?at=2026-02-01", json=sent)) == ["API003"]


def test_every_call_is_described_and_told_to_people(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    page = client.get("/api").text
    for path, methods in described["paths"].items():
        assert path in page
        for method in methods.values():
            assert method["summary"].endswith((".", "?"))


def test_asking_for_the_head_alone_sends_no_body(client: TestClient) -> None:
    answer = client.head("/api/branches")
    assert answer.status_code == 200
    assert answer.headers["etag"]
