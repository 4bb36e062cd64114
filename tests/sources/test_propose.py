"""A recipe proposed for a sample can be loaded and tried as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.base.findings import Refused
from latticework.sources.propose import propose
from latticework.sources.recipe import load_recipe


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("jira", "cloud.csv"),
        ("jira", "cloud.json"),
        ("github", "rest.json"),
        ("linear", "export.csv"),
    ],
)
def test_a_proposed_recipe_brings_the_sample_in(name: str, sample: str, tmp_path: Path) -> None:
    harbour = Example(name, tmp_path)
    text = propose((RECORDINGS / name / sample).read_bytes(), sample, harbour.company.model)
    recipe = load_recipe(text, model=harbour.company.model)
    assert recipe.format == name
    harbour.recipe = tmp_path / "proposed.recipe.yaml"
    harbour.recipe.write_text(text, encoding="utf-8")
    harbour.give(sample)
    assert harbour.take().changes
    assert harbour.take().changes == 0


def test_a_proposal_maps_what_is_alike_and_names_the_rest(tmp_path: Path) -> None:
    harbour = Example("jira", tmp_path)
    sample = (RECORDINGS / "jira" / "cloud.csv").read_bytes()
    text = propose(sample, "cloud.csv", harbour.company.model)
    assert "key: key" in text
    assert "title: summary" in text
    assert "points: custom.Story Points" in text
    assert "In Progress: In progress" in text
    assert "# Waiting for parts: one of To do, In progress, Done, Dropped (1 records)" in text
    assert "is part of: {issue: parent}" in text
    assert "#   custom.Team health: in 1 records, such as 'good'" in text


def test_a_sample_without_records_is_refused(tmp_path: Path) -> None:
    model = Example("jira", tmp_path).company.model
    with pytest.raises(Refused, match="SOURCE060"):
        propose(b"", "nothing.csv", model)
