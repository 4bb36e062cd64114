"""Each value tells its source, key with link, batch, time and what the recipe made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.two_sources import ANA, MODEL, TRACKER, Clock, bring

from latticework.journal.changes import Put
from latticework.surfaces.sights import sight_of
from latticework.surfaces.web.properties import properties_of
from latticework.views.catalogue import views
from latticework.workspace import Workspace
from latticework.workspace.joining import join

RECIPE = TRACKER.replace(
    "email: mail",
    "email: {from: mail, words: {hq: office@harbour.eu, head office: office@harbour.eu}}",
)


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        bring(workspace, RECIPE, people=[{**ANA, "mail": "HQ"}], wishes=[])
        yield workspace


def said(workspace: Workspace, ref: str) -> dict[str, dict[str, object]]:
    page = views()["thing"].build(sight_of(workspace), {"ref": ref})
    [data] = page.data
    found = json.loads(json.dumps(data["said"]))
    assert isinstance(found, dict)
    return found


def test_a_value_leads_back_to_its_record_and_tells_what_became_of_its_text(
    harbour: Workspace,
) -> None:
    email = said(harbour, "person/ana")["email"]
    assert email["link"] == "https://tracker.example/browse/ana"
    assert email["key"] == "ana"
    assert email["transform"] == "mail: hq, head office → office@harbour.eu"
    assert str(email["file"]) == "tracker.json"
    assert email["batch"]
    assert said(harbour, "person/ana")["title"]["transform"] == "name"


def test_a_persons_value_has_no_key_and_no_transform(harbour: Workspace) -> None:
    harbour.append([Put("person/ana", {"town": "Porto"})], by="bea")
    town = said(harbour, "person/ana")["town"]
    assert (town["by"], town["key"], town["link"], town["transform"]) == ("bea", "", "", "")


def test_a_joined_value_still_leads_to_its_own_source(harbour: Workspace) -> None:
    harbour.append([Put("person/al", {"title": "Ana Lima"})])
    join(harbour, "person/ana", "person/al", by="bea")
    email = said(harbour, "person/al")["email"]
    assert email["link"] == "https://tracker.example/browse/ana"


def test_the_page_shows_the_same_and_a_key_cannot_break_out_of_its_link(
    harbour: Workspace,
) -> None:
    odd = {"login": 'a"><b?x=1', "name": "Odd", "mail": "odd@x.eu"}
    bring(harbour, RECIPE, people=[{**ANA, "mail": "HQ"}, odd], wishes=[])
    sight = sight_of(harbour)
    [node] = [n for n in sight.graph.ids_of("person").tolist() if "ana" not in sight.graph.refs[n]]
    kind = sight.graph.model.kinds_by_name["person"]
    entries = sight.graph.history(sight.graph.refs[node])
    [title] = [e for e in properties_of(sight, node, kind, entries) if e.name == "title"]
    assert title.source is not None
    assert title.source.key == 'a"><b?x=1'
    assert title.source.link == "https://tracker.example/browse/a%22%3E%3Cb%3Fx%3D1"


def test_without_its_recipe_a_value_tells_what_the_journal_knows(harbour: Workspace) -> None:
    harbour.folder.recipe_file("tracker").unlink()
    email = said(harbour, "person/ana")["email"]
    assert (email["key"], email["link"], email["transform"]) == ("ana", "", "")
