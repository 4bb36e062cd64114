"""The description is true: what fits is taken, what does not is refused, answers are as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from tests.surfaces.api_company import begin_quay

from latticework.surfaces.web.api.openapi import description
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.guard import guard_of
from latticework.workspace import Workspace

EXAMPLES = 12
NEVER_ENDS = "/api/stream"
"""Listened to in test_live.py."""

GUARD = guard_of("127.0.0.1", names=("localhost", "testserver"))

UNDERSTOOD = ["2xx", "400", "403", "404", "406", "409", "422"]
"""What a request that fits may get: no schema holds a company's words, or keys sent before."""

REFUSED = ["400", "403", "404", "405", "406", "415", "422"]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = begin_quay(tmp_path_factory.mktemp("quay"))
    with Workspace.open(folder) as workspace:
        schema = openapi.from_asgi("/openapi.json", app_of(workspace, guard=GUARD))
        checks = schema.config.checks
        checks.positive_data_acceptance.expected_statuses = UNDERSTOOD
        checks.negative_data_rejection.expected_statuses = REFUSED
        yield schema


OPERATIONS = [
    (path, method.upper())
    for path, methods in description()["paths"].items()
    for method in methods
    if path != NEVER_ENDS
]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_each_call_is_as_it_is_described(
    described: Any, path: str, method: str, mode: GenerationMode
) -> None:
    operation = described[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        case.call_and_validate()

    try:
        holds()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing fits this call"
