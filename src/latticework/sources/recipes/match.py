"""By what a record of one source may be matched with a thing of another."""

from __future__ import annotations

import string
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

WEB = ("http", "https")
KEY = "key"


@dataclass(frozen=True, kw_only=True)
class Match:
    """Fields that tell who is who, tried in their order.

    `names` are those that hold people's names, whose words may come in any order.
    """

    by: tuple[str, ...]
    names: tuple[str, ...] = ()


def is_link(text: str) -> bool:
    """Whether a text is a web address with at most `{key}` to be filled in."""
    try:
        places = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        parts = urlsplit(text.replace("{key}", "key"))
    except ValueError:
        return False
    return parts.scheme in WEB and bool(parts.hostname) and places <= {KEY} and not parts.password


def link_to(link: str, key: str) -> str:
    """The address at which a source shows what it knows by a key."""
    return link.replace("{key}", quote(key, safe="/"))
