"""A company's own words: kinds, fields, links, stages, interfaces, terms."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar, cast

from latticework.base.findings import Place
from latticework.base.refs import slug_of
from latticework.model.phrases import fold_phrase, link_phrases

TITLE = "title"
"""The field that every kind has: what people call the thing."""

STAGE = "stage"
"""The word of the query language for where a thing stands in its kind's course."""

Kept = TypeVar("Kept")


class Family(enum.StrEnum):
    """The sort of things a company names."""

    CONTEXT = "context"
    INTENT = "intent"
    COLLABORATION = "collaboration"
    INVESTMENT = "investment"
    CHANGE = "change"
    VOICES = "voices"


class Shape(enum.StrEnum):
    """What may be drawn with one link's edges."""

    NETWORK = "network"
    ACYCLIC = "acyclic"
    TREE = "tree"
    MUTUAL = "mutual"


@dataclass(frozen=True, slots=True)
class Origin:
    """A part of what another word named: the things of it that meet `where`.

    `where` is a condition of the query language, asked once, of the graph as it
    stands when the model that says it is applied.
    """

    word: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """A typed value of a kind, an interface or a link.

    `type` is a name in `model.values.TYPES`. `low` and `high` bound number,
    money, ratio and duration values. `unit` is a currency, or what a number
    counts. `per` is a period ("quarter"). `many` holds a list of values.
    `unique` values name at most one thing of the kind; those of a field of
    `people` name somebody, so that nothing is grouped by them. `was` lists earlier
    names, `origins` parts of other fields that this one takes over.
    """

    name: str
    type: str = "text"
    many: bool = False
    ranged: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    per: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    people: bool = False
    purpose: str = ""
    expires: date | None = None
    was: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step in a kind's course; `category` is the shared word for it.

    `entry` and `exit` say in words what lets a thing in and out; `needs` is a
    condition in the query language that a thing in this stage should meet.
    `limit` is how many things should stand in it at once; 0 is no limit.
    """

    name: str
    category: str = ""
    entry: str = ""
    exit: str = ""
    needs: str = ""
    limit: int = 0
    was: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Interface:
    """Fields and stage categories that several kinds provide by mapping."""

    name: str
    many: str = ""
    fields: tuple[Field, ...] = ()
    stages: tuple[str, ...] = ()
    purpose: str = ""
    expires: date | None = None
    was: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A sort of thing.

    `many` is the plural. `provides` names the interfaces it implements;
    `maps` gives an interface's field as an expression over own fields.
    `stage_field` names the field that holds the stage's word. Things of a kind
    of `people` are never counted, compared or ranked one by one. A kind that
    stands `aside` is said about other things, so that lists of kinds leave it out.
    """

    name: str
    family: Family
    many: str = ""
    fields: tuple[Field, ...] = ()
    stages: tuple[Stage, ...] = ()
    stage_field: str = STAGE
    provides: tuple[str, ...] = ()
    maps: Mapping[str, str] = field(default_factory=dict, hash=False)
    refresh: str = ""
    people: bool = False
    aside: bool = False
    purpose: str = ""
    expires: date | None = None
    was: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()

    @cached_property
    def fields_by_name(self) -> Mapping[str, Field]:
        """Own fields, with the title first and the stage where there is one."""
        every = {TITLE: Field(name=TITLE)}
        every |= {each.name: each for each in self.fields}
        if self.stages and self.stage_field not in every:
            every[self.stage_field] = Field(name=self.stage_field)
        return every

    @cached_property
    def stages_by_name(self) -> Mapping[str, Stage]:
        """Stages in their order."""
        return {each.name: each for each in self.stages}

    def find_stage(self, word: str) -> Stage | None:
        """The stage that is or was called `word`, letter case aside."""
        fold = word.strip().casefold()
        for each in self.stages:
            if fold in {name.casefold() for name in (each.name, *each.was)}:
                return each
        return None


@dataclass(frozen=True, kw_only=True)
class End:
    """Which kinds or interfaces a link may join, seen from one source.

    `most` and `most_back` bound this end alone; 0 is what the link says.
    """

    source: str
    targets: tuple[str, ...]
    most: int = 0
    most_back: int = 0


