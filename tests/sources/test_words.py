"""A value that a recipe has no word for is told with the nearest word there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.harbour import intake

RECIPE = """
recipe: wishes
reads: wishes.csv
kinds:
  wish:
    key: id
    fields:
      title: id
      status: {from: state, strict: yes, words: {in progress: doing, to do: open}}
      size: {from: size, words: {tiny: small}}
"""


@pytest.mark.parametrize(
    ("state", "size", "code", "hint"),
    [
        ("in progess", "tiny", "SOURCE015", "'in progress', which becomes 'doing'"),
        ("doin", "tiny", "SOURCE015", "did you mean 'doing'?"),
        ("elsewhere", "tiny", "SOURCE015", "add it under 'words:' of 'status'"),
        ("to do", "tinny", "SOURCE013", "'tiny', which becomes 'small'"),
        ("to do", "smal", "SOURCE013", "did you mean 'small'?"),
        ("to do", "vast", "SOURCE013", "add it under 'words:' of 'size'"),
    ],
)
def test_the_nearest_word_or_choice_is_offered(
    state: str, size: str, code: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "wishes.csv").write_text(f"id,state,size\nW-1,{state},{size}\n")
    (finding,) = intake(RECIPE, tmp_path)[1].findings
    assert (finding.code, hint in finding.hint) == (code, True), finding.hint
