"""Work is brought in by programs: proposed, tried, recorded, refused with findings."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.surfaces.api_company import begin_quay, called

pytestmark = pytest.mark.filterwarnings("ignore:The base_url")

SHEET = "id,name,status\nV-1,Ferry,Doing\nV-2,Raft,Done\n"
FILES = [{"name": "voyages.csv", "text": SHEET}]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with called(begin_quay(tmp_path / "quay")) as client:
        yield client


def proposed(client: TestClient) -> dict[str, Any]:
    answer = client.post("/api/sources/propose", json={"files": FILES})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def brought(client: TestClient, path: str = "/api/sources/import", **sent: Any) -> Any:
    return client.post(path, json={"files": FILES, **sent})


def test_a_sample_becomes_a_recipe_a_try_and_an_import(client: TestClient) -> None:
    found = proposed(client)
    assert (found["format"], found["records"], found["kept"]) == ("csv", 2, "")
    texts = {"recipe": found["recipe"], "words": found["words"]}
    tried = brought(client, "/api/sources/import?dry=yes", **texts).json()
    assert [(each["kind"], each["new"]) for each in tried["kinds"]] == [("voyage", 2)]
    assert tried["rows"]
    assert client.get("/api/ask?q=voyage").status_code == 400
    came = brought(client, **texts).json()
    assert came["last"] >= came["first"]
    assert client.get("/api/thing/voyage/v-1").json()["thing"]["title"] == "Ferry"
    kept = client.get("/api/sources").json()["sources"]
    assert [(each["name"], each["kinds"], each["fetch"]) for each in kept] == [
        ("voyages", ["voyage"], None)
    ]
    assert proposed(client)["kept"] == "voyages"


def test_a_kept_recipe_is_named_and_the_second_time_nothing_is_new(client: TestClient) -> None:
    found = proposed(client)
    brought(client, recipe=found["recipe"], words=found["words"])
    data = base64.b64encode(SHEET.replace("Raft", "Canoe").encode()).decode()
    sent = {"files": [{"name": "voyages.csv", "data": data}], "name": "voyages"}
    changed = client.post("/api/sources/import", json=sent).json()
    assert [(k["new"], k["changed"], k["fields"]) for k in changed["kinds"]] == [
        (0, 1, {"title": 1})
    ]
    again = client.post("/api/sources/import", json=sent).json()
    assert again["changes"] == 0
    assert again["first"] > again["last"]


def test_another_recipe_of_the_name_is_refused_unless_it_replaces_it(client: TestClient) -> None:
    found = proposed(client)
    brought(client, recipe=found["recipe"], words=found["words"])
    other = found["recipe"] + "# by hand\n"
    refused = brought(client, recipe=other)
    assert [each["code"] for each in refused.json()["findings"]] == ["BRING005"]
    assert brought(client, recipe=other, replace=True).status_code == 200


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "BRING010"),
        ({"name": "nobody"}, "BRING008"),
        ({"recipe": "recipe: x\nkinds: {gaol: {key: id}}\n"}, "RECIPE"),
    ],
)
def test_what_is_wrong_with_an_import_comes_as_findings(
    client: TestClient, sent: dict[str, Any], code: str
) -> None:
    before = client.get("/api/events").json()["head"]
    answer = brought(client, **sent)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["findings"][0]["code"].startswith(code)
    assert client.get("/api/events").json()["head"] == before


def test_what_is_not_fetched_is_not_synced(client: TestClient) -> None:
    answer = client.post("/api/sources/voyages/sync")
    assert [each["code"] for each in answer.json()["findings"]] == ["BRING009"]
