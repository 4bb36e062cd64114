"""What is written is read back."""

import textwrap
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from tests.model.companies import MODELS

from latticework.model.format import format_model
from latticework.model.load import load, load_or_refuse
from latticework.model.model import (
    Dialect,
    End,
    Family,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    Origin,
    RuleQuery,
    SavedView,
    Shape,
    Silence,
    Stage,
    Term,
)


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(MODELS)
def test_what_is_formatted_is_loaded_again(model: Model) -> None:
    assert load(format_model(model)).model == model


def test_the_starter_pack_written_out_is_the_same_model() -> None:
    model = load_or_refuse("company: Harbour\nuses: [starter]\n")
    again = load(format_model(model))
    assert again.findings == ()
    assert again.model == model


HARBOUR_IN_YAML = """\
company: Harbour
zone: Europe/Berlin
currency: EUR
interfaces:
  bet:
    fields: {confidence: ratio, cost: money}
    stages: [proposed, active, done, dropped]
    purpose: one form for leaders
kinds:
  pillar: {family: intent}
  epic:
    family: intent
    is: bet
    fields:
      gut: number 0..10
      budget: money range per quarter
      due: day range
      size: "choice small | medium | large"
      labels: text many
      lead: {type: text, required: true, purpose: who is asked first, expires: 2027-06-30, was: owner}
    stage field: status
    stages:
      Discovery: proposed
      Building: {category: active, entry: a team owns it, needs: lead is not missing, limit: 5, was: Doing}
      Shipped: done
      Killed: dropped
    as: {confidence: gut / 10, cost: budget}
    links:
      serves:
        to: [pillar, epic]
        back: is served by
        carries: {share: ratio, why: text}
        most: 2
        shape: acyclic
        words: supports
    refresh: 90 days
    was: [initiative, {from: pillar, where: size is large}]
    purpose: shape work above a quarter
    expires: 2027-06-30
terms:
  bet: {means: a commitment that may turn out wrong, also: [wager]}
dialects:
  payments: {epic: Mission, Building: In flight}
rules:
  BET001: {flags: bet where serves nothing, says: "{title} serves nothing", hint: link it, severity: error}
silences:
  - {rule: BET001, of: epic/ferry, why: closes in spring, until: 2026-12-31}
views:
  roadmap: {asks: bet where stage is active, for: everybody, decides: what to stop, omits: small work}
"""

EPIC_IN_PYTHON = Kind(
    name="epic",
    family=Family.INTENT,
    many="epics",
    provides=("bet",),
    fields=(
        Field(name="gut", type="number", low=Decimal(0), high=Decimal(10)),
        Field(name="budget", type="money", ranged=True, per="quarter"),
        Field(name="due", type="day", ranged=True),
        Field(name="size", type="choice", choices=("small", "medium", "large")),
        Field(name="labels", many=True),
        Field(
            name="lead",
            required=True,
            purpose="who is asked first",
            expires=date(2027, 6, 30),
            was=("owner",),
        ),
    ),
    stage_field="status",
    stages=(
        Stage(name="Discovery", category="proposed"),
        Stage(
            name="Building",
            category="active",
            entry="a team owns it",
            needs="lead is not missing",
            limit=5,
            was=("Doing",),
        ),
        Stage(name="Shipped", category="done"),
        Stage(name="Killed", category="dropped"),
    ),
    maps={"confidence": "gut / 10", "cost": "budget"},
    refresh="90 days",
    was=("initiative",),
    origins=(Origin("pillar", "size is large"),),
    purpose="shape work above a quarter",
    expires=date(2027, 6, 30),
)

HARBOUR_IN_PYTHON = Model(
    company="Harbour",
    zone="Europe/Berlin",
    currency="EUR",
    interfaces=(
        Interface(
            name="bet",
            many="bets",
            fields=(Field(name="confidence", type="ratio"), Field(name="cost", type="money")),
            stages=("proposed", "active", "done", "dropped"),
            purpose="one form for leaders",
        ),
    ),
    kinds=(Kind(name="pillar", family=Family.INTENT, many="pillars"), EPIC_IN_PYTHON),
    links=(
        Link(
            name="serves",
            back="is served by",
            ends=(End(source="epic", targets=("pillar", "epic")),),
            carries=(Field(name="share", type="ratio"), Field(name="why")),
            most=2,
            shape=Shape.ACYCLIC,
            words=("supports",),
        ),
    ),
    terms=(Term(name="bet", means="a commitment that may turn out wrong", synonyms=("wager",)),),
    dialects=(Dialect(area="payments", words={"epic": "Mission", "Building": "In flight"}),),
    rules=(
        RuleQuery(
            code="BET001",
            flags="bet where serves nothing",
            says="{title} serves nothing",
            hint="link it",
            severity="error",
        ),
    ),
    silences=(
        Silence(rule="BET001", of="epic/ferry", why="closes in spring", until=date(2026, 12, 31)),
    ),
    views=(
        SavedView(
            name="roadmap",
            asks="bet where stage is active",
            whom="everybody",
            decides="what to stop",
            omits="small work",
        ),
    ),
)


def test_yaml_and_python_say_the_same() -> None:
    assert load_or_refuse(HARBOUR_IN_YAML) == HARBOUR_IN_PYTHON


def test_a_model_made_in_python_is_written_as_a_file_that_says_the_same() -> None:
    assert load_or_refuse(format_model(HARBOUR_IN_PYTHON)) == HARBOUR_IN_PYTHON


def test_small_things_are_written_in_one_line() -> None:
    model = load_or_refuse(
        "kinds: {epic: {family: intent, fields: {gut: number 0..10}, stages: {Now: active}}}"
    )
    assert format_model(model) == textwrap.dedent(
        """\
        kinds:
          epic:
            family: intent
            many: epics
            fields: {gut: number 0..10}
            stages: {Now: active}
        """
    )


@pytest.mark.parametrize("word", ["null", "~", "yes", "1.10", "2026-01-01", "", "a: b", "'", "é"])
def test_awkward_words_come_back_as_they_were(word: str) -> None:
    model = Model(terms=(Term(name="x", means=word, purpose="p"),))
    assert load(format_model(model)).model == model


def test_every_model_can_be_a_key() -> None:
    assert {HARBOUR_IN_PYTHON: 1}[load_or_refuse(HARBOUR_IN_YAML)] == 1
