"""What is a query, what is none, and how both are told."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.query.companies import MODEL

from latticework.base.findings import Finding, Refused
from latticework.query import ast
from latticework.query.ast import Lack, Op, Quantity
from latticework.query.format import format_query
from latticework.query.parse import parse
from latticework.query.words import NO_WORDS, vocabulary_from, vocabulary_of

WORDS = vocabulary_of(MODEL)

texts = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
printable = texts.filter(lambda text: text.isprintable())
known = st.sampled_from(
    ["epic", "goal", "is served by", "serves", "depends on", "stage", "gut", "takes part in"]
)
names = st.builds(ast.Name, st.one_of(known, printable))
things = st.sampled_from(["goal/reach", "epic/größe", "チーム/赤", "a/b/c.d"]).map(ast.Thing)
named = st.one_of(names, things)
heads = st.one_of(named, st.just(ast.Anything()))
steps = st.builds(ast.Step, names, st.sampled_from(["", "+", "*"]))
paths = st.lists(steps, min_size=1, max_size=3).map(lambda each: ast.Path(tuple(each)))
long_paths = paths.filter(lambda path: len(path.steps) > 1 or path.steps[0].repeat)
plain = st.sampled_from(["3", "40%", "2–5", "2026-Q4", "about 4", "green", "In flight", "€3m"])
quoted = st.text(max_size=9).map(lambda text: ast.Literal(text, quoted=True))
literals = st.one_of(plain.map(ast.Literal), quoted)
periods = st.one_of(st.sampled_from(["2026", "2026-Q4"]).map(ast.Literal), quoted)
_NOT_IN = [each for each in Op if each is not Op.IN]
days = st.one_of(
    st.sampled_from(["2026-03-01", "2026-03-01T09:30:00Z"]).map(ast.Literal),
    st.sampled_from(["", "- 30 days", "+ 2 weeks"]).map(ast.Today),
)


def _conditions() -> st.SearchStrategy[ast.Condition]:
    return st.recursive(_atoms(st.none()), _compound, max_leaves=6)


def _calls(where: st.SearchStrategy[ast.Condition | None]) -> st.SearchStrategy[ast.Call]:
    overs = st.one_of(
        st.builds(ast.Over, long_paths),
        st.builds(ast.Over, paths, st.none(), st.builds(ast.Target, named, where)),
        st.builds(ast.Over, paths, names, st.builds(ast.Target, st.none(), where)),
    )
    functions = st.sampled_from(["count", "sum", "größe"]).map(ast.Name)
    return st.builds(ast.Call, functions, st.tuples(st.one_of(names, overs)))


def _atoms(where: st.SearchStrategy[ast.Condition | None]) -> st.SearchStrategy[ast.Condition]:
    operands = st.one_of(names, _calls(where), st.builds(ast.Over, paths, names))
    values = st.one_of(literals, days, _calls(where))
    targets = st.builds(ast.Target, named, where)
    some = st.sampled_from([Quantity.SOME, Quantity.NONE])
    return st.one_of(
        st.builds(ast.Compare, operands, st.sampled_from(_NOT_IN), values),
        st.builds(ast.Compare, operands, st.just(Op.IN), periods),
        st.builds(ast.Among, operands, st.lists(values, min_size=1, max_size=3).map(tuple)),
        st.builds(ast.Lacks, operands, st.sampled_from(list(Lack))),
        st.builds(ast.Linked, paths, some, targets),
        st.builds(ast.Linked, paths, st.sampled_from(list(Quantity))),
        st.builds(ast.Flag, names),
        st.builds(ast.Changed, days, st.none() | days, st.none() | names),
        st.builds(ast.Went, names, literals, literals, days),
        st.builds(ast.Went, names, literals, literals, st.none(), periods),
    )


def _compound(inner: st.SearchStrategy[ast.Condition]) -> st.SearchStrategy[ast.Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        _atoms(inner),
        st.builds(ast.Not, inner),
        st.builds(ast.Possibly, inner),
        st.builds(ast.OnDay, inner, days),
        several.map(ast.all_of),
        several.map(ast.either_of),
    )


shown = st.one_of(names, _calls(st.none()), st.builds(ast.Over, long_paths))
queries = st.builds(
    ast.Query,
    scope=st.builds(
        ast.Scope,
        heads,
        st.lists(
            st.builds(ast.Linked, paths, st.just(Quantity.SOME), st.builds(ast.Target, named)),
            max_size=2,
        ).map(tuple),
    ),
    where=st.none() | _conditions(),
    show=st.lists(st.builds(ast.Column, shown, st.none() | names), max_size=3).map(tuple),
    sort=st.lists(st.builds(ast.Order, shown, st.booleans()), max_size=2).map(tuple),
    group=st.none() | names,
    limit=st.none() | st.integers(0, 999),
    at=st.none() | days,
    known=st.none() | days,
)


@given(queries)
@settings(max_examples=120, deadline=None)
def test_what_is_formatted_parses_to_the_same_in_a_models_words(query: ast.Query) -> None:
    assert parse(format_query(query, WORDS), WORDS) == query


@given(queries)
@settings(max_examples=60, deadline=None)
def test_what_is_formatted_parses_to_the_same_without_a_model(query: ast.Query) -> None:
    assert parse(format_query(query), NO_WORDS) == query


def _is_query_or_finding(text: str) -> None:
    try:
        query = parse(text, WORDS)
    except Refused:
        return
    assert parse(format_query(query, WORDS), WORDS) == query


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
@example("epic where (((")
@example("epic where \x00 is \x1b[31m")
@example("‘ “ ' \"")
def test_any_text_is_a_query_or_a_finding(text: str) -> None:
    _is_query_or_finding(text)


words_and_marks = st.lists(
    st.sampled_from(
        [
            "epic",
            "where",
            "and",
            "or",
            "not",
            "is",
            "was",
            "contains",
            "nothing",
            "any",
            "no",
            "(",
            ")",
            ",",
            "+",
            "*",
            "=",
            "<",
            "'x'",
            "gut",
            "serves",
            "of",
            "in",
            "2026-03-01",
            "on",
            "today",
            "show",
            "limit",
            "3",
            "sort",
            "by",
            "changed",
            "since",
            "went",
            "from",
            "to",
            "possibly",
            "goal/a",
            "count(",
            "group",
            "then",
            "at",
            "known",
            "unknown",
            "missing",
        ]
    ),
    max_size=14,
).map(" ".join)


@given(words_and_marks)
@settings(max_examples=500, deadline=None)
def test_any_order_of_words_is_a_query_or_a_finding(text: str) -> None:
    _is_query_or_finding(text)


def _finding(text: str) -> Finding:
    with pytest.raises(Refused) as refused:
        parse(text, WORDS)
    return refused.value.findings[0]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "epic where " + "(" * 10_000 + "gut > 3" + ")" * 10_000,
        "epic where " + "not " * 10_000 + "blocked",
        "epic where " + "count(" * 5_000,
        "x" * 1_000_000,
        "epic where title is '" + "x" * 1_000_000,
        "\0" * 40_000,
        "epic where " + "serves goal where (" * 3_000,
    ],
)
def test_a_hostile_query_is_a_finding_at_once(text: str) -> None:
    # The process's own time: what else the machine does is no matter here.
    start = time.process_time()
    assert _finding(text).hint
    assert time.process_time() - start < 2


def test_a_long_plain_query_is_fine() -> None:
    query = parse("epic where " + " and ".join(["gut > 3"] * 2_000), WORDS)
    assert isinstance(query.where, ast.All)
    assert len(query.where.terms) == 2_000


def test_a_finding_points_at_the_word() -> None:
    found = _finding("epic\nwhere gut > 3 where x")
    assert (found.place.line, found.place.column, found.place.end) == (2, 15, 20)
    assert found.value == "where"


def test_a_misspelt_word_of_the_language_is_named() -> None:
    assert "did you mean 'where'" in _finding("epic whre gut > 3").hint


def test_what_is_said_twice_is_refused() -> None:
    assert _finding("epic limit 3 limit 4").code == "QUERY008"


def test_an_unclosed_quote_is_refused() -> None:
    assert _finding("epic where title is 'x").code == "QUERY003"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("EPIC Where GUT > 3", "epic where gut > 3"),
        ("epic where gut≥3", "epic where gut >= 3"),
        ("epic where title is ‘x y’", 'epic where title is "x y"'),
        ("epic where title is “x y”", 'epic where title is "x y"'),
        ("epic where owner is nothing", "epic where owner is missing"),
        ("epic where ((gut > 3))", "epic where gut > 3"),
        ("epic where not owner is missing", "epic where owner is not missing"),
        ("epic changed since 2026-01-01", "epic where changed since 2026-01-01"),
        ("epic where gut = 3", "epic where gut is 3"),
        ("epic serving any goal", "epic serving goal"),
        ("epic where serves any", "epic where serves something"),
    ],
)
def test_ways_to_say_the_same(text: str, other: str) -> None:
    folded = format_query(parse(text, WORDS), WORDS).casefold()
    assert folded == format_query(parse(other, WORDS), WORDS).casefold()


def test_a_phrase_of_several_words_is_one_name() -> None:
    query = parse("crew where takes part in goal/calm and has as a member nothing", WORDS)
    assert isinstance(query.where, ast.All)
    first, second = query.where.terms
    assert isinstance(first, ast.Linked)
    assert isinstance(second, ast.Linked)
    assert first.path.steps[0].phrase.text == "takes part in"
    assert second.path.steps[0].phrase.text == "has as a member"


def test_a_word_of_the_language_in_a_name_goes_in_quotes() -> None:
    words = vocabulary_from(["epic", "where"])
    query = parse('epic where "where" is missing', words)
    assert query.where == ast.Lacks(ast.Name("where"), Lack.MISSING)
    assert format_query(query, words) == 'epic where "where" is missing'


def test_names_may_be_of_any_script() -> None:
    words = vocabulary_from(["チーム", "依存する", "उद्देश्य"])
    query = parse("チーム where 依存する+ チーム/赤 and उद्देश्य is उच्च", words)
    assert format_query(query, words) == "チーム where 依存する+ チーム/赤 and उद्देश्य is उच्च"
