"""Words close to a word, for hints."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def near(word: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Known words that look like `word`, closest first, letter case aside."""
    by_fold = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=most, cutoff=0.65)
    return tuple(by_fold[each] for each in close)


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint that offers the closest known words, else `otherwise`."""
    return offer(near(word, known), otherwise=otherwise)


def offer(close: Sequence[str], *, otherwise: str = "") -> str:
    """A hint that offers these words, else `otherwise`."""
    if not close:
        return otherwise
    return "did you mean " + " or ".join(f"'{each}'" for each in close) + "?"
