"""Marks inside a note's text: wiki links, tags, inline fields, tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from latticework.sources.rows import add
from latticework.sources.shaping import keep, listed
from latticework.sources.tree import Fields, Items, Said, Tree

_HIDDEN = re.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|<!--.*?(?:-->|\Z)", re.S)
_WIKI = re.compile(r"!?\[\[([^\[\]\n]+)\]\]")
_LINK = re.compile(r"!?\[[^\[\]\n]*\]\(<?([^()\s<>]+)>?(?:\s+\"[^\"\n]*\")?\)")
_JOINTS = re.compile(r"[\s,;&/]*(?:\band\b[\s,;&/]*)?")
_TAG = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=\())#([^\W_](?:[\w/-]*\w)?|_[\w/-]*\w)", re.M)
_NUMBER = re.compile(r"[\d/-]+")
_OWN_LINE = re.compile(
    r"^\s*(?:[-*+]\s+)?([*_`~]*[^\W_][^:\[\]()\n|]{0,80}?)::[ \t]+(\S.*?)\s*$", re.M
)
_BRACKETED = re.compile(
    r"\[([^\W_][^:\[\]()\n]{0,80}?)::[ \t]*((?:\[\[[^\[\]\n]*\]\]|[^\[\]\n])+)\]"
    r"|\(([^\W_][^:\[\]()\n]{0,80}?)::[ \t]*((?:\[\[[^\[\]\n]*\]\]|[^()\n])+)\)"
)
_FORMATS = "*_`~ "
_ATTACHED = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif|pdf|mp[34]|m4a|mov|mkv|ogv|webm|wav|flac|ogg|3gp"
    r"|csv|xlsx?|docx?|pptx?|zip|json|ya?ml|canvas|base|html?)",
    re.I,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:|//|/", re.I)
_TASK = re.compile(r"\[(.)\][ \t]+(\S.*)")
_DAY = r"(\d{4}-\d{2}-\d{2})"
_SIGNS = {
    "📅": "due",
    "📆": "due",
    "🗓": "due",
    "⏳": "scheduled",
    "🛫": "starts",
    "✅": "finished",
    "➕": "created",
    "❌": "cancelled",
}
_SIGNED = re.compile(rf"({'|'.join(_SIGNS)})\ufe0f?\s*{_DAY}")
_WORDED = re.compile(rf"(?:@?\bdue(?:\s*:\s*|\()|@due\s+){_DAY}\)?", re.I)
_REPEATS = re.compile(r"🔁\s*([\w ]+)")
_PRIORITIES = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}
_PRIORITY = re.compile(rf"({'|'.join(_PRIORITIES)})\ufe0f?")
_BLOCK = re.compile(r"\s\^([A-Za-z0-9-]+)\s*$")
_PERSON = re.compile(r"(?<![\w@])@([^\W\d_][\w.\-]*\w)")
_STATES = {" ": "open", "x": "done", "X": "done", "-": "dropped", "/": "doing"}


def clear(text: str) -> str:
    """A text whose code and comments are blanks, so that they mean nothing."""
    return _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def links_in(said: Said) -> Iterator[Said]:
    """The notes to which a text links, by name or by path; attachments are none."""
    for target, line in _targets(said):
        if target and not _is_attached(target):
            yield Said(target, line)


def attached_in(said: Said) -> Iterator[Said]:
    """The files other than notes to which a text links."""
    for target, line in _targets(said):
        if _is_attached(target):
            yield Said(target, line)


def _targets(said: Said) -> Iterator[tuple[str, int]]:
    shown = clear(said)
    found = [(each.start(), name_in(each[1])) for each in _WIKI.finditer(shown)]
    for each in _LINK.finditer(shown):
        if not _SCHEME.match(each[1]):
            target = unquote(each[1].partition("#")[0])
            if target.endswith((".md", ".markdown")) or _is_attached(target):
                found.append((each.start(), name_in(target)))
    for start, target in sorted(found):
        yield target, said.line + shown.count("\n", 0, start)


def name_in(link: str) -> str:
    """A link's target without its heading, its block and its other name."""
    name = link.partition("|")[0].rstrip("\\").partition("#")[0].partition("^")[0].strip()
    name = re.sub(r"^(?:\.{1,2}/)+", "", name)
    return re.sub(r"\.(?:md|markdown)$", "", name)


