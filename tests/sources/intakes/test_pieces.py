"""Long files are read in pieces, and say what they say when read whole."""

from __future__ import annotations

import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.harbour import TEAMS, recipe

from latticework.base.findings import Finding
from latticework.sources.intakes.files import Files
from latticework.sources.intakes.nest import read_nested
from latticework.sources.intakes.pieces import cut, recut
from latticework.sources.tree import plain
from latticework.sources.yaml import yaml

LISTS = frozenset({"crews", "offices"})

TEXT = """\
# all of us
crews:
  - id: north
    mission: >
      Two lines
      - of which one looks like an item

    captains:
    - handle: ada
    - handle: bo
  # the other one
  - id: south
offices:
- id: desk
  tags: [a,
    b]
port: "quoted: text"
"""


def test_a_file_is_cut_at_fields_and_at_items_of_the_lists_asked_for() -> None:
    pieces = cut(TEXT, LISTS)
    assert pieces is not None
    assert [(piece.key, piece.line) for piece in pieces] == [
        ("crews", 2),
        ("crews", 12),
        ("offices", 13),
        ("port", 17),
    ]
    assert plain(yaml.read(pieces[1].text(TEXT)).tree) == {"crews": [{"id": "south"}]}


def test_a_text_that_may_not_be_cut_is_read_whole() -> None:
    for doubtful in (
        "---\ncrews: []\n",
        "crews: []\ncrews: []\n",
        "? a\n: b\n",
        "crews:\r\n  - a\n",
        "{crews: []}\n",
    ):
        assert cut(doubtful, LISTS) is None


def test_an_alias_to_another_piece_makes_the_file_be_read_whole() -> None:
    text = "crews:\n  - &n {id: north, name: North}\noffices:\n  - {id: desk, <<: *n}\n"
    files = Files(recipe(TEAMS), long_file=0)
    step = files.take("teams.yaml", "teams.yaml", text.encode())
    assert not isinstance(step, Finding)
    names = {said.record.ref: dict(each[:2] for each in said.record.cells) for said in step.new}
    assert names["team/desk"]["title"] == "North"


def test_a_nested_item_is_read_with_its_own_lines() -> None:
    item = TEXT[TEXT.index("crews:") : TEXT.index("  # the other")]
    nested = read_nested(item, None, yaml.read)
    assert nested is not None
    whole = yaml.read(item).tree
    assert plain(nested.read.tree) == plain(whole)
    changed = item.replace("handle: ada", "handle: zoe").replace("id: north", "id: north\n    x: 1")
    again = read_nested(changed, nested.nest, yaml.read)
    assert again is not None
    assert plain(again.read.tree) == plain(yaml.read(changed).tree)


WORD = st.sampled_from(["north", "East & West", "a: b", "- x", "*star", "| bar", "", "'", "x\ny"])
NAMED = st.dictionaries(st.sampled_from(["id", "name", "length", "home"]), WORD, max_size=3)
TEAM = st.fixed_dictionaries(
    {"id": st.sampled_from("abc"), "name": WORD, "mission": st.text("ab \n:-#&*", max_size=30)},
    optional={
        "captains": st.lists(NAMED, max_size=3),
        "boats": st.lists(NAMED, max_size=3),
        "friends": st.lists(WORD, max_size=2),
    },
)
FILE = st.fixed_dictionaries(
    {"crews": st.lists(TEAM, max_size=4), "offices": st.lists(TEAM, max_size=2)},
    optional={"port": NAMED, "note": st.text("ab \n:-#", max_size=20)},
)
LINE = st.sampled_from(
    [
        "# remark",
        "",
        "crews:",
        "  - id: a",
        "offices: []",
        "port: &x 1",
        "    name: *x",
        '"',
        "---",
        "- id: b",
        "   boats:",
        "\tname: tab",
        "? odd",
        "    - name: q",
        "other: [",
        "%TAG",
    ]
)


@st.composite
def versions(draw: st.DrawFn) -> list[str]:
    """Texts of one file, dumped or edited by hand."""
    texts: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        if texts and draw(st.booleans()):
            lines = texts[-1].splitlines()
            at = draw(st.integers(0, len(lines)))
            lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(LINE, max_size=2))
            texts.append("\n".join(lines) + "\n")
        else:
            style = draw(st.sampled_from([None, False]))
            texts.append(
                pyyaml.safe_dump(draw(FILE), default_flow_style=style, sort_keys=False, width=30)
            )
    return texts


@settings(max_examples=250, deadline=None)
@given(versions())
def test_pieces_say_what_the_whole_says(texts: list[str]) -> None:
    """However a file was edited, its statements and their lines are those of the whole."""
    pieced = Files(recipe(TEAMS), long_file=0, long_item=0)
    for text in texts:
        whole = Files(recipe(TEAMS), long_file=10**9)
        mine = pieced.take("teams.yaml", "teams.yaml", text.encode())
        theirs = whole.take("teams.yaml", "teams.yaml", text.encode())
        assert isinstance(mine, Finding) is isinstance(theirs, Finding)
        if not isinstance(theirs, Finding):
            assert _statements(pieced) == _statements(whole)


@settings(max_examples=250, deadline=None)
@given(versions())
def test_a_new_cut_is_the_cut_of_the_new_text(texts: list[str]) -> None:
    """Cutting what changed gives the pieces that cutting everything gives."""
    pieces = None
    for before, text in zip(["", *texts], texts, strict=False):
        again = recut(before, pieces, text, None) if pieces else None
        pieces = cut(text, None)
        if again is not None:
            assert pieces is not None
            assert [each.text(text) for each in again.pieces] == [
                each.text(text) for each in pieces
            ]
            assert [each.first for each in again.pieces] == [each.first for each in pieces]


def _statements(files: Files) -> list[tuple[str, str, str]]:
    return sorted(
        (
            said.record.ref,
            str([(name, value, said.line_of(line)) for name, value, line in said.record.cells]),
            str([(edge.link, edge.target, said.line_of(edge.line)) for edge in said.record.edges]),
        )
        for said in files.statements("teams.yaml")
    )
