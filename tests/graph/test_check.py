"""What stands against changes, found before anything is recorded."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.graph.companies import Fact, log_of

from latticework.base.findings import Severity
from latticework.base.times import BEGINNING
from latticework.graph.check import check
from latticework.graph.graph import Graph, build
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Via,
)

MODEL = """
company: Ferry line
kinds:
  goal:
    family: intent
    many: goals
    fields: {target: number 0..100, code: {type: text, unique: true}}
  bet:
    family: intent
    many: bets
    fields:
      gut: number 0..10
      lead: {type: text, required: true, was: owner}
      size: "choice small | medium | large"
      labels: text many
    stages: {Talk: proposed, Build: active, Gone: dropped}
    links:
      serves: {to: [goal], back: is served by, most: 2, carries: {share: ratio}}
      part of: {to: [bet], back: consists of, shape: tree}
      needs: {to: [bet], back: is needed by, shape: acyclic}
      led by: {to: [person], back: leads, most back: 1}
  person: {family: collaboration, many: people}
  errand: {family: intent, links: {serves: {to: [goal]}}}  # each kind bounds its own end
"""

HARBOUR: list[Fact] = [
    (BEGINNING, Declare(MODEL)),
    (1, Put("goal/reach", {"title": "Reach", "code": "R"})),
    (1, Put("goal/keep", {"title": "Keep", "code": "K"})),
    (1, Put("goal/grow", {"title": "Grow"})),
    (1, Put("goal/old")),
    (1, Put("person/ada")),
    (1, Put("bet/a", {"lead": "Ada"})),
    (1, Put("bet/b", {"lead": "Ben"})),
    (1, Put("bet/c", {"lead": "Cy"})),
    (1, Connect("bet/a", "serves", "goal/reach")),
    (1, Connect("bet/a", "serves", "goal/keep")),
    (1, Connect("bet/b", "needs", "bet/a")),
    (1, Connect("bet/b", "part of", "bet/a")),
    (1, Connect("bet/a", "led by", "person/ada")),
    (2, Retire("goal/old")),
]


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Bets that serve goals, with leads, parts and needs."""
    return build(log_of(HARBOUR))


def codes(changes: Sequence[Change], graph: Graph) -> list[str]:
    return [finding.code for finding in check(changes, graph)]


def only(changes: Sequence[Change], graph: Graph) -> tuple[str, str, str]:
    """Code, sentence and hint of the only finding."""
    (found,) = check(changes, graph)
    return found.code, found.says, found.hint


GOOD: list[list[Change]] = [
    [],
    [Put("bet/new", {"lead": "Dee", "gut": "3–5", "stage": "build", "labels": ("x", "y")})],
    [Put("bet/a", {"owner": "Eve"}), Put("bet/a", {"gut": "unknown", "size": "small"})],
    [Put("bet/n", {"lead": "x"}), Connect("bet/n", "serves", "goal/grow", {"share": "40%"})],
    [Connect("bet/n", "serves", "goal/grow"), Put("bet/n", {"lead": "later"})],
    [Disconnect("bet/a", "serves", "goal/keep"), Connect("bet/a", "serves", "goal/grow")],
    [Disconnect("bet/b", "needs", "bet/a"), Connect("bet/a", "needs", "bet/b")],
    [Connect("bet/a", "serves", "goal/reach", {"share": "30%"})],
    [Retire("goal/keep"), Connect("bet/a", "serves", "goal/grow")],
    [Put("goal/old", {"title": "Again"})],
    [Move("bet/a", "bet/z"), Put("bet/z", {"gut": "2"}), Connect("bet/z", "needs", "bet/c")],
    [Move("bet/a", "bet/z"), Move("bet/z", "bet/a")],
    [Put("goal/grow", {"code": "G"}), Put("goal/reach", {"code": "R"})],
    [Retire("goal/reach"), Put("goal/grow", {"code": "R"})],
]


@pytest.mark.parametrize("changes", GOOD, ids=range(len(GOOD)))
def test_nothing_stands_against_good_changes(graph: Graph, changes: list[Change]) -> None:
    """Former words, later puts, values in range, a cut before a new edge."""
    assert check(changes, graph) == ()


