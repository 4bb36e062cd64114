"""The page of a rollup, over the example company."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.views import wrenfold

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.surfaces.text import Paper, page_lines
from latticework.views.blocks import Findings, Table
from latticework.views.catalogue import views
from latticework.views.page import Page


def _page(**chosen: object) -> Page:
    told = {"field": "cost", "along": "is served by+"} | chosen
    return views()["rollup"].build(wrenfold.sight(), told)


def _text(page: Page, width: int | None = None) -> str:
    return "\n".join(line.plain for line in page_lines(page, Paper(width)))


def test_the_parts_are_said_to_sum_to_the_whole() -> None:
    assert "parts sum to the whole" in _text(_page())
    assert "to the smallest unit" in _text(_page())


def test_only_what_was_asked_of_is_shown() -> None:
    refs = {str(row["ref"]) for row in _page(of="pillar").data}
    assert refs
    assert all(ref.startswith("pillar/") for ref in refs)


@pytest.mark.parametrize("mode", ["split", "full", "range"])
def test_split_lies_within_range_and_below_full(mode: str) -> None:
    split = {row["ref"]: row for row in _page().data}
    for row in _page(mode=mode).data:
        low, high = split[row["ref"]]["low"], split[row["ref"]]["high"]
        assert isinstance(low, float)
        assert isinstance(high, float)
        if mode == "range":
            assert float(str(row["low"])) <= low
        else:
            assert float(str(row["low"])) >= low
        assert float(str(row["high"])) >= high


def test_a_further_day_stands_beside() -> None:
    graph = wrenfold.graph()
    past = graph.at(Moment(valid=end_of(wrenfold.TODAY.replace(year=2025))))
    sight = replace(wrenfold.sight(), graph_at=lambda _: past)
    chosen = {"field": "cost", "along": "is served by+", "of": "pillar", "on": "2025-11-15"}
    text = _text(views()["rollup"].build(sight, chosen))
    assert "2025-11-15" in text


def test_circles_are_told_and_nothing_hangs() -> None:
    (told,) = (block for block in _page().blocks if isinstance(block, Findings))
    assert {each.code for each in told.findings} == {"ROLLUP004"}


def test_several_steps_can_be_rolled_up_and_only_the_first_may_repeat() -> None:
    page = _page(field="cost", along="is served by+ then is owned by", of="pillar")
    assert list(page.data)
    with pytest.raises(Refused) as refused:
        _page(field="cost", along="holds then is needed by+")
    assert [each.code for each in refused.value.findings] == ["ROLLUP002"]


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 100):
        lines = _text(_page(on="2025-11-15"), width).splitlines()
        assert [line for line in lines if len(line) > width] == []


def test_draws_stand_beside_and_say_what_they_take_for_granted() -> None:
    page = _page(mode="range", of="pillar", sampled=200, seed=3)
    text = _text(page)
    assert "Drawn, not known" in text
    assert "200 draws with seed 3" in text
    for row in page.data:
        told = [float(str(row[name])) for name in ("10th", "50th", "90th")]
        assert told == sorted(told)
        assert float(str(row["low"])) - 0.1 <= told[0]
        assert told[-1] <= float(str(row["high"])) + 0.1
    assert list(_page(mode="range", of="pillar", sampled=200, seed=3).data) == list(page.data)


def test_why_a_drawn_figure_says_how_it_was_drawn() -> None:
    chosen = {"field": "cost", "along": "is served by+", "mode": "range", "sampled": 200}
    ref = str(next(iter(_page(of="pillar").data))["ref"])
    text = _text(views()["why"].build(wrenfold.sight(), chosen | {"ref": ref}))
    assert "in 8 of 10 draws between" in text
    assert "each value lies evenly in its range" in text


def test_further_days_are_drawn_as_a_line() -> None:
    """A line as small as a word: characters in text, points for the web, numbers in JSON."""
    page = _page(of="pillar", on="2025-11-15,2026-05-15")
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    place = [each.name for each in table.columns].index("course")
    lines = [row[place].spans[0].points for row in table.rows]
    assert all(len(each) == 3 for each in lines)
    assert any(bar in _text(page) for bar in "▁▄█")
    for row in page.data:
        course = row["course"]
        assert isinstance(course, list)
        assert course[-1] == (float(str(row["low"])) + float(str(row["high"]))) / 2
