"""Judging a company: every rule asked, every silence heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice

from latticework.analysis import rules as rule_files
from latticework.analysis.rule import Rule, place_of
from latticework.analysis.silence import Silences
from latticework.base.findings import Finding, Place, Refused, Severity
from latticework.base.registry import Registry, discover
from latticework.graph.graph import Graph
from latticework.model.model import TITLE, RuleQuery
from latticework.query.ask import ask
from latticework.query.truth import Ints

MOST_DRAWN = 500
"""Findings of one rule that are drawn; further ones are counted."""

GROUP = "latticework.rules"
"""The entry point by which an installed plugin offers rules."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@cache
def rules() -> Registry[Rule]:
    """Rules in Python by name, ours and those of installed plugins."""
    return discover(Rule, rule_files, group=GROUP)


def judge(
    graph: Graph,
    *,
    today: date,
    most: int = MOST_DRAWN,
    about: Ints | None = None,
) -> tuple[Finding, ...]:
    """What every rule finds in the graph on this day, worst first.

    Rules are those of the model, asked as queries, and those in Python. A
    silence in force keeps its findings back; one that ended does not, and is
    itself a finding. Of each rule at most `most` findings are drawn; one more
    says how many there are in all. With `about`, sorted ids, only what is
    found of those things is drawn, and nothing of the model or of silences.
    """
    if about is not None:
        return _judged(graph, today, about)
    silences = Silences(graph, today)
    python = rules()
    found: list[Finding] = list(python.findings)
    for asked in graph.model.rules:
        few = most + len(silences.of(asked.code))
        answers, beyond = _answers(graph, today, asked, few)
        found += silences.bounded(asked.code, asked.name, answers, most, beyond=beyond)
    for each in python.values():
        complaints = each(graph, today)
        few = most + len(silences.of(each.code))
        stamped = [each.stamp(complaint, graph) for complaint in islice(complaints, few)]
        beyond = sum(1 for _ in complaints)
        found += silences.bounded(each.code, each.name, stamped, most, beyond=beyond)
    codes = {each.code for each in graph.model.rules} | {each.code for each in python.values()}
    found += silences.findings(codes)
    return tuple(sorted(found, key=_worst_first))


def _judged(graph: Graph, today: date, ids: Ints) -> tuple[Finding, ...]:
    """What every rule finds of these things, silences observed."""
    refs = {str(graph.ref_of(each)) for each in ids.tolist()}
    silences = Silences(graph, today)
    found: list[Finding] = []
    for asked in graph.model.rules:
        answers, _ = _answers(graph, today, asked, len(ids), about=ids)
        few = (each for each in answers if each.place.ref in refs)
        found += silences.bounded(asked.code, asked.name, few, len(ids))
    for rule in rules().values():
        told = rule(graph, today, ids)
        mine = [rule.stamp(each, graph) for each in told if each.ref in refs]
        found += silences.bounded(rule.code, rule.name, mine, len(mine))
    return tuple(sorted(found, key=_worst_first))


def _worst_first(finding: Finding) -> tuple[int, str]:
    return (-finding.severity, finding.code)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A rule's sentence with places for values, and the fields it speaks of."""

    text: str
    fields: tuple[str, ...]

    def filled(self, values: Mapping[str, object]) -> str:
        """The sentence about one thing; an absent value reads as unknown."""
        return _PLACEHOLDER.sub(
            lambda found: _as_written(values.get(found[1]), found[1], values), self.text
        )


def _as_written(value: object, name: str, values: Mapping[str, object]) -> str:
    if value is None or value == "":
        return str(values["ref"]) if name == TITLE else "unknown"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return f"'{value}'" if name == TITLE else str(value)


def _sentence(asked: RuleQuery) -> _Sentence:
    text = asked.says or "flagged by '" + asked.flags + "'"
    named = dict.fromkeys(_PLACEHOLDER.findall(text))
    return _Sentence(text, tuple(name for name in named if name not in {"ref", "kind", TITLE}))


def _answers(
    graph: Graph, today: date, asked: RuleQuery, few: int, *, about: Ints | None = None
) -> tuple[tuple[Finding, ...], int]:
    """A finding for each of the first rows of the rule's query, and how many more there are.

    Where it cannot be asked, the findings say why.
    """
    sentence = _sentence(asked)
    text = asked.flags + (f" show {', '.join(sentence.fields)}" if sentence.fields else "")
    try:
        rows = ask(graph, f"{text} limit {few}", today=today, about=about)
    except Refused as refused:
        return tuple(_unasked(graph, asked, refused.findings)), 0
    found = tuple(
        Finding(
            code=asked.code,
            severity=_severity(asked.severity),
            place=Place(ref=str(row["ref"])),
            says=sentence.filled(row),
            hint=asked.hint,
        )
        for row in rows
    )
    return found, rows.total - len(found)


def _unasked(graph: Graph, asked: RuleQuery, why: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a rule's query, placed at the rule."""
    stands = place_of(graph.model, f"rules.{asked.code}")
    for each in why:
        yield replace(
            each,
            code="RULE001",
            place=stands,
            says=f"rule {asked.code} ({asked.name}) cannot be asked: {each.says}",
        )


def _severity(word: str) -> Severity:
    return {each.word: each for each in Severity}.get(word, Severity.WARNING)
