"""The page of where effort goes, over the example company."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.views import wrenfold

from latticework.base.findings import Refused
from latticework.graph.little import company_of
from latticework.surfaces.text import Paper, page_lines
from latticework.views.blocks import Metric
from latticework.views.catalogue import views
from latticework.views.page import Page


def _page(**chosen: object) -> Page:
    return views()["allocation"].build(wrenfold.sight(), chosen)


def _text(page: Page, width: int | None = None) -> str:
    return "\n".join(line.plain for line in page_lines(page, Paper(width)))


def test_planned_and_observed_stand_side_by_side_with_what_may_mislead() -> None:
    rows = list(_page().data)
    assert rows
    assert all(row["planned"] and row["observed"] for row in rows)
    assert any(row["lie-checks"] for row in rows)


@pytest.mark.parametrize(("side", "unit"), [("planned", "weight"), ("observed", "entries")])
def test_a_share_adds_up_from_its_evidence(side: str, unit: str) -> None:
    """What the first step brings in, over all there is, is the share on the page."""
    for row in _page().data:
        chosen = {"ref": row["ref"], "reading": "effort-by-pillar"}
        why = views()["why"].build(wrenfold.sight(), chosen)
        (metric,) = (each for each in why.blocks if isinstance(each, Metric))
        told = re.search(rf"{side}: (?:weight )?([\d.,]+) of ([\d.,]+)", metric.note, re.IGNORECASE)
        assert told is not None
        mine, whole = (float(each.replace(",", "")) for each in told.groups())
        parts = [each for each in why.data if str(each["through"]).startswith(side)]
        brought = [float(str(each["brings in"]).replace(unit, "")) for each in parts]
        assert sum(brought) == pytest.approx(mine, rel=0.002, abs=0.02)
        assert mine / whole == pytest.approx(float(str(row[side]).rstrip("%")) / 100, abs=0.001)


def test_work_that_was_seen_leads_to_its_entries() -> None:
    row = max(_page().data, key=lambda each: float(str(each["observed"]).rstrip("%")))
    chosen = {"ref": row["ref"], "reading": "effort-by-pillar"}
    data = list(views()["why"].build(wrenfold.sight(), chosen).data)
    work = [each for each in data if str(each["through"]).startswith("live work")]
    assert any(each["entries"] for each in work)
    for each in work:
        counted = re.search(r"(\d+) entr", str(each["says"]))
        assert counted is not None
        assert int(counted[1]) == len(each["entries"])  # type: ignore[arg-type]


def test_each_lie_check_says_a_sentence() -> None:
    text = _text(_page())
    assert "assumed fungibility" in text
    assert "as if hours were alike" in text


def test_what_serves_none_of_them_is_shown_rather_than_spread() -> None:
    assert "none of these" in _text(_page())


def test_a_model_without_an_allocation_is_told_how_to_bind_one() -> None:
    graph = company_of("model: {drop: {readings: [effort-by-pillar]}}")
    bare = replace(wrenfold.sight(), graph=graph, graph_at=lambda _: graph)
    with pytest.raises(Refused) as refused:
        views()["allocation"].build(bare, {})
    assert [each.code for each in refused.value.findings] == ["VIEW017"]


def test_another_reading_is_no_allocation() -> None:
    with pytest.raises(Refused) as refused:
        _page(name="team-ties")
    assert [each.code for each in refused.value.findings] == ["VIEW017"]


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 100):
        assert [line for line in _text(_page(), width).splitlines() if len(line) > width] == []
