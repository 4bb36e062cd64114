"""Recipes: everything that is wrong with one is told at once."""

from __future__ import annotations

import pytest
from tests.sources.harbour import MODEL, TEAMS, WISHES, recipe

from latticework.base.findings import Refused
from latticework.sources.recipes.parts import Words
from latticework.sources.recipes.picks import PickError, parse_pick
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.recipes.steps import STEPS, run_steps

WRONG = """\
recipe: teams
reads: teams.yaml
kidns: {}
kinds:
  taem:
    from: crews
    key: id
  team:
    from: crews
    fields:
      misson: m
      sort: {by list: {crews: crwe}}
      tags: a | lowr
    links:
      led bye: {person: x}
      led by: {boat: x}
      works with: friends
"""


def test_a_good_recipe_has_its_parts_in_the_order_they_are_read() -> None:
    assert [part.kind.name for part in recipe(TEAMS).parts] == ["team", "boat", "person"]
    assert recipe(WISHES).reads_file("wishes/a/b/wish.yaml")
    assert not recipe(WISHES).reads_file("other/a/wish.yaml")


def test_all_that_is_wrong_is_told_at_once_with_places_and_hints() -> None:
    with pytest.raises(Refused) as refused:
        load_recipe(WRONG, file="wrong.yaml", model=MODEL)
    told = {
        (each.code, each.place.line, each.place.column, each.hint)
        for each in refused.value.findings
    }
    assert told == {
        ("RECIPE002", 3, 1, "did you mean 'kinds'?"),
        ("RECIPE003", 5, 3, "did you mean 'team'?"),
        ("RECIPE006", 8, 3, "add 'key:' with the field that names the thing for good"),
        ("RECIPE004", 11, 7, "did you mean 'mission'?"),
        ("RECIPE010", 12, 31, "did you mean 'crew'?"),
        ("RECIPE007", 13, 13, "did you mean 'lower'?"),
        ("RECIPE005", 15, 7, "did you mean 'led by' or 'sailed by' or 'owned by'?"),
        ("RECIPE008", 16, 15, "turn the phrase round, or let the model allow it"),
        ("RECIPE009", 17, 19, "write 'above', or {kind: friends} with the kind it leads to"),
    }
    assert all(each.place.file == "wrong.yaml" for each in refused.value.findings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n",
        "recipe: x\n",
        "kinds: 3\n",
        "recipe: [a\n",
        "kinds: {team: {from: [[a]]}}\n",
        "recipe: x\nreads: y\nkinds: {team: {from: team.a, key: id}}\n",
        "recipe: x\nreads: y\nkinds: {team: {from: boat.a, key: i}, boat: {from: team.b, key: i}}",
    ],
)
def test_what_is_no_recipe_is_refused_with_findings(text: str) -> None:
    with pytest.raises(Refused) as refused:
        load_recipe(text, file="odd.yaml", model=MODEL)
    assert all(each.says and each.hint for each in refused.value.findings)


def test_a_back_phrase_draws_the_edge_the_other_way() -> None:
    (part,) = recipe(
        "recipe: x\nreads: y.yaml\nkinds: {person: {key: id, links: {wants: {wish: w}}}}"
    ).parts
    assert [(tie.link, tie.back) for tie in part.ties] == [("wanted by", True)]


@pytest.mark.parametrize(
    ("steps", "text", "left"),
    [
        ("lower", "ADA", ("ada",)),
        ('without "@"', "@ada", ("ada",)),
        ("segment -2", "wishes/warm/wish.yaml", ("warm",)),
        ("segment 9", "a/b", ()),
        ('after "wishes/" | segment 1', "/wishes/warm/x", ("warm",)),
        ('after "wishes/"', "n/a", ()),
        ("stem", "a/b.c.md", ("b.c",)),
        ("basename", "a/b/", ("b",)),
        ('split ","', "a, b,,c", ("a", "b", "c")),
        ('before "#" | trim | upper', "kiel # north", ("KIEL",)),
    ],
)
def test_steps_lead_from_a_text_to_the_text_wanted(
    steps: str, text: str, left: tuple[str, ...]
) -> None:
    assert run_steps(text, parse_pick(f"it | {steps}").steps) == left


def test_every_step_says_what_it_leaves() -> None:
    for step in STEPS.values():
        assert (step.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("text", ["", "a |", "a | lower x", "a | segment two", "a | without"])
def test_a_pick_that_cannot_be_read_says_what_to_do(text: str) -> None:
    with pytest.raises(PickError) as error:
        parse_pick(text)
    assert error.value.hint


def test_words_are_found_by_case_and_pattern_the_first_that_fits() -> None:
    words = Words(exact={"weekly": "weekly"}, patterns=(("bi*weekly *", "biweekly"),))
    assert words.find(" Weekly ") == "weekly"
    assert words.find("Bi-weekly  starting May") == "biweekly"
    assert words.find("sometimes") is None
