"""What differs between two moments, or between two branches."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from tests.graph.companies import Fact, load, log_of, reading_of
from tests.graph.test_replay import companies, moments

from latticework.base.times import BEGINNING, Moment
from latticework.graph.delta import Delta, delta
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Connect, Declare, Disconnect, Move, Put, Retire, Value

FRAMES = ("nodes", "cells", "edges", "classes")

MODEL = """
company: Wharf
kinds:
  goal: {family: intent, many: goals}
  epic:
    family: intent
    many: epics
    fields: {budget: number, due: day range, owner: text, labels: text many}
    stages: {Discovery: proposed, Building: active, Shipped: done, Killed: dropped}
    links:
      serves: {to: [goal], back: is served by, shape: acyclic, carries: {share: ratio}}
"""

WHARF: list[Fact] = [
    (BEGINNING, Declare(MODEL)),
    (1, Put("goal/growth", {"title": "Growth"})),
    (1, Put("goal/retention", {"title": "Retention"})),
    (1, Put("epic/claims", {"title": "Faster claims", "stage": "Discovery", "budget": "2..9"})),
    (1, Put("epic/dull", {"title": "Dull", "stage": "Building", "owner": "Ada"})),
    (1, Connect("epic/claims", "serves", "goal/retention", {"share": "30%"})),
    (2, Put("epic/claims", {"stage": "Building"})),
    (3, Disconnect("epic/claims", "serves", "goal/retention")),
    (3, Connect("epic/claims", "serves", "goal/growth")),
    (4, Put("epic/claims", {"budget": "3..5", "labels": ("a", "b")})),
    (5, Put("epic/dull", {"stage": "Killed", "owner": None})),
    (6, Put("epic/new", {"title": "New\nname", "stage": "discovery"})),
    (6, Connect("epic/new", "serves", "goal/growth", {"share": "20%"})),
    (7, Connect("epic/new", "serves", "goal/growth", {"share": "40%"})),
    (8, Move("epic/new", "epic/newer")),
    (9, Retire("goal/retention")),
]


@pytest.fixture(scope="module")
def wharf() -> Graph:
    """Epics that serve goals, over nine days."""
    return build(log_of(WHARF))


def between(graph: Graph, before: int, after: int) -> Delta:
    return delta(graph.at(Moment(before)), graph.at(Moment(after)))


TOLD = {
    (1, 2): ("Epic ‘Faster claims’ moved from Discovery to Building.",),
    (2, 3): ("Epic ‘Faster claims’ now serves ‘Growth’ (before: ‘Retention’).",),
    (3, 4): (
        "Epic ‘Faster claims’ has budget 3..5 (before: 2..9).",
        "Epic ‘Faster claims’ has labels a, b.",
    ),
    (4, 5): (
        "Epic ‘Dull’ has no owner now (before: Ada).",
        "Epic ‘Dull’ moved from Building to Killed.",
    ),
    (5, 6): (
        "Epic ‘New name’ is new.",
        "Epic ‘New name’ stands in Discovery.",
        "Epic ‘New name’ now serves ‘Growth’.",
    ),
    (6, 7): ("Epic ‘New name’ serves ‘Growth’ with share 40% (before: 20%).",),
    (7, 8): ("Epic ‘New name’ now goes by epic/newer (before: epic/new).",),
    (8, 9): ("Goal ‘Retention’ is gone.",),
    (9, 9): (),
    (2, 1): ("Epic ‘Faster claims’ moved from Building to Discovery.",),
}


@pytest.mark.parametrize(("days", "sentences"), TOLD.items(), ids=str)
def test_a_day_is_told_in_the_companys_words(
    wharf: Graph, days: tuple[int, int], sentences: tuple[str, ...]
) -> None:
    """One day on the wharf."""
    assert between(wharf, *days).tell() == sentences


CLASSES = {
    (1, 2): [("epic/claims", "restaged")],
    (2, 3): [
        ("epic/claims", "moved"),
        ("epic/claims", "elaborated"),
        ("goal/growth", "elaborated"),
    ],
    (3, 4): [("epic/claims", "elaborated")],
    (4, 5): [("epic/dull", "cut")],
    (5, 6): [("epic/new", "new"), ("goal/growth", "elaborated")],
    (6, 7): [],
    (7, 8): [("epic/newer", "moved")],
    (8, 9): [("goal/retention", "cut")],
    (4, 3): [],
    (5, 4): [("epic/dull", "restaged"), ("epic/dull", "elaborated")],
}


@pytest.mark.parametrize(("days", "classes"), CLASSES.items(), ids=str)
def test_each_thing_is_classed_by_what_became_of_it(
    wharf: Graph, days: tuple[int, int], classes: list[tuple[str, str]]
) -> None:
    """A range narrowed, a goal exchanged, an epic given up and taken up again."""
    assert between(wharf, *days).classes.rows() == classes


def test_many_differences_are_counted_first_and_cut_short_aloud(wharf: Graph) -> None:
    """All nine days at once, three sentences wanted."""
    told = between(wharf, 0, 9).tell(most=3)
    assert told[:2] == ("In all: 4 new.", "New are 3 epics and 1 goal.")
    assert len(told) == 6
    assert told[-1] == "… and 3 more, not told here."


def test_a_delta_of_some_things_speaks_of_them_alone(wharf: Graph) -> None:
    """The claims epic over nine days."""
    before, after = wharf.at(Moment(1)), wharf.at(Moment(9))
    ids = after.find_all(pl.Series(["epic/claims"]))
    found = delta(before, after, ids)
    assert set(found.cells["ref"]) == set(found.edges["source"]) == {"epic/claims"}
    assert len(found.nodes) == 0


def test_a_renamed_stage_or_kind_is_no_difference() -> None:
    """Initiatives became epics, Doing became Building; nothing else happened."""
    facts: list[Fact] = [
        (BEGINNING, Declare("first")),
        (1, Put("initiative/a", {"stage": "Doing", "budget": "3"})),
        (2, Declare("second")),
        (3, Put("epic/a", {"stage": "building"})),
    ]
    graph = build(log_of(facts), load=load)
    assert len(between(graph, 1, 3)) == 0


def test_a_branch_is_told_against_its_parent() -> None:
    """Two lines that part: each has a thing and a value the other lacks."""
    shared = WHARF[:6]
    main = build(log_of([*shared, (2, Put("goal/main")), (2, Put("epic/dull", {"owner": "M"}))]))
    branch = build(
        log_of([*shared, (2, Put("goal/branch")), (2, Put("epic/dull", {"owner": "B"}))])
    )
    assert delta(main, branch).tell() == (
        "Goal ‘main’ is gone.",
        "Goal ‘branch’ is new.",
        "Epic ‘Dull’ has owner B (before: M).",
    )
    assert delta(main, main).tell() == ()


@given(companies(), moments, moments)
@settings(max_examples=70, deadline=None)
def test_a_delta_equals_the_difference_of_two_readings(
    facts: list[Fact], before: Moment, after: Moment
) -> None:
    """Any company at any two moments."""
    graph = build(log_of(facts), load=load)
    old, new = graph.at(before), graph.at(after)
    found = delta(old, new)
    # Things are told by the ref they go by after.
    refs = dict(zip(old.refs, new.refs, strict=True))
    was = {refs[ref]: fields for ref, (_, fields) in reading_of(old)["things"].items()}
    now = {ref: fields for ref, (_, fields) in reading_of(new)["things"].items()}
    begun = found.nodes.filter(pl.col("what") == "new")["ref"]
    ended = found.nodes.filter(pl.col("what") == "gone")["ref"]
    assert set(begun) == now.keys() - was.keys()
    assert {refs[ref] for ref in ended} == was.keys() - now.keys()
    # A field of another model may have gone by another word.
    if old.model == new.model:
        assert set(found.cells.select("ref", "field", "before", "after").rows()) == {
            (ref, name, text(was.get(ref, {}).get(name)), text(fields.get(name)))
            for ref, fields in now.items()
            for name in fields.keys() | was.get(ref, {}).keys()
            if was.get(ref, {}).get(name) != fields.get(name)
        }


@given(companies(most_moves=0), moments, moments)
@settings(max_examples=40, deadline=None)
def test_two_logs_of_one_journal_differ_as_two_moments_do(
    facts: list[Fact], before: Moment, after: Moment
) -> None:
    """The same entries read twice."""
    one = build(log_of(facts), load=load)
    other = build(log_of(facts), load=load)
    same, apart = delta(one.at(before), one.at(after)), delta(other.at(before), one.at(after))
    for frame in FRAMES:
        assert getattr(same, frame).equals(getattr(apart, frame))


@given(companies(), moments)
@settings(max_examples=25, deadline=None)
def test_nothing_differs_from_itself(facts: list[Fact], moment: Moment) -> None:
    """Any company at one moment, asked twice."""
    graph = build(log_of(facts), load=load)
    assert len(delta(graph.at(moment), graph.at(moment))) == 0


def text(value: Value) -> str | None:
    return ", ".join(value) if isinstance(value, tuple) else value
