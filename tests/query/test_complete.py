"""What may follow in a query, in the words of a company on its first day."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.model.load import load
from latticework.model.model import Model
from latticework.query.complete import complete
from latticework.query.holes import advance
from latticework.query.lexer import tokens_of
from latticework.query.parse import UNFIT
from latticework.query.words import vocabulary_of

OWN = """
company: Harbour
uses: [starter]
dialects:
  payments: {bet: mission, confidence: hunch}
"""

BEGINNINGS = (
    "",
    "bet ",
    "bet where ",
    "bet where confidence ",
    "bet where stage is ",
    "bet where stage is active ",
    "bet where serves ",
    "bet where (stage is active or ",
    "goal where is served by any bet where (",
    "bet show title, ",
    "bet show sum(",
    "bet show sum(cost of ",
    "goal sort by ",
    "goal where due < ",
    "goal serving+ ",
    "commitment where stage is ",
    "bet where changed since ",
    "any where is owned by ",
    "bet where health went from ",
    "bet group by ",
)


@cache
def model() -> Model:
    """The starter words, and one area's own."""
    return load(OWN).model


def offered(text: str) -> list[str]:
    """The words offered at the end of a text."""
    return [each.text for each in complete(model(), text, len(text))]


def read_up_to(text: str) -> int:
    """How many characters a text parses as the beginning of a query."""
    tokens, findings = tokens_of(text, vocabulary_of(model()))
    assert not findings
    for count in range(len(tokens), -1, -1):
        try:
            advance(tokens[:count])
        except UNFIT:
            continue
        return (tokens[count - 1].end_pos or 0) if count else 0
    return 0


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.lists(st.integers(0, 39), min_size=1, max_size=6))
def test_each_completion_parses_further_than_what_stood_there(text: str, picks: list[int]) -> None:
    """Somebody picks whatever is offered, again and again."""
    for pick in picks:
        found = complete(model(), text, len(text))
        if not found:
            return
        each = found[pick % len(found)]
        after = text[: each.start] + each.insert + text[each.end :]
        assert read_up_to(after) > read_up_to(text[: each.start])
        assert read_up_to(after) == len(after)
        text = f"{after} " if not after.endswith("(") else after


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from("bet where sgoal()<>=\"'+ *is0123,\n\0é/"), max_size=40))
def test_whatever_is_written_completion_does_not_break(text: str) -> None:
    """Somebody leans on the keyboard."""
    for each in complete(model(), text, len(text)):
        assert 0 <= each.start <= each.end == len(text)


def test_a_query_begins_with_kinds() -> None:
    """Nothing is typed yet."""
    assert {"bet", "goal", "team"} <= set(offered(""))
    assert offered("bel")[:1] == ["belief"]


def test_an_areas_own_words_are_offered() -> None:
    """Payments calls a bet a mission, its confidence a hunch."""
    assert "mission" in offered("mis")
    assert "hunch" in offered("bet where hun")


def test_a_link_of_several_words_is_completed_from_its_beginning() -> None:
    """Somebody has typed half of 'is owned by'."""
    found = complete(model(), "bet where is owned ", 19)
    assert [(each.insert, each.start) for each in found] == [("is owned by", 10)]


def test_a_stage_is_completed_with_the_stages_of_its_kind() -> None:
    """A bet's course."""
    stages = [each.name for kind in model().kinds if kind.name == "bet" for each in kind.stages]
    assert [each for each in offered("bet where stage is ") if each in stages] == stages


@pytest.mark.parametrize("word", ["nothing", "<", "then", "and"])
def test_a_field_is_not_followed_by_what_only_links_or_numbers_are(word: str) -> None:
    """'stage nothing' says nothing."""
    assert word not in offered("bet where stage ")


def test_numbers_are_compared_and_links_lead_somewhere() -> None:
    """What follows depends on the word before."""
    assert "<=" in offered("bet where confidence ")
    assert "nothing" in offered("bet where serves ")
    assert "<=" not in offered("bet where serves ")
    assert "nothing" not in offered("bet where confidence ")


def test_only_what_a_link_leads_to_is_offered_behind_it() -> None:
    """A bet is owned by people and teams."""
    words = offered("bet where is owned by ")
    assert "person" in words or "team" in words
    assert "metric" not in words


def test_only_quantities_are_summed() -> None:
    """A title has no sum."""
    words = offered("bet show sum(")
    assert "cost" in words
    assert "title" not in words


def test_days_are_offered_where_a_day_is_compared() -> None:
    """A due day is compared with today, a confidence is not."""
    assert "today" in offered("bet where due < ")
    assert "today" not in offered("bet where confidence < ")


def test_names_within_parentheses_are_those_of_the_things_there() -> None:
    """Inside 'is served by any bet where (' a bet's fields are meant."""
    assert "confidence" in offered("goal where is served by any bet where (")


def test_the_text_behind_the_cursor_stays() -> None:
    """Somebody goes back into a finished query."""
    text = "bet where st and serves nothing"
    found = complete(model(), text, 12)
    assert [(each.insert, each.start, each.end) for each in found] == [("stage", 10, 12)]
