"""A query's text in parts, so that those that findings point at can be marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latticework.base.findings import Finding

LONGEST = 20_000
"""Longer questions are cut where they are shown, never where they are asked."""


@dataclass(frozen=True)
class Piece:
    """A part of the query's text; `wrong` where a finding points at it."""

    text: str
    wrong: bool = False


def pieces_of(text: str, findings: Iterable[Finding]) -> tuple[Piece, ...]:
    """The text in parts, so that those that findings point at can be marked."""
    text = text[:LONGEST]
    wrong = [False] * len(text)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for place in (each.place for each in findings):
        if place.column and place.line < len(starts):
            offset = starts[max(place.line, 1) - 1] + place.column - 1
            end = max(offset + (place.end - place.column if place.end else 1), offset + 1)
            wrong[offset:end] = [True] * len(wrong[offset:end])
    pieces: list[Piece] = []
    for char, is_wrong in zip(text, wrong, strict=True):
        if pieces and pieces[-1].wrong == is_wrong:
            pieces[-1] = Piece(pieces[-1].text + char, is_wrong)
        else:
            pieces.append(Piece(char, is_wrong))
    return tuple(pieces)
