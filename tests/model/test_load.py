"""Model files and everything that can be wrong with them."""

import textwrap

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.findings import Refused
from latticework.model.format import format_model
from latticework.model.keys import RESERVED, SECTIONS
from latticework.model.load import load, load_or_refuse
from latticework.model.model import Model
from latticework.query.words import ALWAYS_KEYWORDS

HARBOUR = """\
interfaces:
  bet: {fields: {confidence: ratio}, stages: [proposed, active, done, dropped]}
kinds:
  goal: {family: intent}
  epic:
    family: intent
    is: bet
    fields: {gut: number 0..10, owner: text}
    stages: {Discovery: proposed, Building: active}
    as: {confidence: gut / 10}
    links: {serves: {to: goal, back: is served by}}
"""


def found(text: str) -> list[str]:
    """Findings as lines, with the file's name cut off."""
    loaded = load(textwrap.dedent(text), file="x")
    return [str(each).removeprefix("x:") for each in loaded.findings]


def in_harbour(old: str, new: str) -> list[str]:
    assert old in HARBOUR
    return found(HARBOUR.replace(old, new))


def test_a_sound_file_has_no_findings() -> None:
    assert found(HARBOUR) == []


def test_an_empty_file_is_an_empty_model() -> None:
    assert load("").model == Model()
    assert load("").findings == ()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "family: intent\n    is",
            "famly: intent\n    is",
            "6:5 MODEL001 'famly' says nothing here (hint: did you mean 'family'?)",
        ),
        (
            "{family: intent}",
            "{family: intend}",
            "4:18 MODEL002 'intend' is no family (hint: did you mean 'intent'?)",
        ),
        (
            "number 0..10",
            "numbr 0..10",
            "8:19 MODEL005 no type is called 'numbr' (hint: did you mean 'number'?)",
        ),
        (
            "number 0..10",
            "number 10..0",
            "8:19 MODEL005 gut: the low bound 10 is above the high bound 0 (hint: swap them)",
        ),
        (
            "owner: text",
            "owner: choice",
            "8:40 MODEL005 owner: a choice without words to choose from"
            " (hint: write 'choice small | large')",
        ),
        (
            "owner: text",
            "owner: {type: text, expires: soon}",
            "8:62 MODEL002 'soon' is no day (hint: write one like 2027-06-30)",
        ),
        (
            "is: bet",
            "is: bett",
            "7:9 MODEL003 no interface is called 'bett' (hint: did you mean 'bet'?)",
        ),
        (
            "as: {confidence: gut / 10}",
            "as: {}",
            "5:3 MODEL008 epic is bet and says nothing of its 'confidence'"
            " (hint: add the field, or 'as: {confidence: own field}')",
        ),
        (
            "gut / 10",
            "guts",
            "10:22 MODEL003 no field of epic is called 'guts' (hint: did you mean 'gut'?)",
        ),
        (
            "gut / 10",
            "gut",
            "8:14 MODEL008 epic.gut is number, while bet.confidence is ratio"
            " (hint: give both one type, or map it with 'as')",
        ),
        (
            "Building: active",
            "Building: actve",
            "9:35 MODEL008 stage 'Building' is 'actve', which is no category here"
            " (hint: did you mean 'active'?)",
        ),
        (
            "Building: active",
            "building: active, Building: active",
            "9:53 MODEL006 stages 'building' and 'Building' differ in letter case only (hint: keep one)",
        ),
        (
            "to: goal",
            "to: gaol",
            "11:26 MODEL003 no kind is called 'gaol' (hint: did you mean 'goal'?)",
        ),
        (
            "to: goal, ",
            "",
            "11:13 MODEL004 kinds.epic.links.serves leads nowhere"
            " (hint: add 'to: kind', a list of kinds, or 'to: any')",
        ),
        (
            "goal: {family: intent}",
            "goal: {family: intent, many: epics}",
            "5:3 MODEL006 'epics' names epic and goal"
            " (hint: give one of them another name or plural ('many'))",
        ),
        (
            "goal: {family: intent}",
            "goal: {family: intent, links: {helps: {to: epic, back: serves}}}",
            "11:13 MODEL006 'serves' reads the link 'serves' and the link 'helps'"
            " (hint: give one of them another phrase)",
        ),
        (
            "owner: text",
            "serves: text",
            "8:33 MODEL006 'serves' is a field and a link of epic (hint: name one of them otherwise)",
        ),
        (
            "owner: text",
            "where: text",
            "8:33 MODEL007 'where' is a word of the query language and cannot be a field"
            " (hint: name it 'where …' in two words)",
        ),
        (
            "  goal:",
            "  Big Goal:",
            "4:3 MODEL007 'Big Goal' cannot begin a ref (hint: name the kind 'big goal')",
        ),
        (
            "owner: text",
            "owner: {type: text, was: gut}",
            "8:33 MODEL011 'gut' is what 'owner' was, and is declared beside it"
            " (hint: to split it write 'was: {from: gut, where: condition}')",
        ),
    ],
)
def test_each_mistake_is_found_where_it_stands(old: str, new: str, finding: str) -> None:
    assert finding in in_harbour(old, new)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "kinds: [a]",
            "1:8 MODEL002 'kinds' is a list, not a mapping from names"
            " (hint: write 'name: …' lines below it)",
        ),
        (
            "- a",
            "1:1 MODEL002 expected a mapping for the model, not a list"
            " (hint: look at 'latticework model schema')",
        ),
        (
            "uses: [startr]",
            "1:8 PACK001 no pack is called 'startr' (hint: did you mean 'starter'?)",
        ),
        (
            "zone: Mars/Olympus",
            "1:7 MODEL012 no time zone is named 'Mars/Olympus' (hint: write one like Europe/Berlin)",
        ),
        (
            "currency: Euro",
            "1:11 MODEL012 'Euro' is no currency (hint: write three letters like EUR)",
        ),
        (
            "rules: {bet-1: {flags: a, says: b}}",
            "1:9 MODEL010 'bet-1' is no code of a rule"
            " (hint: write capital letters and three digits, like BET001)",
        ),
        (
            "rules: {BET001: {flags: a}}",
            "1:9 MODEL004 rules.BET001 has no 'says' (hint: add 'says: …')",
        ),
        (
            "rules: {BET001: {flags: a, says: b, severity: bad}}",
            "1:47 MODEL002 'bad' is no severity (hint: one of error, warning, notice)",
        ),
        ("views: {map: {for: all}}", "1:9 MODEL004 views.map has no 'asks' (hint: add 'asks: …')"),
        (
            "silences: [{rule: BET001, why: x, until: later}]",
            "1:42 MODEL002 'later' is no day (hint: write one like 2027-06-30)",
        ),
        (
            "dialects: {pay: {epc: Mission}}\nkinds: {epic: {family: intent}}",
            "1:18 MODEL003 no kind, field, stage, link or term is called 'epc'"
            " (hint: did you mean 'epic' or 'epics'?)",
        ),
        (
            "dialects: {pay: {epic: M, goal: m}}\nkinds: {epic: {family: intent}, goal: {family: intent}}",
            "1:27 MODEL006 'm' stands for 'goal' and for 'epic' in pay (hint: use two words)",
        ),
        (
            "kinds: {a: {family: intent, refresh: often}}",
            "1:38 MODEL005 'often' is no duration (hint: write '90 days')",
        ),
        (
            "kinds: {a: {family: intent, fields: {' x': text}}}",
            "1:38 MODEL007 ' x' cannot be a name"
            " (hint: write 1 to 80 characters on one line, without spaces around)",
        ),
        (
            "kinds: {a: {family: intent, was: [{x: y}]}}",
            "1:35 MODEL002 'was' holds a mapping that"
            " names nothing (hint: write a former name, or {from: name, where: condition})",
        ),
        ("a: 1\n---\nb: 2", "3:1 MODEL002 a second document begins here (hint: remove '---')"),
    ],
)
def test_each_section_tells_what_it_misses(text: str, finding: str) -> None:
    assert finding in found(text)


