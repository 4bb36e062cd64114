"""A query looked at through a lens: its things, and the words to ask further of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import day_of
from latticework.model.model import Family, Kind, Model
from latticework.query import ast
from latticework.query.format import format_query
from latticework.query.parse import parse
from latticework.query.words import Vocabulary, vocabulary_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.query.extent import Extent
    from latticework.query.plan import Measured
    from latticework.query.resolve import Resolver
    from latticework.query.rows import Rows
    from latticework.query.run import Run
    from latticework.query.truth import Ints, Mask
    from latticework.views.sight import Sight

_PREFERRED = (Family.INTENT, Family.INVESTMENT, Family.COLLABORATION, Family.CONTEXT)


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """The things a query finds, in its order, and what else can be asked of them."""

    graph: Graph
    query: ast.Query
    rows: Rows
    today: date

    @property
    def ids(self) -> Ints:
        """The things, as the query sorts and limits them."""
        return self.rows.ids

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names of the model."""
        return vocabulary_of(self.graph.model)

    @cached_property
    def resolver(self) -> Resolver:
        """Looks words up in the model."""
        from latticework.query.extent import Lookup
        from latticework.query.literal import Clock
        from latticework.query.resolve import Resolver

        model = self.graph.model
        return Resolver(Lookup(model), Clock(self.today, model), "")

    @cached_property
    def extent(self) -> Extent:
        """The kinds that the query speaks of."""
        match self.query.scope.head:
            case ast.Name(text):
                found = self.resolver.lookup.find_extent(text)
                assert found is not None
                return found
            case ast.Thing(ref):
                return self.resolver.lookup.extent_of_ref(ref)
        return self.resolver.lookup.everything()

    @cached_property
    def run(self) -> Run:
        """Answers conditions and reads values at the query's own moment."""
        from latticework.query.run import Run

        return Run(self.graph, self.today)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that may be among the things."""
        return self.extent.kinds

    @property
    def sole_kind(self) -> Kind | None:
        """The one kind that the query speaks of, where it is no interface."""
        only = len(self.kinds) == 1 and self.extent.interface is None
        return self.kinds[0] if only else None

    def operand(self, words: str) -> ast.Operand:
        """What words of the language name; raises Refused where they name several things."""
        scope = format_query(ast.Query(scope=ast.Scope(self.query.scope.head)), self.vocabulary)
        try:
            found = parse(f"{scope} show {words}", self.vocabulary)
        except Refused as refused:
            raise Refused(_without_place(refused.findings, words)) from None
        plain = replace(found, show=()) == ast.Query(scope=ast.Scope(self.query.scope.head))
        if not plain or len(found.show) != 1:
            says = f"'{words}' is not one field, link or reading"
            raise Refused([error("VIEW031", says, hint="name one of them", value=words)])
        return found.show[0].what

    def measured(self, operand: ast.Operand) -> Measured:
        """What an operand reads; raises Refused where the model has no such word."""
        found = self.resolver.measured(operand, self.extent)
        if found is None:
            findings = tuple(self.resolver.findings)
            self.resolver.findings.clear()
            raise Refused(_without_place(findings, ""))
        return found

    def mask(self, condition: ast.Condition) -> Mask | None:
        """Which of the things surely meet a condition; None where it cannot be asked."""
        plan = self.resolver.condition(condition, self.extent)
        if plan is None or self.resolver.findings:
            self.resolver.findings.clear()
            return None
        return self.run.truth(plan, self.ids).sure

    def under(self, head: ast.Head, mask: Mask) -> Asked:
        """Those of the things that a mask picks, as a query of another head finds them."""
        scope = replace(self.query.scope, head=head)
        rows = replace(self.rows, ids=self.ids[mask])
        return replace(self, query=replace(self.query, scope=scope), rows=rows)

    def further(self, *conditions: ast.Condition | None, head: ast.Head | None = None) -> str:
        """The query that also asks for these conditions, unsorted and without a limit."""
        terms = tuple(each for each in (self.query.where, *conditions) if each is not None)
        scope = self.query.scope if head is None else replace(self.query.scope, head=head)
        narrowed = replace(
            self.query,
            scope=scope,
            where=ast.all_of(terms) if terms else None,
            sort=(),
            group=None,
            limit=None,
        )
        return format_query(narrowed, self.vocabulary)


def asked_of(sight: Sight, text: str, *, limited: bool = True) -> Asked:
    """A query's things; raises Refused with what is wrong in it.

    Where a lens counts all that answers, not `limited`, the limit is left out.
    """
    from latticework.query.ask import ask

    graph = sight.graph
    query = parse(text, vocabulary_of(graph.model))
    if not limited and query.limit is not None:
        query = replace(query, limit=None)
        text = format_query(query, vocabulary_of(graph.model))
    rows = ask(graph, text)
    at = graph if rows.moment == graph.moment else graph.at(rows.moment)
    if at.model is not graph.model:
        query = parse(text, vocabulary_of(at.model))
    return Asked(graph=at, query=query, rows=rows, today=day_of(sight.now, sight.zone))


def usual_query(graph: Graph, *, staged: bool = False) -> str:
    """The kind a lens begins with where nothing is asked: busy, and of a course.

    Kinds of intent come first; `staged` asks for kinds that have stages.
    """
    counted = [
        (_preference(kind), -len(graph.ids_of(kind.name)), kind)
        for kind in graph.model.kinds
        if (kind.stages or not staged) and len(graph.ids_of(kind.name))
    ]
    if not counted:
        hint = "put something down first: latticework put KIND/NAME title=…"
        raise Refused([error("VIEW006", "there is nothing to look at yet", hint=hint)])
    return named(min(counted, key=lambda each: each[:2])[2].name, graph.model)


def named(word: str, model: Model) -> str:
    """A kind as a query names it, in quotes where that is needed."""
    return format_query(ast.Query(scope=ast.Scope(ast.Name(word))), vocabulary_of(model))


def _preference(kind: Kind) -> tuple[int, int, int]:
    """Kinds with a course and with choices say most when they are laid out."""
    family = _PREFERRED.index(kind.family) if kind.family in _PREFERRED else len(_PREFERRED)
    choices = sum(each.type in {"choice", "yes-no"} for each in kind.fields)
    return (0 if kind.stages else 1, family, -choices)


def _without_place(findings: tuple[Finding, ...], words: str) -> tuple[Finding, ...]:
    """Findings about words that stand in a parameter, not in the query's text."""
    from latticework.base.findings import Place

    return tuple(
        replace(each, place=Place(), value=each.value.strip() or words) for each in findings
    )
