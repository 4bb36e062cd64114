"""The matrix and its dimensions: every number is a query that gives it again."""

from __future__ import annotations

import pytest
from tests.views import harbour, wrenfold

from latticework.base.findings import Refused
from latticework.query.ask import ask
from latticework.views.catalogue import views
from latticework.views.sight import Sight
from latticework.views.visuals import Matrix, Square

LAID_OUT = [
    {},
    {"query": "bet", "across": "stage", "down": "health"},
    {"query": "bet where health is stuck or value is high", "across": "due", "down": "cost"},
    {"query": "bet", "across": "confidence", "down": "serves"},
    {"query": "commitment", "across": "stage", "down": "kind"},
    {"query": "any", "across": "kind", "down": "stage"},
    {"query": "bet sort by cost descending limit 3", "across": "count(should move)", "down": "due"},
    {"query": "input", "across": "focus", "down": "lag"},
    {"query": "team", "across": "formed", "down": "is part of"},
    {"query": "decision", "across": "was taken in", "down": "year(taken)"},
    {"query": "person", "across": "craft", "down": "works in"},
]


def laid_out(sight: Sight, **chosen: object) -> Matrix:
    (block,) = views()["matrix"].build(sight, chosen).blocks
    assert isinstance(block, Matrix)
    return block


@pytest.mark.parametrize("chosen", LAID_OUT, ids=str)
def test_asking_a_cells_query_gives_exactly_its_count(chosen: dict[str, object]) -> None:
    block = laid_out(wrenfold.sight(), **chosen)
    squares = [each for line in block.squares for each in line if each.text]
    totals = [*block.across_totals, *block.down_totals, block.total]
    assert squares
    for each in (*squares, *totals):
        assert len(ask(wrenfold.graph(), each.query)) == int(each.text.replace(",", "")), each


@pytest.mark.parametrize("chosen", LAID_OUT, ids=str)
def test_every_thing_stands_in_some_row_and_some_column(chosen: dict[str, object]) -> None:
    block = laid_out(wrenfold.sight(), **chosen)
    total = number(block.total)
    assert sum(map(number, block.across_totals)) >= total
    assert sum(map(number, block.down_totals)) >= total


def test_a_thing_under_two_columns_counts_once_in_the_total() -> None:
    block = laid_out(harbour.sight("2026-06-01"), query="bet", across="serves", down="stage")
    building = [each.text for each in block.down].index("Building")
    assert [number(each) for each in block.squares[building]] == [1, 1, 0, 0]
    assert number(block.down_totals[building]) == 1
    assert "counts once" in block.note


def test_ranges_that_lie_across_bands_are_kept_apart() -> None:
    block = laid_out(wrenfold.sight(), query="bet", across="stage", down="confidence")
    assert "across bands" in [each.text for each in block.down]


def test_sums_keep_their_ranges_and_their_currency() -> None:
    block = laid_out(harbour.sight(), query="bet", down="stage", across="kind", measure="cost")
    assert block.measure == "sum(cost)"
    assert block.total.text == "55k"
    past = laid_out(
        harbour.sight("2026-06-01"), query="bet", down="stage", across="kind", measure="sum(cost)"
    )
    assert past.total.text == "40k–80k"


def test_an_average_is_of_the_things_of_its_cell_not_of_other_cells() -> None:
    def over(query: str) -> str:
        return laid_out(
            wrenfold.sight(), query=query, across="kind", down="stage", measure="average(size)"
        ).total.text

    small, large = over("team where size < 6"), over("team where size >= 6")
    assert small != large
    assert over("team") not in {small, large, ""}


def test_the_heaviest_cell_weighs_one_and_an_empty_cell_nothing() -> None:
    block = laid_out(wrenfold.sight(), query="bet", across="stage", down="value")
    weights = [each.weight for line in block.squares for each in line]
    assert max(weights) == 1.0
    assert all(each.weight == 0 for line in block.squares for each in line if not each.text)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"query": "bet", "across": "helth"}, "QUERY011"),
        ({"query": "bet", "across": "title of serves"}, "VIEW032"),
        ({"query": "bet", "across": "stage, health"}, "VIEW031"),
        ({"query": "bet", "measure": "title"}, "VIEW033"),
        ({"query": "bett"}, "QUERY010"),
    ],
    ids=str,
)
def test_words_that_cannot_be_laid_out_are_refused(chosen: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        laid_out(wrenfold.sight(), **chosen)


def test_nothing_to_lay_out_says_so() -> None:
    block = laid_out(wrenfold.sight(), query="bet where cost > 900M", across="stage", down="value")
    assert block.squares == ()
    assert block.empty


def number(square: Square) -> int:
    return int(square.text.replace(",", "") or 0)
