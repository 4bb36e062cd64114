"""Evidence: what a figure is made of, one step deep, and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from latticework.graph.graph import Graph
from latticework.query.truth import Ids, narrow

MOST_NAMED = 3
"""Parts that a sentence names; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a figure is made of.

    `through` is the edge's phrase or the role it plays; `value` what the thing
    itself says, `share` how much of it counts, `adds` what it brings in.
    `entries` are the numbers of the entries that said so. `assumed` tells that
    nobody said how much of it counts.
    """

    ref: str
    title: str = ""
    through: str = ""
    value: str = ""
    share: str = ""
    adds: str = ""
    entries: tuple[int, ...] = ()
    assumed: bool = False
    deeper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a figure is what it is: its parts, what was assumed, what is missing.

    `about` is a ref, or the name of a group, or empty for the whole company.
    Parts stand largest first; `total` counts them where not all are here.
    `how` says in a clause how parts make the figure ("added up, each once").
    """

    about: str
    title: str
    asked: str
    value: str
    how: str
    parts: tuple[Part, ...] = ()
    total: int = 0
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole of it as somebody would say it."""
        head = f"{self.title or self.about or 'The company'}: {self.asked} is {self.value}"
        made = f", {self.how}" if self.how else ""
        return ". ".join((head + made, *self._clauses())) + "."

    def _clauses(self) -> Iterator[str]:
        count = max(self.total, len(self.parts))
        if self.parts:
            named = "; ".join(_named(each) for each in self.parts[:MOST_NAMED])
            more = f"; and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
            yield f"It comes from {named}{more}"
        if self.assumptions:
            yield "Assumed: " + "; ".join(self.assumptions)
        if self.missing:
            yield "Missing: " + "; ".join(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one figure of a reading is made of.

    Whose figure it is and what it comes to, the answer knows: without `asked`
    it goes by the reading's name, without `value` it is what the answer shows.
    The rest is as in `Evidence`.
    """

    asked: str = ""
    value: str = ""
    how: str = ""
    parts: tuple[Part, ...] = ()
    total: int = 0
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def evidence(self, *, about: str, title: str, asked: str, value: str) -> Evidence:
        """The same with what the answer knows of it."""
        return Evidence(
            about=about,
            title=title,
            asked=self.asked or asked,
            value=self.value or value or "not known",
            how=self.how,
            parts=self.parts,
            total=self.total,
            assumptions=self.assumptions,
            missing=self.missing,
        )


def _named(part: Part) -> str:
    adds = f" ({part.adds})" if part.adds else ""
    return f"{part.title or part.ref}{adds}"


@dataclass(frozen=True, slots=True)
class Named:
    """Refs and titles of things, read at once."""

    refs: tuple[str, ...]
    titles: tuple[str, ...]


def named(graph: Graph, ids: Ids) -> Named:
    """What things are called."""
    few = narrow(np.asarray(ids))
    return Named(tuple(graph.refs.gather(few).to_list()), tuple(graph.titles(few).to_list()))


def things_as_parts(
    graph: Graph, ids: Ids, *, through: str = "", field: str = "", most: int = 200
) -> tuple[Part, ...]:
    """Things that count, each with a field's value and the entry that set it."""
    few = narrow(np.asarray(ids)[:most])
    called = named(graph, few)
    values = graph.texts(field, few).to_list() if field else [""] * len(few)
    numbers = graph.entry_numbers(field, few).tolist() if field else [0] * len(few)
    rows = zip(called.refs, called.titles, values, numbers, strict=True)
    return tuple(
        Part(
            ref=ref,
            title=title or "",
            through=through,
            value=", ".join(value) if isinstance(value, list) else value or "",
            entries=(number,) if number else (),
        )
        for ref, title, value, number in rows
    )


def adding(graph: Graph, ids: Ids, adds: Iterable[str]) -> tuple[Part, ...]:
    """Things, each with what it brings in."""
    called = named(graph, ids)
    told = zip(called.refs, called.titles, adds, strict=True)
    return tuple(Part(ref=ref, title=title, adds=each) for ref, title, each in told)


def counted(number: int, one: str, several: str = "") -> str:
    """A count with its noun: "1 value", "1,204 values"."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