def test_all_findings_of_a_file_come_in_one_run_in_its_order() -> None:
    lines = found(
        """\
        compny: Harbour
        kinds:
          epic:
            family: intend
            fields: {gut: numbr, where: text}
            links: {serves: {to: gaol}}
        rules: {x: {flags: a, says: b}}
        """
    )
    assert [line.split()[:2] for line in lines] == [
        ["1:1", "MODEL001"],
        ["4:13", "MODEL002"],
        ["5:19", "MODEL005"],
        ["5:26", "MODEL007"],
        ["6:26", "MODEL003"],
        ["7:9", "MODEL010"],
    ]


def test_a_file_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(Refused) as refused:
        load_or_refuse("kinds: {epic: {famly: x}, goal: {family: y}}")
    assert {each.code for each in refused.value.findings} == {"MODEL001", "MODEL002", "MODEL004"}


def test_a_broken_line_does_not_hide_the_rest() -> None:
    loaded = load("kinds:\n  epic: {family: intent\n  goal: {family: intent}\n")
    assert [each.code for each in loaded.findings] == ["YAML001"]
    assert [each.name for each in loaded.model.kinds] == ["goal"]


def test_one_link_may_be_told_below_several_kinds() -> None:
    model = load_or_refuse(
        """
        kinds:
          goal: {family: intent, links: {serves: {to: goal, back: is served by, most: 1}}}
          bet: {family: intent, links: {serves: {to: goal, carries: {share: ratio}}}}
        """
    )
    (link,) = model.links
    assert [(end.source, end.targets, end.most) for end in link.ends] == [
        ("goal", ("goal",), 1),
        ("bet", ("goal",), 0),
    ]
    assert (link.back, link.most) == ("is served by", 0)
    assert [each.name for each in link.carries] == ["share"]


