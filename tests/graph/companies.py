"""Little companies as logs, and a plain fold that tells what stands in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import polars as pl

from latticework.base.times import Moment
from latticework.graph.graph import Graph
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
)
from latticework.journal.store import LOG_COLUMNS
from latticework.model.model import End, Family, Field, Kind, Link, Model, Stage

FIRST = Model(
    kinds=(
        Kind(
            name="initiative",
            many="initiatives",
            family=Family.INTENT,
            fields=(Field(name="budget", type="number"), Field(name="labels", many=True)),
            stages=(Stage(name="Doing", category="active"), Stage(name="Done", category="done")),
        ),
        Kind(name="team", many="teams", family=Family.COLLABORATION),
    ),
    links=(
        Link(
            name="serves",
            back="is served by",
            ends=(End(source="any", targets=("any",)),),
            carries=(Field(name="share", type="ratio"),),
        ),
    ),
)
"""Initiatives and teams, before words changed."""

SECOND = Model(
    kinds=(
        Kind(
            name="epic",
            many="epics",
            was=("initiative",),
            family=Family.INTENT,
            fields=(
                Field(name="cost", type="number", was=("budget",)),
                Field(name="labels", many=True),
            ),
            stages=(
                Stage(name="Building", category="active", was=("Doing",)),
                Stage(name="Done", category="done"),
            ),
        ),
        Kind(name="team", many="teams", family=Family.COLLABORATION),
    ),
    links=(
        Link(
            name="supports",
            back="is supported by",
            was=("serves",),
            ends=(End(source="any", targets=("any",)),),
            carries=(Field(name="part", type="ratio", was=("share",)),),
        ),
    ),
)
"""The same company when initiatives became epics, budget cost, serves supports."""

MODELS = {"first": FIRST, "second": SECOND}
load = MODELS.__getitem__

Fact = tuple[int, Change]
"""Since when it is so, and what."""


def log_of(facts: Sequence[Fact], *, first: int = 1) -> pl.DataFrame:
    """A log with an entry per fact; entry n is recorded at instant 10 n."""
    rows = [
        (first + spot, first + spot, (first + spot) * 10, valid, *_columns(change))
        for spot, (valid, change) in enumerate(facts)
    ]
    schema = {name: pl.Int64 if spot < 4 else pl.String for spot, name in enumerate(LOG_COLUMNS)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def reading_of(graph: Graph) -> dict[str, dict]:
    """Everything that exists in a graph, in plain Python."""
    things = {node.ref: (node.kind, dict(node.fields)) for node in graph.of_kind("any")}
    edges: dict[tuple[str, str, str], dict[str, Value]] = {}
    for link in graph.link_names():
        found = graph.adjacency(link)
        carried = {name: graph.edge_column(link, name).text for name in graph.edge_fields(link)}
        for spot, (source, target) in enumerate(zip(found.sources, found.targets, strict=True)):
            values = {name: texts[spot] for name, texts in carried.items()}
            key = (graph.ref_of(int(source)), link, graph.ref_of(int(target)))
            edges[key] = {name: value for name, value in values.items() if value is not None}
    return {"things": things, "edges": edges}


def fold(facts: Sequence[Fact], moment: Moment) -> dict[str, object]:
    """The same by a plain fold over the entries, one by one."""
    numbered = [(valid, number, change) for number, (valid, change) in enumerate(facts, 1)]
    groups = _groups(facts)
    visible = [
        (valid, number, change)
        for valid, number, change in sorted(numbered, key=lambda each: each[:2])
        if valid <= moment.valid and number * 10 <= moment.known
    ]
    declared = [change.text for *_, change in visible if isinstance(change, Declare)]
    renamed = any(change == Declare("second") for _, change in facts)
    words = WORDS[declared[-1]] if declared and renamed else {}
    refs = _refs(numbered, visible, groups, words)
    alive: dict[str, bool] = {}
    cells: dict[str, dict[str, Value]] = {top: {} for top in refs}
    edges: dict[tuple[str, str, str], dict[str, Value]] = {}
    for *_, change in visible:
        match change:
            case Put(ref=ref, fields=fields):
                top = groups[ref]
                alive[top] = True
                own = words if refs[top][1] in ("initiative", "epic") else {}
                cells[top] |= _read(fields, own)
            case Retire(ref=ref):
                alive[groups[ref]] = False
            case Connect(source=source, link=link, target=target, fields=fields):
                key = (groups[source], words.get(link, link), groups[target])
                carries = words if link in ("serves", "supports") else {}
                edges[key] = edges.get(key, {}) | _read(fields, carries)
            case Disconnect(source=source, link=link, target=target):
                edges.pop((groups[source], words.get(link, link), groups[target]), None)
    return {
        "things": {
            refs[top][0]: (refs[top][1], _said(cells[top])) for top in refs if alive.get(top)
        },
        "edges": {
            (refs[source][0], link, refs[target][0]): _said(carried)
            for (source, link, target), carried in edges.items()
            if alive.get(source) and alive.get(target)
        },
    }


def _columns(change: Change) -> tuple[str, str | None, str | None, str | None, str | None]:
    match change:
        case Put(ref=ref, fields=fields):
            return "put", ref, None, None, json.dumps(dict(fields), ensure_ascii=False)
        case Retire(ref=ref):
            return "retire", ref, None, None, None
        case Move(ref=ref, to=to):
            return "move", ref, None, to, None
        case Connect(source=source, link=link, target=target, fields=fields):
            return "connect", source, link, target, json.dumps(dict(fields), ensure_ascii=False)
        case Disconnect(source=source, link=link, target=target):
            return "disconnect", source, link, target, None
        case Declare(text=text):
            return "declare", None, None, None, text


WORDS = {
    "first": {
        "epic": "initiative",
        "cost": "budget",
        "supports": "serves",
        "part": "share",
    },
    "second": {
        "initiative": "epic",
        "budget": "cost",
        "serves": "supports",
        "share": "part",
    },
}
"""What each model calls the other's words."""