def _is_attached(target: str) -> bool:
    dot = target.rfind(".")
    return dot > 0 and _ATTACHED.fullmatch(target, dot) is not None


def tags_in(said: Said) -> Iterator[Said]:
    """The tags of a text without their `#`; numbers alone are none."""
    shown = clear(said)
    for each in _TAG.finditer(_WIKI.sub(lambda found: " " * len(found[0]), shown)):
        if not _NUMBER.fullmatch(each[1]):
            yield Said(each[1], said.line + shown.count("\n", 0, each.start()))


def fields_in(said: Said) -> Iterator[tuple[str, Said]]:
    """The values written `key:: value`, on a line of their own or in brackets."""
    shown = clear(said)
    alone = list(_OWN_LINE.finditer(shown))
    lines = {shown.count("\n", 0, each.start(1)) for each in alone}
    for each in alone:
        line = shown.count("\n", 0, each.start(1))
        if not _TASK.match(each[1]):
            yield each[1].strip(_FORMATS), Said(said[each.start(2) : each.end(2)], said.line + line)
    for each in _BRACKETED.finditer(shown):
        line = shown.count("\n", 0, each.start())
        key, spot = (each[1], 2) if each[1] else (each[3], 4)
        value = said[each.start(spot) : each.end(spot)].strip()
        if value and line not in lines:
            yield key.strip(_FORMATS), Said(value, said.line + line)


def value_of(said: Said) -> Tree:
    """A value; where it is links and nothing else, the names of their notes."""
    text = said.strip()
    names = [name for each in _WIKI.finditer(text) if (name := name_in(each[1]))]
    if not names or not _JOINTS.fullmatch(_WIKI.sub(",", text)):
        return Said(text, said.line, said.column) if text else None
    items = Items(said.line, said.column)
    if len(names) == 1:
        return Said(names[0], said.line, said.column)
    items.extend(Said(name, said.line, said.column) for name in names)
    return items


def values_of(tree: Tree) -> Tree:
    """Values of front matter, links as the names of their notes."""
    if isinstance(tree, Said):
        return value_of(tree)
    if isinstance(tree, Fields):
        fields = Fields(tree.line, tree.column)
        for name, value in tree.items():
            fields[name] = values_of(value)
        return fields
    if isinstance(tree, Items):
        # Without quotes, YAML takes [[Grow]] for a list in a list.
        inner = tree[0] if len(tree) == 1 else None
        only = inner[0] if isinstance(inner, Items) and len(inner) == 1 else None
        if isinstance(only, Said):
            return Said(name_in(only), only.line, only.column)
        items = Items(tree.line, tree.column)
        items.extend(map(values_of, tree))
        return items
    return None


def find_task(said: Said, heading: Tree) -> Fields | None:
    """A list item as a task; None where it is none."""
    first = said.partition("\n")[0]
    found = _TASK.fullmatch(first)
    if found is None:
        return None
    task = Fields(said.line, 1)
    rest = found[2]
    for key, value in fields_in(Said(rest, said.line)):
        add(task, key, value)
    rest = _BRACKETED.sub("", rest)
    for name, pattern in (("id", _BLOCK), ("repeats", _REPEATS)):
        if (met := pattern.search(rest)) is not None:
            keep(task, name, Said(met[1].strip(), said.line))
            rest = rest[: met.start()] + rest[met.end() :]
    for met in _SIGNED.finditer(rest):
        task.setdefault(_SIGNS[met[1]], Said(met[2], said.line))
    if (met := _PRIORITY.search(rest)) is not None:
        task["priority"] = Said(_PRIORITIES[met[1]], said.line)
    rest = _PRIORITY.sub("", _SIGNED.sub("", rest))
    if (met := _WORDED.search(rest)) is not None:
        task.setdefault("due", Said(met[1], said.line))
        rest = rest[: met.start()] + rest[met.end() :]
    text = Said(" ".join(rest.split()), said.line)
    task["state"] = Said(_STATES.get(found[1], found[1]), said.line)
    people = (Said(each[1], said.line) for each in _PERSON.finditer(clear(text)))
    for name, part in (
        ("text", text),
        ("heading", heading),
        ("tags", listed(tags_in(text), said.line)),
        ("links", listed(links_in(text), said.line)),
        ("people", listed(people, said.line)),
    ):
        keep(task, name, part)
    return task
