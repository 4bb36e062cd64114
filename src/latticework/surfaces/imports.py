"""What an import did, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from latticework.views.blocks import Align, Cell, Column, Findings, Table, Tone, cell
from latticework.views.diff import delta_page
from latticework.views.findings import first_of_each, totals_of
from latticework.views.page import Page
from latticework.views.visuals import Block
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.workspace.importing import Imported
    from latticework.workspace.upsert import KindTold

EACH = 5
"""How many findings of one code are drawn."""

ROWS = 30
"""How many changed things of a dry run are drawn."""


def import_page(imported: Imported, *, each: int = EACH) -> Page:
    """Counts, what would change where it was only tried, and the findings."""
    tried = imported.delta is not None
    verb = "Would bring in" if tried else "Brought in"
    batches = many(imported.batches, "batch")
    changes = many(imported.changes, "change")
    title = f"{verb} {changes} in {batches}" if imported.changes else "Nothing new"
    revision = f"up to {imported.revision[:12]}" if imported.revision else ""
    blocks: list[Block] = [_kinds(imported.kinds)] if imported.kinds else []
    if imported.delta is not None and imported.changes:
        blocks.extend(delta_page(imported.delta, title="", rows=ROWS).blocks)
    if imported.findings:
        blocks.append(_findings(imported, each))
    return Page(
        title=title,
        subtitle=dotted(imported.source, revision, many(len(imported.findings), "finding")),
        blocks=tuple(blocks),
        data=tuple(asdict(each) for each in imported.kinds),
    )


def _kinds(kinds: Sequence[KindTold]) -> Table:
    """What became of the things of each kind, with the fields that changed."""
    columns = (
        Column("kind"),
        *(Column(word, align=Align.RIGHT) for word in ("new", "changed", "unchanged", "gone")),
        Column("what changed", wrap=True),
    )
    rows = tuple(
        (
            cell(each.kind, tone=Tone.STRONG),
            *(_number(count) for count in (each.new, each.changed, each.unchanged, each.gone)),
            cell(_fields(each)),
        )
        for each in kinds
    )
    return Table(columns=columns, rows=rows)


def _number(count: int) -> Cell:
    return cell(f"{count:,}", tone=Tone.DIM) if not count else cell(f"{count:,}")


def _fields(told: KindTold) -> str:
    asked = f"{many(told.asked, 'field')} to decide" if told.asked else ""
    return dotted(*(f"{name} {count:,}" for name, count in told.fields.items()), asked)


def _findings(imported: Imported, each: int) -> Findings:
    shown = tuple(first_of_each(imported.findings, each))
    left = len(imported.findings) > len(shown)
    note = "--each 0 draws all; latticework check finds what stays" if left else ""
    return Findings(
        findings=shown, totals=totals_of(imported.findings), title="Findings", note=note
    )
