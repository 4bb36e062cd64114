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


def words(html: str) -> str:
    """The words of a page's middle, one space between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def test_numbers_say_beside_themselves_what_they_were(client: TestClient) -> None:
    canvas = words(client.get("/?against=spring").text)
    assert re.search(r"goals .*?2 was 1 ", canvas)
    assert "bets" in canvas
    assert "3 was" not in canvas, "there were three bets all the time"
    board = words(client.get("/views/board?query=bet&by=stage&against=spring").text)
    assert "Building 2 was 1" in board
    matrix = words(client.get("/views/matrix?across=stage&down=due&query=bet&against=spring").text)
    assert "2026-09 1 was none 1 none 1 1 was none 2 all 2 was 1 1 was none 3 No" in matrix
    assert "No longer here: Discovery." in matrix
    kinds = words(client.get("/views/kinds?against=spring").text)
    assert re.search(r"goals? .*?2 was 1", kinds)
    assert 'class="was"' not in client.get("/views/board?query=bet&by=stage").text


def test_a_lens_that_asks_by_itself_tells_what_became_of_its_own_question(
    client: TestClient,
) -> None:
    """Bets are asked for; the goal that is new is none of them."""
    html = client.get("/views/board?against=spring").text
    said = words(html.partition('class="past against"')[2].replace("<main", "", 1))
    assert "1 given up" in html.replace("</span>", "").replace(
        '<span class="changed-given-up">', ""
    )
    assert "1 new" not in said


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
