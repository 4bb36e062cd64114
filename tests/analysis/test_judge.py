"""Judging: silences, bounds, rules that cannot be asked."""

from datetime import date

import numpy as np

from latticework.analysis.judge import judge
from latticework.base.findings import Finding, Severity
from latticework.graph.little import company_of

TODAY = date(2026, 11, 15)
FERRY = "bet/ferry: {title: Night ferry, stage: running, review: 2026-01}"


def _judged(text: str, *, most: int = 500) -> tuple[Finding, ...]:
    return judge(company_of(text), today=TODAY, most=most)


def _about(found: tuple[Finding, ...], code: str) -> list[Finding]:
    return [each for each in found if each.code == code]


def _silenced(silence: str) -> tuple[Finding, ...]:
    return _judged(f"model: {{silences: [{silence}]}}\n{FERRY}")


def test_sentence_names_the_title_and_the_value() -> None:
    (finding,) = _about(_judged(FERRY), "REVIEW001")
    assert finding.says == "'Night ferry' was to be looked at 2026-01"
    assert finding.place.ref == "bet/ferry"
    assert finding.hint


def test_thing_without_a_title_is_named_by_its_ref() -> None:
    (finding,) = _about(_judged("bet/ferry: {stage: running}"), "BET002")
    assert finding.says.startswith("bet/ferry is running") or "ferry" in finding.says


def test_worst_findings_come_first() -> None:
    found = _judged(f"{FERRY}\ngoal/grow: {{title: Grow, serves: pillar/none}}")
    severities = [each.severity for each in found]
    assert severities == sorted(severities, reverse=True)
    assert severities[0] is Severity.ERROR


def test_silence_keeps_its_finding_back_until_its_day() -> None:
    found = _silenced("{rule: REVIEW001, of: bet/ferry, why: spring is soon, until: 2026-12-31}")
    assert not _about(found, "REVIEW001")
    assert not [each for each in found if each.code.startswith("SILENCE")]


def test_silence_without_a_ref_keeps_all_back() -> None:
    found = _silenced("{rule: REVIEW001, why: spring is soon, until: 2026-12-31}")
    assert not _about(found, "REVIEW001")


def test_silence_about_another_thing_keeps_nothing_back() -> None:
    text = "model: {silences: [{rule: REVIEW001, of: bet/raft, why: x, until: 2026-12-31}]}\n"
    found = _judged(f"{text}{FERRY}\nbet/raft: {{title: Raft}}")
    assert _about(found, "REVIEW001")
    assert _about(found, "SILENCE004")


def test_silence_past_its_day_shows_the_finding_and_itself() -> None:
    found = _silenced("{rule: REVIEW001, of: bet/ferry, why: spring is soon, until: 2026-06-30}")
    assert _about(found, "REVIEW001")
    (itself,) = _about(found, "SILENCE001")
    assert "2026-06-30" in itself.says
    assert "spring is soon" in itself.says


def test_silence_of_an_unknown_rule_offers_the_closest() -> None:
    found = _silenced("{rule: REVEW001, why: x, until: 2026-12-31}")
    (itself,) = _about(found, "SILENCE002")
    assert "'REVIEW001'" in itself.hint


def test_silence_about_nothing_is_flagged() -> None:
    found = _silenced("{rule: REVIEW001, of: bet/fery, why: x, until: 2026-12-31}")
    assert _about(found, "SILENCE003")


def test_silence_follows_a_moved_thing() -> None:
    silence = "{rule: REVIEW001, of: bet/ferry, why: x, until: 2026-12-31}"
    text = f"model: {{silences: [{silence}]}}\n{FERRY}\n---\nmove: {{bet/ferry: bet/night-ferry}}"
    assert not _about(_judged(text), "REVIEW001")


def test_many_findings_of_one_rule_are_bounded_and_counted() -> None:
    bets = "\n".join(f"bet/b{n}: {{title: Bet {n}, stage: running}}" for n in range(30))
    found = _about(_judged(bets, most=10), "BET001")
    assert len(found) == 11
    assert found[-1].says.startswith("30 findings of rule 'unlinked-bet'")


def test_rule_that_cannot_be_asked_is_a_finding_at_the_rule() -> None:
    rules = "{rules: {OWN001: {name: own, flags: bett where stage is active, says: x, hint: y}}}"
    found = _about(_judged(f"model: {rules}\n{FERRY}"), "RULE001")
    assert found
    assert "OWN001" in found[0].says


def test_company_without_things_has_no_findings() -> None:
    assert _judged("") == ()


def test_judging_one_thing_finds_what_judging_all_finds_of_it() -> None:
    text = f"{FERRY}\nbet/raft: {{title: Night ferry, stage: runing, serves: goal/none}}"
    company = company_of(text)
    every = judge(company, today=TODAY)
    for ref in ("bet/ferry", "bet/raft"):
        node = company.find(ref)
        assert node is not None
        found = judge(company, today=TODAY, about=np.array([node], dtype=np.int32))
        assert found == tuple(each for each in every if each.place.ref == ref)
        assert found


def test_a_silence_also_holds_where_one_thing_is_judged() -> None:
    silence = "{rule: REVIEW001, of: bet/ferry, why: spring is soon, until: 2026-12-31}"
    company = company_of(f"model: {{silences: [{silence}]}}\n{FERRY}")
    found = judge(company, today=TODAY, about=company.ids_of("bet"))
    assert not _about(found, "REVIEW001")


def test_near_refs_are_those_with_a_like_name_not_those_of_the_same_kind() -> None:
    text = "enhancement/3456: {title: A, serves: goal/replaced}\ngoal/reptiles: {title: B}\n"
    (finding,) = _about(_judged(text), "LINK001")
    assert finding.hint == "record it, or take the edge away"
    (finding,) = _about(_judged("bet/a: {serves: goal/graw}\ngoal/grow: {title: B}"), "LINK001")
    assert finding.hint == "did you mean 'goal/grow'?"
