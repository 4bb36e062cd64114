"""Who is at the keyboard."""

from __future__ import annotations

import getpass
import os
from functools import cache


def present_person() -> str:
    """Who signs changes: LATTICEWORK_BY, else the name of the account."""
    return os.environ.get("LATTICEWORK_BY") or _account(*map(os.environ.get, _NAMED))


_NAMED = ("LOGNAME", "USER", "LNAME", "USERNAME")
"""What the system goes by first, where it looks the account's name up."""


@cache
def _account(*_named: str | None) -> str:
    """The account's name, looked up once for each way in which it is named."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
