"""What people say about things, and who watches them.

No kind is known here by its name. A kind that stands aside and leads to any
thing by one of its links is what people talk in; its first text is what they
say. A link from people to any thing is how they watch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.refs import slug_of
from latticework.base.times import Instant
from latticework.journal.changes import Entry, Put
from latticework.model.model import TITLE, Kind, Link, Model
from latticework.views.things import Thing, ids, things

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

ANY = "any"
LONGEST_TITLE = 72
_MENTION = re.compile(r"(?<![\w@/.])@(\w[\w.\-]*(?:/\w[\w.\-]*)?)")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The words in which a company's people talk about things."""

    kind: Kind
    text: str
    about: Link
    mentions: Link | None
    answers: Link | None


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One thing said about a thing: by whom, when, and whether it was changed since."""

    thing: Thing
    text: str
    who: str
    said: Instant
    edited: Instant | None
    answers: str
    about: Thing | None = None


def talk_of(model: Model) -> Talk | None:
    """How people talk here; None where the model has no words for it."""
    for kind in model.kinds:
        texts = [each.name for each in kind.fields if each.type == "text" and not each.many]
        links = list(model.links_from(kind.name)) if kind.aside and texts else []
        about = next((each for each in links if _leads(each, kind.name, model) == {ANY}), None)
        if about:
            people = set(model.end_kinds("anyone"))
            inner = [each for each in links if each is not about]
            return Talk(
                kind=kind,
                text=texts[0],
                about=about,
                mentions=_to(inner, kind.name, people, model),
                answers=_to(inner, kind.name, {kind.name}, model),
            )
    return None


def watching_of(model: Model) -> Link | None:
    """The link by which people watch any thing; None without one."""
    people = set(model.end_kinds("anyone"))
    for link in model.links:
        sources = {name for end in link.ends for name in model.end_kinds(end.source)}
        leads = {word for end in link.ends for word in end.targets}
        if sources and sources <= people and leads == {ANY}:
            return link
    return None


def people_kinds(model: Model) -> tuple[Kind, ...]:
    """Kinds whose things are people."""
    return tuple(each for each in model.kinds if each.people)


def find_person(graph: Graph, name: str) -> int | None:
    """The person who signs by this name: by title, or by the ref's last part."""
    wanted = " ".join(name.split()).casefold()
    if not wanted:
        return None
    for kind in people_kinds(graph.model):
        every = graph.ids_of(kind.name)
        titles = graph.titles(every).str.to_lowercase()
        for spot in (titles == wanted).fill_null(value=False).arg_true().to_list():
            return int(every[spot])
    for kind in people_kinds(graph.model):
        found = graph.find(f"{slug_of(kind.name)}/{slug_of(wanted)}")
        if found is not None and graph.alive[found]:
            return found
    return None


def mentioned(graph: Graph, text: str) -> tuple[str, ...]:
    """Refs of the people whom a text mentions, each once."""
    found: dict[str, None] = {}
    for word in _MENTION.findall(text):
        named = word.rstrip(".-")
        person = graph.find(named) if "/" in named else _by_word(graph, named)
        if person is not None and graph.kind_of(person) in graph.model.end_kinds("anyone"):
            found[str(graph.ref_of(person))] = None
    return tuple(found)


def pieces_of(text: str) -> tuple[tuple[str, str], ...]:
    """A text in pieces: plain ones, and mentions with the word after the @."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for match in _MENTION.finditer(text):
        word = match[1].rstrip(".-")
        pieces.append((text[at : match.start()], ""))
        at = match.start() + 1 + len(word)
        pieces.append((text[match.start() : at], word))
    return tuple(each for each in (*pieces, (text[at:], "")) if each[0])


def person_by_word(graph: Graph, word: str) -> str:
    """The ref of the person whom an @word means; empty where nobody is called so."""
    found = mentioned(graph, f"@{word}")
    return found[0] if found else ""


def title_for(text: str) -> str:
    """What a comment is called in lists: its beginning."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def comments_on(graph: Graph, talk: Talk, node: int, most: int) -> tuple[tuple[Comment, ...], int]:
    """What is said about a thing, oldest first, and how much before that is left out."""
    adjacency = graph.adjacency(talk.about.name)
    every = sorted(int(each) for each in adjacency.sources_of(node))
    shown = every[-most:] if most else every
    return comments_of(graph, talk, shown), len(every) - len(shown)


def comments_of(graph: Graph, talk: Talk, nodes: Iterable[int]) -> tuple[Comment, ...]:
    """These comments with who said them and when, in the order of saying."""
    chosen = ids(list(nodes))
    if not len(chosen):
        return ()
    told = things(graph, chosen)
    texts = graph.values(talk.text, chosen)
    said = _sayings(graph, [each.ref for each in told], talk.text)
    found = [
        Comment(
            thing=each,
            text=text if isinstance(text, str) else "",
            who=first.by if first else "",
            said=first.valid if first else 0,
            edited=last.known if first and last and last.number != first.number else None,
            answers=_only(graph, talk.answers, node),
            about=_thing(graph, talk.about, node),
        )
        for node, each, text in zip(chosen.tolist(), told, texts, strict=True)
        for first, last in (said.get(each.ref, (None, None)),)
    ]
    return tuple(sorted(found, key=lambda each: (each.said, each.thing.ref)))


def _sayings(
    graph: Graph, refs: list[str], text: str
) -> Mapping[str, tuple[Entry | None, Entry | None]]:
    """The first and the last entry that gave each comment its words, in one read."""
    if graph.past is None:
        return {}
    found: dict[str, tuple[Entry | None, Entry | None]] = {}
    for entry in sorted(graph.past(tuple(refs)), key=lambda each: each.number):
        change = entry.change
        if isinstance(change, Put) and (text in change.fields or TITLE in change.fields):
            first = found.get(change.ref, (entry, None))[0]
            found[change.ref] = (first, entry)
    return found


def _by_word(graph: Graph, word: str) -> int | None:
    """By the slug, or by the name with hyphens for spaces."""
    for kind in people_kinds(graph.model):
        found = graph.find(f"{slug_of(kind.name)}/{slug_of(word)}")
        if found is not None and graph.alive[found]:
            return found
    return find_person(graph, word.replace("-", " ")) or find_person(graph, word)


def _thing(graph: Graph, link: Link, node: int) -> Thing | None:
    targets = graph.adjacency(link.name).targets_of(node)
    return things(graph, targets[:1])[0] if len(targets) else None


def _only(graph: Graph, link: Link | None, node: int) -> str:
    if link is None:
        return ""
    targets = graph.adjacency(link.name).targets_of(node)
    return str(graph.ref_of(int(targets[0]))) if len(targets) else ""


def _leads(link: Link, kind: str, model: Model) -> set[str]:
    """The words to which a link leads from a kind."""
    ends = (end for end in link.ends if kind in model.end_kinds(end.source))
    return {word for end in ends for word in end.targets}


def _to(links: Iterable[Link], kind: str, wanted: set[str], model: Model) -> Link | None:
    """The first link that leads from a kind to these kinds alone."""
    for link in links:
        reached = {name for word in _leads(link, kind, model) for name in model.end_kinds(word)}
        if reached and reached <= wanted:
            return link
    return None
