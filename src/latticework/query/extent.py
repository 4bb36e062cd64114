"""Which kinds a word stands for, and which fields and links they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from latticework.model.model import STAGE, TITLE, Field, Interface, Kind, Link, Model
from latticework.query.arithmetic import Own, own_names, parse_expression
from latticework.query.phrases import ways_of
from latticework.query.plan import FieldRead, LinkStep, Source

_EXPRESSION_TYPES = frozenset({"number", "money", "ratio", "duration"})


@dataclass(frozen=True)
class Extent:
    """The kinds a scope speaks of, and the interface it names, if any."""

    kinds: tuple[Kind, ...]
    word: str
    interface: Interface | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the kinds."""
        return tuple(each.name for each in self.kinds)


@dataclass(frozen=True)
class Lookup:
    """Finds a model's names, however they are written.

    `later` is the model the question was asked in, where this one is that of
    a past day: a name unknown here is tried under its former names.
    """

    model: Model
    later: Model | None = None

    def find_extent(self, word: str) -> Extent | None:
        """The kinds of a kind's or interface's name."""
        for each in self._earlier_kinds(word):
            kind = self.model.find_kind(each)
            if kind:
                return Extent((kind,), kind.name)
            interface = self.model.find_interface(each)
            if interface:
                return Extent(self.model.kinds_of(interface.name), interface.name, interface)
        named = self._synonyms.get(word.casefold())
        return self.find_extent(named) if named else None

    def everything(self) -> Extent:
        """Every kind."""
        return Extent(self.model.kinds, "any")

    def extent_of_ref(self, ref: str) -> Extent:
        """The kind that a ref names, else every kind."""
        word = ref.partition("/")[0]
        return (
            self.find_extent(word) or self.find_extent(word.replace("-", " ")) or self.everything()
        )

    def extent_of_kinds(self, names: Iterable[str], word: str) -> Extent:
        """The kinds of these names."""
        wanted = set(names)
        return Extent(tuple(each for each in self.model.kinds if each.name in wanted), word)

    @cached_property
    def _synonyms(self) -> Mapping[str, str]:
        """Glossary words to the kind or interface they stand for."""
        return {
            synonym.casefold(): term.name
            for term in self.model.terms
            for synonym in term.synonyms
            if self.model.find_kind(term.name) or self.model.find_interface(term.name)
        }

    @cached_property
    def local_words(self) -> Mapping[str, str]:
        """Words of dialects to the company's own."""
        return {
            local.casefold(): word
            for dialect in self.model.dialects
            for word, local in dialect.words.items()
        }

    def _earlier_kinds(self, word: str) -> Iterator[str]:
        yield word
        kind = self.later.find_kind(word) if self.later else None
        if kind:
            yield from (kind.name, *kind.was)

    def kind_words(self) -> Iterator[str]:
        """Every word that names kinds, for hints."""
        for kind in self.model.kinds:
            yield kind.name
            if kind.many:
                yield kind.many
        for interface in self.model.interfaces:
            yield interface.name
            if interface.many:
                yield interface.many

    # Fields --------------------------------------------------------------------------

    def find_field(self, word: str, extent: Extent) -> FieldRead | None:
        """The field of this name as the kinds of the extent have it."""
        for each in self._earlier_fields(word):
            sources = tuple(
                source
                for kind in extent.kinds
                if (source := self._source(each.casefold(), kind, extent.interface))
            )
            if sources:
                return FieldRead(_shown_name(sources, each), sources)
        return None

    def _earlier_fields(self, word: str) -> Iterator[str]:
        yield word
        local = self.local_words.get(word.casefold())
        if local is not None:
            yield local
        if self.later is None:
            return
        for kind in self.later.kinds:
            for each in kind.fields:
                if each.name.casefold() == word.casefold():
                    yield from each.was

    def _source(self, fold: str, kind: Kind, interface: Interface | None) -> Source | None:
        if interface is not None:
            mapped = self._mapped(fold, kind, (interface,))
            staged = _staged(kind) if fold == STAGE and kind.stages else None
            return mapped or staged or self._own(fold, kind)
        provided = (self.model.interfaces_by_name.get(name) for name in kind.provides)
        return self._own(fold, kind) or self._mapped(fold, kind, [p for p in provided if p])

    def _own(self, fold: str, kind: Kind) -> Source | None:
        for name, own in kind.fields_by_name.items():
            if fold in {name.casefold(), *(each.casefold() for each in own.was)}:
                if name == kind.stage_field and kind.stages:
                    return _staged(kind)
                return Source(kind=kind.name, field=own, column=name)
        return _staged(kind) if fold == STAGE and kind.stages else None

    def _mapped(self, fold: str, kind: Kind, interfaces: Iterable[Interface]) -> Source | None:
        for interface in interfaces:
            field = next((e for e in interface.fields if e.name.casefold() == fold), None)
            text = kind.maps.get(field.name) if field else None
            if field and text:
                return self._expressed(field, kind, text)
        return None

    def _expressed(self, field: Field, kind: Kind, text: str) -> Source | None:
        """A mapping; a plain name reads the kind's own field, type and all."""
        expression = parse_expression(text)
        if expression is None:
            return None
        if isinstance(expression, Own):
            return self._own(expression.name.casefold(), kind)
        parts = {name: self._own(name.casefold(), kind) for name in own_names(expression)}
        if not all(each and each.field.type in _EXPRESSION_TYPES for each in parts.values()):
            return None
        known = tuple((name, each) for name, each in parts.items() if each)
        return Source(
            kind=kind.name, field=field, column=field.name, expression=expression, parts=known
        )

    def broken_maps(self, word: str, extent: Extent) -> Iterator[tuple[str, str]]:
        """Kinds whose mapping to an interface's field cannot be worked out, with its text."""
        for kind in extent.kinds:
            for name, text in kind.maps.items():
                if name.casefold() == word.casefold() and self.find_field(word, extent) is None:
                    yield kind.name, text

    def field_words(self, extent: Extent) -> Iterator[str]:
        """Every field the kinds have, for hints."""
        if extent.interface is not None:
            yield from (each.name for each in extent.interface.fields)
        for kind in extent.kinds:
            yield from kind.fields_by_name
            if kind.stages:
                yield STAGE
            for name in kind.provides:
                interface = self.model.interfaces_by_name.get(name)
                yield from (each.name for each in interface.fields) if interface else ()

    # Links ---------------------------------------------------------------------------

    def find_step(self, word: str) -> LinkStep | None:
        """Every link that the phrase reads, forward or back."""
        for each in self._earlier_links(word):
            ways = self._ways.get(_spaced(each))
            if ways:
                return LinkStep(word, ways)
        return None

    def _earlier_links(self, word: str) -> Iterator[str]:
        yield word
        if self.later is None:
            return
        for link in self.later.links:
            forms = {_spaced(form) for name in (link.name, *link.words) for form in ways_of(name)}
            if _spaced(word) in forms:
                yield from link.was
            if link.back and _spaced(word) in {_spaced(form) for form in ways_of(link.back)}:
                yield from (f"\0{name}" for name in (link.name, *link.was))

    @cached_property
    def _ways(self) -> Mapping[str, tuple[tuple[str, bool], ...]]:
        """Phrases in folded letter case to links; exact phrases before derived ones."""
        exact: dict[str, dict[tuple[str, bool], None]] = {}
        derived: dict[str, dict[tuple[str, bool], None]] = {}
        for link in self.model.links:
            for phrase, back in _phrases(link):
                exact.setdefault(_spaced(phrase), {})[link.name, back] = None
                for form in ways_of(phrase):
                    derived.setdefault(_spaced(form), {})[link.name, back] = None
            exact[f"\0{link.name.casefold()}"] = {(link.name, True): None}
        return {phrase: tuple(ways) for phrase, ways in (derived | exact).items()}

    def link_words(self, extent: Extent) -> tuple[str, ...]:
        """The phrases that the kinds have, both ways, for hints."""
        key = ("query", "link words", *extent.names)
        return self.model.keep(key, lambda: tuple(self._link_words(extent)))

    def _link_words(self, extent: Extent) -> Iterator[str]:
        for link in self.model.links:
            if self.ends_after(link, extent.names, back=False):
                yield link.name
            if link.back and self.ends_after(link, extent.names, back=True):
                yield link.back

    def ends_after(self, link: Link, kinds: Iterable[str], *, back: bool) -> frozenset[str]:
        """The kinds one step away over a link."""
        start = frozenset(kinds)
        found: set[str] = set()
        for end in link.ends:
            sources = set(self.model.end_kinds(end.source))
            targets = {name for word in end.targets for name in self.model.end_kinds(word)}
            here, there = (targets, sources) if back else (sources, targets)
            if here & start:
                found |= there
        return frozenset(found)

    def reach_of(self, step: LinkStep, kinds: Iterable[str]) -> frozenset[str]:
        """The kinds that a step leads to, repeated as it says."""
        start = frozenset(kinds)
        reached = self._one_step(step, start)
        if step.repeat:
            before: frozenset[str] = frozenset()
            while reached != before:
                before, reached = reached, reached | self._one_step(step, reached)
        return reached | start if step.repeat == "*" else reached

    def _one_step(self, step: LinkStep, kinds: frozenset[str]) -> frozenset[str]:
        by_name = self.model.links_by_name
        ends = (self.ends_after(by_name[name], kinds, back=back) for name, back in step.ways)
        return frozenset().union(*ends)


def lookup_of(model: Model) -> Lookup:
    """The one lookup of a model's own names; what it finds out stays known."""
    return model.keep(("query", "lookup"), lambda: Lookup(model))


def _staged(kind: Kind) -> Source:
    field = kind.fields_by_name.get(kind.stage_field, Field(name=kind.stage_field))
    return Source(kind=kind.name, field=field, column=kind.stage_field, staged=kind)


def _shown_name(sources: tuple[Source, ...], word: str) -> str:
    """The field's present name, or the interface's word where kinds differ."""
    names = {each.column for each in sources}
    if len(names) == 1 and sources[0].staged is None:
        return sources[0].column
    return word.casefold() if word.casefold() in {STAGE, TITLE} else word


def _spaced(phrase: str) -> str:
    return " ".join(phrase.casefold().split())


def _phrases(link: Link) -> Iterator[tuple[str, bool]]:
    """Each phrase of a link, and whether it reads back; mutual links read both ways."""
    mutual = link.shape.value == "mutual"
    for phrase in (link.name, *link.words, *link.was):
        yield phrase, False
        if mutual:
            yield phrase, True
    if link.back:
        yield link.back, True
        if mutual:
            yield link.back, False
