"""Patches as text become cells, whatever the names and values hold."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.graph.patches import FEW, cells_of
from latticework.graph.values import Values, values_of
from latticework.journal.changes import Value

HOSTILE = ["a", '"', "\\", ":", ",", "[", "]", "{", "}", " ", "\n", "é", "😀", "null", "\x00", "/"]
words = st.lists(st.sampled_from(HOSTILE), max_size=5).map("".join) | st.text(max_size=4).filter(
    lambda text: text.isprintable()
)
values = st.none() | words | st.lists(words, max_size=3).map(tuple)


def rows_of(patches: list[str | None]) -> list[dict[str, Value]]:
    found: list[dict[str, Value]] = [{} for _ in patches]
    for cells in cells_of(pl.Series(patches, dtype=pl.String)):
        for row, value in zip(cells.rows.tolist(), cells.values.to_values(), strict=True):
            found[row][cells.word] = value
    return found


@given(
    st.lists(st.dictionaries(words, values, max_size=4), max_size=6),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": ")]),
    st.sampled_from([0, FEW]),
)
@settings(max_examples=150, deadline=None)
def test_cells_are_what_json_says(
    patches: list[dict[str, Value]], ascii_only: bool, separators: tuple[str, str], more: int
) -> None:
    """Names with quotes, slashes and newlines; a few patches or many."""
    every = patches + [{}] * more
    texts = [json.dumps(each, ensure_ascii=ascii_only, separators=separators) for each in every]
    assert rows_of([*texts, None]) == [*every, {}]


def test_wide_things_are_read_as_well() -> None:
    """Five hundred fields, of which each patch gives a few."""
    pick = random.Random(1)
    every: list[dict[str, Value]] = [
        {f"field {pick.randrange(500)}": str(n), "tags": ("x", str(n))} for n in range(2_000)
    ]
    assert rows_of([json.dumps(each) for each in every]) == every


@given(st.lists(values, max_size=6), st.lists(values, max_size=6))
@settings(max_examples=100, deadline=None)
def test_values_keep_texts_lists_and_nothing_apart(one: list[Value], other: list[Value]) -> None:
    """A text, a list of that one text, an empty list, and a value taken away."""
    both = values_of(one).with_values(values_of(other))
    assert both.to_values() == [*one, *other]
    shorter = min(len(one), len(other))
    differ = values_of(one[:shorter]).differ(values_of(other[:shorter]))
    assert differ.tolist() == [a != b for a, b in zip(one, other, strict=False)]


@pytest.mark.parametrize("value", ["x", ("x",), (), None])
def test_a_value_alone_is_kept(value: Value) -> None:
    """One cell."""
    assert values_of([value]).to_values() == [value]
    assert isinstance(values_of([value]), Values)
