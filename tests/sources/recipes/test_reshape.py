"""Rows as people lay them out become one record for each thing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.harbour import MODEL

from latticework.base.findings import Refused
from latticework.sources.csv import csv
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.recipes.reshape import (
    ColumnsAsRows,
    FillDown,
    Group,
    Shape,
    Split,
    reshaped,
)
from latticework.sources.tree import Items, Read, plain


def shaped(text: str, *shapes: Shape) -> object:
    """The rows of a sheet after some steps, places forgotten."""
    return plain(reshaped(csv.read(text), shapes).tree)


def test_a_blank_is_filled_until_what_stands_before_it_changes() -> None:
    sheet = "goal,lead,step\nGrow,Ada,1\n,,2\n,Ben,3\nRest,,4\n,,5\n"
    assert shaped(sheet, FillDown(columns=("goal", "lead"))) == [
        {"goal": "Grow", "lead": "Ada", "step": "1"},
        {"goal": "Grow", "lead": "Ada", "step": "2"},
        {"goal": "Grow", "lead": "Ben", "step": "3"},
        {"goal": "Rest", "step": "4"},
        {"goal": "Rest", "step": "5"},
    ]


def test_a_cell_of_several_texts_is_cut_at_any_mark() -> None:
    sheet = 'who,what\n"Ada, Ben & Cid",x\n,y\n'
    assert shaped(sheet, Split(columns=("who",), at=(",", "&"))) == [
        {"who": ["Ada", "Ben", "Cid"], "what": "x"},
        {"what": "y"},
    ]


def test_columns_of_days_become_rows_and_others_stay() -> None:
    sheet = "who,Q1 2026,12 May,Notes\nAda,1,2,x\nBen,,,y\n"
    turned = ColumnsAsRows(columns=("dates",), year="2026", name="day", value="sum")
    assert shaped(sheet, turned) == [
        {"who": "Ada", "Notes": "x", "day": "2026-01-01", "sum": "1"},
        {"who": "Ada", "Notes": "x", "day": "2026-05-12", "sum": "2"},
        {"who": "Ben", "Notes": "y"},
    ]


def test_a_glob_takes_what_its_star_stands_for() -> None:
    sheet = "who,Q1 2026 actual,boats actual,Q1 2026 target\nAda,1,2,3\n"
    turned = ColumnsAsRows(columns=("* actual",), unless=("boats *",), name="day", value="sum")
    assert shaped(sheet, turned) == [
        {"who": "Ada", "boats actual": "2", "Q1 2026 target": "3", "day": "2026-01-01", "sum": "1"}
    ]


def test_rows_of_one_thing_become_one_record_that_says_what_the_latest_says() -> None:
    sheet = "boat,day,sum,note\nGull,2 May 2026,2,\nTern,2026-01-01,9,\nGull,2026-04-01,1,old\n"
    grouped = shaped(sheet, Group(by=("boat",), when="day", into="days"))
    gull = {
        "boat": "Gull",
        "sum": "2",
        "note": "old",
        "days": [
            {"boat": "Gull", "day": "2026-04-01", "sum": "1", "note": "old"},
            {"boat": "Gull", "day": "2026-05-02", "sum": "2"},
        ],
    }
    assert isinstance(grouped, list)
    assert grouped[0] == gull
    assert len(grouped) == 2


rows = st.lists(
    st.tuples(st.sampled_from("ab"), st.dates().map(str), st.integers(0, 9)),
    unique_by=lambda row: row[:2],
    min_size=1,
)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_where_there_are_days(
    found: list[tuple[str, str, int]], chance: random.Random
) -> None:
    header, step = "boat,day,sum\n", Group(by=("boat",), when="day", into="days")
    lines = [f"{boat},{day},{value}" for boat, day, value in found]
    told = shaped(header + "\n".join(lines), step)
    chance.shuffle(lines)
    again = shaped(header + "\n".join(lines), step)
    assert isinstance(told, list)
    assert isinstance(again, list)
    assert sorted(told, key=str) == sorted(again, key=str)


def test_rows_keep_their_lines() -> None:
    sheet = csv.read("boat,day\nGull,2026-01-02\nGull,2026-01-01\n")
    tree = reshaped(sheet, (Group(by=("boat",), when="day", into="days"),)).tree
    assert isinstance(tree, Items)
    gull = plain(tree[0])
    assert gull
    assert [each.line for each in tree[0]["days"]] == [3, 2]  # type: ignore[index,union-attr,call-overload]


def test_columns_that_no_row_has_and_rows_without_a_name_are_told() -> None:
    sheet = csv.read("boat,day\nGull,1\n,2\n")
    told = reshaped(sheet, (FillDown(columns=("bot",)), Group(by=("boat",), into="days")))
    assert [(each.code, each.place.line) for each in told.findings] == [
        ("SOURCE090", 2),
        ("SOURCE091", 3),
    ]
    assert "'boat'" in told.findings[0].hint


def test_a_list_inside_a_file_is_shaped_where_it_is_named() -> None:
    from latticework.sources.yaml import yaml

    read: Read = yaml.read("boats: [{n: a, v: 1}, {n: a, v: 2}]\nother: [{n: a}]\n")
    told = plain(reshaped(read, (Group(by=("n",), into="all", inside="boats"),)).tree)
    assert isinstance(told, dict)
    assert (len(told["boats"]), told["other"]) == (1, [{"n": "a"}])


BAD = """
recipe: boats
reads: "*.csv"
shape:
  - fil down: [a]
  - group: {by: a}
  - columns as rows: {columns: dates, name: a, value: b, year: soon, colour: red}
kinds:
  wish: {key: name, fields: {title: name}}
"""


def test_what_is_wrong_with_a_shape_is_told_all_at_once() -> None:
    with pytest.raises(Refused) as problem:
        load_recipe(BAD, model=MODEL)
    found = [(each.code, each.place.line) for each in problem.value.findings]
    assert found == [("RECIPE002", 5), ("RECIPE006", 6), ("RECIPE002", 7), ("RECIPE009", 7)]
    assert "fill down" in problem.value.findings[0].hint