def test_one_link_told_in_two_ways_is_a_finding() -> None:
    assert found(
        """\
        kinds:
          goal: {family: intent, links: {serves: {to: goal, back: is served by}}}
          bet: {family: intent, links: {serves: {to: goal, back: is helped by}}}
        """
    ) == [
        "3:58 MODEL002 'is helped by' is not the 'back' of this link said above, 'is served by'"
        " (hint: say it once, or give one of them another name)"
    ]


def test_stages_may_be_a_list_of_shared_words() -> None:
    model = load_or_refuse("kinds: {epic: {family: intent, stages: [proposed, Active, done]}}")
    assert [(each.name, each.category) for each in model.kinds[0].stages] == [
        ("proposed", "proposed"),
        ("Active", "active"),
        ("done", "done"),
    ]


def test_a_bomb_and_a_huge_file_are_findings() -> None:
    assert found("a: [[[[" + "[" * 5000)[0].split()[1] == "YAML004"
    assert "YAML004" in found("company: " + "x" * 16_000_001)[0]


@pytest.mark.parametrize(
    "text", ["{}", "null", "kinds:", "kinds: {}", "- - -", "'text'", "kinds: {a: }"]
)
def test_no_file_is_a_crash(text: str) -> None:
    load(text)


KEYS = sorted({key for keys in SECTIONS.values() for key in keys} | {"epic", "gut", "starter"})
TREES = st.recursive(
    st.sampled_from(["", "~", "text", "epic", "gut", "any", "1", "starter", "2026-01-01", "a | b"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), TREES, max_size=4))
def test_any_shape_is_findings_never_a_crash(tree: dict[str, object]) -> None:
    loaded = load(yaml.safe_dump(tree))
    format_model(loaded.model)
    assert all(each.hint for each in loaded.findings)


def test_reserved_words_are_those_of_the_query_language() -> None:
    assert RESERVED == ALWAYS_KEYWORDS
