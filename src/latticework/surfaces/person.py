"""Who is at the keyboard."""

from __future__ import annotations

import getpass
import os


def present_person() -> str:
    """Who signs changes: LATTICEWORK_BY, else the name of the account."""
    try:
        return os.environ.get("LATTICEWORK_BY") or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
