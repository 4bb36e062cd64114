"""Packs: folders of plain content that a company begins with.

A pack is a folder of YAML files with the sections of a model file, and what its
other files hold is no concern of the model. Files of a pack are laid together
section by section. A company that says `uses: [starter]` has all of it, and its
own words on top:

* an entry of the same name extends the pack's: its keys win, fields, links and
  mappings are merged one by one, stages are replaced as a whole;
* `null` for a field, link, rule or any other entry drops it, and so does the
  `drop` section;
* `was: bet` renames the pack's bet: all that the pack says of it (fields,
  links of other kinds that lead there) is said of the new name.

PACK001 is a pack that is not there or uses itself, PACK002 a file that cannot be
read, PACK003 an entry in two files of one pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path

from latticework.base.findings import Finding, Place, error
from latticework.base.near import did_you_mean
from latticework.model.document import Item, decode, read_document
from latticework.model.keys import SECTIONS, Sort

_ENTRIES = tuple(name for name, key in SECTIONS["model"].items() if key.sort is Sort.NAMED)
_ONCE_PER_LINK = ("back", "shape", "words", "purpose", "expires")
_DEEPEST = 8

Entries = Mapping[str, Item]


@dataclass(frozen=True)
class Pack:
    """One pack's content as one tree, and what is wrong with its files."""

    name: str
    root: Item
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Packs:
    """Where packs are looked for; an earlier folder wins over a later one."""

    folders: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Every pack there is, in alphabetical order."""
        found = {
            inner.name
            for folder in self.folders
            if folder.is_dir()
            for inner in folder.iterdir()
            if inner.is_dir() and any(inner.glob("*.yaml"))
        }
        return tuple(sorted(found))

    def find(self, name: str) -> Pack | None:
        """The pack of this name."""
        if name not in self.names():
            return None
        folder = next(each / name for each in self.folders if (each / name).is_dir())
        files = sorted(folder.glob("*.yaml"))
        return _read_pack(name, tuple((path, path.stat().st_mtime_ns) for path in files))


def packs_in(*folders: Path) -> Packs:
    """Packs of these folders, of installed plugins, and our own."""
    own = Path(__file__).parent.parent / "packs"
    plugged, findings = _plugged()
    return Packs((*folders, *plugged, own), findings)


def with_packs(root: Item, packs: Packs) -> tuple[Item, tuple[Finding, ...]]:
    """A model's tree laid over the trees of the packs it uses."""
    return _with_packs(root, packs, ())


def _with_packs(
    root: Item, packs: Packs, inside: tuple[str, ...]
) -> tuple[Item, tuple[Finding, ...]]:
    """`inside` names the packs on whose behalf this one is read."""
    findings: list[Finding] = list(packs.findings) if not inside else []
    below: Item | None = None
    for name in _words(root.get("uses")):
        pack = packs.find(name.text or "")
        if pack is None or pack.name in inside or len(inside) > _DEEPEST:
            findings.append(_no_pack(name, packs, is_known=pack is not None))
            continue
        tree, more = _with_packs(pack.root, packs, (*inside, pack.name))
        findings.extend((*pack.findings, *more))
        below = overlay(below, tree) if below else tree
    return (overlay(below, root) if below else root), tuple(findings)


def overlay(below: Item, above: Item) -> Item:
    """One model's tree laid over another's; see the head of this file."""
    below = _renamed(below, above)
    below = _dropped(below, above.get("drop"))
    merged = dict(below.mapping) | dict(above.mapping)
    for section in _ENTRIES:
        entries = _laid_over(
            _section(below, section), _section(above, section), _MERGED_BELOW.get(section, ())
        )
        if entries or section in merged:
            merged[section] = _like(above.get(section) or below.get(section), entries)
    silences = [each for tree in (below, above) for each in _words_or_maps(tree.get("silences"))]
    if silences:
        merged["silences"] = Item(silences)
    return _like(above, merged)


_MERGED_BELOW: Mapping[str, tuple[str, ...]] = {
    "kinds": ("fields", "links", "as"),
    "interfaces": ("fields",),
    "links": ("carries", "ends"),
    "readings": ("with",),
}


def _laid_over(below: Entries, above: Entries, merged_keys: Sequence[str]) -> dict[str, Item]:
    """Entries by name; an entry on both sides is merged key by key."""
    entries = dict(below)
    for name, item in above.items():
        old = entries.get(name)
        if old is None:
            entries[name] = item
        elif item.is_null:
            del entries[name]
        elif isinstance(item.value, dict) and isinstance(old.value, dict):
            entries[name] = _merged(old, item, merged_keys)
        else:
            entries[name] = item
    return entries


