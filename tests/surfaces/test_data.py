"""Rows for machines: what a script or a spreadsheet gets."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.surfaces.data import csv_lines, guarded, json_lines

TEXTS = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), min_size=1)


@given(st.lists(TEXTS, max_size=4))
def test_json_lines_are_one_array_of_the_same_rows(rows: list[dict[str, str]]) -> None:
    assert json.loads("\n".join(json_lines(rows))) == rows


def test_a_row_stands_on_a_line_of_its_own() -> None:
    lines = list(json_lines([{"ref": "bet/a"}, {"ref": "bet/b"}]))
    assert lines == ["[", '{"ref": "bet/a"},', '{"ref": "bet/b"}', "]"]


def test_no_rows_are_an_empty_array_and_no_csv() -> None:
    assert list(json_lines([])) == ["[]"]
    assert list(csv_lines([])) == []


@pytest.mark.parametrize("text", ["=1+1", "+x", "@SUM(A1)", "-cmd|' /C calc'!A0", "\t=1", "\r=1"])
def test_a_formula_reaches_a_spreadsheet_as_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e3", "plain", "", "2–5"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_csv_reads_back_as_what_was_written(pairs: list[tuple[str, str]]) -> None:
    rows = [{"ref": ref, "title": title} for ref, title in pairs]
    text = "\r\n".join(csv_lines(rows))
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert header == ["ref", "title"]
    expected = [[guarded(row["ref"]), guarded(row["title"])] for row in rows]
    assert [line or ["", ""] for line in lines] == expected


def test_lists_and_absent_values_have_one_cell() -> None:
    row = {"ref": "bet/a", "labels": ["night", "islands"], "due": None, "open": True}
    assert list(csv_lines([row])) == ["ref,labels,due,open", "bet/a,night; islands,,yes"]
