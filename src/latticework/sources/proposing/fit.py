"""What a source usually holds, fitted to the words of one company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from latticework.base.near import near
from latticework.model.model import Field, Kind, Model
from latticework.model.scalars import parse_value
from latticework.sources.proposing.drafting import MOST_STAGES, RAW, Drafted
from latticework.sources.proposing.infer import dated, kinds_in, mark_of, paths_of, quoted, type_of
from latticework.sources.proposing.roles import (
    Roles,
    filled,
    kept_pick,
    phrase_for,
    place_of,
    roles_of,
    with_links,
)
from latticework.sources.proposing.sample import (
    Listed,
    Sample,
    Seen,
    fold,
    last_of,
    words_of,
)
from latticework.sources.proposing.usual import (
    Usual,
    UsualKind,
    category_of,
    means_the_same,
    plain_words,
    same_words,
    usual_of,
)
from latticework.sources.recipes.steps import unguarded

ALIKE = 0.85
"""How much of two names is the same where one is a misspelling of the other."""

Turns = Mapping[str, str] | Sequence[str] | str


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the source, how often it stands there, and the company's word for it.

    `near` are further words that it may mean; `guessed` where only its sort is known.
    """

    theirs: str
    count: int
    ours: str = ""
    guessed: bool = False
    near: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CellDraft:
    """A field of the company and where its values stand."""

    field: str
    pick: str
    words: tuple[Word, ...] = ()
    turns: Turns = ""


@dataclass(frozen=True, kw_only=True)
class TieDraft:
    """A phrase of the company, to which kind it leads, and where the keys stand."""

    phrase: str
    kind: str
    pick: str
    turns: Turns = ""


@dataclass(frozen=True, kw_only=True)
class PartDraft:
    """How records of one sort become things of one kind."""

    kind: Kind
    usual: UsualKind
    listed: Listed | None = None
    start: str = ""
    mentions: tuple[str, ...] = ()
    key: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: tuple[CellDraft, ...] = ()
    ties: tuple[TieDraft, ...] = ()
    raw: str = ""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """All parts of a first recipe, and the words that the model lacks for it."""

    sample: Sample
    usual: Usual
    parts: tuple[PartDraft, ...]
    drafted: Drafted


def fit(sample: Sample, model: Model, *, raw: bool = False) -> Fitted:
    """Fit a sample to a model; kinds it lacks are drafted where nothing else would do.

    With `raw` the kinds that are there get a field for what no other one holds.
    """
    usual = usual_of(sample.form)
    usual = filled(usual, sample) if usual else Usual(kinds=kinds_in(sample))
    roles = roles_of(sample, usual, model, raw=raw)
    roles = with_links(roles)
    parts = tuple(part for name in roles.kinds for part in _parts(roles, roles.usual[name]))
    return Fitted(sample=sample, usual=usual, parts=parts, drafted=roles.drafted)


# ---- parts


def _parts(roles: Roles, usual: UsualKind) -> Iterator[PartDraft]:
    """The part of one sort of records."""
    kind = roles.kinds[usual.name]
    listed = roles.lists[usual.name]
    if listed is None:
        yield _mention(roles, usual, kind)
        return
    if usual.mentions:
        yield replace(_mention(roles, usual, kind), cells=())
    unless = _of_others(roles, usual)
    raw = RAW if RAW in kind.fields_by_name and not usual.ours else ""
    cells = tuple(_cells(roles, kind, usual, listed))
    yield PartDraft(
        kind=kind,
        usual=usual,
        listed=listed,
        start=usual.start,
        key=kept_pick(usual.key, listed.seen) or usual.key,
        where={**({"file": (usual.file,)} if usual.file else {}), **usual.where},
        unless=unless,
        cells=cells,
        ties=tuple(_ties(roles, kind, usual, listed)),
        raw=raw,
    )


