"""Which runs of words are names in a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from latticework.model.keys import RESERVED
from latticework.model.model import STAGE, TITLE, Kind, Link, Model
from latticework.query.phrases import ways_of

ALWAYS_KEYWORDS = RESERVED
"""Single words that a name shows only in quotes, or as part of a longer name."""

KEYWORDS_BEFORE_A_DAY = frozenset({"on", "in", "at", "known", "since", "limit"})
"""Words of the language where a day or number follows; else parts of names."""

KEYWORDS = ALWAYS_KEYWORDS | KEYWORDS_BEFORE_A_DAY | {"sort", "group", "by", "changed", "went"}
"""Every word of the language, for hints."""


@dataclass(frozen=True)
class Vocabulary:
    """The names a text may use; several words count as one name."""

    names: frozenset[tuple[str, ...]]

    @cached_property
    def _longest(self) -> dict[str, int]:
        """How many words the longest name has that begins with a word."""
        lengths: dict[str, int] = {}
        for name in self.names:
            lengths[name[0]] = max(lengths.get(name[0], 0), len(name))
        return lengths

    @cached_property
    def counts(self) -> bool:
        """Whether any name has a digit, as "phase 2" has."""
        return any(char.isdecimal() for name in self.names for word in name for char in word)

    def length_at(self, words: Sequence[str], start: int) -> int:
        """How many words from `start` make the longest name; 0 for none.

        `words` are in folded letter case; an empty one ends every name.
        """
        most = self._longest.get(words[start], 0)
        for length in range(min(most, len(words) - start), 0, -1):
            if tuple(words[start : start + length]) in self.names:
                return length
        return 0


NO_WORDS = Vocabulary(frozenset())
"""Nothing is known: each unbroken run of words is one name."""


def vocabulary_of(model: Model) -> Vocabulary:
    """Every name of the model, in all the ways people write it."""
    return model.keep(("query", "words"), lambda: vocabulary_from(_names_of(model)))


def vocabulary_from(names: Iterable[str]) -> Vocabulary:
    """A vocabulary of these names; a keyword alone is never one of them."""
    split = (tuple(name.casefold().split()) for name in names)
    return Vocabulary(
        frozenset(
            name for name in split if name and not (len(name) == 1 and name[0] in ALWAYS_KEYWORDS)
        )
    )


def _names_of(model: Model) -> Iterator[str]:
    yield from (TITLE, STAGE)
    for kind in model.kinds:
        yield from _names_of_kind(kind)
    for interface in model.interfaces:
        yield from (interface.name, interface.many, *interface.stages)
        yield from (each.name for each in interface.fields)
    for link in model.links:
        for phrase in phrases_of(link):
            yield from ways_of(phrase)
        for carried in link.carries:
            yield from (carried.name, *carried.was)
    for dialect in model.dialects:
        yield from dialect.words.values()
    for term in model.terms:
        yield from term.synonyms


def phrases_of(link: Link) -> tuple[str, ...]:
    """Every phrase that reads a link, either way, former ones last."""
    return tuple(phrase for phrase in (link.name, link.back, *link.words, *link.was) if phrase)


def _names_of_kind(kind: Kind) -> Iterator[str]:
    yield from (kind.name, kind.many, kind.stage_field, *kind.was)
    for each in kind.fields:
        yield from (each.name, *each.was)
        yield from (choice for choice in each.choices if " " in choice.strip())
    for stage in kind.stages:
        yield from (stage.name, stage.category, *stage.was)
