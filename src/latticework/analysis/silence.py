"""Silences: findings accepted for a while, with a reason and an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from latticework.base.findings import Finding, Place, Severity
from latticework.base.near import did_you_mean
from latticework.graph.graph import Graph
from latticework.model.model import Silence


@dataclass
class Silences:
    """The silences of one company on one day, and what they kept back."""

    graph: Graph
    today: date
    _heard: set[Silence] = field(default_factory=set)

    def of(self, code: str) -> tuple[Silence, ...]:
        """Silences of one rule."""
        return tuple(each for each in self.graph.model.silences if each.rule == code)

    def bounded(
        self, code: str, name: str, found: Iterable[Finding], most: int, *, beyond: int = 0
    ) -> Iterator[Finding]:
        """Findings that no silence keeps back, at most `most` and then their count.

        `beyond` counts further findings that were not drawn to begin with.
        """
        mine = self.of(code)
        drawn = 0
        last: Finding | None = None
        for finding in found:
            if self._keeps_back(mine, finding):
                continue
            last = finding
            if drawn < most:
                drawn += 1
                yield finding
            else:
                beyond += 1
        if last is not None and beyond:
            yield Finding(
                code=code,
                severity=last.severity,
                says=f"{drawn + beyond:,} findings of rule '{name}'; {drawn:,} are shown",
                hint="mend the cause they share, or ask the rule's query for all of them",
            )

    def findings(self, known: set[str]) -> Iterator[Finding]:
        """What is wrong with the silences themselves; call it when all rules ran."""
        for each in self.graph.model.silences:
            if each.rule not in known:
                hint = did_you_mean(each.rule, known, otherwise="take the silence away")
                yield _finding("SILENCE002", each, f"no rule has the code '{each.rule}'", hint)
            elif each.of and self.graph.find(each.of) is None:
                says = f"the silence of {each.rule} is about '{each.of}', which is not there"
                yield _finding("SILENCE003", each, says, "correct the ref, or take it away")
            elif each.until < self.today:
                says = f"the silence of {_about(each)} ended on {each.until}: {each.why}"
                yield _finding("SILENCE001", each, says, "mend it, or renew it with a reason")
            elif each not in self._heard:
                says = f"the silence of {_about(each)} keeps nothing back"
                yield _finding("SILENCE004", each, says, "take it away", Severity.NOTICE)

    def _keeps_back(self, silences: Iterable[Silence], finding: Finding) -> bool:
        for each in silences:
            if each.until >= self.today and self._concerns(each, finding):
                self._heard.add(each)
                return True
        return False

    def _concerns(self, silence: Silence, finding: Finding) -> bool:
        """Refs are compared as things, so that a silence follows a moved one."""
        if not silence.of or silence.of == finding.place.ref:
            return True
        thing = self.graph.find(silence.of)
        return thing is not None and thing == self.graph.find(finding.place.ref)


def _about(silence: Silence) -> str:
    return f"{silence.rule} about '{silence.of}'" if silence.of else silence.rule


def _finding(
    code: str, silence: Silence, says: str, hint: str, severity: Severity = Severity.WARNING
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        place=Place(ref=silence.of),
        says=says,
        hint=hint,
        value=silence.of or silence.rule,
    )