BAD: list[tuple[Change, str, str, str]] = [
    (Put("Bet A"), "CHANGE001", "'Bet A' is not a ref", "hyphens"),
    (Put("best/x"), "CHANGE002", "unknown kind 'best'", "did you mean 'bet'?"),
    (Put("bet/a", {"gutt": "1"}), "CHANGE003", "unknown field 'gutt' of bet", "'gut'"),
    (Put("bet/a", {"serves": "goal/x"}), "CHANGE003", "unknown field 'serves'", "is a link"),
    (Put("bet/a", {"gut": "eleven"}), "CHANGE004", "'eleven' does not fit 'gut'", "0..10"),
    (Put("bet/a", {"gut": "11"}), "CHANGE004", "'11' does not fit 'gut'", "0..10"),
    (Put("bet/a", {"size": "smal"}), "CHANGE004", "'smal' does not fit", "did you mean 'small'?"),
    (Put("bet/a", {"stage": "Bild"}), "CHANGE004", "'Bild' is no stage", "did you mean 'Build'?"),
    (Put("bet/a", {"gut": ("1", "2")}), "CHANGE005", "'gut' holds one value, not 2", "many"),
    (Put("bet/a", {"lead": None}), "CHANGE006", "'lead' is required", "another value"),
    (Put("bet/new"), "CHANGE007", "'lead' of 'bet/new' is required", "give it a value"),
    (Put("goal/grow", {"code": "R"}), "CHANGE008", "'R' is the code of 'goal/reach'", "another"),
    (Connect("bet/a", "serve", "goal/grow"), "CHANGE009", "unknown link 'serve'", "'serves'"),
    (
        Connect("goal/grow", "is served by", "bet/b"),
        "CHANGE009",
        "unknown link 'is served by'",
        "'bet/b' serves 'goal/grow'",
    ),
    (
        Connect("bet/b", "serves", "person/ada"),
        "CHANGE010",
        "'serves' does not lead from bet to person",
        "from bet it leads to goal",
    ),
    (
        Connect("person/ada", "serves", "goal/grow"),
        "CHANGE010",
        "'serves' does not lead from person to goal",
        "it begins at bet",
    ),
    (Connect("bet/x", "serves", "goal/grow"), "CHANGE011", "there is no 'bet/x'", "put it first"),
    (
        Connect("bet/b", "serves", "goal/grwo"),
        "CHANGE011",
        "'goal/grwo', which does not exist",
        "the edge is kept",
    ),
    (
        Connect("bet/a", "serves", "goal/grow"),
        "CHANGE012",
        "'bet/a' serves 3, where 2 is the most",
        "cut another",
    ),
    (
        Connect("bet/b", "led by", "person/ada"),
        "CHANGE012",
        "'person/ada' leads 2, where 1 is the most",
        "cut another",
    ),
    (
        Connect("bet/b", "part of", "bet/c"),
        "CHANGE012",
        "'bet/b' part of 2, where 1 is the most",
        "cut another",
    ),
    (
        Connect("bet/a", "needs", "bet/b"),
        "CHANGE013",
        "'bet/a' needs 'bet/b' closes a circle",
        "no circle",
    ),
    (Connect("bet/c", "needs", "bet/c"), "CHANGE013", "'bet/c' needs itself", "no circle"),
    (Retire("goal/kep"), "CHANGE014", "there is no 'goal/kep' to retire", "'goal/keep'"),
    (Retire("goal/old"), "CHANGE014", "'goal/old' is retired already", ""),
    (Move("bet/x", "bet/y"), "CHANGE014", "there is no 'bet/x' to move", ""),
    (Move("bet/a", "bet/b"), "CHANGE015", "'bet/b' names another thing already", "for ever"),
    (Move("bet/a", "goal/old"), "CHANGE015", "'goal/old' names another thing", "for ever"),
    (
        Disconnect("bet/b", "serves", "goal/keep"),
        "CHANGE016",
        "'bet/b' has no edge serves 'goal/keep' to cut",
        "latticework show bet/b",
    ),
    (
        Connect("bet/b", "serves", "goal/grow", {"share": "lots"}),
        "CHANGE004",
        "'lots' does not fit 'share'",
        "",
    ),
    (
        Connect("bet/b", "serves", "goal/grow", {"shaer": "1"}),
        "CHANGE003",
        "unknown field 'shaer' of the link 'serves'",
        "did you mean 'share'?",
    ),
]


@pytest.mark.parametrize(("change", "code", "says", "hint"), BAD)
def test_each_fault_is_said_once_with_a_hint(
    graph: Graph, change: Change, code: str, says: str, hint: str
) -> None:
    """One change to the ferry line that cannot be."""
    found = only([change], graph)
    assert found[0] == code
    assert says in found[1]
    assert hint in found[2]


def test_all_faults_are_found_in_one_run(graph: Graph) -> None:
    """Five changes, each wrong in its own way."""
    changes = [change for change, *_ in BAD if not isinstance(change, Move | Retire)]
    assert set(codes(changes, graph)) >= {f"CHANGE{number:03}" for number in range(1, 14)}


def test_an_import_keeps_what_it_was_given(graph: Graph) -> None:
    """Misfits, missing leads and circles are left to the rules."""
    changes = [
        Put("bet/a", {"gut": "eleven", "stage": "Bild", "lead": None}),
        Put("bet/new"),
        Connect("bet/a", "needs", "bet/b"),
    ]
    assert check(changes, graph, strict=False) == ()
    assert len(check(changes, graph)) == 5


def test_a_circle_that_many_changes_close_is_found(graph: Graph) -> None:
    """A hundred new bets, each needing the next, and the last the first."""
    ring: list[Change] = [Put(f"bet/r{n}", {"lead": "x"}) for n in range(100)]
    ring += [Connect(f"bet/r{n}", "needs", f"bet/r{(n + 1) % 100}") for n in range(100)]
    straight = [*ring[:-1], Connect("bet/r99", "needs", "bet/a")]
    assert codes(straight, graph) == []
    assert codes(ring, graph) == ["CHANGE013"] * 100


def test_a_finding_tells_where_in_a_source_the_change_stood(graph: Graph) -> None:
    """A sheet whose line 7 has a number that is none."""
    via = Via(source="sheet", file="bets.csv", line=7)
    (found,) = check([Put("bet/a", {"gut": "x"}, via=via)], graph)
    assert str(found).startswith("bets.csv:7 bet/a.gut CHANGE004 'x' does not fit")
    assert found.severity is Severity.ERROR


def test_words_in_any_script_and_shape_are_only_words(graph: Graph) -> None:
    """Names with quotes, slashes, newlines and no Latin letter."""
    changes = [
        Put('bet/"', {"lead": "x"}),
        Put("bet/日本", {"lead": 'quo"te\n/ \\', "title": "早\u202e‮"}),
        Connect("bet/日本", 'se"r\nves', "goal/grow"),
        Put("bet/a/b", {"lead": "x"}),
        Put(""),
        Retire("💥" * 500),
    ]
    assert codes(changes, graph) == [
        "CHANGE001",
        "CHANGE001",
        "CHANGE001",
        "CHANGE014",
        "CHANGE009",
    ]
