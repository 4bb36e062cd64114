"""Days and instants as other tools write them, and what fields of days make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.sources.days import MILLISECONDS, ORDERS, SECONDS, iso_of
from latticework.workspace.workspace import Workspace

MODEL = "kinds:\n  stop:\n    family: context\n    fields: {title: text, opens: day}\n"
RECIPE = """\
recipe: stops
reads: ["*.json"]
kinds:
  stop:
    from: stops
    key: id
    fields: {title: name, opens: PICK}
"""


def opened(room: Path, pick: str, value: str) -> tuple[object, list[str]]:
    """The day on which a stop opens, and the codes of what was found."""
    company = Workspace.init(room / "company", model_text=MODEL)
    (room / "in").mkdir()
    told = f'{{"stops": [{{"id": "a", "name": "A", "at": {value}}}]}}'
    (room / "in" / "stops.json").write_text(told, encoding="utf-8")
    recipe = room / "stops.recipe.yaml"
    recipe.write_text(RECIPE.replace("PICK", pick), encoding="utf-8")
    taken = company.import_recipe(recipe, str(room / "in"))
    return company.graph().node("stop/a").fields.get("opens"), [f.code for f in taken.findings]


def test_a_field_of_days_takes_the_day_of_an_instant(tmp_path: Path) -> None:
    assert opened(tmp_path, "at", '"2026-04-12T23:30:00+02:00"') == ("2026-04-12", [])


def test_seconds_since_1970_are_a_day_where_the_recipe_says_so(tmp_path: Path) -> None:
    assert opened(tmp_path, """'at | day "seconds"'""", "1775952000") == ("2026-04-12", [])


@pytest.mark.parametrize(
    ("order", "text"), [(SECONDS, "1775952000.25"), (MILLISECONDS, "1775952000000")]
)
def test_what_is_counted_since_1970_is_an_instant_in_utc(order: str, text: str) -> None:
    assert iso_of(text, order) == "2026-04-12T00:00:00Z"


@pytest.mark.parametrize("order", [None, *ORDERS])
@given(text=st.one_of(st.text(max_size=30), st.from_regex(r"[\d/.\-]{1,20}", fullmatch=True)))
def test_any_text_is_a_day_or_none(order: str | None, text: str) -> None:
    found = iso_of(text, order)
    assert found is None or iso_of(found) == found
