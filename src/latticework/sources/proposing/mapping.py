"""A recipe as a table: what a sample holds at each place, and what becomes of it.

The recipe's text is what counts. The table is drawn from it, and a choice in
the table is a small change of the text, so that either may be edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from latticework.base.near import near
from latticework.model.amend import Plain, amend
from latticework.model.model import Field, Kind, Model
from latticework.sources.proposing.drafting import MOST_STAGES
from latticework.sources.proposing.infer import dated, mark_of, paths_of, quoted
from latticework.sources.proposing.sample import (
    Listed,
    Sample,
    Seen,
    fold,
    last_of,
    narrowed,
    texts_under,
)
from latticework.sources.proposing.usual import same_words
from latticework.sources.recipes.picks import spread
from latticework.sources.tree import Fields, Items, Said, Tree, plain
from latticework.sources.yaml import read_recipe

FIELD, LINK, KEY, WHEN, LEAVE = "field:", "link:", "key", "when", ""
"""How a choice of the table says what becomes of a place."""

TO = " > "
EXAMPLES = 3
LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What may become of a place; `group` is where a menu shows it."""

    value: str
    says: str
    group: str


@dataclass(frozen=True, kw_only=True)
class WordRow:
    """A word of the source, how often it stands there, and the company's word for it."""

    name: str
    theirs: str
    count: int
    ours: str
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A place of the sample: in how many records it stands, what becomes of it.

    `name` is what a form calls the choice; `also` are further uses of the place.
    """

    name: str
    path: str
    count: int
    examples: tuple[str, ...]
    use: str
    also: tuple[str, ...]
    choices: tuple[Choice, ...]
    words: tuple[WordRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MapTable:
    """The places of the records that become things of one kind; `raw` keeps the rest."""

    kind: str
    many: str
    count: int
    raw: str
    rows: tuple[Row, ...]


def tables_of(sample: Sample, text: str, model: Model) -> tuple[MapTable, ...]:
    """A table for each part that has a list of its own in the sample."""
    return tuple(_table(model, part) for part in _parts(sample, text, model))


def remapped(text: str, seen: str, sample: Sample, model: Model, chosen: Mapping[str, str]) -> str:
    """The text with what was chosen otherwise than the table of `seen` shows.

    `chosen` are the table's choices by their names. Raises Refused where the
    text is not written so that it can be amended.
    """
    for part in _parts(sample, seen, model):
        for row in _table(model, part).rows:
            use = chosen.get(row.name, row.use)
            if use != row.use:
                text = _moved(text, part, row, use)
            for word in row.words:
                ours = chosen.get(word.name, word.ours)
                if ours != word.ours:
                    text = _worded(text, part, row, word.theirs, ours)
    return text


# ---- the table


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of a recipe: its kind, where it stands in the text, and the records it takes.

    `name` is what a form calls it.
    """

    kind: Kind
    name: str
    entry: Fields
    listed: Listed
    place: tuple[str, ...]
    times: tuple[str, ...] = ()


def _parts(sample: Sample, text: str, model: Model) -> Iterator[_Part]:
    tree = read_recipe(text, "")[0]
    kinds = tree.get("kinds") if isinstance(tree, Fields) else None
    valid = tree.get("valid") if isinstance(tree, Fields) else None
    dated = valid.values() if isinstance(valid, Fields) else [valid]
    times = tuple(path for each in dated for path in _places(each))
    for word, said in kinds.items() if isinstance(kinds, Fields) else ():
        kind = model.find_kind(word)
        several = isinstance(said, Items)
        for number, entry in enumerate(said if isinstance(said, Items) else [said]):
            if kind is None or not isinstance(entry, Fields) or "mentioned in" in entry:
                continue
            listed = sample.find(_text(entry.get("from")), _file_of(entry))
            if listed is not None:
                yield _Part(
                    kind=kind,
                    name=f"{kind.name}#{number}" if several else kind.name,
                    entry=entry,
                    listed=_unnamed(_wanted(listed, entry), tree, word, entry),
                    place=("kinds", str(word), *((str(number),) if several else ())),
                    times=times,
                )


def _file_of(entry: Fields) -> str:
    """The files alone in which a part's records stand; empty for all of them."""
    where = entry.get("where")
    return _text(where.get("file")) if isinstance(where, Fields) else ""


def _wanted(listed: Listed, entry: Fields) -> Listed:
    """The records of a list that a part takes."""
    where, unless = _conditions(entry.get("where")), _conditions(entry.get("unless"))
    if not where and not unless:
        return listed

    def fits(record: Fields) -> bool:
        met = [bool(set(texts_under(record, path)) & words) for path, words in where]
        unmet = [bool(set(texts_under(record, path)) & words) for path, words in unless]
        return all(met) and not any(unmet)

    return listed.part((where, unless), lambda: narrowed(listed, fits))


