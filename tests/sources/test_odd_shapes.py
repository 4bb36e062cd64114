"""Whatever shape an answer's values have, a reader of trackers reads them or tells."""

from __future__ import annotations

import json as stdlib_json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.test_fuzzing import RECORDED, told

from latticework.sources.jira import jira
from latticework.sources.linear import linear
from latticework.sources.tree import Fields, Items, plain

SHAPES: tuple[object, ...] = (
    None,
    True,
    0,
    "",
    "x",
    "2026-01-01",
    [],
    {},
    [1, [2]],
    {"a": {"b": []}},
    [[{}]],
)


def documents(text: str) -> list[object]:
    """The values that stand one after another in a text."""
    decoder, at, found = stdlib_json.JSONDecoder(), 0, []
    text = text.rstrip()
    while at < len(text):
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


ANSWERS = {
    name: tuple(documents(each) for each in texts if each.lstrip()[0] in "[{")
    for name, texts in RECORDED.items()
    if any(each.lstrip()[0] in "[{" for each in texts)
}


def bent(value: object, chance: random.Random) -> object:
    """The same with a few values of another shape, or gone."""
    if chance.random() < 0.02:
        return chance.choice(SHAPES)
    if isinstance(value, dict):
        kept = [name for name in value if chance.random() > 0.01]
        return {name: bent(value[name], chance) for name in kept}
    if isinstance(value, list):
        return [bent(each, chance) for each in value]
    return value


@pytest.mark.parametrize("name", sorted(ANSWERS))
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_an_answer_of_odd_shapes_is_read_or_told(name: str, seed: int) -> None:
    chance = random.Random(seed)
    answer = chance.choice(ANSWERS[name])
    text = "\n".join(stdlib_json.dumps(bent(each, chance)) for each in answer)
    assert all(each.says and each.hint for each in told(name, text))


def test_a_column_named_like_a_group_of_columns_stands_in_the_group() -> None:
    text = "Issue key,links,Outward issue link (Blocks)\nA-1,see wiki,A-2\n"
    tree = jira.read(text).tree
    assert isinstance(tree, Items)
    assert plain(tree[0]) == {
        "key": "A-1",
        "links": {"links": "see wiki", "outward": {"Blocks": "A-2"}},
    }
    sheet = linear.read("ID,Team,Title,relations,Blocked by\nA-1,Crew,Rope,none,A-2\n").tree
    assert isinstance(sheet, Fields)
    issues = plain(sheet["issues"])
    assert isinstance(issues, list)
    assert issues[0]["relations"] == {"relations": "none", "blocked by": ["A-2"]}
