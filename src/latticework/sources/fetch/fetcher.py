"""What a fetcher is: settings and a walk through somebody's pages, declared."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import latticework.sources.fetch
from latticework.base.registry import Declared, Registry, discover
from latticework.base.times import Instant

if TYPE_CHECKING:
    from latticework.sources.fetch.http import Client
    from latticework.sources.fetch.tokens import Token

S = TypeVar("S")
Default = str | int | bool | tuple[str, ...]
D = TypeVar("D", bound=Default)
NOWHERE = "nowhere"
"""The site of what is not asked over HTTP."""

_SAYS = "says"
_NEEDED = "needed"
_SORTS = {str: "text", int: "number", bool: "yes or no", tuple[str, ...]: "texts"}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One thing that a recipe may say to a fetcher.

    `name` is the word in the recipe, `sort` one of text, number, yes or no, texts.
    """

    name: str
    field: str
    sort: str
    says: str
    default: Default
    needed: bool


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where to ask, and with which headers; those of `key` carry the secret.

    At NOWHERE nothing can be asked over HTTP.
    """

    site: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    key: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One piece of what a tracker said, as its reader reads it.

    `things` says how many are in it; `position` is all that is needed to go on
    after it, in another process too.
    """

    body: object
    things: int
    position: str


@dataclass(frozen=True, kw_only=True)
class Asked(Generic[S]):
    """What a fetcher is to bring: all, or what changed `since` an instant.

    `position` is that of the last page that is kept already; empty to begin.
    `token` is for what is not asked over HTTP; the client sends it by itself.
    """

    settings: S
    client: Client
    since: Instant | None
    position: str = ""
    token: Token | None = None


@dataclass(frozen=True, kw_only=True)
class Fetcher(Declared):
    """A declared way to ask one tracker; `source` reads what it brings."""

    source: str
    makes: type[object]
    settings: tuple[Setting, ...]
    way: Callable[[object, Token | None], Way]
    pages: Callable[[Asked[object]], Iterator[Page]]


def setting(says: str, default: D, *, needed: bool = False) -> D:
    """A field of a settings dataclass, with the words that surfaces show."""
    metadata = {_SAYS: says, _NEEDED: needed}
    return dataclasses.field(default=default, metadata=metadata)


def fetcher(
    *, settings: type[S], source: str, way: Callable[[S, Token | None], Way]
) -> Callable[[Callable[[Asked[S]], Iterator[Page]]], Fetcher]:
    """Declare a function as the one that walks through a tracker's pages."""

    def declare(pages: Callable[[Asked[S]], Iterator[Page]]) -> Fetcher:
        return Fetcher(
            name=pages.__name__,
            doc=(pages.__doc__ or "").strip(),
            module=pages.__module__,
            source=source,
            makes=settings,
            settings=_settings_of(settings),
            way=cast("Callable[[object, Token | None], Way]", way),
            pages=cast("Callable[[Asked[object]], Iterator[Page]]", pages),
        )

    return declare


@cache
def fetchers() -> Registry[Fetcher]:
    """Every fetcher, ours and those of installed plugins."""
    return discover(Fetcher, latticework.sources.fetch, group="latticework.fetchers")


def _settings_of(settings: type[object]) -> tuple[Setting, ...]:
    if not dataclasses.is_dataclass(settings):
        message = f"{settings!r} is no dataclass"
        raise TypeError(message)
    hints = typing.get_type_hints(settings)
    return tuple(_setting_of(each, hints[each.name]) for each in dataclasses.fields(settings))


def _setting_of(field: dataclasses.Field[object], hint: object) -> Setting:
    says = field.metadata.get(_SAYS, "")
    if not says or hint not in _SORTS:
        message = f"'{field.name}' needs words and a type among {', '.join(_SORTS.values())}"
        raise TypeError(message)
    return Setting(
        name=field.name.replace("_", " "),
        field=field.name,
        sort=_SORTS[hint],
        says=says,
        default=cast("Default", field.default),
        needed=bool(field.metadata.get(_NEEDED)),
    )
