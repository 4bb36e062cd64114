"""What a source was given, as batches ready to be recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from latticework.base.findings import Finding, notice
from latticework.journal.changes import Batch

MOST_TOLD = 1_000
"""Findings of one code that are kept; of further ones only their number."""

Progress = Callable[[int, int, int], None]
"""Called with steps done, steps in all, and changes so far."""


@dataclass(kw_only=True)
class Intake:
    """Batches to be taken once, and what was odd, complete when they are.

    `revision` is what to pass as `since` next time; empty for a folder.
    """

    source: str
    revision: str = ""
    batches: Iterator[Batch]
    told: Findings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far; everything once the batches are exhausted."""
        return self.told.all


class Findings:
    """Findings of one intake, each told once however often it recurs."""

    def __init__(self) -> None:
        """Nothing was found yet."""
        self._found: dict[tuple[str, ...], Finding] = {}
        self._counts: Counter[str] = Counter()

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding, in the order in which they first came up."""
        return (*self._found.values(), *self._further())

    def _further(self) -> Iterator[Finding]:
        """How many more there were of each sort than are kept."""
        for code, count in self._counts.items():
            if count > MOST_TOLD:
                says = f"{count - MOST_TOLD:,} more findings {code} are not listed"
                hint = "mend what is listed, then import again"
                yield notice("SOURCE026", says, hint=hint, value=code)

    def add(self, finding: Finding, revision: str = "") -> None:
        """Keep a finding unless the same was told of the same thing before."""
        place = finding.place
        about = place.ref or place.file
        key = (finding.code, about, place.field, finding.value or finding.says)
        if key in self._found:
            return
        self._counts[finding.code] += 1
        if self._counts[finding.code] <= MOST_TOLD:
            says = f"{finding.says} (commit {revision[:10]})" if revision else finding.says
            self._found[key] = replace(finding, says=says)
