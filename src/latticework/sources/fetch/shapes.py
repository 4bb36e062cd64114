"""Looking into an answer: what should be there, or a finding that says what is not."""

from __future__ import annotations

import json
from typing import TypeAlias

from latticework.sources.fetch import trouble
from latticework.sources.fetch.http import Answer
from latticework.sources.fetch.trouble import Stopped

Json: TypeAlias = dict[str, object]


def named(answer: Answer) -> Json:
    """The named values of an answer; raises Stopped (FETCH021)."""
    if isinstance(answer.body, dict):
        return answer.body
    raise Stopped(trouble.odd_answer(answer.url, "named values"))


def listed(answer: Answer, name: str = "") -> list[Json]:
    """The things in a list of an answer, or in the answer itself; raises Stopped (FETCH021)."""
    found = named(answer).get(name) if name else answer.body
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    raise Stopped(trouble.odd_answer(answer.url, f"list '{name}'" if name else "list"))


def inner(value: object, *names: str) -> Json:
    """The named values at a place, empty where there are none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def things(value: object) -> list[Json]:
    """The named values in a list, empty where there is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A text, empty where there is none; a number as its digits."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def number(value: object) -> int:
    """A number, 0 where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def position(**parts: str | int) -> str:
    """Where a walk is, as a text that is kept."""
    return json.dumps(parts)


def position_of(text: str) -> dict[str, str]:
    """Where a walk was; empty at its beginning."""
    found = json.loads(text) if text else {}
    return {name: str(value) for name, value in found.items()}
