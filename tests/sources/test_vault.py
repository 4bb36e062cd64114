"""Notes of a vault: what they say, whom they link, and what becomes of renames."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example, noon
from tests.sources.harbour import Commit, history

from latticework.base.findings import Severity
from latticework.base.times import Moment
from latticework.sources.source import source_for
from latticework.sources.tree import Fields, Items, plain
from latticework.sources.vault import vault

NOTES = RECORDINGS / "vault" / "notes"


def said(text: str) -> dict[str, object]:
    """What a note says, places forgotten."""
    told = plain(vault.read(text).tree)
    assert isinstance(told, dict)
    return told


def note(name: str) -> dict[str, object]:
    """What a recorded note says."""
    return said((NOTES / name).read_text(encoding="utf-8"))


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("vault", tmp_path)


def test_values_that_are_links_are_the_names_of_their_notes() -> None:
    ferry, barge = note("bets/Night ferry.md"), note("bets/Day barge.md")
    assert (ferry["serves"], ferry["owner"], ferry["cost"]) == ("Growth", "North", "EUR 2–5M")
    assert ferry["confidence"] == "60%"
    assert barge["serves"] == "Grow"
    assert barge["needs"] == ["bets/Night ferry", "Tides"]
    assert barge["owner"] == ["teams/North", "South"]
    assert said("why:: as [[Grow]] needs it")["why"] == "as [[Grow]] needs it"


def test_links_are_wiki_links_embeds_and_paths_but_not_code_remarks_or_pictures() -> None:
    ferry = note("bets/Night ferry.md")
    assert ferry["links"] == ["Growth", "North", "Timetable"]
    assert ferry["attachments"] == ["pier.png"]
    assert note("goals/Grow.md")["links"] == ["Ada", "bets/Night ferry", "Nowhere", "Ben"]
    assert "links" not in said("`[[a]]` ~~~\n\n    [[b]]\n\n<!-- [[c]] --> [[#here]] [d](e.org)")


def test_tags_stand_in_front_matter_and_text_and_are_no_numbers_or_headings() -> None:
    assert note("bets/Night ferry.md")["tags"] == ["night", "pier/lights", "bold/idea", "lamps"]
    assert said("# Head\n\n#1 #2026-01 https://a.org/#b (#c) x#d")["tags"] == ["c"]


def test_tasks_have_states_days_people_and_no_marks_in_their_text() -> None:
    tasks = note("bets/Night ferry.md")["tasks"]
    assert tasks == [
        {
            "id": "ask",
            "due": "2026-05-01",
            "priority": "high",
            "state": "open",
            "text": "Ask the port @ben",
            "heading": "Why {#why}",
            "people": ["ben"],
        },
        {
            "due": "2026-03-01",
            "finished": "2026-02-27",
            "state": "done",
            "text": "Count the lamps",
            "heading": "Why {#why}",
        },
        {
            "state": "doing",
            "text": "and the spare ones #lamps",
            "heading": "Why {#why}",
            "tags": ["lamps"],
        },
        {"state": "dropped", "text": "Rent a barge", "heading": "Why {#why}"},
    ]


def test_a_table_of_names_and_values_speaks_of_what_its_heading_names() -> None:
    table = "| Metadata | |\n|---|---|\n| Owner | {} |\n"
    alone = said("# Plan\n\n" + table.format("Ada"))
    assert alone["Owner"] == "Ada"
    several = said(f"# Plan\n\n## One\n{table.format('Ada')}\n### Two\n{table.format('[[Ben]]')}")
    assert "Owner" not in several
    assert several["sections"] == [
        {"heading": "One", "level": "2", "Owner": "Ada"},
        {"heading": "Two", "level": "3", "above": "One", "links": "Ben", "Owner": "Ben"},
    ]


def test_rows_of_other_tables_are_records_below_their_heading() -> None:
    assert note("goals/Grow.md")["rows"] == [
        {"heading": "Risks", "Risk": "Fog", "Chance": "30%", "Owner": "Ada"},
        {"heading": "Risks", "Risk": "Strikes", "Chance": "about 10%", "Owner": ["Ben", "Ada"]},
    ]


def test_what_a_note_says_knows_its_line() -> None:
    tree = vault.read((NOTES / "goals" / "Grow.md").read_text(encoding="utf-8")).tree
    assert isinstance(tree, Fields)
    rows, links = tree["rows"], tree["links"]
    assert isinstance(rows, Items)
    assert isinstance(links, Items)
    assert [each.line for each in rows if each] == [20, 21]
    assert [each.line for each in links if each] == [9, 9, 9, 13]


def test_a_note_with_links_asks_for_its_reader_and_plain_markdown_does_not() -> None:
    found = source_for((NOTES / "bets" / "Day barge.md").read_text(encoding="utf-8"), "x.txt")
    assert found is not None
    assert found.name == "vault"
    plainer = source_for("---\na: b\n---\n# Text\n", "x.md")
    assert plainer is not None
    assert plainer.name == "markdown"


def test_links_find_notes_by_name_path_and_alias_whatever_their_kind(harbour: Example) -> None:
    harbour.give("notes")
    taken = harbour.take()
    assert not [each for each in taken.findings if each.severity is Severity.ERROR]
    ferry, barge = harbour.said("bet/night-ferry"), harbour.said("bet/day-barge")
    assert ferry["serves"] == ["goal/growth"]
    assert barge["serves"] == ["goal/grow"]
    assert ferry["is owned by"] == ["team/north"]
    assert (barge["is owned by"], barge["needs"]) == (["team/north"], ["bet/night-ferry"])
    assert harbour.said("page/timetable")["mentions"] == ["bet/day-barge", "team/north"]
    assert harbour.said("goal/grow")["is sponsored by"] == ["person/ben"]
    assert harbour.said("goal/grow")["measure"] == "crossings a week"


def test_an_alias_is_a_name_where_no_note_has_it_as_its_own(harbour: Example) -> None:
    harbour.give("notes")
    (harbour.intake / "notes" / "archive" / "Growth.md").unlink()
    harbour.take()
    assert harbour.said("bet/night-ferry")["serves"] == ["goal/grow"]


def test_tasks_and_rows_of_a_note_are_things(harbour: Example) -> None:
    harbour.give("notes")
    harbour.take()
    ask = harbour.said("task/night-ferry-ask")
    assert (ask["due"], ask["stage"], ask["is part of"]) == (
        "2026-05-01",
        "open",
        ["bet/night-ferry"],
    )
    assert ask["is done by"] == ["person/ben"]
    fog = harbour.said("risk/grow-fog")
    assert (fog["chance"], fog["threatens"], fog["is watched by"]) == (
        "30%",
        ["goal/grow"],
        ["person/ada"],
    )


def test_links_to_notes_that_are_not_there_are_told_by_the_check(harbour: Example) -> None:
    harbour.give("notes")
    harbour.take()
    told = [str(each) for each in harbour.company.check()]
    for name in ("bet/tides", "team/south", "goal/nowhere"):
        assert any(name in each for each in told), name
    assert any("'soon'" in each for each in told)


def test_importing_a_vault_twice_changes_nothing(harbour: Example) -> None:
    harbour.give("notes")
    assert harbour.take().changes
    assert harbour.take().changes == 0


BET = "---\ntype: bet\nserves: '[[Grow]]'\n---\n# {}\n\nneeds:: [[Sails]]\n"
GOAL = "---\ntype: goal\n---\nA goal.\n"


def test_a_repository_of_notes_brings_its_history_and_renames_follow(tmp_path: Path) -> None:
    harbour = Example("vault", tmp_path)
    commits = [
        Commit({"a/Ferry.md": BET.format("Ferry")}, 1),
        Commit({"a/Ferry.md": BET.format("Ferry"), "Grow.md": GOAL}, 5),
        Commit({"b/Night.md": BET.format("Ferry"), "Grow.md": GOAL}, 9),
        Commit(
            {"b/Night.md": BET.format("Ferry"), "Grow.md": GOAL, "Sails.md": BET.format("Sails")},
            12,
        ),
    ]
    history(tmp_path / "repository", commits)
    harbour.company.import_recipe(harbour.recipe, str(tmp_path / "repository"))
    graph = harbour.company.graph()
    then = graph.at(Moment(valid=noon("2026-03-02")))
    assert then.find("goal/grow") is None or not then.node("bet/ferry").links.get("mentions")
    now = harbour.said("bet/night")
    assert now["serves"] == ["goal/grow"]
    assert now["needs"] == ["bet/sails"]
    old = graph.find("bet/ferry")
    assert old is not None
    assert str(graph.ref_of(old)) == "bet/night"


def test_a_link_to_one_of_several_kinds_follows_the_note_that_comes_later(tmp_path: Path) -> None:
    harbour = Example("vault", tmp_path)
    page = "Ask [[North]].\n"
    commits = [
        Commit({"Page.md": page}, 1),
        Commit({"Page.md": page, "North.md": "---\ntype: team\n---\n"}, 5),
    ]
    history(tmp_path / "repository", commits)
    harbour.company.import_recipe(harbour.recipe, str(tmp_path / "repository"))
    assert harbour.said("page/page")["mentions"] == ["team/north"]
    assert [str(each) for each in harbour.company.check() if "goal/north" in str(each)] == []