def _groups(facts: Sequence[Fact]) -> dict[str, str]:
    """For every text the first text of the thing that it names."""
    texts = dict.fromkeys(text for _, change in facts for text in _mentions(change))
    groups = {text: {text} for text in texts}
    pairs = [(change.ref, change.to) for _, change in facts if isinstance(change, Move)]
    if any(change == Declare("second") for _, change in facts):
        pairs += [
            (text, text.replace("epic/", "initiative/"))
            for text in texts
            if text.replace("epic/", "initiative/") in texts
        ]
    for one, other in pairs:
        both = groups[one] | groups[other]
        groups |= dict.fromkeys(both, both)
    order = list(texts)
    return {text: min(group, key=order.index) for text, group in groups.items()}


def _mentions(change: Change) -> tuple[str, ...]:
    match change:
        case Put(ref=ref) | Retire(ref=ref):
            return (ref,)
        case Move(ref=ref, to=to):
            return ref, to
        case Connect(source=source, target=target) | Disconnect(source=source, target=target):
            return source, target
        case Declare():
            return ()


def _refs(
    numbered: Sequence[tuple[int, int, Change]],
    visible: Sequence[tuple[int, int, Change]],
    groups: Mapping[str, str],
    words: Mapping[str, str],
) -> dict[str, tuple[str, str]]:
    """For every thing the ref it goes by, and its kind."""
    refs = {top: top for top in groups.values()}
    for *_, change in sorted(numbered, key=lambda each: each[:2], reverse=True):
        if isinstance(change, Move):
            refs[groups[change.ref]] = change.ref
    for *_, change in visible:
        if isinstance(change, Move):
            refs[groups[change.ref]] = change.to
    renamed: dict[str, str] = {}
    for top, ref in refs.items():
        kind, _, slug = ref.partition("/")
        renamed[top] = f"{words.get(kind, kind)}/{slug}"
    every = list(renamed.values())
    return {
        top: (
            new if every.count(new) == 1 else refs[top],
            new.partition("/")[0],
        )
        for top, new in renamed.items()
    }


def _read(fields: Mapping[str, Value], words: Mapping[str, str]) -> dict[str, Value]:
    """Fields by their present names; within one entry a present name wins."""
    read = {words[word]: value for word, value in fields.items() if word in words}
    return read | {word: value for word, value in fields.items() if word not in words}


def _said(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
