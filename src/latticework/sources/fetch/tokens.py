"""Tokens: found by name, sent to one host, never written anywhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Secrets = Callable[[str], str | None]
"""From the name of a token to the token; None where there is none."""

SERVICE = "latticework"
"""Under which a keyring keeps our tokens."""

HIDDEN = "(hidden)"
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:gh[opsur]_|github_pat_|gl[a-z]{2,6}-|lin_(?:api|oauth)_|ATATT|ATCTT|xox[a-z]-|sk-)"
    r"[\w\-.=]{12,}"
    r"|://[^/@\s]*:[^/@\s]+@"
)
"""Beginnings that trackers give their tokens, and a password in an address."""


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-/]{0,99}")
_LONG = 20
_BITS = 3.6


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A secret that shows itself only where it is asked to."""

    name: str
    _secret: str

    def reveal(self) -> str:
        """The secret, for the header of a request and nothing else."""
        return self._secret

    def __repr__(self) -> str:
        """The name alone."""
        return f"Token({self.name!r})"


def is_known_token(text: str) -> bool:
    """Whether a text holds what a tracker's own tokens look like, or a password."""
    return _KNOWN.search(text) is not None


def looks_like_token(text: str) -> bool:
    """Whether somebody wrote a secret where the name of one belongs.

    Known beginnings tell it, and so do long words of letters and digits mixed
    as chance mixes them, which no name of a variable is.
    """
    word = text.strip()
    if is_known_token(word):
        return True
    if not _NAME.fullmatch(word):
        return len(word) >= _LONG and " " not in word
    mixed = any(each.isdigit() for each in word) and any(each.islower() for each in word)
    return len(word) >= _LONG and mixed and _bits_of(word) >= _BITS


def secrets_of(environment: Mapping[str, str]) -> Secrets:
    """Tokens of the environment, and behind it of a keyring where one is installed."""

    def find(name: str) -> str | None:
        return environment.get(name, "").strip() or find_in_keyring(name)

    return find


def find_in_keyring(name: str) -> str | None:
    """A token of the system's keyring; None without the `keyring` library."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError:
        return None
    return str(found).strip() or None if found is not None else None


def _bits_of(word: str) -> float:
    """How mixed the letters of a word are, in bits for each."""
    counts = Counter(word).values()
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts)
