"""Rows page by page: joined they are all rows of one moment, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from tests.surfaces.api_company import begin_quay, called

pytestmark = pytest.mark.filterwarnings("ignore:The base_url")

QUESTIONS = ("goal", "goal sort by title", "any show title", "goal limit 5", "bet show serves")
WRITES = st.sampled_from(("nothing", "new", "other title", "retire"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = begin_quay(tmp_path_factory.mktemp("quay"))
    with called(folder) as client:
        new = [{"put": f"goal/g{n}", "fields": {"title": f"Goal {n % 4}"}} for n in range(9)]
        client.post("/api/changes", json={"changes": new})
        yield client


def ask(client: TestClient, query: str, **params: Any) -> Any:
    answer = client.get("/api/ask", params={"q": query, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(client: TestClient, what: str, number: int) -> None:
    ref = f"goal/g{number % 9}"
    sent: dict[str, Any] = {
        "new": {"put": f"goal/n{number}", "fields": {"title": f"New {number}"}},
        "other title": {"put": ref, "fields": {"title": f"Title {number}"}},
        "retire": {"retire": ref},
    }
    if what in sent:
        client.post("/api/changes", json={"changes": [sent[what]]})


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    query=st.sampled_from(QUESTIONS),
    most=st.integers(1, 7),
    writes=st.lists(st.tuples(WRITES, st.integers(0, 10_000)), max_size=12),
)
def test_pages_joined_are_all_rows_of_the_moment_they_began_at(
    client: TestClient, query: str, most: int, writes: list[tuple[str, int]]
) -> None:
    whole = ask(client, query)
    page = ask(client, query, most=most)
    joined = list(page["rows"])
    rest = iter(writes)
    while page["next"]:
        write(client, *next(rest, ("nothing", 0)))
        page = ask(client, query, most=most, cursor=page["next"])
        assert 0 < page["count"] <= most
        assert page["entry"] == whole["entry"]
        joined += page["rows"]
    assert joined == whole["rows"]


def test_a_cursor_of_another_question_is_refused(client: TestClient) -> None:
    cursor = ask(client, "goal", most=1)["next"]
    answer = client.get("/api/ask", params={"q": "bet", "cursor": cursor})
    assert answer.json()["findings"][0]["code"] == "API007"


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_cursor_breaks_the_server(client: TestClient, text: str) -> None:
    answer = client.get("/api/ask", params={"q": "goal", "cursor": text})
    assert answer.status_code in {200, 400}


def test_a_cursor_of_a_branch_that_was_begun_anew_is_refused(client: TestClient) -> None:
    client.post("/api/branches", json={"name": "try"})
    cursor = ask(client, "goal", most=1, branch="try")["next"]
    client.delete("/api/branches/try")
    client.post("/api/branches", json={"name": "try"})
    answer = client.get("/api/ask", params={"q": "goal", "cursor": cursor, "branch": "try"})
    assert answer.json()["findings"][0]["code"] == "API007"


def test_all_rows_come_as_csv_in_their_order_however_many_pieces(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latticework.surfaces.data.AT_ONCE", 2)
    monkeypatch.setattr("latticework.surfaces.web.answer.PIECE", 2)
    answer = client.get("/api/ask.csv", params={"q": "goal sort by title"})
    page = client.get("/out/csv/ask", params={"q": "goal sort by title"})
    assert page.text == answer.text
    assert "content-length" not in page.headers
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-length" not in answer.headers
    header, *lines = answer.text.split("\r\n")[:-1]
    assert header.startswith("ref,")
    refs = [row["ref"] for row in ask(client, "goal sort by title")["rows"]]
    assert [line.partition(",")[0] for line in lines] == refs


def test_what_is_not_understood_is_refused_before_a_line_is_sent(client: TestClient) -> None:
    answer = client.get("/api/ask.csv", params={"q": "goal where nonsense is 3"})
    assert answer.status_code == 400
    assert answer.json()["findings"]


def test_numbers_of_a_view_come_with_the_call_that_says_why(client: TestClient) -> None:
    """One step at a time: from a view's number to its things, and on to their entries."""
    asked = {"before": "2025-01-01", "after": "now"}
    told = client.get("/api/views/diff", params=asked).json()["numbers"]
    new = next(each for each in told if each["label"] == "new")
    assert new["note"] == "began"
    things = client.get(new["why"]).json()
    assert things["total"] == int(new["number"])
    entries = client.get(things["numbers"][-1]["why"]).json()
    assert entries["rows"]
