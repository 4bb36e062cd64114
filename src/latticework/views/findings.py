"""View: findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, Severity, error
from latticework.base.near import did_you_mean
from latticework.views.blocks import Findings
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.thing import findings_data
from latticework.views.things import id_of
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.model.model import Model

_OF_JUDGING = ("PLUGIN", "RULE", "SILENCE")
"""Subjects of findings about rules and silences themselves."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    rule: str = param("", "Only findings of this code.")
    ref: str = param("", "Only findings about this thing.")
    severity: str = param("notice", "This severity and worse: notice, warning or error.")
    each: int = param(5, "How many findings to draw per rule; 0 is all.")


@sight_view(Params)
def findings(sight: Sight, params: Params) -> Page:
    """What is wrong or surprising: checks and rules, worst first?

    Every finding says where it is and what to do. One that is accepted for a
    while can be silenced with a reason and an end: latticework silence --help
    """
    found = tuple(_wanted(sight, params))
    if params.rule and not found:
        _refuse_unknown(params.rule.upper(), sight.graph.model)
    shown = tuple(first_of_each(found, params.each))
    counts = Counter(each.severity for each in found)
    said = (many(counts[each], each.word) for each in sorted(counts, reverse=True))
    block = Findings(
        findings=shown,
        totals=totals_of(found),
        note="--each 0 draws all; --rule CODE only one rule" if len(shown) < len(found) else "",
        empty=("Nothing to mention: every check and every rule is content.",),
    )
    return Page(
        title="Findings",
        subtitle=dotted(*said) if found else "",
        blocks=(block,),
        data=findings_data(found, sight.graph),
    )


def first_of_each(found: Iterable[Finding], most: int) -> Iterator[Finding]:
    """At most so many findings of one code; 0 is all."""
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.code] += 1
        if not most or counts[each.code] <= most:
            yield each


def totals_of(found: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each code."""
    return dict(Counter(each.code for each in found))


def _wanted(sight: Sight, params: Params) -> Iterator[Finding]:
    least = _severity(params.severity)
    node = id_of(sight.graph, params.ref) if params.ref else None
    for each in sight.findings() if node is None else sight.findings_about(node):
        if each.severity >= least and params.rule.upper() in {"", each.code}:
            yield each


def _refuse_unknown(code: str, model: Model) -> None:
    """Refuse a code that no rule has, lest its silence reads as content."""
    from latticework.analysis.judge import rules

    known = {each.code for each in model.rules} | {each.code for each in rules().values()}
    if code not in known and not code.startswith(_OF_JUDGING):
        hint = did_you_mean(code, known, otherwise="see docs/reference/rules.md for all")
        raise Refused([error("VIEW011", f"no rule has the code '{code}'", hint=hint, value=code)])


def _severity(word: str) -> Severity:
    words = {each.word: each for each in Severity}
    if word not in words:
        hint = did_you_mean(word, words, otherwise=f"one of {', '.join(words)}")
        raise Refused([error("VIEW008", f"no severity '{word}'", hint=hint, value=word)])
    return words[word]
