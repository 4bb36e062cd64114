"""A first recipe for a sample: what it holds, matched to the company's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from latticework.base.findings import Place, Refused, error
from latticework.base.near import near
from latticework.model.model import Field, Kind, Model
from latticework.sources.picks import spread
from latticework.sources.source import find_source, sources
from latticework.sources.tree import Fields, Items, Said, Tree, UnreadableError, text_of

SHOWN = 60
"""Characters of a value that is shown as an example."""

SAMPLED = 2_000
"""Records that are looked at."""

MOST_WORDS = 20
"""Different values up to which a column of a stage is mapped word by word."""

_KEYS = ("key", "id", "issue key", "identifier", "number", "name", "title")
_TITLES = ("title", "summary", "name", "subject")
_STAGES = ("status", "state", "stage", "section/column", "list")
_PLAIN = re.compile(r"[\w .\-/]*[\w.\-/]")


@dataclass
class Seen:
    """A path in the sample: how many records hold it, and some of what they hold."""

    count: int = 0
    values: Counter[str] = field(default_factory=Counter)


def propose(data: bytes, name: str, model: Model) -> str:
    """The text of a recipe to edit; raises Refused where the sample cannot be read."""
    try:
        form, tree = _read(text_of(data), name)
    except UnreadableError as problem:
        raise Refused([problem.finding]) from None
    start, records = _records(tree)
    if not records:
        says = "the sample holds no records"
        hint = "name a sheet with a header, or a list of named values"
        raise Refused([error("SOURCE060", says, hint=hint, place=Place(file=name))])
    seen: dict[str, Seen] = {}
    for record in records[:SAMPLED]:
        _look(record, "", seen)
    lines = _lines(PurePath(name), form, start, seen, model, len(records[:SAMPLED]))
    return "\n".join(lines) + "\n"


def _read(text: str, name: str) -> tuple[str, Tree]:
    """The source that fits a sample, by what it holds or by its ending."""
    first = text[:4_000].partition("\n")[0].casefold()
    if "issue key" in first or "ключ" in first or '"issuetype"' in text[:20_000]:
        form = "jira"
    elif first.startswith("id,team,title") or '"identifier"' in text[:20_000]:
        form = "linear"
    elif '"repository_url"' in text[:20_000] or '"timelineItems"' in text[:20_000]:
        form = "github"
    else:
        source = find_source(name)
        form = source.name if source else "csv"
    return form, sources()[form].read(text).tree


def _records(tree: Tree) -> tuple[str, list[Fields]]:
    """Where the records stand: the file's list, or the longest list below a name."""
    if isinstance(tree, Items):
        return "", [each for each in tree if isinstance(each, Fields)]
    lists = [
        (str(name), [each for each in spread(value) if isinstance(each, Fields)])
        for name, value in (tree.items() if isinstance(tree, Fields) else ())
        if isinstance(value, Items)
    ]
    longest = max(lists, key=lambda each: len(each[1]), default=("", []))
    if longest[1]:
        return longest
    return "", [tree] if isinstance(tree, Fields) else []


def _look(tree: Tree, path: str, seen: dict[str, Seen]) -> None:
    """Note every path below a record that leads to a text."""
    found: dict[str, list[str]] = {}
    for spot, said in _texts(tree, path):
        found.setdefault(spot, []).append(said)
    for spot, texts in found.items():
        each = seen.setdefault(spot, Seen())
        each.count += 1
        each.values.update(texts)


