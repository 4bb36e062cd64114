"""The textual name of a thing: kind/slug."""

from __future__ import annotations

import re
import unicodedata

LONGEST_SLUG = 120


class Ref(str):
    """A thing's only textual name, `kind/slug`; a plain string in every column."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        """The part before the first slash."""
        return self.partition("/")[0]

    @property
    def slug(self) -> str:
        """The part after the first slash."""
        return self.partition("/")[2]


def ref_of(kind: str, name: str) -> Ref:
    """The ref of the thing of this kind that goes by this name.

    A kind of several words stands in refs as a slug: `delivery-team/north`.
    """
    return Ref(f"{slug_of(kind)}/{slug_of(name)}")


def find_ref(text: str) -> Ref | None:
    """`text` as a ref, or None where it has not that shape."""
    kind, slash, slug = text.partition("/")
    shaped = slash and kind and slug and slug_of(slug) == slug and slug_of(kind) == kind
    return Ref(text) if shaped else None


def slug_of(name: str) -> str:
    """A name as a slug: lower case, letters and digits of any script, dots, hyphens.

    Other runs of characters become one hyphen, so two names may share a slug:
    whoever makes a new thing checks. An empty outcome becomes `unnamed`.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"[^\w.]+", "-", text).replace("_", "-")
    text = re.sub(r"-{2,}", "-", text).strip("-.")
    return text[:LONGEST_SLUG].rstrip("-.") or "unnamed"
