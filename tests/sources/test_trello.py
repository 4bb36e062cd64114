"""Boards of Trello: lists are stages, and actions tell the past as far as they reach."""

from __future__ import annotations

import json as stdlib_json
from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.sources.source import source_for
from latticework.sources.tree import Fields, Items, plain
from latticework.sources.trello import trello

BOARD = (RECORDINGS / "trello" / "board.json").read_text(encoding="utf-8")


def told(text: str, name: str, key: str) -> dict[str, dict[str, object]]:
    """What the reader makes of a board: things of one name by their key."""
    tree = trello.read(text).tree
    assert isinstance(tree, Fields)
    things = plain(tree[name])
    assert isinstance(things, list)
    return {each[key]: each for each in things}


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    example = Example("trello", tmp_path)
    example.give("board.json")
    return example


def test_a_board_is_told_by_what_it_holds() -> None:
    found = source_for(BOARD, "export.txt")
    assert found is not None
    assert found.name == "trello"


def test_a_card_has_its_list_labels_people_values_and_checks() -> None:
    ferry = told(BOARD, "cards", "key")["Fer12abc"]
    assert (ferry["status"], ferry["labels"]) == ("Under way", ["night"])
    assert (ferry["created"], ferry["due"]) == ("2026-01-05T09:00:00Z", "2026-06-30")
    assert ferry["custom"] == {"Points": "5", "Size": "Large"}
    assert ferry["members"] == ["adabyron"]
    assert ferry["checklists"] == [
        {
            "name": "Before it sails",
            "items": [
                {"name": "Lamps", "state": "complete", "member": "benokri"},
                {"name": "Permit", "state": "incomplete", "due": "2026-05-01"},
            ],
        }
    ]


def test_archived_cards_and_cards_of_archived_lists_are_marked() -> None:
    cards = told(BOARD, "cards", "key")
    marks = {each["title"]: each.get("archived") for each in cards.values()}
    assert {title for title, mark in marks.items() if mark is None} == {
        "Night ferry",
        "Lights on the pier",
        "Buoys",
    }
    assert (marks["Rope"], marks["Nets"]) == ("card", "list")
    assert cards["Rop56ghi"]["labels"] == ["red"]
    assert told(BOARD, "lists", "name")["Old plans"]["archived"] == "list"


def test_attached_cards_are_links_and_unknown_fields_keep_their_names() -> None:
    lights = told(BOARD, "cards", "key")["Lig34def"]
    assert lights["relates"] == ["Fer12abc"]
    assert lights["attachments"] == ["https://trello.com/1/cards/x/lamps.pdf"]
    assert lights["dateCompleted"] == "2026-02-20T10:00:00.000Z"


def test_actions_are_replayed_and_a_renamed_list_is_still_the_same_stage(harbour: Example) -> None:
    taken = harbour.take()
    assert not [each for each in taken.findings if each.code in {"SOURCE015", "SOURCE040"}]
    first = harbour.said("card/fer12abc", "2026-01-07")
    assert (first["title"], first["stage"], first["points"]) == ("Ferry", "Idea", "3")
    assert (first["due"], first["is done by"]) == ("2026-05-31", ["person/benokri"])
    later = harbour.said("card/fer12abc", "2026-02-09")
    assert (later["title"], later["stage"]) == ("Night ferry", "Under way")
    assert (later["due"], later["is done by"]) == ("2026-06-30", ["person/adabyron"])
    assert harbour.said("card/fer12abc")["points"] == "5"
    assert "archived" not in harbour.said("card/rop56ghi", "2026-02-25")
    assert harbour.said("card/rop56ghi")["archived"] == "card"


def test_a_card_older_than_the_actions_has_no_stage_before_them(harbour: Example) -> None:
    cut = [each for each in harbour.take().findings if each.code == "SOURCE071"]
    assert [each.says for each in cut] == [
        "the history reaches back to 2026-01-05, and 2 cards are older"
    ]
    assert "stage" not in harbour.said("card/lig34def", "2025-12-24")
    assert harbour.said("card/lig34def", "2026-01-06")["stage"] == "Under way"


def test_a_card_from_another_board_begins_where_it_came(harbour: Example) -> None:
    harbour.take()
    assert "stage" not in harbour.said("card/buo90mno", "2026-02-09")
    assert harbour.said("card/buo90mno", "2026-02-11")["stage"] == "Idea"


def test_a_board_without_actions_says_nothing_of_its_past() -> None:
    board = stdlib_json.loads(BOARD)
    for empty in ({**board, "actions": []}, {k: v for k, v in board.items() if k != "actions"}):
        text = stdlib_json.dumps(empty)
        assert "history" not in told(text, "cards", "key")["Fer12abc"]
        assert not trello.read(text).findings


def test_several_boards_in_a_list_are_one_company() -> None:
    other = stdlib_json.loads(BOARD) | {"id": "x", "name": "Quay", "shortLink": "Quay0001"}
    text = f"[{BOARD}, {stdlib_json.dumps(other)}]"
    assert set(told(text, "boards", "key")) == {"HarBour1", "Quay0001"}


def test_what_is_no_board_is_told_with_the_way_to_one() -> None:
    (finding,) = trello.read('{"idList": "1", "idBoard": "2"}').findings
    assert finding.code == "SOURCE070"
    assert "Export as JSON" in finding.hint


def test_steps_of_a_checklist_are_things_of_their_card(harbour: Example) -> None:
    harbour.take()
    assert harbour.said("step/fer12abc-permit")["is part of"] == ["card/fer12abc"]
    assert harbour.said("step/fer12abc-lamps")["stage"] == "Ticked"
    assert not [each for each in harbour.company.check() if each.severity > 1]


def test_every_card_knows_its_line() -> None:
    tree = trello.read(BOARD).tree
    assert isinstance(tree, Fields)
    cards = tree["cards"]
    assert isinstance(cards, Items)
    assert all(each is not None and each.line > 1 for each in cards)
