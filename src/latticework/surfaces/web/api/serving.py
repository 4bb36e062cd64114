"""Calls as routes of the application: read, answered, written out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from latticework.base.findings import Finding, Refused, error
from latticework.surfaces.data import plain
from latticework.surfaces.web.answer import JSON, Answer
from latticework.surfaces.web.api.call import Asked, Call, Nothing
from latticework.surfaces.web.api.reading import body_of, given_of
from latticework.surfaces.web.api.trouble import Told, problem_answer
from latticework.surfaces.web.look import Look

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site

_ENTRY = re.compile(r'^(?:W/)?"?(\d{1,18})\b')
Headers = Mapping[str, str]


def answer_call(
    each: Call, site: Site, look: Look, path: Mapping[str, str], body: bytes, headers: Headers
) -> Answer:
    """Read a request as the call declares it, and write its answer as JSON.

    Raises Refused and NotThere as the call does; a conflict is answered.
    """
    if each.takes is not None:
        _refuse_other_types(headers)
    asked = Asked(
        site=site,
        look=look,
        path=path,
        given=Nothing() if each.given is None else given_of(look.query, each.given),
        body=Nothing() if each.takes is None else body_of(body, each.takes),
        seen=seen_in(headers.get("if-match", "")),
    )
    try:
        found = each.answer(asked)
    except Told as refusal:
        return problem_answer(refusal.findings)
    return found if isinstance(found, Answer) else written(found)


def written(found: Struct) -> Answer:
    """A shape as JSON."""
    text = msgspec.json.encode(found, enc_hook=plain)
    return Answer(body=text.decode() + "\n", type=JSON)


def seen_in(tag: str) -> int | None:
    """The entry up to which a tag of ours says that its reader has seen."""
    found = _ENTRY.match(tag.strip())
    return int(found[1]) if found else None


def _refuse_other_types(headers: Headers) -> None:
    """Raise WrongType where the body is not said to be JSON."""
    sort = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if sort != JSON:
        raise Refused([_other_type(sort)])


def _other_type(sort: str) -> Finding:
    says = f"a body of the type '{sort[:80]}' is not read here" if sort else "the body has no type"
    hint = "send JSON, with the header 'Content-Type: application/json'"
    return error("API006", says, hint=hint, value=sort[:80])
