"""A query's text as tokens: names of the model, words of the language, values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from lark import Token

from latticework.base.findings import Finding, Place, error
from latticework.query.words import ALWAYS_KEYWORDS, KEYWORDS_BEFORE_A_DAY, Vocabulary

MOST_FINDINGS = 20
LONGEST_QUERY = 50_000
"""Characters; what people and surfaces write is far below."""

DEEPEST_NESTING = 60
"""Parentheses within parentheses, each `not` counted as one."""

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“”"}
_PIECE = re.compile(
    r"""(?P<space>\s+)
      | (?P<op><=|>=|!=|≤|≥|≠|[=<>])
      | (?P<mark>[(),+*])
      | (?P<quote>["'“‘„])
      | (?P<number>[-−]?[€$£¥]?\d[^\s(),"“”„=<>!*≤≥≠]*)
      | (?P<word>[^\s(),=<>!+*"“”„‘≤≥≠]+)
    """,
    re.VERBOSE,
)
_OPS = {"=": "=", "!=": "!=", "≠": "!=", "<": "<", "<=": "<=", "≤": "<=", ">": ">"}
_OPS |= {">=": ">=", "≥": ">="}
_MARKS = {"(": "LPAR", ")": "RPAR", ",": "COMMA", "+": "PLUS", "*": "STAR"}
_PAIRS = {
    ("sort", "by"): "SORT_BY",
    ("group", "by"): "GROUP_BY",
    ("changed", "since"): "CHANGED_SINCE",
    ("changed", "from"): "CHANGED_FROM",
    ("went", "from"): "WENT_FROM",
}
_DASHES = frozenset("-−–")
_OPENS_TO = {"CHANGED_FROM", "WENT_FROM"}
_COMPARES = frozenset({"is", "was"})
_ENDS_SUBJECT = frozenset({"NAME", "STRING", "PLUS", "STAR", "RPAR"})
_OPENS_VALUE = frozenset({"IS", "WAS", "NOT", "LPAR", "COMMA"})


class Piece(NamedTuple):
    """A stretch of text of one sort, before names are found in it."""

    sort: str
    text: str
    start: int
    end: int

    @property
    def fold(self) -> str:
        """The word in folded letter case; empty where a name cannot hold it."""
        return self.text.casefold() if self.sort in {"word", "number"} else ""


def place_in(text: str, start: int, end: int) -> Place:
    """Line and columns of a stretch of text."""
    line = text.count("\n", 0, start)
    begin = text.rfind("\n", 0, start) + 1
    return Place(line=line + 1, column=start - begin + 1, end=end - begin + 1)


def tokens_of(text: str, vocabulary: Vocabulary) -> tuple[tuple[Token, ...], tuple[Finding, ...]]:
    """The tokens of a text, and what in it cannot be one."""
    if len(text) > LONGEST_QUERY:
        says = f"a query of {len(text):,} characters is too long"
        hint = f"keep it under {LONGEST_QUERY:,} characters"
        return (), (error("QUERY001", says, hint=hint, value=text[:40]),)
    pieces, findings = _pieces_of(text)
    tokens = tuple(_Tokens(pieces, vocabulary, text))
    deep = _too_deep(tokens, text)
    return tokens, (*findings, *deep)


def read_as(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...] | None:
    """The sort and the text of each token; None where something in it cannot be one."""
    tokens, findings = tokens_of(text, vocabulary)
    return None if findings else tuple((each.type, str(each)) for each in tokens)


def words_before(text: str, most: int = 4) -> tuple[int, ...]:
    """Where a name that ends with the text may begin: at its last words, or at its end."""
    pieces, findings = _pieces_of(text)
    if findings:
        return ()
    touches = bool(pieces) and pieces[-1].end == len(text) and bool(pieces[-1].fold)
    starts = [] if touches else [len(text)]
    for piece in pieces[: -most - 1 : -1]:
        if not piece.fold:
            break
        starts.append(piece.start)
    return tuple(starts)


def _pieces_of(text: str) -> tuple[list[Piece], list[Finding]]:
    pieces: list[Piece] = []
    findings: list[Finding] = []
    plain = text.isprintable()
    at = 0
    # Beyond so many, no more is told: looking on would cost and help nobody.
    while at < len(text) and len(findings) < MOST_FINDINGS:
        if not plain and _is_control(text[at]):
            findings.append(_strange(text, at))
            at += 1
            continue
        match = _PIECE.match(text, at)
        if match is None:
            findings.append(_strange(text, at))
            at += 1
            continue
        sort = match.lastgroup or ""
        end = match.end()
        if sort == "quote":
            end = _end_of_quote(text, at)
            if end < 0:
                findings.append(_unclosed(text, at))
                break
        elif not plain and sort in {"word", "number"}:
            end = next((i for i in range(at, end) if _is_control(text[i])), end)
        if sort != "space":
            pieces.append(Piece(sort, text[at:end], at, end))
        at = end
    return pieces, findings


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" and char not in "\t\n\r"


def _end_of_quote(text: str, start: int) -> int:
    """Where the quoted text ends; -1 where it does not."""
    closing = _QUOTES[text[start]]
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] in closing:
            return at + 1
        at += 1
    return -1


def _strange(text: str, at: int) -> Finding:
    char = text[at]
    says = f"{char!a} has no meaning here"
    hint = "leave it out, or put text in quotes"
    place = place_in(text, at, at + 1)
    return error("QUERY002", says, hint=hint, place=place, value=char)


def _unclosed(text: str, at: int) -> Finding:
    says = f"the quote {text[at]} is never closed"
    hint = f"close it with {_QUOTES[text[at]][-1]}"
    place = place_in(text, at, len(text))
    return error("QUERY003", says, hint=hint, place=place, value=text[at : at + 40])


def _too_deep(tokens: tuple[Token, ...], text: str) -> tuple[Finding, ...]:
    depth = prefixes = 0
    for token in tokens:
        prefixes = prefixes + 1 if token.type in {"NOT", "POSSIBLY"} else 0
        depth += {"LPAR": 1, "CALL": 1, "RPAR": -1}.get(token.type, 0)
        if depth + prefixes > DEEPEST_NESTING:
            says = f"the query is nested more than {DEEPEST_NESTING} deep"
            place = place_in(text, token.start_pos or 0, token.end_pos or 0)
            hint = "take out parentheses, or ask in two steps"
            return (error("QUERY004", says, hint=hint, place=place, value=str(token)),)
    return ()


class _Tokens:
    """Goes once over the pieces; names win over keywords where they are longer."""

    def __init__(self, pieces: list[Piece], vocabulary: Vocabulary, text: str) -> None:
        self.pieces = pieces
        self.vocabulary = vocabulary
        self.text = text
        self.folds = [piece.fold for piece in pieces]
        self.awaits_to = False
        self.in_condition = False
        self.before = ""

    def __iter__(self) -> Iterator[Token]:
        at = 0
        while at < len(self.pieces):
            sort, count = self._sort_at(at)
            yield self._token(sort, at, count)
            self.before = sort
            self.in_condition = self.in_condition or sort == "WHERE"
            if sort in _OPENS_TO:
                self.awaits_to = True
            elif sort == "TO":
                self.awaits_to = False
            at += count

    def _sort_at(self, at: int) -> tuple[str, int]:
        """The sort of the token at a piece, and how many pieces it takes."""
        piece = self.pieces[at]
        match piece.sort:
            case "op":
                return "OP", 1
            case "mark":
                return _MARKS[piece.text], 1
            case "quote":
                return "STRING", 1
        known = self._name_at(at)
        keyword, length = self._keyword_at(at)
        if keyword and length >= known:
            return keyword, length
        if known:
            return "NAME", known
        if piece.sort == "number":
            return "NUMBER", 1
        if _is_ref(piece.text):
            return "REF", 1
        if piece.text in _DASHES:
            return "DASH", 1
        return "NAME", self._unknown_run(at)

    def _name_at(self, at: int) -> int:
        """How many pieces make the name that can be meant at a piece; 0 for none.

        A phrase such as "is settled" gives way to `stage is settled`: no path
        begins right behind a subject. A value "settled" gives way to `on` and a
        day, though a phrase "settled on" were known.
        """
        known = self.vocabulary.length_at(self.folds, at)
        if known < 2 or not self.in_condition:
            return known
        if self.folds[at] in _COMPARES and self.before in _ENDS_SUBJECT:
            return 0
        last = at + known - 1
        if self.before not in _OPENS_VALUE or self.folds[last] not in KEYWORDS_BEFORE_A_DAY:
            return known
        if not self._day_follows(self.folds[last], last):
            return known
        return self.vocabulary.length_at(self.folds[:last], at) or known

    def _keyword_at(self, at: int) -> tuple[str, int]:
        fold = self.folds[at]
        pair = _PAIRS.get((fold, self.folds[at + 1])) if at + 1 < len(self.pieces) else None
        if pair:
            return pair, 2
        if fold == "to" and self.awaits_to:
            return "TO", 1
        if fold in KEYWORDS_BEFORE_A_DAY:
            return (fold.upper(), 1) if self._day_follows(fold, at) else ("", 0)
        if self._opens_call(at):
            return "CALL", 2
        return (fold.upper(), 1) if fold in ALWAYS_KEYWORDS else ("", 0)

    def _day_follows(self, fold: str, at: int) -> bool:
        if at + 1 >= len(self.pieces):
            return False
        following = self.pieces[at + 1]
        if following.sort == "number" or (following.fold == "today" and fold != "limit"):
            return True
        return fold == "in" and (following.text == "(" or following.sort == "quote")

    def _opens_call(self, at: int) -> bool:
        """A word with a parenthesis right behind it, as in `count(`."""
        if at + 1 >= len(self.pieces) or self.pieces[at].sort != "word":
            return False
        following = self.pieces[at + 1]
        touches = following.text == "(" and following.start == self.pieces[at].end
        return touches and self.folds[at] not in ALWAYS_KEYWORDS

    def _unknown_run(self, at: int) -> int:
        """Words up to the next one that is known or of the language."""
        end = at + 1
        while end < len(self.pieces) and self.pieces[end].sort == "word":
            if self._keyword_at(end)[0] or self.vocabulary.length_at(self.folds, end):
                break
            if _is_ref(self.pieces[end].text) or self.pieces[end].text in _DASHES:
                break
            end += 1
        return end - at

    def _token(self, sort: str, at: int, count: int) -> Token:
        start, end = self.pieces[at].start, self.pieces[at + count - 1].end
        shown = " ".join(piece.text for piece in self.pieces[at : at + count])
        if sort == "OP":
            shown = _OPS[shown]
        if sort == "CALL":
            shown = self.pieces[at].text
        if sort == "STRING":
            shown = _unquoted(shown)
        return Token(sort, shown, start_pos=start, end_pos=end)


def _is_ref(text: str) -> bool:
    kind, slash, slug = text.partition("/")
    return bool(slash and kind and slug)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
