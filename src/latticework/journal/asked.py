"""What an SQL store asks of its database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    TextClause,
    and_,
    or_,
    select,
    text,
    union,
)

from latticework.base.times import Instant
from latticework.journal import tables
from latticework.journal.kept import MAIN_CODE, Span


def inside(span: Span) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """The condition for the entries of a span, in words an index knows."""
    entries = tables.entries.c
    numbers = (entries.number > span.after, entries.number <= span.upto)
    if span.branch == MAIN_CODE:
        return (*numbers, entries.branch == span.branch)
    # The index of branches covers no entry of main: main would fill it.
    return (*numbers, entries.branch == span.branch, text("branch <> 0"))


def batches_in(spans: Sequence[Span]) -> Select[int, int, int]:
    """Number, last entry and instant of the batches that hold the spans' entries."""
    batches = tables.batches.c
    low = min((span.after for span in spans), default=0)
    high = max((span.upto for span in spans), default=0)
    held = (batches.last > low, batches.first <= high)
    codes = {span.branch for span in spans}
    asked = select(batches.number.label("batch"), batches.last, batches.known)
    return asked.where(batches.branch.in_(codes), *held).order_by(batches.number)


def headings_in(spans: Sequence[Span]) -> Select[*tuple[Any, ...]]:
    """The batches of spans that came from a source or take one back, in order.

    Each with the revision that its first entry tells, null where that is no more.
    """
    batches, entries = tables.batches.c, tables.entries.c
    inside = (
        and_(batches.branch == each.branch, batches.last > each.after, batches.last <= each.upto)
        for each in spans
    )
    first = select(entries.revision).where(entries.number == batches.first).scalar_subquery()
    # In these very words: only so is the index of such batches used.
    told = text(f"({tables.TOLD})")
    return select(tables.batches, first).where(told, or_(*inside)).order_by(batches.number)


def stated_in(span: Span, source: str) -> Select[str, str, str, int, str]:
    """What sources put in a span: key, where there is one, ref, entry and revision.

    A database that groups a million of them sorts them first, in memory or on disk.
    """
    entries = tables.entries.c
    named = (entries.source, entries.key, entries.subject, entries.number, entries.revision)
    mine = entries.source == source if source else entries.source != ""
    asked = select(*named).where(*inside(span), entries.op == "put", mine)
    return asked.order_by(entries.number)


def known_by(known: Instant) -> Select[int]:
    """The last entry of the last batch known at an instant."""
    batches = tables.batches.c
    latest = (batches.known.desc(), batches.number.desc())
    return select(batches.last).where(batches.known <= known).order_by(*latest).limit(1)


def by_number(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The entries that have one of these numbers, in order."""
    entries = tables.entries
    return select(entries).where(entries.c.number.in_(numbers)).order_by(entries.c.number)


def about(refs: Sequence[str]) -> CompoundSelect[*tuple[Any, ...]]:
    """The entries whose subject or object is one of the refs."""
    entries = tables.entries
    return union(
        select(entries).where(entries.c.subject.in_(refs)),
        select(entries).where(entries.c.object.in_(refs), text("object <> ''")),
    )
