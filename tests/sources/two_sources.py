"""A tracker and an office that both know Ana, for tests of who is who."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from latticework.base.times import Instant, parse_instant
from latticework.journal.changes import Put
from latticework.workspace import Workspace
from latticework.workspace.importing import Imported

MODEL = """
company: Harbour
zone: UTC
kinds:
  person: {family: collaboration, many: people, fields: {email: text, town: text}}
  wish:
    family: intent
    many: wishes
    fields: {size: text}
    links: {done by: {to: person, back: does}}
"""
TRACKER = """
recipe: tracker
reads: tracker.json
valid: {first: created, then: updated}
link: "https://tracker.example/browse/{key}"
kinds:
  person:
    from: people
    key: login
    fields: {title: name, email: mail}
  wish:
    from: wishes
    key: id
    gone: keep
    fields: {title: title, size: {from: size, wins: ask}}
    links: {done by: {person: owner}}
"""
OFFICE = """
recipe: office
reads: office.json
kinds:
  person:
    from: people
    key: number
    match: {by: [email, title], names: title}
    fields: {title: name, email: mail, town: town}
"""
ANA = {"login": "ana", "name": "Ana Lima", "mail": "ana@harbour.eu"}
ANA_IN_OFFICE = {"number": "4711", "name": "Lima, Ana", "mail": "ANA@harbour.eu", "town": "Porto"}
FERRY = {
    "id": "F-1",
    "title": "Ferry",
    "size": "5",
    "owner": "ana",
    "created": "2026-01-01",
    "updated": "2026-01-02",
}
RAFT = {**FERRY, "id": "F-2", "title": "Raft"}


class Clock:
    """A clock that ticks a minute each time it is asked."""

    def __init__(self) -> None:
        self.at: Instant = parse_instant("2026-06-01T12:00:00Z")

    def __call__(self) -> Instant:
        self.at += 60_000_000
        return self.at


def bring(workspace: Workspace, recipe: str, **lists: list[dict[str, str]]) -> Imported:
    """Import what a source's file holds."""
    name = recipe.split()[1]
    folder = workspace.folder.path.parent
    (folder / f"{name}.recipe.yaml").write_text(recipe)
    (folder / f"{name}.json").write_text(json.dumps(lists))
    return workspace.import_recipe(folder / f"{name}.recipe.yaml", folder / f"{name}.json")


def fields(workspace: Workspace, ref: str) -> dict[str, object]:
    return {n: v for n, v in workspace.graph().node(ref).fields.items() if v is not None}


def people(workspace: Workspace) -> list[str]:
    graph = workspace.graph()
    return sorted(graph.refs.gather(graph.ids_of("person")).to_list())


def codes(imported: Imported) -> list[str]:
    return [finding.code for finding in imported.findings]


@contextmanager
def disputed(folder: Path) -> Iterator[Workspace]:
    """Ana stands in two sources, and two sizes differ from the tracker's."""
    with Workspace.init(folder / "co", model_text=MODEL, clock=Clock()) as opened:
        bring(opened, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        bring(opened, OFFICE, people=[{"number": "7", "name": "A. Lima", "town": "Porto"}])
        opened.append([Put(f"wish/f-{n}", {"size": "8"}) for n in (1, 2)], by="bea")
        bring(opened, TRACKER, people=[ANA], wishes=[FERRY, RAFT])
        yield opened
