"""What a query's counts and sums are made of, over the example company."""

from __future__ import annotations

from datetime import date

import pytest
from tests.views import wrenfold

from latticework.analysis.tally_evidence import evidence_of_tally
from latticework.base.findings import Refused
from latticework.query.ask import ask

TODAY = date(2026, 11, 15)
COLUMNS = (
    "count(is served by)",
    "count(is served by+)",
    "count(is served by bet where stage is settled)",
    "max(cost of is served by+)",
)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_parts_are_as_many_as_the_query_counts(column: str) -> None:
    graph = wrenfold.graph()
    path = column.partition("(")[2][:-1].removeprefix("cost of ")
    rows = ask(graph, f"pillar show count({path})", today=TODAY).to_dicts()
    for row in rows:
        node = graph.find(row["ref"])
        assert node is not None
        evidence = evidence_of_tally(graph, column, node, TODAY)
        assert evidence.total == row[f"count({path})"]
        assert len(evidence.parts) == min(evidence.total, 200)
        assert all(part.ref for part in evidence.parts)


def test_the_figure_is_the_one_of_the_query_and_what_is_missing_is_said() -> None:
    graph = wrenfold.graph()
    node = graph.find("pillar/kept-word")
    assert node is not None
    evidence = evidence_of_tally(graph, "sum(cost of is served by+)", node, TODAY)
    (row,) = ask(graph, "pillar/kept-word show sum(cost of is served by+)", today=TODAY).to_dicts()
    assert evidence.value == str(row["sum(cost of is served by+)"])
    assert evidence.missing
    assert "sum of" in evidence.sentence


def test_what_is_no_tally_is_refused() -> None:
    graph = wrenfold.graph()
    with pytest.raises(Refused) as refused:
        evidence_of_tally(graph, "title", 0, TODAY)
    assert [each.code for each in refused.value.findings] == ["TALLY001"]
