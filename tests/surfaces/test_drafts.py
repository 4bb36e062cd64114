"""What lines of text would make: titles, refs that are free, what is there already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from latticework.journal.changes import Put, Retire
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.drafts import drafts_of, lines_of
from latticework.workspace import Workspace

MODEL = """
company: Harbour
kinds:
  goal: {family: intent, fields: {address: url}}
  bet: {family: intent}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A harbour with two goals, one of them given up."""
    with Workspace.init(tmp_path / "harbour", model_text=MODEL) as opened:
        goals = {"goal/dry-feet": "Dry feet", "goal/reach": "Reach every island"}
        opened.append([Put(ref, {"title": title}) for ref, title in goals.items()])
        opened.append([Retire("goal/reach")])
        yield opened


def test_what_makes_a_line_one_of_a_list_is_none_of_its_title() -> None:
    text = "- One\n* [ ] Two\n  3. [x] Three\n\n\t• Four\n-5 degrees\n2024. A year"
    assert lines_of(text) == ("One", "Two", "Three", "Four", "-5 degrees", "A year")


def test_refs_are_free_and_none_is_given_twice(workspace: Workspace) -> None:
    graph = workspace.graph()
    drafts = drafts_of(
        graph, graph.model.kinds_by_name["goal"], ["Reach", "Dry feet", "Dry  feet!", "Új cél"]
    )
    refs = [each.ref for each in drafts]
    assert refs == ["goal/reach-2", "goal/dry-feet-2", "goal/dry-feet-3", "goal/új-cél"]


def test_each_line_is_told_what_bears_its_title_already(workspace: Workspace) -> None:
    graph = workspace.graph()
    lines = ["Wider quays", "feet, DRY", "Reach every island", "…"]
    drafts = drafts_of(graph, graph.model.kinds_by_name["goal"], lines)
    alike = [[thing.ref for thing in each.alike] for each in drafts]
    assert alike == [[], ["goal/dry-feet"], [], []], "what is no more is nothing to be doubled"


def test_an_address_is_a_title_and_where_it_lies(workspace: Workspace) -> None:
    """Goals say where they lie; bets do not, and keep the whole address as their title."""
    graph = workspace.graph()
    address = "https://plans.example/2026/Quiet-nights.html?x=1"
    for kind, fields in (
        ("goal", {"title": "Quiet nights", "address": address}),
        ("bet", {"title": address}),
    ):
        (draft,) = drafts_of(graph, graph.model.kinds_by_name[kind], [address])
        assert draft.fields == fields


def test_the_call_drafts_and_records_nothing(workspace: Workspace) -> None:
    head = workspace.store.head()
    with TestClient(app_of(workspace), base_url="http://localhost") as client:
        sent = {"kind": "goal", "lines": "1. Dry feet\n2. https://h.example/Wider-quays"}
        answer = client.post("/api/drafts", json=sent)
        first, second = answer.json()["drafts"]
        wrong = client.post("/api/drafts", json={"kind": "gaol", "lines": "x"})
    assert first["ref"] == "goal/dry-feet-2"
    assert first["alike"] == [{"ref": "goal/dry-feet", "title": "Dry feet"}]
    assert second["fields"]["title"] == "Wider quays"
    assert wrong.status_code == 404
    assert "did you mean 'goal'" in wrong.json()["findings"][0]["hint"]
    assert workspace.store.head() == head
