"""View: feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Disconnect, Entry
from latticework.views.blocks import Feed
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.thing import entry_data
from latticework.views.things import id_of, titles_of, unknown_kind
from latticework.views.told import tell_about, tell_feed
from latticework.views.wording import many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    ref: str = param("", "Only what happened to this thing.", position=1)
    kind: str = param("", "Only what happened to things of this kind.")
    rows: int = param(30, "How many entries to draw; 0 is all.")


@sight_view(Params)
def feed(sight: Sight, params: Params) -> Page:
    """What was recorded lately: what, by whom, why and from where?"""
    graph = sight.graph
    if params.ref:
        found = id_of(graph, params.ref)
        names = graph.names_of(found)
        entries = tuple(reversed(graph.history(graph.ref_of(found))))
        lines = tell_about(entries, names, graph.model)
    else:
        entries = _latest(sight, params)
        lines = tell_feed(entries, graph.model)
    if params.rows:
        entries, lines = entries[: params.rows], lines[: params.rows]
    empty = (
        "Nothing is recorded yet.",
        "Every put, connect, move, retire and import will show here, with who and why.",
    )
    return Page(
        title="Feed" if not params.ref else f"What happened to {params.ref}",
        subtitle=many(len(entries), "entry"),
        blocks=(Feed(lines=lines, now=sight.now, empty=empty),),
        data=_data(entries, graph),
    )


def _data(entries: Sequence[Entry], graph: Graph) -> tuple[dict[str, object], ...]:
    """Entries as plain values, with kind and title of what each is about."""
    rows = [entry_data(each) for each in entries]
    titles = titles_of((str(row.get("ref", "")) for row in rows), graph)
    return tuple(
        {
            "ref": (ref := str(row.get("ref", ""))),
            "kind": ref.partition("/")[0],
            "title": titles.get(ref, ""),
            **row,
        }
        for row in rows
    )


def _latest(sight: Sight, params: Params) -> tuple[Entry, ...]:
    if not params.kind:
        return sight.entries(params.rows)
    kinds = sight.graph.model.kinds_of(params.kind)
    if not kinds:
        raise Refused([unknown_kind(sight.graph.model, params.kind)])
    words = {word for kind in kinds for word in (kind.name, *kind.was)}
    return tuple(each for each in sight.entries(0) if _kinds_in(each) & words)


def _kinds_in(entry: Entry) -> set[str]:
    change = entry.change
    if isinstance(change, Connect | Disconnect):
        return {change.source.partition("/")[0], change.target.partition("/")[0]}
    ref = getattr(change, "ref", "")
    return {ref.partition("/")[0]}
