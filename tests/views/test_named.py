"""Things by what is typed of their names."""

from __future__ import annotations

from hypothesis import given, settings
from tests.graph.companies import Fact, load, log_of
from tests.graph.test_replay import companies

from latticework.graph.graph import build
from latticework.journal.changes import Put
from latticework.views.named import named

TYPED = ("", "a", "team", "b c", "epic/a", "z")


@given(companies(most_moves=1))
@settings(max_examples=40, deadline=None)
def test_what_is_typed_finds_the_same_in_a_graph_that_went_along(facts: list[Fact]) -> None:
    """Things that are named, renamed, retired and brought back, entry by entry."""
    graph = build(log_of(facts[:1]), load=load)
    for end, fact in enumerate(facts[1:], 2):
        for typed in TYPED:
            named(graph, typed)
            named(graph, typed, most=1)
        graph = graph.advance(log_of([fact], first=end))
        whole = build(log_of(facts[:end]), load=load)
        for typed in TYPED:
            every = named(whole, typed, most=1_000).tolist()
            assert named(graph, typed).tolist() == every[:12]
            assert named(graph, typed, most=1).tolist() == every[:1]


def test_the_few_that_fit_best_are_the_first_of_all_that_fit() -> None:
    """Goals whose titles begin alike, in part or whole, some longer than eight letters."""
    words = ("Tide", "tides of autumn", "tides of august", "Low tide", "riptide", "TIDES OF AUTUMN")
    facts: list[Fact] = [
        (0, Put(f"goal/tide-{place}", {"title": word})) for place, word in enumerate(words * 3)
    ]
    facts += [(0, Put("goal/all-the-way-round-the-harbour", {"title": "Ebb"}))]
    facts += [(0, Put(f"goal/e-{place}", {"title": "Ebbs"})) for place in range(3)]
    graph = build(log_of(facts), load=load)
    for typed in (
        "ebb",
        "tide",
        "tides",
        "tides of au",
        "tides of autumn",
        "goal/tide-1",
        "tide-17",
        "low",
    ):
        every = named(graph, typed, most=1_000).tolist()
        for most in (1, 2, 5):
            assert named(graph, typed, most=most).tolist() == every[:most]
