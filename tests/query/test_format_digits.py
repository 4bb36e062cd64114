"""What texts that differ in digits have in common when they are written."""

from latticework.query.format import format_query
from latticework.query.parse import parse
from latticework.query.words import vocabulary_from


def test_a_name_with_a_digit_is_told_from_the_same_with_another() -> None:
    """The name "cost 2" is one of the model, and "cost 3" is none."""
    words = vocabulary_from(["item", "cost", "cost 2"])
    for text in ('item where "cost 2" > 1', 'item where "cost 3" > 1', "item where cost > 2"):
        query = parse(text, words)
        assert parse(format_query(query, words), words) == query


def test_questions_that_differ_in_a_number_are_each_written_with_their_own() -> None:
    words = vocabulary_from(["item", "effort"])
    asked = [f"item where effort > {number} weeks" for number in ("0.123", "0.456", "9")]
    assert [format_query(parse(each, words), words) for each in asked] == asked
