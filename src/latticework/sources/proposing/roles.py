"""Which kind of a company stands for each sort of record; drafted where none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from latticework.model.model import Kind, Link, Model
from latticework.sources.proposing.drafting import RAW, Drafted, draft_kind
from latticework.sources.proposing.infer import extra_fields, paths_of
from latticework.sources.proposing.sample import Listed, Sample, Seen, fold, narrowed, texts_under
from latticework.sources.proposing.usual import Usual, UsualKind, UsualLink, plain_words, usual_of
from latticework.sources.tree import Fields

FITS = 0.6
LEAST_FIELDS = 3
"""The share of a kind's fields that a sheet must hold to be taken for it, and how many."""


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Which kind of the company stands for each sort of record."""

    sample: Sample
    drafted: Drafted
    kinds: Mapping[str, Kind]
    usual: Mapping[str, UsualKind]
    lists: Mapping[str, Listed | None]
    new: tuple[str, ...]

    @property
    def model(self) -> Model:
        """The model with the kinds that are drafted."""
        return self.drafted.model


def list_of(sample: Sample, kind: UsualKind) -> Listed | None:
    """The list in which records of a sort stand."""
    told = kind.start or kind.like or not kind.mentions
    return sample.find(kind.start, kind.file) if told else None


def own_list(kinds: Iterable[UsualKind], sample: Sample, kind: UsualKind) -> Listed | None:
    """The records of a sort alone, where a list holds several."""
    listed = list_of(sample, kind)
    apart = {
        path: words
        for each in kinds
        if each.like == kind.name
        for path, words in each.where.items()
    }
    if listed is None or not (kind.where or apart):
        return listed
    return narrowed(
        listed,
        lambda record: _is_where(record, kind.where) and not (apart and _is_where(record, apart)),
    )


def _is_where(record: Fields, where: Mapping[str, tuple[str, ...]]) -> bool:
    return all(set(texts_under(record, path)) & set(words) for path, words in where.items())


# ---- what is there


def filled(usual: Usual, sample: Sample) -> Usual:
    """The kinds of which a sample holds something, and fields for what nobody knows."""
    known = {path for kind in usual.kinds for pick in _picks(kind) for path in paths_of(pick)}
    kinds = []
    for kind in usual.kinds:
        listed = list_of(sample, kind)
        kind = replace(
            kind, mentions=tuple(each for each in kind.mentions if place_of(usual, sample, each))
        )
        if listed is None:
            if kind.mentions:
                kinds.append(kind)
            continue
        where = {path: _present(listed, path, words) for path, words in kind.where.items()}
        if not all(where.values()):
            if kind.mentions:
                kinds.append(replace(kind, like="", start="", where={}))
            continue
        # What records hold several of, each with values of its own, is no value of theirs.
        apart = (*usual.aside, *listed.inner)
        aside = [p for p in listed.seen if p in known or _is_aside(p, apart)]
        extra = extra_fields(listed, aside)
        kinds.append(replace(kind, where=where, fields=(*kind.fields, *extra)))
    return replace(usual, kinds=tuple(kinds))


def place_of(usual: Usual, sample: Sample, place: str) -> tuple[Listed, str] | None:
    """The list and the way in it to which a mention leads; None where nothing stands there."""
    first, _, rest = place.partition(".")
    kind = next((each for each in usual.kinds if each.name == first), None)
    listed = sample.find(kind.start, kind.file) if kind else sample.find(first)
    if listed is None or (rest and not listed.holds(rest)):
        return None
    return listed, rest


def _is_aside(path: str, aside: Iterable[str]) -> bool:
    path = path.casefold()
    return any(f"{path}.".startswith(f"{each.casefold()}.") for each in aside)


def _present(listed: Listed, path: str, words: Iterable[str]) -> tuple[str, ...]:
    seen = listed.seen.get(path, Seen()).values
    return tuple(each for each in words if each in seen)


def _picks(kind: UsualKind) -> Iterator[str]:
    yield from (kind.key, kind.stage, kind.category, *kind.where)
    yield from (each.pick for each in kind.fields)
    yield from (each.pick for each in kind.links)


def kept_pick(pick: str, holds: Iterable[str]) -> str:
    """A pick without the alternatives that lead nowhere; empty where none leads anywhere."""
    head, bar, steps = pick.partition(" | ")
    there = set(holds)
    left = [each for each in head.split(" or ") if each.strip().strip('"') in there | {"it"}]
    return f"{' or '.join(left)}{bar}{steps}" if left else ""


# ---- kinds


def roles_of(sample: Sample, usual: Usual, model: Model, *, raw: bool) -> Roles:
    """A kind for each sort: the company's, or a drafted one where a main one is missing."""
    taken: dict[str, Kind] = {}
    missing: list[UsualKind] = []
    for kind in usual.kinds:
        others = {each.name for each in taken.values()}
        found = _match(kind, model, others, sample)
        if found is not None:
            taken[kind.name] = found
        else:
            missing.append(kind)
    drafted = Drafted(model)
    new: list[str] = []
    needed = any(not each.mentions and not each.like and each.draft for each in missing)
    for kind in missing if needed else ():
        if kind.draft:
            names = [*taken, *(each.name for each in missing if each.draft)]
            own, whole = own_list(usual.kinds, sample, kind), list_of(sample, kind)
            made, said = draft_kind(kind, own, whole, names)
            drafted, taken[kind.name] = drafted.with_kind(made, said), made
            new.append(kind.name)
    for name, found in list(taken.items()) if raw else ():
        usual_kind = next(each for each in usual.kinds if each.name == name)
        if name in new or RAW in found.fields_by_name or usual_kind.ours:
            continue
        if list_of(sample, usual_kind) is not None:
            drafted = drafted.with_raw(found)
            taken[name] = drafted.model.kinds_by_name[found.name]
    order = {each.name: each for each in usual.kinds if each.name in taken}
    return Roles(
        sample=sample,
        drafted=drafted,
        kinds={name: taken[name] for name in order},
        usual=order,
        lists={name: own_list(tuple(order.values()), sample, each) for name, each in order.items()},
        new=tuple(new),
    )


