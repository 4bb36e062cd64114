"""A model's text is amended at one place; what people wrote elsewhere stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import latticework.packs
from latticework.base.findings import Refused
from latticework.model.amend import Plain, amend, attach, rename

TEXT = """\
# our words
company: Harbour   # the port

kinds:
  bet:
    fields: {gut: number 0..10}   # a feeling
    stages: {Discovery: proposed}
  # teams come later
  team: {family: collaboration}

# rules below
rules:
  BET001: {flags: bet, says: "{title} is late"}
"""

PACKS = sorted(Path(next(iter(latticework.packs.__path__))).rglob("*.yaml"))

NAMES = st.text("abcdefgh -é:#{}[]'\"", min_size=1, max_size=12).map(str.strip).filter(bool)
VALUES: st.SearchStrategy[Plain] = st.recursive(
    st.one_of(NAMES, st.sampled_from(["yes", "1.30", "2026-12-31", "0009", "~", "- x", "a: b"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)


def read(text: str) -> object:
    """The text as its reader has it: every scalar is text."""
    return yaml.load(text, Loader=yaml.BaseLoader)


@given(path=st.lists(NAMES, min_size=1, max_size=4), value=VALUES)
def test_the_value_stands_at_its_place_and_nothing_else_changes(
    path: list[str], value: Plain
) -> None:
    amended = read(amend(TEXT, ("new", *path), value))
    expected = read(TEXT)
    assert isinstance(expected, dict)
    below = expected.setdefault("new", {})
    for key in path[:-1]:
        below = below.setdefault(key, {})
    below[path[-1]] = value
    assert amended == expected


@pytest.mark.parametrize("file", PACKS, ids=lambda path: path.name)
def test_every_line_but_the_new_one_stays_as_it_was(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    amended = amend(text, ("added",), "word")
    assert [line for line in amended.splitlines() if line != "added: word"] == text.splitlines()


def test_comments_and_order_stay_round_a_new_field() -> None:
    amended = amend(TEXT, ("kinds", "bet", "purpose"), "to try: something")
    added = '    purpose: "to try: something"'
    assert [line for line in amended.splitlines() if line != added] == TEXT.splitlines()
    assert amended.splitlines().index(added) == 7


def test_a_value_taken_away_is_gone_and_a_missing_one_is_no_matter() -> None:
    assert "Discovery" not in amend(TEXT, ("kinds", "bet", "stages"), None)
    assert amend(TEXT, ("kinds", "port", "stages"), None) == TEXT


def test_a_new_name_stands_where_the_old_one_stood() -> None:
    assert rename(TEXT, ("kinds", "bet"), "wager") == TEXT.replace("  bet:", "  wager:")


@pytest.mark.parametrize(("path", "to"), [(("kinds", "port"), "dock"), (("kinds", "bet"), "team")])
def test_a_name_that_is_not_there_or_taken_is_refused(path: tuple[str, ...], to: str) -> None:
    with pytest.raises(Refused, match="MODEL092"):
        rename(TEXT, path, to)


def test_items_are_attached_to_a_list_that_begins_with_the_first() -> None:
    once = attach(TEXT, ("silences",), {"rule": "BET001", "until": "2026-12-31"})
    twice = attach(once, ("silences",), {"rule": "BET002", "until": "2027-01-31"})
    assert twice.startswith(TEXT)
    found = read(twice)
    assert isinstance(found, dict)
    assert [each["rule"] for each in found["silences"]] == ["BET001", "BET002"]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (
            "silences:\n- {rule: B2}\nviews: {}\n",
            "silences:\n- {rule: B2}\n- {rule: A1, why: w}\nviews: {}\n",
        ),
        ("silences: []\n", "silences:\n- {rule: A1, why: w}\n"),
        (
            "silences: [{rule: B2, why: v}]\n",
            "silences: [{rule: B2, why: v}, {rule: A1, why: w}]\n",
        ),
    ],
)
def test_an_item_goes_where_others_are_however_they_are_written(text: str, holds: str) -> None:
    assert attach(text, ("silences",), {"rule": "A1", "why": "w"}) == holds


def test_a_single_text_becomes_the_first_item() -> None:
    amended = read(attach("company: A\nuses: starter\n", ("uses",), "talk"))
    assert amended == {"company": "A", "uses": ["starter", "talk"]}


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        (TEXT, ("company", "name"), "MODEL090"),
        ("- a\n- b\n", ("company",), "MODEL091"),
        ("kinds: {bet: [", ("company",), "MODEL091"),
    ],
)
def test_a_text_that_leaves_no_room_is_refused(text: str, path: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused, match=code):
        amend(text, path, "Harbour")


def test_an_empty_text_takes_its_first_section() -> None:
    assert amend("", ("company",), "Harbour") == "company: Harbour\n"
