"""Things about to be made: one for each line of text, with its ref and what it may double."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from latticework.base.refs import ref_of
from latticework.journal.changes import Put, Value
from latticework.model.model import TITLE, Kind
from latticework.surfaces.web.drawing import is_address
from latticework.views.things import Thing, things

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST_LINES = 500
LIKELY = 5
_LISTED = re.compile(r"(?:(?:[-*•]|\d+[.)])\s+)?(?:\[[ xX]?\]\s+)?")
"""What begins a line of a list: a dot, a number, a box to tick."""

_WORD = r"[^\W_]+"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A thing about to be made: its title, its ref, and what it may double."""

    title: str
    ref: str
    fields: Mapping[str, Value]
    alike: tuple[Thing, ...] = ()

    @property
    def put(self) -> Put:
        """The change that makes it."""
        return Put(self.ref, self.fields)


def lines_of(text: str) -> tuple[str, ...]:
    """What each line says, without what makes it a line of a list; the first 500."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    said = (line[_found(line) :] for line in lines)
    return tuple(line for line in said if line)[:MOST_LINES]


def drafts_of(
    graph: Graph, kind: Kind, lines: Sequence[str], taken: Iterable[str] = ()
) -> tuple[Draft, ...]:
    """A draft for each line, its ref one that nothing goes or ever went by.

    A line that is an address gives the title by its last words, where things
    of the kind say where they lie.
    """
    every = [fields_of(kind, line) for line in lines]
    titles = [str(fields[TITLE]) for fields in every]
    gone, drafts = set(taken), []
    for fields, title, alike in zip(every, titles, likely_same(graph, kind, titles), strict=True):
        ref = free_ref(graph, kind, title, gone)
        gone.add(ref)
        drafts.append(Draft(title=title, ref=ref, fields=fields, alike=alike))
    return tuple(drafts)


def fields_of(kind: Kind, line: str) -> dict[str, Value]:
    """What a line says of a thing: its title, and where it lies."""
    lies = address_field(kind)
    return (
        {TITLE: title_of_address(line), lies: line} if lies and is_address(line) else {TITLE: line}
    )


def free_ref(graph: Graph, kind: Kind, title: str, taken: Iterable[str] = ()) -> str:
    """A ref of a kind, made from a title, that names nothing and never did."""
    gone = set(taken)
    base = str(ref_of(kind.name, title))
    number, ref = 1, base
    while ref in gone or graph.find(ref) is not None:
        number += 1
        ref = f"{base[:112]}-{number}"
    return ref


def likely_same(graph: Graph, kind: Kind, titles: Sequence[str]) -> list[tuple[Thing, ...]]:
    """For each title, things of a kind that bear it already, case and order of words aside."""
    import polars as pl

    every = graph.ids_of(kind.name)
    folded = pl.col("title").str.to_lowercase().str.extract_all(_WORD).list.sort().list.join(" ")
    there = pl.DataFrame({"id": every, "title": graph.titles(every)}).with_columns(folded)
    sought = pl.DataFrame({"at": range(len(titles)), "title": titles}).with_columns(folded)
    met = sought.join(there.filter(pl.col("title") != ""), on="title", maintain_order="left_right")
    few = met.group_by("at", maintain_order=True).head(LIKELY)
    found = things(graph, few["id"].to_numpy())
    alike: list[tuple[Thing, ...]] = [()] * len(titles)
    for at, each in zip(few["at"].to_list(), found, strict=True):
        alike[at] = (*alike[at], each)
    return alike


def address_field(kind: Kind) -> str:
    """The field in which things of a kind say where they lie; empty without one."""
    return next((each.name for each in kind.fields if each.type == "url"), "")


def title_of_address(address: str) -> str:
    """A title from the last words of an address, to begin with."""
    parts = urlsplit(address)
    pieces = [unquote(each) for each in parts.path.split("/") if each]
    last = pieces[-1].rsplit(".", 1)[0] if pieces else ""
    words = re.sub(r"[-_+\s]+", " ", last).strip()
    return (words[:1].upper() + words[1:]) if words else parts.netloc


def _found(line: str) -> int:
    """How many letters of a line are what makes it one of a list."""
    match = _LISTED.match(line)
    return match.end() if match else 0