def _match(kind: UsualKind, model: Model, taken: set[str], sample: Sample) -> Kind | None:
    """The company's kind for records of one sort: by its words, else by its fields."""
    if kind.people:
        people = [each for each in model.kinds if each.people and each.name not in taken]
        if people:
            return people[0]
    for word in (kind.name, *kind.called):
        found = model.find_kind(word)
        if found is not None and found.name not in taken:
            return found
    if kind.mentions or kind.like or usual_of(sample.form):
        return None
    free = [each for each in model.kinds if each.name not in taken and not each.people]
    return next((each for each in free if _is_like(each, kind, sample)), None)


def _is_like(kind: Kind, usual: UsualKind, sample: Sample) -> bool:
    """Whether a sheet of unknown name speaks of a kind: its fields, or its stages."""
    words = {word for each in usual.fields for word in each.words}
    names = [fold(each.name) for each in kind.fields if each.name != RAW]
    met = sum(name in words for name in names)
    if met >= LEAST_FIELDS and met >= FITS * len(names):
        return True
    stages = {fold(stage.name) for stage in kind.stages}
    listed = list_of(sample, usual)
    said = listed.seen.get(usual.stage.strip('"')) if listed else None
    return bool(met and said and stages and all(fold(word) in stages for word in said.values))


# ---- links


def with_links(roles: Roles) -> Roles:
    """The same with the links that drafted kinds need."""
    drafted = roles.drafted
    for name in roles.new:
        usual = roles.usual[name]
        listed = roles.lists[name]
        for each in usual.links if listed else ():
            targets = [roles.kinds[to].name for to in each.to if to in roles.kinds]
            assert listed is not None
            back = next((other for other in usual.links if other.name == each.back), each)
            held = any(kept_pick(way.pick, listed.seen) for way in (each, back))
            if each.draft and targets and held:
                drafted = drafted.with_link(roles.kinds[name].name, each.name, each.back, targets)
    return replace(roles, drafted=drafted)


def phrase_for(model: Model, kind: Kind, target: Kind, each: UsualLink, used: set[str]) -> str:
    """The company's phrase for a link: by its words, by its way, or the only one there is."""
    single = {link.name for link in model.links if link.most == 1} & used
    phrases = [each for each in _phrases(model, kind.name, target.name) if each not in single]
    for word in each.words:
        for phrase in phrases:
            if fold(phrase) == fold(word):
                return phrase
    free = [phrase for phrase in phrases if phrase not in used]
    words = {fold(word) for path in paths_of(each.pick) for word in path.split(".")}
    close = [phrase for phrase in free if words & set(fold(phrase).split())]
    if close or not each.draft:
        return close[0] if close else ""
    meant = {fold(role.link) for role in plain_words().within}
    forward = [
        phrase
        for phrase in free
        if phrase in {link.name for link in model.links} and fold(phrase) not in meant
    ]
    return forward[0] if len(forward) == 1 and kind.name != target.name else ""


def _phrases(model: Model, source: str, target: str) -> Iterator[str]:
    """Every phrase that leads from one kind to another, forward ones first."""
    yield from (link.name for link in model.links if _joins(model, link, source, target))
    yield from (link.back for link in model.links if _joins(model, link, target, source))


def _joins(model: Model, link: Link, source: str, target: str) -> bool:
    return any(
        source in model.end_kinds(end.source)
        and any(target in model.end_kinds(word) for word in end.targets)
        for end in link.ends
    )
