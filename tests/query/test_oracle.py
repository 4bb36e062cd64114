"""Whatever is asked of whatever network, the plain evaluator says the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.graph.companies import log_of
from tests.query.companies import TODAY
from tests.query.oracle import PORT, Port, holds, tallied

from latticework.base.findings import Refused
from latticework.base.times import BEGINNING
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Change, Connect, Declare, Put, Retire
from latticework.query import ast, walk
from latticework.query import tally as tally_module
from latticework.query.ask import ask
from latticework.query.ast import Lack, Op, Quantity
from latticework.query.format import format_query
from latticework.query.words import vocabulary_of

REFS = [f"{kind}/{slug}" for kind in ("item", "crew") for slug in "abcd"] + ["item/ghost"]
refs = st.sampled_from(REFS[:-1])
numbers = st.sampled_from(["1", "2", "3", "1–3", "2–4", "unknown", "soon"])
fields = st.fixed_dictionaries({}, optional={"n": numbers, "tag": st.sampled_from(["x", "Y"])})
edges = st.builds(
    Connect, refs, st.sampled_from(["feeds", "knows"]), st.sampled_from(REFS), st.just({})
)
changes = st.tuples(
    st.lists(st.builds(Put, refs, fields), max_size=8),
    st.lists(edges, max_size=14),
    st.lists(st.builds(Retire, refs), max_size=2),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])

phrases = st.sampled_from(["feeds", "is fed by", "knows"]).map(ast.Name)
steps = st.builds(ast.Step, phrases, st.sampled_from(["", "+", "*"]))
paths = st.lists(steps, min_size=1, max_size=2).map(lambda each: ast.Path(tuple(each)))
heads = st.one_of(
    st.none(), st.sampled_from(["item", "crew"]).map(ast.Name), st.sampled_from(REFS).map(ast.Thing)
)
kinds = st.one_of(st.none(), st.sampled_from(["item", "crew"]).map(ast.Name))
n = ast.Name("n")
limits = st.integers(0, 5).map(lambda number: ast.Literal(str(number)))
ops = st.sampled_from([Op.IS, Op.IS_NOT, Op.LESS, Op.MOST, Op.MORE, Op.LEAST])


def _calls(inner: st.SearchStrategy[ast.Condition]) -> st.SearchStrategy[ast.Call]:
    targets = st.builds(ast.Target, kinds, st.none() | inner)
    counts = st.builds(ast.Over, paths, st.none(), targets)
    values = st.builds(ast.Over, paths, st.just(n), targets)
    names = st.sampled_from(["sum", "min", "max"]).map(ast.Name)
    return st.one_of(
        st.builds(ast.Call, st.just(ast.Name("count")), st.tuples(counts)),
        st.builds(ast.Call, names, st.tuples(values)),
    )


def _conditions(inner: st.SearchStrategy[ast.Condition]) -> st.SearchStrategy[ast.Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    some = st.sampled_from([Quantity.SOME, Quantity.NONE])
    return st.one_of(
        st.builds(ast.Linked, paths, some, st.builds(ast.Target, heads, st.none() | inner)),
        st.builds(ast.Compare, _calls(inner), ops, limits),
        st.builds(ast.Not, inner),
        st.builds(ast.Possibly, inner),
        several.map(ast.all_of),
        several.map(ast.either_of),
    )


plain = st.one_of(
    st.builds(ast.Compare, st.just(n), ops, limits),
    st.builds(ast.Lacks, st.just(n), st.sampled_from(list(Lack))),
    st.builds(ast.Linked, paths, st.just(Quantity.UNKNOWN)),
)
conditions = st.recursive(plain, _conditions, max_leaves=5)


def _company(facts: list[Change]) -> tuple[Graph, Port]:
    port = Port()
    for change in facts:
        port.take(change)
    every = [Declare("port"), *(Put(ref) for ref in ["item/z"]), *facts]
    port.take(Put("item/z"))
    log = log_of([(BEGINNING, change) for change in every])
    return build(log, load=lambda _: PORT), port


def _refs(graph: Graph, condition: ast.Condition) -> set[str]:
    query = ast.Query(scope=ast.Scope(ast.Anything()), where=condition)
    return set(ask(graph, format_query(query, vocabulary_of(PORT)), today=TODAY).refs)


@pytest.mark.parametrize("few", [0, 64])
@given(changes, conditions)
@settings(max_examples=100, deadline=None)
def test_conditions_agree_with_the_plain_evaluator(
    few: int, facts: list[Change], condition: ast.Condition
) -> None:
    """Both ways of walking: thing by thing, and the whole network at once."""
    facts = _known(facts, condition)
    graph, port = _company(facts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally_module, "_FEW_STARTS", few)
        sure = _refs(graph, condition)
        maybe = _refs(graph, ast.Possibly(condition))
    answers = {ref: holds(port, condition, ref) for ref in port.fields}
    assert sure == {ref for ref, (certain, _) in answers.items() if certain}
    assert maybe == {ref for ref, (_, possible) in answers.items() if possible}


def _known(facts: list[Change], condition: ast.Condition) -> list[Change]:
    """A ref that a question names must have been named before."""
    named = [ref for ref in REFS if f"'{ref}'" in repr(condition)]
    return [Connect("item/z", "knows", ref) for ref in named] + facts


@pytest.mark.parametrize("few", [0, 64])
@given(changes, st.deferred(lambda: _calls(conditions)))
@settings(max_examples=40, deadline=None)
def test_tallies_agree_with_every_way_it_may_be(
    few: int, facts: list[Change], call: ast.Call
) -> None:
    facts = _known(facts, ast.Flag(call))
    graph, port = _company(facts)
    for limit in range(0, 7, 2):
        for op in (Op.LESS, Op.LEAST, Op.IS):
            condition = ast.Compare(call, op, ast.Literal(str(limit)))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(tally_module, "_FEW_STARTS", few)
                found = _refs(graph, condition)
            assert found == {ref for ref in port.fields if holds(port, condition, ref)[0]}, (
                limit,
                op,
                {ref: tallied(port, call, ref) for ref in port.fields},
            )


def test_a_question_too_big_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three items that all feed each other."""
    names = ["item/a", "item/b", "item/c"]
    facts = [Connect(one, "feeds", other) for one in names for other in names]
    graph, _ = _company([*(Put(ref) for ref in names), *facts])
    monkeypatch.setattr(walk, "MOST_PAIRS", 5)
    with pytest.raises(Refused) as refused:
        ask(graph, "item where count(feeds then feeds) > 1", today=TODAY)
    assert refused.value.findings[0].code == "QUERY030"