def _texts(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    for each in spread(tree):
        if isinstance(each, Said):
            yield path, str(each)
        elif isinstance(each, Fields):
            for name, value in each.items():
                if name != "history":
                    yield from _texts(value, f"{path}.{name}" if path else str(name))


def _kind_for(seen: Mapping[str, Seen], model: Model) -> Kind:
    """The kind of the model whose fields fit most of what was seen."""
    words = {_last(path) for path in seen}

    def fit(kind: Kind) -> tuple[bool, int]:
        named = {name.casefold() for name in kind.fields_by_name}
        return kind.name in words or kind.name == "issue", len(named & words)

    return max(model.kinds, key=fit)


def _last(path: str) -> str:
    return path.rpartition(".")[2].casefold()


def _lines(
    name: PurePath, form: str, start: str, seen: Mapping[str, Seen], model: Model, count: int
) -> Iterator[str]:
    key, kind = _key(seen, count), _kind_for(seen, model)
    used = {key}
    yield f"# Proposed from {name.name}, {count:,} records. Edit it, then try it with --dry-run."
    yield ""
    yield f"recipe: {_plain(name.stem)}"
    yield f'reads: "*{name.suffix}"'
    yield f"format: {form}"
    if {"created", "updated"} <= seen.keys():
        yield "valid: {first: created, then: updated}"
    yield ""
    yield "kinds:"
    yield f"  {_plain(kind.name)}:"
    if start:
        yield f"    from: {_plain(start)}"
    yield f"    key: {_plain(key)}"
    yield "    gone: keep"
    yield "    fields:"
    for ours, theirs in _pairs(kind, seen, key):
        used.add(theirs)
        yield from _field(ours, theirs, seen[theirs], kind)
    ties = list(_ties(kind, seen, model))
    if ties:
        yield "    links:"
    for link, target, path in ties:
        used.add(path)
        yield f"      {_plain(link)}: {{{_plain(target)}: {_plain(path)}}}"
    rest = [path for path in seen if path not in used]
    if rest:
        yield "    # Not mapped yet; give each a field or a link of the model, or leave it out:"
    for path in rest:
        example = next(iter(seen[path].values)).replace("\n", " ")[:SHOWN]
        yield f"    #   {_plain(path)}: in {seen[path].count:,} records, such as {example!r}"


def _key(seen: Mapping[str, Seen], count: int) -> str:
    """What names each record: a usual name, else the first path whose values all differ."""
    whole = [path for path, each in seen.items() if each.count == count == len(each.values)]
    for word in _KEYS:
        for path in whole:
            if path.casefold() == word:
                return path
    return next(iter(whole or seen))


def _pairs(kind: Kind, seen: Mapping[str, Seen], key: str) -> Iterator[tuple[str, str]]:
    """Fields of the kind, each with the path that goes by a like name."""
    free = [path for path in seen if path != key or path.casefold() in _TITLES]
    for field_ in kind.fields_by_name.values():
        is_stage = bool(kind.stages) and field_.name == kind.stage_field
        path = _path_for(field_, is_stage, list(seen) if is_stage else free, seen)
        if path is not None:
            yield field_.name, path
            if not is_stage:
                free.remove(path)


def _path_for(
    field_: Field, is_stage: bool, free: Sequence[str], seen: Mapping[str, Seen]
) -> str | None:
    """The path that fits a field best: by its name, by a part of it, by a like one."""
    words = [field_.name.casefold()]
    if field_.name == "title":
        words = list(_TITLES)
    elif is_stage:
        words += list(_STAGES)
    if field_.type == "number":
        free = [path for path in free if _is_numeric(seen[path])]
    for word in words:
        for path in free:
            if word in {path.casefold(), _last(path)}:
                return path
    whole = re.compile(rf"\b{re.escape(words[0])}\b")
    inside = next((path for path in free if whole.search(_last(path))), None)
    close = near(field_.name, [_last(path) for path in free])
    return inside or next((path for path in free if _last(path) in close[:1]), None)


def _is_numeric(seen: Seen) -> bool:
    return all(each.replace(".", "", 1).lstrip("-").isdecimal() for each in seen.values)


def _ties(kind: Kind, seen: Mapping[str, Seen], model: Model) -> Iterator[tuple[str, str, str]]:
    """Links of the kind, with the kind they lead to and the path that names it."""
    for link in model.links_from(kind.name):
        targets = {
            name for end in link.ends for word in end.targets for name in model.end_kinds(word)
        }
        for path in seen:
            words = {each.casefold().removesuffix("s") for each in path.split(".")[:-1] or [path]}
            if kind.name in targets and _last(path) == "parent":
                yield link.name, kind.name, path
                break
            named = words & {name.casefold() for name in targets}
            if named:
                yield link.name, next(n for n in targets if n.casefold() in named), path
                break


def _field(ours: str, theirs: str, seen: Seen, kind: Kind) -> Iterator[str]:
    """One line; for a stage every word of the sample, with the nearest stage where one is near."""
    stages = [stage.name for stage in kind.stages]
    if ours != kind.stage_field or not stages or len(seen.values) > MOST_WORDS:
        yield f"      {_plain(ours)}: {_plain(theirs)}"
        return
    yield f"      {_plain(ours)}:"
    yield f"        from: {_plain(theirs)}"
    yield "        words:"
    for word, count in seen.values.most_common():
        exact = [stage for stage in stages if stage.casefold() == word.casefold()]
        close = exact or list(near(word, stages))
        if close:
            yield f"          {_plain(word)}: {_plain(close[0])}"
        else:
            known = ", ".join(stages)
            yield f"          # {_plain(word)}: one of {known} ({count:,} records)"


def _plain(text: str) -> str:
    """A text as YAML: bare where it can be, in quotes where it has to be."""
    safe = _PLAIN.fullmatch(text) and not text[0].isdecimal() and text[0] not in "-. /"
    if safe and text.casefold() not in {"yes", "no", "on", "off", "true", "false", "null"}:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
