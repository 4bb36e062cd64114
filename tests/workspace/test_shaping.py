"""The company's words are shaped in one go: the journal and the model file agree."""

from __future__ import annotations

from datetime import date

import pytest

from latticework.base.findings import Refused
from latticework.journal.changes import Put
from latticework.model.amend import amend
from latticework.workspace import Workspace

UNTIL = date(2026, 12, 31)


def test_shaped_words_are_recorded_and_kept_as_the_file(harbour: Workspace) -> None:
    before = harbour.folder.model_text()
    text = amend(before, ("kinds", "bet", "fields", "size"), "number")
    harbour.shape(text, seen=before, by="ada", why="to compare")
    assert "size" in harbour.model.kinds_by_name["bet"].fields_by_name
    assert harbour.folder.model_text() == text


def test_a_file_that_changed_meanwhile_is_not_written_over(harbour: Workspace) -> None:
    seen = harbour.folder.model_text()
    meanwhile = seen + "# somebody else was here\n"
    harbour.folder.write_model(meanwhile)
    with pytest.raises(Refused, match="WORK011"):
        harbour.shape(amend(seen, ("kinds", "bet", "purpose"), "x"), seen=seen)
    assert harbour.folder.model_text() == meanwhile


def test_words_that_do_not_hold_together_leave_the_file_as_it_was(harbour: Workspace) -> None:
    seen, head = harbour.folder.model_text(), harbour.store.head().number
    text = amend(seen, ("kinds", "bet", "links", "serves"), {"to": "gaol", "back": "serves"})
    with pytest.raises(Refused, match="'gaol'"):
        harbour.shape(text, seen=seen)
    assert (harbour.folder.model_text(), harbour.store.head().number) == (seen, head)


def test_a_silence_keeps_a_finding_back_and_says_why(harbour: Workspace) -> None:
    harbour.append([Put(ref, {"title": "Night ferry"}) for ref in ("bet/ferry", "bet/boat")])
    [code] = {each.code for each in harbour.check()}
    harbour.silence(code, why="until we agree", until=UNTIL, by="ada")
    assert not harbour.check()
    assert "until we agree" in harbour.folder.model_text()


def test_some_things_are_silenced_in_one_batch_and_the_others_are_not(harbour: Workspace) -> None:
    refs = ["bet/boat", "bet/ferry", "bet/raft", "bet/skiff"]
    harbour.append([Put(ref, {"title": "Night ferry"}) for ref in refs])
    (code,) = {each.code for each in harbour.check()}
    before = harbour.store.head().number
    harbour.silence(code, of=refs[1:3], why="until we agree", until=UNTIL, by="ada")
    assert {each.place.ref for each in harbour.check()} == {"bet/skiff"}
    assert harbour.store.head().number == before + 1
