"""Removing content for good from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.surfaces.trying import Run


def put_address(run: Run, company: Path) -> str:
    """The number of an entry that should not be there."""
    run("-C", company, "put", "bet/tram", "title=12 Quay Lane")
    shown = json.loads(run("-C", company, "show", "bet/tram", "--json").out)
    return str(shown["history"][-1]["number"])


def test_what_was_redacted_is_shown_no_more_and_the_journal_verifies(
    own_company: Path, run: Run
) -> None:
    number = put_address(run, own_company)
    said = run("-C", own_company, "redact", number, "--why", "a home address", "--yes")
    assert (said.code, said.out[:28]) == (0, "Removed what stood in 1 entr")
    assert "Quay Lane" not in run("-C", own_company, "feed", "--json").out
    assert run("-C", own_company, "ask", "bet where title contains Quay", "--json").out == "[]\n"
    assert run("-C", own_company, "verify").code == 0
    again = run("-C", own_company, "redact", number, "--why", "a home address", "--yes")
    assert (again.code, again.out[:18]) == (0, "Nothing to remove:")


def test_it_asks_first_and_refuses_where_nobody_can_answer(own_company: Path, run: Run) -> None:
    number = put_address(run, own_company)
    said = run("-C", own_company, "redact", number, "--why", "a home address")
    assert said.code == 2
    assert "CLI008" in said.err
    assert "--yes" in said.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("99999", "--why", "x", "--yes"), 1, "REDACT001"),
        (("0", "--why", "x", "--yes"), 1, "no entry has the number 0"),
        (("1", "--why", "x", "--yes"), 1, "REDACT003"),
        (("2", "--why", " ", "--yes"), 1, "REDACT002"),
        (("2", "--yes"), 2, "--why TEXT"),
        (("two", "--why", "x"), 2, "'two'"),
        (("--why", "x"), 2, "ENTRY"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    own_company: Path, run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    said = run("-C", own_company, "redact", *words)
    assert said.code == code
    assert says in said.err
    assert "hint:" in said.err


def test_a_model_may_be_applied_since_always(own_company: Path, run: Run) -> None:
    file = own_company / "latticework.yaml"
    file.write_text(
        file.read_text().replace("terms:", "terms:\n  tide: {means: what moves the boats}", 1)
    )
    said = run("-C", own_company, "model", "apply", "--since", "always")
    assert said.code == 0, said.err
    shown = run("-C", own_company, "model", "show", "--at", "2025-01-10").out
    assert "what moves the boats" in shown
    assert run("-C", own_company, "model", "apply", "--since", "sometimes").code == 2
