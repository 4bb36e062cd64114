"""All that the page of one thing shows, and its drawing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import DAY_MICROSECONDS, Instant, day_of
from latticework.graph.joins import home_of, joined_into
from latticework.journal.changes import Entry, Put
from latticework.model.model import TITLE, Kind, Model
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drafts import address_field
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.linking import Phrase, phrases_of
from latticework.surfaces.web.look import Look, path_of
from latticework.surfaces.web.properties import (
    Property,
    field_of,
    properties_of,
    property_of,
    steps_of,
    texts_of,
)
from latticework.surfaces.web.routes import Form
from latticework.surfaces.web.site import Site, kind_path
from latticework.surfaces.web.titles import titled_feed
from latticework.views.absences import absence_lines
from latticework.views.blocks import Feed, Findings
from latticework.views.catalogue import views
from latticework.views.lineage import because_of, trails_of, why_of
from latticework.views.talk import (
    Comment,
    Talk,
    comments_on,
    find_person,
    people_kinds,
    person_by_word,
    pieces_of,
    talk_of,
    watching_of,
)
from latticework.views.things import Thing, ids, things
from latticework.views.told import tell_about
from latticework.views.wording import ago, day_words

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

_ADDRESS = re.compile(r"(https?://[^\s\"'<>]+)")
ENDS = 12
LINES = 30
COMMENTS = 50
SILENT_DAYS = 30
UNSET = 8
"""Fields without a value that get a row of their own; further ones share one."""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What a form was refused for: where it stands, the findings, what was typed."""

    spot: str
    findings: tuple[Finding, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, kw_only=True)
