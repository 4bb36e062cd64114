"""What a changed model would affect, as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latticework.base.findings import has_errors
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Findings,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.page import Page
from latticework.views.visuals import Block
from latticework.views.wording import dotted, listed, many

if TYPE_CHECKING:
    from latticework.workspace.effects import Effect, Preview

_TONES = {"new": Tone.GOOD, "gone": Tone.BAD, "renamed": Tone.WARN, "changed": Tone.PLAIN}
MOST = 5
"""How many refs are named of those that move with a word."""


def preview_page(preview: Preview) -> Page:
    """Each alteration with what it touches, what moves, and what is doubtful."""
    blocks: list[Block] = []
    unsound = has_errors(preview.findings)
    if preview.effects or not unsound:
        blocks.append(_effects(preview))
    if preview.taken:
        blocks.append(_taken(preview))
    if preview.findings:
        blocks.append(Findings(findings=preview.findings, title="Findings"))
    return Page(
        title="What the changed model affects",
        subtitle="it cannot be applied as it is"
        if unsound
        else dotted(
            many(len(preview.effects), "alteration"),
            many(sum(each.things for each in preview.effects), "thing"),
            many(sum(each.edges for each in preview.effects), "edge"),
            "nothing is recorded yet" if preview.changes else "nothing to apply",
        ),
        blocks=tuple(blocks),
        data=tuple(_data(each) for each in preview.effects),
    )


def _effects(preview: Preview) -> Table:
    columns = (
        Column("sort"),
        Column("word", wrap=True),
        Column("what", wrap=True),
        Column("things", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("edges", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("rules and views", wrap=True),
    )
    rows = tuple(_row(each) for each in preview.effects)
    empty = ("Nothing changes: the file says what the company says already.",)
    return Table(columns=columns, rows=rows, grouped=True, empty=empty)


def _row(effect: Effect) -> tuple[Cell, ...]:
    altered = effect.alteration
    tone = _TONES.get(altered.what.value, Tone.STRONG)
    was = f" from {listed(altered.was)}" if altered.was else ""
    details = f"  {listed(altered.details)}" if altered.details else ""
    return (
        cell(altered.sort.value),
        cell(f"{altered.owner}.{altered.name}" if altered.owner else altered.name),
        Cell(spans(Span(altered.what.value, tone=tone), was, Span(details, tone=Tone.DIM))),
        cell(f"{effect.things:,}" if effect.things else ""),
        cell(f"{effect.edges:,}" if effect.edges else ""),
        cell(listed((*effect.rules, *effect.views), most=4)),
    )


def _taken(preview: Preview) -> Table:
    columns = (Column("of"), Column("to"), Column("things", align=Align.RIGHT), Column("such as"))
    rows = tuple(
        (
            cell(each.part.query),
            cell(each.part.new),
            cell(f"{len(each.refs):,}"),
            cell(listed(each.refs, most=MOST)),
        )
        for each in preview.taken
    )
    return Table(columns=columns, rows=rows, title="What moves to a new word")


def _data(effect: Effect) -> dict[str, object]:
    altered = effect.alteration
    return {
        "sort": altered.sort.value,
        "name": altered.name,
        "owner": altered.owner,
        "what": altered.what.value,
        "was": list(altered.was),
        "details": list(altered.details),
        "things": effect.things,
        "edges": effect.edges,
        "rules": list(effect.rules),
        "views": list(effect.views),
    }