def _mention(roles: Roles, usual: UsualKind, kind: Kind) -> PartDraft:
    """A part for things that records of other kinds name."""
    whole = Usual(kinds=tuple(roles.usual.values()))
    holds: set[str] = set()
    places = []
    for place in usual.mentions:
        found = place_of(whole, roles.sample, place)
        if found is None:
            continue
        listed, rest = found
        first = place.partition(".")[0]
        words = [roles.kinds[first].name] if first in roles.kinds else [first]
        if first in roles.kinds:
            words += [
                roles.kinds[each.name].name
                for each in roles.usual.values()
                if each.like == first and each.name in roles.kinds
            ]
        places += [f"{word}.{rest}" if rest else word for word in words]
        below = f"{rest}." if rest else ""
        holds |= {p.removeprefix(below) for p in listed.seen if p.startswith(below)}
        holds |= {"it"} if rest in listed.seen else set()
    cells = (
        CellDraft(field=each.name, pick=pick)
        for each in usual.fields
        if each.name in kind.fields_by_name and (pick := kept_pick(each.pick, holds))
    )
    key = kept_pick(usual.key, holds) or usual.key
    return PartDraft(kind=kind, usual=usual, mentions=tuple(places), key=key, cells=tuple(cells))


def _of_others(roles: Roles, usual: UsualKind) -> dict[str, tuple[str, ...]]:
    """Which records of a list are of another kind."""
    found: dict[str, tuple[str, ...]] = {}
    for each in roles.usual.values():
        if each.like == usual.name:
            for path, words in each.where.items():
                found[path] = (*found.get(path, ()), *words)
    return found


# ---- fields


def _cells(roles: Roles, kind: Kind, usual: UsualKind, listed: Listed) -> Iterator[CellDraft]:
    """Fields of the kind, each with what goes by a like name."""
    if usual.ours:
        yield from _own_cells(kind, listed)
        return
    tied = {
        path
        for each in usual.links
        if not each.called and each.name in roles.kinds
        for path in paths_of(each.pick)
    }
    key = set(paths_of(usual.key))
    used: set[str] = set(tied)
    fields = list(kind.fields_by_name.values())
    plain = [each for each in fields if each.name != RAW and not _is_stage(kind, each)]
    found: dict[str, CellDraft] = {}
    for field_ in plain:
        for each in usual.fields:
            pick = kept_pick(each.pick, listed.seen)
            spoken = fold(field_.name) in each.words
            if pick and spoken and not used & set(paths_of(pick)) and _fits(field_, pick, listed):
                found[field_.name] = _cell(field_, pick, listed, each.turns)
                used |= set(paths_of(pick)) - (key if field_.name == "title" else set())
                break
    for field_ in plain:
        path = _like(field_, [p for p in listed.seen if p not in used | key], listed)
        if field_.name not in found and path:
            turns = last_of(path) if last_of(path) in listed.turned else ""
            found[field_.name] = _cell(field_, quoted(path), listed, turns)
            used.add(path)
    for field_ in fields:
        if _is_stage(kind, field_):
            yield from _stage_cell(kind, usual, listed)
        elif field_.name in found:
            yield found[field_.name]


def _own_cells(kind: Kind, listed: Listed) -> Iterator[CellDraft]:
    """Fields of our own table, each as it was given out."""
    for field_ in kind.fields_by_name.values():
        seen = listed.seen.get(field_.name)
        if seen is None:
            continue
        steps = ' | split ";"' if field_.many else ""
        if any(unguarded(each, "") != (each,) for each in seen.values):
            steps += " | unguarded"
        yield CellDraft(field=field_.name, pick=f"{quoted(field_.name)}{steps}")


def _is_stage(kind: Kind, field_: Field) -> bool:
    return bool(kind.stages) and field_.name == kind.stage_field


def _stage_cell(kind: Kind, usual: UsualKind, listed: Listed) -> Iterator[CellDraft]:
    path = usual.stage.strip('"')
    seen = listed.seen.get(path)
    if seen is None:
        return
    words: tuple[Word, ...] = ()
    every = words_of(listed, path, usual.stage_turns)
    if len(every) <= MOST_STAGES:
        words = tuple(_stage_word(kind, *each) for each in every.most_common())
    if all(word.theirs == word.ours for word in words):
        words = ()
    turns = usual.stage_turns
    yield CellDraft(field=kind.stage_field, pick=quoted(path), words=words, turns=turns)


def _stage_word(kind: Kind, word: str, count: int) -> Word:
    """The stage for a word: the same, one like it, or the first of the same sort."""
    stages = [stage.name for stage in kind.stages]
    same = [stage for stage in stages if fold(stage) == fold(word)]
    close = near(word, stages)
    if same or close:
        ours = (same or list(close))[0]
        return Word(theirs=word, count=count, ours=ours, near=close)
    sort = category_of(word)
    guess = next((stage.name for stage in kind.stages if sort and stage.category == sort), "")
    return Word(theirs=word, count=count, ours=guess, guessed=bool(guess), near=tuple(stages))


