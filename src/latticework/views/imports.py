"""View: imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from latticework.base.times import Instant, format_instant
from latticework.journal.store import Heading
from latticework.journal.tellers import CONTINUED, JOIN, MODEL
from latticework.views.blocks import Align, Cell, Column, Sort, Table, Tone, cell
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.wording import ago, day_words, many

BREATH = 5_000_000
"""Microseconds between two batches of one repository's history, at most."""

_COLUMNS = (
    Column("came in", sort=Sort.WHEN),
    Column("", sort=Sort.WHEN),
    Column("from"),
    Column("by"),
    Column("entries", align=Align.RIGHT, sort=Sort.NUMBER),
    Column("batches"),
    Column("taken back", sort=Sort.WHEN),
)
_EMPTY = (
    "Nothing came in from a source yet.",
    "Bring in an export: latticework import FILE --propose, or the page Sources",
)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    source: str = param("", "Only what this source brought.")
    rows: int = param(50, "How many imports to draw; 0 is all.")


@dataclass(frozen=True, kw_only=True)
class Import:
    """The batches of one import; `undone` is when the last of them was taken back, or 0."""

    batches: tuple[Heading, ...]
    undone: Instant = 0

    @property
    def entries(self) -> int:
        """How many entries it recorded."""
        return sum(each.last - each.first + 1 for each in self.batches)


@sight_view(Params)
def imports(sight: Sight, params: Params) -> Page:
    """What came in from sources, when, how much, and does it still stand?

    One line for each import, the latest first. `latticework undo BATCH --import`
    takes one back, whichever of its batches is named.
    """
    known = sight.graph.moment.known
    headings = [each for each in sight.headings() if each.known <= known]
    found = [
        each
        for each in reversed(tuple(_imports(headings)))
        if params.source in ("", each.batches[0].source)
    ]
    shown = found[: params.rows] if params.rows else found
    left = f"{len(found) - len(shown):,} more; --rows 0 shows all" if shown != found else ""
    rows = tuple(_row(each, sight) for each in shown)
    return Page(
        title="Imports" if not params.source else f"Imports from {params.source}",
        subtitle=many(len(found), "import"),
        blocks=(Table(columns=_COLUMNS, rows=rows, empty=_EMPTY, note=left),),
        data=tuple(_data(each) for each in shown),
    )


def _imports(headings: Sequence[Heading]) -> Iterator[Import]:
    """The batches of sources put together as they came in, in the order of their begin."""
    undone = {each.undoes: each.known for each in headings if each.undoes}
    by_source: dict[str, list[Heading]] = {}
    for each in headings:
        if each.source and each.source not in (MODEL, JOIN):
            by_source.setdefault(each.source, []).append(each)
    runs = (run for of_one in by_source.values() for run in _runs(of_one))
    for run in sorted(runs, key=lambda each: each[0].batch):
        taken = [undone.get(each.batch, 0) for each in run]
        yield Import(batches=run, undone=max(taken) if all(taken) else 0)


def _runs(headings: Sequence[Heading]) -> Iterator[tuple[Heading, ...]]:
    run = [headings[0]]
    for before, each in pairwise(headings):
        if not each.why.endswith(CONTINUED) and each.known - before.known > BREATH:
            yield tuple(run)
            run = []
        run.append(each)
    yield tuple(run)


def _row(each: Import, sight: Sight) -> tuple[Cell, ...]:
    first, last = each.batches[0], each.batches[-1]
    numbers = f"#{first.batch:,}" if first is last else f"#{first.batch:,}–#{last.batch:,}"
    return (
        cell(day_words(first.known, sight.zone)),
        cell(ago(first.known, sight.now), tone=Tone.DIM),
        cell(first.source, tone=Tone.STRONG),
        cell(first.by),
        cell(f"{each.entries:,}"),
        cell(numbers, tone=Tone.DIM),
        cell(day_words(each.undone, sight.zone) if each.undone else "", tone=Tone.DIM),
    )


def _data(each: Import) -> dict[str, object]:
    first, last = each.batches[0], each.batches[-1]
    return {
        "source": first.source,
        "known": format_instant(first.known),
        "by": first.by,
        "why": first.why,
        "entries": each.entries,
        "batches": [first.batch, last.batch],
        "undone": format_instant(each.undone) if each.undone else None,
    }
