"""Every code that the source uses stands in the reference, with what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
USED = re.compile(r"""["']([A-Z]{3,12}\d{3})["']""")
PAGE = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")


def codes_used() -> list[str]:
    """Each code in quotes somewhere in a module, sought without a look at its grammar."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    # A blank of a form shows a code that a reader may give a rule of their own.
    lines = (line for text in texts for line in text.splitlines() if "Blank(" not in line)
    return sorted({code for line in lines for code in USED.findall(line)})


def test_there_are_codes_to_look_for() -> None:
    assert len(codes_used()) > 300


@pytest.mark.parametrize("code", codes_used())
def test_a_code_of_the_source_is_documented_with_a_sentence(code: str) -> None:
    _, found, rest = PAGE.partition(f"\n### {code}\n")
    assert found, f"{code} stands nowhere: run 'make docs'"
    said = rest.partition("\nFrom ")[0]
    assert re.search(r"^- \S.*\w", said, re.MULTILINE), f"{code} is documented without a sentence"
