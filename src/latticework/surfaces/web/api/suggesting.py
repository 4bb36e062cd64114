"""Calls that complete what is being typed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.views.named import named
from latticework.views.things import things


class Typed(Moment, frozen=True, kw_only=True):
    """What was typed so far; of which kinds (by commas), and how many at most."""

    q: Annotated[str, Meta(max_length=500)] = ""
    kind: str = ""
    most: Annotated[int, Meta(ge=1, le=100)] = 12


class ThingNamed(Struct, frozen=True, kw_only=True):
    """A thing as a list of suggestions shows it."""

    ref: str
    title: str
    kind: str
    stage: str
    category: str


class ThingsNamed(Struct, frozen=True, kw_only=True):
    """Things that fit what was typed, the best first."""

    things: list[ThingNamed]


@call("GET /api/complete/things", given=Typed, gives=ThingsNamed)
def complete_things(asked: Asked[Typed, Struct]) -> ThingsNamed:
    """Things by the beginning of their title, of a word in it, or of their ref."""
    graph = asked.site.sight(asked.look).graph
    kinds = tuple(word.strip() for word in asked.given.kind.split(",") if word.strip())
    ids = named(graph, asked.given.q, kinds=kinds, most=asked.given.most)
    found = things(graph, ids)
    kind_words = [graph.kind_of(node) for node in ids.tolist()]
    return ThingsNamed(
        things=[
            ThingNamed(
                ref=each.ref, title=each.title, kind=kind, stage=each.stage, category=each.category
            )
            for each, kind in zip(found, kind_words, strict=True)
        ]
    )
