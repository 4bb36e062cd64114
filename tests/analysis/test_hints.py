"""What findings quote and what they offer."""

from datetime import date
from decimal import Decimal

import pytest

from latticework.analysis.judge import judge
from latticework.analysis.words import fitting
from latticework.base.findings import Finding
from latticework.graph.little import company_of
from latticework.model.model import Field
from latticework.model.scalars import TYPES

TODAY = date(2026, 11, 15)


def _only(text: str, code: str) -> Finding:
    found = [each for each in judge(company_of(text), today=TODAY) if each.code == code]
    assert len(found) == 1, found
    return found[0]


def test_misfit_quotes_the_value_and_says_what_fits() -> None:
    finding = _only("goal/grow: {title: Grow, due: 2026-13}", "FIELD001")
    assert finding.place.ref == "goal/grow"
    assert finding.place.field == "due"
    assert "'2026-13'" in finding.says
    assert "2026-Q4" in finding.hint


def test_misfit_choice_offers_the_closest() -> None:
    finding = _only("goal/grow: {title: Grow, health: shakey}", "FIELD001")
    assert finding.hint == "did you mean 'shaky'?"


def test_misfit_on_an_edge_names_the_link_and_the_field() -> None:
    text = "goal/grow: {title: Grow, serves: {pillar/reach: {share: a lot}}}\npillar/reach: {title: Reach}"
    finding = _only(text, "FIELD001")
    assert finding.place.field == "serves share"
    assert "'a lot'" in finding.says


def test_misspelt_stage_offers_the_stage() -> None:
    finding = _only("project/pier: {title: Pier, stage: deliverd}", "STAGE001")
    assert finding.hint == "did you mean 'delivered'?"


def test_stage_like_no_other_lists_the_stages() -> None:
    finding = _only("project/pier: {title: Pier, stage: zzz}", "STAGE001")
    assert finding.hint == "write planned, running, delivered, dropped"


def test_misspelt_ref_offers_the_thing() -> None:
    text = "goal/grow: {title: Grow, serves: pillar/raech}\npillar/reach: {title: Reach}"
    assert _only(text, "LINK001").hint == "did you mean 'pillar/reach'?"


def test_retired_target_is_told_apart_from_a_misspelt_one() -> None:
    text = "goal/grow: {title: Grow, serves: pillar/reach}\npillar/reach: {title: Reach}"
    finding = _only(f"{text}\n---\non: 2026-01-01\nretire: [pillar/reach]", "LINK001")
    assert "not there at this moment" in finding.says


def test_unknown_kind_offers_the_kind() -> None:
    assert _only("gaol/grow: {title: Grow}", "WORD001").hint == "did you mean 'goal'?"


def test_nearly_the_same_title_is_said_to_be_so() -> None:
    text = "bet/ferry: {title: Night ferry}\nbet/ferry-2: {title: 'Ferry, night!'}"
    assert "nearly the same title as 'bet/ferry'" in _only(text, "TITLE001").says


def test_expired_field_is_placed_in_the_model() -> None:
    field = "{type: text, expires: 2026-01-31}"
    finding = _only(f"model: {{kinds: {{bet: {{fields: {{rescue: {field}}}}}}}}}", "MODEL900")
    assert finding.place.file == "kinds.bet.fields.rescue"


@pytest.mark.parametrize("name", TYPES)
def test_each_type_says_what_fits(name: str) -> None:
    said = fitting(Field(name="x", type=name, choices=("a", "b")))
    assert bool(said) is (name != "text")


def test_bounds_are_part_of_what_fits() -> None:
    field = Field(name="gut", type="number", low=Decimal(0), high=Decimal(10))
    assert fitting(field).endswith("within 0 and 10")
