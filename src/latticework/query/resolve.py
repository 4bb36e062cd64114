"""A query's words are looked up in a model; what is unknown becomes a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import Instant
from latticework.model.model import Field, Model
from latticework.query import ast
from latticework.query.ast import Span
from latticework.query.conditions import Conditions
from latticework.query.extent import Extent, Lookup, lookup_of
from latticework.query.format import format_operand
from latticework.query.function import Tally, functions
from latticework.query.lexer import place_in
from latticework.query.literal import Clock
from latticework.query.people import names_people, people_kinds, ranks_people
from latticework.query.plan import (
    AllOf,
    Applied,
    Destination,
    FieldRead,
    LinkStep,
    Listed,
    Measured,
    Plan,
    PlanCondition,
    Reaches,
    Shown,
    Sorting,
    Tallied,
    Then,
)
from latticework.query.words import Vocabulary, vocabulary_of


def resolve(query: ast.Query, model: Model, *, today: date, text: str = "") -> Plan:
    """The query with every word looked up; raises Refused with all findings.

    `text` is what the query was parsed from: findings point into it.
    """
    resolver = Resolver(lookup_of(model), Clock(today, model), text)
    plan = resolver.plan(query)
    if resolver.findings or plan is None:
        raise Refused(resolver.findings)
    return plan


def resolve_then(then: Then, lookup: Lookup, today: date) -> PlanCondition | None:
    """A condition in the words of a past model; None where they cannot say it."""
    resolver = Resolver(lookup, Clock(today, lookup.model), "")
    found = (lookup.find_extent(name) for name in then.kinds)
    kinds = {kind.name for each in found if each for kind in each.kinds}
    extent = lookup.extent_of_kinds(kinds, "any")
    shared = lookup.model.find_interface(then.interface) if then.interface else None
    condition = resolver.condition(then.words, replace(extent, interface=shared))
    return None if resolver.findings else condition


@dataclass
class Resolver:
    """Looks up one query's words and gathers every finding."""

    lookup: Lookup
    clock: Clock
    text: str
    findings: list[Finding] = field(default_factory=list)

    def complain(self, code: str, says: str, span: Span, *, hint: str = "") -> None:
        """Note a finding at a stretch of the query."""
        value = self.text[span.start : span.end]
        place = place_in(self.text, span.start, span.end)
        self.findings.append(error(code, says, hint=hint, place=place, value=value))

    def plan(self, query: ast.Query) -> Plan | None:
        """The whole query; None where its scope is unknown."""
        extent = self._scope_extent(query.scope.head)
        if extent is None:
            return None
        filters = [self._linked(each, extent) for each in query.scope.filters]
        where = self.condition(query.where, extent) if query.where is not None else None
        terms = tuple(each for each in (*filters, where) if each is not None)
        show = [self._shown(each, extent) for each in query.show]
        sort = [self._sorting(each, extent) for each in query.sort]
        group = self._group(query.group, extent) if query.group is not None else None
        for day in (query.at, query.known):
            if day is not None:
                self.instant(day)
        return Plan(
            model=self.lookup.model,
            query=query,
            extent=self._destination(ast.Target(query.scope.head), extent),
            where=AllOf(terms) if len(terms) > 1 else (terms[0] if terms else None),
            show=tuple(each for each in show if each),
            sort=tuple(each for each in sort if each),
            group=group,
            limit=query.limit,
        )

    # Scopes and targets --------------------------------------------------------------

    def _scope_extent(self, head: ast.Head) -> Extent | None:
        match head:
            case ast.Anything():
                return self.lookup.everything()
            case ast.Thing(ref):
                return self.lookup.extent_of_ref(ref)
            case ast.Name(text, span):
                found = self.lookup.find_extent(text)
                if found is None:
                    hint = did_you_mean(
                        text, self.lookup.kind_words(), otherwise=self._kinds_hint()
                    )
                    self.complain("QUERY010", f"unknown kind '{text}'", span, hint=hint)
                return found

    def _kinds_hint(self) -> str:
        words = list(self.lookup.kind_words())[:8]
        return "kinds are " + ", ".join(words) if words else "the model declares no kind"

    def _destination(self, target: ast.Target, extent: Extent) -> Destination:
        """What counts; `extent` is what the head stands for."""
        where = self.condition(target.where, extent) if target.where is not None else None
        match target.head:
            case ast.Thing(ref, span):
                return Destination(ref=ref, span=span, where=where)
            case ast.Name():
                return Destination(kinds=extent.names, where=where)
        return Destination(where=where)

    def _target(
        self, target: ast.Target, reached: frozenset[str], span: Span, phrase: str
    ) -> Destination | None:
        """The target of a path that leads to the kinds in `reached`."""
        if target.head is None or isinstance(target.head, ast.Anything):
            return self._destination(target, self.lookup.extent_of_kinds(reached, phrase))
        extent = self._scope_extent(target.head)
        if extent is None:
            return None
        if not reached & set(extent.names):
            says = f"'{phrase}' leads to {_listed(sorted(reached)) or 'nothing'}"
            says += f", never to '{extent.word}'"
            hint = "name one of those, or use another link"
            self.complain("QUERY018", says, target.head.span, hint=hint)
        return self._destination(target, extent)

    # Paths ---------------------------------------------------------------------------

    def steps(
        self, path: ast.Path, extent: Extent
    ) -> tuple[tuple[LinkStep, ...], frozenset[str]] | None:
        """The steps of a path and the kinds at its end; None where a link is unknown."""
        here: frozenset[str] = frozenset(extent.names)
        found: list[LinkStep] = []
        for each in path.steps:
            step = self._step(each, here, extent)
            if step is None:
                return None
            found.append(step)
            here = self.lookup.reach_of(step, here)
        return tuple(found), here

    def _step(self, step: ast.Step, here: frozenset[str], extent: Extent) -> LinkStep | None:
        phrase, span = step.phrase.text, step.phrase.span
        kinds = self.lookup.extent_of_kinds(here, extent.word)
        found = self.lookup.find_step(phrase)
        if found is None:
            listed = _listed(list(dict.fromkeys(self.lookup.link_words(kinds)))[:8])
            otherwise = f"its links are {listed}" if listed else ""
            every = self.lookup.link_words(self.lookup.everything())
            hint = did_you_mean(phrase, every, otherwise=otherwise)
            self.complain("QUERY012", f"unknown link '{phrase}'", span, hint=hint)
            return None
        ways = tuple(
            (name, back)
            for name, back in found.ways
            if self.lookup.ends_after(self.lookup.model.links_by_name[name], here, back=back)
        )
        if not ways:
            words = list(dict.fromkeys(self.lookup.link_words(kinds)))
            listed = _listed(words[:8])
            hint = f"its links are {listed}" if listed else "it has no links"
            says = f"{_listed(sorted(here)[:5])} has no link '{phrase}'"
            self.complain("QUERY013", says, span, hint=hint)
            return None
        return LinkStep(found.phrase, ways, step.repeat)

    def _linked(self, linked: ast.Linked, extent: Extent) -> PlanCondition | None:
        walked = self.steps(linked.path, extent)
        if walked is None:
            self._look_inside(linked.target)
            return None
        steps, reached = walked
        phrase = linked.path.steps[-1].phrase.text
        target = self._target(linked.target, reached, linked.path.span, phrase)
        return Reaches(steps, linked.quantity, target) if target else None

    def _look_inside(self, target: ast.Target) -> None:
        """Gather findings of a target though the path to it is unknown."""
        if target.head is not None:
            extent = self._scope_extent(target.head)
            if extent and target.where is not None:
                self.condition(target.where, extent)

    # Operands ------------------------------------------------------------------------

    def measured(self, operand: ast.Operand, extent: Extent) -> Measured | None:
        """A field, a tally, a function's value, or what a path reaches."""
        match operand:
            case ast.Name(text, span):
                return self._named(text, span, extent)
            case ast.Over(path, name, target):
                return self._over(path, name, target, extent)
            case ast.Call():
                return self._call(operand, extent)

    def _named(self, text: str, span: Span, extent: Extent) -> Measured | None:
        """A word that is a field of the scope, else a link of it."""
        found = self.lookup.find_field(text, extent)
        if found:
            return found
        step = self.lookup.find_step(text)
        if step:
            plain = ast.Path((ast.Step(ast.Name(text, span)),))
            return self._over(plain, None, ast.ALL_TARGETS, extent)
        self.complain_field(text, span, extent)
        return None

    def complain_field(self, text: str, span: Span, extent: Extent) -> None:
        """Say that no kind of the scope has the field, and which come close."""
        for kind, expression in self.lookup.broken_maps(text, extent):
            says = f"'{text}' of {kind} cannot be worked out from '{expression}'"
            hint = f"in the model, write it with number fields of {kind}, as in gut / 10"
            self.complain("QUERY026", says, span, hint=hint)
            return
        words = list(dict.fromkeys(self.lookup.field_words(extent)))
        elsewhere = [
            kind.name
            for kind in self.lookup.model.kinds
            if text.casefold() in {name.casefold() for name in kind.fields_by_name}
        ]
        listed = f"{extent.word} has {_listed(words[:10])}" if words else ""
        if elsewhere:
            listed = f"{_listed(elsewhere[:5])} has it; {listed}"
        hint = listed if elsewhere else did_you_mean(text, words, otherwise=listed)
        self.complain("QUERY011", f"{extent.word} has no field '{text}'", span, hint=hint)

    def _over(
        self, path: ast.Path, name: ast.Name | None, target: ast.Target, extent: Extent
    ) -> Listed | None:
        walked = self.steps(path, extent)
        if walked is None:
            self._look_inside(target)
            return None
        steps, reached = walked
        found = self._target(target, reached, path.span, path.steps[-1].phrase.text)
        if found is None or name is None:
            return Listed(steps=steps, target=found) if found else None
        read = self._field_at(name, steps, found, reached)
        return Listed(steps=steps, target=found, field=read) if read else None

    def _field_at(
        self, name: ast.Name, steps: tuple[LinkStep, ...], at: Destination, reached: frozenset[str]
    ) -> FieldRead | None:
        extent = self._extent_at(steps, at, reached)
        read = self.lookup.find_field(name.text, extent)
        if read is None:
            self.complain_field(name.text, name.span, extent)
        return read

    def _extent_at(
        self, steps: tuple[LinkStep, ...], at: Destination, reached: frozenset[str]
    ) -> Extent:
        if at.ref:
            return self.lookup.extent_of_ref(at.ref)
        kinds = reached & set(at.kinds) if at.kinds is not None else reached
        return self.lookup.extent_of_kinds(kinds, f"what '{steps[-1].phrase}' leads to")

    def _call(self, call: ast.Call, extent: Extent) -> Measured | None:
        name = call.name.text.casefold()
        function = functions().get(name)
        if function is None:
            known = functions()
            hint = did_you_mean(name, known, otherwise="functions are " + ", ".join(known))
            self.complain(
                "QUERY014", f"unknown function '{call.name.text}'", call.name.span, hint=hint
            )
            return None
        if function.past:
            self._no_course(call, name, extent)
            return None
        if len(call.arguments) != 1:
            says = f"'{name}' takes one argument, not {len(call.arguments)}"
            hint = f"write {name}(…)"
            self.complain("QUERY015", says, call.span, hint=hint)
            return None
        argument = call.arguments[0]
        if isinstance(argument, ast.Literal | ast.Today):
            says = f"'{name}' takes a field or a path, not a value"
            self.complain("QUERY015", says, argument.span, hint="name a field or a link")
            return None
        if function.tally is not None:
            return self._tally(function.tally, argument, extent, call)
        inner = self.measured(argument, extent)
        if inner is None or not self._takes(function.takes, inner, name, call.span):
            return None
        return Applied(function, inner)

    def _no_course(self, call: ast.Call, name: str, extent: Extent) -> None:
        """Say why there is no history to show here."""
        match call.arguments:
            case (ast.Name(text, span),) if self.lookup.find_field(text, extent) is None:
                self.complain_field(text, span, extent)
            case (ast.Name(),):
                says, hint = f"'{name}' can only be shown", f"write show title, {name}(…)"
                self.complain("QUERY015", says, call.span, hint=hint)
            case _:
                says, hint = f"'{name}' takes one field of the thing", f"write {name}(confidence)"
                self.complain("QUERY015", says, call.span, hint=hint)

    def _takes(self, takes: str, inner: Measured, name: str, span: Span) -> bool:
        days = isinstance(inner, FieldRead) and inner.types <= {"day"}
        texts = isinstance(inner, FieldRead) or (
            isinstance(inner, Applied) and inner.function.gives == "text"
        )
        fits = days if takes == "day" else texts
        if not fits:
            says = f"'{name}' takes a {takes} field"
            self.complain("QUERY015", says, span, hint=f"name a field that holds a {takes}")
        return fits

    def _tally(
        self, tally: Tally, argument: ast.Operand, extent: Extent, call: ast.Call
    ) -> Tallied | None:
        match argument:
            case ast.Over(path, name, target):
                pass
            case ast.Name() as phrase if tally is Tally.COUNT:
                path, name, target = ast.Path((ast.Step(phrase),)), None, ast.ALL_TARGETS
            case ast.Name() as own:
                return self._own_tally(tally, own, extent)
            case _:
                says = f"'{tally}' does not take another function"
                self.complain("QUERY015", says, call.span, hint=f"write {tally}(field of link)")
                return None
        if tally is not Tally.COUNT and name is None:
            says = f"'{tally}' needs a field to look at"
            hint = f"write {tally}(field of {format_operand(argument)})"
            self.complain("QUERY015", says, call.span, hint=hint)
            return None
        return self._tally_over(tally, path, name, target, extent)

    def _own_tally(self, tally: Tally, own: ast.Name, extent: Extent) -> Tallied | None:
        """A tally of the thing's own field: itself, and its group's total."""
        read = self.lookup.find_field(own.text, extent)
        if read is None:
            self.complain_field(own.text, own.span, extent)
            return None
        if not self._quantities(tally, read, own):
            return None
        return Tallied(tally=tally, steps=(), target=Destination(), field=read)

    def _tally_over(
        self,
        tally: Tally,
        path: ast.Path,
        name: ast.Name | None,
        target: ast.Target,
        extent: Extent,
    ) -> Tallied | None:
        walked = self.steps(path, extent)
        if walked is None:
            self._look_inside(target)
            return None
        steps, reached = walked
        found = self._target(target, reached, path.span, path.steps[-1].phrase.text)
        if found is None:
            return None
        if tally is Tally.COUNT or name is None:
            return Tallied(tally=tally, steps=steps, target=found)
        at = self._extent_at(steps, found, reached)
        if self.lookup.find_field(name.text, at) is None and len(steps) == 1:
            carried = self._carried(name, steps[0])
            if carried is not None:
                return Tallied(tally=tally, steps=steps, target=found, carried=carried)
        read = self._field_at(name, steps, found, reached)
        if read is None or not self._quantities(tally, read, name):
            return None
        return Tallied(tally=tally, steps=steps, target=found, field=read)

    def _carried(self, name: ast.Name, step: LinkStep) -> Field | None:
        """A field of the edges themselves, where the step is a single one."""
        if step.repeat or len(step.ways) != 1:
            return None
        link = self.lookup.model.links_by_name[step.ways[0][0]]
        fold = name.text.casefold()
        return next((e for e in link.carries if e.name.casefold() == fold), None)

    def _quantities(self, tally: Tally, read: FieldRead, name: ast.Name) -> bool:
        allowed = _SUMMED if tally in {Tally.SUM, Tally.AVERAGE} else _RANKED
        if read.types <= allowed and len(read.types) == 1:
            return True
        types = _listed(sorted(read.types))
        says = f"'{name.text}' is {types}: it has no {tally}"
        hint = f"{tally} takes {_listed(sorted(allowed))}"
        self.complain("QUERY016", says, name.span, hint=hint)
        return False

    # Clauses -------------------------------------------------------------------------

    def _shown(self, column: ast.Column, extent: Extent) -> Shown | None:
        past = self._course(column.what, extent)
        what = past or self.measured(column.what, extent)
        if what is None:
            return None
        label = column.label.text if column.label else self._label(column.what, what)
        says = format_operand(column.what, self._vocabulary()) if isinstance(what, Tallied) else ""
        return Shown(label, what, says, past=past is not None)

    def _course(self, operand: ast.Operand, extent: Extent) -> FieldRead | None:
        """What `history(field)` shows; None for anything else."""
        called = operand.name.text.casefold() if isinstance(operand, ast.Call) else ""
        found = functions().get(called)
        if not isinstance(operand, ast.Call) or found is None or not found.past:
            return None
        match operand.arguments:
            case (ast.Name(text),):
                return self.lookup.find_field(text, extent)
        return None

    def _label(self, operand: ast.Operand, what: Measured) -> str:
        if isinstance(operand, ast.Name):
            return what.name if isinstance(what, FieldRead) else operand.text
        return format_operand(operand, self._vocabulary())

    def _vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.lookup.model)

    def _group(self, operand: ast.Operand, extent: Extent) -> Shown | None:
        what = self.measured(operand, extent)
        if what is None:
            return None
        label = self._label(operand, what)
        if names_people(what, self.lookup, frozenset(extent.names)):
            says = f"'{label}' names people, and nothing is put together by person"
            hint = "take a team, a goal or another field"
            self.complain("QUERY033", says, operand.span, hint=hint)
        if isinstance(what, Listed) and what.field is None:
            what = replace(what, together=people_kinds(self.lookup.model))
        return Shown(label, what)

    def _sorting(self, order: ast.Order, extent: Extent) -> Sorting | None:
        what = self.measured(order.what, extent)
        if what is None:
            return None
        if ranks_people(what, self.lookup.model, frozenset(extent.names)):
            word, span = self._label(order.what, what), order.what.span
            says = f"'{word}' would rank people, and nobody is ranked"
            hint = "sort by title, or ask with a condition, as in 'where count(…) > 3'"
            self.complain("QUERY034", says, span, hint=hint)
        return Sorting(what, order.descending)

    def instant(self, day: ast.Day) -> Instant | None:
        """The end of a day; a finding where it is no day."""
        found = self.clock.end_instant(day)
        if found is None:
            shown = day.text if isinstance(day, ast.Literal) else f"today {day.shift}"
            hint = "write 2026-03-01, 2026-Q1, today or today - 30 days"
            self.complain("QUERY017", f"'{shown}' is no day", day.span, hint=hint)
        return found

    # Conditions ----------------------------------------------------------------------

    def condition(self, condition: ast.Condition, extent: Extent) -> PlanCondition | None:
        """A condition on the things of an extent; None after a finding."""
        if isinstance(condition, ast.Linked):
            return self._linked(condition, extent)
        return Conditions(self, extent).resolve(condition)


_SUMMED = frozenset({"number", "money", "ratio", "duration"})
_RANKED = _SUMMED | {"day", "instant"}


def _listed(words: Iterable[str]) -> str:
    """Words side by side, as a sentence has them."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    return ", ".join(every[:-1]) + " or " + every[-1]
