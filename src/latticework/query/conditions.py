"""Conditions of a query, looked up: which literal fits which field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.articles import a
from latticework.base.near import did_you_mean
from latticework.base.times import BEGINNING
from latticework.model.model import Field
from latticework.model.scalars import EXAMPLES
from latticework.query import ast
from latticework.query.ast import Op, Span
from latticework.query.extent import Extent
from latticework.query.format import format_operand
from latticework.query.literal import stage_words, stage_words_known, text_type
from latticework.query.plan import (
    Absent,
    Against,
    AllOf,
    AnyOf,
    Applied,
    Bounds,
    ChangedWithin,
    ContainsText,
    FieldRead,
    InBounds,
    InWords,
    LinkStep,
    Listed,
    Measured,
    Negated,
    Perhaps,
    PlanCondition,
    Reaches,
    Source,
    Tallied,
    Then,
    WentFromTo,
)

if TYPE_CHECKING:
    from latticework.query.resolve import Resolver

_NUMBER = Field(name="number", type="number")
_ORDERINGS = frozenset({Op.LESS, Op.MOST, Op.MORE, Op.LEAST})
_UNORDERED = frozenset({"yes-no"})


@dataclass(frozen=True)
class Conditions:
    """Looks up the conditions on one extent."""

    resolver: Resolver
    extent: Extent

    def resolve(self, condition: ast.Condition) -> PlanCondition | None:
        """A condition; None after a finding."""
        match condition:
            case ast.All(terms):
                found = [self._inner(each) for each in terms]
                return AllOf(tuple(each for each in found if each)) if all(found) else None
            case ast.Either(terms):
                found = [self._inner(each) for each in terms]
                return AnyOf(tuple(each for each in found if each)) if all(found) else None
            case ast.Not(term):
                inner = self._inner(term)
                return Negated(inner) if inner else None
            case ast.Possibly(term):
                inner = self._inner(term)
                return Perhaps(inner) if inner else None
            case ast.OnDay(term, day):
                return self._on_day(term, day)
            case ast.Changed() | ast.Went():
                return self._change(condition)
            case ast.Flag(what):
                return self._flag(what)
            case ast.Lacks(left, lack):
                found_field = self._value_of(left)
                return Absent(found_field, lack) if found_field else None
            case ast.Among(left, values):
                terms_in = [self._compare(left, Op.IS, each) for each in values]
                return AnyOf(tuple(e for e in terms_in if e)) if all(terms_in) else None
            case ast.Compare(left, op, right):
                return self._compare(left, op, right)
        return self.resolver.condition(condition, self.extent)

    def _inner(self, condition: ast.Condition) -> PlanCondition | None:
        return self.resolver.condition(condition, self.extent)

    # Operands ------------------------------------------------------------------------

    def _value_of(self, operand: ast.Operand) -> Measured | None:
        """A measure that has a value; a path alone has none."""
        what = self.resolver.measured(operand, self.extent)
        if not isinstance(what, Listed) or what.field is not None:
            return what
        shown = format_operand(operand)
        span = operand.span
        says = f"'{shown}' is a link: it leads to things and has no value itself"
        hint = f"write {shown} something, count({shown}) > 0, or field of {shown}"
        self.resolver.complain("QUERY019", says, span, hint=hint)
        return None

    def _flag(self, what: ast.Operand) -> PlanCondition | None:
        """A word alone is a yes-no field that says yes, or a link that leads on."""
        found = self.resolver.measured(what, self.extent)
        match found:
            case None:
                return None
            case Listed(steps=steps, target=target, field=None):
                return Reaches(steps, ast.Quantity.SOME, target)
            case FieldRead() if found.types == {"yes-no"}:
                return InBounds(found, Op.IS, _same(found, Bounds(1.0, 1.0)))
        shown = format_operand(what)
        says = f"'{shown}' alone is neither true nor false"
        hint = f"compare it: {shown} is …, {shown} > …, {shown} is missing"
        self.resolver.complain("QUERY020", says, what.span, hint=hint)
        return None

    # Comparisons ---------------------------------------------------------------------

    def _compare(self, left: ast.Operand, op: Op, right: ast.Value) -> PlanCondition | None:
        what = self._value_of(left)
        if isinstance(right, ast.Call):
            other = self.resolver.measured(right, self.extent)
            return self._against(what, op, other, right.span) if what and other else None
        if what is None:
            return None
        if op is Op.CONTAINS:
            return self._contains(what, right)
        if op is Op.IS_NOT:
            inner = self._compare_known(what, Op.IS, right)
            return Negated(inner) if inner else None
        return self._compare_known(what, op, right)

    def _compare_known(
        self, what: Measured, op: Op, right: ast.Literal | ast.Today
    ) -> PlanCondition | None:
        match what:
            case FieldRead():
                return self._compare_field(what, op, right)
            case Listed(field=FieldRead() as read):
                inner = self._compare_field(read, op, right)
                return _over_list(inner, what) if inner else None
            case Applied() if what.function.gives == "text":
                return self._compare_text(what, op, right, "text")
            case Tallied():
                typed = what.carried or (what.field.first if what.field else _NUMBER)
                return self._compare_number(what, op, right, typed)
        return self._compare_number(what, op, right, _NUMBER)

    def _compare_number(
        self, what: Measured, op: Op, right: ast.Literal | ast.Today, field: Field
    ) -> PlanCondition | None:
        bounds = self.resolver.clock.bounds(field, right)
        if bounds is None:
            self._complain_value(field.name, field.type, right)
            return None
        return InBounds(what, _within(op), {"": bounds})

    def _compare_text(
        self, what: Measured, op: Op, right: ast.Literal | ast.Today, name: str
    ) -> PlanCondition | None:
        if op in _ORDERINGS:
            self._complain_order(name, "text", right)
            return None
        return InWords(what, {"": frozenset({_text_of(right).casefold()})})

    def _compare_field(
        self, read: FieldRead, op: Op, right: ast.Literal | ast.Today
    ) -> PlanCondition | None:
        """One condition per way in which kinds keep the field, or a finding."""
        other = self._other_field(read, op, right)
        if other is not None:
            return self._against(read, op, other, right.span)
        words: dict[str, frozenset[str]] = {}
        bounds: dict[str, Bounds] = {}
        for source in read.sources:
            if text_type(source):
                found = self._words_for(source, right)
                if found is not None and op not in _ORDERINGS:
                    words[source.kind] = found
            elif op not in _ORDERINGS or source.field.type not in _UNORDERED:
                limit = self._bounds_for(source, right)
                if limit is not None:
                    bounds[source.kind] = limit
        if not words and not bounds:
            self._complain_field_value(read, op, right)
            return None
        terms: list[PlanCondition] = []
        if words:
            terms.append(InWords(_only(read, words), words))
        if bounds:
            terms.append(InBounds(_only(read, bounds), _within(op), bounds))
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _bounds_for(self, source: Source, right: ast.Literal | ast.Today) -> Bounds | None:
        """What a value allows; a quoted choice that is none is compared with nothing."""
        found = self.resolver.clock.bounds(source.field, right)
        if found is None and isinstance(right, ast.Literal) and right.quoted:
            return None
        return found

    def _words_for(self, source: Source, right: ast.Literal | ast.Today) -> frozenset[str] | None:
        """The texts that a word means here; None where it is no word of the field's."""
        text = _text_of(right)
        if source.staged is None:
            return frozenset({text.casefold()})
        shared = self.extent.interface is not None
        found = stage_words(self.resolver.lookup, source.staged, text, shared=shared)
        if found is None and isinstance(right, ast.Literal) and right.quoted:
            return frozenset({text.casefold()})
        return found

    def _other_field(
        self, read: FieldRead, op: Op, right: ast.Literal | ast.Today
    ) -> FieldRead | None:
        """The field a bare word names, where it can be no value of the left one."""
        if not isinstance(right, ast.Literal) or right.quoted:
            return None
        if any(text_type(each) or self._bounds_for(each, right) for each in read.sources):
            return None
        return self.resolver.lookup.find_field(right.text, self.extent)

    def _contains(self, what: Measured, right: ast.Literal | ast.Today) -> PlanCondition | None:
        texts = (isinstance(what, Applied) and what.function.gives == "text") or (
            isinstance(what, FieldRead)
            and all(each.field.type in {"text", "url"} or each.field.many for each in what.sources)
        )
        listed = isinstance(what, Listed)
        if texts:
            return ContainsText(what, _text_of(right))
        if listed and isinstance(what, Listed) and what.field:
            return _over_list(ContainsText(what.field, _text_of(right)), what)
        name = what.name if isinstance(what, FieldRead) else "it"
        says = f"'{name}' holds no text that could contain '{_text_of(right)}'"
        self.resolver.complain("QUERY021", says, right.span, hint="use is, < or >")
        return None

    def _against(
        self, left: Measured | None, op: Op, right: Measured | None, span: Span
    ) -> PlanCondition | None:
        if left is None or right is None:
            return None
        types = {_type_of(left), _type_of(right)}
        if len(types) > 1 or "text" in types:
            first, second = _type_of(left), _type_of(right)
            says = f"{a(first)} cannot be compared with {a(second)}"
            self.resolver.complain("QUERY016", says, span, hint="compare values of one type")
            return None
        if op is Op.IS_NOT:
            return Negated(Against(left, Op.IS, right))
        return Against(left, _within(op), right)

    # Findings ------------------------------------------------------------------------

    def _complain_field_value(
        self, read: FieldRead, op: Op, right: ast.Literal | ast.Today
    ) -> None:
        source = read.sources[0]
        if op in _ORDERINGS and all(
            text_type(each) or each.field.type in _UNORDERED for each in read.sources
        ):
            self._complain_order(read.name, source.field.type, right)
        elif source.staged is not None:
            self._complain_stage(read, right)
        else:
            self._complain_value(read.name, source.field.type, right, source.field)

    def _complain_order(self, name: str, kind: str, right: ast.Literal | ast.Today) -> None:
        says = f"'{name}' is {kind}: it is neither more nor less than '{_text_of(right)}'"
        hint = f"use is, is not or contains with '{name}'"
        self.resolver.complain("QUERY022", says, right.span, hint=hint)

    def _complain_stage(self, read: FieldRead, right: ast.Literal | ast.Today) -> None:
        kinds = [each.staged for each in read.sources if each.staged]
        words = stage_words_known(kinds)
        says = f"'{_text_of(right)}' is no stage of {self.extent.word}"
        otherwise = "stages are " + ", ".join(words[:12])
        hint = did_you_mean(_text_of(right), words, otherwise=otherwise)
        hint += "; quote it to compare with the text as written"
        self.resolver.complain("QUERY023", says, right.span, hint=hint)

    def _complain_value(
        self,
        name: str,
        kind: str,
        right: ast.Literal | ast.Today,
        field: Field | None = None,
    ) -> None:
        shown = _text_of(right)
        says = f"'{name}' is {a(kind)}; '{shown}' does not fit it"
        hint = f"write it like {EXAMPLES.get(kind, 'its other values')}"
        if field and field.choices:
            listed = "its words are " + ", ".join(field.choices[:12])
            hint = did_you_mean(shown, field.choices, otherwise=listed)
            says = f"'{shown}' is no word of '{name}'"
        self.resolver.complain("QUERY024", says, right.span, hint=hint)

    # Time ----------------------------------------------------------------------------

    def _on_day(self, term: ast.Condition, day: ast.Day) -> PlanCondition | None:
        inner = self._inner(term)
        instant = self.resolver.instant(day)
        if inner is None or instant is None:
            return None
        interface = self.extent.interface.name if self.extent.interface else ""
        return Then(inner, term, instant, self.extent.names, interface)

    def _change(self, change: ast.Changed | ast.Went) -> PlanCondition | None:
        match change:
            case ast.Changed(since, upto, None):
                after = self.resolver.instant(since)
                until = self.resolver.instant(upto) if upto is not None else None
                return None if after is None else ChangedWithin(after, until)
            case ast.Changed(since, upto, operand) if operand is not None:
                columns = self._columns(operand)
                after = self.resolver.instant(since)
                until = self.resolver.instant(upto) if upto is not None else None
                if not columns or after is None:
                    return None
                return ChangedWithin(after, until, columns)
            case ast.Went():
                return self._went(change)
        return None

    def _columns(self, operand: ast.Operand) -> tuple[str, ...]:
        """The fields, or the links from a thing, that an operand names."""
        what = self.resolver.measured(operand, self.extent)
        match what:
            case FieldRead():
                return _columns_of(what)
            case Listed(steps=(LinkStep(repeat="", ways=ways),), field=None):
                return tuple(name for name, _ in ways)
            case None:
                return ()
        self._complain_no_field(operand)
        return ()

    def _complain_no_field(self, operand: ast.Operand) -> None:
        says = f"'{format_operand(operand)}' is no field of its own"
        self.resolver.complain("QUERY025", says, operand.span, hint="name a field")

    def _field_of(self, operand: ast.Operand) -> FieldRead | None:
        what = self.resolver.measured(operand, self.extent)
        if what is None or isinstance(what, FieldRead):
            return what
        self._complain_no_field(operand)
        return None

    def _went(self, went: ast.Went) -> PlanCondition | None:
        read = self._field_of(went.field)
        if read is None:
            return None
        before = self._compare(went.field, Op.IS, went.before)
        after = self._compare(went.field, Op.IS, went.after)
        start, end = BEGINNING, None
        if went.since is not None:
            start = self.resolver.instant(went.since) or BEGINNING
        if went.within is not None:
            period = self.resolver.clock.period(went.within)
            if period is None:
                shown = _text_of(went.within)
                hint = "write 2025, 2025-Q3 or 2025-03"
                self.resolver.complain(
                    "QUERY017", f"'{shown}' is no time", _span_of_value(went.within), hint=hint
                )
                return None
            start, end = period[0] - 1, period[1]
        if before is None or after is None:
            return None
        return WentFromTo(field=read, before=before, after=after, start=start, end=end)


