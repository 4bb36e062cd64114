"""What is wrong or surprising, said the same way everywhere."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


class Severity(enum.IntEnum):
    """How much a finding matters; higher is worse."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case word that people read and scripts match."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: in a text, at a thing, or both.

    `line` and `column` count from 1; 0 means unknown. `end` is the column
    after the last character of the value, where that is known.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    end: int = 0
    ref: str = ""
    field: str = ""

    def __str__(self) -> str:
        """`file:line:column`, then the ref and field, as far as known."""
        spot = self.file
        if self.line:
            spot += f":{self.line}"
            if self.column:
                spot += f":{self.column}"
        thing = self.ref + (f".{self.field}" if self.field else "")
        return " ".join(part for part in (spot, thing) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or surprising, where, and what to do.

    `says` quotes the value and names no place; `hint` says what to do and may
    be empty only where nothing can be done. `instead` are values that would do
    in the place of `value`, the likeliest first, for a surface to offer.
    """

    code: str
    severity: Severity
    says: str
    place: Place = field(default_factory=Place)
    hint: str = ""
    value: str = ""
    instead: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: place, code, sentence, hint."""
        spot = str(self.place)
        head = f"{spot} " if spot else ""
        tail = f" (hint: {self.hint})" if self.hint else ""
        return f"{head}{self.code} {self.says}{tail}"


class Refused(Exception):
    """Something was asked that the findings forbid; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep every finding, worst first."""
        self.findings = tuple(sorted(findings, key=lambda each: -each.severity))
        super().__init__("\n".join(str(each) for each in self.findings))


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The highest severity among findings; None when there are none."""
    return max((each.severity for each in findings), default=None)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is of severity error."""
    return any(each.severity is Severity.ERROR for each in findings)


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise Refused with all findings if one of them is an error."""
    every = tuple(findings)
    if has_errors(every):
        raise Refused(every)


class Maker(Protocol):
    """Makes findings of one severity."""

    def __call__(
        self, code: str, says: str, *, hint: str = "", place: Place | None = None, value: str = ""
    ) -> Finding:
        """The finding."""


def _maker(severity: Severity) -> Maker:
    def make(
        code: str, says: str, *, hint: str = "", place: Place | None = None, value: str = ""
    ) -> Finding:
        return Finding(
            code=code,
            severity=severity,
            says=says,
            hint=hint,
            place=place or Place(),
            value=value,
        )

    return make


error = _maker(Severity.ERROR)
"""A finding of severity error."""

warning = _maker(Severity.WARNING)
"""A finding of severity warning."""

notice = _maker(Severity.NOTICE)
"""A finding of severity notice."""