def _merged(below: Item, above: Item, merged_keys: Sequence[str]) -> Item:
    """One entry: the keys above win, `merged_keys` are merged in their turn."""
    keys = dict(below.mapping) | dict(above.mapping)
    for key in merged_keys:
        old, new = below.get(key), above.get(key)
        if old is None or new is None or not isinstance(new.value, dict):
            continue
        if key == "fields":
            keys[key] = _like(new, _fields_over(old.mapping, new.mapping))
        else:
            inner = ("carries",) if key == "links" else ()
            keys[key] = _like(new, _laid_over(old.mapping, new.mapping, inner))
    return _like(above, keys)


def _fields_over(below: Entries, above: Entries) -> dict[str, Item]:
    """Fields by name; a field that says its type anew replaces the old one.

    A field with `was` takes the place of the one it was.
    """
    heirs = {
        word: name
        for name, item in above.items()
        for word in _former(item)
        if word in below and word not in above
    }
    entries: dict[str, Item] = {}
    for name, item in below.items():
        entries[heirs.get(name, name)] = item
    for name, item in above.items():
        old = entries.get(name)
        if old is None:
            entries[name] = item
        elif item.is_null:
            del entries[name]
        elif item.text is not None or "type" in item.mapping:
            entries[name] = item
        else:
            spelled = old.mapping or {"type": old}
            entries[name] = _like(item, dict(spelled) | dict(item.mapping))
    return entries


# Renaming ----------------------------------------------------------------------------


def _renamed(below: Item, above: Item) -> Item:
    """The lower tree in the words of the upper one."""
    kinds = _heirs(_section(below, "kinds"), _section(above, "kinds"))
    interfaces = _heirs(_section(below, "interfaces"), _section(above, "interfaces"))
    said = _links_said(above)
    links = _heirs(_links_said(below), said)
    words = kinds | interfaces
    tree = dict(below.mapping)
    tree["kinds"] = Item(
        {
            kinds.get(name, name): _kind_in_words(item, words, links, said, is_new=name in kinds)
            for name, item in _section(below, "kinds").items()
        }
    )
    tree["interfaces"] = Item(
        {
            interfaces.get(name, name): _without(item, ["many"]) if name in interfaces else item
            for name, item in _section(below, "interfaces").items()
        }
    )
    tree["links"] = Item(_links_in_words(_section(below, "links"), words, links, said))
    return _like(below, {key: item for key, item in tree.items() if item.value})


def _heirs(below: Mapping[str, object], above: Entries) -> dict[str, str]:
    """Names of the lower tree to what the upper one calls them by its `was`."""
    return {
        word: name
        for name, item in above.items()
        for word in _former(item)
        if word in below and word not in above
    }


def _links_said(tree: Item) -> dict[str, Item]:
    """Every link of a tree with all that is said of it anywhere."""
    said: dict[str, dict[str, Item]] = {}
    places = [_section(tree, "links")]
    places += [_section(kind, "links") for kind in _section(tree, "kinds").values()]
    for links in places:
        for name, item in links.items():
            said.setdefault(name, {}).update(item.mapping)
    return {name: Item(dict(keys)) for name, keys in said.items()}


def _kind_in_words(
    kind: Item, words: Mapping[str, str], links: Mapping[str, str], said: Entries, *, is_new: bool
) -> Item:
    """A kind with its links and interfaces in other words."""
    keys = dict(_without(kind, ["many"]).mapping if is_new else kind.mapping)
    if "links" in keys:
        keys["links"] = _like(
            keys["links"], _links_in_words(keys["links"].mapping, words, links, said)
        )
    if "is" in keys:
        keys["is"] = _in_words(keys["is"], words)
    return _like(kind, keys) if keys else kind


def _links_in_words(
    entries: Entries, words: Mapping[str, str], links: Mapping[str, str], said: Entries
) -> dict[str, Item]:
    """Links under other names, without what the upper tree says of them."""
    renamed = {}
    for name, item in entries.items():
        new = links.get(name, name)
        told = [key for key in _ONCE_PER_LINK if key in said.get(new, Item({})).mapping]
        told += ["back"] if new != name else []
        keys = dict(_without(item, told).mapping)
        if "to" in keys:
            keys["to"] = _in_words(keys["to"], words)
        if "ends" in keys:
            ends = keys["ends"].mapping.items()
            keys["ends"] = Item({words.get(at, at): _in_words(to, words) for at, to in ends})
        renamed[new] = _like(item, keys)
    return renamed


def _in_words(item: Item, words: Mapping[str, str]) -> Item:
    """One text or a list of them, each in its new word; {to: …} likewise."""
    if isinstance(item.value, dict):
        return _like(item, item.value | {"to": _in_words(item.value.get("to", Item([])), words)})
    return _like(
        item,
        [_like(each, words.get(each.text or "", each.text or "")) for each in item.items],
    )


def _without(item: Item, keys: Iterable[str]) -> Item:
    gone = set(keys)
    return _like(item, {key: each for key, each in item.mapping.items() if key not in gone})


