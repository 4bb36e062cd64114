"""A page compared with an earlier moment marks what has changed, in every block."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from tests.surfaces.pages import read

from latticework.base.times import parse_instant
from latticework.graph.little import batches_of
from latticework.model.amend import amend
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

NOW = parse_instant("2026-06-15T12:00:00Z")

MODEL = """\
company: Harbour
kinds:
  goal:
    family: intent
    many: goals
    links: {serves: {to: goal, back: is served by, shape: acyclic}}
  bet:
    family: investment
    many: bets
    fields: {due: day range, cost: money range}
    stages: {Discovery: proposed, Building: active, Killed: dropped}
    links: {serves: {to: goal}}
"""

STORY = """
on: 2026-01-10
goal/reach: {title: Reach every island}
bet/ferry: {title: Ferry, stage: Discovery, due: 2026-09, serves: goal/reach}
bet/raft: {title: Raft, stage: Discovery}
bet/lamp: {title: Lamp, stage: Building}
---
on: 2026-05-01
goal/calm: {title: Calm mornings, serves: goal/reach}
bet/ferry: {stage: Building}
bet/raft: {stage: Killed}
bet/lamp: {cost: 10k}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("against") / "harbour"
    with Workspace.init(folder, model_text=MODEL, clock=lambda: NOW) as workspace:
        for batch in batches_of(STORY, workspace.model):
            workspace.store.append([batch], now=batch.valid or NOW)
        workspace.shape(amend(workspace.folder.model_text(), ("moments", "spring"), "2026-03-01"))
        with TestClient(app_of(workspace), base_url="http://127.0.0.1") as opened:
            yield opened


def marks(client: TestClient, address: str) -> dict[str, str]:
    html = client.get(address).text
    assert not read(html).wrong
    return dict(re.findall(r'data-(?:ref|bar)="([^"]*)" data-changed="([^"]*)"', html))


EVERY = {"bet/ferry": "stage", "bet/raft": "given up", "bet/lamp": "changed"}
LENSES = ("/ask?q=bet", "/views/board?query=bet", "/views/timeline?query=bet", "/kinds/bet")


@pytest.mark.parametrize("address", LENSES)
def test_each_lens_marks_the_same_things(client: TestClient, address: str) -> None:
    joint = "&" if "?" in address else "?"
    found = marks(client, f"{address}{joint}against=2026-03-01")
    assert {ref: found[ref] for ref in found.keys() & EVERY.keys()} == {
        ref: EVERY[ref] for ref in found.keys() & EVERY.keys()
    }
    assert "bet/ferry" in found


def test_what_began_since_is_new_in_the_tree(client: TestClient) -> None:
    found = marks(client, "/tree?start=goal&against=spring")
    assert found["goal/calm"] == "new"


def test_what_answered_then_and_does_not_now_is_listed_as_no_longer_here(
    client: TestClient,
) -> None:
    html = client.get("/ask?q=bet where stage is Discovery&against=spring").text
    assert "2 no longer here" in html
    assert "Raft" in html


def test_nothing_is_marked_without_an_earlier_moment(client: TestClient) -> None:
    assert marks(client, "/ask?q=bet") == {}


def test_links_keep_the_comparison_until_it_is_stopped(client: TestClient) -> None:
    html = client.get("/ask?q=bet&against=spring").text
    assert "/thing/bet/ferry?against=spring" in html
    assert 'href="/ask?q=bet"' in html


def test_a_moment_nobody_named_is_said(client: TestClient) -> None:
    answer = client.get("/ask?q=bet&against=sprong")
    assert answer.status_code == 400
    assert "spring" in answer.text
