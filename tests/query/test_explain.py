"""Questions told back in plain words."""

from __future__ import annotations

import pytest
from tests.query.companies import MODEL

from latticework.model.load import load_or_refuse
from latticework.query.explain import explain
from latticework.query.phrases import plural_of

TOLD = {
    "bet where stage is active and confidence < 40% and serves nothing": (
        "Bets that are active (stage Building of epics, running of projects) and have"
        " confidence less than 40% and serve nothing."
    ),
    "crew where count(depends on) > 3 sort by headcount descending limit 20": (
        "Crews that are such that the number of things that they depend on is more than 3."
        " Sorted by headcount, greatest first. At most 20, and how many there are in all."
    ),
    "epic serving+ pillar/growth where due in 2026-Q4 or due is unknown": (
        "Epics that serve over any number of steps pillar/growth and have due within 2026-Q4"
        " or have an unknown due."
    ),
    "goal where health was green on 2026-03-01 and health is red": (
        "Goals that have health green, as it was at the end of 2026-03-01 and have health red."
    ),
    "epic where blocked and due < today - 30 days at 2026-03-01": (
        "Epics that say yes to blocked and have due less than 30 days before today."
        " As it was at the end of 2026-03-01."
    ),
    "pillar show sum(cost of is served by+)": (
        "Pillars. Shows the sum of cost over the things that they are served by over any number"
        " of steps."
    ),
}


@pytest.mark.parametrize("text", TOLD)
def test_a_question_is_told_back(text: str) -> None:
    assert explain(MODEL, text).splitlines()[0] == TOLD[text]


def test_it_names_kinds_links_and_what_it_assumes() -> None:
    lines = explain(
        MODEL, "bet where gut > 3 and confidence < 40% and serves nothing and owner is not Ana"
    ).splitlines()
    assert lines[1:] == [
        "Kinds: epic and project.",
        "Link: 'serves' (bet or goal → goal or pillar).",
        "Field: confidence of epic is worked out as gut / 10.",
        "Note: project has no gut, so it counts as missing there.",
        "Note: a range counts where all of it fits, an unknown value nowhere; 'possibly' takes"
        " them in.",
        "Note: what has no value counts for 'not' and 'is not'.",
    ]


@pytest.mark.parametrize(
    ("phrase", "plural"),
    [
        ("serves", "serve"),
        ("is served by", "are served by"),
        ("depends on", "depend on"),
        ("owned by", "are owned by"),
        ("carries", "carry"),
        ("支える", "支える"),
    ],
)
def test_phrases_are_said_of_several_things(phrase: str, plural: str) -> None:
    assert plural_of(phrase) == plural


def test_many_beginnings_of_a_link_are_counted_and_targets_stand_in_the_plural() -> None:
    kinds = "".join(
        f"  work{spot}: {{family: intent, links: {{serves: {{to: goal}}}}}}\n" for spot in range(7)
    )
    model = load_or_refuse(
        f"kinds:\n  goal: {{family: intent, many: goals, fields: {{cost: money}}}}\n{kinds}"
    )
    told = explain(model, "work1 show sum(cost of serves goal)")
    assert "the sum of cost over the goals that they serve." in told
    assert "'serves' (7 kinds → goal)" in told
