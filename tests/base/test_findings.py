"""Findings, their order and how they read."""

import pytest

from latticework.base.findings import (
    Place,
    Refused,
    Severity,
    error,
    has_errors,
    notice,
    refuse_errors,
    warning,
    worst,
)
from latticework.base.near import did_you_mean, near


def test_a_finding_reads_place_code_sentence_hint() -> None:
    place = Place(file="bets.yaml", line=14, column=12)
    finding = error("MODEL003", "unknown kind 'gaol'", hint="did you mean 'goal'?", place=place)
    assert str(finding) == (
        "bets.yaml:14:12 MODEL003 unknown kind 'gaol' (hint: did you mean 'goal'?)"
    )


def test_a_place_may_be_a_thing_and_its_field() -> None:
    assert str(Place(ref="bet/faster-claims", field="due")) == "bet/faster-claims.due"


def test_refused_keeps_every_finding_worst_first() -> None:
    mild, bad = notice("A001", "mild"), error("A002", "bad")
    assert Refused([mild, bad]).findings == (bad, mild)


def test_only_errors_are_refused() -> None:
    mild = [notice("A001", "mild"), warning("A002", "odd")]
    refuse_errors(mild)
    with pytest.raises(Refused) as refused:
        refuse_errors([*mild, error("A003", "bad")])
    assert len(refused.value.findings) == 3


def test_worst_of_nothing_is_none() -> None:
    assert worst([]) is None
    assert worst([notice("A001", ""), warning("A002", "")]) is Severity.WARNING
    assert not has_errors([warning("A002", "")])


def test_near_words_come_closest_first_whatever_their_case() -> None:
    assert near("Gaol", ["goal", "pillar", "goals"])[0] == "goal"
    assert did_you_mean("imlpemented", ["implemented", "rejected"]) == "did you mean 'implemented'?"


def test_a_far_word_gets_the_other_hint() -> None:
    assert did_you_mean("xyz", ["goal"], otherwise="see latticework model") == (
        "see latticework model"
    )
