"""Expressions that give an interface's field from a kind's own: `gut / 10`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

LONGEST_EXPRESSION = 500
_DEEPEST = 20
_GRAMMAR = r"""
?sum: product
    | sum "+" product        -> plus
    | sum _MINUS product     -> minus
?product: atom
    | product "*" atom       -> times
    | product "/" atom       -> over
?atom: NUMBER                -> number
    | NAME                   -> own
    | QUOTED                 -> quoted
    | "(" sum ")"
_MINUS: /[-−](?=\s|\()/
NUMBER.2: /-?\d+(\.\d+)?/
QUOTED: /"[^"]+"|'[^']+'/
NAME: /[^\W\d_][^()+*\/"]*?(?=\s*([()+*\/]|\s[-−]\s|$))/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Own:
    """A field of the thing itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number."""

    value: float


@dataclass(frozen=True, slots=True)
class Combined:
    """Two expressions joined by one of + - * /."""

    sign: str
    left: Expression
    right: Expression


Expression: TypeAlias = Own | Number | Combined


def parse_expression(text: str) -> Expression | None:
    """The expression that a text says; None where it says none."""
    if len(text) > LONGEST_EXPRESSION or text.count("(") > _DEEPEST:
        return None
    try:
        return cast("Expression", _parser().parse(text))
    except LarkError:
        return None


def own_names(expression: Expression) -> Iterator[str]:
    """The fields that an expression reads."""
    match expression:
        case Own(name):
            yield name
        case Combined(_, left, right):
            yield from own_names(left)
            yield from own_names(right)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", start="sum", transformer=_ToExpression())


@v_args(inline=True)
class _ToExpression(Transformer[Token, Expression]):
    """Builds records while Lark parses."""

    def number(self, token: Token) -> Number:
        return Number(float(token))

    def own(self, token: Token) -> Own:
        return Own(str(token).strip())

    def quoted(self, token: Token) -> Own:
        return Own(str(token)[1:-1])

    def plus(self, left: Expression, right: Expression) -> Combined:
        return Combined("+", left, right)

    def minus(self, left: Expression, right: Expression) -> Combined:
        return Combined("-", left, right)

    def times(self, left: Expression, right: Expression) -> Combined:
        return Combined("*", left, right)

    def over(self, left: Expression, right: Expression) -> Combined:
        return Combined("/", left, right)
