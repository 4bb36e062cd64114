"""Writing from the command line: what is recorded, refused and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.surfaces.trying import Run


def thing(run: Run, company: Path, ref: str, *options: str) -> dict[str, object]:
    found = json.loads(run("-C", company, "show", ref, "--json", *options).out)
    assert isinstance(found, dict)
    return found


def test_put_records_with_author_reason_and_day(own_company: Path, run: Run) -> None:
    said = run(
        *("-C", own_company, "put", "bet/tram", "title=Island tram", "stage=Discovery"),
        *("labels=rail", "--why", "they asked", "--by", "eve", "--at", "2026-01-31"),
    )
    assert said.code == 0, said.err
    assert said.out.startswith("Recorded as entry ")
    tram = thing(run, own_company, "bet/tram")
    assert tram["fields"] == {"title": "Island tram", "labels": ["rail"], "stage": "Discovery"}
    entry = tram["history"][0]
    assert (entry["by"], entry["why"], entry["valid"]) == (
        "eve",
        "they asked",
        "2026-01-31T23:59:59.999999Z",
    )
    assert run("-C", own_company, "show", "bet/tram", "--at", "2026-01-01").code == 0


def test_an_empty_value_is_taken_away_and_a_repeated_field_is_a_list(
    own_company: Path, run: Run
) -> None:
    said = run("-C", own_company, "put", "bet/night-ferry", "due=", "labels=a", "labels=b")
    assert said.code == 0, said.err
    fields = thing(run, own_company, "bet/night-ferry")["fields"]
    assert fields["labels"] == ["a", "b"]
    assert "due" not in fields


def test_without_a_name_the_person_at_the_keyboard_says_it(own_company: Path, run: Run) -> None:
    run("-C", own_company, "put", "goal/reach", "title=Reach all islands")
    assert thing(run, own_company, "goal/reach")["history"][-1]["by"] == "dee"


def test_a_link_reads_either_way_round(own_company: Path, run: Run) -> None:
    said = run(
        "-C", own_company, "connect", "goal/calm", "is", "served", "by", "bet/lamp", "share=5%"
    )
    assert said.code == 0, said.err
    served = thing(run, own_company, "bet/lamp")["links"]["serves"]
    assert served == [{"ref": "goal/calm", "title": "Calm mornings", "carries": {"share": "5%"}}]
    run("-C", own_company, "disconnect", "bet/lamp", "serves", "goal/calm")
    assert thing(run, own_company, "bet/lamp")["links"] == {}


def test_what_is_so_already_is_not_recorded_again(own_company: Path, run: Run) -> None:
    said = run("-C", own_company, "put", "goal/reach", "title=Reach every island")
    assert (said.code, said.out[:18]) == (0, "Nothing to record:")


def test_a_moved_thing_is_found_by_both_refs_and_undo_takes_it_back(
    own_company: Path, run: Run
) -> None:
    run("-C", own_company, "move", "goal/reach", "goal/far")
    assert thing(run, own_company, "goal/reach")["ref"] == "goal/far"
    assert run("-C", own_company, "undo").code == 0
    assert thing(run, own_company, "goal/far")["ref"] == "goal/reach"


def test_a_retired_thing_keeps_its_page(own_company: Path, run: Run) -> None:
    assert run("-C", own_company, "retire", "goal/calm", "--why", "reached").code == 0
    drawn = run("-C", own_company, "show", "goal/calm")
    assert "This thing is not there at this moment" in drawn.out


def test_a_dry_run_records_nothing(own_company: Path, run: Run) -> None:
    said = run("-C", own_company, "put", "goal/x", "title=X", "--dry-run")
    assert (said.code, said.out) == (0, "Would record: put goal/x\n")
    assert run("-C", own_company, "show", "goal/x").code == 1
    wrong = run("-C", own_company, "put", "goal/x", "titel=X", "--dry-run")
    assert wrong.code == 1


def test_a_refused_change_names_everything_that_is_wrong(own_company: Path, run: Run) -> None:
    said = run("-C", own_company, "put", "bet/lamp", "confidence=maybe", "colour=red")
    assert said.code == 1
    assert "'maybe'" in said.err
    assert "'colour'" in said.err
    assert "colour" not in thing(run, own_company, "bet/lamp")["fields"]


WRONG = {
    "no slash": (["put", "ferry", "a=b"], 2, "KIND/NAME"),
    "capitals": (["put", "bet/Ferry", "title=b"], 2, "write bet/ferry"),
    "no pair": (["put", "bet/lamp", "stage"], 1, "FIELD=VALUE"),
    "no second ref": (["connect", "bet/lamp", "serves"], 2, "REF LINK REF"),
    "no phrase": (["connect", "bet/lamp", "goal/calm"], 2, "REF LINK REF"),
    "an unknown phrase": (
        ["connect", "bet/lamp", "servs", "goal/calm"],
        1,
        "did you mean 'serves'",
    ),
    "an unknown kind": (["put", "bett/x", "title=b"], 1, "did you mean 'bet'"),
    "words after the link": (["disconnect", "bet/a", "serves", "goal/b", "c=d"], 2, "c=d"),
    "retiring what is not": (["retire", "bet/brigde"], 1, "did you mean bet/bridge"),
    "moving what is not": (["move", "goal/reech", "goal/x"], 1, "did you mean goal/reach"),
    "a bad day": (["put", "bet/lamp", "title=b", "--at", "soon"], 2, "2026-03-01"),
    "an unknown branch": (["put", "bet/lamp", "title=b", "--branch", "no"], 1, "'no'"),
    "an unknown batch": (["undo", "999"], 1, "999"),
    "a branch that is not": (["branch", "merge", "no"], 1, "branch list"),
    "an unreadable recipe": (["import", "no.yaml"], 1, "'no.yaml' cannot be read"),
    "an unreadable model": (["model", "preview", "no.yaml"], 1, "'no.yaml' cannot be read"),
    "an export that is not": (["restore", "/no/such.zip", "/tmp/never"], 1, "/no/such.zip"),
    "a day that is none": (["silence", "X1", "--why", "a", "--until", "soon"], 2, "2026-12-31"),
    "no reason": (["silence", "X1", "--until", "2026-12-31"], 2, "--help"),
}


@pytest.mark.parametrize(("words", "code", "hint"), WRONG.values(), ids=list(WRONG))
def test_wrong_input_is_told_kindly_and_changes_nothing(
    words: list[str], code: int, hint: str, company: Path, run: Run
) -> None:
    before = run("-C", company, "verify").out
    said = run("-C", company, *words)
    assert (said.code, said.out) == (code, "")
    assert hint in said.err
    assert "INTERNAL" not in said.err
    assert run("-C", company, "verify").out == before


def test_a_branch_is_tried_compared_and_merged(own_company: Path, run: Run) -> None:
    assert run("-C", own_company, "branch", "start", "later", "--why", "a try").code == 0
    run("-C", own_company, "put", "goal/calm", "title=Calm days", "--branch", "later")
    assert thing(run, own_company, "goal/calm")["title"] == "Calm mornings"
    assert thing(run, own_company, "goal/calm", "--branch", "later")["title"] == "Calm days"
    assert "Calm mornings → Calm days" in run("-C", own_company, "branch", "compare", "later").out
    assert run("-C", own_company, "branch", "merge", "later").code == 0
    assert thing(run, own_company, "goal/calm")["title"] == "Calm days"
    assert run("-C", own_company, "branch", "drop", "later", "--yes").code == 0


def test_an_export_comes_back_without_loss(own_company: Path, tmp_path: Path, run: Run) -> None:
    for name in ("folder", "one.zip", "one.jsonl"):
        assert run("-C", own_company, "export", tmp_path / name).code == 0
        again = tmp_path / f"again-{name}"
        said = run("restore", tmp_path / name, again)
        assert said.code == 0, said.err
        words = ("show", "bet/ferry", "--json")
        assert run("-C", again, *words).out == run("-C", own_company, *words).out


def test_a_model_is_previewed_then_applied(own_company: Path, run: Run) -> None:
    path = own_company / "latticework.yaml"
    text = path.read_text(encoding="utf-8").replace("Discovery:", "Asking:\n      was: Discovery\n")
    renamed = path.read_text(encoding="utf-8").replace("many: goals", "many: aims")
    path.write_text(renamed, encoding="utf-8")
    seen = run("-C", own_company, "model", "preview")
    assert seen.code == 0, seen.err
    assert "goal" in seen.out
    applied = run("-C", own_company, "model", "apply", "--why", "shorter")
    assert applied.out.startswith("Applied as entry")
    assert run("-C", own_company, "ask", "aims", "--json").code == 0
    assert "Nothing to record" in run("-C", own_company, "model", "apply").out
    assert text


def test_a_silence_is_written_applied_and_kept_with_comments(own_company: Path, run: Run) -> None:
    path = own_company / "latticework.yaml"
    path.write_text(f"# our words\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    found = json.loads(run("-C", own_company, "check", "--json").out)
    code, ref = found[0]["code"], found[0]["ref"]
    said = run(
        *("-C", own_company, "silence", code, "--of", ref),
        *("--why", "known: it 'waits'", "--until", "2999-12-31"),
    )
    assert said.code == 0, said.err
    assert path.read_text(encoding="utf-8").startswith("# our words\n")
    left = json.loads(run("-C", own_company, "check", "--json").out)
    assert (code, ref) not in {(each["code"], each["ref"]) for each in left}
