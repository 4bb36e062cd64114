"""How a source's text became a value, and where the source shows it."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.journal.changes import Value, Via
from latticework.sources.recipes.match import link_to
from latticework.sources.recipes.parts import Cell, Part, Recipe, Words

MOST_WORDS = 3
"""Source words that are named where several become one of ours."""


def trace(recipe: Recipe, via: Via, kind: str, name: str, value: Value) -> tuple[str, str]:
    """The address of what a value came from, and what the recipe made of it.

    Both are derived from the recipe, so that entries need not repeat them:
    "Status: In progress, WIP → running". Empty where it does not tell.
    """
    parts = [part for part in recipe.parts if part.kind.name == kind]
    link = next((part.link for part in parts if part.link and not part.mentioned), "")
    said = (_made(cell, value) for cell in _cells(parts, name))
    return link_to(link, via.key) if link and via.key else "", next(said, "")


def _cells(parts: list[Part], name: str) -> Iterator[Cell]:
    return (cell for part in parts for cell in part.cells if cell.field.name == name)


def _made(cell: Cell, value: Value) -> str:
    """What one cell of a recipe does to come to a value."""
    if cell.always:
        return f"always '{cell.always}'"
    places = ", ".join(pick.text for pick in cell.picks)
    ours = (value,) if isinstance(value, str) else value or ()
    theirs = [word for each in ours for word in _words_for(cell.words, each)]
    mended = [word for each in (*theirs, *ours) for word in _words_for(cell.repair, each)]
    named = [*theirs, *(f"{word} (repaired)" for word in mended)]
    if not named:
        return places
    more = ", …" if len(named) > MOST_WORDS else ""
    return f"{places}: {', '.join(named[:MOST_WORDS])}{more} → {', '.join(ours)}"


def _words_for(words: Words, ours: str) -> Iterator[str]:
    """The source's words that become one of ours."""
    exact = (theirs for theirs, each in words.exact.items() if each == ours)
    yield from (theirs for theirs in exact if theirs != ours.casefold())
    yield from (theirs for theirs, each in words.patterns if each == ours)