class Talking:
    """What is said about a thing and who watches it, as the reader may take part."""

    talk: Talk | None
    comments: tuple[Comment, ...] = ()
    left: int = 0
    watchers: tuple[Thing, ...] = ()
    watched: int = 0
    watching: bool = False
    can_watch: bool = False


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A value of the past that may be given anew."""

    field: str
    words: str
    entry: int


def find_or_say(sight: Sight, ref: str) -> int:
    """The thing of a ref; raises NotThere with what is close to it."""
    found = sight.graph.find(ref)
    if found is None:
        raise NotThere(_unknown(sight, ref))
    return found


def thing_answer(site: Site, look: Look, ref: str, mistake: Mistake | None = None) -> Answer:
    """The page of one thing; with what a form was refused for, beside that form."""
    sight = site.sight(look)
    found = find_or_say(sight, ref)
    here = replace(look, path=path_of(ref)) if mistake else look
    values = site.frame(here, sight, **_values(site, here, sight, found, mistake))
    return Answer(body=draw("pages/thing.html", values), status=400 if mistake else 200)


def _values(
    site: Site, look: Look, sight: Sight, found: int, mistake: Mistake | None
) -> dict[str, object]:
    graph = sight.graph
    about = things(graph, ids([found]))[0]
    kind = graph.model.find_kind(graph.kind_of(found))
    entries = graph.history(about.ref)
    every = bool(look.find("all"))
    talk = talk_of(graph.model)
    fields = properties_of(sight, found, kind, entries)
    phrases = phrases_of(graph, found, 0 if every else ENDS, _hidden(graph.model, talk))
    trails, left = trails_of(graph, found)
    alive = bool(graph.alive[found])
    findings = sight.findings_about(found)
    return {
        "title": about.title or about.ref,
        "thing": about,
        "kind": kind,
        "former": [name for name in graph.names_of(found) if name != about.ref],
        "trails": trails,
        "trails_left": left,
        "why": next(why_of(graph, found), None),
        "because": next(because_of(graph, found), None),
        "phrases": phrases,
        "found": Findings(findings=findings, title="Findings", about=about.ref),
        "current": kind_path(kind.name) if kind else "",
        "island": island_of(graph.model, about, graph.kind_of(found), phrases, graph.head),
        "left_out": absence_lines(sight, entries),
        "joined": [str(graph.ref_of(one)) for one in joined_into(graph, found)],
        "joined_home": str(graph.ref_of(home)) if (home := home_of(graph, found)) != found else "",
        **_reading(look, sight, about, kind, alive=alive),
        **_mistaken(mistake),
        **_fields(kind, fields, about),
        **_history(graph, sight, entries, found, every=every),
        **_talked(site, look, sight, found, talk, every=every),
    }


def _reading(
    look: Look, sight: Sight, about: Thing, kind: Kind | None, *, alive: bool
) -> dict[str, object]:
    """How the page is read: in which frame, whether it may be edited, where it leads."""
    present = not (look.at or look.known)
    until = sight.now + SILENT_DAYS * DAY_MICROSECONDS
    return {
        "layout": "bare.html" if look.find("peek") else "base.html",
        "needs": ("thing",),
        "alive": alive,
        "editable": alive and present,
        "can_return": not alive and present,
        "kind_href": look.to(kind_path(kind.name)) if kind else "",
        "silence_until": day_of(until, sight.zone).isoformat(),
        "all_href": "" if look.find("all") else look.here(all="yes"),
        "changes_href": look.to("/feed", ref=about.ref),
        "alternates": ((look.to(f"/api{path_of(about.ref)}"), "application/json"),),
    }


def _mistaken(mistake: Mistake | None) -> dict[str, object]:
    """What a form was refused for, and what it had sent."""
    return {
        "mistake": mistake,
        "sent": mistake.form if mistake else Form(),
        "no_form": Form(),
    }


def _fields(kind: Kind | None, fields: Sequence[Property], about: Thing) -> dict[str, object]:
    """The title, the stage, texts, and the rest in what is said and what is not."""
    from latticework.sources.proposing.drafting import RAW

    named = {each.name: each for each in fields}
    raw = named.pop(RAW) if RAW in named and named[RAW].is_set else None
    title = named.pop(TITLE, None) or property_of(field_of(kind, TITLE), None)
    said = [each for each in named.values() if each.is_set]
    silent = [each for each in named.values() if not each.is_set]
    return {
        "title_field": title,
        "steps": steps_of(kind, about.stage),
        "stage_name": kind.stage_field if kind else "",
        "raw": raw,
        "besides": [line.partition(": ") for line in raw.control.text.splitlines()] if raw else [],
        "prose": [each for each in said if each.is_prose],
        "properties": [each for each in said if not each.is_prose],
        "silent": silent[:UNSET],
        "more_silent": silent[UNSET:],
    }


def _history(
    graph: Graph, sight: Sight, entries: Sequence[Entry], found: int, *, every: bool
) -> dict[str, object]:
    """What happened and what is to come; values of the past that may be restored."""
    lines = tell_about(entries, graph.names_of(found), graph.model)
    later = tuple(each for each in lines if each.valid > graph.moment.valid)
    past = lines[len(later) :]
    shown = past if every else past[:LINES]
    feed = Feed(lines=shown, now=sight.now, title="History")
    coming = Feed(lines=later, now=sight.now, title="Later")
    numbers = {each.number for each in shown}
    return {
        "history": titled_feed(feed, graph),
        "coming": titled_feed(coming, graph) if later else None,
        "history_left": len(past) - len(shown),
        "earlier": earlier_values(graph, found, [e for e in entries if e.number in numbers]),
    }


def earlier_values(
    graph: Graph, found: int, entries: Sequence[Entry]
) -> Mapping[int, tuple[Earlier, ...]]:
    """By entry, the values that it gave and that are not so at present."""
    kind = graph.model.find_kind(graph.kind_of(found))
    present: dict[str, object] = {}
    known: dict[int, tuple[Earlier, ...]] = {}
    declared = kind.fields_by_name if kind else {}
    for entry in entries:
        if not isinstance(entry.change, Put):
            continue
        told = []
        for word, value in entry.change.fields.items():
            own = field_of(kind, word)
            name = graph.words.find_field(kind, own.name) if kind else None
            spelled = name.name if name else own.name
            if spelled not in declared or value is None:
                continue
            if spelled not in present:
                present[spelled] = graph.values(spelled, ids([found]))[0]
            if value != present[spelled]:
                words = ", ".join(texts_of(value))
                told.append(Earlier(field=spelled, words=words, entry=entry.number))
        if told:
            known[entry.number] = tuple(told)
    return known


def _talked(
    site: Site, look: Look, sight: Sight, found: int, talk: Talk | None, *, every: bool
) -> dict[str, object]:
    graph = sight.graph
    watch = watching_of(graph.model)
    me = find_person(graph, look.who)
    watchers = graph.adjacency(watch.name).sources_of(found) if watch else ids([])
    comments, left = comments_on(graph, talk, found, 0 if every else COMMENTS) if talk else ((), 0)
    talking = Talking(
        talk=talk,
        comments=comments,
        left=left,
        watchers=things(graph, watchers[:5]),
        watched=len(watchers),
        watching=me is not None and me in watchers.tolist(),
        can_watch=watch is not None and bool(people_kinds(graph.model)),
    )
    return {
        "talking": talking,
        "pieces": lambda text: said_pieces(graph, text),
        "day_words": lambda instant: _day(instant, sight),
        "me": site.person(look),
        "can_talk": talk is not None and (talk.kind.name != graph.kind_of(found)),
    }


def said_pieces(graph: Graph, text: str) -> list[tuple[str, str]]:
    """A comment in pieces, with the ref of each person who is mentioned; addresses alone."""
    found: list[tuple[str, str]] = []
    for words, word in pieces_of(text):
        if word:
            found.append((words, person_by_word(graph, word)))
        else:
            found.extend((each, "") for each in _ADDRESS.split(words) if each)
    return found


def island_of(
    model: Model, about: Thing, kind: str, phrases: Sequence[Phrase], head: int
) -> dict[str, object]:
    """What the island needs to edit at once."""
    open_phrases = [each for each in phrases if each.open]
    kinds = {name for each in open_phrases for name in each.kinds}
    return {
        "ref": about.ref,
        "kind": kind,
        "head": head,
        "phrases": {each.phrase: list(each.kinds) for each in open_phrases},
        "urls": {
            name: lies
            for name in sorted(kinds)
            if (lies := address_field(model.kinds_by_name[name]))
        },
        "people": [each.name for each in people_kinds(model)],
    }


def _hidden(model: Model, talk: Talk | None) -> frozenset[tuple[str, bool]]:
    """Links that the page shows under Talk, and how they are read from the thing."""
    watch = watching_of(model)
    links = [each for each in (talk.about if talk else None, watch) if each]
    return frozenset((each.name, True) for each in links)


def _day(instant: Instant, sight: Sight) -> str:
    return ago(instant, sight.now) or day_words(instant, sight.zone)


def _unknown(sight: Sight, ref: str) -> Finding:
    try:
        views()["thing"].build(sight, {"ref": ref})
    except Refused as refused:
        return refused.findings[0]
    return error("VIEW003", f"no thing '{ref}'", value=ref)
