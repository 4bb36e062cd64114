"""Kinds for a model that has none for what a sample holds: offered, never added silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from latticework.model.amend import Plain, amend_all
from latticework.model.fieldspec import parse_field
from latticework.model.keys import RESERVED, ROW_WORDS
from latticework.model.model import End, Family, Kind, Link, Model, Stage
from latticework.sources.proposing.infer import field_name, paths_of
from latticework.sources.proposing.sample import Listed, Seen, fold, texts_under, words_of
from latticework.sources.proposing.usual import UsualField, UsualKind, category_of

RAW = "raw"
"""The field of a drafted kind that keeps what no other field does."""

MOST_STAGES = 20
"""Different words up to which a column is taken for stages."""

MOST_FIELDS = 40
RARE = 0.02
"""The share of records below which a place is left to the raw field."""


@dataclass(frozen=True)
class Drafted:
    """What is to be added to a model, as YAML says it, and the model as it would be."""

    model: Model
    words: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)

    def with_kind(self, kind: Kind, said: Mapping[str, Plain]) -> Drafted:
        """The same with one more kind."""
        model = replace(self.model, kinds=(*self.model.kinds, kind))
        return Drafted(model, {**self.words, kind.name: said})

    def with_raw(self, kind: Kind) -> Drafted:
        """The same where a kind keeps what no field does, too."""
        raw = parse_field(RAW, "text")
        grown = replace(kind, fields=(*kind.fields, raw))
        kinds = tuple(grown if each.name == kind.name else each for each in self.model.kinds)
        said: dict[str, Plain] = {"fields": {RAW: "text"}}
        return Drafted(replace(self.model, kinds=kinds), {**self.words, kind.name: said})

    def with_link(self, source: str, name: str, back: str, targets: Sequence[str]) -> Drafted:
        """The same where a kind of the draft has one more link."""
        old = next((each for each in self.model.links if each.name == name), None)
        end = End(source=source, targets=tuple(targets))
        if old is None:
            link = Link(name=name, back=back, ends=(end,))
            links = (*self.model.links, link)
        else:
            link = replace(old, ends=(*old.ends, end))
            links = tuple(link if each is old else each for each in self.model.links)
        to: Plain = list(targets) if len(targets) > 1 else targets[0]
        line: dict[str, Plain] = {"to": to} if old is not None else {"to": to, "back": back}
        said = dict(self.words[source])
        known = said.get("links")
        said["links"] = {**(known if isinstance(known, Mapping) else {}), name: line}
        return Drafted(replace(self.model, links=links), {**self.words, source: said})


def draft_kind(
    usual: UsualKind, listed: Listed | None, whole: Listed | None, others: Container[str] = ()
) -> tuple[Kind, Mapping[str, Plain]]:
    """A kind for records of one sort, and how a model says it.

    `whole` is the list with what is of other sorts, too: they share stages.
    `others` are sorts that have a kind.
    """
    stages = _stages(usual, whole) if whole else {}
    fields = dict(_fields(usual, listed, bool(stages), others)) if listed else {}
    if listed is not None or not usual.mentions:
        fields[RAW] = "text"
    kind = Kind(
        name=usual.name,
        family=Family(usual.family),
        many=usual.many,
        people=usual.people,
        fields=tuple(parse_field(name, text) for name, text in fields.items()),
        stages=tuple(Stage(name=word, category=each) for word, each in stages.items()),
    )
    said: dict[str, Plain] = {"family": usual.family}
    said |= {"many": usual.many} if usual.many else {}
    said |= {"people": "yes"} if usual.people else {}
    said |= {"fields": fields} if fields else {}
    said |= {"stages": stages} if stages else {}
    return kind, said


def with_words(text: str, words: Mapping[str, Plain]) -> str:
    """A model's text with these words added to it; what it says already stays."""
    return amend_all(text, dict(_places(words, ())))


def _places(
    words: Mapping[str, Plain], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Plain]]:
    """Each word with its place; what a field or link says stands on one line."""
    for name, value in words.items():
        here = (*above, name)
        if isinstance(value, Mapping) and len(here) < len(("kinds", "issue", "fields", "size")):
            yield from _places(value, here)
        else:
            yield here, value


def free_name(name: str, taken: Sequence[str] = ()) -> str:
    """A field's name that a question can say."""
    shown = field_name(name)
    if shown in RESERVED | ROW_WORDS or shown == "stage" or shown in taken:
        shown = f"{shown} said"
    return shown


def _fields(
    usual: UsualKind, listed: Listed, staged: bool, others: Container[str]
) -> Iterator[tuple[str, str]]:
    """Fields for what many records hold."""
    names: set[str] = set()
    for each in usual.fields:
        wanted = each.draft or (not staged and each.pick == usual.stage)
        told = each.name == "title" or each.unless_kind in others or each.pick in usual.where
        if told or not wanted or len(names) == MOST_FIELDS or not _often(each, listed):
            continue
        name = free_name(each.name, tuple(names))
        names.add(name)
        yield name, each.type or "text"


def _often(each: UsualField, listed: Listed) -> bool:
    paths = paths_of(each.pick)
    held = max((listed.seen[path].count for path in paths if path in listed.seen), default=0)
    return held > RARE * len(listed.records)


def _stages(usual: UsualKind, listed: Listed) -> dict[str, str]:
    """The words for how far records are, each in its category, in the order of a life."""
    path = usual.stage.strip('"')
    every = words_of(listed, path, usual.stage_turns)
    if not 0 < len(every) <= MOST_STAGES or listed.seen.get(path, Seen()).most > 1:
        return {}
    same: Counter[tuple[str, str]] = Counter()
    if usual.category:
        for record in listed.records:
            words = texts_under(record, usual.stage), texts_under(record, usual.category)
            if all(words):
                same[words[0][0], words[1][0]] += 1
    told = {word: category_of(category) for (word, category), _ in same.most_common()}
    found: dict[str, str] = {}
    folds: set[str] = set()
    for word, _ in every.most_common():
        shown = " ".join(word.split())
        if fold(shown) not in folds:
            folds.add(fold(shown))
            found[shown] = category_of(word) or told.get(word, "") or "active"
    order = ("proposed", "active", "done", "dropped")
    return dict(sorted(found.items(), key=lambda item: order.index(item[1])))
