"""Words of old entries, read through every model the company has had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from latticework.base.refs import slug_of
from latticework.model.model import STAGE, Field, Kind, Link, Model

Named = Mapping[str, tuple[str, ...]]
"""Names of one model, each with its former names."""


@dataclass(frozen=True)
class Course:
    """The names of one sort of word through successive models."""

    layers: Sequence[Named]

    @cached_property
    def heirs(self) -> Sequence[Mapping[str, str]]:
        """For each model, the name that took over a former name."""
        return [
            {
                word: name
                for name, was in reversed(list(layer.items()))
                for word in was
                if word != name
            }
            for layer in self.layers
        ]

    @cached_property
    def every(self) -> frozenset[str]:
        """Every name and former name."""
        present = {name for layer in self.layers for name in layer}
        return frozenset(present | {word for heirs in self.heirs for word in heirs})

    def follow(self, word: str, to: int) -> str | None:
        """The name in model `to` that a word of any time means, if any."""
        if not self.layers:
            return None
        if word in self.layers[to]:
            return word
        ahead = self.forward(word, 0, to)
        if ahead in self.layers[to]:
            return ahead
        last = len(self.layers) - 1
        back = self.back(self.forward(word, 0, last), last, to)
        return back if back in self.layers[to] else self.find_akin(word, to)

    def from_to(self, name: str, start: int, to: int) -> str | None:
        """What a name of model `start` is called in model `to`, if anything."""
        ahead = start <= to
        found = self.forward(name, start + 1, to) if ahead else self.back(name, start, to)
        return found if found in self.layers[to] else self.find_akin(name, to)

    @cached_property
    def akin(self) -> Mapping[str, frozenset[str]]:
        """Words that one model or another says are former names of each other."""
        found: dict[str, set[str]] = {}
        for heirs in self.heirs:
            for word, name in heirs.items():
                found.setdefault(word, set()).add(name)
                found.setdefault(name, set()).add(word)
        return {word: frozenset(others) for word, others in found.items()}

    def find_akin(self, word: str, to: int) -> str | None:
        """The one name in model `to` nearest by former names; None of two.

        For a word of a model that was taken back: no later one remembers it.
        """
        seen, ring = {word}, {word}
        while ring:
            near = [each for each in ring if each in self.layers[to]]
            if near:
                return near[0] if len(near) == 1 else None
            ring = {other for each in ring for other in self.akin.get(each, ())} - seen
            seen |= ring
        return None

    def forward(self, word: str, first: int, last: int) -> str:
        """Follow a word through models `first` to `last`."""
        for index in range(first, last + 1):
            if word not in self.layers[index]:
                word = self.heirs[index].get(word, word)
        return word

    def back(self, name: str, start: int, to: int) -> str:
        """Follow a name of model `start` back to model `to`."""
        for index in range(start, to, -1):
            older = self.layers[index - 1]
            if name not in older:
                was = self.layers[index].get(name, ())
                name = next((word for word in was if word in older), name)
        return name


@dataclass(frozen=True, kw_only=True)
class Words:
    """What words mean at a moment, given all models in their order.

    `present` is the index of the moment's model. A word is followed from
    model to model, first forward through `was`, else back from later ones. A
    name of the moment's own model always means itself.
    """

    models: tuple[Model, ...]
    present: int
    _kept: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def model(self) -> Model:
        """The moment's own model."""
        return self.models[self.present]

    def find_kind(self, word: str) -> Kind | None:
        """The kind that a ref's first word means."""
        name = self.kinds.follow(word, self.present)
        return None if name is None else self.model.kinds_by_name[name]

    def find_link(self, word: str) -> Link | None:
        """The link that an entry's word means."""
        name = self.links.follow(word, self.present)
        return None if name is None else self.model.links_by_name[name]

    def link_words(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Which of the known words mean the link of this name."""
        return self._meaning(name, known, self.links)

    def field_words(self, kind: str, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Which of the known words mean a field, for things of a kind."""
        return self._meaning(name, known, self.fields(kind))

    def find_field(self, kind: Kind, word: str) -> Field | None:
        """The field of a kind that an entry's word means."""
        own = kind.fields_by_name
        if word in own:
            return own[word]
        name = self.fields(kind.name).follow(word, self.present)
        return own.get(name or "")

    def find_carried(self, link: Link, word: str) -> Field | None:
        """The field carried by a link that an entry's word means."""
        own = link.carries_by_name
        if word in own:
            return own[word]
        return own.get(self._carried(link.name).follow(word, self.present) or "")

    def carried_words(self, link: str, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Which of the known words mean a field that a link carries."""
        return self._meaning(name, known, self._carried(link))

    def find_stage(self, kind: Kind, word: str) -> str | None:
        """The stage of a kind that a value means, letter case aside."""
        found = kind.find_stage(word)
        if found is not None:
            return found.name
        name = self._members("stage", kind.name, _stages_of).follow(word, self.present)
        return name if name in kind.stages_by_name else None

    @cached_property
    def kin(self) -> Mapping[str, frozenset[str]]:
        """Kind words that name one kind by way of `was`, and never two at once.

        A thing first mentioned under one of them is found under the others.
        """
        groups: dict[str, set[str]] = {}
        for layer, heirs in zip(self.kinds.layers, self.kinds.heirs, strict=True):
            for word, name in heirs.items():
                if word not in layer:
                    group = groups.get(name, {name}) | groups.get(word, {word})
                    groups |= dict.fromkeys(group, group)
        apart = {
            frozenset(pair)
            for layer in self.kinds.layers
            for pair in combinations([name for name in layer if name in groups], 2)
        }
        return {
            word: frozenset(
                each for each in group if each != word and frozenset((word, each)) not in apart
            )
            for word, group in groups.items()
        }

    def fields(self, kind: str) -> Course:
        """Names of a kind's fields through the models, by its present name."""
        return self._members("field", kind, _fields_of)

    @cached_property
    def kinds(self) -> Course:
        """Kind names through the models."""
        return Course(
            [{each.name: _said_as(each) for each in model.kinds} for model in self.models]
        )

    @cached_property
    def links(self) -> Course:
        """Link names through the models."""
        return Course(
            [{each.name: (*each.was, *each.words) for each in model.links} for model in self.models]
        )

    def _meaning(self, name: str, known: Iterable[str], course: Course) -> tuple[str, ...]:
        """Known words for a name; itself last, so that it wins within one entry."""
        words = [
            word
            for word in known
            if word == name or (word in course.every and course.follow(word, self.present) == name)
        ]
        return tuple(sorted(words, key=lambda word: word == name))

    def _members(self, sort: str, kind: str, members: Callable[[Kind], Named]) -> Course:
        """Names of what belongs to one kind, through all that it was called."""
        key = (sort, kind)
        if key not in self._kept:
            self._kept[key] = Course(
                [
                    {
                        name: was
                        for each in model.kinds
                        if self.kinds.from_to(each.name, index, self.present) == kind
                        for name, was in members(each).items()
                    }
                    for index, model in enumerate(self.models)
                ]
            )
        found = self._kept[key]
        assert isinstance(found, Course)
        return found

    def _carried(self, link: str) -> Course:
        key = ("carried", link)
        if key not in self._kept:
            self._kept[key] = Course(
                [
                    {
                        carried.name: carried.was
                        for each in model.links
                        if self.links.from_to(each.name, index, self.present) == link
                        for carried in each.carries
                    }
                    for index, model in enumerate(self.models)
                ]
            )
        found = self._kept[key]
        assert isinstance(found, Course)
        return found


def field_of(kind: Kind, name: str) -> Field | None:
    """A kind's field by name; `stage` means the field that holds the stage."""
    if name == STAGE and kind.stages:
        name = kind.stage_field
    return kind.fields_by_name.get(name)


def _said_as(kind: Kind) -> tuple[str, ...]:
    """Former names, and what refs say for a name of several words."""
    words = dict.fromkeys((*kind.was, *map(slug_of, (kind.name, *kind.was))))
    return tuple(word for word in words if word != kind.name)


def _fields_of(kind: Kind) -> Named:
    return {each.name: each.was for each in kind.fields_by_name.values()}


def _stages_of(kind: Kind) -> Named:
    return {each.name: each.was for each in kind.stages}
