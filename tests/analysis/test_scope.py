"""A plan and what became of it: creep, elaboration and cuts told apart."""

from __future__ import annotations

from datetime import date

import pytest

from latticework.analysis.scope import Scope, scope_of
from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.little import company_of

THEN, NOW = date(2026, 2, 1), date(2026, 6, 28)
STORY = """
model:
  uses: []
  kinds:
    job:
      family: intent
      fields: {size: "choice small | large"}
      stages: {asked: proposed, doing: active, done: done, off: dropped}
      links: {part of: {to: job, back: has part}}
on: 2026-01-05
job/stays: {title: Stays, stage: doing, size: small}
job/ships: {stage: doing, size: small}
job/dies: {stage: doing, size: small}
job/goes: {stage: asked, size: small}
job/grows: {stage: asked, size: small}
job/over: {stage: done, size: small}
job/big: {stage: asked, size: large}
---
on: 2026-03-02
job/stays: {title: Stays on}
job/ships: {stage: done}
job/dies: {stage: off}
job/grows: {size: large}
job/big: {size: small}
job/piece: {stage: asked, size: small, part of: job/stays}
job/crumb: {stage: asked, size: small, part of: job/piece}
job/stray: {stage: asked, size: small}
retire: [job/goes]
"""


def _scope(
    along: str = "part of", query: str = "job where size is small"
) -> tuple[Scope, dict[str, set[str]]]:
    now = company_of(STORY, Moment(valid=end_of(NOW)))
    then = now.at(Moment(valid=end_of(THEN)))
    found = scope_of(then, now, query, along, days=(THEN, NOW))
    names = ("planned", "kept", "finished", "cut", "left", "elaborated", "came_in", "crept")
    return found, {
        name: {now.ref_of(int(node)).slug for node in getattr(found, name)} for name in names
    }


def test_each_thing_is_told_for_what_became_of_it() -> None:
    _, refs = _scope()
    assert refs == {
        "planned": {"stays", "ships", "dies", "goes", "grows"},
        "kept": {"stays"},
        "finished": {"ships"},
        "cut": {"dies", "goes"},
        "left": {"grows"},
        "elaborated": {"piece", "crumb"},
        "came_in": {"big"},
        "crept": {"stray"},
    }


def test_the_plan_is_the_sum_of_what_became_of_it() -> None:
    found, _ = _scope()
    parts = (found.kept, found.finished, found.cut, found.left)
    assert sum(len(each) for each in parts) == len(found.planned)


def test_without_a_link_what_unfolded_counts_as_new_scope() -> None:
    _, refs = _scope(along="")
    assert refs["crept"] == {"piece", "crumb", "stray"}


def test_growth_is_what_was_added_of_what_was_planned() -> None:
    found, _ = _scope()
    assert found.growth == pytest.approx(2 / 5)


def test_fields_that_differ_are_named() -> None:
    found, _ = _scope()
    assert list(found.changed.values()) == [("title",)]


def test_a_field_is_no_way_from_a_part_to_its_whole() -> None:
    with pytest.raises(Refused) as refused:
        _scope(along="size")
    assert refused.value.findings[0].code == "SCOPE001"
