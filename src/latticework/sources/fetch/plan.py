"""What a recipe says under `fetch:`: whom to ask, for what, with which token, how often."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from latticework.base.findings import Finding, Place, error
from latticework.base.near import did_you_mean
from latticework.sources.fetch.fetcher import Default, Fetcher, Setting, fetchers
from latticework.sources.fetch.tokens import HIDDEN, is_known_token, looks_like_token
from latticework.sources.tree import Fields, Items, Said, Tree

SECOND = 1_000_000
FROM, TOKEN, EVERY, WHOLE_EVERY, WITHOUT = "from", "token", "every", "whole every", "without"
GENERAL: Mapping[str, str] = {
    FROM: "the fetcher",
    TOKEN: "the name of the variable, or of the keyring's entry, that holds the token",
    EVERY: "how often it is asked for what changed, such as 15m, 1h or 1d; never by itself, without",
    WHOLE_EVERY: "how often it is asked for everything, to see what is gone; without it each 7d",
    WITHOUT: "fields left out of the recording wherever they stand, such as emailAddress",
}
"""What every fetcher is told, besides its own settings."""

WHOLE_SECONDS = 7 * 86_400
LEAST_SECONDS = 60
_SPAN = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """Whom to ask and for what, checked.

    `token` is a name, never a token. `every` and `whole_every` are seconds, 0
    for never by itself.
    """

    fetcher: Fetcher
    settings: object
    token: str = ""
    every: int = 0
    whole_every: int = WHOLE_SECONDS
    without: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, Default]:
        """The settings by the words of the recipe."""
        return {each.name: getattr(self.settings, each.field) for each in self.fetcher.settings}


def plan_of(tree: Tree, file: str = "") -> tuple[Fetch | None, tuple[Finding, ...]]:
    """The plan that a recipe's `fetch:` gives, and everything wrong with it."""
    reading = _Reading(file)
    plan = reading.plan(tree)
    return (None if reading.findings else plan), tuple(reading.findings)


@dataclass
class _Reading:
    """One `fetch:` on its way in, with what was found wrong so far."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def plan(self, tree: Tree) -> Fetch | None:
        """The plan, as far as it can be read."""
        if not isinstance(tree, Fields):
            self.wrong(
                "FETCH001", "'fetch' should hold named values", tree, "write 'from:' under it"
            )
            return None
        for each in self.secrets(tree):
            # Never quoted: findings are shown, kept and sent about.
            says = "a token itself seems to stand here"
            hint = (
                "keep it in the environment or a keyring, write its name here, and make a new one"
            )
            self.wrong("FETCH003", says, Said(HIDDEN, each.line, each.column), hint)
        if self.findings:
            return None
        fetcher = self.fetcher(tree)
        if fetcher is None:
            return None
        self.unknown(tree, fetcher)
        values = {each.field: self.value(each, tree) for each in fetcher.settings}
        every = self.span(tree.get(EVERY), 0)
        whole = self.span(tree.get(WHOLE_EVERY), WHOLE_SECONDS)
        if self.findings:
            return None
        return Fetch(
            fetcher=fetcher,
            settings=fetcher.makes(**values),
            token=self.text(tree.get(TOKEN)),
            every=every,
            whole_every=whole,
            without=self.texts(tree.get(WITHOUT)),
        )

    def secrets(self, tree: Fields) -> Iterator[Said]:
        """Values that look like a token, wherever somebody put it."""
        for value in tree.values():
            for each in value if isinstance(value, Items) else [value]:
                tells = looks_like_token if value is tree.get(TOKEN) else is_known_token
                if isinstance(each, Said) and tells(each):
                    yield each

    def fetcher(self, tree: Fields) -> Fetcher | None:
        """The fetcher that is named."""
        known = fetchers()
        name = self.text(tree.get(FROM))
        if name in known:
            return known[name]
        every = f"one of {', '.join(known)}"
        if not name:
            self.wrong(
                "FETCH001", "'fetch' does not say from where", tree, f"write 'from:' {every}"
            )
        else:
            hint = did_you_mean(name, known, otherwise=every)
            self.wrong("FETCH001", f"unknown fetcher '{name}'", tree[FROM], hint)
        return None

    def unknown(self, tree: Fields, fetcher: Fetcher) -> None:
        """Note words that mean nothing to this fetcher."""
        known = [*GENERAL, *(each.name for each in fetcher.settings)]
        for key in tree:
            if key not in known:
                hint = did_you_mean(key, known, otherwise="it may have " + ", ".join(known))
                place = key if isinstance(key, Said) else Said(key)
                self.wrong("FETCH002", f"'{fetcher.name}' takes no '{key}'", place, hint)

    def value(self, setting: Setting, tree: Fields) -> Default:
        """What the recipe says for a setting, or its default."""
        said = tree.get(setting.name)
        if said is None:
            if setting.needed:
                hint = f"add '{setting.name}:', {setting.says[:1].lower()}{setting.says[1:]}"
                self.wrong("FETCH002", f"'fetch' has no '{setting.name}'", tree, hint.rstrip("."))
            return setting.default
        if setting.sort == "texts":
            return self.texts(said)
        text = self.text(said)
        if setting.sort == "number":
            if text.isdecimal() and len(text) < 10:
                return int(text)
            self.wrong("FETCH002", f"'{text}' is no number", said, "write digits")
        elif setting.sort == "yes or no":
            if text.casefold() in _YES:
                return _YES[text.casefold()]
            self.wrong("FETCH002", f"'{text}' is neither yes nor no", said, "write yes or no")
        return text

    def span(self, tree: Tree, default: int) -> int:
        """Seconds of a span such as 15m; 0 for never."""
        text = self.text(tree).casefold().removeprefix("every ")
        if not text:
            return default
        if text == "never":
            return 0
        found = _SPAN.fullmatch(text)
        seconds = int(found[1]) * _SECONDS[found[2][0]] if found else 0
        if seconds < LEAST_SECONDS:
            hint = "write a span like 15m, 1h or 1d, a minute at least, or never"
            self.wrong("FETCH002", f"'{text}' does not say how often", tree, hint)
        return seconds

    def texts(self, tree: Tree) -> tuple[str, ...]:
        """One text or several."""
        found = tree if isinstance(tree, Items) else [tree]
        for each in found:
            if each is not None and not isinstance(each, Said):
                self.wrong(
                    "FETCH002", "named values stand where a text should", each, "write a text"
                )
        return tuple(str(each) for each in found if isinstance(each, Said))

    def text(self, tree: Tree) -> str:
        """One text, empty where there is none."""
        found = self.texts(tree)
        if len(found) > 1:
            self.wrong("FETCH002", "a list stands where one text should", tree, "keep one")
        return found[0] if found else ""

    def wrong(self, code: str, says: str, tree: Tree, hint: str) -> None:
        """Note a finding at a place of the recipe."""
        line, column = (tree.line, tree.column) if tree is not None else (0, 0)
        place = Place(file=self.file, line=line, column=column)
        self.findings.append(error(code, says, hint=hint, place=place))
