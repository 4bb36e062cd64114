"""View: branches."""

from __future__ import annotations

from dataclasses import dataclass

from latticework.base.times import format_instant
from latticework.journal.store import Branch
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Sort,
    Table,
    Tone,
    cell,
)
from latticework.views.page import Page, sight_view
from latticework.views.sight import Sight
from latticework.views.wording import ago, day_words, many


@dataclass(frozen=True)
class Params:
    """What the reader may choose: nothing."""


@sight_view(Params)
def branches(sight: Sight, params: Params) -> Page:
    """Which proposals and what-ifs are open beside the main line?"""
    found = sight.branches()
    columns = (
        Column("branch"),
        Column("from"),
        Column("entry", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("since", sort=Sort.WHEN),
        Column("", sort=Sort.WHEN),
        Column("by"),
        Column("why"),
        Column("merged"),
    )
    empty = (
        "There is only the main line.",
        "Try something without touching it: latticework branch start NAME --why '…'",
    )
    rows = tuple(_row(each, sight) for each in found)
    return Page(
        title="Branches",
        subtitle=many(len(found), "branch"),
        blocks=(Table(columns=columns, rows=rows, empty=empty),),
        data=tuple(_data(each) for each in found),
    )


def _row(each: Branch, sight: Sight) -> tuple[Cell, ...]:
    merged = f"at entry {each.merged:,}" if each.merged else ""
    return (
        cell(each.name, tone=Tone.STRONG),
        cell(each.parent),
        cell(f"{each.start:,}"),
        cell(day_words(each.known, sight.zone)),
        cell(ago(each.known, sight.now), tone=Tone.DIM),
        cell(each.by),
        cell(each.why),
        cell(merged, tone=Tone.GOOD),
    )


def _data(each: Branch) -> dict[str, object]:
    return {
        "branch": each.name,
        "from": each.parent,
        "start": each.start,
        "known": format_instant(each.known),
        "by": each.by,
        "why": each.why,
        "merged": each.merged or None,
    }
