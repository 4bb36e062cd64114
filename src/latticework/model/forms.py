"""Filling records from a file's items, with every finding on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from latticework.base.findings import Finding, Place, error
from latticework.base.near import did_you_mean
from latticework.model.document import Item
from latticework.model.keys import SECTIONS
from latticework.model.model import Origin

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_LONGEST_SHOWN = 60


class Findings:
    """Findings collected while a file is read, and where each name stands."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: list[Finding] = []
        self.places: dict[str, Place] = {}

    def add(self, code: str, says: str, hint: str, place: Place, value: str = "") -> None:
        """One more error."""
        self.found.append(error(code, says, hint=hint, place=place, value=value))


class Form:
    """One mapping of a file, read key by key.

    `section` names its table in `keys.SECTIONS`; keys that are not there are
    findings at once. `path` names it in `Model.places`.
    """

    def __init__(self, item: Item, section: str, path: str, findings: Findings) -> None:
        """Look at the keys; their values are looked at when asked for."""
        self.item = item
        self.path = path
        self.findings = findings
        self._keys = SECTIONS[section]
        if path:
            findings.places[path] = item.key_place
        if not item.is_null and not isinstance(item.value, dict):
            self.wrong(item, f"expected a mapping for {path or 'the model'}, not {item.sort}")
        self._refuse_unknown()
        self._miss_required()

    def wrong(self, item: Item, says: str, hint: str = "", *, code: str = "MODEL002") -> None:
        """A value that cannot stand where it does."""
        value = item.value if isinstance(item.value, str) else ""
        hint = hint or "look at 'latticework model schema'"
        self.findings.add(code, says, hint, item.place, value)

    def find(self, key: str) -> Item | None:
        """The item under a key, where something stands there."""
        item = self.item.mapping.get(key)
        if item is None or item.is_null:
            return None
        self.findings.places[f"{self.path}.{key}" if self.path else key] = item.place
        return item

    def text(self, key: str, default: str = "") -> str:
        """The text under a key."""
        item = self.find(key)
        if item is None:
            return default
        if item.text is None:
            self.wrong(item, f"'{key}' is {item.sort}, not a text", "write one text")
            return default
        return item.text

    def line(self, key: str, default: str = "") -> str:
        """The text under a key, its lines joined and its ends stripped."""
        return " ".join(self.text(key, default).split())

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under a key: one, or a list of them."""
        return tuple(each.text or "" for each in self.scalars(key))

    def scalars(self, key: str) -> tuple[Item, ...]:
        """The items of texts under a key, without those that are none."""
        item = self.find(key)
        kept = []
        for each in item.items if item else ():
            if each.text is None:
                self.wrong(each, f"'{key}' holds {each.sort}, not a text", "write texts")
            else:
                kept.append(each)
        return tuple(kept)

    def day(self, key: str) -> date | None:
        """The day under a key."""
        item = self.find(key)
        if item is None:
            return None
        try:
            return date.fromisoformat(item.text or "")
        except ValueError:
            self.wrong(item, f"'{shown(item)}' is no day", "write one like 2027-06-30")
            return None

    def count(self, key: str) -> int:
        """The whole number under a key; 0 where there is none."""
        item = self.find(key)
        if item is None:
            return 0
        text = item.text or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            self.wrong(item, f"'{shown(item)}' is no count", "write a whole number like 1")
            return 0
        return int(text)

    def yes(self, key: str, *, default: bool = False) -> bool:
        """Whether a key says yes."""
        item = self.find(key)
        if item is None:
            return default
        answer = _YES_NO.get((item.text or "").casefold())
        if answer is None:
            self.wrong(item, f"'{shown(item)}' is neither yes nor no", "write yes or no")
        return default if answer is None else answer

    def choice(self, key: str, default: str) -> str:
        """One of the words that the key may have."""
        item = self.find(key)
        choices = self._keys[key].choices
        if item is None:
            return default
        if item.text in choices:
            return item.text
        hint = did_you_mean(shown(item), choices, otherwise="one of " + ", ".join(choices))
        self.wrong(item, f"'{shown(item)}' is no {key}", hint)
        return default

    def words(self, key: str) -> Mapping[str, str]:
        """Texts by text."""
        pairs = {}
        for name, item in self.entries(key):
            if item.text is None:
                self.wrong(item, f"'{name}' is {item.sort}, not a text", "write one text")
            else:
                pairs[name] = item.text
                self.findings.places[f"{self.path}.{key}.{name}"] = item.place
        return pairs

    def texts_by_name(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """One text or a list of them by name."""
        found = {}
        for name, item in self.entries(key):
            texts = [each.text for each in item.items]
            if None in texts:
                self.wrong(item, f"'{name}' holds no text", "write one text, or a list of them")
            else:
                found[name] = tuple(each for each in texts if each is not None)
                self.findings.places[f"{self.path}.{key}.{name}"] = item.place
        return found

    def entries(self, key: str) -> Iterator[tuple[str, Item]]:
        """The named items under a key."""
        item = self.find(key)
        if item is None:
            return
        if not isinstance(item.value, dict):
            says = f"'{key}' is {item.sort}, not a mapping from names"
            self.wrong(item, says, "write 'name: …' lines below it")
            return
        yield from item.value.items()

    def forms(self, key: str, section: str = "") -> Iterator[tuple[str, Form]]:
        """The named sections under a key; a text may stand for its first key."""
        what = self._keys[key]
        section = section or what.section
        for name, item in self.entries(key):
            path = f"{self.path}.{key}.{name}" if self.path else f"{key}.{name}"
            if is_name(name):
                yield name, Form(_spelled(item, section), section, path, self.findings)
            else:
                says = f"'{name}' cannot be a name"
                hint = "write 1 to 80 characters on one line, without spaces around"
                self.findings.add("MODEL007", says, hint, item.key_place, name)

    def was(self) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        """Former names, and the parts of others that are taken over."""
        item = self.find("was")
        names: list[str] = []
        origins: list[Origin] = []
        for each in item.items if item else ():
            if each.text is not None:
                names.append(each.text)
                continue
            word, where = (
                part.text if part else None for part in (each.get("from"), each.get("where"))
            )
            if word is None or where is None or len(each.mapping) != 2:
                hint = "write a former name, or {from: name, where: condition}"
                self.wrong(each, f"'was' holds {each.sort} that names nothing", hint)
                continue
            origins.append(Origin(word, where))
        return tuple(names), tuple(origins)

    def _refuse_unknown(self) -> None:
        for key, item in self.item.mapping.items():
            if key not in self._keys:
                hint = did_you_mean(key, self._keys, otherwise="one of " + ", ".join(self._keys))
                says = f"'{key}' says nothing here"
                self.findings.add("MODEL001", says, hint, item.key_place, key)

    def _miss_required(self) -> None:
        for key, what in self._keys.items():
            if what.required and self.find(key) is None:
                says = f"{self.path} has no '{key}'"
                self.findings.add("MODEL004", says, f"add '{key}: …'", self.item.key_place)


_SHORT = {
    "moment": "day",
    "field": "type",
    "term": "means",
    "view": "asks",
    "stage": "category",
    "end": "to",
}
"""The key for which a bare text or list stands, by section."""


def _spelled(item: Item, section: str) -> Item:
    """A section written in one word, with its key."""
    key = _SHORT.get(section)
    if key is None or item.is_null or isinstance(item.value, dict):
        return item
    return Item({key: item}, item.file, item.line, item.column, item.end, key=item.key)


def is_name(text: str) -> bool:
    """Whether a text can name a kind, field, link, stage or anything declared."""
    return 0 < len(text) <= 80 and text == " ".join(text.split()) and text.isprintable()


def shown(item: Item) -> str:
    """A scalar as a sentence quotes it, cut where it is long."""
    text = item.value if isinstance(item.value, str) else item.sort
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