def _former(item: Item) -> Iterator[str]:
    """The plain former names that an entry says."""
    for each in _words(item.get("was")):
        yield each.text or ""


# Dropping ----------------------------------------------------------------------------


def _dropped(tree: Item, drop: Item | None) -> Item:
    """The tree without the entries that `drop` names, and without ends that led there."""
    if drop is None:
        return tree
    gone = {section: {each.text for each in _words(drop.get(section))} for section in drop.mapping}
    keys = dict(tree.mapping)
    for section, names in gone.items():
        entries = _section(tree, section)
        keys[section] = Item({name: item for name, item in entries.items() if name not in names})
    ends = gone.get("kinds", set()) | gone.get("interfaces", set())
    links = gone.get("links", set())
    keys["kinds"] = Item(
        {
            name: _kind_without(item, ends, links)
            for name, item in _section(_like(tree, keys), "kinds").items()
        }
    )
    return _like(tree, {key: item for key, item in keys.items() if item.value})


def _kind_without(kind: Item, ends: set[str | None], links: set[str | None]) -> Item:
    """A kind without dropped links, and without links that lead only to dropped kinds."""
    keys = dict(kind.mapping)
    kept = {}
    for name, link in _section(kind, "links").items():
        to = [each for each in _words(link.get("to")) if each.text not in ends]
        if name not in links and to:
            kept[name] = _like(link, dict(link.mapping) | {"to": Item(to)})
    if "links" in keys:
        keys["links"] = _like(keys["links"], kept)
    if "is" in keys:
        keys["is"] = Item([each for each in _words(keys["is"]) if each.text not in ends])
    return _like(kind, keys)


# Reading -----------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _read_pack(name: str, files: tuple[tuple[Path, int], ...]) -> Pack:
    """A pack's files as one tree; read again when one of them was written."""
    keys: dict[str, Item] = {}
    findings: list[Finding] = []
    for path, _ in files:
        root, found = _read_file(path, f"{name}/{path.name}")
        findings.extend(found)
        for key, item in root.mapping.items() if root else ():
            if key in keys and isinstance(item.value, dict):
                findings.extend(_twice(keys[key], item))
                first = dict(keys[key].mapping)
                more = {name: each for name, each in item.mapping.items() if name not in first}
                item = _like(keys[key], first | more)
            keys[key] = item
    return Pack(name, Item(keys), tuple(findings))


def _read_file(path: Path, shown: str) -> tuple[Item | None, tuple[Finding, ...]]:
    try:
        text, found = decode(path.read_bytes(), file=shown)
    except OSError as problem:
        says = f"the file cannot be read: {problem.strerror}"
        return None, (error("PACK002", says, hint="look at its rights", place=Place(file=shown)),)
    document = read_document(text, file=shown)
    return document.root, (*found, *document.findings)


def _twice(first: Item, second: Item) -> Iterator[Finding]:
    """Entries that two files of a pack both hold."""
    for name, item in second.mapping.items():
        if name in first.mapping:
            other = first.mapping[name].key_place
            says = f"'{name}' stands in {other.file} too, line {other.line}"
            yield error("PACK003", says, hint="keep one of them", place=item.key_place, value=name)


def _no_pack(name: Item, packs: Packs, *, is_known: bool) -> Finding:
    if is_known:
        says, hint = f"pack '{name.text}' uses itself", "remove it from 'uses'"
    else:
        known = packs.names()
        says = f"no pack is called '{name.text}'"
        hint = did_you_mean(name.text or "", known, otherwise="one of " + ", ".join(known))
    return error("PACK001", says, hint=hint, place=name.place, value=name.text or "")


def _plugged() -> tuple[list[Path], tuple[Finding, ...]]:
    """Folders of packs that installed plugins name."""
    folders, findings = [], []
    for point in entry_points(group="latticework.packs"):
        try:
            folders.append(Path(str(point.load())))
        except Exception as problem:  # noqa: BLE001  a plugin may raise anything
            says = f"plugin '{point.name}' did not import: {problem}"
            place = Place(file=point.value)
            findings.append(error("PLUGIN001", says, hint="upgrade or uninstall it", place=place))
    return folders, tuple(findings)


# Trees -------------------------------------------------------------------------------


def _section(tree: Item, name: str) -> Entries:
    item = tree.get(name)
    return item.mapping if item else {}


def _words(item: Item | None) -> tuple[Item, ...]:
    """The texts of a text or a list."""
    return tuple(each for each in item.items if each.text is not None) if item else ()


def _words_or_maps(item: Item | None) -> tuple[Item, ...]:
    return item.items if item else ()


def _like(item: Item | None, value: str | dict[str, Item] | list[Item]) -> Item:
    """Another value in the same place."""
    if item is None:
        return Item(value)
    return Item(value, item.file, item.line, item.column, item.end, key=item.key)
