"""Articles before a company's own words."""

import pytest

from latticework.base.articles import a


@pytest.mark.parametrize(
    ("noun", "said"),
    [("bet", "a bet"), ("enhancement", "an enhancement"), ("Öl", "a Öl"), ("", "a ")],
)
def test_a_vowel_takes_an(noun: str, said: str) -> None:
    assert a(noun) == said
