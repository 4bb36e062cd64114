"""Things by what is typed of their names."""

from __future__ import annotations

from hypothesis import given, settings
from tests.graph.companies import Fact, load, log_of
from tests.graph.test_replay import companies

from latticework.graph.graph import build
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
        graph = graph.advance(log_of([fact], first=end))
        whole = build(log_of(facts[:end]), load=load)
        for typed in TYPED:
            assert named(graph, typed).tolist() == named(whole, typed).tolist()
