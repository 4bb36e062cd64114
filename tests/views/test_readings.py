"""The page of readings, over the example company."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.views import wrenfold

from latticework.base.times import Moment, end_of
from latticework.graph.little import company_of
from latticework.model.load import load_or_refuse
from latticework.surfaces.text import Paper, page_lines
from latticework.views.blocks import Findings, Table
from latticework.views.catalogue import views
from latticework.views.page import Page
from latticework.views.sight import Sight

NAMES = [each.name for each in load_or_refuse("uses: [starter]\n").readings]


def _page(sight: Sight | None = None, **chosen: object) -> Page:
    return views()["readings"].build(sight or wrenfold.sight(), chosen)


def _lines(page: Page, width: int) -> list[str]:
    return [line.plain for line in page_lines(page, Paper(width))]


def test_the_starter_pack_binds_readings_and_each_answers_of_the_example() -> None:
    rows = {str(row["reading"]): row for row in _page().data}
    assert set(rows) >= set(NAMES)
    assert all(row["says"] for row in rows.values())
    assert not [block for block in _page().blocks if isinstance(block, Findings)]


@pytest.mark.parametrize("name", NAMES)
def test_each_reading_has_a_page_that_fits_the_terminal(name: str) -> None:
    page = _page(name=name)
    for width in (60, 100):
        assert [line for line in _lines(page, width) if len(line) > width] == []
    (table,) = (block for block in page.blocks if isinstance(block, Table))
    assert len(list(page.data)) == (table.total or len(table.rows))


@pytest.mark.parametrize("name", NAMES)
def test_no_row_is_about_a_person(name: str) -> None:
    people = {
        str(wrenfold.graph().ref_of(node)) for node in wrenfold.graph().ids_of("person").tolist()
    }
    assert not {str(row["ref"]) for row in _page(name=name).data} & people


@pytest.mark.parametrize("name", NAMES)
def test_a_company_without_a_thing_is_read_too(name: str) -> None:
    graph = company_of("")
    empty = replace(wrenfold.sight(), graph=graph, graph_at=lambda _: graph)
    assert _page(empty, name=name).title == name


def test_a_reading_that_cannot_be_asked_stands_below_the_others() -> None:
    words = "model: {readings: {odd: {computes: share, with: {of: gaol, where: serves nothing}}}}"
    graph = company_of(words)
    page = _page(replace(wrenfold.sight(), graph=graph, graph_at=lambda _: graph))
    (told,) = (block for block in page.blocks if isinstance(block, Findings))
    assert [each.code for each in told.findings] == ["READING003"]
    assert any(row["reading"] == "orphan-work" for row in page.data)


def test_further_days_are_drawn_as_a_line_in_the_words_of_now() -> None:
    graph = wrenfold.graph()
    past = graph.at(Moment(valid=end_of(wrenfold.TODAY.replace(year=2025))))
    sight = replace(wrenfold.sight(), graph_at=lambda _: past)
    page = _page(sight, on="2025-11-15")
    (table,) = (each for each in page.blocks if isinstance(each, Table))
    place = [each.name for each in table.columns].index("course")
    assert {len(row[place].spans[0].points) for row in table.rows} == {2}
    for row in page.data:
        course = row["course"]
        assert isinstance(course, list)
        if isinstance(row["low"], float) and isinstance(row["high"], float):
            assert course[-1] == (row["low"] + row["high"]) / 2
    before = {str(row["reading"]): row["low"] for row in _page(replace(sight, graph=past)).data}
    drawn = {str(row["reading"]): row["course"][0] for row in page.data}  # type: ignore[index]
    assert drawn["orphan-intent"] == before["orphan-intent"]
