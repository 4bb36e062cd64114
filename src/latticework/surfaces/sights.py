"""What a reader of a workspace sees: the sight that views are built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latticework.base.times import Instant, zone_of
from latticework.journal.changes import Entry
from latticework.journal.store import MAIN
from latticework.views.sight import Sight
from latticework.views.things import ids

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.workspace import Workspace

NEWEST = 2000
"""How many entries a feed reads at most, unless all are asked for."""


def sight_of(
    workspace: Workspace,
    *,
    at: str | Instant | None = None,
    known: str | Instant | None = None,
    branch: str = MAIN,
) -> Sight:
    """The company at a moment, on a branch, as far as known by then.

    Raises Refused where the moment or the branch is not understood.
    """
    graph = workspace.graph(at=at, known=known, branch=branch)
    return Sight(
        graph=graph,
        now=workspace.now(),
        zone=zone_of(graph.model.zone or "UTC"),
        branch=branch,
        present=at is None,
        graph_at=lambda day: workspace.graph(at=day, known=known, branch=branch),
        graph_of=lambda name: graph_of(workspace, name, at=at, known=known),
        entries=lambda most: latest_entries(workspace, branch, most),
        headings=lambda: workspace.store.headings(branch),
        findings=lambda: workspace.check(at=at, known=known, branch=branch),
        judged=lambda node: workspace.check(at=at, known=known, branch=branch, about=ids([node])),
        branches=workspace.branches,
        traced=lambda via, kind, name, value: workspace.tracer.trace(
            via, graph.model, kind, name, value
        ),
        conflicts=lambda: workspace.conflicts(graph, branch=branch),
    )


def graph_of(
    workspace: Workspace,
    branch: str,
    *,
    at: str | Instant | None = None,
    known: str | Instant | None = None,
) -> Graph | None:
    """The company on a branch, at the reader's moment; None where no branch is called so."""
    if branch != MAIN and branch not in {each.name for each in workspace.branches()}:
        return None
    return workspace.graph(at=at, known=known, branch=branch)


def latest_entries(workspace: Workspace, branch: str, most: int) -> tuple[Entry, ...]:
    """The last so many entries of a branch, newest first; 0 is all."""
    head = workspace.store.head(branch).number
    after = max(head - most, 0) if most else 0
    return tuple(reversed(tuple(workspace.store.entries(branch, after=after))))
