"""Histories of files follow joins, splits and match rules as other imports do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.harbour import Commit, history
from tests.sources.two_sources import ANA, MODEL, TRACKER, Clock, bring, codes, fields, people

from latticework.journal.changes import Put
from latticework.workspace import Workspace
from latticework.workspace.deciding import THEIRS, decide
from latticework.workspace.importing import Imported
from latticework.workspace.joining import join, keys_of, split

CREW = """
recipe: crew
reads: "*.yaml"
valid: commit
kinds:
  person:
    from: crew
    key: handle
    fields: {title: name, email: mail, town: town}
"""
MATCHED = CREW + "    match: {by: [email]}\n"
ADA = {"login": "ada", "name": "Ada Byron", "mail": "ada@harbour.eu"}


def crew(*rows: str) -> dict[str, str | None]:
    """A file with a person in each row: handle, name, mail, town."""
    lines = [
        "- {" + ", ".join(f"{k}: {v}" for k, v in zip(NAMES, row.split(), strict=False)) + "}"
        for row in rows
    ]
    return {"crew.yaml": "crew:\n" + "\n".join(lines) + "\n"}


NAMES = ("handle", "name", "mail", "town")


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Workspace]:
    """Ana and Ada, as a tracker knows them."""
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        bring(workspace, TRACKER, people=[ANA, ADA], wishes=[])
        yield workspace


def take(workspace: Workspace, recipe: str, *commits: Commit) -> Imported:
    """Add commits to the repository of the crew, and import it."""
    folder = workspace.folder.path.parent
    history(folder / "crew.git", commits)
    (folder / "crew.recipe.yaml").write_text(recipe)
    return workspace.import_recipe(folder / "crew.recipe.yaml", folder / "crew.git")


def test_a_record_of_a_history_goes_to_the_thing_that_has_its_email(harbour: Workspace) -> None:
    imported = take(
        harbour,
        MATCHED,
        Commit(crew("lima Lima ANA@harbour.eu Porto"), 1),
        Commit(crew("lima Lima ANA@harbour.eu Faro", "new Neo neo@harbour.eu Porto"), 2),
    )
    assert "SOURCE080" in codes(imported)
    assert people(harbour) == ["person/ada", "person/ana", "person/new"]
    assert fields(harbour, "person/ana")["town"] == "Faro"
    assert keys_of(harbour.graph(), "person/ana") == (("tracker", "ana"), ("crew", "lima"))


def test_only_what_is_new_is_matched_a_later_email_leads_nowhere_else(harbour: Workspace) -> None:
    take(
        harbour,
        MATCHED,
        Commit(crew("neo Neo neo@harbour.eu Porto"), 1),
        Commit(crew("neo Neo ada@harbour.eu Porto"), 2),
    )
    assert people(harbour) == ["person/ada", "person/ana", "person/neo"]
    assert fields(harbour, "person/neo")["email"] == "ada@harbour.eu"


def test_what_was_joined_stays_joined_and_what_was_split_stays_apart(harbour: Workspace) -> None:
    take(harbour, CREW, Commit(crew("lima Lima l@x Porto"), 1))
    join(harbour, "person/lima", "person/ana", by="bea")
    take(harbour, CREW, Commit(crew("lima Lima l@x Faro"), 2))
    assert people(harbour) == ["person/ada", "person/ana"]
    assert fields(harbour, "person/ana")["town"] == "Faro"
    split(harbour, "person/lima", by="bea")
    take(harbour, CREW, Commit(crew("lima Lima l@x Beja"), 3))
    assert fields(harbour, "person/lima")["town"] == "Beja"
    assert fields(harbour, "person/ana").get("town") != "Beja"


def test_a_file_that_ends_ends_nothing_that_another_source_knows(harbour: Workspace) -> None:
    both = crew("lima Lima ANA@harbour.eu Porto", "neo Neo n@x Faro")
    take(harbour, MATCHED, Commit(both, 1))
    imported = take(harbour, MATCHED, Commit(crew(), 2))
    assert "SOURCE083" in codes(imported)
    assert people(harbour) == ["person/ada", "person/ana"]


def test_a_history_is_the_same_however_many_imports_it_took(tmp_path: Path) -> None:
    said: list[list[dict[str, object]]] = []
    commits = [
        Commit(crew("lima Lima ANA@harbour.eu Porto"), 1),
        Commit(crew("lima Lima ANA@harbour.eu Faro", "neo Neo n@x Faro"), 2),
        Commit(crew("neo Neo n@x Beja"), 3),
    ]
    for steps in ([commits], [[each] for each in commits]):
        folder = tmp_path / str(len(steps))
        folder.mkdir()
        with Workspace.init(folder / "co", model_text=MODEL, clock=Clock()) as company:
            bring(company, TRACKER, people=[ANA, ADA], wishes=[])
            for step in steps:
                take(company, MATCHED, *step)
            said.append([fields(company, ref) for ref in people(company)])
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("wins", "stands"), [("source", "Beja"), ("ours", "Faro"), ("ask", "Faro")]
)
def test_a_history_gives_way_to_what_we_said_as_its_recipe_says(
    harbour: Workspace, wins: str, stands: str
) -> None:
    """The file says Porto, somebody writes Faro, a later commit says Beja."""
    recipe = CREW.replace("town: town", f"town: {{from: town, wins: {wins}}}")
    take(harbour, recipe, Commit(crew("neo Neo n@x Porto"), 1))
    harbour.append([Put("person/neo", {"town": "Faro"})], by="bea", valid="2026-03-02")
    told = take(harbour, recipe, Commit(crew("neo Neo n@x Beja"), 3))
    assert fields(harbour, "person/neo")["town"] == stands
    waits = harbour.conflicts(harbour.graph())
    assert [each.ref for each in waits] == (["person/neo"] if wins == "ask" else [])
    assert ("SOURCE041" in codes(told)) == (wins == "ask")
    if wins == "ask":
        decide(harbour, {"person/neo#town": THEIRS}, by="bea")
        assert fields(harbour, "person/neo")["town"] == "Beja"
    assert not take(harbour, recipe).changes
