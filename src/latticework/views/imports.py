"""View: imports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import format_instant
from latticework.journal.imports import Import, imports_of
from latticework.views.blocks import Align, Cell, Column, Sort, Table, Tone, cell
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.wording import ago, day_words, many

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


@sight_view(Params)
def imports(sight: Sight, params: Params) -> Page:
    """What came in from sources, when, how much, and does it still stand?

    One line for each import, the latest first. `latticework undo BATCH --import`
    takes one back, whichever of its batches is named.
    """
    known = sight.graph.moment.known
    headings = [each for each in sight.headings() if each.known <= known]
    every = imports_of(headings)
    _refuse_unknown(params.source, {each.source for each in every})
    found = [each for each in reversed(every) if params.source in ("", each.source)]
    shown = found[: params.rows] if params.rows else found
    left = f"{len(found) - len(shown):,} more; --rows 0 shows all" if shown != found else ""
    rows = tuple(_row(each, sight) for each in shown)
    return Page(
        title="Imports" if not params.source else f"Imports from {params.source}",
        subtitle=many(len(found), "import"),
        blocks=(Table(columns=_COLUMNS, rows=rows, empty=_EMPTY, note=left),),
        data=tuple(_data(each) for each in shown),
    )


def _refuse_unknown(source: str, known: Collection[str]) -> None:
    """Raise Refused (VIEW042) for a source that never was, where others were."""
    if source and known and source not in known:
        says = f"nothing came in from a source called '{source}'"
        names = ", ".join(f"'{each}'" for each in sorted(known))
        hint = did_you_mean(source, known, otherwise=f"there are {names}")
        raise Refused([error("VIEW042", says, hint=hint, value=source)])


def _row(each: Import, sight: Sight) -> tuple[Cell, ...]:
    first, last = each.batches[0], each.batches[-1]
    numbers = f"#{first.batch:,}" if first is last else f"#{first.batch:,}–#{last.batch:,}"
    return (
        cell(day_words(first.known, sight.zone)),
        cell(ago(first.known, sight.now), tone=Tone.DIM),
        cell(each.source, tone=Tone.STRONG),
        cell(first.by),
        cell(f"{each.entries:,}"),
        cell(numbers, tone=Tone.DIM),
        cell(day_words(each.undone, sight.zone) if each.undone else "", tone=Tone.DIM),
    )


def _data(each: Import) -> dict[str, object]:
    first, last = each.batches[0], each.batches[-1]
    return {
        "source": each.source,
        "known": format_instant(first.known),
        "by": first.by,
        "why": first.why,
        "entries": each.entries,
        "batches": [first.batch, last.batch],
        "undone": format_instant(each.undone) if each.undone else None,
    }
