"""A question told back in plain words, with what it takes for granted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from latticework.model.model import STAGE, End, Model
from latticework.query import ast
from latticework.query.arithmetic import Expression, Number, Own
from latticework.query.ask import parse_for
from latticework.query.ast import Lack, Op, Quantity
from latticework.query.extent import Extent, Lookup, lookup_of
from latticework.query.format import format_operand
from latticework.query.function import Tally
from latticework.query.literal import stage_words
from latticework.query.phrases import plural_of
from latticework.query.plan import (
    AllOf,
    AnyOf,
    Applied,
    FieldRead,
    InBounds,
    LinkStep,
    Listed,
    Measured,
    Negated,
    Perhaps,
    Plan,
    PlanCondition,
    Reaches,
    Source,
    Tallied,
)
from latticework.query.resolve import resolve
from latticework.query.words import vocabulary_of

Read = TypeVar("Read", LinkStep, FieldRead)

_FEW = 6
"""So many kinds are named where a link begins; more are counted."""

_TALLIED = {
    Tally.SUM: "the sum of",
    Tally.MIN: "the least",
    Tally.MAX: "the greatest",
    Tally.AVERAGE: "the mean",
}
_COMPARED = {
    Op.LESS: "less than",
    Op.MOST: "at most",
    Op.MORE: "more than",
    Op.LEAST: "at least",
    Op.CONTAINS: "with text",
    Op.IN: "within",
}


def explain(
    model: Model, text: str, *, today: date = date(2000, 1, 1), plan: Plan | None = None
) -> str:
    """What a question asks, in sentences; raises Refused with findings.

    The first paragraph is the question; lines after it name the kinds, links
    and fields it reads and what it assumes. `plan` is the question's own, where
    it was understood already; one of another model counts for nothing.
    """
    query = parse_for(model, text)
    if plan is None or plan.model is not model:
        plan = resolve(query, model, today=today, text=text)
    return _Teller(lookup_of(model), plan).tell(query)


class _Teller:
    """Tells one question; `plan` says what its words stand for."""

    def __init__(self, lookup: Lookup, plan: Plan) -> None:
        self.lookup = lookup
        self.plan = plan
        self.vocabulary = vocabulary_of(lookup.model)

    def tell(self, query: ast.Query) -> str:
        extent = self._extent(query.scope.head)
        sentence = self._head(query.scope.head)
        conditions = [self._linked(each, extent) for each in query.scope.filters]
        if query.where is not None:
            conditions.append(self._condition(query.where, extent))
        if conditions:
            sentence += " that " + " and ".join(conditions)
        sentences = [_capital(sentence) + ".", *self._clauses(query)]
        lines = [" ".join(sentences), *self._reads(), *self._assumes(extent)]
        return "\n".join(lines)

    # The question --------------------------------------------------------------------

    def _extent(self, head: ast.Head | None) -> Extent:
        match head:
            case ast.Name(text):
                return self.lookup.find_extent(text) or self.lookup.everything()
            case ast.Thing(ref):
                return self.lookup.extent_of_ref(ref)
        return self.lookup.everything()

    def _head(self, head: ast.Head) -> str:
        match head:
            case ast.Name(text):
                extent = self._extent(head)
                if extent.interface is not None:
                    return extent.interface.many or text
                return extent.kinds[0].many or extent.kinds[0].name
            case ast.Thing(ref):
                return ref
            case ast.Anything():
                return "things of any kind"

    def _clauses(self, query: ast.Query) -> Iterator[str]:
        if query.show:
            shown = [
                each.label.text if each.label else self._operand(each.what) for each in query.show
            ]
            yield f"Shows {_listed(shown)}."
        if query.group is not None:
            yield f"Grouped by {self._operand(query.group)}."
        if query.sort:
            keys = [
                self._operand(each.what) + (", greatest first" if each.descending else "")
                for each in query.sort
            ]
            yield f"Sorted by {', then '.join(keys)}."
        if query.limit is not None:
            yield f"At most {query.limit}, and how many there are in all."
        if query.at is not None:
            yield f"As it was at the end of {self._value(query.at)}."
        if query.known is not None:
            yield f"As it was known at the end of {self._value(query.known)}."

    def _condition(self, condition: ast.Condition, extent: Extent) -> str:
        match condition:
            case ast.All(terms):
                return " and ".join(self._inside(each, extent) for each in terms)
            case ast.Either(terms):
                return " or ".join(self._inside(each, extent) for each in terms)
            case ast.Not() | ast.Possibly() | ast.OnDay():
                return self._turned(condition, extent)
            case ast.Linked():
                return self._linked(condition, extent)
            case ast.Lacks(left, lack):
                return self._lacks(left, lack, negated=False)
            case ast.Changed() | ast.Went():
                return self._changed(condition)
            case ast.Flag(what):
                return self._flag(what, extent)
            case ast.Among(left, values):
                listed = _listed([self._value(each) for each in values], "or")
                return f"have {self._operand(left)} {listed}"
            case ast.Compare(left, op, right):
                return self._compare(left, op, right, extent)

    def _turned(self, condition: ast.Not | ast.Possibly | ast.OnDay, extent: Extent) -> str:
        match condition:
            case ast.Not(ast.Lacks(left, lack)):
                return self._lacks(left, lack, negated=True)
            case ast.Not(term):
                return f"are not such that they {self._inside(term, extent)}"
            case ast.Possibly(term):
                return f"certainly or possibly {self._inside(term, extent)}"
            case ast.OnDay(term, day):
                return f"{self._inside(term, extent)}, as it was at the end of {self._value(day)}"

    def _inside(self, condition: ast.Condition, extent: Extent) -> str:
        text = self._condition(condition, extent)
        return f"({text})" if isinstance(condition, ast.All | ast.Either) else text

    def _compare(self, left: ast.Operand, op: Op, right: ast.Value, extent: Extent) -> str:
        shown = self._value(right)
        name = self._operand(left)
        if op in {Op.IS, Op.IS_NOT}:
            verb = "are" if op is Op.IS else "are not"
            stages = self._stages(left, right, extent)
            if stages is not None:
                return f"{verb} {shown}{stages}"
            if isinstance(left, ast.Call):
                return f"are such that {name} is{'' if op is Op.IS else ' not'} {shown}"
            return f"have {name} {shown}" if op is Op.IS else f"do not have {name} {shown}"
        if isinstance(left, ast.Call):
            return f"are such that {name} is {_COMPARED[op]} {shown}"
        return f"have {name} {_COMPARED[op]} {shown}"

    def _stages(self, left: ast.Operand, right: ast.Value, extent: Extent) -> str | None:
        """Which stages a category stands for, kind by kind; None for other fields."""
        if not isinstance(left, ast.Name) or not isinstance(right, ast.Literal):
            return None
        read = self.lookup.find_field(left.text, extent)
        if read is None or not all(each.staged for each in read.sources):
            return None
        found = [self._stage_list(each, right.text, extent) for each in read.sources]
        named = [each for each in found if each]
        if not named or named == [right.text]:
            return ""
        return f" (stage {', '.join(named)})"

    def _stage_list(self, source: Source, word: str, extent: Extent) -> str:
        kind = source.staged
        assert kind is not None
        shared = extent.interface is not None
        words = stage_words(self.lookup, kind, word, shared=shared) or frozenset()
        names = [each.name for each in kind.stages if each.name.casefold() in words]
        if not names:
            return ""
        tail = f" of {kind.many or kind.name}" if len(extent.kinds) > 1 else ""
        return _listed(names, "or") + tail

    def _linked(self, linked: ast.Linked, extent: Extent) -> str:
        path = self._path(linked.path, plural=True)
        if linked.quantity is Quantity.UNKNOWN:
            return f"{path} something nobody has described"
        target = self._target(linked.target)
        if linked.quantity is Quantity.NONE:
            return f"{path} no {target}" if target else f"{path} nothing"
        return (
            f"{path} {'a ' + target if linked.target.where else target}"
            if target
            else f"{path} something"
        )

    def _path(self, path: ast.Path, *, plural: bool) -> str:
        parts = []
        for number, step in enumerate(path.steps):
            phrase = self._phrase(step.phrase.text)
            phrase = plural_of(phrase) if plural and not number else phrase
            tail = {"+": " over any number of steps", "*": " over any number of steps, or are"}
            parts.append(phrase + tail.get(step.repeat, ""))
        return " what ".join(parts)

    def _phrase(self, written: str) -> str:
        """The link's own phrase for what may be a derived form of it."""
        step = self.lookup.find_step(written)
        if step is None:
            return written
        name, back = step.ways[0]
        link = self.lookup.model.links_by_name[name]
        return link.back if back and link.back else name

    def _target(self, target: ast.Target, *, plural: bool = False) -> str:
        match target.head:
            case ast.Thing(ref):
                head = ref
            case ast.Name(text) as name:
                head = self._head(name) if plural else self._extent(ast.Name(text)).word
            case _:
                head = "thing" if target.where is not None else ""
        if target.where is None:
            return head
        return (
            f"{head} for which it holds: {self._condition(target.where, self._extent(target.head))}"
        )

    def _flag(self, what: ast.Operand, extent: Extent) -> str:
        if isinstance(what, ast.Name) and self.lookup.find_field(what.text, extent) is None:
            return f"{plural_of(what.text)} something"
        return f"say yes to {self._operand(what)}"

    def _lacks(self, left: ast.Operand, lack: Lack, *, negated: bool) -> str:
        name = self._operand(left)
        match lack:
            case Lack.MISSING:
                return f"have {'a' if negated else 'no'} {name}"
            case Lack.UNKNOWN:
                return f"have {'anything but ' if negated else ''}an unknown {name}"
            case Lack.MISFIT:
                verb = "have no" if negated else "have a"
                return f"{verb} {name} that does not fit its type"

    def _changed(self, change: ast.Changed | ast.Went) -> str:
        match change:
            case ast.Changed(since, upto, field):
                what = f"{self._operand(field)} " if field is not None else ""
                lead = f"had their {what}changed" if what else "changed"
                tail = f" up to the end of {self._value(upto)}" if upto is not None else ""
                return f"{lead} after the end of {self._value(since)}{tail}"
            case ast.Went(field, before, after, since, within):
                lead = f"had {self._operand(field)} {self._value(before)}"
                tail = f" and later {self._value(after)}"
                if since is not None:
                    tail += f", since the end of {self._value(since)}"
                return lead + tail + (f", in {self._value(within)}" if within is not None else "")

    def _operand(self, operand: ast.Operand) -> str:
        match operand:
            case ast.Call(name, (ast.Over(path, field, target),)) if name.text in set(Tally):
                what = f"{_TALLIED.get(Tally(name.text), '')} {field.text if field else ''}".strip()
                counted = self._target(target, plural=True) or "things"
                lead = f"{what} over" if what else "the number of"
                return f"{lead} the {counted} that they {self._path(path, plural=True)}"
            case ast.Call(ast.Name("count"), (ast.Name(text),)):
                return f"the number of things that they {plural_of(self._phrase(text))}"
            case ast.Name(text):
                return text
        return format_operand(operand, self.vocabulary)

    def _value(self, value: ast.Value | ast.Day) -> str:
        match value:
            case ast.Literal(text, quoted):
                return f'"{text}"' if quoted else text
            case ast.Today(shift):
                words = shift.split(" ", 1)
                if not shift:
                    return "today"
                return f"{words[1]} {'before' if words[0] == '-' else 'after'} today"
            case ast.Call():
                return self._operand(value)

    # What it reads -------------------------------------------------------------------

    def _reads(self) -> Iterator[str]:
        kinds = self.plan.extent.kinds
        if kinds is not None and len(kinds) > 1:
            yield f"Kinds: {_listed(list(kinds))}."
        for step in _unique(_steps_of(self.plan)):
            yield f"Link: {self._link_line(step)}."
        for read in _unique(_fields_of(self.plan)):
            yield from self._field_lines(read)

    def _link_line(self, step: LinkStep) -> str:
        lines = []
        for name, back in step.ways:
            link = self.lookup.model.links_by_name[name]
            how = f"'{name}' read backwards" if back else f"'{name}'"
            lines.append(f"{how} ({_ends_line(link.ends)})")
        return " and ".join(lines)

    def _field_lines(self, read: FieldRead) -> Iterator[str]:
        for source in read.sources:
            if source.expression is not None:
                shown = _shown_expression(source.expression)
                yield f"Field: {read.name} of {source.kind} is worked out as {shown}."
            elif (source.column != read.name and source.staged is None) or (
                source.staged is not None and source.column not in {read.name, STAGE}
            ):
                yield f"Field: {read.name} of {source.kind} is its {source.column}."

    def _assumes(self, extent: Extent) -> Iterator[str]:
        terms = [] if self.plan.where is None else list(_terms_of(self.plan.where))
        for read in _unique(_fields_of(self.plan)):
            having = {each.kind for each in read.sources}
            lacking = [name for name in extent.names if name not in having]
            if lacking and having & set(extent.names):
                have = "has" if len(lacking) == 1 else "have"
                yield f"Note: {_listed(lacking)} {have} no {read.name}, so it counts as missing there."
        if any(isinstance(each, InBounds) for each in terms):
            if any(isinstance(each, Perhaps) for each in terms):
                yield "Note: 'possibly' also takes in values that may fit: ranges, unknown ones."
            else:
                yield (
                    "Note: a range counts where all of it fits, an unknown value nowhere;"
                    " 'possibly' takes them in."
                )
        if any(isinstance(each, Negated) for each in terms):
            yield "Note: what has no value counts for 'not' and 'is not'."
        if any(isinstance(each, Tallied) for each in _measures_of(self.plan)):
            yield "Note: a thing reached in several ways counts once."