def _unnamed(listed: Listed, tree: Tree, word: str, own: Fields) -> Listed:
    """A list without the places that name things of other kinds."""
    kinds = tree.get("kinds") if isinstance(tree, Fields) else None
    every = kinds if isinstance(kinds, Fields) else Fields()
    parts = [part for each in every.values() for part in spread(each)]
    said = [each for each in parts if isinstance(each, Fields)]
    places = [text for each in said for text in _texts(each.get("mentioned in"))]
    ways = [rest for first, _, rest in (each.partition(".") for each in places) if first == word]
    below = tuple(f"{way}." for way in ways)
    used = _uses(own)
    seen = {p: each for p, each in listed.seen.items() if p in used or not p.startswith(below)}
    return replace(listed, seen=seen)


def _conditions(tree: Tree) -> tuple[tuple[str, frozenset[str]], ...]:
    said = tree.items() if isinstance(tree, Fields) else ()
    return tuple((str(p), frozenset(_texts(words))) for p, words in said if p != "file")


def _table(model: Model, part: _Part) -> MapTable:
    uses = _uses(part.entry)
    for path in part.times:
        uses.setdefault(path, []).append(WHEN)
    raw = _text(part.entry.get("raw"))
    rows = tuple(
        _row(model, part, path, seen, uses.get(path, ())) for path, seen in part.listed.seen.items()
    )
    many = part.kind.many or part.kind.name
    return MapTable(kind=part.kind.name, many=many, count=part.listed.count, raw=raw, rows=rows)


def _row(model: Model, part: _Part, path: str, seen: Seen, uses: Sequence[str]) -> Row:
    main = next((use for use in uses if use not in {KEY, WHEN}), uses[0] if uses else LEAVE)
    return Row(
        name=f"use:{part.name}:{path}",
        path=path,
        count=seen.count,
        examples=tuple(" ".join(each.split())[:LONGEST] for each in list(seen.values)[:EXAMPLES]),
        use=main,
        also=tuple(_says(use) for use in uses if use != main),
        choices=tuple(_choices(model, part.kind, path, main)),
        words=tuple(_words(part, path, seen, uses)),
    )


def _choices(model: Model, kind: Kind, path: str, main: str) -> Iterator[Choice]:
    """What may become of a place, what is likely first."""
    fields = [each for each in kind.fields_by_name.values() if each.name != "raw"]
    word = last_of(path)
    alike = near(word, [each.name for each in fields])
    likely = [
        each.name for each in fields if fold(word) in same_words(each.name) or each.name in alike
    ]
    ways = list(_ways(model, kind))
    folds = {fold(part) for part in path.split(".")}
    close = [way for way in ways if folds & {fold(part) for part in way[1:]}]
    found = [FIELD + name for name in likely] + [LINK + phrase + TO + to for phrase, to in close]
    yield from (Choice(value=each, says=_says(each), group="likely") for each in found)
    every = [FIELD + each.name for each in fields]
    yield from (Choice(value=v, says=_says(v), group="fields") for v in every if v not in found)
    links = [LINK + phrase + TO + to for phrase, to in ways]
    yield from (Choice(value=v, says=_says(v), group="links") for v in links if v not in found)
    if main in {KEY, WHEN} or main not in {LEAVE, *found, *every, *links}:
        yield Choice(value=main, says=_says(main), group="as it is")


def _ways(model: Model, kind: Kind) -> Iterator[tuple[str, str]]:
    """Each phrase of a kind with each kind that it leads to."""
    seen: set[tuple[str, str]] = set()
    for link in model.links:
        for end in link.ends:
            sources = model.end_kinds(end.source)
            targets = [name for word in end.targets for name in model.end_kinds(word)]
            ways = [(link.name, name) for name in targets if kind.name in sources]
            ways += [(link.back, name) for name in sources if kind.name in targets and link.back]
            for way in ways:
                if way not in seen:
                    seen.add(way)
                    yield way


def _says(use: str) -> str:
    if use == KEY:
        return "the key"
    if use == WHEN:
        return "since when it holds"
    if use.startswith(LINK):
        phrase, _, kind = use.removeprefix(LINK).rpartition(TO)
        return f"{phrase} → {kind}"
    return use.removeprefix(FIELD)


def _uses(entry: Fields) -> dict[str, list[str]]:
    """What becomes of each place, as a part says it."""
    uses: dict[str, list[str]] = {}
    fields = entry.get("fields")
    for name, said in fields.items() if isinstance(fields, Fields) else ():
        for path in _places(said.get("from") if isinstance(said, Fields) else said):
            uses.setdefault(path, []).append(FIELD + name)
    links = entry.get("links")
    for phrase, said in links.items() if isinstance(links, Fields) else ():
        for each in said if isinstance(said, Items) else [said]:
            for kind, pick in each.items() if isinstance(each, Fields) else ():
                for path in _places(pick):
                    uses.setdefault(path, []).append(LINK + phrase + TO + kind)
    for path in _places(entry.get("key")):
        uses.setdefault(path, []).append(KEY)
    return uses


def _places(said: Tree) -> Iterator[str]:
    for text in _texts(said):
        yield from paths_of(text)


