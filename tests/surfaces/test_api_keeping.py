"""What else pages do, as calls: questions are kept, SQL is asked, pages are shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.surfaces.api_company import begin_quay, called

pytestmark = pytest.mark.filterwarnings("ignore:The base_url")

LOOSE = {
    "name": "loose bets",
    "asks": "bet where serves nothing",
    "whom": "the weekly review",
    "decides": "what to stop",
    "omits": "bets that serve something by mistake",
    "lens": "board",
    "shows": {"by": "stage"},
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with called(begin_quay(tmp_path / "quay")) as client:
        yield client


def names(client: TestClient) -> list[tuple[str, bool]]:
    return [(each["name"], each["shared"]) for each in client.get("/api/kept").json()["kept"]]


def test_a_question_is_kept_kept_otherwise_and_forgotten(client: TestClient) -> None:
    kept = client.post("/api/kept", json=LOOSE).json()
    assert kept == {**LOOSE, "shared": True}
    assert client.get("/api/kept").json() == {"kept": [kept]}
    client.post("/api/kept", json={**LOOSE, "name": "unmoored", "was": "loose bets"})
    assert names(client) == [("unmoored", True)]
    assert client.delete("/api/kept/loose%20bets").status_code == 404
    assert client.delete("/api/kept/unmoored").json()["asks"] == LOOSE["asks"]
    assert names(client) == []


def test_ones_own_question_stands_apart_and_nobody_else_sees_it(client: TestClient) -> None:
    tag = {"if-none-match": client.get("/api/kept").headers["etag"]}
    assert client.get("/api/kept", headers=tag).status_code == 304
    client.post("/api/kept", json={**LOOSE, "shared": False})
    assert client.get("/api/kept", headers=tag).status_code == 200
    assert names(client) == [("loose bets", False)]
    assert client.delete("/api/kept/loose%20bets").status_code == 404, "the company keeps none"
    client.headers["cookie"] = "who=ada"
    assert names(client) == []
    client.headers["cookie"] = "who=cleo"
    assert client.delete("/api/kept/loose%20bets?shared=no").status_code == 200


def test_a_question_that_says_too_little_is_refused_with_all_that_is_missing(
    client: TestClient,
) -> None:
    answer = client.post("/api/kept", json={**LOOSE, "name": " ", "omits": ""})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["findings"]] == ["name", "omits"]
    strange = client.post("/api/kept", json={**LOOSE, "lens": "hologram"}).json()
    assert "no lens is called 'hologram'" in strange["findings"][0]["says"]


def test_sql_reads_the_tables_of_a_moment(client: TestClient) -> None:
    sent = {"sql": "select ref, stage from bet order by 1", "most": 1}
    found = client.post("/api/sql", json=sent)
    assert found.json()["rows"] == [{"ref": "bet/ferry", "stage": "Idea"}]
    assert found.json()["more"] is True
    assert [each["name"] for each in found.json()["columns"]] == ["ref", "stage"]
    before = client.post("/api/sql?at=2025-12-31", json={"sql": "select count(*) as n from bet"})
    assert before.json()["rows"] == [{"n": 0}]
    wrong = client.post("/api/sql", json={"sql": "delete from bet"})
    assert wrong.status_code == 400
    assert wrong.json()["findings"][0]["code"].startswith("SQL")


def test_a_link_to_a_page_is_made_read_and_taken_back(client: TestClient) -> None:
    sent = {"of": "/ask?q=bet", "name": "for the board", "days": 7}
    assert client.get("/api/shares").json() == {"shares": []}
    made = client.post("/api/shares", json=sent).json()
    path = made["link"].removeprefix("http://localhost")
    client.post(
        "/api/changes", json={"changes": [{"put": "bet/raft", "fields": {"title": "Raft"}}]}
    )
    page = client.get(path).text
    assert "Night ferry" in page
    assert "Raft" in page, "what is live follows"
    assert made["frozen"] is None
    answer = client.get("/api/shares")
    assert "etag" not in answer.headers, "shares change without an entry"
    assert "etag" not in client.get("/api/sources").headers, "so do sources that are fetched"
    listed = answer.json()["shares"]
    assert [(each["name"], each["opens"], each["link"]) for each in listed] == [
        ("for the board", True, None)
    ]
    assert client.delete(f"/api/shares/{made['key']}").json()["opens"] is False
    assert client.get(path).status_code == 404
    assert client.delete(f"/api/shares/{made['key']}").status_code == 404
    wrong = client.post("/api/shares", json={"of": "/model/shape"})
    assert wrong.json()["findings"][0]["code"] == "SHARE002"
