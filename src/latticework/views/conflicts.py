"""View: conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.times import format_instant
from latticework.views.blocks import Cell, Column, Sort, Table, Tone, cell
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import titles_of
from latticework.views.told import shown_value
from latticework.views.wording import ago, dotted, many

if TYPE_CHECKING:
    from latticework.graph.disputes import Conflict


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    source: str = param("", "Only what this source says otherwise.")


@sight_view(Params)
def conflicts(sight: Sight, params: Params) -> Page:
    """Where do a source and we say two things, and nobody has decided yet?

    A recipe's `wins: ask` lets the source's value wait beside ours. Decide with
    `latticework decide`; any edit of the field is a decision, too.
    """
    found = tuple(
        each for each in sight.conflicts() if not params.source or each.via.source == params.source
    )
    titles = titles_of((each.ref for each in found), sight.graph)
    columns = (
        Column(""),
        Column("field"),
        Column("ours", wrap=True),
        Column("theirs", wrap=True),
        Column("says"),
        Column("since", sort=Sort.WHEN),
        Column("", sort=Sort.REF),
    )
    empty = (
        "No source and nobody here say two things.",
        "Let a recipe's field say 'wins: ask' to be asked where they do.",
    )
    rows = tuple(_row(each, titles.get(each.ref, ""), sight) for each in found)
    return Page(
        title="Conflicts",
        subtitle=many(len(found), "field") + " to decide" if found else "",
        blocks=(Table(columns=columns, rows=rows, empty=empty),),
        data=tuple(conflict_data(each) for each in found),
    )


def _row(each: Conflict, title: str, sight: Sight) -> tuple[Cell, ...]:
    return (
        cell(title or each.ref, tone=Tone.STRONG),
        cell(each.field),
        cell(dotted(shown_value(each.ours) or "nothing", each.by)),
        cell(shown_value(each.theirs) or "nothing"),
        cell(dotted(each.via.source, each.via.key)),
        cell(ago(each.asked, sight.now), tone=Tone.DIM),
        cell(each.ref, tone=Tone.DIM),
    )


def conflict_data(each: Conflict) -> dict[str, object]:
    """A conflict as plain values."""
    return {
        "ref": each.ref,
        "field": each.field,
        "ours": each.ours,
        "ours by": each.by,
        "theirs": each.theirs,
        "source": each.via.source,
        "key": each.via.key,
        "file": each.via.file,
        "line": each.via.line or None,
        "asked": format_instant(each.asked),
    }