def _ends_line(ends: Sequence[End]) -> str:
    """What a link joins; sources that lead to the same kinds stand together."""
    by_targets: dict[frozenset[str], list[End]] = {}
    for each in ends:
        by_targets.setdefault(frozenset(each.targets), []).append(each)
    parts = []
    for same in by_targets.values():
        sources = [each.source for each in same]
        few = len(sources) <= _FEW
        begins = _listed(sources, "or") if few else f"{len(sources)} kinds"
        parts.append(f"{begins} → {_listed(list(same[0].targets), 'or')}")
    return "; ".join(parts)


def _terms_of(condition: PlanCondition) -> Iterator[PlanCondition]:
    """A condition and all within it."""
    yield condition
    match condition:
        case AllOf(terms) | AnyOf(terms):
            for each in terms:
                yield from _terms_of(each)
        case Negated(term) | Perhaps(term):
            yield from _terms_of(term)
        case Reaches(target=target) if target.where is not None:
            yield from _terms_of(target.where)
    inner = getattr(condition, "term", None)
    if inner is not None and not isinstance(condition, Negated | Perhaps):
        yield from _terms_of(inner)


def _measures_of(plan: Plan) -> Iterator[Measured]:
    """Everything whose value is read, for conditions and columns."""
    for term in _terms_of(plan.where) if plan.where is not None else ():
        for name in ("what", "left", "right", "field"):
            found = getattr(term, name, None)
            if isinstance(found, FieldRead | Tallied | Applied | Listed):
                yield found
    yield from (shown.what for shown in plan.show)
    yield from (key.what for key in plan.sort)
    if plan.group is not None:
        yield plan.group.what


