"""The page that says why a number is what it is, over the example company."""

from __future__ import annotations

import pytest
from tests.views import wrenfold

from latticework.base.findings import Refused
from latticework.surfaces.text import Paper, page_lines
from latticework.views.blocks import Table
from latticework.views.catalogue import views
from latticework.views.page import Page

COST = {"field": "cost", "along": "is served by+"}


def _page(**chosen: object) -> Page:
    return views()["why"].build(wrenfold.sight(), chosen)


def _text(page: Page) -> str:
    return "\n".join(line.plain for line in page_lines(page, Paper(None)))


def _codes(**chosen: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        _page(**chosen)
    return [each.code for each in refused.value.findings]


@pytest.mark.parametrize("mode", ["split", "full", "range"])
def test_a_rolled_up_figure_leads_to_its_parts_and_their_entries(mode: str) -> None:
    page = _page(ref="pillar/kept-word", mode=mode, **COST)
    rows = list(page.data)
    assert rows
    assert all(row["entries"] for row in rows)
    assert "cost of is served by+" in str(rows[0]["sentence"])


def test_each_part_can_be_asked_again_down_to_a_value_that_was_written() -> None:
    about, seen = "pillar/kept-word", []
    while True:
        rows = [
            row
            for row in _page(ref=about, **COST).data
            if row.get("brings in", "nothing") != "nothing"
        ]
        if not rows:
            break
        about = str(rows[0]["part"])
        seen.append(about)
        assert len(seen) < 20
    graph = wrenfold.graph()
    assert graph.node(seen[-1]).fields["cost"]


def test_parts_brought_in_sum_to_the_figure_to_the_smallest_unit() -> None:
    from latticework.analysis.rollup.evidence import evidence_of
    from latticework.analysis.rollup.reading import rollup

    graph = wrenfold.graph()
    found = rollup(graph, "cost", "is served by+", "split", today=wrenfold.TODAY)
    bed, runs = found.currents[0].beds[0], found.currents[0].runs[0]
    network = found.network(found.asked.steps[0])
    assert network is not None
    for node in graph.ids_of("pillar").tolist():
        edges = (bed.above == network.part[node]).nonzero()[0]
        if not len(edges):
            continue
        assert int(runs[0].parts(edges).sum()) == int(found.currents[0].low[node])
        assert evidence_of(found, node).total == len(edges)


def test_the_whole_says_where_it_went() -> None:
    text = _text(_page(**COST))
    assert "the parts sum to it exactly" in text
    assert "arrives at the top of the path" in text


def test_one_thing_lists_every_reading_that_has_a_figure_for_it() -> None:
    page = _page(ref="team/ledger")
    (table,) = page.blocks
    assert isinstance(table, Table)
    assert {row["reading"] for row in page.data} >= {"hops-to-customer", "team-ties"}


def test_a_reading_of_the_whole_says_why() -> None:
    assert "the share of things that skip a rung" in _text(_page(reading="missing-rung"))


def test_group_rows_are_asked_by_their_name() -> None:
    assert "level 1" in _text(_page(ref="level 1", reading="goal-levels"))


def test_what_cannot_be_answered_is_refused_with_a_hint() -> None:
    assert _codes() == ["VIEW014"]
    assert _codes(reading="no-such") == ["READING004"]
    assert _codes(ref="pillar/kept-word", reading="team-ties") == ["VIEW015"]
    assert _codes(field="cost") == ["VIEW009"]
    assert _codes(mode="guess", **COST) == ["VIEW016"]
    assert _codes(field="cst", along="is served by+") == ["QUERY011"]
    assert _codes(field="cost", along="is servd by+") == ["QUERY005"]
    assert _codes(ref="pillar/no-such", **COST) == ["VIEW003"]
