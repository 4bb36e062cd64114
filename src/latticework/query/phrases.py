"""Other ways in which people write a link's phrase."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.model.phrases import derived_phrases

_BEING = ("is", "are", "being")


def ways_of(phrase: str) -> Iterator[str]:
    """A phrase and its other forms: serves, serving; is served by, served by."""
    yield phrase
    derived = derived_phrases(phrase)
    yield from derived
    if not derived:
        yield f"is {phrase}"
        yield f"are {phrase}"


def plural_of(phrase: str) -> str:
    """A phrase as said of several things: serves, serve; is led by, are led by."""
    first, _, rest = phrase.partition(" ")
    if first.casefold() == "is" and rest:
        return f"are {rest}"
    derived = derived_phrases(phrase)
    if derived:
        return derived[-1]
    return f"are {phrase}" if rest and phrase.split()[-1] in {"by", "of", "in", "for"} else phrase
