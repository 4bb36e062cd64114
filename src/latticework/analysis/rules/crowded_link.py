"""Rule: crowded-link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph

MOST_NAMED = 4


@rule("LINK003", severity=Severity.ERROR, since="0.1")
def crowded_link(graph: Graph, today: date) -> Iterator[Complaint]:
    """A thing has more edges of a link than the model allows.

    A bet with two owners has none on the day it matters. Where several are
    right, say so in the model: leave out `most`.

    ```yaml flagged
    bet/ferry: {title: Night ferry, is owned by: [team/north, team/south]}
    team/north: {title: North}
    team/south: {title: South}
    ```

    ```yaml clean
    bet/ferry: {title: Night ferry, is owned by: team/north}
    team/north: {title: North}
    ```
    """
    for link in graph.model.links:
        adjacency = graph.adjacency(link.name)
        ways = (
            (link.name, link.most, adjacency.sources, adjacency.targets),
            (link.back, link.most_back, adjacency.targets, adjacency.sources),
        )
        for phrase, most, near_ends, far_ends in ways:
            if not most:
                continue
            counts = np.bincount(near_ends, minlength=graph.size)
            for each in np.flatnonzero(counts > most).tolist():
                others = [str(graph.ref_of(int(end))) for end in far_ends[near_ends == each]]
                yield Complaint(
                    ref=str(graph.ref_of(each)),
                    field=phrase,
                    value=others[-1],
                    says=f"{phrase} {_listed(others)}; the model allows {most}",
                    hint="take away the rest, or raise 'most' of the link",
                )


def _listed(refs: list[str]) -> str:
    named = " and ".join(f"'{each}'" for each in refs[:MOST_NAMED])
    rest = len(refs) - MOST_NAMED
    return f"{named} and {rest} more" if rest > 0 else named
