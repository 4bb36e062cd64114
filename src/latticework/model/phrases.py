"""Every phrase that reads a link, in either direction.

A link "serves", back "is served by", is also read as *serving* and *serve*
(forward), *served by* and *are served by* (back), so that a question can be a
sentence: `epic serving pillar/growth`. Declared words win over derived ones;
names win over backs, further words and former names, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latticework.model.model import Link, Model

    Reading = tuple[Link, bool]

_BEING = {"is", "are"}
_IRREGULAR = {"has": "have", "does": "do", "goes": "go", "undergoes": "undergo"}
_NEVER_VERBS = {"as", "across", "this", "its", "his", "plus", "minus", "versus", "towards"}
_VOWELS = set("aeiou")


def link_phrases(model: Model) -> Mapping[str, Reading]:
    """Every folded phrase to its link, and whether it reads source to target."""
    phrases: dict[str, Reading] = {}
    for phrase, reading in (*_declared(model), *_derived(model)):
        phrases.setdefault(fold_phrase(phrase), reading)
    return MappingProxyType(phrases)


def fold_phrase(phrase: str) -> str:
    """A phrase for comparison: letter case and runs of spaces do not count."""
    return " ".join(phrase.split()).casefold()


def derived_phrases(phrase: str) -> tuple[str, ...]:
    """Further forms of an English phrase that begins with a verb.

    "depends on" is also "depending on" and "depend on"; "is served by" is also
    "served by" and "are served by". Other phrases have none.
    """
    verb, _, rest = fold_phrase(phrase).partition(" ")
    tail = f" {rest}" if rest else ""
    if verb in _BEING:
        return tuple(each for each in (rest, f"are{tail}", f"being{tail}") if rest)
    if verb in _NEVER_VERBS or not _is_third_person(verb):
        return ()
    bases = _bases_of(verb)
    participles = {participle for base in bases for participle in _participles_of(base)}
    return tuple(f"{form}{tail}" for form in (*sorted(participles), *bases))


def _declared(model: Model) -> Iterator[tuple[str, Reading]]:
    """Phrases that the model itself says, the strongest first."""
    for link in model.links:
        yield link.name, (link, True)
    for link in model.links:
        if link.back:
            yield link.back, (link, False)
    for link in model.links:
        yield from ((word, (link, True)) for word in link.words)
    for link in model.links:
        yield from ((word, (link, True)) for word in link.was)


def _derived(model: Model) -> Iterator[tuple[str, Reading]]:
    for phrase, reading in tuple(_declared(model)):
        yield from ((form, reading) for form in derived_phrases(phrase))


def _is_third_person(verb: str) -> bool:
    return verb in _IRREGULAR or (
        len(verb) > 3 and verb.isascii() and verb.endswith("s") and verb[-2] not in "siu"
    )


def _bases_of(verb: str) -> tuple[str, ...]:
    """What "he … it" is without its ending: serves → serve, carries → carry."""
    if verb in _IRREGULAR:
        return (_IRREGULAR[verb],)
    if verb.endswith("ies"):
        return (verb[:-1],) if len(verb) <= 4 else (verb[:-3] + "y",)
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return (verb[:-2],)
    return (verb[:-1],)


def _participles_of(base: str) -> tuple[str, ...]:
    """The "-ing" form; two of them where English doubles some last letters."""
    if base.endswith("ie"):
        return (base[:-2] + "ying",)
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return (base[:-1] + "ing",)
    if not _ends_short(base):
        return (base + "ing",)
    doubled = base + base[-1] + "ing"
    one_syllable = sum(letter in _VOWELS for letter in base) == 1
    return (doubled,) if one_syllable else (base + "ing", doubled)


def _ends_short(base: str) -> bool:
    """Consonant, vowel, consonant: plan, commit, but not lead, follow, box."""
    if len(base) < 3:
        return False
    before, middle, last = base[-3], base[-2], base[-1]
    return before not in _VOWELS and middle in _VOWELS and last not in _VOWELS | set("wxy")
