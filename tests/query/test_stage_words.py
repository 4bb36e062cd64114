"""A stage can be asked for whatever its name, also where it is part of a phrase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.model.load import load
from latticework.model.model import Kind, Model
from latticework.query.ask import parse_for
from latticework.query.format import format_query, plainly
from latticework.query.plan import Reaches
from latticework.query.resolve import resolve
from latticework.query.words import vocabulary_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 15)
STARTER = load("company: Little\nuses: [starter, talk]\n").model
DEMO = sorted((ROOT / "src/latticework/demo/models").glob("*.yaml"))
FORMS = (
    "{kind} where stage is {stage}",
    "{kind} where not stage is {stage} and stage is not {stage}",
    "{kind} where stage in ({stage}, {stage})",
    "{kind} where stage was {stage} on 2026-03-01",
    "{kind} where stage is {stage} on 2026-03-01 show stage",
    "{kind} where stage went from {stage} to {stage}",
    "{kind} where stage is {stage} and changed since 2026-01-01",
)

AWKWARD = load(
    """\
company: Awkward
kinds:
  deal:
    family: intent
    many: deals
    fields: {stage note: text}
    stages:
      settled: done
      settled on: done
      being served: active
      served by: active
      is late: active
      in: proposed
      not begun: proposed
      made up of: dropped
    links:
      is taken in: {to: talk, back: settled}
      made up of: {to: deal, back: is part of}
      serves: {to: deal, back: is served by}
      is late for: {to: talk, back: waits}
  talk: {family: collaboration, many: talks, stages: {held: done, settled by: done}}
"""
).model


def _stages(model: Model) -> Iterator[tuple[Kind, str]]:
    for kind in model.kinds:
        for stage in kind.stages:
            yield kind, stage.name


def _asks(model: Model, text: str) -> None:
    query = parse_for(model, text)
    resolve(query, model, today=TODAY, text=text)
    assert parse_for(model, format_query(query, vocabulary_of(model))) == query


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("model", [STARTER, *(load(p.read_text("utf-8")).model for p in DEMO)])
def test_every_stage_of_every_kind_can_be_asked_for(model: Model, form: str) -> None:
    vocabulary = vocabulary_of(model)
    for kind, stage in _stages(model):
        text = form.format(kind=plainly(kind.name, vocabulary), stage=plainly(stage, vocabulary))
        _asks(model, text)


@given(st.sampled_from(sorted(_stages(AWKWARD), key=lambda each: each[1])), st.sampled_from(FORMS))
def test_stages_that_are_also_phrases_can_be_asked_for(which: tuple[Kind, str], form: str) -> None:
    kind, stage = which
    _asks(AWKWARD, form.format(kind=kind.name, stage=plainly(stage, vocabulary_of(AWKWARD))))


@pytest.mark.parametrize(
    "text",
    [
        "talk where is settled something",
        "talk is settled deal",
        "talk where settled deal where (stage is settled)",
        "deal where is served by deal",
        "deal where stage is settled and is served by any deal",
        "talk where count(is settled deal where stage is settled) > 0 and settled something",
    ],
)
def test_phrases_are_still_phrases_where_a_path_can_begin(text: str) -> None:
    _asks(AWKWARD, text)


def test_a_condition_in_words_of_a_phrase_compares_and_does_not_walk() -> None:
    where = resolve(
        parse_for(AWKWARD, "deal where stage is settled"), AWKWARD, today=TODAY, text=""
    ).where
    assert where is not None
    assert not isinstance(where, Reaches)
