"""A long JSON file, read in portions, says the same as read whole; so does an export of Jira."""

from __future__ import annotations

import json as stdlib_json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sources.companies import RECORDINGS

from latticework.sources import json_stream
from latticework.sources.content import content_of
from latticework.sources.jira import jira
from latticework.sources.json import json
from latticework.sources.recipes.picks import spread
from latticework.sources.source import Source
from latticework.sources.tree import Fields, Items, Read, Said, Tree, UnreadableError

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=9),
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
indents = st.sampled_from([None, 0, 2])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A list of values, or several one after another, on one line each or on many."""
    indent = draw(indents)
    written = [
        stdlib_json.dumps(each, indent=indent, ensure_ascii=draw(st.booleans()))
        for each in draw(st.lists(values, max_size=5))
    ]
    if draw(st.booleans()):
        comma = draw(st.sampled_from([",", " , ", ",\n"]))
        return f"[{comma.join(written)}]"
    return draw(st.sampled_from(["\n", "\n\n", " "])).join(written)


def told(tree: Tree) -> object:
    """A tree with the line of every text and every value."""
    if isinstance(tree, Fields):
        return tree.line, [(str(name), told(value)) for name, value in tree.items()]
    if isinstance(tree, Items):
        return [told(each) for each in tree]
    return (tree.line, str(tree)) if isinstance(tree, Said) else None


def records(source: Source, text: str, size: int) -> list[object] | str:
    """The records of a text in portions of so many, or what is wrong with it."""
    try:
        found = list(source.read_in_portions(content_of(text.encode()), size))
    except UnreadableError as problem:
        return f"{problem.finding.code} {problem.finding.place.line}"
    return [told(each) for read in found for each in spread(read.tree)]


def whole(source: Source, text: str) -> list[object] | str:
    """The records of a text that is read at once, or what is wrong with it."""
    try:
        return [told(each) for each in spread(source.read(text).tree)]
    except UnreadableError as problem:
        return f"{problem.finding.code} {problem.finding.place.line}"


@settings(max_examples=150, deadline=None)
@given(text=texts(), size=st.integers(1, 3), chunk=st.integers(1, 40))
def test_portions_of_any_size_say_what_the_whole_says(text: str, size: int, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        patch.setattr(json_stream, "AT_ONCE", 2 * chunk)
        assert records(json, text, size) == whole(json, text)


@settings(max_examples=150, deadline=None)
@given(
    text=texts(),
    at=st.integers(0, 200),
    odd=st.sampled_from(["", ",", "]", "}", '"', "NaN", "\n", "\\", "1", "{"]),
    chunk=st.integers(1, 40),
)
@example(text="[1,\n2,\n]", at=0, odd="", chunk=1)
@example(text='[1]\n["two', at=0, odd="", chunk=3)
@example(text="[" * 102 + "]" * 102, at=0, odd="", chunk=40)
def test_what_is_wrong_is_told_of_the_same_line(text: str, at: int, odd: str, chunk: int) -> None:
    at = min(at, len(text))
    text = text[:at] + odd + text[at:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        assert records(json, text, 2) == whole(json, text)


def test_nothing_is_taken_of_a_file_that_is_broken_at_its_end() -> None:
    read = json.read_in_portions(content_of(b'[{"a": 1},\n{"a": 2}'), 1)
    with pytest.raises(UnreadableError) as refused:
        next(read)
    assert refused.value.finding.place.line == 2


def test_a_value_too_long_to_be_held_is_told_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_FILE", 50)
    monkeypatch.setattr(json_stream, "CHUNK", 20)
    long = stdlib_json.dumps({"issues": [{"key": f"HAR-{n}"} for n in range(20)]}).encode()
    with pytest.raises(UnreadableError) as refused:
        next(json.read_in_portions(content_of(long), 1))
    assert refused.value.finding.code == "SOURCE001"
    assert "JSON Lines" in refused.value.finding.hint


def joined(portions: list[Read]) -> tuple[list[object], set[str]]:
    """Records and findings of all portions."""
    found = [told(each) for read in portions for each in spread(read.tree)]
    return found, {str(each) for read in portions for each in read.findings}


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("name", ["cloud.csv", "server.csv", "russian.csv", "cloud.json"])
def test_an_export_of_jira_says_the_same_in_portions(name: str, size: int) -> None:
    data = (RECORDINGS / "jira" / name).read_bytes()
    portions = list(jira.read_in_portions(content_of(data), size))
    assert joined(portions) == joined([jira.read(data.decode())])


def test_answers_of_jira_one_after_another_know_of_each_other(tmp_path: Path) -> None:
    answer = stdlib_json.loads((RECORDINGS / "jira" / "cloud.json").read_text())
    pages = [{**answer, "issues": [issue]} for issue in answer["issues"]]
    lines = "\n".join(stdlib_json.dumps(page) for page in pages)
    portions = list(jira.read_in_portions(content_of(lines.encode()), 1))
    assert len(portions) == len(pages) > 1
    assert joined(portions) == joined([jira.read(lines)])


def test_numbers_of_parents_lead_to_keys_in_other_portions() -> None:
    sheet = "Issue key,Issue id,Parent id,Summary\nA-1,10,20,One\nA-2,20,,Two\n"
    portions = list(jira.read_in_portions(content_of(sheet.encode()), 1))
    first = portions[0].tree
    assert isinstance(first, Items)
    assert isinstance(first[0], Fields)
    assert first[0]["parent"] == "A-2"
