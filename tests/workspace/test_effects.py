"""What a new model does to the things there are."""

from datetime import date
from pathlib import Path

import pytest

from latticework.base.times import FOREVER, Moment, start_of
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Change, Connect, Declare, Disconnect, Move, Put
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse
from latticework.workspace import Workspace
from latticework.workspace.effects import Preview, preview_of

TODAY = date(2026, 6, 1)
SPRING, SUMMER = start_of(date(2026, 3, 1)), start_of(TODAY)
HARBOUR = """\
kinds:
  goal: {family: intent}
  bet:
    family: intent
    fields: {gut: number, owner: text}
    stages: {Idea: proposed, Doing: active}
    links: {serves: {to: goal, back: is served by, carries: {share: ratio}}}
  wager: {family: intent, fields: {gut: number}}
rules: {BET001: {flags: bet where serves nothing, says: x}}
"""
THINGS = (
    Put("goal/grow", {"title": "Grow"}),
    Put("bet/ferry", {"gut": "9", "owner": "Ada", "stage": "Doing"}),
    Put("bet/raft", {"gut": "2", "owner": "Bo", "stage": "Doing"}),
    Connect("bet/ferry", "serves", "goal/grow", {"share": "40%"}),
    Connect("bet/raft", "serves", "goal/grow"),
    Put("wager/raft", {"gut": "5"}),
)


