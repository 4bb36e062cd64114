"""Calls for what is being asked: how it goes on, whether it is understood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from latticework.base.findings import Finding, Refused
from latticework.base.times import day_of
from latticework.query.complete import complete
from latticework.surfaces.web.api.call import Asked, Moment, call

LONGEST = 20_000


class AtCursor(Moment, frozen=True, kw_only=True):
    """A query's text, and behind how many of its characters the cursor stands."""

    q: Annotated[str, Meta(max_length=LONGEST)] = ""
    at_char: Annotated[int, Meta(ge=0, le=LONGEST)] | None = None


class WordOffered(Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """A word that may stand at the cursor, and the stretch of text that it takes the place of.

    `sort` is word, kind, field, link, stage, choice, value, function or thing.
    """

    text: str
    insert: str
    start: int
    end: int
    sort: str
    says: str


class WordsOffered(Struct, frozen=True, kw_only=True):
    """What may follow, the likeliest first."""

    completions: list[WordOffered]


class Written(Moment, frozen=True, kw_only=True):
    """A query's text."""

    q: Annotated[str, Meta(max_length=LONGEST)] = ""


class Misread(Struct, frozen=True, kw_only=True):
    """What is not understood, and between which characters."""

    code: str
    says: str
    hint: str
    start: int
    end: int


class Understood(Struct, frozen=True, kw_only=True):
    """How a query is read: its text as we would write it, in words, and what is wrong.

    `text` is empty where it is not understood.
    """

    text: str
    explained: str
    findings: list[Misread]


@call("GET /api/complete/query", given=AtCursor, gives=WordsOffered)
def complete_query(asked: Asked[AtCursor, Struct]) -> WordsOffered:
    """Words that may follow at a place of a query: of the language, the model, and things."""
    sight = asked.site.sight(asked.look)
    text, at = asked.given.q, asked.given.at_char
    place = len(text) if at is None else min(at, len(text))
    found = complete(
        sight.graph.model, text, place, sight.graph, today=day_of(sight.now, sight.zone)
    )
    return WordsOffered(
        completions=[
            WordOffered(
                text=each.text,
                insert=each.insert,
                start=each.start,
                end=each.end,
                sort=each.sort,
                says=each.says,
            )
            for each in found
        ]
    )


@call("GET /api/query", given=Written, gives=Understood)
def understand(asked: Asked[Written, Struct]) -> Understood:
    """Whether a query is understood, without asking it."""
    from latticework.query.explain import explain
    from latticework.query.format import format_query
    from latticework.query.parse import parse
    from latticework.query.words import vocabulary_of

    sight = asked.site.sight(asked.look)
    model, text = sight.graph.model, asked.given.q
    words = vocabulary_of(model)
    try:
        said = explain(model, text, today=day_of(sight.now, sight.zone))
        plain = format_query(parse(text, words), words)
    except Refused as refused:
        return Understood(text="", explained="", findings=misread(text, refused.findings))
    return Understood(text=plain, explained=said, findings=[])


def misread(text: str, findings: Iterable[Finding]) -> list[Misread]:
    """Findings with the characters that they point at; the whole text without a place."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for each in findings:
        place = each.place
        start, end = 0, len(text)
        if place.column and place.line < len(starts):
            start = starts[max(place.line, 1) - 1] + place.column - 1
            end = start + max(place.end - place.column, 1) if place.end else start + 1
        said = Misread(code=each.code, says=each.says, hint=each.hint, start=start, end=end)
        found.append(said)
    return found
