"""From one model to the next: what is new, gone, renamed, merged, split, changed.

`was` tells what became of a word; see `load.py` for how it is written. What the
next model takes over in part is a `Part`: a question to the graph as it stands
before, whose answer moves to the new word. This layer knows no things: whoever
has a graph asks the questions and counts what is touched.

| code | says |
|---|---|
| EVOLVE001 | a kind, field, stage or link goes, and nothing takes it over |
| EVOLVE002 | a former name that no earlier model knows |
| EVOLVE003 | a field changes its type, so that values may not fit |
| EVOLVE004 | a new name that meant something else before |
| EVOLVE005 | only parts of what goes are taken over |
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from latticework.base.findings import Finding, Place, notice, warning
from latticework.base.near import near
from latticework.model.model import (
    BoundReading,
    Dialect,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    NamedMoment,
    Origin,
    RuleQuery,
    SavedView,
    Stage,
    Term,
)

Declaration = (
    Kind
    | Field
    | Stage
    | Link
    | Interface
    | RuleQuery
    | SavedView
    | BoundReading
    | Term
    | Dialect
    | NamedMoment
)


class What(enum.StrEnum):
    """What became of a declaration."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    CHANGED = "changed"


class Sort(enum.StrEnum):
    """What sort of declaration it is."""

    KIND = "kind"
    FIELD = "field"
    STAGE = "stage"
    LINK = "link"
    CARRIED = "carried field"
    INTERFACE = "interface"
    SHARED = "shared field"
    RULE = "rule"
    VIEW = "view"
    READING = "reading"
    TERM = "term"
    DIALECT = "dialect"
    MOMENT = "moment"


KEEPS_HISTORY = frozenset({Sort.KIND, Sort.FIELD, Sort.STAGE, Sort.LINK, Sort.CARRIED})
"""Sorts whose words stand in entries, so that losing one loses sight of something."""


@dataclass(frozen=True, kw_only=True)
class Alteration:
    """What became of one declaration.

    `owner` is the kind, link or interface to which it belongs, by its new
    name where it has one. `was` are the old names taken over; `details` say
    what differs, as "type: text → number".
    """

    sort: Sort
    what: What
    name: str
    owner: str = ""
    was: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One plain sentence without a full stop."""
        spot = f"{self.sort} {self.owner}.{self.name}" if self.owner else f"{self.sort} {self.name}"
        match self.what:
            case What.RENAMED:
                head = f"{spot} was {self.was[0]}"
            case What.MERGED:
                head = f"{spot} takes in {' and '.join(self.was)}"
            case What.SPLIT:
                head = f"{spot} takes a part of {' and '.join(self.was)}"
            case _:
                head = f"{spot} is {self.what}"
        return "; ".join((head, *self.details))


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a new word takes over of an old one: the answer to a question.

    `query` is asked of the graph before, in its words; it finds things of the
    old kind `owner`. Of a kind, they move to `new`; of a field, their value
    of `old` becomes one of `new`; of a stage, they enter it; of a link, their
    edges are drawn anew. `owner_now` is what the kind is called from now on.
    """

    sort: Sort
    owner: str
    owner_now: str
    old: str
    new: str
    query: str


