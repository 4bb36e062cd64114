"""The shapes that more than one call takes or gives."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from latticework.base.findings import Finding

Said = Annotated[
    str | int | float | list[str] | None,
    Meta(description="A value as people write it; a list for several; null takes it away."),
]
Kept = str | list[str] | None
YesNo = Literal["yes", "no"]


class FindingGiven(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong or surprising, where, and what to do.

    `instead` are values that would do for `value`. `change` counts the changes of the request from 0. Where somebody else was
    faster, `base` is what the asker had seen, `theirs` what holds now, `yours`
    what was sent, `by` who wrote theirs, and `entry` where.
    """

    code: str
    severity: Literal["notice", "warning", "error"]
    says: str
    hint: str = ""
    value: str = ""
    instead: list[str] = []
    ref: str = ""
    field: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    end: int = 0
    change: int | UnsetType = UNSET
    base: Kept | UnsetType = UNSET
    theirs: Kept | UnsetType = UNSET
    yours: Kept | UnsetType = UNSET
    by: str = ""
    entry: int = 0


class Problem(Struct, frozen=True, kw_only=True):
    """Problem details (RFC 9457) with every finding."""

    type: str
    title: str
    status: int
    detail: str
    findings: list[FindingGiven]


class Recorded(Struct, frozen=True, kw_only=True):
    """What was recorded: the batch, its first and last entry, the end of the branch.

    `batch` is null where all of it was so already, or where nothing was to be
    recorded because it was only checked.
    """

    batch: int | None
    first: int
    last: int
    head: int
    recorded: int
    findings: list[FindingGiven]


def finding_given(finding: Finding, *, numbered: bool = False) -> FindingGiven:
    """A finding as a shape; `numbered` where its line counts changes from 1."""
    place = finding.place
    word: Literal["notice", "warning", "error"] = (
        "error"
        if finding.severity.word == "error"
        else "warning"
        if finding.severity.word == "warning"
        else "notice"
    )
    return FindingGiven(
        code=finding.code,
        severity=word,
        says=finding.says,
        hint=finding.hint,
        value=finding.value,
        instead=list(finding.instead),
        ref=place.ref,
        field=place.field,
        file=place.file,
        line=0 if numbered else place.line,
        column=place.column,
        end=place.end,
        change=place.line - 1 if numbered and place.line else UNSET,
    )
