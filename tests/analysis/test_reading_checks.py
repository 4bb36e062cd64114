"""Readings bound to unknown words are told before anybody misses their figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from latticework.analysis.judge import judge
from latticework.analysis.reading_checks import unreadable
from latticework.graph.little import company_of
from latticework.model.load import load
from latticework.workspace.effects import preview_of

TODAY = date(2026, 6, 15)
MODELS = Path(__file__).parents[2] / "src/latticework/demo/models"
BROKEN = """\
company: Little
uses: [starter]
readings:
  lonely: {computes: share, with: {of: pilar, where: serves nothing}}
  strange: {computes: guesswork}
"""


def test_readings_of_starter_and_demo_can_be_asked() -> None:
    newest = sorted(MODELS.glob("*.yaml"))[-1].read_text("utf-8")
    for text in ("company: Little\nuses: [starter]\n", newest):
        assert list(unreadable(load(text).model, TODAY)) == []


def test_a_thing_that_is_not_there_yet_is_no_fault_of_the_model() -> None:
    text = "company: Little\nuses: [starter]\nreadings:\n  way: {computes: hops, with: "
    text += "{of: team, to: metric/none, along: [serves]}}\n"
    assert list(unreadable(load(text).model, TODAY)) == []


def test_a_preview_tells_of_broken_readings_all_at_once() -> None:
    graph = company_of("goal/a: {title: A}")
    findings = preview_of(graph, load(BROKEN).model, today=TODAY).findings
    told = [each.says for each in findings if each.code == "EVOLVE006"]
    assert [each.partition(" ")[0] for each in told] == ["readings.lonely", "readings.strange"]


def test_a_check_tells_of_broken_readings() -> None:
    graph = company_of("model: {readings: {strange: {computes: guesswork}}}")
    assert "READING900" in {each.code for each in judge(graph, today=TODAY)}
