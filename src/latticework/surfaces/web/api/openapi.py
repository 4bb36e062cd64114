"""The description of every call in OpenAPI 3.1, made from their declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct

from latticework.surfaces.web.answer import CSV, JSON, PROBLEM
from latticework.surfaces.web.api.call import Call, calls
from latticework.surfaces.web.api.changing import SentChange
from latticework.surfaces.web.api.shapes import Problem
from latticework.surfaces.web.api.writing import ChangesSent
from latticework.surfaces.web.drawing import version

Plain = dict[str, Any]
_REF = "#/components/schemas/{name}"
SORTS: tuple[type[Struct], ...] = get_args(SentChange)
_PART = re.compile(r"\{(\w+)\}")
ALWAYS = (400, 403, 404, 406, 503)
WRITING = (409, 413, 415, 422)
REASONS = {
    400: "Something in the request is wrong; every finding says what, where, and what to do.",
    403: "A page of another site asked, or this server only shows.",
    404: "Nothing of this name is there.",
    406: "Nothing that the asker accepts is given here.",
    409: "Somebody else was faster; findings hold base, theirs and yours.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The idempotency key was used for another request.",
    503: "The store is out of reach or busy.",
}
PARTS = {
    "name": "A name, as lists give it.",
    "kind": "The kind, as refs begin.",
    "slug": "The rest of the ref.",
}


def description(company: str = "") -> Plain:
    """All calls, their parameters, bodies and answers."""
    every = calls()
    schemas, components = _schemas(every)
    paths: dict[str, Plain] = {}
    for each in sorted(every, key=lambda each: (each.path, each.method)):
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    title = f"{company} on Latticework" if company else "Latticework"
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version(), "description": _SAYS},
        "paths": paths,
        "components": {"schemas": components},
    }


_SAYS = (
    "Everything that the pages do. Reading is at any moment: `at` is a day or an instant, `known` "
    "until when entries count as known, `branch` a branch. What is wrong comes as problem details "
    "(RFC 9457) with every finding."
)


def _schemas(every: Iterable[Call]) -> tuple[Mapping[object, Plain], Plain]:
    """The schema of each shape that is sent or given, and the parts they share."""
    shapes: list[object] = [Problem, *SORTS]
    for each in every:
        shapes += [s for s in (each.takes, each.gives) if isinstance(s, type) and s not in shapes]
    found, components = msgspec.json.schema_components(shapes, ref_template=_REF)
    for schema in components.values():
        schema["description"] = " ".join(schema.get("description", "").split())
    changes = components[ChangesSent.__name__]["properties"]["changes"]
    changes["items"] = {"oneOf": [{"$ref": _REF.format(name=each.__name__)} for each in SORTS]}
    return dict(zip(shapes, found, strict=True)), components


def _operation(each: Call, schemas: Mapping[object, Plain]) -> Plain:
    made: Plain = {
        "operationId": each.name,
        "summary": each.summary,
        "tags": [each.path.split("/")[-1 if each.path.count("/") == 1 else 2]],
        "parameters": _parameters(each),
        "responses": _responses(each, schemas),
    }
    rest = each.doc.partition("\n")[2].strip()
    if rest:
        made["description"] = " ".join(rest.split())
    if each.takes is not None:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[each.takes]}}}
    return made


def _parameters(each: Call) -> list[Plain]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARTS.get(name, ""),
            "schema": {"type": "string", "minLength": 1},
        }
        for name in _PART.findall(each.path)
    ]
    if each.given is not None:
        found += [_parameter(name, schema) for name, schema in _asked(each.given)]
    if not each.reads:
        says = "A word of the asker's for this request: sent again within a day, it is done once."
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"}
        found.append(_parameter("Idempotency-Key", {**schema, "description": says}, "header"))
    return found


def _asked(shape: type[Struct]) -> Iterable[tuple[str, Plain]]:
    """The fields of a shape as parameters, with what is said of each."""
    (_,), components = msgspec.json.schema_components([shape], ref_template=_REF)
    fields: Mapping[str, Plain] = components[shape.__name__]["properties"]
    return fields.items()


def _parameter(name: str, schema: Plain, place: str = "query") -> Plain:
    plain = {key: value for key, value in schema.items() if key != "description"}
    known = _plainer(plain)
    made = {"name": name, "in": place, "required": False, "schema": known}
    says = schema.get("description", MOMENTS.get(name, ""))
    return {**made, "description": says} if says else made


def _plainer(schema: Plain) -> Plain:
    """A parameter is never null: it is left out."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    default = {} if schema.get("default") in (None, "") else {"default": schema["default"]}
    return {**rest, **(kinds[0] if len(kinds) == 1 else {}), **default}


MOMENTS = {
    "at": "A day or an instant: the company as it was then.",
    "known": "A day or an instant: only what was known by then.",
    "branch": "The branch; main, without it.",
}


def _responses(each: Call, schemas: Mapping[object, Plain]) -> Plain:
    problem = {"content": {PROBLEM: {"schema": schemas[Problem]}}}
    statuses = {*ALWAYS, *each.also, *(() if each.reads else WRITING)}
    given: Plain = {str(s): {"description": REASONS[s], **problem} for s in sorted(statuses)}
    if each.gives == JSON:
        content: Plain = {JSON: {"schema": {"type": "object"}}}
    elif isinstance(each.gives, str):
        content = {each.gives: {}}
    else:
        content = {JSON: {"schema": schemas[each.gives]}}
    if each.given is None:
        content[CSV.partition(";")[0]] = {}
    ok: Plain = {"200": {"description": each.summary, "content": content}}
    if each.tagged:
        ok["200"]["headers"] = {
            "ETag": {"description": "Send it as If-None-Match.", "schema": {"type": "string"}}
        }
        ok["304"] = {"description": "Nothing changed since."}
    return {**ok, **given}
