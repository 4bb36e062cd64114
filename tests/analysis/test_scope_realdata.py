"""What became of a plan in a large project, counted again from its git history."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.acceptance.test_kubernetes import (  # noqa: F401
    Company,
    Git,
    company,
    data,
    name_of,
    proposals,
)

from latticework.analysis.scope import scope_of
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints

pytestmark = pytest.mark.realdata
STAGES = ("implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced")
PLAN = "enhancement where status is implementable"


def _renames(proposals: Git, since: str, until: str) -> dict[str, str]:  # noqa: F811
    """The last path of each file whose folder got another name between two instants."""
    log = proposals.git(
        "log", "--first-parent", "--reverse", "-M", "--diff-filter=R", "--name-status",
        "--format=", f"--since={since}", f"--until={until}", "main",
    )  # fmt: skip
    found: dict[str, str] = {}
    for line in log.splitlines():
        if line.startswith("R"):
            _, was, becomes = line.split("\t")
            for first in [each for each, last in found.items() if last == was] or [was]:
                found[first] = becomes
    return found


def _refs(graph: Graph, ids: Ints) -> set[str]:
    return {str(graph.ref_of(node)) for node in np.asarray(ids).tolist()}


@pytest.mark.parametrize(
    ("then", "now"), [("2023-01-01", "2024-01-01"), ("2024-01-01", "2026-01-01")]
)
def test_what_became_of_a_plan_is_what_git_says(
    company: Company,  # noqa: F811
    proposals: Git,  # noqa: F811
    then: str,
    now: str,
) -> None:
    ends = [f"{day}T00:00:00Z" for day in (then, now)]
    before, after = (proposals.files(proposals.commit(each)) for each in ends)
    moved = _renames(proposals, *ends)
    planned = {
        moved.get(path, path)
        for path, each in before.items()
        if each.get("status") == "implementable"
    }
    word = {path: str(each.get("status")) for path, each in after.items()}
    here = {path for path, status in word.items() if status == "implementable"}
    old = {moved.get(path, path) for path in before}
    wanted = {
        "planned": planned,
        "kept": planned & here,
        "finished": {path for path in planned if word.get(path) == "implemented"},
        "cut": {path for path in planned if path not in word or word[path] in STAGES[2:]},
        "left": {path for path in planned if word.get(path) not in (*STAGES, None)},
        "came_in": (here - planned) & old,
        "crept": here - planned - old,
    }
    past, present = (company.workspace.graph(at=each) for each in ends)
    days = (date.fromisoformat(then), date.fromisoformat(now))
    scope = scope_of(past, present, PLAN, "", days=days)
    for name, paths in wanted.items():
        assert _refs(present, getattr(scope, name)) == {name_of(path) for path in paths}, name
    assert min(len(wanted[name]) for name in ("kept", "finished", "cut", "crept")) > 1
    assert scope.growth == (len(wanted["crept"]) + len(wanted["came_in"])) / len(planned)


def test_fields_told_as_changed_are_those_that_differ_in_the_files(
    company: Company,  # noqa: F811
    proposals: Git,  # noqa: F811
) -> None:
    ends = ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
    before, after = (proposals.files(proposals.commit(each)) for each in ends)
    past, present = (company.workspace.graph(at=each) for each in ends)
    scope = scope_of(past, present, PLAN, "", days=(date(2024, 1, 1), date(2025, 1, 1)))
    told = {
        str(present.ref_of(node)) for node, fields in scope.changed.items() if "maturity" in fields
    }
    kept = _refs(present, scope.kept)
    wanted = {
        name_of(path)
        for path, each in after.items()
        if name_of(path) in kept
        and path in before
        and before[path].get("stage") != each.get("stage")
    }
    assert told == wanted
    assert len(told) > 10