@dataclass(frozen=True, kw_only=True)
class ModelDelta:
    """One model minus another."""

    old: Model
    new: Model
    alterations: tuple[Alteration, ...]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]

    def of(self, sort: Sort, *whats: What) -> tuple[Alteration, ...]:
        """Alterations of one sort, of these or all ways."""
        return tuple(
            each
            for each in self.alterations
            if each.sort is sort and (not whats or each.what in whats)
        )

    @cached_property
    def is_empty(self) -> bool:
        """Whether both models say the same."""
        return not self.alterations

    @cached_property
    def merged_kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Old kinds that one new kind takes in: equal slugs fall together there."""
        return {each.name: each.was for each in self.of(Sort.KIND, What.MERGED)}


def preview(old: Model, new: Model) -> ModelDelta:
    """What a new model would change in an old one, and what it would lose."""
    return _Comparison(old, new).delta()


def tell_model(delta: ModelDelta) -> tuple[str, ...]:
    """The alterations as plain sentences, in the order of the model."""
    return tuple(f"{each}." for each in delta.alterations)


@dataclass(frozen=True)
class _Group:
    """Declarations of one sort below one owner, then and now.

    `owner_then` is the owner's old name; `path` leads to `Model.places`.
    """

    sort: Sort
    then: Mapping[str, Declaration]
    now: Mapping[str, Declaration]
    path: tuple[str, ...]
    owner: str = ""
    owner_then: str = ""

    @cached_property
    def heirs(self) -> Mapping[str, tuple[str, ...]]:
        """New names to the old ones that they take over whole."""
        heirs = {}
        for name, item in self.now.items():
            before = self.then.get(name)
            known = _was_of(before) if before else ()
            taken = [
                word
                for word in _was_of(item)
                if word in self.then and word not in self.now and word not in known
            ]
            if taken:
                heirs[name] = tuple(taken)
        return heirs

    @cached_property
    def origins(self) -> Mapping[str, tuple[Origin, ...]]:
        """New names to the parts of old ones that they take over from now on."""
        origins = {}
        for name, item in self.now.items():
            before = self.then.get(name)
            known = _origins_of(before) if before else ()
            taken = [each for each in _origins_of(item) if each not in known]
            taken = [each for each in taken if each.word in self.then]
            if taken:
                origins[name] = tuple(taken)
        return origins

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """Old names that nothing takes over whole."""
        taken = {word for words in self.heirs.values() for word in words}
        return tuple(name for name in self.then if name not in self.now and name not in taken)


class _Comparison:
    """Two models, group by group."""

    def __init__(self, old: Model, new: Model) -> None:
        self.old = old
        self.new = new

    def delta(self) -> ModelDelta:
        """Everything in one value."""
        groups = tuple(self.groups())
        return ModelDelta(
            old=self.old,
            new=self.new,
            alterations=tuple(each for group in groups for each in _alterations(group)),
            parts=tuple(each for group in groups for each in self.parts(group)),
            findings=tuple(each for group in groups for each in self.findings(group)),
        )

    def groups(self) -> Iterator[_Group]:
        """Kinds with their fields and stages, links with theirs, then the rest."""
        old, new = self.old, self.new
        kinds = _Group(Sort.KIND, old.kinds_by_name, new.kinds_by_name, ("kinds",))
        yield kinds
        for name, kind in new.kinds_by_name.items():
            before = _before(kinds, name)
            owner_then = _name_of(before[0]) if before else ""
            for sort, key in ((Sort.FIELD, "fields"), (Sort.STAGE, "stages")):
                then = _members(before, key)
                now = _members([kind], key)
                if before:
                    yield _Group(sort, then, now, ("kinds", name, key), name, owner_then)
        then_links = {each.name: _in_words(each, kinds) for each in old.links}
        links = _Group(Sort.LINK, then_links, new.links_by_name, ("links",))
        yield links
        for name, link in new.links_by_name.items():
            earlier = _before(links, name)
            if earlier:
                then, now = _members(earlier, "carries"), _members([link], "carries")
                path = ("links", name, "carries")
                yield _Group(Sort.CARRIED, then, now, path, name, _name_of(earlier[0]))
        yield from self.plain_groups()

    def plain_groups(self) -> Iterator[_Group]:
        """Declarations of which no thing keeps a word."""
        old, new = self.old, self.new
        interfaces = _Group(
            Sort.INTERFACE, old.interfaces_by_name, new.interfaces_by_name, ("interfaces",)
        )
        yield interfaces
        for name, interface in new.interfaces_by_name.items():
            before = _before(interfaces, name)
            if before:
                then, now = _members(before, "fields"), _members([interface], "fields")
                yield _Group(Sort.SHARED, then, now, ("interfaces", name, "fields"), name)
        yield _Group(Sort.RULE, _named(old.rules), _named(new.rules), ("rules",))
        yield _Group(Sort.VIEW, _named(old.views), _named(new.views), ("views",))
        yield _Group(Sort.READING, _named(old.readings), _named(new.readings), ("readings",))
        yield _Group(Sort.TERM, _named(old.terms), _named(new.terms), ("terms",))
        yield _Group(Sort.DIALECT, _named(old.dialects), _named(new.dialects), ("dialects",))
        yield _Group(Sort.MOMENT, _named(old.moments), _named(new.moments), ("moments",))

    def parts(self, group: _Group) -> Iterator[Part]:
        """The questions whose answers move to a new word."""
        for name, origins in group.origins.items():
            for origin in origins:
                for owner, owner_now in self.owners(group, origin.word):
                    yield Part(
                        sort=group.sort,
                        owner=owner,
                        owner_now=owner_now,
                        old=origin.word,
                        new=name,
                        query=_question(group, owner, origin),
                    )

    def owners(self, group: _Group, word: str) -> Iterator[tuple[str, str]]:
        """Old kinds in which a word is found, with their present names."""
        if group.sort is Sort.KIND:
            yield word, word
        elif group.sort is Sort.LINK:
            for end in self.old.links_by_name[word].ends:
                yield end.source, end.source
        elif group.sort in KEEPS_HISTORY:
            yield group.owner_then, group.owner

    def findings(self, group: _Group) -> Iterator[Finding]:
        """What would be lost or misread."""
        if group.sort not in KEEPS_HISTORY:
            return
        for name in group.lost:
            yield self.loss(group, name)
        for name, item in group.now.items():
            place = self.place(group, name)
            yield from _unknown_was(group, name, item, place)
            yield from _reused(group, name, place)
            yield from _retyped(group, name, item, place)

    def loss(self, group: _Group, name: str) -> Finding:
        """A word that goes with nothing to take over what was said with it."""
        spot = f"{group.owner}.{name}" if group.owner else name
        takers = [
            new
            for new, origins in group.origins.items()
            if any(origin.word == name for origin in origins)
        ]
        if takers:
            says = f"{group.sort} '{spot}' goes, and {' and '.join(takers)} take parts of it only"
            hint = f"write 'was: {name}' for the one that takes the rest"
            return warning("EVOLVE005", says, hint=hint, place=self.place(group), value=name)
        says = f"{group.sort} '{spot}' goes, and nothing takes it over"
        fresh = [each for each in group.now if each not in group.then]
        close = near(name, fresh) or (fresh if len(fresh) == 1 else ())
        heir = f"'{close[0]}'" if close else "its heir"
        hint = f"write 'was: {name}' at {heir} to keep history and links, if it has one"
        return warning("EVOLVE001", says, hint=hint, place=self.place(group), value=name)

    def place(self, group: _Group, *names: str) -> Place:
        """Where a declaration stands in the new file, or what is around it."""
        path = (*group.path, *names)
        for length in range(len(path), 0, -1):
            found = self.new.places.get(".".join(path[:length]))
            if found is not None:
                return found
        return Place()


def _alterations(group: _Group) -> Iterator[Alteration]:
    """New and altered declarations in their order, then those that go."""
    for name, item in group.now.items():
        before = group.then.get(name)
        heirs = group.heirs.get(name, ())
        taken = tuple(dict.fromkeys(each.word for each in group.origins.get(name, ())))
        olds = (name, *heirs) if before else heirs
        source = group.then.get(olds[0]) if olds else None
        details = _differences(source, item) if source else ()
        if len(olds) > 1:
            what, was = What.MERGED, olds
        elif heirs:
            what, was = What.RENAMED, heirs
        elif taken:
            what, was = What.SPLIT, taken
        elif before is None:
            what, was = What.NEW, ()
        elif details:
            what, was = What.CHANGED, ()
        else:
            continue
        yield Alteration(
            sort=group.sort, what=what, name=name, owner=group.owner, was=was, details=details
        )
    for name in group.lost:
        yield Alteration(sort=group.sort, what=What.GONE, name=name, owner=group.owner)


def _before(group: _Group, name: str) -> list[Declaration]:
    """The old declarations that became this one, its own first."""
    olds = ([name] if name in group.then else []) + list(group.heirs.get(name, ()))
    olds = olds or [each.word for each in group.origins.get(name, ())]
    return [group.then[each] for each in olds]


def _in_words(link: Link, kinds: _Group) -> Link:
    """An old link with its ends in the new names of kinds, so that renames alone show none."""
    words = {old: new for new, olds in kinds.heirs.items() for old in olds}
    targets: dict[str, dict[str, None]] = {}
    for end in link.ends:
        named = targets.setdefault(words.get(end.source, end.source), {})
        named |= dict.fromkeys(words.get(each, each) for each in end.targets)
    bounds = {words.get(end.source, end.source): end for end in link.ends}
    ends = tuple(
        replace(bounds[source], source=source, targets=tuple(named))
        for source, named in targets.items()
    )
    return replace(link, ends=ends)


def _members(items: Iterable[Declaration], key: str) -> dict[str, Declaration]:
    """Fields or stages of declarations by name; the first of a name counts."""
    members: dict[str, Declaration] = {}
    for item in items:
        for each in getattr(item, key):
            members.setdefault(each.name, each)
    return members


def _named(items: Iterable[Declaration]) -> dict[str, Declaration]:
    return {_name_of(each): each for each in items}


def _name_of(item: Declaration) -> str:
    """The word that stands for a declaration: a name, a code or an area."""
    if isinstance(item, RuleQuery):
        return item.code
    return item.area if isinstance(item, Dialect) else item.name


def _was_of(item: Declaration | None) -> tuple[str, ...]:
    return item.was if isinstance(item, Kind | Field | Stage | Link | Interface) else ()


def _origins_of(item: Declaration | None) -> tuple[Origin, ...]:
    return item.origins if isinstance(item, Kind | Field | Stage | Link) else ()


_COMPARED_APART = frozenset({"name", "code", "area", "was", "origins"})
_MEMBERS: Mapping[type, frozenset[str]] = {
    Kind: frozenset({"fields", "stages"}),
    Link: frozenset({"carries"}),
    Interface: frozenset({"fields"}),
}


def _differences(old: Declaration, new: Declaration) -> tuple[str, ...]:
    """What differs, key by key; members are compared on their own."""
    skipped = _COMPARED_APART | _MEMBERS.get(type(new), frozenset())
    details = []
    for each in fields(new):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name not in skipped and before != after:
            details.append(f"{_key(each.name)}: {_shown(before)} → {_shown(after)}")
    if list(_order(old)) != list(_order(new)) and set(_order(old)) == set(_order(new)):
        details.append("another order")
    return tuple(details)


def _order(item: Declaration) -> Sequence[str]:
    return [each.name for each in item.stages] if isinstance(item, Kind) else []


_KEYS = {"stage_field": "stage field", "most_back": "most back", "provides": "is", "maps": "as"}


def _key(name: str) -> str:
    return _KEYS.get(name, name)


def _shown(value: object) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value) or "nothing"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items()) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "source") and hasattr(value, "targets"):
        return f"{value.source} to {' or '.join(value.targets)}"
    return "nothing" if value is None or value == "" else str(value)


def _question(group: _Group, owner: str, origin: Origin) -> str:
    """The question whose answer a new word takes over."""
    where = f"({origin.where})"
    if group.sort is Sort.STAGE:
        quoted = '"' + origin.word.replace('"', "'") + '"'
        return f"{owner} where stage is {quoted} and {where}"
    return f"{owner} where {where}"


def _unknown_was(group: _Group, name: str, item: Declaration, place: Place) -> Iterator[Finding]:
    """Former names that the old model neither has nor remembers."""
    known = {word for each in group.then.values() for word in (*_was_of(each),)} | {*group.then}
    said = (*_was_of(item), *(each.word for each in _origins_of(item)))
    remembered = {each.word for old in group.then.values() for each in _origins_of(old)}
    for word in said:
        if word not in known | remembered:
            says = f"{group.sort} '{name}' was '{word}', which nothing was called before"
            close = near(word, group.then)
            hint = f"did you mean '{close[0]}'?" if close else "leave it out, unless packs say it"
            yield notice("EVOLVE002", says, hint=hint, place=place, value=word)


def _reused(group: _Group, name: str, place: Place) -> Iterator[Finding]:
    """A new declaration under a name that another one bore before."""
    if name in group.then:
        return
    for other, old in group.then.items():
        if name in _was_of(old):
            says = f"'{name}' is what {group.sort} '{other}' was; what was said then stays with it"
            hint = "choose a word that was never used for another"
            yield warning("EVOLVE004", says, hint=hint, place=place, value=name)


def _retyped(group: _Group, name: str, item: Declaration, place: Place) -> Iterator[Finding]:
    """A field whose earlier values may not fit any more."""
    heirs = group.heirs.get(name, ())
    for word in (name, *heirs):
        old = group.then.get(word)
        if not isinstance(old, Field) or not isinstance(item, Field) or item.type == "text":
            continue
        if old.type != item.type:
            says = f"'{group.owner}.{name}' was {old.type} and is {item.type} now"
            hint = "look at 'latticework check' afterwards; values stay as they were written"
            yield warning("EVOLVE003", says, hint=hint, place=place, value=item.type)
