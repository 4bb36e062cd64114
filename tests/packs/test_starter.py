"""The starter pack: its words, its rules and its views."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from latticework.analysis.judge import judge
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.model.load import load
from latticework.model.model import Kind, Model, RuleQuery, SavedView
from latticework.query.ask import ask

TODAY = date(2026, 11, 15)
LOADED = load("company: Little\nuses: [starter]\n")
STARTER: Model = LOADED.model
EXAMPLES: Mapping[str, Mapping[str, object]] = yaml.load(
    (Path(__file__).parent / "starter_examples.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)
WORDS = re.compile(r"\w+")


def _company(code: str, verdict: str) -> Graph:
    return company_of(yaml.safe_dump(EXAMPLES[code][verdict], allow_unicode=True))


def test_pack_loads_without_a_finding() -> None:
    assert LOADED.findings == ()


def test_pack_has_twenty_rules_and_more() -> None:
    assert len(STARTER.rules) >= 20


@pytest.mark.parametrize("rule", STARTER.rules, ids=lambda rule: rule.code)
def test_rule_flags_its_flagged_example(rule: RuleQuery) -> None:
    found = judge(_company(rule.code, "flagged"), today=TODAY)
    mine = [each for each in found if each.code == rule.code]
    assert [each.place.ref for each in mine] == [EXAMPLES[rule.code]["flags"]]
    assert not [each for each in found if each.code == "RULE001"], found
    assert "unknown" not in mine[0].says
    assert "{" not in mine[0].says


@pytest.mark.parametrize("rule", STARTER.rules, ids=lambda rule: rule.code)
def test_rule_leaves_its_clean_example_alone(rule: RuleQuery) -> None:
    assert ask(_company(rule.code, "clean"), rule.flags, today=TODAY).refs == ()


@pytest.mark.parametrize("rule", STARTER.rules, ids=lambda rule: rule.code)
def test_rule_has_a_name_a_sentence_a_hint_and_a_purpose(rule: RuleQuery) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.says
    assert rule.hint
    assert rule.purpose
    assert rule.severity in {each.word for each in Severity}


@pytest.mark.parametrize("kind", STARTER.kinds, ids=lambda kind: kind.name)
def test_kind_has_a_plural_and_a_purpose(kind: Kind) -> None:
    assert kind.many
    assert kind.purpose


@pytest.mark.parametrize("kind", STARTER.kinds, ids=lambda kind: kind.name)
def test_each_stage_has_a_shared_category(kind: Kind) -> None:
    shared = {"proposed", "active", "done", "dropped"}
    assert {stage.category for stage in kind.stages} <= shared


@pytest.mark.parametrize("view", STARTER.views, ids=lambda view: view.name)
def test_view_can_be_asked_and_says_for_whom(view: SavedView) -> None:
    assert view.whom
    assert view.decides
    assert view.omits
    ask(company_of(""), view.asks, today=TODAY)


def test_each_link_reads_both_ways() -> None:
    for link in STARTER.links:
        assert link.back
        assert link.back != link.name


def test_a_word_stands_for_one_idea_only() -> None:
    taken: dict[str, str] = {}
    for kind in STARTER.kinds:
        for word in {kind.name, kind.many}:
            assert taken.setdefault(word, kind.name) == kind.name
    for term in STARTER.terms:
        for word in term.synonyms:
            assert word not in taken, f"'{word}' is a kind and another word for {term.name}"
