"""Days that the company has a name for are asked for by that name."""

from __future__ import annotations

from datetime import date

import pytest

from latticework.base.findings import Refused
from latticework.base.times import end_of
from latticework.journal.changes import Put
from latticework.model.amend import amend
from latticework.model.load import load
from latticework.workspace import Workspace

JULY = date(2026, 7, 1)


def name(harbour: Workspace, word: str, said: str | dict[str, str]) -> None:
    harbour.shape(amend(harbour.folder.model_text(), ("moments", word), said))


def owner_at(harbour: Workspace, at: str) -> object:
    return harbour.graph(at=at).node("bet/ferry").fields.get("owner")


def test_a_named_day_is_read_at_its_end(harbour: Workspace) -> None:
    harbour.append([Put("bet/ferry", {"owner": "ada"})], valid="2026-01-05")
    harbour.append([Put("bet/ferry", {"owner": "bo"})], valid="2026-01-09")
    name(harbour, "Q1 kick-off", "2026-01-08")
    assert owner_at(harbour, "q1 KICK-off ") == "ada"
    assert harbour.graph(at="Q1 kick-off").moment.valid == end_of(date(2026, 1, 8), harbour.zone)


def test_a_plan_is_what_was_known_then_not_what_was_found_out_later(harbour: Workspace) -> None:
    harbour.append([Put("bet/ferry", {"owner": "ada"})], valid="2026-01-01")
    today = harbour.today.isoformat()
    name(harbour, "then", {"day": "2026-01-05", "known": "2025-01-01"})
    name(harbour, "as we see it now", {"day": "2026-01-05", "known": today})
    assert not harbour.graph(at="then").alive.any()
    assert owner_at(harbour, "as we see it now") == "ada"


def test_a_name_nobody_gave_is_refused_with_those_that_are_near(harbour: Workspace) -> None:
    name(harbour, "Q1 review", "2026-01-08")
    with pytest.raises(Refused, match="did you mean 'Q1 review'"):
        harbour.graph(at="Q1 reveiw")


def test_a_name_without_a_day_is_a_finding_at_its_place() -> None:
    loaded = load("company: Harbour\nmoments:\n  Q1 review: soon\n")
    assert any(each.place.line == 3 and each.value == "soon" for each in loaded.findings)
