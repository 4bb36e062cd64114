"""Records that tell their past: each turn is so since its own day."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from latticework.base.times import Instant, Moment, instant_of
from latticework.graph.graph import Graph
from latticework.journal.changes import Connect, Put
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.sources.recipes.recipe import load_recipe
from latticework.workspace.workspace import Workspace

MODEL = """
company: Harbour
kinds:
  person: {family: collaboration, many: people}
  wish:
    family: intent
    many: wishes
    fields: {size: number, tags: text many, note: text, seen: text}
    stages: {open: proposed, doing: active, done: done}
    links:
      done by: {to: person, back: does}
      needs: {to: wish, back: is needed for}
"""

RECIPE = """
recipe: wishes
reads: wishes.json
valid: {first: created, then: updated}
kinds:
  wish:
    key: id
    gone: {seen: gone}
    fields:
      title: title
      stage: {from: state, words: {todo: open, new: open, wip: doing, ready: done}}
      size: size
      tags: tags
      note: {from: note, wins: ask}
    links:
      done by: {person: owner}
      needs: {wish: needs}
      is needed for: {wish: needed for}
    history:
      from: log
      valid: when
      by: who
      what: what
      before: was
      after: is
      begins: created
      turns:
        stage: state
        size: [size, points]
        tags: tag
        done by: owner
        needs: {what: link, where: {how: needs*}}
        is needed for: {what: link, where: {how: needed*}}
  person:
    - {mentioned in: wish.owner, key: it, fields: {title: it}}
    - {mentioned in: wish.log, where: {what: owner}, key: was or is}
    - {mentioned in: wish.log, where: {what: owner}, key: is or was}
"""

W1 = {
    "id": "W-1",
    "title": "Lights",
    "state": "ready",
    "size": "5",
    "tags": ["pier", "night"],
    "owner": "ben",
    "needs": ["W-2"],
    "created": "2026-01-01",
    "updated": "2026-01-20",
    "log": [
        {"what": "state", "was": "wip", "is": "ready", "when": "2026-01-20", "who": "Ben"},
        {"what": "owner", "was": "ada", "is": "ben", "when": "2026-01-15", "who": "Ada"},
        {"what": "link", "is": "W-2", "when": "2026-01-12", "who": "Ada", "how": "needs this"},
        {"what": "tag", "is": "night", "when": "2026-01-11", "who": "Ada"},
        {"what": "tag", "was": "old", "when": "2026-01-11", "who": "Ada"},
        {"what": "state", "was": "todo", "is": "wip", "when": "2026-01-10", "who": "Ada"},
    ],
}
W2 = {
    "id": "W-2",
    "title": "Cables",
    "state": "todo",
    "needed for": ["W-1"],
    "created": "2026-01-05",
    "log": [
        {"what": "link", "is": "W-1", "when": "2026-01-12", "who": "Ada", "how": "needed by"},
    ],
}


def on(day: str) -> Instant:
    """Noon of a day."""
    return instant_of(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC))


class Harbour:
    """A company with a folder of wishes beside it."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.company = Workspace.init(room / "harbour", model_text=MODEL)
        self.recipe = room / "wishes.recipe.yaml"
        self.recipe.write_text(RECIPE)

    def take(self, *wishes: object) -> tuple[int, list[str]]:
        """Import these; how many changes, and codes of findings."""
        (self.room / "wishes.json").write_text(json.dumps(wishes))
        imported = self.company.import_recipe(self.recipe)
        return imported.changes, [each.code for each in imported.findings]

    def at(self, day: str) -> Graph:
        return self.company.graph().at(Moment(valid=on(day)))

    def wish(self, day: str, ref: str = "wish/w-1") -> dict[str, object]:
        node = self.at(day).node(ref)
        return {
            **{name: value for name, value in node.fields.items() if name != "title"},
            **{link: [str(end) for end in ends] for link, ends in node.links.items()},
        }


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path)


