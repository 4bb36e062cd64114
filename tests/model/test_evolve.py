"""What becomes of words from one model to the next."""

import pytest
from hypothesis import given, settings
from tests.model.companies import MODELS

from latticework.model.evolve import ModelDelta, Part, Sort, What, preview, tell_model
from latticework.model.load import load_or_refuse
from latticework.model.model import Model

HARBOUR = """\
kinds:
  goal: {family: intent}
  initiative:
    family: intent
    fields: {gut: number, owner: text}
    stages: {Idea: proposed, Doing: active, Done: done}
    links: {serves: {to: goal, carries: {share: ratio}}}
  wager:
    family: intent
    fields: {gut: number}
"""


def changed(*pairs: tuple[str, str]) -> ModelDelta:
    text = HARBOUR
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return preview(load_or_refuse(HARBOUR), load_or_refuse(text))


def test_the_same_model_changes_nothing() -> None:
    assert changed().is_empty
    assert changed().findings == ()


@settings(max_examples=15, deadline=None)
@given(MODELS)
def test_no_model_differs_from_itself(model: Model) -> None:
    assert preview(model, model).alterations == ()


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (
            "  initiative:\n    family: intent",
            "  epic:\n    family: intent\n    was: initiative",
            ["kind epic was initiative; many: initiatives → epics."],
        ),
        ("owner: text", "lead: {type: text, was: owner}", ["field initiative.lead was owner."]),
        (
            "Doing: active",
            "Building: {category: active, was: Doing}",
            ["stage initiative.Building was Doing."],
        ),
        (
            "gut: number, owner",
            "gut: ratio, owner",
            ["field initiative.gut is changed; type: number → ratio."],
        ),
        ("owner: text", "owner: text, due: day", ["field initiative.due is new."]),
        (", owner: text", "", ["field initiative.owner is gone."]),
        (
            "Idea: proposed, Doing: active",
            "Doing: active, Idea: proposed",
            ["kind initiative is changed; another order."],
        ),
        ("serves: {to: goal", "supports: {was: serves, to: goal", ["link supports was serves."]),
        (
            "to: goal",
            "to: [goal, wager]",
            ["link serves is changed; ends: initiative to goal → initiative to goal or wager."],
        ),
        (
            "share: ratio",
            "part: {type: ratio, was: share}",
            ["carried field serves.part was share."],
        ),
        ("kinds:", "views: {all: goal}\nkinds:", ["view all is new."]),
        (
            "kinds:",
            "terms: {goal: an end}\nrules: {GOAL001: {flags: goal, says: x}}\nkinds:",
            ["rule GOAL001 is new.", "term goal is new."],
        ),
    ],
)
def test_each_change_is_told_in_a_sentence(old: str, new: str, sentences: list[str]) -> None:
    delta = changed((old, new))
    assert list(tell_model(delta)) == sentences


def test_two_kinds_that_become_one_are_merged() -> None:
    text = """\
kinds:
  goal: {family: intent}
  bet:
    family: intent
    was: [initiative, wager]
    fields: {gut: number, owner: text}
    stages: {Idea: proposed, Doing: active, Done: done}
    links: {serves: {to: goal, carries: {share: ratio}}}
"""
    delta = preview(load_or_refuse(HARBOUR), load_or_refuse(text))
    assert delta.merged_kinds == {"bet": ("initiative", "wager")}
    assert [str(each) for each in delta.of(Sort.KIND)] == [
        "kind bet takes in initiative and wager; many: initiatives → bets"
    ]
    assert delta.of(Sort.FIELD) == ()
    assert delta.findings == ()


def test_a_kind_that_takes_in_another_is_merged() -> None:
    delta = changed(
        ("  wager:\n    family: intent\n    fields: {gut: number}\n", ""),
        ("  initiative:\n    family: intent", "  initiative:\n    family: intent\n    was: wager"),
    )
    assert delta.merged_kinds == {"initiative": ("initiative", "wager")}
    assert delta.findings == ()


