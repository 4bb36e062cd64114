"""The article before a noun that somebody else chose."""

from __future__ import annotations


def a(noun: str) -> str:
    """`noun` with "an" before a vowel's letter, else "a"."""
    return f"{'an' if noun[:1].casefold() in set('aeiou') else 'a'} {noun}"
