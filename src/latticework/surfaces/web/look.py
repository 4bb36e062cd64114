"""How a reader looks at the company: which page, which moment, which theme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote

from markupsafe import Markup, escape

from latticework.base.refs import Ref
from latticework.journal.store import MAIN
from latticework.model.model import Family
from latticework.views.blocks import Why

THEMES = ("light", "dark")
DENSITIES = ("compact",)
MOMENT_PARAMS = ("at", "known", "branch", "against")
LONGEST_NAME = 80
_PLAIN_REF = re.compile(r"[a-z0-9.-]+/[a-z0-9.-]+")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One visit: path and query as asked, and what the cookies say.

    `query` holds the pairs of the address in their order. A moment's
    words (`at`, `known`, `branch`, `against`) go along with every link made here.
    `who` is the name that the reader signs changes with; `folded` names the
    families that are shut in the navigation. `origin` is how this visit called
    the server; what says it is not kept for others.
    """

    path: str = "/"
    query: Pairs = ()
    theme: str = ""
    density: str = ""
    who: str = ""
    folded: str = ""
    origin: str = ""

    def find(self, name: str, otherwise: str = "") -> str:
        """The last value of this name in the query, trimmed."""
        found = [value for key, value in self.query if key == name]
        return found[-1].strip() if found else otherwise

    @cached_property
    def at(self) -> str:
        """The day or instant asked for; empty means now."""
        text = self.find("at")
        return "" if text.casefold() == "now" else text

    @cached_property
    def known(self) -> str:
        """Until when entries count as known; empty means all of them."""
        return self.find("known")

    @cached_property
    def branch(self) -> str:
        """The branch that is read."""
        return self.find("branch") or MAIN

    @cached_property
    def against(self) -> str:
        """The earlier moment that the page is compared with; empty for none."""
        return self.find("against")

    def to(self, path: str, **params: object) -> str:
        """The address of another page at the same moment; `at_` fields override."""
        asked = {name.rstrip("_"): str(value) for name, value in params.items() if value != ""}
        every = [*asked.items(), *((k, v) for k, v in self._moment if k not in asked)]
        return _address(path, every) if every else path

    def thing(self, ref: str) -> str:
        """The address of a thing's page at the same moment."""
        return path_of(ref) + self._moment_said

    def why(self, why: Why) -> str:
        """The address at which a number says what it is made of."""
        return self.to(f"/views/{why.view}", **dict(why.chosen))

    def here(self, **changed: object) -> str:
        """The same page with some parameters changed; an empty one goes away."""
        names = {name.rstrip("_"): str(value) for name, value in changed.items()}
        kept = (said for key, said in self._said if key not in names)
        changes = (_pair(key, value) for key, value in names.items() if value)
        query = "&".join((*kept, *changes))
        return f"{self.path}?{query}" if query else self.path

    def at_day(self, day: object) -> str:
        """The same page as it stood at the end of a day."""
        return f"{self.before_day}{_quoted(str(day))}"

    @cached_property
    def before_day(self) -> str:
        """The address of the same page at the end of a day, but for the day itself."""
        here = self.here(at="", page="")
        return f"{here}{'&' if '?' in here else '?'}at="

    @cached_property
    def _said(self) -> Pairs:
        """The pairs of the address that say something, as it writes each of them."""
        return tuple((key, _pair(key, value)) for key, value in self.query if value)

    @property
    def now(self) -> str:
        """The same page at the present moment."""
        return self.here(at="", known="", page="")

    @property
    def main(self) -> str:
        """The same page on the main branch."""
        return self.here(branch="")

    @property
    def back(self) -> str:
        """The same page, nothing changed."""
        return self.here()

    @property
    def kept(self) -> Pairs:
        """What a form that asks for another day must keep."""
        return tuple((k, v) for k, v in self.query if k not in {"at", "page"} and v)

    def hidden(self) -> Markup:
        """The moment as hidden fields of a form that leads to another page."""
        fields = (
            f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
            for key, value in self._moment
        )
        return Markup("".join(fields))  # noqa: S704  each part is escaped above

    @cached_property
    def _moment_said(self) -> str:
        return _address("", list(self._moment))

    @cached_property
    def _moment(self) -> Pairs:
        branch = "" if self.branch == MAIN else self.branch
        each = zip(MOMENT_PARAMS, (self.at, self.known, branch, self.against), strict=True)
        return tuple((key, value) for key, value in each if value)


def look_of(path: str, query: Pairs, cookies: Mapping[str, str]) -> Look:
    """A look; a cookie that names no theme or density counts for nothing."""
    chosen = {name: fits(unquote(cookies.get(name, ""))) for name, fits in CHOICES.items()}
    return Look(path=path, query=query, **chosen)


def _theme(text: str) -> str:
    return text if text in THEMES else ""


def _density(text: str) -> str:
    return text if text in DENSITIES else ""


def _name(text: str) -> str:
    """A name in one line, as people sign with it."""
    return " ".join(text.split())[:LONGEST_NAME] if text.isprintable() else ""


def _families(text: str) -> str:
    """Families in their order, with dots between them."""
    words = set(text.split("."))
    return ".".join(family.value for family in Family if family.value in words)


CHOICES = {"theme": _theme, "density": _density, "who": _name, "folded": _families}
"""What a reader may choose once for every page, and what fits each; else empty."""


def path_of(ref: str) -> str:
    """The path of a thing's page; every character of its slug is kept."""
    if _PLAIN_REF.fullmatch(ref):
        return f"/thing/{ref}"
    each = Ref(ref)
    return f"/thing/{quote(each.kind, safe='')}/{quote(each.slug, safe='')}"


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    query = "&".join(_pair(key, value) for key, value in pairs)
    return f"{path}?{query}" if query else path


@lru_cache(2_000)
def _pair(key: str, value: str) -> str:
    return f"{_quoted(key)}={_quoted(value)}"


def _quoted(text: str) -> str:
    return quote(text, safe="/:,")
