"""View: inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.journal.changes import Connect, Disconnect, Entry, Move, Put, Retire
from latticework.views.blocks import Cell, Column, Prose, Sort, Table, Tone, cell, spans
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.talk import (
    Comment,
    comments_of,
    find_person,
    talk_of,
    watching_of,
)
from latticework.views.things import Thing, ids, things
from latticework.views.visuals import Block
from latticework.views.wording import ago, day_words, dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

LATEST = 2000
"""Entries among which the last change of a watched thing is looked for."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    who: str = param("", "Whose: a name as it signs, or a person's title.", position=1)
    rows: int = param(50, "How many rows of each to draw; 0 is all.")


@sight_view(Params)
def inbox(sight: Sight, params: Params) -> Page:
    """What was said to somebody, and what changed of what they watch?

    Mentions come from comments; watched things show who changed them last.
    """
    graph = sight.graph
    person = find_person(graph, params.who)
    if person is None:
        return Page(title="Inbox", subtitle=params.who, blocks=(_nobody(params.who),), data=())
    comments = tuple(reversed(_mentions(graph, person)))
    watched = _watched(sight, person)
    blocks: tuple[Block, ...] = (
        _said(sight, comments, params.rows),
        _changed(sight, watched, params.rows),
    )
    return Page(
        title="Inbox",
        subtitle=dotted(
            things(graph, ids([person]))[0].title,
            many(len(comments), "mention"),
            f"{many(len(watched), 'thing')} watched",
        ),
        blocks=blocks,
        data=tuple(_rows(sight, comments, watched)),
    )


@dataclass(frozen=True)
class _Watched:
    thing: Thing
    last: Entry | None


def _mentions(graph: Graph, person: int) -> tuple[Comment, ...]:
    talk = talk_of(graph.model)
    if talk is None or talk.mentions is None:
        return ()
    nodes = graph.adjacency(talk.mentions.name).sources_of(person)
    return comments_of(graph, talk, nodes.tolist())


def _watched(sight: Sight, person: int) -> tuple[_Watched, ...]:
    """Things that somebody watches, those changed last first."""
    graph = sight.graph
    link = watching_of(graph.model)
    nodes = graph.adjacency(link.name).targets_of(person) if link else ids([])
    last: dict[int, Entry] = {}
    wanted = set(nodes.tolist())
    for entry in sight.entries(LATEST) if wanted else ():
        for ref in _refs_in(entry):
            node = graph.find(ref)
            if node is not None and node in wanted:
                last.setdefault(node, entry)
    told = zip(nodes.tolist(), things(graph, nodes), strict=True)
    found = [_Watched(thing, last.get(node)) for node, thing in told]
    return tuple(sorted(found, key=lambda each: -(each.last.number if each.last else 0)))


def _refs_in(entry: Entry) -> Iterator[str]:
    match entry.change:
        case Put(ref) | Retire(ref):
            yield ref
        case Move(ref, to):
            yield from (ref, to)
        case Connect(source, _, target) | Disconnect(source, _, target):
            yield from (source, target)
        case _:
            return


def _said(sight: Sight, comments: tuple[Comment, ...], rows: int) -> Table:
    shown = comments[:rows] if rows else comments
    lines = [
        (
            cell(each.text, ref=each.thing.ref),
            each.about.name_cell if each.about else Cell(),
            cell(each.who),
            cell(_when(sight, each.said)),
        )
        for each in shown
    ]
    return Table(
        title="Said to you",
        columns=(Column("comment", wrap=True), Column("about"), Column("who"), Column("when")),
        rows=tuple(lines),
        total=len(comments),
        empty=(
            "Nobody has mentioned this name yet.",
            "In a comment, @ before a name mentions somebody.",
        ),
    )


def _changed(sight: Sight, watched: tuple[_Watched, ...], rows: int) -> Table:
    shown = watched[:rows] if rows else watched
    lines = [
        (
            each.thing.name_cell,
            each.thing.stage_cell,
            cell(_when(sight, each.last.known) if each.last else "longer ago", tone=Tone.DIM),
            cell(each.last.by if each.last else ""),
            each.thing.ref_cell,
        )
        for each in shown
    ]
    return Table(
        title="What you watch",
        columns=(
            Column("title"),
            Column("stage", sort=Sort.STAGE),
            Column("last change"),
            Column("who"),
            Column("ref", sort=Sort.REF),
        ),
        rows=tuple(lines),
        total=len(watched),
        empty=("Nothing is watched yet.", "Watch a thing from its page; its changes show here."),
    )


def _rows(
    sight: Sight, comments: Iterable[Comment], watched: Iterable[_Watched]
) -> Iterator[dict[str, object]]:
    for said in comments:
        yield {
            "sort": "mention",
            "ref": said.thing.ref,
            "text": said.text,
            "about": said.about.ref if said.about else "",
            "by": said.who,
            "day": day_words(said.said, sight.zone),
        }
    for each in watched:
        yield {
            "sort": "watched",
            "ref": each.thing.ref,
            "text": each.thing.title,
            "about": each.thing.ref,
            "by": each.last.by if each.last else "",
            "day": day_words(each.last.known, sight.zone) if each.last else "",
        }


def _when(sight: Sight, instant: int) -> str:
    return ago(instant, sight.now) or day_words(instant, sight.zone)


def _nobody(who: str) -> Prose:
    says = f"Nobody here is called '{who}'." if who else "Say whose inbox: a name as it signs."
    hint = "Watching a thing, or being mentioned, makes an inbox."
    return Prose(paragraphs=(spans(says), spans(hint)))