def _cell(field_: Field, pick: str, listed: Listed, turns: Turns) -> CellDraft:
    seen = listed.seen.get(paths_of(pick)[0], Seen())
    if field_.many and " | " not in pick and (mark := mark_of(seen)):
        pick = f'{pick} | split "{mark}"'
    if field_.type == "day" and paths_of(pick) == (pick.strip('"'),):
        pick = dated(pick, seen)
    words: tuple[Word, ...] = ()
    # What a record was before is mapped by the same words.
    every = words_of(listed, paths_of(pick)[0], turns if isinstance(turns, str) else "")
    if field_.choices and len(every) <= MOST_STAGES:
        words = tuple(_choice(field_, *each) for each in every.most_common())
        if all(word.theirs == word.ours for word in words):
            words = ()
    return CellDraft(field=field_.name, pick=pick, words=words, turns=turns)


def _choice(field_: Field, word: str, count: int) -> Word:
    same = [each for each in field_.choices if fold(each) == fold(word)]
    close = same or list(near(word, field_.choices))
    meant = [each for each in field_.choices if means_the_same(each, word)]
    ours = next(iter(close or meant), "")
    return Word(
        theirs=word,
        count=count,
        ours=ours,
        guessed=bool(meant) and not close,
        near=tuple(close) or field_.choices,
    )


def _fits(field_: Field, pick: str, listed: Listed) -> bool:
    """Whether values could be of the field's type."""
    if field_.type not in {"number", "money", "ratio", "day", "duration"}:
        return True
    if field_.type == "duration":
        texts = [text for path in paths_of(pick) for text in listed.seen.get(path, Seen()).values]
        return bool(texts) and all(parse_value(field_, text) is not None for text in texts)
    seen = [listed.seen[path] for path in paths_of(pick) if path in listed.seen]
    found = {type_of(each) for each in seen}
    amounts = {"number", "money", "ratio"}
    return bool(found & amounts if field_.type in amounts else found & {"day"}) or not (
        found & amounts or found & {"day"}
    )


def _like(field_: Field, free: Sequence[str], listed: Listed) -> str:
    """The place that fits a field best: by its name, by a part of it, by a like one."""
    free = [path for path in free if _fits(field_, quoted(path), listed)]
    if field_.type == "number":
        free = [path for path in free if type_of(listed.seen[path]) == "number"]
    words = [field_.name]
    if field_.name == "title":
        words = list(plain_words().titles)
    also = sorted(same_words(field_.name) - {fold(field_.name)})
    for word in [*map(fold, words), *also]:
        for path in free:
            if word in {fold(path), fold(last_of(path))}:
                return path
    whole = re.compile(rf"\b{re.escape(words[0].casefold())}\b")
    inside = next((path for path in free if whole.search(last_of(path).casefold())), "")
    close = [each for each in near(field_.name, map(last_of, free)) if _alike(each, field_.name)]
    return inside or next((path for path in free if last_of(path) in close[:1]), "")


def _alike(one: str, other: str) -> bool:
    """Whether two words are spellings of one, not words with the same letters."""
    return SequenceMatcher(a=fold(one), b=fold(other)).ratio() >= ALIKE


# ---- links


def _ties(roles: Roles, kind: Kind, usual: UsualKind, listed: Listed) -> Iterator[TieDraft]:
    """Links of a part; one that may lead to several kinds names them all."""
    used: set[str] = set()
    for each in usual.links:
        # A place that is named for a kind leads to no other one.
        absent = {to for to in each.to if to not in roles.kinds}
        pick = kept_pick(each.pick, [path for path in listed.seen if last_of(path) not in absent])
        targets = [roles.kinds[to] for to in each.to if to in roles.kinds] if pick else []
        phrases: dict[str, list[str]] = {}
        for target in targets:
            phrase = phrase_for(roles.model, kind, target, each, used)
            if phrase:
                phrases.setdefault(phrase, []).append(target.name)
        for phrase, names in list(phrases.items())[:1]:
            used.add(phrase)
            ends = " or ".join(dict.fromkeys(names))
            yield TieDraft(phrase=phrase, kind=ends, pick=pick, turns=each.turns)
