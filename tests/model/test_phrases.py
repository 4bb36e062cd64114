"""Phrases that read links."""

import pytest

from latticework.model.model import Link, Model
from latticework.model.phrases import derived_phrases

HARBOUR = Model(
    links=(
        Link(name="serves", back="is served by", ends=(), words=("supports",), was=("helps",)),
        Link(name="depends on", back="is needed by", ends=()),
        Link(name="supports", back="is supported by", ends=()),
        Link(name="geht voran", back="folgt", ends=()),
        Link(name="is near", back="is near", ends=()),
    )
)


@pytest.mark.parametrize(
    ("phrase", "name", "forward"),
    [
        ("serves", "serves", True),
        ("Serving", "serves", True),
        ("serve", "serves", True),
        ("is served by", "serves", False),
        ("is  served\tby", "serves", False),
        ("served by", "serves", False),
        ("are served by", "serves", False),
        ("helps", "serves", True),
        ("helping", "serves", True),
        ("depending on", "depends on", True),
        ("needed by", "depends on", False),
        ("folgt", "geht voran", False),
        ("near", "is near", True),
    ],
)
def test_a_link_is_read_by_its_phrase(phrase: str, name: str, forward: bool) -> None:
    found = HARBOUR.find_link(phrase)
    assert found is not None
    assert (found[0].name, found[1]) == (name, forward)


def test_a_name_wins_over_another_links_further_word() -> None:
    found = HARBOUR.find_link("supports")
    assert found is not None
    assert found[0].name == "supports"


@pytest.mark.parametrize("phrase", ["", "sverves", "by", "is"])
def test_other_words_read_no_link(phrase: str) -> None:
    assert HARBOUR.find_link(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "participle"),
    [
        ("carries", "carrying"),
        ("ties to", "tying to"),
        ("passes", "passing"),
        ("plans", "planning"),
        ("refers to", "referring to"),
        ("has", "having"),
        ("agrees with", "agreeing with"),
        ("follows", "following"),
        ("uses", "using"),
        ("leads", "leading"),
        ("boxes", "boxing"),
        ("goes to", "going to"),
    ],
)
def test_a_verb_has_its_participle(phrase: str, participle: str) -> None:
    assert participle in derived_phrases(phrase)


@pytest.mark.parametrize("phrase", ["parent of", "see also", "focus on", "progress of", "как"])
def test_a_phrase_without_a_verb_in_front_has_no_other_form(phrase: str) -> None:
    assert derived_phrases(phrase) == ()