def test_a_kind_is_split_by_a_question() -> None:
    delta = changed(
        ("  goal:", "  dream: {family: intent, was: {from: initiative, where: gut > 7}}\n  goal:")
    )
    assert delta.parts == (
        Part(
            sort=Sort.KIND,
            owner="initiative",
            owner_now="initiative",
            old="initiative",
            new="dream",
            query="initiative where (gut > 7)",
        ),
    )
    (split,) = delta.of(Sort.KIND, What.SPLIT)
    assert str(split).startswith("kind dream takes a part of initiative")


def test_fields_stages_and_links_are_split_by_questions() -> None:
    delta = changed(
        ("owner: text", "owner: text, lead: {type: text, was: {from: owner, where: gut > 7}}"),
        ("Done: done", "Done: done, Late: {category: active, was: {from: Doing, where: gut < 2}}"),
        (
            "serves: {to",
            "eases: {to: goal, was: {from: serves, where: gut is unknown}}, serves: {to",
        ),
    )
    assert [(each.sort, each.owner, each.old, each.new, each.query) for each in delta.parts] == [
        ("field", "initiative", "owner", "lead", "initiative where (gut > 7)"),
        ("stage", "initiative", "Doing", "Late", 'initiative where stage is "Doing" and (gut < 2)'),
        ("link", "initiative", "serves", "eases", "initiative where (gut is unknown)"),
    ]


def test_a_part_that_was_taken_is_not_taken_again() -> None:
    text = HARBOUR.replace(
        "  goal:", "  dream: {family: intent, was: {from: initiative, where: gut > 7}}\n  goal:"
    )
    model = load_or_refuse(text)
    later = load_or_refuse(text.replace("owner: text", "owner: text, due: day"))
    assert preview(model, later).parts == ()


@pytest.mark.parametrize(
    ("pairs", "code", "finding"),
    [
        (
            [("  initiative:", "  initiatives:")],
            "EVOLVE001",
            "kind 'initiative' goes, and nothing takes it over (hint: write 'was: initiative' at"
            " 'initiatives' to keep history and links, if it has one)",
        ),
        (
            [(", owner: text", "")],
            "EVOLVE001",
            "field 'initiative.owner' goes, and nothing takes it over (hint: write 'was: owner' at"
            " its heir to keep history and links, if it has one)",
        ),
        (
            [("owner: text", "owner: {type: text, was: ownr}")],
            "EVOLVE002",
            "field 'owner' was 'ownr', which nothing was called before (hint: did you mean 'owner'?)",
        ),
        (
            [("gut: number, owner", "gut: ratio, owner")],
            "EVOLVE003",
            "'initiative.gut' was number and is ratio now (hint: look at 'latticework check'"
            " afterwards; values stay as they were written)",
        ),
        (
            [("  wager:", "  dream:\n    was: {from: wager, where: gut > 7}")],
            "EVOLVE005",
            "kind 'wager' goes, and dream take parts of it only"
            " (hint: write 'was: wager' for the one that takes the rest)",
        ),
    ],
)
def test_what_would_be_lost_is_found(pairs: list[tuple[str, str]], code: str, finding: str) -> None:
    lines = [str(each) for each in changed(*pairs).findings]
    assert any(line.endswith(f"{code} {finding}") for line in lines), lines


def test_a_word_that_meant_another_thing_is_found() -> None:
    renamed = HARBOUR.replace("owner: text", "lead: {type: text, was: owner}")
    again = HARBOUR.replace("owner: text", "lead: text, owner: text")
    findings = preview(load_or_refuse(renamed), load_or_refuse(again)).findings
    assert [each.code for each in findings] == ["EVOLVE004"]


def test_a_finding_stands_where_the_new_file_says_so() -> None:
    old = load_or_refuse(HARBOUR)
    new = load_or_refuse(HARBOUR.replace("gut: number, owner", "gut: ratio, owner"), file="x.yaml")
    (finding,) = preview(old, new).findings
    assert str(finding.place) == "x.yaml:5:14"
