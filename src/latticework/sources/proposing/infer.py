"""What sheets of unknown origin hold: keys, titles, types and links, told by the values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from latticework.base.refs import find_ref
from latticework.model.model import Field
from latticework.model.scalars import parse_value
from latticework.sources.days import settle
from latticework.sources.proposing.sample import Listed, Sample, Seen, fold, is_day, last_of
from latticework.sources.proposing.usual import Role, UsualField, UsualKind, UsualLink, plain_words

REF = "ref"
KIND = "kind"
OURS = (REF, KIND, "title", "stage")
"""Columns of our own tables that are no fields of their kind alone; the first names things."""

MARKS = (";", "|", ",")
"""What stands between the items of a list in one cell."""

MOSTLY = 0.8
"""The share of values that must be of a type: a sheet may have some dirt."""

ALL_ALIKE = 20
"""Records from which on a place where all say one thing tells none from another."""

LONGEST_ITEM = 40
LONG_TEXT = 200
"""Characters on average from which on a text is no word of a list."""

_BAR = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)')
_MONEY = frozenset("€$£¥₹")


def kinds_in(sample: Sample) -> tuple[UsualKind, ...]:
    """The sorts of records of a sample that no source knows more about."""
    # A sheet beside our own tables tells what they are, and holds no things.
    ours = [listed for listed in sample.lists if any(our_kinds(listed))]
    found: dict[str, UsualKind] = {}
    for listed in ours or sample.lists:
        for each in our_kinds(listed) if ours else _kinds_of(sample, listed):
            # Several sheets may name the same people.
            known = found.get(each.name)
            places = (*known.mentions, *each.mentions) if known else each.mentions
            found[each.name] = replace(known or each, mentions=places)
    return tuple(found.values())


def type_of(seen: Seen) -> str:
    """The type that most values fit; text where none does."""
    values = [each for each in seen.values if fold(each) not in plain_words().unsaid]
    if not values:
        return "text"
    if all(map(_is_money, values)):
        return "money"
    if _mostly(values, is_day):
        return "day"
    if _mostly(values, _is_number):
        return "number"
    if _mostly(values, lambda text: text.rstrip().endswith("%") and _reads("ratio", text)):
        return "ratio"
    if _mostly(values, _is_money):
        return "money"
    if _mostly(values, lambda text: text.startswith(("http://", "https://"))):
        return "url"
    return "text"


def our_kinds(listed: Listed) -> Iterator[UsualKind]:
    """The kinds of a table that a company gave out: each row has its ref; none of other tables."""
    seen = listed.seen.get(REF)
    texts = seen.values if seen is not None and seen.count == len(listed.records) else ()
    refs = [find_ref(each) for each in texts]
    kinds = sorted({each.kind for each in refs if each is not None})
    told = len(kinds) == 1 or listed.seen.get(KIND, Seen()).values.keys() == {*map(_spaced, kinds)}
    if None in refs or not told:
        return
    for kind in map(_spaced, kinds):
        yield UsualKind(
            name=kind,
            ours=True,
            start=listed.start,
            file=listed.file,
            key=f"{REF} | basename",
            where={KIND: (kind,)} if len(kinds) > 1 else {},
            stage="stage" if "stage" in listed.seen else "",
            fields=(UsualField(name="title", pick="title"), *extra_fields(listed, OURS)),
        )


def _spaced(head: str) -> str:
    """A kind's name by the head of its refs."""
    return head.replace("-", " ")


def mark_of(seen: Seen) -> str:
    """What stands between the items of lists in one cell; empty where there are none.

    Items of a list come up again; the parts of a sentence hardly do.
    """
    for mark in MARKS:
        cells = [text for text in seen.values if mark in text]
        if len(cells) < 2 and not (cells and len(seen.values) <= len(MARKS)):
            continue
        items = [part.strip() for text in seen.values for part in text.split(mark)]
        short = all(0 < len(each) <= LONGEST_ITEM and each.count(" ") < 4 for each in items)
        if short and len(set(items)) <= MOSTLY * len(items):
            return mark
    return ""


def key_of(listed: Listed, words: Sequence[str]) -> str:
    """What names each record: a usual name, else the first place whose values all differ."""
    whole = [
        p for p, each in listed.seen.items() if each.count == len(each.values) == _looked(listed)
    ]
    folds = [fold(word) for word in words]
    for word in folds:
        for path in whole:
            if fold(path) == word:
                return path
    return next(iter(whole or listed.seen), "")


def named(listed: Listed, words: Sequence[str], *, apart: Sequence[str] = ()) -> str:
    """The place that goes by the first of these words; empty where none does."""
    for word in map(fold, words):
        for path in listed.seen:
            if path not in apart and word in {fold(path), fold(last_of(path))}:
                return path
    return ""


def extra_fields(listed: Listed, used: Sequence[str]) -> Iterator[UsualField]:
    """A field for each place that nothing is known about."""
    names: Counter[str] = Counter()
    for path, seen in listed.seen.items():
        if path in used:
            continue
        mark = mark_of(seen) if type_of(seen) == "text" else ""
        many = " many" if mark or seen.most > 1 else ""
        name = field_name(path)
        names[name] += 1
        yield UsualField(
            name=name if names[name] == 1 else field_name(path.replace(".", " ")),
            pick=f'{quoted(path)} | split "{mark}"' if mark else dated(quoted(path), seen),
            type=type_of(seen) + many,
            called=(last_of(path), path),
            turns=last_of(path) if last_of(path) in listed.turned else "",
            draft=seen.count < ALL_ALIKE or len(seen.values) > 1,
        )


