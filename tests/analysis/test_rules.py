"""Every rule flags its flagged example and leaves its clean example alone."""

import re
from datetime import date

import numpy as np
import pytest

from latticework.analysis.judge import rules
from latticework.analysis.rule import Rule
from latticework.graph.little import company_of

TODAY = date(2026, 11, 15)
FENCE = re.compile(r"```yaml (flagged|clean)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("verdict", ["flagged", "clean"])
@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_examples_hold(rule: Rule, verdict: str) -> None:
    examples = [text for word, text in FENCE.findall(rule.doc) if word == verdict]
    assert examples, f"{rule.code} shows no {verdict} example"
    for text in examples:
        complaints = list(rule(company_of(text), TODAY))
        assert bool(complaints) is (verdict == "flagged"), complaints


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_of_each_thing_the_same_is_found_whether_or_not_others_are_judged(rule: Rule) -> None:
    for _, text in FENCE.findall(rule.doc):
        company = company_of(text)
        every = list(rule(company, TODAY))
        for node in range(company.size):
            ref = str(company.ref_of(node))
            alone = list(rule(company, TODAY, np.array([node], dtype=np.int32)))
            assert [e for e in alone if e.ref == ref] == [e for e in every if e.ref == ref]


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_rule_lies_in_the_file_of_its_name(rule: Rule) -> None:
    assert rule.module.rpartition(".")[2] == rule.name.replace("-", "_")


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_summary_fits_a_help_line(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 72


def test_no_code_is_used_twice() -> None:
    codes = [rule.code for rule in rules().values()]
    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_every_complaint_says_what_and_what_to_do(rule: Rule) -> None:
    for _, text in FENCE.findall(rule.doc):
        for complaint in rule(company_of(text), TODAY):
            assert complaint.says
            assert complaint.hint
