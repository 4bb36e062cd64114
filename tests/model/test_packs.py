"""Packs, and companies that say some things otherwise."""

from pathlib import Path

import pytest

from latticework.model.load import load, load_or_refuse
from latticework.model.model import Model
from latticework.model.packs import Packs, packs_in

WORK = """\
interfaces:
  bet: {fields: {confidence: ratio, owner: text}, stages: [proposed, active, done, dropped]}
kinds:
  goal:
    family: intent
    links: {serves: {to: goal, back: is served by, shape: acyclic}}
  wager:
    family: intent
    is: bet
    fields: {confidence: {type: ratio, purpose: how sure}, owner: text, cost: money}
    stages: {Now: active, Later: proposed}
    links:
      serves: {to: [goal, wager], carries: {why: text}}
      hinders: {to: wager, back: is hindered by}
rules:
  BET001: {flags: wager where serves nothing, says: "{title} serves nothing"}
terms: {wager: something that may turn out wrong}
"""
SHARED = "views: {board: wager where stage is active}\nkinds: {team: {family: collaboration}}\n"


@pytest.fixture
def packs(tmp_path: Path) -> Packs:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "kinds.yaml").write_text(WORK)
    (tmp_path / "work" / "shared.yaml").write_text(SHARED)
    return Packs((tmp_path,))


def harbour(packs: Packs, text: str = "") -> Model:
    return load_or_refuse("uses: [work]\n" + text, packs=packs)


def test_a_pack_gives_all_its_files(packs: Packs) -> None:
    model = harbour(packs)
    assert [each.name for each in model.kinds] == ["goal", "wager", "team"]
    assert model.uses == ("work",)
    assert [each.name for each in model.views] == ["board"]


def test_a_kind_of_the_same_name_extends_the_packs(packs: Packs) -> None:
    text = "kinds: {wager: {fields: {size: number, cost: null, owner: {required: true}}}}"
    wager = harbour(packs, text).kinds_by_name["wager"]
    assert [(each.name, each.type, each.required) for each in wager.fields] == [
        ("confidence", "ratio", False),
        ("owner", "text", True),
        ("size", "number", False),
    ]
    assert [each.name for each in wager.stages] == ["Now", "Later"]


def test_stages_are_replaced_as_a_whole(packs: Packs) -> None:
    wager = harbour(packs, "kinds: {wager: {stages: {Trying: active}}}").kinds_by_name["wager"]
    assert [each.name for each in wager.stages] == ["Trying"]


def test_a_renamed_kind_keeps_what_the_pack_says_of_it(packs: Packs) -> None:
    model = harbour(packs, "kinds: {epic: {was: wager}}")
    assert [each.name for each in model.kinds] == ["goal", "epic", "team"]
    epic = model.kinds_by_name["epic"]
    assert (epic.many, epic.was, len(epic.fields)) == ("epics", ("wager",), 3)
    serves = model.links_by_name["serves"]
    assert [(end.source, end.targets) for end in serves.ends] == [
        ("goal", ("goal",)),
        ("epic", ("goal", "epic")),
    ]
    assert model.find_kind("wager") is epic


def test_a_renamed_field_still_stands_for_the_interfaces(packs: Packs) -> None:
    model = harbour(packs, "kinds: {wager: {fields: {lead: {was: owner}}}}")
    wager = model.kinds_by_name["wager"]
    assert [each.name for each in wager.fields] == ["confidence", "lead", "cost"]
    assert wager.maps == {"owner": "lead"}


def test_a_renamed_link_is_renamed_wherever_it_begins(packs: Packs) -> None:
    text = "kinds: {goal: {links: {supports: {to: goal, back: rests on, was: serves}}}}"
    model = harbour(packs, text)
    assert [each.name for each in model.links] == ["supports", "hinders"]
    supports = model.links[0]
    assert (supports.back, supports.was, supports.shape) == ("rests on", ("serves",), "acyclic")
    assert [end.source for end in supports.ends] == ["goal", "wager"]


def test_what_is_dropped_is_gone_with_the_ends_that_led_there(packs: Packs) -> None:
    text = "drop: {kinds: [wager], rules: BET001, interfaces: bet, terms: [wager], views: board}"
    model = harbour(packs, text)
    assert [each.name for each in model.kinds] == ["goal", "team"]
    assert [each.name for each in model.links] == ["serves"]
    assert model.links[0].ends[0].targets == ("goal",)
    assert (model.rules, model.interfaces, model.terms, model.views) == ((), (), (), ())


def test_null_drops_a_link_a_rule_and_a_term(packs: Packs) -> None:
    text = "kinds: {wager: {links: {hinders: null}}}\nrules: {BET001: }\nterms: {wager: ~}"
    model = harbour(packs, text)
    assert [each.name for each in model.links] == ["serves"]
    assert (model.rules, model.terms) == ((), ())


def test_a_findings_place_names_the_packs_file(packs: Packs, tmp_path: Path) -> None:
    (tmp_path / "work" / "more.yaml").write_text("kinds: {bad: {famly: x}, goal: {family: intent}}")
    findings = load("uses: work", packs=Packs((tmp_path,))).findings
    assert [str(each).split(" (")[0] for each in findings] == [
        "work/more.yaml:1:9 MODEL004 kinds.bad has no 'family'",
        "work/more.yaml:1:15 MODEL001 'famly' says nothing here",
        "work/more.yaml:1:26 PACK003 'goal' stands in work/kinds.yaml too, line 4",
    ]


def test_packs_that_use_each_other_are_a_finding(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text(f"uses: {other}\n")
    findings = load("uses: a", packs=Packs((tmp_path,))).findings
    assert [each.says for each in findings] == ["pack 'a' uses itself"]


def test_a_companys_own_folder_wins_over_ours(tmp_path: Path) -> None:
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "all.yaml").write_text("kinds: {only: {family: context}}")
    model = load_or_refuse("uses: starter", packs=packs_in(tmp_path))
    assert [each.name for each in model.kinds] == ["only"]


def test_the_starter_pack_is_sound() -> None:
    loaded = load("uses: [starter]")
    assert [str(each) for each in loaded.findings] == []
    assert len(loaded.model.kinds) >= 20
    assert len(loaded.model.rules) >= 20
