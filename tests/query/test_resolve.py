"""Words the model does not know become findings, all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.query.companies import EPIC, MODEL, TODAY

from latticework.base.findings import Finding, Refused
from latticework.model.load import load
from latticework.query.ask import parse_for
from latticework.query.explain import explain
from latticework.query.resolve import resolve

FINDINGS = {
    "epicc": ("QUERY010", "epicc", "did you mean 'epic'"),
    "epic where ownr is x": ("QUERY011", "ownr", "did you mean 'owner'"),
    "goal where gut > 3": ("QUERY011", "gut", "epic has it"),
    "epic where srves nothing": ("QUERY012", "srves", "did you mean 'serves'"),
    "epic where depends on nothing": ("QUERY013", "depends on", "its links are serves"),
    "epic show avg(gut)": ("QUERY014", "avg", "average"),
    "epic show count(serves, serves)": ("QUERY015", "count(serves, serves)", "count(…)"),
    "epic show sum(serves+)": ("QUERY015", "sum(serves+)", "sum(field of serves+)"),
    "epic show year(title)": ("QUERY015", "year(title)", "holds a day"),
    "epic show sum(owner)": ("QUERY016", "owner", "number"),
    "epic where count(serves) > length(owner) and gut > initials(owner)": (
        "QUERY016",
        "initials(owner)",
        "one type",
    ),
    "epic where changed since soon": ("QUERY005", "changed since", ""),
    "epic changed since 2026-99": ("QUERY017", "2026-99", "write 2026-03-01"),
    "epic where serves crew": ("QUERY018", "crew", "name one of those"),
    "epic where serves+ > 3": ("QUERY019", "serves", "count(serves+)"),
    "epic where gut": ("QUERY020", "gut", "compare it"),
    "epic where gut contains 3": ("QUERY021", "3", "use is"),
    "epic where owner > 3 weeks": ("QUERY022", "3 weeks", "contains"),
    "epic where status > Building": ("QUERY022", "Building", "contains"),
    "epic where status is Bulding": ("QUERY023", "Bulding", "did you mean 'Building'"),
    "bet where stage is actve": ("QUERY023", "actve", "did you mean 'active'"),
    "epic where gut > 3 weeks": ("QUERY024", "3 weeks", "about 4"),
    "epic where size is smal": ("QUERY024", "smal", "did you mean 'small'"),
    "epic where due < someday": ("QUERY024", "someday", "2026-Q4"),
    "epic where count(serves) changed since 2026-01-01": ("QUERY025", "count(serves)", "name a"),
}


def _findings(text: str) -> tuple[Finding, ...]:
    with pytest.raises(Refused) as refused:
        resolve(parse_for(MODEL, text), MODEL, today=TODAY, text=text)
    return refused.value.findings


@pytest.mark.parametrize("text", FINDINGS)
def test_a_finding_points_at_the_word_and_says_what_to_do(text: str) -> None:
    code, value, hint = FINDINGS[text]
    found = _findings(text)[0]
    assert found.code == code
    if code != "QUERY005":
        assert text[found.place.column - 1 : found.place.end - 1] == value
    assert hint in found.hint


def test_all_findings_come_at_once() -> None:
    text = (
        "epic where ownr is x and srves nothing and serves gaol and gut > 3 weeks show dew, avg(x)"
    )
    codes = [each.code for each in _findings(text)]
    assert sorted(codes) == [
        "QUERY010",
        "QUERY011",
        "QUERY011",
        "QUERY012",
        "QUERY014",
        "QUERY024",
    ]


def test_a_finding_in_a_further_line_has_its_line() -> None:
    found = _findings("epic\n  where ownr is x")[0]
    assert (found.place.line, found.place.column) == (2, 9)


@pytest.mark.parametrize("expression", ["gut /", "owner / 2", "nobody + 1"])
def test_a_mapping_that_cannot_be_worked_out_is_a_finding(expression: str) -> None:
    broken = replace(EPIC, maps={"confidence": expression})
    model = replace(MODEL, kinds=(broken,))
    with pytest.raises(Refused) as refused:
        resolve(parse_for(model, "bet where confidence < 1"), model, today=TODAY)
    (found,) = refused.value.findings
    assert found.code == "QUERY026"
    assert expression in found.says


def test_the_starter_packs_questions_resolve() -> None:
    model = load("company: Little\nuses: [starter]\n").model
    questions = [rule.flags for rule in model.rules] + [view.asks for view in model.views]
    questions += [
        f"{kind.name} where {stage.needs}"
        for kind in model.kinds
        for stage in kind.stages
        if stage.needs
    ]
    assert len(questions) > 50
    for text in questions:
        resolve(parse_for(model, text), model, today=TODAY, text=text)
        assert explain(model, text)
