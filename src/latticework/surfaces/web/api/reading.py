"""What was sent, as shapes; every misfit is a finding.

Codes: API001 a body that is no JSON, 002 a body of another shape, 003 a
parameter that is unknown or does not fit, 004 a change of no known sort.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean

S = TypeVar("S", bound=Struct)
_LONGEST = 120


def body_of(data: bytes, shape: type[S]) -> S:
    """The body as its shape; nothing at all counts as an object without fields."""
    try:
        return msgspec.json.decode(data or b"{}", type=shape)
    except msgspec.ValidationError as problem:
        raise Refused([misfit("API002", "the body", problem)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        says = f"the body is no JSON: {problem}"
        raise Refused([error("API001", says, hint="send one JSON object in UTF-8")]) from None


def given_of(pairs: Iterable[tuple[str, str]], shape: type[S]) -> S:
    """Parameters of an address as their shape; the last of a name counts."""
    given = dict(pairs)
    known = shape.__struct_encode_fields__
    unknown = [name for name in given if name not in known]
    if unknown:
        raise Refused([_unknown(name, known) for name in unknown])
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as problem:
        raise Refused([misfit("API003", "a parameter", problem)]) from None


def misfit(code: str, what: str, problem: msgspec.ValidationError) -> Finding:
    """What does not fit, and where in it."""
    said, _, spot = str(problem).partition(" - at ")
    where = spot.strip("`").removeprefix("$").removeprefix(".")
    says = f"{what} does not fit" + (f" at '{where}'" if where else "") + f": {said}"
    return error(code, says.replace("`", "'"), hint="see what fits in /openapi.json", value=where)


def _unknown(name: str, known: Iterable[str]) -> Finding:
    shown = name[:_LONGEST]
    says = f"no parameter is called '{shown}'"
    listed = ", ".join(known)
    otherwise = f"there are: {listed}" if listed else "this address takes none"
    hint = did_you_mean(shown, tuple(known), otherwise=otherwise)
    return error("API003", says, hint=hint, value=shown)
