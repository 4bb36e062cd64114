"""Every format says the same, text for text, with the lines it stands on."""

from __future__ import annotations

import pytest

from latticework.sources.source import find_source, sources
from latticework.sources.tree import Fields, Items, Tree, UnreadableError, plain

YAML = "name: Gull\nlength: 1.30\nflag: yes\nnone: ~\ntags: [a, 0009]\n"
JSON = '{"name": "Gull",\n "length": 1.30,\n "flag": true, "none": null,\n "tags": ["a", 9]}'
TOML = 'name = "Gull"\nlength = 1.30\nflag = true\ntags = ["a", 9]\n[[crew]]\nid = 2026-01-02\n'
CSV = "name;length;tag;tag;empty\nGull;1.30;a;9;\n\nTern;2,0;b;;x\n"
MARKDOWN = "---\nname: Gull\nlength: 1.30\n---\n\n# A boat #\n\nIt floats.\n"
HEADERS = "Name: Gull\nLong: one\n two\nTag: a\nTag: b\n\nIt floats.\n"


def said(name: str, text: str) -> object:
    """What a reader makes of a text, as plain data."""
    return plain(sources()[name].read(text).tree)


def lines(tree: Tree) -> dict[str, int]:
    """The lines of named values."""
    assert isinstance(tree, Fields)
    return {str(key): value.line for key, value in tree.items() if value is not None}


def test_scalars_stay_the_text_that_was_written() -> None:
    boat = {"name": "Gull", "length": "1.30"}
    assert said("yaml", YAML) == {**boat, "flag": "yes", "none": None, "tags": ["a", "0009"]}
    assert said("json", JSON) == {**boat, "flag": "true", "none": None, "tags": ["a", "9"]}
    crew = {"flag": "true", "tags": ["a", "9"], "crew": [{"id": "2026-01-02"}]}
    assert said("toml", TOML) == {**boat, **crew}
    assert said("csv", CSV) == [
        {"name": "Gull", "length": "1.30", "tag": ["a", "9"]},
        {"name": "Tern", "length": "2,0", "tag": "b", "empty": "x"},
    ]
    body = {"heading": "A boat", "body": "# A boat #\n\nIt floats."}
    assert said("markdown", MARKDOWN) == {**body, **boat}
    tags = {"Tag": ["a", "b"], "body": "It floats."}
    assert said("headers", HEADERS) == {"Name": "Gull", "Long": "one two", **tags}


def test_values_know_their_lines() -> None:
    read = {name: each.read for name, each in sources().items()}
    assert lines(read["yaml"](YAML).tree)["tags"] == 5
    assert lines(read["json"](JSON).tree) == {"name": 1, "length": 2, "flag": 3, "tags": 4}
    assert lines(read["toml"](TOML).tree)["length"] == 2
    assert lines(read["markdown"](MARKDOWN).tree) == {
        "heading": 6,
        "body": 6,
        "name": 2,
        "length": 3,
    }
    rows = read["csv"](CSV).tree
    assert isinstance(rows, Items)
    assert [row.line for row in rows if row is not None] == [2, 4]
    assert lines(read["headers"](HEADERS).tree)["body"] == 7


def test_json_lines_and_rows_of_other_widths_are_read_all_the_same() -> None:
    assert said("json", '{"a": 1}\n{"a": 2}\n') == [{"a": "1"}, {"a": "2"}]
    read = sources()["csv"].read("a,b\n1\n1,2,3\n")
    assert plain(read.tree) == [{"a": "1"}, {"a": "1", "b": "2"}]
    assert [(each.code, each.place.line) for each in read.findings] == [
        ("SOURCE007", 2),
        ("SOURCE007", 3),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("yaml", "a: [1"),
        ("yaml", "a: 1\n---\nb: 2\n"),
        ("json", '{"a": '),
        ("json", '{"a" 1}'),
        ("json", "[1,]"),
        ("json", "[" * 5000),
        ("toml", "a = "),
        ("toml", "a = " + "[" * 5000),
        ("markdown", "---\na: [1\n---\ntext\n"),
        ("markdown", "---\n- a\n---\ntext\n"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_hint(name: str, text: str) -> None:
    with pytest.raises(UnreadableError) as error:
        sources()[name].read(text)
    assert error.value.finding.says
    assert error.value.finding.hint


def test_a_reader_is_found_by_the_ending_of_the_file() -> None:
    found = {ending: find_source(f"a/b{ending}") for ending in (".YML", ".json", ".exe")}
    assert [each and each.name for each in found.values()] == ["yaml", "json", None]


def test_summaries_fit_a_help_line() -> None:
    for each in sources().values():
        assert each.summary.endswith(".")
        assert len(each.summary) <= 72
