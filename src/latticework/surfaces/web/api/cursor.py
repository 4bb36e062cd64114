"""Where a reader of many rows goes on: the moment that is pinned, and how far."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Self

import msgspec
from msgspec import Struct

from latticework.base.findings import Refused, error

_MOST_NUMBER = 2**62


class Cursor(Struct, frozen=True, array_like=True, kw_only=True):
    """A place among the rows that answer a question at one moment.

    `number` is the last entry that counts, `valid` and `day` what the clock
    said, `line` tells a branch from an earlier one of its name and what was
    removed since. `skip` rows were given already.
    """

    question: str
    number: int
    valid: int
    known: int
    line: str
    skip: int

    @property
    def text(self) -> str:
        """The cursor as an address carries it."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    def after(self, count: int) -> Self:
        """The place so many rows further on."""
        return msgspec.structs.replace(self, skip=self.skip + count)


def cursor_of(text: str, question: str) -> Cursor:
    """The cursor that a text is; raises Refused (API007) where it is none of this question."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii", "strict") + b"=" * (-len(text) % 4))
        found = msgspec.json.decode(raw, type=Cursor)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        raise _unfit(text) from None
    numbers = (found.number, found.valid, found.known, found.skip)
    if found.question != question or any(abs(each) > _MOST_NUMBER for each in numbers):
        raise _unfit(text)
    if found.skip < 0 or found.number < 0:
        raise _unfit(text)
    return found


def question_of(*words: str) -> str:
    """A short word for a question, by which its cursors are known."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:16]


def _unfit(text: str) -> Refused:
    says = "the cursor is not one of this question"
    hint = "begin again without 'cursor', and take 'next' from each answer as it is"
    return Refused([error("API007", says, hint=hint, value=text[:80])])
