"""The pages of sources without any script, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.surfaces.pages import read

from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.pages.bringing import ROOM
from latticework.workspace import Workspace

SHEET = b"id,name,status,note\nV-1,Ferry,Doing,<b>bold</b>\nV-2,Raft,Done,\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A company of the starter pack with nothing in it."""
    with Workspace.init(tmp_path / "harbour") as opened:
        yield opened


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(app_of(workspace), base_url="http://127.0.0.1") as made:
        yield made


def bring(client: TestClient, data: bytes = SHEET, name: str = "voyages.csv") -> str:
    """The address at which a file is looked at."""
    answer = client.post("/do/sources/bring", files={"files": (name, data)}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_page_shows_what_would_come_in_and_is_well_formed(
    client: TestClient, workspace: Workspace
) -> None:
    for address in ("/sources", bring(client)):
        page = client.get(address)
        assert page.status_code == 200
        found = read(page.text)
        assert not found.wrong
    assert "&lt;b&gt;bold" in page.text
    assert "<b>bold" not in page.text
    assert workspace.store.head().number == 1


def test_bringing_in_keeps_the_recipe_and_a_page_that_renews_itself_is_still_answered(
    client: TestClient, workspace: Workspace
) -> None:
    token = bring(client).rpartition("/")[2]
    upload = workspace.folder.inner / "uploads" / token
    sent = {
        "token": token,
        "recipe": (upload / "recipe.yaml").read_text(),
        "words": (upload / "words.yaml").read_text(),
    }
    page = client.post("/do/sources/apply", data=sent)
    assert page.status_code == 200
    assert "2 voyages" in page.text
    renewed = client.get(f"/sources/bring/{token}", follow_redirects=False)
    assert renewed.status_code == 200
    assert (workspace.folder.path / "recipes" / "voyages.yaml").is_file()
    assert "voyages.csv" not in client.get("/sources").text
    assert "2 things" in client.get("/sources").text
    again = client.get(bring(client))
    assert "Nothing new" in again.text


def test_of_a_large_import_the_map_is_of_what_is_few_and_can_be_read(
    client: TestClient, workspace: Workspace
) -> None:
    """Many issues, two epics and one project: a map of issues, or of all that hangs on the epic, is a cloud."""
    head = "Summary,Issue key,Issue id,Issue Type,Status,Assignee,Created,Project key,Parent key"
    rows = [
        f"Boat {n},HAR-{n},{n},{'Story' if n > 1 else 'Epic'},Done,Ada,03/Feb/26 09:12 AM,HAR,{'HAR-0' if n > 1 else ''}"
        for n in range(160)
    ]
    token = bring(client, "\n".join([head, *rows]).encode(), "jira.csv").rpartition("/")[2]
    upload = workspace.folder.inner / "uploads" / token
    sent = {name: (upload / f"{name}.yaml").read_text() for name in ("recipe", "words")}
    came = client.post("/do/sources/apply", data={"token": token, **sent})
    assert "158 issues" in came.text
    assert "/views/map?query=epic&amp;links=belongs%20to" in came.text


def test_a_recipe_that_says_nonsense_is_told_with_its_lines(client: TestClient) -> None:
    token = bring(client).rpartition("/")[2]
    sent = {"token": token, "recipe": "recipe: x\nreads: y\nkinds: {goal: {kye: id}}", "words": ""}
    page = client.post("/do/sources/preview", data=sent)
    assert "recipe:3" in page.text
    assert "RECIPE002" in page.text
    refused = client.post("/do/sources/apply", data=sent)
    assert refused.status_code == 400


def test_nobody_else_may_send_a_file(client: TestClient, workspace: Workspace) -> None:
    files = {"files": ("a.csv", SHEET)}
    strange = client.post("/do/sources/bring", files=files, headers={"origin": "http://evil.test"})
    assert strange.status_code == 400
    assert "WEB005" in strange.text
    with TestClient(app_of(workspace, writable=False), base_url="http://127.0.0.1") as reading:
        assert "WEB007" in reading.post("/do/sources/bring", files=files).text
        assert "bring-files" not in reading.get("/sources").text
    assert not (workspace.folder.inner / "uploads").exists()


def test_what_is_too_large_or_torn_is_refused(client: TestClient) -> None:
    large = client.post("/do/sources/bring", content=b"x" * (ROOM + 1))
    assert large.status_code == 413
    kind = {"content-type": "multipart/form-data; boundary=x"}
    torn = client.post("/do/sources/bring", content=b"--x\r\nnonsense", headers=kind)
    assert torn.status_code == 400
    assert "WEB012" in torn.text


@pytest.mark.parametrize("address", ["/sources/bring/..%2f..%2fx", "/sources/bring/abcdefghijklmn"])
def test_what_is_not_kept_leads_back(address: str, client: TestClient) -> None:
    page = client.get(address)
    assert page.status_code == 404 or "not kept any more" in page.text


def test_a_source_that_is_not_there_is_said(client: TestClient) -> None:
    page = client.get("/sources/no")
    assert page.status_code == 404
    assert "BRING008" in page.text


def test_a_sheet_that_holds_nothing_says_so(client: TestClient) -> None:
    answer = client.post("/do/sources/bring", files={"files": ("a.json", b"[1,2]")})
    assert answer.status_code == 400
    assert "SOURCE060" in answer.text
    nothing = client.post("/do/sources/bring", data={"pasted": ""})
    assert "BRING001" in nothing.text
