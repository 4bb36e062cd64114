"""Text becomes a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeAlias, cast

from lark import Lark, Token, Transformer
from lark.common import LexerConf
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from latticework.base.findings import Finding, Refused, error, refuse_errors
from latticework.base.near import near
from latticework.query.ast import (
    All,
    Among,
    Anything,
    Call,
    Changed,
    Column,
    Compare,
    Condition,
    Day,
    Either,
    Flag,
    Head,
    Lack,
    Lacks,
    Linked,
    Literal,
    Name,
    Not,
    OnDay,
    Op,
    Operand,
    Order,
    Over,
    Path,
    Possibly,
    Quantity,
    Query,
    Scope,
    Span,
    Step,
    Target,
    Thing,
    Today,
    Value,
    Went,
    all_of,
    either_of,
)
from latticework.query.lexer import place_in, tokens_of
from latticework.query.words import KEYWORDS, NO_WORDS, Vocabulary

Children: TypeAlias = list[object]

MOST_KEPT = 500
"""Queries that stay parsed; a page asks for its own a dozen times."""

LONGEST_KEPT = 400
"""Characters of a query that is kept."""

_KEPT = {"NAME", "STRING", "NUMBER", "REF", "OP", "CALL", "PLUS", "STAR", "DASH", "NO"}
_EXPECTED = {
    "NAME": "a name",
    "REF": "a ref such as goal/growth",
    "NUMBER": "a number or day",
    "OP": "= != < <= > >=",
    "RPAR": "a closing parenthesis",
    "LPAR": "an opening parenthesis",
    "COMMA": "a comma",
    "TO": "'to'",
    "$END": "the end",
    "WHERE": "where",
    "AND": "and",
    "OR": "or",
    "IS": "is",
    "SHOW": "show",
    "ON": "on and a day",
}
_OPERATORS = {"=": Op.IS, "!=": Op.IS_NOT, "<": Op.LESS, "<=": Op.MOST, ">": Op.MORE}
_OPERATORS[">="] = Op.LEAST


def parse(text: str, vocabulary: Vocabulary = NO_WORDS) -> Query:
    """The query that a text says; raises Refused with findings and spans.

    `vocabulary` tells which runs of words are one name; without it every
    unbroken run is one, unless quotes part them.
    """
    return _parsed(text, vocabulary) if len(text) > LONGEST_KEPT else _kept_query(text, vocabulary)


@lru_cache(MOST_KEPT)
def _kept_query(text: str, vocabulary: Vocabulary) -> Query:
    return _parsed(text, vocabulary)


def _parsed(text: str, vocabulary: Vocabulary) -> Query:
    tokens, findings = tokens_of(text, vocabulary)
    refuse_errors(findings)
    try:
        # Lark hands a list of tokens on to our lexer, which passes them through.
        query = _parser().parse(cast("str", tokens))
    except UnexpectedToken as problem:
        raise Refused([_unexpected(problem, text, tokens, vocabulary)]) from None
    except _RefusedError as problem:
        span = problem.span
        place = place_in(text, span.start, span.end)
        raise Refused([error(problem.code, problem.says, hint=problem.hint, place=place)]) from None
    return cast("Query", query)


def begun() -> InteractiveParser:
    """A query of which nothing is read yet, to be fed token by token."""
    return _parser().parse_interactive(cast("str", ()))


class _RefusedError(Exception):
    """A query that fits the grammar and still cannot be meant."""

    def __init__(self, code: str, says: str, *, hint: str, span: Span) -> None:
        self.code, self.says, self.hint, self.span = code, says, hint, span
        super().__init__(says)


UNFIT: tuple[type[Exception], ...] = (UnexpectedToken, _RefusedError)
"""What feeding a query raises where a token does not fit."""


class _PassThrough(Lexer):
    """Gives Lark the tokens it is given."""

    def __init__(self, conf: LexerConf) -> None:
        self.conf = conf

    def lex(self, data: object) -> Iterator[Token]:  # type: ignore[override]
        yield from cast("Sequence[Token]", data)


@cache
def _parser() -> Lark:
    grammar = files("latticework.query").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_PassThrough, start="query", transformer=_ToQuery())


def _unexpected(
    problem: UnexpectedToken, text: str, tokens: Sequence[Token], vocabulary: Vocabulary
) -> Finding:
    token = problem.token
    end = token.end_pos or 0
    before = tokens if token.type == "$END" else [t for t in tokens if (t.end_pos or 0) <= end]
    hint = _misspelt(before, vocabulary)
    if not hint:
        wanted = [_EXPECTED[each] for each in _EXPECTED if each in problem.expected]
        hint = "expected " + ", ".join(wanted[:6])
    if token.type == "$END":
        place = place_in(text, max(len(text) - 1, 0), len(text))
        return error("QUERY005", "the query ends too early", hint=hint, place=place)
    place = place_in(text, token.start_pos or 0, end)
    says = f"'{token}' is not expected here"
    return error("QUERY005", says, hint=hint, place=place, value=str(token))


def _misspelt(tokens: Sequence[Token], vocabulary: Vocabulary) -> str:
    """A hint where the last unknown word looks like a word of the language."""
    for token in reversed(tokens[-3:]):
        words = tuple(str(token).casefold().split())
        if token.type != "NAME" or words in vocabulary.names:
            continue
        for word in reversed(words):
            close = near(word, KEYWORDS, most=1)
            if close and len(word) > 2:
                return f"did you mean '{close[0]}' instead of '{word}'?"
    return ""


def _kept(children: Children) -> Children:
    """The children that say something; keywords have done their work."""
    return [each for each in children if not (isinstance(each, Token) and each.type not in _KEPT)]


def _span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)


def _operand(subject: object) -> Operand:
    """A path of one plain step may be a field as well: the model decides."""
    match subject:
        case Path((Step(phrase, ""),)):
            return phrase
        case Path():
            return Over(subject)
    return cast("Operand", subject)


class _ToQuery(Transformer[Token, Query]):
    """Builds records while Lark parses; one method per rule of the grammar."""

    def name(self, children: Children) -> Name:
        token = cast("Token", children[0])
        if not str(token).strip():
            span = _span(token)
            raise _RefusedError("QUERY006", "a name is empty", hint="write a name", span=span)
        return Name(" ".join(str(token).split()), _span(token))

    def thing(self, children: Children) -> Thing:
        token = cast("Token", children[0])
        return Thing(str(token), _span(token))

    def anything(self, children: Children) -> Anything:
        return Anything(_span(cast("Token", children[0])))

    def step(self, children: Children) -> Step:
        phrase, *repeat = _kept(children)
        return Step(cast("Name", phrase), str(repeat[0]) if repeat else "")

    def path(self, children: Children) -> Path:
        return Path(tuple(cast("list[Step]", _kept(children))))

    def target(self, children: Children) -> Target:
        head: Head | None = None
        where: Condition | None = None
        for each in _kept(children):
            if isinstance(each, Name | Thing):
                head = each
            else:
                where = cast("Condition", each)
        return Target(head, where)

    target_in_call = target

    def none(self, children: Children) -> tuple[Quantity, Target]:
        kept = [each for each in children if isinstance(each, Target)]
        return Quantity.NONE, kept[0] if kept else Target()

    def some(self, children: Children) -> tuple[Quantity, Target]:
        kept = [each for each in children if isinstance(each, Target)]
        return Quantity.SOME, kept[0] if kept else Target()

    def dangling(self, children: Children) -> tuple[Quantity, Target]:
        return Quantity.UNKNOWN, Target()

    def linked(self, children: Children) -> Linked:
        path, (quantity, target) = cast("tuple[Path, tuple[Quantity, Target]]", tuple(children))
        return Linked(path, quantity, target)

    filter = linked

    def of_path(self, children: Children) -> Over:
        name, path = cast("tuple[Name, Path]", tuple(_kept(children)))
        return Over(path, name)

    def over_target(self, children: Children) -> Over:
        path, target = cast("tuple[Path, Target]", tuple(children))
        return Over(path, None, target)

    def of_target(self, children: Children) -> Over:
        name, path, target = cast("tuple[Name, Path, Target]", tuple(_kept(children)))
        return Over(path, name, target)

    def call(self, children: Children) -> Call:
        token, *arguments = children
        opened = cast("Token", token)
        closed = cast("Token", children[-1])
        name = Name(str(opened), Span(opened.start_pos or 0, (opened.end_pos or 1) - 1))
        given = tuple(
            each if isinstance(each, Literal | Today) else _operand(each)
            for each in _kept(arguments)
            if not isinstance(each, Token)
        )
        return Call(name, given, Span(opened.start_pos or 0, closed.end_pos or 0))

    def number(self, children: Children) -> Literal:
        token = cast("Token", children[0])
        return Literal(str(token), span=_span(token))

    def quoted(self, children: Children) -> Literal:
        token = cast("Token", children[0])
        return Literal(str(token), quoted=True, span=_span(token))

    def words(self, children: Children) -> Literal:
        tokens = cast("list[Token]", children)
        span = Span(tokens[0].start_pos or 0, tokens[-1].end_pos or 0)
        return Literal(" ".join(str(each) for each in tokens), span=span)

    def today(self, children: Children) -> Today:
        tokens = cast("list[Token]", children)
        span = Span(tokens[0].start_pos or 0, tokens[-1].end_pos or 0)
        if len(tokens) == 1:
            return Today(span=span)
        sign = "+" if tokens[1].type == "PLUS" else "-"
        return Today(" ".join([sign, *(str(each) for each in tokens[2:])]), span)

    def lack(self, children: Children) -> Lack:
        word = str(children[0]).casefold()
        return Lack.MISSING if word == "nothing" else Lack(word)

    def compare(self, children: Children) -> Compare:
        subject, op, value = children
        return Compare(_operand(subject), _OPERATORS[str(op)], cast("Value", value))

    def is_value(self, children: Children) -> Compare:
        subject, value = _kept(children)
        return Compare(_operand(subject), Op.IS, cast("Value", value))

    def is_not_value(self, children: Children) -> Compare:
        subject, value = _kept(children)
        return Compare(_operand(subject), Op.IS_NOT, cast("Value", value))

    def contains(self, children: Children) -> Compare:
        subject, value = _kept(children)
        return Compare(_operand(subject), Op.CONTAINS, cast("Value", value))

    def within(self, children: Children) -> Compare:
        subject, value = _kept(children)
        return Compare(_operand(subject), Op.IN, cast("Value", value))

    def not_within(self, children: Children) -> Not:
        return Not(self.within(children))

    def among(self, children: Children) -> Among:
        subject, *values = _kept(children)
        return Among(_operand(subject), tuple(cast("list[Value]", values)))

    def not_among(self, children: Children) -> Not:
        return Not(self.among(children))

    def lacks(self, children: Children) -> Lacks:
        subject, lack = _kept(children)
        return Lacks(_operand(subject), cast("Lack", lack))

    def lacks_not(self, children: Children) -> Not:
        return Not(self.lacks(children))

    def was_value(self, children: Children) -> OnDay:
        *inner, day = _kept(children)
        return OnDay(self.is_value(inner), cast("Day", day))

    def was_not_value(self, children: Children) -> OnDay:
        *inner, day = _kept(children)
        return OnDay(self.is_not_value(inner), cast("Day", day))

    def was_lack(self, children: Children) -> OnDay:
        *inner, day = _kept(children)
        return OnDay(self.lacks(inner), cast("Day", day))

    def was_lack_not(self, children: Children) -> OnDay:
        *inner, day = _kept(children)
        return OnDay(Not(self.lacks(inner)), cast("Day", day))

    def went(self, children: Children) -> Went:
        field, before, after = _kept(children)
        return Went(_operand(field), cast("Value", before), cast("Value", after))

    def went_since(self, children: Children) -> Went:
        field, before, after, since = _kept(children)
        values = cast("Value", before), cast("Value", after)
        return Went(_operand(field), *values, since=cast("Day", since))

    def went_in(self, children: Children) -> Went:
        field, before, after, within = _kept(children)
        values = cast("Value", before), cast("Value", after)
        return Went(_operand(field), *values, within=cast("Value", within))

    def change(self, children: Children) -> Changed:
        since, *upto = cast("list[Day]", _kept(children))
        return Changed(since, upto[0] if upto else None)

    def field_changed(self, children: Children) -> Changed:
        subject, since, *upto = _kept(children)
        until = cast("Day", upto[0]) if upto else None
        return Changed(cast("Day", since), until, _operand(subject))

    def flag(self, children: Children) -> Condition:
        match children[0]:
            case Path(steps) as path if len(steps) > 1 or steps[0].repeat:
                return Linked(path, Quantity.SOME)
            case subject:
                return Flag(_operand(subject))

    def inner(self, children: Children) -> object:
        return children[1]

    def on_day(self, children: Children) -> OnDay:
        term, day = _kept(children)
        return OnDay(cast("Condition", term), cast("Day", day))

    def negated(self, children: Children) -> Not:
        return Not(cast("Condition", children[1]))

    def possible(self, children: Children) -> Possibly:
        return Possibly(cast("Condition", children[1]))

    def every(self, children: Children) -> All | Condition:
        return all_of(tuple(cast("list[Condition]", _kept(children))))

    def either(self, children: Children) -> Either | Condition:
        return either_of(tuple(cast("list[Condition]", _kept(children))))

    def where(self, children: Children) -> Condition:
        return cast("Condition", children[1])

    def column(self, children: Children) -> Column:
        what, *label = _kept(children)
        return Column(_operand(what), cast("Name", label[0]) if label else None)

    def ascending(self, children: Children) -> Order:
        return Order(_operand(children[0]))

    def descending(self, children: Children) -> Order:
        return Order(_operand(children[0]), descending=True)

    def show(self, children: Children) -> _Clause:
        return _Clause(children, tuple(_kept(children)))

    def sort(self, children: Children) -> _Clause:
        return _Clause(children, tuple(_kept(children)))

    def group(self, children: Children) -> _Clause:
        return _Clause(children, _operand(children[1]))

    def limit(self, children: Children) -> _Clause:
        token = cast("Token", children[1])
        if not (str(token).isdecimal() and len(token) < 10):
            says = f"'{token}' is no number of things"
            raise _RefusedError("QUERY007", says, hint="write limit 20", span=_span(token))
        return _Clause(children, int(token))

    def at(self, children: Children) -> _Clause:
        return _Clause(children, children[1])

    def known(self, children: Children) -> _Clause:
        return _Clause(children, children[1])

    def scope(self, children: Children) -> Scope:
        head, *filters = children
        return Scope(cast("Head", head), tuple(cast("list[Linked]", filters)))

    def query(self, children: Children) -> Query:
        scope, *rest = children
        conditions = tuple(each for each in rest if not isinstance(each, _Clause))
        where = all_of(cast("tuple[Condition, ...]", conditions)) if conditions else None
        said: dict[str, object] = {}
        for clause in rest:
            if not isinstance(clause, _Clause):
                continue
            if clause.word in said:
                says = f"'{clause.shown}' is said twice"
                hint = "keep one of them"
                raise _RefusedError("QUERY008", says, hint=hint, span=clause.span)
            said[clause.word] = clause.value
        return Query(scope=cast("Scope", scope), where=where, **said)  # type: ignore[arg-type]


class _Clause:
    """One of show, sort, group, limit, at, known, with what it says."""

    def __init__(self, children: Children, value: object) -> None:
        opening = cast("Token", children[0])
        self.word = {"SORT_BY": "sort", "GROUP_BY": "group"}.get(opening.type, opening.type.lower())
        self.shown = str(opening)
        self.span = _span(opening)
        self.value = value
