"""YAML texts as trees with places, and all that is wrong with them."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from latticework.model.document import Bounds, Item, decode, plain, read_document


def codes(text: str) -> list[tuple[int, str]]:
    return [(each.place.line, each.code) for each in read_document(text).findings]


def test_scalars_stay_text_as_they_were_written() -> None:
    document = read_document("a: 1.10\nb: no\nc: 2026-03-01\nd: '~'\ne: ~\nf:\ng: 0x1F\n")
    assert plain(document.root) == {
        "a": "1.10",
        "b": "no",
        "c": "2026-03-01",
        "d": "~",
        "e": None,
        "f": None,
        "g": "0x1F",
    }


def test_every_part_knows_where_it_stands() -> None:
    root = read_document("kinds:\n  épic: {gut: number}\n", file="harbour.yaml").root
    assert root is not None
    gut = root.get("kinds", "épic", "gut")
    assert gut is not None
    assert str(gut.place) == "harbour.yaml:2:15"
    assert gut.place.end == 21
    assert str(gut.key_place) == "harbour.yaml:2:10"
    assert gut.text == "number"


def test_json_is_read_like_yaml() -> None:
    root = read_document('{"a": [1, true, null, "x\\ny"]}').root
    assert plain(root) == {"a": ["1", "true", None, "x\ny"]}


def test_an_alias_repeats_what_its_anchor_names() -> None:
    root = read_document("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n").root
    assert plain(root) == {"a": {"b": "1"}, "c": {"b": "1"}, "d": {"b": "1", "e": "2"}}


def test_several_documents_of_one_text_are_all_read() -> None:
    assert [plain(each) for each in read_document("a: 1\n---\nb: 2\n").roots] == [
        {"a": "1"},
        {"b": "2"},
    ]


def test_all_that_is_wrong_is_found_in_one_run_and_the_rest_is_read() -> None:
    text = """\
company: Harbour
kinds:
  epic:
    purpose: ships: late
    many: epics
  bet
    family: intent
  goal: {a: b
more: [1, 2
\tx: y
views: *nope
a: 1
a: 2
z: "a" b
last: 1
"""
    document = read_document(text)
    assert [(each.place.line, each.code) for each in document.findings] == [
        (4, "YAML001"),
        (6, "YAML001"),
        (8, "YAML001"),
        (9, "YAML001"),
        (10, "YAML001"),
        (11, "YAML005"),
        (13, "YAML002"),
        (14, "YAML001"),
    ]
    assert all(each.hint for each in document.findings)
    read = plain(document.root)
    assert isinstance(read, dict)
    assert read["company"] == "Harbour"
    assert read["kinds"] == {"epic": {"many": "epics"}}
    assert read["last"] == "1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 'open", [(1, "YAML001")]),
        ("a: b\n\tc: d", [(2, "YAML001")]),
        ("a: 1\nb: 2\na: 3", [(3, "YAML002")]),
        ("a\x00b: c", [(1, "YAML003")]),
        ("a: *b", [(1, "YAML005")]),
        ("a: &b [*b]", [(1, "YAML005")]),
        ("? [a]\n: 1", [(1, "YAML006")]),
        ("", []),
        ("# nothing\n", []),
        ("%YAML 9\n---\na: b", [(1, "YAML001")]),
    ],
)
def test_each_sort_of_dirt_has_its_code(text: str, found: list[tuple[int, str]]) -> None:
    assert codes(text) == found


def test_a_duplicate_key_names_both_places_and_keeps_the_first() -> None:
    document = read_document("owner: ada\nowner: bo\n")
    assert str(document.findings[0]) == (
        ":2:1 YAML002 'owner' stands twice in one mapping, first in line 1 (hint: keep one of them)"
    )
    assert plain(document.root) == {"owner": "ada"}


def test_a_billion_laughs_are_a_finding_at_once() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]" for i in range(30)]
    begun = time.perf_counter()
    assert [code for _, code in codes("\n".join(lines))] == ["YAML004"]
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "text", ["[" * 300_000, "{" * 300_000, "- " * 100_000, "[" * 99 + "]" * 99]
)
def test_deep_nesting_is_a_finding_not_a_crash(text: str) -> None:
    assert codes(text) == [(1, "YAML004")]


def test_a_text_beyond_its_bounds_is_not_read() -> None:
    document = read_document("x" * 101, bounds=Bounds(characters=100))
    assert [each.code for each in document.findings] == ["YAML004"]
    assert document.roots == ()


def test_bytes_that_are_not_utf8_are_found_and_replaced() -> None:
    text, findings = decode(b"a: b\nname: Jos\xe9\n", file="x.yaml")
    assert text == "a: b\nname: Jos�\n"
    assert [str(each) for each in findings] == [
        "x.yaml:2 YAML003 byte 0xe9 is not UTF-8 (hint: save the file in UTF-8)"
    ]


@given(st.text(alphabet=st.sampled_from("ab:-[]{}'\"\n\t &*!|>%#,?~é\x00"), max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    document = read_document(text)
    for root in document.roots:
        assert all(isinstance(each, Item) for each in root.walk())
        plain(root)
    assert all(each.code.startswith("YAML") for each in document.findings)


NESTED = st.recursive(
    st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(NESTED)
def test_what_another_writer_wrote_is_read(data: object) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True)
    document = read_document(text)
    assert document.findings == ()
    assert plain(document.root) == data


def test_places_are_where_the_text_says_so() -> None:
    text = "a:\n  - b: one\n    c: 'two'\n  - three\n"
    root = read_document(text).root
    assert root is not None
    lines = text.splitlines()
    for item in root.walk():
        if isinstance(item.value, str):
            spot = lines[item.line - 1][item.column - 1 : item.end - 1]
            assert spot.strip("'") == item.value
