"""Rule: wrong-end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.articles import a
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.model.model import Link, Model


@rule("LINK004", severity=Severity.ERROR, since="0.1")
def wrong_end(graph: Graph, today: date) -> Iterator[Complaint]:
    """An edge joins kinds that its link does not join.

    ```yaml flagged
    pillar/reach: {title: Reach, serves: goal/grow}
    goal/grow: {title: Grow}
    ```

    ```yaml clean
    goal/grow: {title: Grow, serves: pillar/reach}
    pillar/reach: {title: Reach}
    ```
    """
    for link in graph.model.links:
        adjacency = graph.adjacency(link.name)
        allowed = _allowed(graph.model, link, graph.kind_names)
        kinds = graph.kind_codes
        fits = allowed[kinds[adjacency.sources], kinds[adjacency.targets]]
        for edge in np.flatnonzero(~fits).tolist():
            source = graph.ref_of(int(adjacency.sources[edge]))
            target = graph.ref_of(int(adjacency.targets[edge]))
            yield Complaint(
                ref=str(source),
                field=link.name,
                value=str(target),
                says=f"'{link.name}' does not lead from {a(source.kind)} to {a(target.kind)}: '{target}'",
                hint=_hint(link, source.kind),
            )


def _allowed(model: Model, link: Link, kinds: tuple[str, ...]) -> np.ndarray:
    """Which source kind may be joined to which target kind, by code."""
    code = {name: number for number, name in enumerate(kinds)}
    table = np.zeros((len(kinds), len(kinds)), dtype=bool)
    for end in link.ends:
        rows = [code[kind] for kind in model.end_kinds(end.source) if kind in code]
        columns = [
            code[kind] for word in end.targets for kind in model.end_kinds(word) if kind in code
        ]
        if rows and columns:
            table[np.ix_(rows, columns)] = True
    return table


def _hint(link: Link, kind: str) -> str:
    targets = [word for end in link.ends if end.source == kind for word in end.targets]
    if targets:
        return f"from {a(kind)} it may lead to " + " or ".join(
            a(each) for each in sorted(set(targets))
        )
    sources = sorted({end.source for end in link.ends})
    return "it starts from a " + " or ".join(sources)