class Company:
    """Harbour's bets, before and after its words change."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        model = format_model(load_or_refuse(HARBOUR))
        self.store.append([Batch(changes=(Declare(model), *THINGS), valid=SPRING)], now=SPRING)

    def graph(self, valid: int = FOREVER) -> Graph:
        return build(self.store.log(), Moment(valid=valid), past=self.store.history)

    def apply(self, *pairs: tuple[str, str]) -> Preview:
        text = HARBOUR
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        model = load_or_refuse(text)
        found = preview_of(self.graph(), model, today=TODAY)
        if found.changes:
            self.store.append([Batch(changes=found.changes, valid=SUMMER)], now=SUMMER)
        return found


def carried(found: Preview) -> tuple[Change, ...]:
    """The changes besides the model itself."""
    return tuple(each for each in found.changes if not isinstance(each, Declare))


@pytest.fixture
def company() -> Company:
    return Company()


def refs(graph: Graph, kind: str) -> list[str]:
    return [str(graph.ref_of(node)) for node in graph.ids_of(kind).tolist()]


def test_a_split_kind_takes_what_meets_its_condition(company: Company) -> None:
    found = company.apply(
        (
            "  goal:",
            "  dream: {family: intent, fields: {gut: number, owner: text}, links: {serves: {to: goal}},"
            " was: {from: bet, where: gut > 7}}\n  goal:",
        )
    )
    assert carried(found) == (Move("bet/ferry", "dream/ferry"),)
    graph = company.graph()
    assert refs(graph, "dream") == ["dream/ferry"]
    assert refs(graph, "bet") == ["bet/raft"]
    dream = graph.node("dream/ferry")
    assert dream.fields["owner"] == "Ada"
    assert graph.find("bet/ferry") == graph.find("dream/ferry")
    assert len(graph.adjacency("serves").sources) == 2
    assert refs(company.graph(SUMMER - 1), "bet") == ["bet/ferry", "bet/raft"]


def test_a_split_counts_what_moves_and_says_which_edges_have_no_link(company: Company) -> None:
    """Of two bets one is a dream, which serves nothing in the model."""
    dream = "  dream: {family: intent, fields: {gut: number}, was: {from: bet, where: gut > 7}}\n"
    found = company.apply(("  goal:", f"{dream}  goal:"))
    things = {str(each.alteration): each.things for each in found.effects}
    assert things["kind dream takes a part of bet"] == 1
    assert things["field dream.owner is gone"] == 1
    (told,) = (each for each in found.findings if each.code == "EVOLVE009")
    assert told.says == "1 edge stays with what becomes 'dream', which has no 'serves'"
    assert told.hint == "let 'serves' join 'dream' too, or cut them afterwards"


def test_a_kind_may_be_split_between_two_heirs(company: Company) -> None:
    company.apply(
        (
            "  bet:",
            "  dream: {family: intent, was: {from: bet, where: gut > 7}}\n  try:\n    was: bet",
        ),
        ("bet where", "try where"),
    )
    graph = company.graph()
    assert refs(graph, "dream") == ["dream/ferry"]
    assert refs(graph, "try") == ["try/raft"]
    assert graph.find("bet/raft") == graph.find("try/raft")


def test_merged_kinds_keep_things_of_equal_slugs_apart(company: Company) -> None:
    found = company.apply(
        ("  wager: {family: intent, fields: {gut: number}}\n", ""),
        ("  bet:\n", "  bet:\n    was: wager\n"),
    )
    assert carried(found) == (Move("wager/raft", "bet/raft-wager"),)
    graph = company.graph()
    assert sorted(refs(graph, "bet")) == ["bet/ferry", "bet/raft", "bet/raft-wager"]
    assert graph.node("bet/raft-wager").fields["gut"] == "5"
    assert graph.node("bet/raft").fields["gut"] == "2"
    (merged, *_) = found.effects
    assert (merged.things, merged.edges, merged.rules) == (3, 2, ("BET001",))


def test_a_renamed_kind_needs_no_change_of_its_things(company: Company) -> None:
    found = company.apply(("  bet:", "  epic:\n    was: bet"), ("bet where", "epic where"))
    assert carried(found) == ()
    assert refs(company.graph(), "epic") == ["epic/ferry", "epic/raft"]


def test_a_split_field_stage_and_link_take_their_part(company: Company) -> None:
    found = company.apply(
        ("owner: text", "owner: text, lead: {type: text, was: {from: owner, where: gut > 7}}"),
        (
            "Doing: active",
            "Doing: active, Late: {category: active, was: {from: Doing, where: gut < 3}}",
        ),
        (
            "serves: {to: goal",
            "eases: {to: goal, was: {from: serves, where: gut > 7}}, serves: {to: goal",
        ),
    )
    assert carried(found) == (
        Put("bet/ferry", {"lead": "Ada", "owner": None}),
        Put("bet/raft", {"stage": "Late"}),
        Disconnect("bet/ferry", "serves", "goal/grow"),
        Connect("bet/ferry", "eases", "goal/grow", {"share": "40%"}),
    )
    graph = company.graph()
    assert graph.node("bet/ferry").fields["lead"] == "Ada"
    assert graph.stage_words(graph.ids_of("bet")).to_list() == ["Doing", "Late"]


def test_what_goes_is_counted(company: Company) -> None:
    found = company.apply((", owner: text", ""))
    assert [(str(each.alteration), each.things) for each in found.effects] == [
        ("field bet.owner is gone", 2)
    ]
    assert [each.says for each in found.findings] == [
        "field 'bet.owner' goes, and nothing takes it over; it holds 2 today"
    ]


def test_a_rule_that_can_be_asked_no_more_is_found(company: Company) -> None:
    found = company.apply(
        ("    links: {serves: {to: goal, back: is served by, carries: {share: ratio}}}\n", "")
    )
    assert [each.code for each in found.findings] == ["EVOLVE001", "EVOLVE006"]
    assert "rules.BET001 cannot be asked" in found.findings[1].says


def test_a_part_by_a_question_that_fails_is_an_error(company: Company) -> None:
    found = company.apply(
        ("  goal:", "  dream: {family: intent, was: {from: bet, where: gutt > 7}}\n  goal:")
    )
    assert "EVOLVE007" in {each.code for each in found.findings}


def test_the_same_model_touches_nothing(company: Company) -> None:
    found = company.apply()
    assert (found.effects, found.changes, found.findings) == ((), (), ())


def test_a_kind_of_several_words_stands_in_refs_as_a_slug(tmp_path: Path) -> None:
    words = """
    kinds:
      delivery team: {family: collaboration, many: delivery teams, fields: {size: number}}
      bet: {family: intent, links: {is run by: {to: delivery team, back: runs}}}
    """
    renamed = words.replace("  delivery team: {", "  sea crew: {was: delivery team, ")
    renamed = renamed.replace("to: delivery team", "to: sea crew").replace(
        "delivery teams", "crews"
    )
    with Workspace.init(tmp_path / "harbour", model_text=words) as harbour:
        north = Put("delivery-team/north", {"title": "North", "size": "4"})
        harbour.append([north, Put("bet/ferry"), Connect("bet/ferry", "is run by", north.ref)])
        assert harbour.ask("delivery team where size > 3").refs == (north.ref,)
        assert harbour.ask("bet where is run by delivery-team/north").refs == ("bet/ferry",)
        harbour.apply_model(renamed)
        assert harbour.ask("sea crew where runs any bet").refs == ("sea-crew/north",)
        assert harbour.graph().node("delivery-team/north").title == "North"
