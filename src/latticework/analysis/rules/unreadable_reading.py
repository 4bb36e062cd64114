"""Rule: unreadable-reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from latticework.analysis.reading_checks import unreadable
from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph


@rule("READING900", severity=Severity.ERROR, since="0.2")
def unreadable_reading(graph: Graph, today: date) -> Iterator[Complaint]:
    """A reading of the model is bound to words that it does not know.

    Such a reading has no figure, and whoever looks at the others may take its
    absence for nothing to see.

    ```yaml flagged
    model:
      kinds: {pillar: {family: intent}}
      readings:
        lonely: {computes: share, with: {of: pilar, where: serves nothing}}
    ```

    ```yaml clean
    model:
      readings:
        lonely: {computes: share, with: {of: pillar, where: is served by nothing}}
    ```
    """
    for name, found in unreadable(graph.model, today):
        yield Complaint(
            of=f"readings.{name}",
            value=found.value,
            says=f"reading '{name}' cannot be asked: {found.says}",
            hint=found.hint,
        )
