"""Columns outlive an edit of other cells, and no edit of their own."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.times import BEGINNING, Moment
from latticework.graph.graph import Graph, build
from latticework.graph.little import batches_of
from latticework.journal.changes import Batch, Change, Declare, Put, Retire
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse
from latticework.query.ask import ask
from latticework.query.columns import columns_of

MODEL = load_or_refuse(
    """
company: Quay
kinds:
  goal: {family: intent, many: goals, fields: {effort: number}}
  bet:
    family: intent
    many: bets
    fields: {effort: number, note: text}
    stages: {Idea: proposed, Building: active}
"""
)
STORY = """
on: 2025-01-01
goal/a: {title: A, effort: 3}
bet/x: {title: X, effort: 1, stage: Idea}
bet/y: {title: Y, effort: 5, stage: Building}
"""
QUESTIONS = (
    "bet where effort > 2 show effort, stage",
    "goal where effort > 2 show effort",
    "bet where stage is Building show note, title",
    "any where effort > 2 sort by effort show stage",
)
NOW = 1_800_000_000_000_000
EDITS = st.one_of(
    st.builds(
        lambda ref, name, value: Put(ref, {name: value}),
        st.sampled_from(("bet/x", "bet/y", "bet/z", "goal/a", "goal/b")),
        st.sampled_from(("effort", "note", "title")),
        st.sampled_from(("1", "7", "unknown", None)),
    ).filter(lambda put: not (put.ref.startswith("goal") and "note" in put.fields)),
    st.builds(
        lambda ref, stage: Put(ref, {"stage": stage}),
        st.sampled_from(("bet/x", "bet/y", "bet/z")),
        st.sampled_from(("Idea", "Building")),
    ),
    st.builds(Retire, st.sampled_from(("bet/x", "goal/a"))),
)


def quay() -> MemoryStore:
    store = MemoryStore()
    words = Batch(changes=(Declare(format_model(MODEL)),), valid=BEGINNING)
    store.append([words], now=NOW - 1)
    for batch in batches_of(STORY, MODEL):
        store.append([batch], now=NOW)
    return store


def graph_of(frame: pl.DataFrame) -> Graph:
    return build(frame, load=lambda _: MODEL)


def answers(graph: Graph) -> list[list[dict[str, object]]]:
    return [[dict(row) for row in ask(graph, question)] for question in QUESTIONS]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(EDITS, st.integers(-3, 3)), max_size=6))
def test_a_graph_that_went_along_answers_as_one_built_anew(edits: list[tuple[Change, int]]) -> None:
    store = quay()
    graph = graph_of(store.log())
    answers(graph)
    for step, (change, days) in enumerate(edits):
        valid = NOW + days * 86_400_000_000
        store.append([Batch(changes=(change,), valid=valid)], now=NOW + step + 1)
        graph = graph.advance(store.log(after=graph.head))
        assert answers(graph) == answers(graph_of(store.log()))
        for at in (NOW - 2 * 86_400_000_000, NOW):
            moment = Moment(valid=at)
            assert answers(graph.at(moment)) == answers(graph_of(store.log()).at(moment))


@pytest.mark.parametrize(("name", "kept"), [("note", True), ("effort", False)])
def test_a_column_is_read_again_only_where_it_was_written(name: str, kept: bool) -> None:
    store = quay()
    graph = graph_of(store.log())
    ask(graph, "bet where effort > 0")
    (before,) = columns_of(graph)._columns.values()
    store.append([Batch(changes=(Put("bet/x", {name: "9"}),))], now=NOW + 1)
    later = graph.advance(store.log(after=graph.head))
    ask(later, "bet where effort > 0")
    (after,) = columns_of(later)._columns.values()
    assert (after is before) is kept
