"""Claims about changes as columns."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.journal.little_changes import changes, fields

from latticework.journal.changes import Change, Connect, Put
from latticework.journal.codec import (
    Columns,
    change_of,
    columns_of,
    decode_fields,
    encode_fields,
)


@given(changes())
def test_columns_say_the_change_again(change: Change) -> None:
    assert change_of(columns_of(change), change.valid, change.via) == change


@given(fields())
def test_a_patch_is_json_of_texts_lists_and_null(given_fields: dict[str, str]) -> None:
    patch = encode_fields(given_fields)
    assert decode_fields(patch) == given_fields
    as_lists = {n: list(v) if isinstance(v, tuple) else v for n, v in given_fields.items()}
    assert json.loads(patch) == as_lists
    assert "\0" not in patch


def test_columns_that_a_change_does_not_need_are_empty() -> None:
    assert columns_of(Put("bet/ferry")) == ("put", "bet/ferry", "", "", "{}")
    edge = Connect("bet/ferry", "serves", "goal/grow", {"share": "40%"})
    assert columns_of(edge) == ("connect", "bet/ferry", "serves", "goal/grow", '{"share":"40%"}')


def test_a_redacted_entry_has_no_change() -> None:
    assert change_of(Columns("redacted"), 0, None) is None


@pytest.mark.parametrize(
    "columns", [Columns("paint", "bet/a"), Columns("put", "bet/a", patch="[]")]
)
def test_columns_that_say_no_change_are_told(columns: Columns) -> None:
    with pytest.raises(ValueError, match=r"paint|\[\]"):
        change_of(columns, 0, None)