def test_a_past_day_shows_what_was_so_then(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    assert harbour.at("2025-12-30").alive.sum() == 0
    assert harbour.wish("2026-01-02") == {
        "stage": "open",
        "size": "5",
        "tags": ("pier", "old"),
        "done by": ["person/ada"],
    }
    assert harbour.wish("2026-01-13") == {
        "stage": "doing",
        "size": "5",
        "tags": ("pier", "night"),
        "done by": ["person/ada"],
        "needs": ["wish/w-2"],
    }
    assert harbour.wish("2026-02-01")["stage"] == "done"
    assert harbour.wish("2026-02-01")["done by"] == ["person/ben"]


def test_importing_a_history_again_changes_nothing(harbour: Harbour) -> None:
    assert harbour.take(W1, W2)[0] > 10
    assert harbour.take(W1, W2) == (0, [])
    assert harbour.take(W2, W1) == (0, [])


def test_a_further_turn_is_all_that_is_new(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    turn = {"what": "state", "was": "ready", "is": "wip", "when": "2026-02-10", "who": "Cid"}
    harbour.take({**W1, "state": "wip", "log": [turn, *W1["log"]]}, W2)
    assert harbour.company.graph().history("wish/w-1")[-1].by == "Cid"
    assert harbour.wish("2026-02-09")["stage"] == "done"
    assert harbour.wish("2026-02-11")["stage"] == "doing"


def test_a_turn_is_by_whoever_made_it_then(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    stages = [
        (entry.by, entry.change.fields["stage"])
        for entry in harbour.company.graph().history("wish/w-1")
        if isinstance(entry.change, Put) and "stage" in entry.change.fields
    ]
    assert stages[1:] == [("Ada", "doing"), ("Ben", "done")]


def test_a_link_told_at_both_ends_is_drawn_once(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    drawn = [
        entry
        for entry in harbour.company.graph().history("wish/w-2")
        if isinstance(entry.change, Connect)
    ]
    assert len(drawn) == 1


def test_a_word_renamed_at_the_source_is_a_notice_and_the_present_stands(harbour: Harbour) -> None:
    renamed = {**W2, "state": "new", "log": [], "size": "8"}
    renamed["log"] = [{"what": "size", "was": "2", "is": "3", "when": "2026-01-07", "who": "Ada"}]
    changes, codes = harbour.take(W1, renamed)
    assert changes
    assert "SOURCE040" in codes
    assert harbour.wish("2026-01-08", "wish/w-2")["size"] == "3"
    assert harbour.company.graph().node("wish/w-2").fields["size"] == "8"
    assert harbour.take(W1, renamed)[0] == 0


def test_what_is_new_of_a_known_thing_holds_since_it_was_updated(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    harbour.take({**W1, "title": "Bright lights", "updated": "2026-03-01"}, W2)
    assert harbour.at("2026-02-20").node("wish/w-1").title == "Lights"
    assert harbour.at("2026-03-02").node("wish/w-1").title == "Bright lights"


def test_a_vanished_record_is_marked_and_unmarked_when_it_is_back(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    harbour.take(W1)
    assert harbour.company.graph().node("wish/w-2").fields["seen"] == "gone"
    assert harbour.take(W1)[0] == 0
    harbour.take(W1, W2)
    assert "seen" not in harbour.company.graph().node("wish/w-2").fields


def test_where_both_say_something_the_recipe_says_who_wins(harbour: Harbour) -> None:
    harbour.take({**W1, "note": "theirs"}, W2)
    ours = Put("wish/w-1", {"note": "ours", "title": "Our lights"})
    harbour.company.append([ours], by="ada")
    _, codes = harbour.take({**W1, "note": "theirs"}, W2)
    node = harbour.company.graph().node("wish/w-1")
    assert (node.fields["note"], node.title) == ("ours", "Lights")
    assert "SOURCE041" in codes


def test_any_order_of_batches_gives_the_same_graph(harbour: Harbour) -> None:
    harbour.take(W1, W2)
    intake = read(
        load_recipe(RECIPE, model=harbour.company.graph().model),
        harbour.room,
        Beforehand(now=on("2026-04-01")),
    )
    batches = list(intake.batches)
    days = [f"2026-01-{day:02}" for day in range(1, 25)]
    chance = random.Random(5)
    graphs = []
    for _ in range(4):
        chance.shuffle(batches)
        company = Workspace.init(harbour.room / f"{chance.random()}", model_text=MODEL)
        company.store.append(tuple(batches), now=company.now())
        graphs.append(company.graph())
    told = [[_said(graph, day) for day in days] for graph in graphs]
    assert all(each == told[0] for each in told)


def _said(graph: Graph, day: str) -> dict[str, object]:
    at = graph.at(Moment(valid=on(day)))
    nodes = [at.node(int(number)) for number in at.alive.nonzero()[0]]
    return {str(node.ref): (dict(node.fields), dict(node.links)) for node in nodes}
