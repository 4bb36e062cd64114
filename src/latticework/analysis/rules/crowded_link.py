"""Rule: crowded-link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints

MOST_NAMED = 4
"""Other ends named in a sentence; the rest are counted."""


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
        edges = graph.adjacency(link.name)
        forward, back = graph.model.limits_of(link)
        yield from _crowded(graph, link.name, forward, edges.sources, edges.targets)
        yield from _crowded(graph, link.back, back, edges.targets, edges.sources)


def _crowded(
    graph: Graph, phrase: str, limits: Mapping[str, int], near: Ints, far: Ints
) -> Iterator[Complaint]:
    """Things with more edges than their kind allows."""
    if not limits or not len(near):
        return
    none = np.iinfo(np.int64).max
    by_kind = np.array([limits.get(name, none) for name in graph.kind_names], dtype=np.int64)
    counts = np.bincount(near, minlength=graph.size)
    for each in np.flatnonzero(counts > by_kind[graph.kind_codes]).tolist():
        others = [str(graph.ref_of(int(end))) for end in far[near == each]]
        most = limits[graph.kind_of(each)]
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
