"""Writing a silence into a model file without touching the rest of it."""

from __future__ import annotations

import json
import re
from datetime import date

from latticework.base.findings import Refused, error

_HEADING = re.compile(r"^silences:[ \t]*(?P<rest>[^#\n]*)(#.*)?$", re.MULTILINE)
_ITEM = re.compile(r"(?P<indent> *)- ")
_EMPTY = ("", "[]", "~", "null")


def with_silence(text: str, *, rule: str, of: str, why: str, until: date) -> str:
    """The model's text with one more silence; comments and order stay.

    Raises Refused (CLI006) where silences are written in a way that this
    cannot add to, with the line to write.
    """
    about = f"of: {json.dumps(of, ensure_ascii=False)}, " if of else ""
    reason = json.dumps(why, ensure_ascii=False)
    item = f"- {{rule: {rule}, {about}why: {reason}, until: {until.isoformat()}}}"
    heading = _HEADING.search(text)
    if heading is None:
        joint = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{joint}\nsilences:\n  {item}\n"
    if heading["rest"].strip() not in _EMPTY:
        says = "the model's silences are written on one line"
        hint = f"add this to them by hand, then 'latticework model apply': {item[2:]}"
        raise Refused([error("CLI006", says, hint=hint)])
    end = heading.end() + 1
    first = _ITEM.match(text, end) if heading["rest"].strip() == "" else None
    indent = first["indent"] if first else "  "
    return f"{text[: heading.start()]}silences:\n{indent}{item}\n{text[end:]}"
