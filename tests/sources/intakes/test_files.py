"""What a recipe met in the files it was given, and what it did not."""

from __future__ import annotations

import pytest

from latticework.base.findings import Severity
from latticework.model.load import load
from latticework.sources.intakes.files import Files
from latticework.sources.recipes.recipe import load_recipe

MODEL = load("kinds:\n  boat: {fields: {title: text}}\n  pier: {fields: {title: text}}\n").model
RECIPE = """\
recipe: harbour
reads: ["*.json"]
kinds:
  boat: {from: boats, key: id}
  pier: {from: piers, key: id}
"""


@pytest.mark.parametrize(
    ("holds", "severity", "hint"),
    [
        ('{"boats": [{"id": "a"}]}', Severity.NOTICE, "nothing, or mend the recipe"),
        ('{"ships": [{"id": "a"}]}', Severity.WARNING, "mend the recipe"),
    ],
)
def test_a_list_that_is_missing_matters_where_nothing_else_was_met(
    holds: str, severity: Severity, hint: str
) -> None:
    files = Files(load_recipe(RECIPE, model=MODEL))
    files.take("a.json", "a.json", holds.encode())
    unmet = [each for each in files.unmet() if each.code == "SOURCE037"]
    assert {each.severity for each in unmet} == {severity}
    assert all(each.hint.startswith(hint) for each in unmet)
