"""Other ways in which people write a link's phrase."""

from __future__ import annotations

from collections.abc import Iterator

_IRREGULAR = {"has": "having", "is": "being", "does": "doing", "goes": "going"}
_PLURAL = {"is": "are", "has": "have", "was": "were", "does": "do", "goes": "go"}


def ways_of(phrase: str) -> Iterator[str]:
    """A phrase and its other forms: serves, serving; is served by, served by."""
    yield phrase
    first, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    if first.casefold() == "is" and rest:
        yield rest
        return
    yield f"is {phrase}"
    participle = participle_of(first)
    if participle:
        yield participle + tail


def participle_of(verb: str) -> str:
    """A third person verb as its participle; empty where it is no such verb."""
    low = verb.casefold()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    stem = _stem_of(low)
    if not stem:
        return ""
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")):
        return stem[:-1] + "ing"
    return stem + "ing"


def plural_of(phrase: str) -> str:
    """A phrase as said of several things: serves, serve; is led by, are led by."""
    first, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    low = first.casefold()
    if low in _PLURAL:
        return _PLURAL[low] + tail
    stem = _stem_of(low)
    if stem:
        return stem + tail
    return f"are {phrase}" if tail else phrase


def _stem_of(verb: str) -> str:
    """The verb without its third person ending; empty where there is none."""
    if not verb.isascii() or len(verb) < 3 or not verb.endswith("s") or verb.endswith("ss"):
        return ""
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("shes", "ches", "sses", "xes", "zzes")):
        return verb[:-2]
    return verb[:-1]
