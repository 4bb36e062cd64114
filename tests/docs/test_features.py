"""The table of features: every item once, in order, with a state."""

import re
from pathlib import Path

FEATURES = Path(__file__).parent.parent.parent / "docs" / "features.md"
AREAS = {1: 13, 2: 12, 3: 14, 4: 17, 5: 7, 6: 10, 7: 10, 8: 14}
STATES = {"works", "in part", "not yet"}


def _rows() -> list[list[str]]:
    lines = FEATURES.read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if re.match(r"\| \d", line)
    ]


def test_every_item_has_one_row_in_order() -> None:
    wanted = [f"{area}.{item + 1}" for area, items in AREAS.items() for item in range(items)]
    assert [row[0] for row in _rows()] == wanted


def test_every_item_has_a_state_and_says_what_is_there() -> None:
    for number, name, state, what in _rows():
        assert name, number
        assert state in STATES, number
        assert bool(what) is (state == "in part"), number


def test_the_counts_are_those_of_the_rows() -> None:
    states = [row[2] for row in _rows()]
    said = FEATURES.read_text(encoding="utf-8").partition("\n## ")[0]
    assert f"{states.count('in part')} are there in part" in said
    assert f"{states.count('not yet')} are not there yet" in said
