"""How a reading asks: queries, conditions and paths that the model gave it."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from latticework.analysis.rule import place_of
from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.graph.graph import Graph
from latticework.model.model import BoundReading
from latticework.model.values import duration_days
from latticework.query import ast
from latticework.query.answer import run
from latticework.query.ask import parse_for
from latticework.query.plan import LinkStep, Listed
from latticework.query.resolve import resolve
from latticework.query.run import Run
from latticework.query.truth import Ids, Longs, Mask, narrow
from latticework.query.walk import Neighbours, forward, pairs_of

UNKNOWN_THING = "READING006"
"""A reading names a thing that the company does not have."""


class Sort(enum.StrEnum):
    """What a parameter of a reading is given."""

    QUERY = "a query"
    CONDITION = "a condition"
    PATH = "a path"
    FIELD = "a field"
    LENGTH = "a length of time"
    COUNT = "a whole number"
    WORD = "a word"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """A parameter of a reading: what it is given, and what it is for.

    `default` stands where the model says nothing; `many` may be given several;
    without `required` it may stay empty.
    """

    name: str
    sort: Sort
    says: str
    default: tuple[str, ...] = ()
    many: bool = False
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One bound reading on its way through a graph on one day."""

    graph: Graph
    today: date
    bound: BoundReading
    needs: tuple[Needs, ...] = field(repr=False)

    def refuse_unfit(self) -> None:
        """Raise Refused for parameters that are unknown, missing or too many."""
        findings = list(self._unfit())
        if findings:
            raise Refused(findings)

    def _unfit(self) -> Iterator[Finding]:
        known = {each.name: each for each in self.needs}
        for name in self.bound.given:
            if name not in known:
                hint = did_you_mean(name, known, otherwise="it takes: " + ", ".join(known))
                says = f"'{self.bound.computes}' takes no '{name}'"
                yield self._finding("READING002", name, says, hint)
        for each in self.needs:
            texts = self.texts(each.name)
            if each.required and not texts:
                says = f"'{self.bound.name}' does not say '{each.name}': {each.says}"
                yield self._finding("READING002", each.name, says, f"give {each.sort} in 'with'")
            if len(texts) > 1 and not each.many:
                says = f"'{each.name}' of '{self.bound.name}' is one text, not {len(texts)}"
                yield self._finding("READING002", each.name, says, "give one of them")

    def _finding(self, code: str, name: str, says: str, hint: str, value: str = "") -> Finding:
        path = f"readings.{self.bound.name}"
        given = f"{path}.with.{name}"
        place = place_of(self.graph.model, given if name in self.bound.given else path)
        return error(code, says, hint=hint, place=place, value=value or name)

    def _refused(self, name: str, text: str, refused: Refused) -> Refused:
        return Refused(
            [
                replace(
                    self._finding(_code_of(each), name, "", each.hint, each.value),
                    says=f"'{name}' of reading '{self.bound.name}', '{text}': {each.says}",
                )
                for each in refused.findings
            ]
        )

    # Texts ---------------------------------------------------------------------------

    def texts(self, name: str) -> tuple[str, ...]:
        """What a parameter was given, else its default."""
        given = self.bound.given.get(name)
        if given is not None:
            return given
        return next((each.default for each in self.needs if each.name == name), ())

    def text(self, name: str) -> str:
        """The one text of a parameter; empty for none."""
        return next(iter(self.texts(name)), "")

    def days(self, name: str) -> float:
        """A length of time in days."""
        text = self.text(name)
        found = duration_days(text)
        if found is None or not np.isfinite(found) or found <= 0:
            says = f"'{text}' is no length of time"
            raise Refused([self._finding("READING003", name, says, "write 90 days", text)])
        return found

    def count(self, name: str) -> int:
        """A whole number."""
        text = self.text(name)
        if not (text.isascii() and text.isdecimal() and len(text) < 7):
            says = f"'{text}' is no count"
            raise Refused([self._finding("READING003", name, says, "write a whole number", text)])
        return int(text)

    # Questions -----------------------------------------------------------------------

    @cached_property
    def run(self) -> Run:
        """Asks conditions and fields."""
        return Run(self.graph, self.today)

    def ids(self, name: str) -> Ids:
        """The things that a query's text finds, ascending; none where it is empty."""
        found = [self.ids_of(name, text) for text in self.texts(name)]
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate([*found, np.zeros(0, dtype=np.int32)])).astype(np.int32)

    def ids_of(self, name: str, text: str) -> Ids:
        """The things that one query finds, ascending."""
        try:
            query = parse_for(self.graph.model, text)
            return np.sort(self._ids(query, text))
        except Refused as refused:
            raise self._refused(name, text, refused) from None

    def _ids(self, query: ast.Query, text: str) -> Ids:
        plan = resolve(query, self.graph.model, today=self.today, text=text)
        return run(plan, self.graph, today=self.today, text=text).ids

    def holding(self, name: str, scope: str, condition: str) -> tuple[Ids, Ids]:
        """Of a query's things, those that surely and those that may meet a condition."""
        try:
            query = parse_for(self.graph.model, scope)
            asked = parse_for(self.graph.model, f"any where {condition}").where
            assert asked is not None
            perhaps = ast.Possibly(asked)
            return tuple(
                np.sort(self._ids(_narrowed(query, each), condition)) for each in (asked, perhaps)
            )  # type: ignore[return-value]
        except Refused as refused:
            raise self._refused(name, condition, refused) from None

    def mask(self, ids: Ids) -> Mask:
        """Things as a mask over the graph."""
        found = np.zeros(self.graph.size, dtype=np.bool_)
        found[ids] = True
        return found

    def steps(self, name: str) -> tuple[tuple[LinkStep, ...], ...]:
        """The paths of a parameter, each as its steps."""
        return tuple(self.steps_of(name, text) for text in self.texts(name))

    def steps_of(self, name: str, text: str) -> tuple[LinkStep, ...]:
        """One path's steps, from a thing of any kind."""
        asked = f"any show count({text})"
        try:
            plan = resolve(
                parse_for(self.graph.model, asked), self.graph.model, today=self.today, text=asked
            )
        except Refused as refused:
            raise self._refused(name, text, refused) from None
        what = plan.show[0].what
        return () if isinstance(what, Listed) else getattr(what, "steps", ())

    def reached(self, name: str, ids: Ids, counting: Ids) -> tuple[Longs, Ids]:
        """Each place in `ids` with each thing that counts and that a path leads to, once."""
        counts = self.mask(counting)
        keys = [np.zeros(0, dtype=np.int64)]
        for steps in self.steps(name):
            places, nodes = pairs_of(self.graph, steps, ids)
            chosen = counts[nodes]
            keys.append(places[chosen].astype(np.int64) * self.graph.size + nodes[chosen])
        found = np.unique(np.concatenate(keys))
        return (found // self.graph.size, found % self.graph.size) if len(found) else (found, found)

    def edges(self, name: str) -> tuple[Ids, Ids]:
        """Every edge of the single steps of a parameter: from where to where, each once."""
        sources, targets = [], []
        for steps in self.steps(name):
            for step in steps:
                for table in forward(self.graph, step):
                    rows, ends = table.pairs(np.arange(self.graph.size))
                    sources.append(rows)
                    targets.append(ends)
        if not sources:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        keys = np.unique(
            np.concatenate(sources).astype(np.int64) * self.graph.size + np.concatenate(targets)
        )
        return keys // self.graph.size, keys % self.graph.size

    def table(self, name: str) -> Neighbours:
        """Where the single steps of a parameter lead to."""
        sources, targets = self.edges(name)
        pointers = np.zeros(self.graph.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(sources, minlength=self.graph.size), out=pointers[1:])
        return Neighbours(pointers, narrow(targets))


def _narrowed(query: ast.Query, condition: ast.Condition) -> ast.Query:
    terms = (condition,) if query.where is None else (query.where, condition)
    return replace(query, where=ast.all_of(terms))


def _code_of(found: Finding) -> str:
    """A thing that is not there is told apart from a word that does not fit the model."""
    return UNKNOWN_THING if found.code == "QUERY031" else "READING003"
