"""The columns of a table: how they sort, what may be done with them, what may be added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.query import ast
from latticework.query.extent import Extent, Lookup, lookup_of
from latticework.query.format import format_operand, plainly
from latticework.query.reshape import operands_of, order_of
from latticework.query.words import vocabulary_of
from latticework.surfaces.web.look import Look

if TYPE_CHECKING:
    from latticework.model.model import Model

MOST_OFFERED = 90
HISTORY = "history"
_DRAWN = frozenset({"number", "money", "ratio", "duration"})
NEST, WIDTHS = "nest", "wide"
"""What an address says of a table's layout: the phrase along which rows hang, widths of columns."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's heading: how it is sorted, where it sorts to, what else may be done.

    `place` counts the keys of a sorting by several columns from 1.
    """

    name: str
    order: str = ""
    place: int = 0
    href: str = ""
    deeds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A column that may be shown, as the query says it."""

    text: str
    sort: str
    shown: bool


def headings_of(
    query: ast.Query, text: str, shown: Sequence[str], columns: Sequence[str], look: Look
) -> tuple[Heading, ...]:
    """For each column, the same question sorted by it: once up, then down; and its deeds."""
    operands = operands_of(query, columns)
    own = [each.what for each in query.show]

    def heading(name: str) -> Heading:
        what = operands.get(name)
        if what is None:
            return Heading(name=name)
        order, place = order_of(query, what)

        is_past = isinstance(what, ast.Call) and what.name.text.casefold() == HISTORY

        def to(do: str) -> str:
            return look.to("/ask/with", q=text, column=name, do=do, **layout_of(look))

        toggle = "down" if order == "ascending" else "up"
        return Heading(
            name=name,
            order=order,
            place=place if len(query.sort) > 1 else 0,
            href="" if is_past else to(toggle),
            deeds=tuple((says, to(do)) for says, do in _deeds(query, what, own, order, is_past)),
        )

    return tuple(heading(name) for name in shown)


def layout_of(look: Look) -> dict[str, str]:
    """What the address says of a table's layout."""
    return {name: said for name in (NEST, WIDTHS) if (said := look.find(name))}


def _deeds(
    query: ast.Query, what: ast.Operand, own: Sequence[ast.Operand], order: str, is_past: bool
) -> Iterator[tuple[str, str]]:
    if not is_past:
        yield from _orders(query, what, order)
    if what in own:
        at = own.index(what)
        if at:
            yield "Move left", "left"
        if at < len(own) - 1:
            yield "Move right", "right"
        yield "Hide", "hide"


def _orders(query: ast.Query, what: ast.Operand, order: str) -> Iterator[tuple[str, str]]:
    yield from (("Sort up", "up"), ("Sort down", "down"))
    if query.sort and not (len(query.sort) == 1 and order):
        yield from (("Then sort up", "also-up"), ("Then sort down", "also-down"))
    if order:
        yield "Do not sort", "none"
    if query.group == what:
        yield "Do not group", "ungroup"
    elif query.group is None:
        yield "Group by it", "group"


def offered_columns(model: Model, query: ast.Query, columns: Sequence[str]) -> tuple[Offered, ...]:
    """What may be shown: what is, in its order, then every field and link of the things."""
    words = vocabulary_of(model)
    lookup = lookup_of(model)
    shown = [format_operand(each.what, words) for each in query.show]
    if not shown and "stage" in columns:
        shown = ["stage"]
    extent = extent_of(query, lookup)
    found = [Offered(text=each, sort="", shown=True) for each in shown]
    fields = list(dict.fromkeys(lookup.field_words(extent)))
    names = {"field": fields, "link": lookup.link_words(extent)}
    for sort, each in names.items():
        said = (plainly(name, words) for name in dict.fromkeys(each) if name != "title")
        found += (Offered(text=one, sort=sort, shown=False) for one in said if one not in shown)
    courses = (
        f"{HISTORY}({plainly(each, words)})" for each in fields if _moves(lookup, each, extent)
    )
    found += (
        Offered(text=one, sort="over time", shown=False) for one in courses if one not in shown
    )
    return tuple(found[:MOST_OFFERED])


def _moves(lookup: Lookup, name: str, extent: Extent) -> bool:
    """Whether a field holds numbers that may be drawn over time."""
    read = lookup.find_field(name, extent)
    return (
        read is not None
        and bool(read.types & _DRAWN)
        and any(each.expression is None for each in read.sources)
    )


def extent_of(query: ast.Query, lookup: Lookup) -> Extent:
    """The kinds that a query is about."""
    match query.scope.head:
        case ast.Name(text):
            return lookup.find_extent(text) or lookup.everything()
        case ast.Thing(ref):
            return lookup.extent_of_ref(ref)
    return lookup.everything()
