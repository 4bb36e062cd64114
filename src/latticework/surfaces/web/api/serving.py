"""Calls as routes of the application: read, answered, written out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from latticework.base.findings import Finding, Refused, error
from latticework.surfaces.data import plain
from latticework.surfaces.web.answer import CSV, JSON, PROBLEM, Answer, Flow
from latticework.surfaces.web.api.call import Asked, Call, Nothing
from latticework.surfaces.web.api.once import asked_of
from latticework.surfaces.web.api.reading import body_of, given_of
from latticework.surfaces.web.api.trouble import Refusal, problem_answer
from latticework.surfaces.web.look import Look

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site

REFUSED = 400
_ENTRY = re.compile(r'^(?:W/)?"?(\d{1,18})\b')
Headers = Mapping[str, str]


def answer_call(
    each: Call, site: Site, look: Look, path: Mapping[str, str], body: bytes, headers: Headers
) -> Answer | Flow:
    """Read a request as the call declares it, and write its answer as JSON.

    Raises Refused and NotThere as the call does. A request that is not asked
    with GET and carries an idempotency key is done once.
    """
    _refuse_unfit_answers(each, headers)
    if each.takes is not None:
        _refuse_other_types(headers)
    if each.writes:
        site.refuse_reading_only()
    asked = Asked(
        site=site,
        look=look,
        path=path,
        given=Nothing() if each.given is None else given_of(look.query, each.given),
        body=Nothing() if each.takes is None else body_of(body, each.takes),
        seen=_entry_in(headers.get("if-match", "")),
        heard=_entry_in(headers.get("last-event-id", "")),
    )
    key = "" if each.reads else headers.get("idempotency-key", "")
    if not key and "idempotency-key" not in headers:
        return _answered(each, asked)
    word = asked_of(each.method, look.path, repr(look.query), look.who, body)
    given = site.once.begin(key, word, site.workspace.now())
    return given or _done_once(each, asked, key)


def _done_once(each: Call, asked: Asked[Struct, Struct], key: str) -> Answer | Flow:
    """The answer, kept under its key unless the request was refused."""
    once = asked.site.once
    try:
        answer = _answered(each, asked)
    except BaseException:
        once.forget(key)
        raise
    if isinstance(answer, Answer) and answer.status < REFUSED:
        once.keep(key, answer)
    else:
        once.forget(key)
    return answer


def _answered(each: Call, asked: Asked[Struct, Struct]) -> Answer | Flow:
    try:
        found = each.answer(asked)
    except Refusal as refusal:
        return problem_answer(refusal.findings)
    return written(found) if isinstance(found, Struct) else found


def written(found: Struct) -> Answer:
    """A shape as JSON."""
    text = msgspec.json.encode(found, enc_hook=plain)
    return Answer(body=text.decode() + "\n", type=JSON)


def _entry_in(tag: str) -> int | None:
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


def _refuse_unfit_answers(each: Call, headers: Headers) -> None:
    """Raise Refused (API015) where the asker takes nothing that is given here."""
    accepted = headers.get("accept", "")
    sorts = [part.partition(";")[0].strip().casefold() for part in accepted.split(",")]
    given = {JSON, PROBLEM} if not isinstance(each.gives, str) else {each.gives, PROBLEM}
    if each.given is None:
        given.add(CSV.partition(";")[0])
    ranges = {f"{sort.partition('/')[0]}/*" for sort in given}
    if any(sorts) and not {"*/*", *given, *ranges} & set(sorts):
        says = f"'{accepted[:80]}' is not what is given here"
        raise Refused([error("API015", says, hint=f"accept {', '.join(sorted(given))}")])
