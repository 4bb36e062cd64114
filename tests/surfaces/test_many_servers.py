"""Servers with folders of their own on one database: each knows what the other promised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.conftest import UrlOf

from latticework.base.findings import Refused
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace
from latticework.workspace.sync_state import Kept, states_of

pytestmark = pytest.mark.postgres

MODEL = """
company: Harbour
kinds:
  goal: {family: intent, many: goals}
"""
HERE = "http://localhost"

Two = tuple[Workspace, Workspace]
Browser = TestClient[object]


@pytest.fixture
def servers(tmp_path: Path, new_url: UrlOf) -> Iterator[Two]:
    """One company with a goal, opened from two folders."""
    url = new_url("postgres")
    folders = (tmp_path / "pier", tmp_path / "quay")
    pier, quay = (Workspace.init(each, model_text=MODEL, store_url=url) for each in folders)
    with pier, quay:
        yield pier, quay


@pytest.fixture
def browsers(servers: Two) -> Iterator[tuple[Browser, Browser]]:
    """A browser at each of both."""
    pier, quay = (TestClient(app_of(each), base_url=HERE) for each in servers)
    with pier, quay:
        yield pier, quay  # type: ignore[misc]


def test_a_link_made_at_one_opens_at_the_other_and_is_taken_back_there(
    browsers: tuple[Browser, Browser],
) -> None:
    pier, quay = browsers
    made = pier.post("/do/share", data={"of": "/ask?q=goal"}).text
    found = re.search(r'value="http://localhost(/s/[\w-]+)"', made)
    assert found
    assert quay.get(found[1]).status_code == 200
    listed = re.search(r'name="key" value="(\w+)"', quay.get("/shares").text)
    assert listed
    quay.post("/do/unshare", data={"key": listed[1]})
    assert pier.get(found[1]).status_code == 404


def test_a_request_that_one_has_done_is_not_done_by_the_other(
    browsers: tuple[Browser, Browser], servers: Two
) -> None:
    pier, quay = browsers
    sent = {"changes": [{"put": "goal/reach", "fields": {"title": "Reach every island"}}]}
    key = {"idempotency-key": "k1"}
    first = pier.post("/api/changes", json=sent, headers=key)
    head = servers[0].store.head().number
    pier.post("/api/changes", json={"changes": [{"retire": "goal/reach"}]})
    again = quay.post("/api/changes", json=sent, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert servers[1].store.head().number == head + 1


def test_a_source_is_fetched_by_one_at_a_time_and_goes_on_where_the_other_ended(
    servers: Two,
) -> None:
    pier, quay = (states_of(each) for each in servers)
    now = servers[0].now()
    holder = pier.take("jira", "recipes/jira.yaml", now)
    assert quay.is_held("jira", now)
    with pytest.raises(Refused, match="SYNC001"):
        quay.take("jira", "recipes/jira.yaml", now)
    pier.keep("jira", Kept(cursor=77))
    pier.let_go(holder)
    quay.take("jira", "recipes/jira.yaml", now)
    assert quay.find("jira")[1].cursor == 77
