"""Findings drawn by rule, worst first, each with its place and hint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.text import Text

from latticework.base.findings import Finding, Severity
from latticework.surfaces.text_spans import visible
from latticework.surfaces.text_wrap import hung, margin
from latticework.views.page import Findings

SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "blue"}
_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTICE: "·"}


def findings_lines(block: Findings, *, width: int | None, indent: int) -> list[Text]:
    """Groups by code, worst first, then by how many there are."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in block.findings:
        groups[finding.code].append(finding)
    order = sorted(groups.values(), key=lambda group: (-_worst(group), group[0].code))
    lines: list[Text] = []
    for place, group in enumerate(order):
        total = block.totals.get(group[0].code, len(group))
        lines.extend([Text()] if place else [])
        lines.extend(_group_lines(group, total, width, indent))
    return lines


def _worst(group: Iterable[Finding]) -> int:
    return max(int(each.severity) for each in group)


def _group_lines(
    group: Sequence[Finding], total: int, width: int | None, indent: int
) -> list[Text]:
    """A heading with code and count; a hint that all share is said once."""
    severity = Severity(_worst(group))
    style = SEVERITY_STYLES[severity]
    head = Text(" " * indent).append(f"{_MARKS[severity]} {group[0].code}", style=f"{style} bold")
    head.append(f"  {severity.word}", style=style)
    head.append(f"  {total:,}" if total > 1 else "", style="dim")
    hints = {each.hint for each in group}
    shared = len(hints) == 1 and len(group) > 1
    lines = [head]
    for finding in group:
        lines.extend(_finding_lines(finding, width, indent + 2, hint=not shared))
    if total > len(group):
        left = f"and {total - len(group):,} more"
        lines.append(Text(" " * (indent + 2)).append(left, style="dim"))
    if shared and (hint := hints.pop()):
        lines.extend(_hinted(hint, width, indent + 2))
    return lines


def _finding_lines(finding: Finding, width: int | None, indent: int, *, hint: bool) -> list[Text]:
    says = Text()
    spot = str(finding.place)
    if spot and spot not in finding.says:
        says.append(f"{visible(spot)}  ", style="dim")
    says.append(visible(finding.says))
    lines = hung(margin(indent), margin(indent + 2), says, width)
    if hint and finding.hint:
        lines.extend(_hinted(finding.hint, width, indent + 2))
    return lines


def _hinted(hint: str, width: int | None, indent: int) -> list[Text]:
    text = Text(f"hint: {visible(hint)}", style="cyan")
    return hung(margin(indent), margin(indent + 6), text, width)
