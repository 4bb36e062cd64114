"""What an import did, as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latticework.views.blocks import Findings
from latticework.views.diff import delta_page
from latticework.views.findings import first_of_each, totals_of
from latticework.views.page import Page
from latticework.views.visuals import Block
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.workspace.importing import Imported

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
    blocks: list[Block] = []
    if imported.delta is not None and imported.changes:
        blocks.extend(delta_page(imported.delta, title="", rows=ROWS).blocks)
    if imported.findings:
        blocks.append(_findings(imported, each))
    return Page(
        title=title,
        subtitle=dotted(imported.source, revision, many(len(imported.findings), "finding")),
        blocks=tuple(blocks),
    )


def _findings(imported: Imported, each: int) -> Findings:
    shown = tuple(first_of_each(imported.findings, each))
    left = len(imported.findings) > len(shown)
    note = "--each 0 draws all; latticework check finds what stays" if left else ""
    return Findings(
        findings=shown, totals=totals_of(imported.findings), title="Findings", note=note
    )
