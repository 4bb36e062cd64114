"""What a source was given, as batches ready to be recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, notice
from latticework.base.times import Instant
from latticework.journal.changes import Batch
from latticework.sources.intakes.seen import Settled, Sights
from latticework.sources.source import Reads

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

PORTION = 5_000
"""Records that are taken together: what an import holds at a time."""

MOST_TOLD = 1_000
"""Findings of one code that are kept; of further ones only their number."""

Progress = Callable[[int, int, int], None]
"""Called with steps done, steps in all, and changes so far."""


@dataclass(frozen=True, kw_only=True)
class Beforehand:
    """What is known before a source is read, and how it is read.

    `now` is the clock's instant, `graph` the company as it is: without one,
    everything is new. `since` is the revision at which the last import of a
    history ended. Where what lies there is not the `whole` of its source, what
    it does not name is not taken back. `reads` reads its files, where that is
    to be done otherwise than anew. Records that are `settled` are left out;
    `sights` takes down which may be left out next time. `portion` is how many
    records are taken together.
    """

    now: Instant
    graph: Graph | None = None
    since: str = ""
    whole: bool = True
    reads: Reads | None = None
    settled: Settled | None = None
    sights: Sights | None = None
    portion: int = PORTION
    progress: Progress | None = None


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

    def extend(self, findings: Iterable[Finding]) -> None:
        """Keep each of these findings."""
        for each in findings:
            self.add(each)

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
