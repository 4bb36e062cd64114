"""The same question shown another way: other columns, another order, other groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from latticework.model.model import STAGE, TITLE
from latticework.query.ast import Column, Name, Operand, Order, Query
from latticework.query.rows import Rows

FIXED = ("ref", "kind", TITLE)
"""Columns that every answer has."""


def operands_of(query: Query, columns: Sequence[str]) -> Mapping[str, Operand]:
    """What stands in each column of an answer, by the column's heading."""
    what = [each.what for each in query.show]
    if query.group is not None:
        what.insert(0, query.group)
    shown = columns[len(FIXED) :]
    found: dict[str, Operand] = {name: Name(name) for name in (TITLE, STAGE)}
    if len(shown) == len(what):
        found |= dict(zip(shown, what, strict=True))
    else:
        # Headings that stand twice are drawn once: only those that are told apart count.
        found |= {each.label.text: each.what for each in query.show if each.label}
        found |= {e.what.text: e.what for e in query.show if isinstance(e.what, Name)}
    return found


def sorted_by(query: Query, what: Operand, way: str) -> Query:
    """Sorted by one thing first: `up` or `down`; `also-up` keeps what it was sorted by before.

    `none` takes it out of the sorting.
    """
    others = tuple(each for each in query.sort if each.what != what)
    if way == "none":
        return replace(query, sort=others)
    order = Order(what, descending=way.endswith("down"))
    return replace(query, sort=(*others, order) if way.startswith("also") else (order,))


def order_of(query: Query, what: Operand) -> tuple[str, int]:
    """Which way the query sorts by something, and as which key; nothing and 0 where it does not."""
    for place, each in enumerate(query.sort, start=1):
        if each.what == what:
            return "descending" if each.descending else "ascending", place
    return "", 0


def grouped_by(query: Query, what: Operand | None) -> Query:
    """In groups by something; None for no groups."""
    return replace(query, group=what)


def shown_with(query: Query, columns: Sequence[Operand]) -> Query:
    """With these columns in this order; headings of those that stay are kept."""
    kept = {each.what: each for each in reversed(query.show)}
    return replace(query, show=tuple(kept.get(each, Column(each)) for each in columns))


def moved(query: Query, what: Operand, by: int) -> Query:
    """A column moved to the left (-1) or to the right (1)."""
    columns = [each.what for each in query.show]
    if what not in columns:
        return query
    at = columns.index(what)
    to = min(max(at + by, 0), len(columns) - 1)
    columns.insert(to, columns.pop(at))
    return shown_with(query, columns)


def without(query: Query, what: Operand) -> Query:
    """Without one column."""
    return replace(query, show=tuple(each for each in query.show if each.what != what))


def columns_of(rows: Rows) -> tuple[str, ...]:
    """The headings that an answer has besides those that every answer has."""
    return tuple(rows.columns[len(FIXED) :])