def _within(op: Op) -> Op:
    """`in` and `is` both mean within."""
    return Op.IS if op is Op.IN else op


def _text_of(value: ast.Value) -> str:
    match value:
        case ast.Literal(text):
            return text
        case ast.Today(shift):
            return f"today {shift}".strip()
        case ast.Call():
            return format_operand(value)


def _span_of_value(value: ast.Value) -> Span:
    return value.span


def _same(read: FieldRead, bounds: Bounds) -> dict[str, Bounds]:
    return {each.kind: bounds for each in read.sources}


def _only(read: FieldRead, kinds: dict[str, Bounds] | dict[str, frozenset[str]]) -> FieldRead:
    """The field as those kinds have it for which a literal has a meaning."""
    return FieldRead(read.name, tuple(each for each in read.sources if each.kind in kinds))


def _over_list(inner: PlanCondition, listed: Listed) -> PlanCondition:
    """A condition on a field of a path's targets: some target meets it."""
    here = listed.target
    where = inner if here.where is None else AllOf((here.where, inner))
    return Reaches(listed.steps, ast.Quantity.SOME, replace(here, where=where))


def _type_of(what: Measured) -> str:
    match what:
        case FieldRead():
            return what.first.type if not text_type(what.sources[0]) else "text"
        case Applied(function=function):
            return function.gives
        case Tallied(field=None, carried=None):
            return "number"
        case Tallied(field=read, carried=carried):
            return carried.type if carried else (read.first.type if read else "number")
    return "text"


def _columns_of(read: FieldRead) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for source in read.sources:
        if source.expression is None:
            names[source.column] = None
        names |= dict.fromkeys(part.column for _, part in source.parts)
    return tuple(names)