def _fields_of(plan: Plan) -> Iterator[FieldRead]:
    for what in _measures_of(plan):
        while isinstance(what, Applied):
            what = what.to
        if isinstance(what, FieldRead):
            yield what


def _steps_of(plan: Plan) -> Iterator[LinkStep]:
    for term in _terms_of(plan.where) if plan.where is not None else ():
        if isinstance(term, Reaches):
            yield from term.steps
    for what in _measures_of(plan):
        if isinstance(what, Tallied | Listed):
            yield from what.steps


def _name_of(read: LinkStep | FieldRead) -> str:
    return read.phrase if isinstance(read, LinkStep) else read.name


def _unique(items: Iterable[Read]) -> list[Read]:
    """Each of several once; few have one name, so few are held against each other."""
    found: list[Read] = []
    named: dict[str, list[Read]] = {}
    for each in items:
        alike = named.setdefault(_name_of(each), [])
        if each not in alike:
            alike.append(each)
            found.append(each)
    return found


def _shown_expression(expression: Expression, *, inner: bool = False) -> str:
    match expression:
        case Own(name):
            return name
        case Number(value):
            return f"{value:g}"
    left = _shown_expression(expression.left, inner=True)
    right = _shown_expression(expression.right, inner=True)
    text = f"{left} {expression.sign} {right}"
    return f"({text})" if inner else text


def _listed(words: list[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" {last} " + words[-1]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] if "/" not in sentence.split(" ")[0] else sentence
