"""Git histories by recipe, on Harbour's teams and wishes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pygit2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.harbour import (
    TEAMS,
    WISHES,
    Commit,
    history,
    intake,
    kinds,
    noon,
    told,
)

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Move, Put, Retire

CREW = """
crews:
  - id: north
    name: North
    mission: >
      Crosses the bay
      every hour.
    captains:
      - {handle: "@Ada", name: Ada L}
    mates:
      - handle: ada
      - handle: bo
        name: Bo
    boats:
      - name: Gull
        length: 1.30   # a comment, no value
  - id: south
    name: South
    friends: [North, Nobody]
offices: []
"""


def wish(status: str = "open", **more: str) -> str:
    """One wish as its file says it."""
    lines = [f"status: {status}", *(f"{name}: {value}" for name, value in more.items())]
    return "\n".join(["title: Warmer cabins", *lines, ""])


def test_a_commit_is_a_batch_with_its_time_author_and_subject(tmp_path: Path) -> None:
    history(tmp_path, [Commit({"teams.yaml": CREW}, 3, "Begin\n\nwith a body")])
    (batch,), taken = intake(TEAMS, tmp_path)
    assert (batch.valid, batch.by, batch.why) == (noon(3), "Ada", "Begin")
    assert batch.source == "teams"
    assert not taken.findings
    assert len(taken.revision) == 40


def test_lists_inside_lists_become_things_of_several_kinds(tmp_path: Path) -> None:
    history(tmp_path, [Commit({"teams.yaml": CREW})])
    batches, _ = intake(TEAMS, tmp_path)
    now = told(batches)
    assert now.nodes["team/north"] == {
        "title": "North",
        "sort": "crew",
        "mission": "Crosses the bay every hour.",
    }
    assert now.nodes["boat/north-gull"] == {"title": "Gull", "length": "1.30"}
    assert now.nodes["person/ada"] == {"handle": "ada", "title": "Ada L"}
    assert now.edges["team/north", "led by", "person/ada"] == {"role": ("captain", "mate")}
    assert now.edges["team/north", "led by", "person/bo"] == {"role": ("mate",)}
    assert ("boat/north-gull", "sailed by", "team/north") in now.edges


def test_a_link_by_name_finds_the_thing_or_dangles(tmp_path: Path) -> None:
    renamed = CREW.replace("name: North", "name: Far North").replace("[North,", "[Far North,")
    history(tmp_path, [Commit({"teams.yaml": CREW}), Commit({"teams.yaml": renamed}, 2)])
    batches, _ = intake(TEAMS, tmp_path)
    ends = {each for each in told(batches[:1]).edges if each[1] == "works with"}
    assert ends == {
        ("team/south", "works with", "team/north"),
        ("team/south", "works with", "team/nobody"),
    }
    assert not any(isinstance(change, Connect) for change in batches[1].changes)


def test_a_name_that_comes_later_is_found_then(tmp_path: Path) -> None:
    later = CREW + "  - {id: x1, name: Nobody}\n"
    later = later.replace("offices: []\n", "offices:\n")
    history(tmp_path, [Commit({"teams.yaml": CREW}), Commit({"teams.yaml": later}, 2)])
    batches, _ = intake(TEAMS, tmp_path)
    ends = {each for each in told(batches).edges if each[1] == "works with"}
    assert ("team/south", "works with", "team/x1") in ends
    assert ("team/south", "works with", "team/nobody") not in ends


def test_every_value_tells_file_line_commit_and_key(tmp_path: Path) -> None:
    repository = history(tmp_path, [Commit({"teams.yaml": CREW})])
    (batch,), _ = intake(TEAMS, tmp_path)
    lines = {
        (change.ref, name): change.via
        for change in batch.changes
        if isinstance(change, Put)
        for name in change.fields
    }
    via = lines["boat/north-gull", "length"]
    assert via is not None
    assert (via.file, via.line, via.key) == ("teams.yaml", 16, "north/Gull")
    assert via.revision == str(repository.head.target)
    assert CREW.splitlines()[16 - 1].strip().startswith("length")
    for change in batch.changes:
        assert change.via is not None
        assert change.via.source == "teams"


def test_only_what_changed_is_put_with_its_own_line(tmp_path: Path) -> None:
    longer = "# a comment on top\n" + CREW.replace("1.30", "1.35")
    history(tmp_path, [Commit({"teams.yaml": CREW}), Commit({"teams.yaml": longer}, 2)])
    _, second = intake(TEAMS, tmp_path)[0]
    (change,) = second.changes
    assert isinstance(change, Put)
    assert change.fields == {"length": "1.35"}
    assert change.via is not None
    assert change.via.line == 17


def test_what_is_gone_is_retired_and_comes_back_as_the_same(tmp_path: Path) -> None:
    without = CREW[: CREW.index("    boats:")] + CREW[CREW.index("  - id: south") :]
    again = CREW.replace("length: 1.30", "engine: diesel")
    files = [CREW, without, again]
    history(tmp_path, [Commit({"teams.yaml": file}, day) for day, file in enumerate(files, 1)])
    batches, _ = intake(TEAMS, tmp_path)
    assert Retire("boat/north-gull", via=batches[1].changes[-1].via) in batches[1].changes
    assert told(batches).nodes["boat/north-gull"] == {"title": "Gull", "engine": "diesel"}


def test_people_stay_when_nobody_mentions_them_any_more(tmp_path: Path) -> None:
    files = [{"wishes/a/wish.yaml": wish(who='"@Ada"')}, {"wishes/a/wish.yaml": wish()}]
    history(tmp_path, [Commit(each, day) for day, each in enumerate(files, 1)])
    now = told(intake(WISHES, tmp_path)[0])
    assert "person/ada" in now.nodes
    assert not now.edges


def test_a_folder_that_moves_is_the_same_wish_and_a_renamed_one_follows(tmp_path: Path) -> None:
    body = wish(number="7", size="small", due="2026-04-01", who="Ada")
    files = [
        {"wishes/a/warm/wish.yaml": body},
        {"wishes/b/warm/wish.yaml": body},
        {"wishes/b/warmer/wish.yaml": body.replace("open", "doing")},
        {"wishes/b/warm/wish.yaml": body},
    ]
    history(tmp_path, [Commit(each, day) for day, each in enumerate(files, 1)])
    batches, _ = intake(WISHES, tmp_path)
    moves = [
        (change.ref, change.to)
        for batch in batches
        for change in batch.changes
        if isinstance(change, Move)
    ]
    assert moves == [("wish/warm", "wish/warmer"), ("wish/warmer", "wish/warm")]
    assert kinds(batches) == {"wish": 1, "person": 1}
    assert told(batches).nodes["wish/warm"]["status"] == "open"


def test_a_deleted_file_ends_its_wish(tmp_path: Path) -> None:
    history(tmp_path, [Commit({"wishes/a/wish.yaml": wish(who="bo")}), Commit({}, 2)])
    batches, _ = intake(WISHES, tmp_path)
    assert kinds(batches) == {"person": 1}
    assert not told(batches).edges


def test_two_files_of_one_key_stay_two_wishes_with_a_finding(tmp_path: Path) -> None:
    files = {"wishes/a/warm/wish.yaml": wish("open"), "wishes/b/warm/wish.yaml": wish("doing")}
    history(tmp_path, [Commit(files)])
    batches, taken = intake(WISHES, tmp_path)
    stages = {ref: cells["status"] for ref, cells in told(batches).nodes.items()}
    assert stages == {"wish/warm": "open", "wish/warm-2": "doing"}
    assert [each.code for each in taken.findings] == ["SOURCE020"]


def test_dirt_comes_in_as_it_is(tmp_path: Path) -> None:
    dirty = wish("doen", due="2026-13-45", number="0009", size="enormous")
    history(tmp_path, [Commit({"wishes/a/wish.yaml": dirty})])
    batches, taken = intake(WISHES, tmp_path)
    cells = told(batches).nodes["wish/a"]
    assert (cells["status"], cells["due"], cells["number"]) == ("doen", "2026-13-45", "0009")
    (finding,) = taken.findings
    assert finding.code == "SOURCE013"
    assert finding.place.line == 5


def test_an_unreadable_version_keeps_the_last_good_one_and_says_so(tmp_path: Path) -> None:
    broken = wish("doing") + "who: [unclosed\n"
    files = [wish("open"), broken, wish("done")]
    repository = history(
        tmp_path,
        [Commit({"wishes/a/wish.yaml": text}, day) for day, text in enumerate(files, 1)],
    )
    batches, taken = intake(WISHES, tmp_path)
    assert [batch.valid for batch in batches] == [noon(1), noon(3)]
    (finding,) = taken.findings
    second = repository[repository.head.target].peel(pygit2.Commit).parent_ids[0]
    assert finding.place.file == "wishes/a/wish.yaml"
    assert finding.place.line == 3
    assert str(second)[:10] in finding.says


def test_a_commit_dated_before_its_parent_counts_from_its_parent(tmp_path: Path) -> None:
    texts = [wish("open"), wish("doing")]
    days = [5, 2]
    history(
        tmp_path,
        [Commit({"wishes/a/wish.yaml": t}, day) for t, day in zip(texts, days, strict=True)],
    )
    batches, taken = intake(WISHES, tmp_path)
    assert [batch.valid for batch in batches] == [noon(5), noon(5)]
    assert [each.code for each in taken.findings] == ["SOURCE035"]


def test_importing_again_says_nothing_and_later_commits_are_all_that_is_new(
    tmp_path: Path,
) -> None:
    first = [Commit({"wishes/a/wish.yaml": wish("open")})]
    history(tmp_path, first)
    batches, taken = intake(WISHES, tmp_path)
    again, _ = intake(WISHES, tmp_path, since=taken.revision)
    assert not again
    history(tmp_path, [Commit({"wishes/a/wish.yaml": wish("doing")}, 2)])
    later, _ = intake(WISHES, tmp_path, since=taken.revision)
    whole, _ = intake(WISHES, tmp_path)
    assert (*batches, *later) == whole


def test_a_revision_of_another_history_is_refused(tmp_path: Path) -> None:
    history(tmp_path, [Commit({"wishes/a/wish.yaml": wish()})])
    with pytest.raises(Refused, match="SOURCE033"):
        intake(WISHES, tmp_path, since="f" * 40)


def test_a_recipe_that_fits_nothing_says_what_is_there(tmp_path: Path) -> None:
    history(tmp_path, [Commit({"notes/readme.txt": "hello"})])
    batches, taken = intake(WISHES, tmp_path)
    assert not batches
    (finding,) = taken.findings
    assert finding.code == "SOURCE030"
    assert "notes/readme.txt" in finding.hint


WORD = st.sampled_from(["north", "south", "East & West", "ø", "a: b", "- x", "*star", "| bar", ""])
PERSON = st.fixed_dictionaries({"handle": st.sampled_from(["ada", "@Bo", "cy"]), "name": WORD})
BOAT = st.fixed_dictionaries({"name": st.sampled_from("pqr"), "length": WORD, "engine": WORD})
TEAM = st.fixed_dictionaries(
    {
        "id": st.sampled_from("abcd"),
        "name": WORD,
        "mission": st.text("ab \n:-#&*", max_size=30),
        "captains": st.lists(PERSON, max_size=2),
        "boats": st.lists(BOAT, max_size=3),
        "friends": st.lists(WORD, max_size=2),
    }
)
VERSION = st.fixed_dictionaries(
    {"crews": st.lists(TEAM, max_size=4), "offices": st.lists(TEAM, max_size=2)}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VERSION, min_size=1, max_size=5), st.booleans())
def test_a_history_ends_where_its_last_version_begins(versions: list[object], flow: bool) -> None:
    """Replaying every version leaves what the last one says when read alone.

    Names apart: a thing renamed on the way may go by a numbered ref.
    """
    texts = [
        yaml.safe_dump(each, default_flow_style=flow or None, sort_keys=False) for each in versions
    ]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        history(Path(one), [Commit({"teams.yaml": text}, n + 1) for n, text in enumerate(texts)])
        history(Path(other), [Commit({"teams.yaml": texts[-1]})])
        long, _ = intake(TEAMS, Path(one))
        short, _ = intake(TEAMS, Path(other))
    before, after = told(long), told(short)
    owned = [ref for ref in after.nodes if not ref.startswith("person/")]
    assert sorted(
        str(sorted(before.nodes[ref].items())) for ref in before.nodes if "person/" not in ref
    ) == sorted(str(sorted(after.nodes[ref].items())) for ref in owned)
    assert sorted(
        (link, str(sorted(cells.items()))) for (_, link, _), cells in before.edges.items()
    ) == sorted((link, str(sorted(cells.items()))) for (_, link, _), cells in after.edges.items())
