"""The description of all calls, for programs."""

from __future__ import annotations

from msgspec import Struct

from latticework.surfaces.data import to_json
from latticework.surfaces.web.answer import JSON, Answer
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.openapi import description


@call("GET /openapi.json", gives=JSON)
def describe_calls(asked: Asked[Struct, Struct]) -> Answer:
    """All calls, described in OpenAPI 3.1."""
    company = asked.site.workspace.model.company
    return Answer(body=to_json(description(company), indent=1) + "\n", type=JSON)
