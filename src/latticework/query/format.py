"""A query becomes text that parses to the same query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

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
    Target,
    Thing,
    Today,
    Value,
    Went,
)
from latticework.query.lexer import read_as, tokens_of
from latticework.query.words import NO_WORDS, Vocabulary

MOST_NAMES = 4_000
"""Names of which it is kept whether they need quotes."""

MOST_SHAPES = 1_000
"""Texts, digits aside, of which it is kept whether they are read alike."""

_ONE_DIGIT = str.maketrans("123456789", "000000000")


def format_query(query: Query, vocabulary: Vocabulary = NO_WORDS) -> str:
    """The text of a query, in quotes only where it would be misread.

    `parse(format_query(q, v), v) == q` for every query that was parsed.
    """
    plain = _Writer(lambda text: _plainly(text, vocabulary)).query(query)
    safe = _Writer(_quoted).query(query)
    return plain if _read_alike(plain, safe, vocabulary) else safe


def format_operand(operand: Operand, vocabulary: Vocabulary = NO_WORDS) -> str:
    """The text of something shown or sorted by."""
    return _Writer(lambda text: _plainly(text, vocabulary)).operand(operand)


def format_condition(condition: Condition, vocabulary: Vocabulary = NO_WORDS) -> str:
    """The text of a condition."""
    return _Writer(lambda text: _plainly(text, vocabulary)).condition(condition)


def plainly(name: str, vocabulary: Vocabulary = NO_WORDS) -> str:
    """A name of the model as a query says it, in quotes where it would be misread."""
    return _plainly(name, vocabulary)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _read_alike(plain: str, safe: str, vocabulary: Vocabulary) -> bool:
    """Whether two texts of one query are read as the same words, quotes or not.

    Names that are read alone as one may be read otherwise beside each other.
    """
    if vocabulary.counts:
        return _alike(plain, safe, vocabulary)
    # Where no name has a digit, all of them are read alike: one answer does for
    # the many questions that differ in a number or a day.
    return _alike_but_for_digits(
        plain.translate(_ONE_DIGIT), safe.translate(_ONE_DIGIT), vocabulary
    )


@lru_cache(MOST_SHAPES)
def _alike_but_for_digits(plain: str, safe: str, vocabulary: Vocabulary) -> bool:
    return _alike(plain, safe, vocabulary)


def _alike(plain: str, safe: str, vocabulary: Vocabulary) -> bool:
    one, other = read_as(plain, vocabulary), read_as(safe, vocabulary)
    if one is None or other is None:
        return False
    return len(one) == len(other) and all(map(_same_word, one, other))


def _same_word(one: tuple[str, str], other: tuple[str, str]) -> bool:
    quoted = one[0] == "NAME" and other[0] == "STRING"
    return one[1] == other[1] and (one[0] == other[0] or quoted)


@lru_cache(MOST_NAMES)
def _plainly(text: str, vocabulary: Vocabulary) -> str:
    """The name itself where it is read as one name, else in quotes."""
    tokens, findings = tokens_of(text, vocabulary)
    alone = len(tokens) == 1 and tokens[0].type == "NAME" and str(tokens[0]) == text
    return text if alone and not findings else _quoted(text)


class _Writer:
    """Writes each record; `name` decides about quotes."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def query(self, query: Query) -> str:
        return " ".join(self._parts(query))

    def _parts(self, query: Query) -> Iterator[str]:
        yield self.head(query.scope.head)
        for each in query.scope.filters:
            yield self.condition(each)
        if query.where is not None:
            yield f"where {self.condition(query.where)}"
        if query.show:
            yield "show " + ", ".join(self._column(each) for each in query.show)
        if query.group is not None:
            yield f"group by {self.operand(query.group)}"
        if query.sort:
            yield "sort by " + ", ".join(self._order(each) for each in query.sort)
        if query.limit is not None:
            yield f"limit {query.limit}"
        if query.at is not None:
            yield f"at {self.value(query.at)}"
        if query.known is not None:
            yield f"known {self.value(query.known)}"

    def head(self, head: Head) -> str:
        match head:
            case Name(text):
                return self._name(text)
            case Thing(ref):
                return ref
            case Anything():
                return "any"

    def path(self, path: Path) -> str:
        steps = (self._name(each.phrase.text) + each.repeat for each in path.steps)
        return " then ".join(steps)

    def operand(self, operand: Operand) -> str:
        match operand:
            case Name(text):
                return self._name(text)
            case Call(name, arguments):
                given = ", ".join(self._argument(each) for each in arguments)
                return f"{name.text}({given})"
            case Over(path, field, target):
                head = f"{self._name(field.text)} of " if field else ""
                tail = self._target(target, bare=True)
                return head + self.path(path) + (f" {tail}" if tail else "")

    def _argument(self, argument: Operand | Day) -> str:
        if isinstance(argument, Literal | Today):
            return self.value(argument)
        return self.operand(argument)

    def _target(self, target: Target, *, bare: bool) -> str:
        head = self.head(target.head) if target.head else ""
        if target.where is None:
            return head
        inner = self.condition(target.where)
        where = f"where {inner}" if bare else f"where ({inner})"
        return f"{head} {where}".strip()

    def value(self, value: Value) -> str:
        match value:
            case Literal(text, quoted):
                return _quoted(text) if quoted else text
            case Today(shift):
                return f"today {shift}".strip()
            case Call():
                return self.operand(value)

    def _column(self, column: Column) -> str:
        tail = f" as {self._name(column.label.text)}" if column.label else ""
        return self.operand(column.what) + tail

    def _order(self, order: Order) -> str:
        return self.operand(order.what) + (" descending" if order.descending else "")

    def condition(self, condition: Condition) -> str:
        match condition:
            case All(terms):
                return " and ".join(self._inside(each, (All, Either)) for each in terms)
            case Either(terms):
                return " or ".join(self._inside(each, (Either,)) for each in terms)
            case Not(Lacks(left, lack)):
                return f"{self.operand(left)} is not {lack}"
            case Not(term):
                return f"not {self._inside(term, (All, Either))}"
            case Possibly(term):
                return f"possibly {self._inside(term, (All, Either))}"
            case OnDay(term, day):
                return self._on_day(term, day)
            case Changed() | Went():
                return self._change(condition)
            case Linked():
                return self._linked(condition)
        return self._comparison(condition)

    def _inside(self, term: Condition, sorts: tuple[type, ...]) -> str:
        text = self.condition(term)
        return f"({text})" if isinstance(term, sorts) else text

    def _on_day(self, term: Condition, day: Day) -> str:
        when = self.value(day)
        match term:
            case Compare(left, Op.IS | Op.IS_NOT as op, right):
                verb = "was" if op is Op.IS else "was not"
                return f"{self.operand(left)} {verb} {self.value(right)} on {when}"
            case Lacks(left, lack):
                return f"{self.operand(left)} was {lack} on {when}"
            case Not(Lacks(left, lack)):
                return f"{self.operand(left)} was not {lack} on {when}"
        return f"({self.condition(term)}) on {when}"

    def _comparison(self, condition: Compare | Among | Lacks | Flag) -> str:
        match condition:
            case Compare(left, op, right):
                return f"{self.operand(left)} {op} {self.value(right)}"
            case Among(left, values):
                listed = ", ".join(self.value(each) for each in values)
                return f"{self.operand(left)} in ({listed})"
            case Lacks(left, lack):
                return f"{self.operand(left)} is {lack}"
            case Flag(what):
                return self.operand(what)

    def _linked(self, linked: Linked) -> str:
        path = self.path(linked.path)
        target = self._target(linked.target, bare=False)
        match linked.quantity:
            case Quantity.UNKNOWN:
                return f"{path} unknown"
            case Quantity.NONE:
                return f"{path} no {target}" if target else f"{path} nothing"
            case Quantity.SOME:
                return f"{path} {target or 'something'}"

    def _change(self, change: Changed | Went) -> str:
        match change:
            case Changed(since, upto, field):
                head = f"{self.operand(field)} " if field else ""
                if upto is None:
                    return f"{head}changed since {self.value(since)}"
                return f"{head}changed from {self.value(since)} to {self.value(upto)}"
            case Went(field, before, after, since, within):
                text = f"{self.operand(field)} went from {self.value(before)}"
                text += f" to {self.value(after)}"
                if since is not None:
                    text += f" since {self.value(since)}"
                return text + (f" in {self.value(within)}" if within is not None else "")
