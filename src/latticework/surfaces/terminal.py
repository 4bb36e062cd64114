"""Standard output and standard error as consoles."""

from __future__ import annotations

import sys

from rich.console import Console


def console(*, err: bool = False) -> Console:
    """A console that prints what it is given and guesses nothing.

    Rich itself respects NO_COLOR, FORCE_COLOR, TERM and COLUMNS.
    """
    return Console(
        file=sys.stderr if err else sys.stdout, highlight=False, markup=False, emoji=False
    )