def _words(part: _Part, path: str, seen: Seen, uses: Iterable[str]) -> Iterator[WordRow]:
    """The words of a place that becomes a stage or a choice."""
    kind = part.kind
    for use in uses:
        field_ = kind.fields_by_name.get(use.removeprefix(FIELD))
        if field_ is None or not use.startswith(FIELD) or len(seen.values) > MOST_STAGES:
            continue
        options = _options(kind, field_)
        if not options:
            continue
        mapped = _mapped(part.entry, field_.name)
        for word, count in seen.values.most_common():
            same = next((each for each in options if fold(each) == fold(word)), "")
            yield WordRow(
                name=f"word:{part.name}:{field_.name}:{word}",
                theirs=word,
                count=count,
                ours=mapped.get(" ".join(word.split()).casefold(), same),
                options=options,
            )


def _options(kind: Kind, field_: Field) -> tuple[str, ...]:
    if kind.stages and field_.name == kind.stage_field:
        return tuple(stage.name for stage in kind.stages)
    return field_.choices


def _mapped(entry: Fields, name: str) -> dict[str, str]:
    """The words of a field, letter case aside."""
    fields = entry.get("fields")
    cell = fields.get(name) if isinstance(fields, Fields) else None
    words = cell.get("words") if isinstance(cell, Fields) else None
    said = words.items() if isinstance(words, Fields) else ()
    return {" ".join(theirs.split()).casefold(): _text(ours) for theirs, ours in said}


# ---- choices into text


def _moved(text: str, part: _Part, row: Row, use: str) -> str:
    """The text where another thing becomes of a place."""
    place = part.place
    if row.use.startswith(FIELD):
        text = amend(text, (*place, "fields", row.use.removeprefix(FIELD)), None)
    elif row.use.startswith(LINK):
        text = _unlinked(text, place, row.use, row.path)
    if use.startswith(FIELD):
        name = use.removeprefix(FIELD)
        return amend(text, (*place, "fields", name), _pick(part, name, row.path))
    if use.startswith(LINK):
        return _linked(text, place, use, row.path)
    return text


def _pick(part: _Part, name: str, path: str) -> str:
    """A place as a field takes it: a list is cut where its items end, a day is turned."""
    field_ = part.kind.fields_by_name.get(name)
    seen = part.listed.seen.get(path)
    mark = mark_of(seen) if field_ and field_.many and seen else ""
    if mark:
        return f'{quoted(path)} | split "{mark}"'
    return dated(quoted(path), seen) if seen and field_ and field_.type == "day" else quoted(path)


def _worded(text: str, part: _Part, row: Row, theirs: str, ours: str) -> str:
    """The text where a word of the source means another of ours."""
    kind = part.kind
    for name in [row.use, *(FIELD + each for each in row.also)]:
        field_ = kind.fields_by_name.get(name.removeprefix(FIELD))
        if field_ is None or not _options(kind, field_):
            continue
        place = (*part.place, "fields", field_.name)
        cell = _at(text, place)
        if not isinstance(cell, Fields):
            text = amend(text, place, {"from": _text(cell), "words": {}})
        known = _at(text, (*place, "words"))
        said = known.keys() if isinstance(known, Fields) else ()
        spelled = next((each for each in said if fold(each) == fold(theirs)), theirs)
        return amend(text, (*place, "words", str(spelled)), ours or None)
    return text


def _linked(text: str, part: tuple[str, ...], use: str, path: str) -> str:
    phrase, _, kind = use.removeprefix(LINK).rpartition(TO)
    place = (*part, "links", phrase)
    there = _at(text, place)
    if there is None:
        return amend(text, place, {kind: quoted(path)})
    ties = list(there) if isinstance(there, Items) else [there]
    said: list[Plain] = [_plain(each) for each in ties]
    return amend(text, place, [*said, {kind: quoted(path)}])


def _unlinked(text: str, part: tuple[str, ...], use: str, path: str) -> str:
    """The text without the tie of a place; other places of its phrase stay."""
    phrase, _, kind = use.removeprefix(LINK).rpartition(TO)
    place = (*part, "links", phrase)
    there = _at(text, place)
    ties = list(there) if isinstance(there, Items) else [there]
    left = [
        each for each in ties if not (isinstance(each, Fields) and path in _places(each.get(kind)))
    ]
    said: list[Plain] = [_plain(each) for each in left]
    return amend(text, place, None if not said else said if len(said) > 1 else said[0])


def _at(text: str, place: Sequence[str]) -> Tree:
    tree = read_recipe(text, "")[0]
    for name in place:
        if isinstance(tree, Items) and name.isdecimal() and int(name) < len(tree):
            tree = tree[int(name)]
        else:
            tree = tree.get(name) if isinstance(tree, Fields) else None
    return tree


def _plain(tree: Tree) -> Plain:
    said = plain(tree)
    if isinstance(said, dict):
        return {str(name): str(value) for name, value in said.items()}
    return str(said or "")


def _texts(tree: Tree) -> Iterator[str]:
    for each in tree if isinstance(tree, Items) else [tree]:
        if isinstance(each, Said):
            yield str(each)


def _text(tree: Tree) -> str:
    return next(_texts(tree), "")