@dataclass(frozen=True, kw_only=True)
class Link:
    """A declared relation: one phrase each way, ends, and fields of its own.

    `name` reads source to target ("serves"), `back` the other way ("is served
    by"). `most` bounds targets per source, `most_back` sources per target; 0
    is no bound. `words` are further phrases for the forward reading.
    """

    name: str
    back: str
    ends: tuple[End, ...]
    carries: tuple[Field, ...] = ()
    most: int = 0
    most_back: int = 0
    shape: Shape = Shape.NETWORK
    words: tuple[str, ...] = ()
    purpose: str = ""
    expires: date | None = None
    was: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()

    @cached_property
    def carries_by_name(self) -> Mapping[str, Field]:
        """The link's own fields by name."""
        return {each.name: each for each in self.carries}


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the glossary, what it means here, and other words for it."""

    name: str
    means: str
    synonyms: tuple[str, ...] = ()
    purpose: str = ""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class NamedMoment:
    """A day that the company has a name for: a review, a plan to compare with.

    It is the end of its `day`; `known` bounds what counts as known by then,
    so that what was believed is read, not what was found out later.
    """

    name: str
    day: date
    known: date | None = None
    purpose: str = ""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One area's own words: from the company's word to the area's."""

    area: str
    words: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class RuleQuery:
    """A rule said as a query whose answer should be empty."""

    code: str
    flags: str
    says: str
    hint: str = ""
    severity: str = "warning"
    name: str = ""
    purpose: str = ""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A finding accepted for a while: which rule, about what, why, until when.

    `of` is a ref, or empty for every finding of the rule.
    """

    rule: str
    of: str
    why: str
    until: date


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A kept question: for whom, which decision it serves, what it leaves out.

    `lens` names the view that shows it, empty for a table; `shows` holds the
    view's further parameters.
    """

    name: str
    asks: str
    whom: str = ""
    decides: str = ""
    omits: str = ""
    lens: str = ""
    shows: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class BoundReading:
    """A reading in the company's words: what computes it, and what that is given.

    `given` holds queries, conditions, paths and lengths of time by the
    parameter's name.
    """

    name: str
    computes: str
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    purpose: str = ""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Model:
    """Everything a company has declared about its own words.

    `places` tells where each declaration stands ("kinds.epic.fields.gut"); it
    plays no part in equality.
    """

    company: str = ""
    uses: tuple[str, ...] = ()
    zone: str = "UTC"
    currency: str = ""
    interfaces: tuple[Interface, ...] = ()
    kinds: tuple[Kind, ...] = ()
    links: tuple[Link, ...] = ()
    terms: tuple[Term, ...] = ()
    dialects: tuple[Dialect, ...] = ()
    rules: tuple[RuleQuery, ...] = ()
    silences: tuple[Silence, ...] = ()
    views: tuple[SavedView, ...] = ()
    readings: tuple[BoundReading, ...] = ()
    moments: tuple[NamedMoment, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def kinds_by_name(self) -> Mapping[str, Kind]:
        """Kinds by their present name."""
        return {each.name: each for each in self.kinds}

    @cached_property
    def interfaces_by_name(self) -> Mapping[str, Interface]:
        """Interfaces by name."""
        return {each.name: each for each in self.interfaces}

    @cached_property
    def links_by_name(self) -> Mapping[str, Link]:
        """Links by their forward phrase."""
        return {each.name: each for each in self.links}

    def find_kind(self, word: str) -> Kind | None:
        """The kind of this name, plural, former name or local word."""
        return self._kinds_by_word.get(word.casefold())

    def kinds_of(self, word: str) -> tuple[Kind, ...]:
        """The kind of this name, or all kinds that provide the interface."""
        kind = self.find_kind(word)
        if kind:
            return (kind,)
        interface = self.find_interface(word)
        if interface is None:
            return ()
        return tuple(each for each in self.kinds if interface.name in each.provides)

    def find_interface(self, word: str) -> Interface | None:
        """The interface of this name, plural or former name."""
        fold = word.casefold()
        for each in self.interfaces:
            if fold in {name.casefold() for name in (each.name, each.many, *each.was)}:
                return each
        return None

    def find_link(self, phrase: str) -> tuple[Link, bool] | None:
        """The link that a phrase reads, and whether from source to target."""
        return self._links_by_phrase.get(fold_phrase(phrase))

    def links_from(self, kind: str) -> Iterator[Link]:
        """Links whose source may be a thing of this kind."""
        for link in self.links:
            if any(kind in self.end_kinds(end.source) for end in link.ends):
                yield link

    def links_to(self, kind: str) -> Iterator[Link]:
        """Links whose target may be a thing of this kind."""
        for link in self.links:
            if any(kind in self.end_kinds(word) for end in link.ends for word in end.targets):
                yield link

    def limits_of(self, link: Link) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many edges a thing of each kind may have, forward and back.

        The tightest word counts; a kind without a bound is left out.
        """
        forward: dict[str, int] = {}
        back: dict[str, int] = {}
        tree = 1 if link.shape is Shape.TREE else 0
        for end in link.ends:
            _tighten(forward, self.end_kinds(end.source), end.most or link.most or tree)
            for target in end.targets:
                _tighten(back, self.end_kinds(target), end.most_back or link.most_back)
        return forward, back

    def end_kinds(self, word: str) -> tuple[str, ...]:
        """Names of the kinds that an end's word stands for.

        `any` is all of them, and `anyone` those whose things are people.
        """
        return self.keep(("model", "ends", word), lambda: self._end_kinds(word))

    def keep(self, key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
        """What `make` gives, worked out once and kept as long as this model is.

        The first word of the key is the layer that asks.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Kept", self._kept[key])

    @cached_property
    def _kept(self) -> dict[tuple[str, ...], object]:
        return {}

    def _end_kinds(self, word: str) -> tuple[str, ...]:
        if word == "any":
            return tuple(self.kinds_by_name)
        if word == "anyone":
            return tuple(each.name for each in self.kinds if each.people)
        return tuple(each.name for each in self.kinds_of(word))

    @cached_property
    def _links_by_phrase(self) -> Mapping[str, tuple[Link, bool]]:
        """Every phrase of every link."""
        return link_phrases(self)

    @cached_property
    def _kinds_by_word(self) -> Mapping[str, Kind]:
        """Every word for a kind; present names win over former and local ones."""
        words: dict[str, Kind] = {}
        for dialect in self.dialects:
            for word, local in dialect.words.items():
                if word in self.kinds_by_name:
                    words[local.casefold()] = self.kinds_by_name[word]
        for kind in self.kinds:
            # Refs say a name of several words as a slug.
            words |= dict.fromkeys((slug_of(kind.name), *map(slug_of, kind.was)), kind)
            words |= {word.casefold(): kind for word in kind.was}
        for kind in self.kinds:
            words |= {word.casefold(): kind for word in (kind.many,) if word}
        for kind in self.kinds:
            words[kind.name.casefold()] = kind
        return words


def _tighten(limits: dict[str, int], kinds: tuple[str, ...], most: int) -> None:
    for kind in kinds if most else ():
        limits[kind] = min(most, limits.get(kind, most))