def dated(pick: str, seen: Seen) -> str:
    """A pick that reads the days of a place as they are written there, where ours differ."""
    if " | " in pick or type_of(seen) != "day":
        return pick
    if all(_reads("day", each) for each in seen.values if is_day(each)):
        return pick
    order = settle(seen.values)
    # Which of two days is meant is not guessed: the import tells of those it cannot read.
    return f'{pick} | day "{order}"' if order else pick


def field_name(path: str) -> str:
    """A place's last name as a field is called."""
    words = "".join(each if each.isalnum() else " " for each in last_of(path).casefold()).split()
    return " ".join(words)[:60] or "value"


def quoted(path: str) -> str:
    """A place as a recipe says it, so that a name with signs of its own stays one."""
    plain = not (set(path) & set('|"')) and " or " not in path
    return (
        path
        if plain and path.strip() == path and path not in {"file", "list", "it"}
        else f'"{path}"'
    )


def _kinds_of(sample: Sample, listed: Listed) -> Iterator[UsualKind]:
    words = plain_words()
    key = key_of(listed, words.keys)
    title = named(listed, words.titles)
    stage = named(listed, words.stages, apart=(title,))
    kind = kind_name(sample, listed, title or key)
    keys = frozenset(listed.seen[key].values) if key in listed.seen else frozenset()
    links: list[UsualLink] = []
    mentions: dict[str, list[str]] = {}
    for path, seen in listed.seen.items():
        if path in {key, title, stage}:
            continue
        found = _within(path, seen, keys, kind) or _towards(path, seen)
        if found is None or any(each.name == found.name for each in links):
            continue
        links.append(found)
        if found.to[0] != kind:
            mentions.setdefault(found.to[0], []).append(f"{kind}.{path}")
    used = (key, title, stage, *(path for each in links for path in paths_of(each.pick)))
    fields = list(extra_fields(listed, [each for each in used if each]))
    shown = title or key
    yield UsualKind(
        name=kind,
        called=(PurePath(listed.file or sample.name).stem, last_of(listed.start) or listed.called),
        start=listed.start,
        file=listed.file,
        many="",
        key=quoted(key),
        stage=quoted(stage) if stage else "",
        fields=(UsualField(name="title", pick=quoted(shown), called=words.titles), *fields),
        links=tuple(links),
    )
    for role, places in mentions.items():
        yield _mentioned(words.kinds[role], places)


def _mentioned(kind: UsualKind, places: Sequence[str]) -> UsualKind:
    return UsualKind(
        name=kind.name,
        called=kind.called,
        family=kind.family,
        many=kind.many,
        people=kind.people,
        mentions=tuple(places),
        key="it",
        fields=(UsualField(name="title", pick="it"),),
    )


def kind_name(sample: Sample, listed: Listed, title: str = "") -> str:
    """What to call the records: as the column of their titles, their list, or their file."""
    said = (
        title,
        last_of(listed.start) or listed.called,
        PurePath(listed.file or sample.name).stem,
    )
    name = next((word for word in map(_noun, said) if word), "item")
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _noun(text: str) -> str:
    """The last word that may name a sort of thing; empty where none does."""
    words = "".join(each if each.isalpha() else " " for each in text.casefold()).split()
    noise = plain_words().noise
    return next((each for each in reversed(words) if each not in noise and len(each) > 2), "")


def _within(path: str, seen: Seen, keys: frozenset[str], kind: str) -> UsualLink | None:
    """A link to another record of the same list: its values are keys of the list."""
    words = plain_words()
    mark = mark_of(seen)
    values = [
        part.strip() for text in seen.values for part in (text.split(mark) if mark else [text])
    ]
    known = sum(each in keys for each in values)
    pick = f'{quoted(path)} | split "{mark}"' if mark else quoted(path)
    if not values or known < len(values) / 2:
        return None
    role = next((each for each in words.within if fold(last_of(path)) in each.named), None)
    return _link(role, path, pick, kind) if role else None


def _towards(path: str, seen: Seen) -> UsualLink | None:
    """A link to a thing that the column names: somebody, a team, a sprint."""
    word = fold(last_of(path))
    if mark_of(seen) or seen.most > 1 or type_of(seen) != "text":
        return None
    for role in plain_words().links:
        if word in role.named:
            return _link(role, path, quoted(path), role.to)
    return None


def _link(role: Role, path: str, pick: str, to: str) -> UsualLink:
    called = (*role.called, last_of(path))
    return UsualLink(name=role.link, to=(to,), pick=pick, back=role.back, called=called)


def paths_of(pick: str) -> tuple[str, ...]:
    """The places of which a pick takes the first."""
    head = _BAR.split(pick)[0].strip()
    if head.startswith('"'):
        return (head.strip('"'),)
    return tuple(each.strip() for each in head.split(" or "))


def _looked(listed: Listed) -> int:
    return len(listed.records)


def _mostly(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return bool(values) and sum(map(fits, values)) >= MOSTLY * len(values)


def _is_number(text: str) -> bool:
    return not text.rstrip().endswith("%") and not _has_currency(text) and _reads("number", text)


def _is_money(text: str) -> bool:
    return _has_currency(text) and _reads("money", text)


def _has_currency(text: str) -> bool:
    return bool(set(text) & _MONEY) or any(
        word.isupper() and len(word) == 3 and word.isalpha() for word in text.split()
    )


def _reads(type_: str, text: str) -> bool:
    return parse_value(Field(name="x", type=type_), text.strip()) is not None
