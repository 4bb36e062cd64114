"""The example recipes read their recordings: what they say, when, and only once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, ROOT, Example, everything, noon

from latticework.base.findings import Severity
from latticework.base.times import Moment
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace.workspace import Workspace

OTHERS = {("okr", "quarters.csv"): "quarters", ("metrics", "wide.csv"): "wide"}
"""Recordings that another recipe of their example reads than the one of its name."""

ASKED = {("metrics", "answer.json")}
"""What only a fetcher brings: see test_syncing_examples."""

EVERY = [
    (folder.name, each.name)
    for folder in sorted(ROOT.glob("examples/*/"))
    for each in sorted((RECORDINGS / folder.name).glob("*"))
    if each.name != "README.md" and (folder.name, each.name) not in ASKED
]


def given(name: str, recording: str, room: Path) -> Example:
    """The company of an example, and the recording where its recipe looks."""
    example = Example(name, room, OTHERS.get((name, recording), ""))
    example.give(recording)
    return example


@pytest.mark.parametrize(("name", "recording"), EVERY)
def test_importing_twice_changes_nothing(name: str, recording: str, tmp_path: Path) -> None:
    example = given(name, recording, tmp_path)
    first = example.take()
    assert first.changes
    assert not [each for each in first.findings if each.severity is Severity.ERROR]
    assert example.take().changes == 0


@pytest.mark.parametrize(("name", "recording"), EVERY)
def test_any_order_of_batches_gives_the_same_graphs(
    name: str, recording: str, tmp_path: Path
) -> None:
    example = given(name, recording, tmp_path)
    recipe = load_recipe(example.recipe.read_text(encoding="utf-8"), model=example.company.model)
    batches = list(read(recipe, example.intake, Beforehand(now=noon("2026-11-01"))).batches)
    model = (ROOT / "examples" / name / "latticework.yaml").read_text(encoding="utf-8")
    told = []
    for number in range(3):
        company = Workspace.init(tmp_path / str(number), model_text=model)
        company.store.append(tuple(batches), now=company.now())
        days = (f"2026-0{month}-{day:02}" for month in range(1, 4) for day in (3, 9, 16, 27))
        graph = company.graph()
        told.append([everything(graph.at(Moment(valid=noon(day)))) for day in days])
        random.Random(number).shuffle(batches)
    assert told[0] == told[1] == told[2]


def test_a_timeline_of_github_is_replayed(tmp_path: Path) -> None:
    harbour = Example("github", tmp_path)
    harbour.give("rest.json")
    harbour.take()
    first = harbour.said("issue/pier-1", "2026-01-07")
    assert (first["title"], first["labels"], first["is done by"]) == (
        "Ferry",
        ("epic",),
        ["person/cid"],
    )
    assert harbour.said("issue/pier-1", "2026-02-15")["stage"] == "not planned"
    now = harbour.said("issue/pier-1")
    assert (now["stage"], now["aims at"]) == ("open", ["milestone/summer"])
    assert (now["labels"], now["is done by"]) == (("epic", "night"), ["person/ben"])
    assert harbour.said("issue/pier-2")["stage"] == "merged"
    assert harbour.said("issue/pier-2", "2026-02-16")["stage"] == "open"
    assert harbour.said("issue/pier-3")["is part of"] == ["issue/pier-1"]


def test_a_project_of_github_gives_its_values_to_its_issues(tmp_path: Path) -> None:
    harbour = Example("github", tmp_path)
    harbour.give("graphql.json", "rest.json")
    harbour.take()
    tickets = harbour.said("issue/desk-7")
    assert (tickets["status"], tickets["is part of"]) == ("In Progress", ["issue/pier-1"])
    assert harbour.said("issue/desk-7", "2026-02-02")["status"] == "Todo"
    assert "is part of" not in harbour.said("issue/desk-7", "2026-02-02")


def test_linear_tells_health_cycles_and_links_from_both_ends(tmp_path: Path) -> None:
    harbour = Example("linear", tmp_path)
    harbour.give("graphql.json")
    harbour.take()
    assert "health" not in harbour.said("project/p-1", "2026-01-20")
    assert harbour.said("project/p-1", "2026-02-15")["health"] == "on track"
    assert harbour.said("project/p-1")["health"] == "at risk"
    assert harbour.said("project/p-1")["serves"] == ["initiative/n-1"]
    ferry = harbour.said("issue/har-1", "2026-01-10")
    assert (ferry["stage"], ferry["points"], ferry["labels"]) == ("Waiting", "3", ("idea",))
    now = harbour.said("issue/har-1")
    assert (now["stage"], now["is done by"]) == ("Begun", ["person/ada"])
    assert now["blocks"] == ["issue/har-2"]
    assert now["is part of"] == ["project/p-1"]


def test_an_update_of_linear_says_what_was_said_of_a_project_then(tmp_path: Path) -> None:
    harbour = Example("linear", tmp_path)
    harbour.give("graphql.json")
    harbour.take()
    late = harbour.said("update/up-2")
    assert (late["says"], late["health"], late["title"]) == (
        "Lamps are late",
        "at risk",
        "2026-03-01",
    )
    assert (late["tells of"], late["is written by"]) == (["project/p-1"], ["person/ada"])
    assert "update/up-1" in everything(harbour.at("2026-02-15"))
    assert "update/up-2" not in everything(harbour.at("2026-02-15"))


def test_an_export_of_linear_splits_its_lists_and_forgives_short_rows(tmp_path: Path) -> None:
    harbour = Example("linear", tmp_path)
    harbour.give("export.csv")
    taken = harbour.take()
    assert "SOURCE007" not in {each.code for each in taken.findings}
    ferry = harbour.said("issue/har-1")
    assert (ferry["labels"], ferry["about"]) == (("night", "pier"), "Boats\nat night")
    assert ferry["blocks"] == ["issue/har-2"]
    assert harbour.said("issue/har-1", "2026-01-06")["title"] == "Night ferry"
