"""What one value in one place can mend, of one thing or of all alike."""

from __future__ import annotations

from datetime import date

import pytest

from latticework.analysis.judge import judge
from latticework.analysis.mending import alike, is_mendable, mend
from latticework.base.findings import Finding, Refused
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.journal.changes import Connect, Disconnect, Put

TODAY = date(2026, 11, 15)

HARBOUR = """\
project/pier: {title: Pier, stage: deliverd}
project/quay: {title: Quay, stage: deliverd}
project/lamp: {title: Lamp, stage: runing}
goal/grow: {title: Grow, due: 2026-13, serves: {pillar/raech: {share: 40%}}}
pillar/reach: {title: Reach}
"""


def _found(graph: Graph, code: str) -> list[Finding]:
    return [each for each in judge(graph, today=TODAY) if each.code == code]


def test_a_rule_offers_what_would_do_likeliest_first() -> None:
    graph = company_of(HARBOUR)
    assert _found(graph, "STAGE001")[0].instead[0] == "delivered"
    assert _found(graph, "LINK001")[0].instead == ("pillar/reach",)
    strange = company_of("project/pier: {title: Pier, stage: zzz}")
    assert set(_found(strange, "STAGE001")[0].instead) >= {"running", "delivered"}


def test_a_stage_and_a_field_are_mended_by_their_value() -> None:
    graph = company_of(HARBOUR)
    pier, *_ = _found(graph, "STAGE001")
    assert mend([pier], "delivered", graph) == (Put("project/pier", {"stage": "delivered"}),)
    due = _found(graph, "FIELD001")
    assert mend(due, " 2026-12 ", graph) == (Put("goal/grow", {"due": "2026-12"}),)
    assert mend(due, "", graph) == (Put("goal/grow", {"due": None}),)


def test_alike_is_what_one_gesture_mends_and_nothing_else() -> None:
    graph = company_of(HARBOUR)
    every = judge(graph, today=TODAY)
    pier, *_ = _found(graph, "STAGE001")
    assert [each.place.ref for each in alike(pier, every)] == ["project/pier", "project/quay"]


def test_an_edge_to_nothing_leads_elsewhere_and_keeps_its_fields() -> None:
    graph = company_of(HARBOUR)
    lost = _found(graph, "LINK001")
    cut = Disconnect("goal/grow", "serves", "pillar/raech")
    assert mend(lost, "pillar/reach", graph) == (
        cut,
        Connect("goal/grow", "serves", "pillar/reach", {"share": "40%"}),
    )
    assert mend(lost, "", graph) == (cut,)


def test_what_no_single_value_mends_is_refused_with_its_own_hint() -> None:
    graph = company_of("bet/boat: {title: Boat, stage: running}")
    beyond = [each for each in judge(graph, today=TODAY) if not is_mendable(each, graph.model)]
    assert beyond
    with pytest.raises(Refused) as refused:
        mend(beyond, "anything", graph)
    assert [each.code for each in refused.value.findings] == ["MEND001"] * len(beyond)
    assert {each.hint for each in refused.value.findings} <= {each.hint for each in beyond}
