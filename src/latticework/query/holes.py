"""Where the cursor stands in a query: what a name put there would be read as.

A hole is put in as a name, the query is closed behind it as shortly as the
grammar allows, and the resolver looks its words up. Where it meets the hole,
it tells of which things the query speaks there.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from lark import Token
from lark.parsers.lalr_interactive_parser import InteractiveParser

from latticework.model.model import Model
from latticework.query import ast
from latticework.query.ast import Span
from latticework.query.extent import Extent, Lookup
from latticework.query.literal import Clock
from latticework.query.parse import UNFIT, begun
from latticework.query.plan import Destination, LinkStep, Measured, PlanCondition
from latticework.query.resolve import Resolver

HOLE = "\ue000"
"""Stands where a name would; no name holds it."""

_MOST_CLOSING = 90
_CLOSING = ("RPAR", "TO", "ON", "NAME", "NUMBER", "SINCE")
_TEXTS = {"RPAR": ")", "TO": "to", "ON": "on", "NAME": HOLE, "NUMBER": "2000-01-01"}


class Role(enum.StrEnum):
    """What a name at the hole would be."""

    KIND = "kind"
    TARGET = "target"
    SUBJECT = "subject"
    LINK = "link"
    FIELD = "field"
    VALUE = "value"
    UNIT = "unit"


@dataclass(frozen=True)
class Hole:
    """A role, the things spoken of, and for a value what it is compared with.

    `said` holds the words of the value that stand before the hole.
    """

    role: Role
    extent: Extent | None = None
    measured: Measured | None = None
    said: str = ""


@dataclass(frozen=True)
class Seen:
    """What the resolver met at the hole, and how much before it is wrong."""

    holes: tuple[Hole, ...]
    wrong: int


def advance(tokens: Sequence[Token], parser: InteractiveParser | None = None) -> InteractiveParser:
    """A parser that has read the tokens; raises one of UNFIT where they do not fit."""
    read = begun() if parser is None else _copied(parser)
    for token in tokens:
        read.feed_token(token)
    return read


def sorts_after(parser: InteractiveParser) -> frozenset[str]:
    """Every sort of token that may come next."""
    return frozenset(cast("set[str]", parser.accepts()))  # type: ignore[no-untyped-call]


def fits(parser: InteractiveParser, sort: str) -> bool:
    """Whether a token of this sort may come next."""
    return _fed(parser, _token(sort, 0)) is not None


def look(parser: InteractiveParser, model: Model, *, end: int, today: date) -> Seen | None:
    """What a name at the end of what was read would be; None where none may stand."""
    named = _fed(parser, _token("NAME", end + 1))
    return None if named is None else _seen(named, model, end, today)


def wrong_in(parser: InteractiveParser, model: Model, *, end: int, today: date) -> int | None:
    """How much is wrong in what was read, however it goes on; None where it cannot."""
    found = (_seen(each, model, end, today) for each in _ways_on(parser, end))
    return min((each.wrong for each in found if each), default=None)


def _seen(parser: InteractiveParser, model: Model, end: int, today: date) -> Seen | None:
    query = _closed(parser, end)
    if query is None:
        return None
    watch = _Watch(Lookup(model), Clock(today, model), "", edge=end)
    watch.plan(query)
    return Seen(tuple(watch.holes), watch.wrong)


def _ways_on(parser: InteractiveParser, end: int) -> Iterator[InteractiveParser]:
    """As it stands; with a name behind it; compared with something."""
    for sorts in ((), ("NAME",), ("IS", "NAME")):
        read: InteractiveParser | None = parser
        for sort in sorts:
            read = _fed(read, _token(sort, end + 1)) if read else None
        if read:
            yield read


def _token(sort: str, at: int) -> Token:
    text = _TEXTS.get(sort, sort.lower())
    return Token(sort, text, start_pos=at, end_pos=at + 1)


def _copied(parser: InteractiveParser) -> InteractiveParser:
    """Another that has read the same; what it made of it is never changed."""
    copy = parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
    return cast("InteractiveParser", copy)


def _fed(parser: InteractiveParser, token: Token) -> InteractiveParser | None:
    copy = _copied(parser)
    try:
        copy.feed_token(token)
    except UNFIT:
        return None
    return copy


def _closed(parser: InteractiveParser, end: int) -> ast.Query | None:
    """The query with as few tokens behind it as make it whole."""
    at = end + 2
    read: InteractiveParser | None = parser
    for _ in range(_MOST_CLOSING):
        if read is None:
            return None
        copy = _copied(read)
        try:
            return cast("ast.Query", copy.feed_token(_token("$END", at)))
        except UNFIT:
            at += 2
        fed = (_fed(read, _token(sort, at)) for sort in _CLOSING)
        read = next((each for each in fed if each is not None), None)
    return None


@dataclass
class _Watch(Resolver):
    """A resolver that notes where it meets the hole.

    `wrong` counts what is wrong before `edge`.
    """

    edge: int = 0
    holes: list[Hole] = field(default_factory=list)
    wrong: int = 0

    def complain(self, code: str, says: str, span: Span, *, hint: str = "") -> None:
        """Count it where it is about something that people wrote."""
        if span.start < self.edge:
            self.wrong += 1
        super().complain(code, says, span, hint=hint)

    def complain_field(self, text: str, span: Span, extent: Extent) -> None:
        """Note the hole where a field was looked for."""
        if text == HOLE:
            self.holes.append(Hole(Role.FIELD, extent))
            return
        super().complain_field(text, span, extent)

    def measured(self, operand: ast.Operand, extent: Extent) -> Measured | None:
        """Note the hole where a field or a link may stand."""
        match operand:
            case ast.Name(text) if text == HOLE:
                self.holes.append(Hole(Role.SUBJECT, extent))
                return None
        return super().measured(operand, extent)

    def condition(self, condition: ast.Condition, extent: Extent) -> PlanCondition | None:
        """Note the hole where a value stands."""
        for left, value in _compared(condition):
            if isinstance(value, ast.Literal) and HOLE in value.text:
                what = Resolver(self.lookup, self.clock, "").measured(left, extent)
                said = value.text.replace(HOLE, "").strip()
                self.holes.append(Hole(Role.VALUE, extent, what, said))
        return super().condition(condition, extent)

    def instant(self, day: ast.Day) -> int | None:
        """Note the hole where a unit of time stands."""
        if isinstance(day, ast.Today) and HOLE in day.shift:
            self.holes.append(Hole(Role.UNIT))
            return None
        return super().instant(day)

    def _scope_extent(self, head: ast.Head) -> Extent | None:
        match head:
            case ast.Name(text) if text == HOLE:
                self.holes.append(Hole(Role.KIND))
                return None
        return super()._scope_extent(head)

    def _look_inside(self, target: ast.Target) -> None:
        """Nothing is known of what lies behind an unknown link."""

    def _target(
        self, target: ast.Target, reached: frozenset[str], span: Span, phrase: str
    ) -> Destination | None:
        match target.head:
            case ast.Name(text) if text == HOLE:
                at = self.lookup.extent_of_kinds(reached, phrase)
                self.holes.append(Hole(Role.TARGET, at))
                target = replace(target, head=None)
        return super()._target(target, reached, span, phrase)

    def _step(self, step: ast.Step, here: frozenset[str], extent: Extent) -> LinkStep | None:
        if step.phrase.text == HOLE:
            self.holes.append(Hole(Role.LINK, self.lookup.extent_of_kinds(here, extent.word)))
            return None
        return super()._step(step, here, extent)


def _compared(condition: ast.Condition) -> tuple[tuple[ast.Operand, ast.Value], ...]:
    """What is set against what in one condition."""
    match condition:
        case ast.Compare(left, _, right):
            return ((left, right),)
        case ast.Among(left, values):
            return tuple((left, each) for each in values)
        case ast.Went(left, before, after):
            return ((left, before), (left, after))
    return ()
