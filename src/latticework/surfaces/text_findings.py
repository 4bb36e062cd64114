"""Findings drawn by rule, worst first, each with its place and hint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from latticework.base.findings import Finding, Place, Severity
from latticework.surfaces.text_spans import visible
from latticework.surfaces.text_wrap import hung, margin
from latticework.views.blocks import Findings

SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "blue"}
WIDEST_QUOTE = 200
"""Letters of a text that are quoted where nothing else limits the line."""

_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTICE: "·"}


def findings_lines(
    block: Findings, *, width: int | None, indent: int, text: str = ""
) -> list[Text]:
    """Groups by code, worst first.

    `text` is what places without a file count their lines and columns in: it
    is quoted below the finding, with a mark under the value.
    """
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in block.findings:
        groups[finding.code].append(finding)
    order = sorted(groups.values(), key=lambda group: (-_worst(group), group[0].code))
    lines: list[Text] = []
    for place, group in enumerate(order):
        total = block.totals.get(group[0].code, len(group))
        lines.extend([Text()] if place else [])
        lines.extend(_group_lines(group, total, _Paper(width, indent, text, block.about)))
    return lines


def _worst(group: Iterable[Finding]) -> int:
    return max(int(each.severity) for each in group)


@dataclass(frozen=True, slots=True)
class _Paper:
    """How wide, how far in, and the text that places without a file stand in."""

    width: int | None
    indent: int
    text: str
    about: str

    @property
    def inner(self) -> _Paper:
        """One step further in."""
        return replace(self, indent=self.indent + 2)


def _group_lines(group: Sequence[Finding], total: int, paper: _Paper) -> list[Text]:
    """A heading with code and count; a hint that all share is said once."""
    width, indent = paper.width, paper.indent
    severity = Severity(_worst(group))
    style = SEVERITY_STYLES[severity]
    head = Text(" " * indent).append(f"{_MARKS[severity]} {group[0].code}", style=f"{style} bold")
    head.append(f"  {severity.word}", style=style)
    head.append(f"  {total:,}" if total > 1 else "", style="dim")
    hints = {each.hint for each in group}
    shared = len(hints) == 1 and len(group) > 1
    lines = [head]
    for finding in group:
        lines.extend(_finding_lines(finding, paper.inner, hint=not shared))
    if total > len(group):
        left = f"and {total - len(group):,} more"
        lines.append(Text(" " * (indent + 2)).append(left, style="dim"))
    if shared and (hint := hints.pop()):
        lines.extend(_hinted(hint, width, indent + 2))
    return lines


def _finding_lines(finding: Finding, paper: _Paper, *, hint: bool) -> list[Text]:
    width, indent = paper.width, paper.indent
    says = Text()
    place = finding.place
    quoted = _quoted(place, paper) if paper.text and not place.file and place.column else []
    if paper.about and place.ref == paper.about:
        place = replace(place, ref=place.field, field="")
    spot = "" if quoted else str(place)
    if spot and spot not in finding.says:
        says.append(f"{visible(spot)}  ", style="dim")
    says.append(visible(finding.says))
    lines = [*hung(margin(indent), margin(indent + 2), says, width), *quoted]
    if hint and finding.hint:
        lines.extend(_hinted(finding.hint, width, indent + 2))
    return lines


def _quoted(place: Place, paper: _Paper) -> list[Text]:
    """The line that the place is in, and a mark below the value."""
    every = paper.text.splitlines() or [""]
    line = visible(every[min(max(place.line, 1), len(every)) - 1])
    first, last = place.column - 1, max(place.end - 1, place.column)
    room = max((paper.width or WIDEST_QUOTE) - paper.indent - 2, 20)
    start = max(0, min(first - room // 3, len(line) - room))
    shown = line[start : start + room]
    length = max(1, min(last - first, room - (first - start)))
    before = margin(paper.indent + 2)
    mark = Text(" " * cell_len(shown[: first - start])).append("^" * length, style="red")
    return [before + Text(shown), before + mark]


def _hinted(hint: str, width: int | None, indent: int) -> list[Text]:
    text = Text(f"hint: {visible(hint)}", style="cyan")
    return hung(margin(indent), margin(indent + 6), text, width)
