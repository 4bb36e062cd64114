"""What may follow in a query: words of the language, of the model, and things.

The lexer says where the word being written begins, the grammar which sorts of
token may stand there, the resolver of which things the query speaks at that
spot. What is offered parses further than what was there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from lark import Token
from lark.parsers.lalr_interactive_parser import InteractiveParser

from latticework.model.model import Model
from latticework.query.function import functions
from latticework.query.holes import Hole, Role, advance, fits, look, sorts_after, wrong_in
from latticework.query.lexer import tokens_of, words_before
from latticework.query.offers import Offer, from_hole, keywords, quoted, things
from latticework.query.parse import UNFIT
from latticework.query.words import Vocabulary, vocabulary_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST = 40
"""How many completions are given; the nearest come first."""

LONGEST = 4_000
"""Characters beyond which nothing is completed."""

_DAY_NEXT = " 2000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A word that may stand at the cursor.

    `insert` goes in the place of the text from `start` to `end`. `sort` is
    word, kind, field, link, stage, choice, value, function or thing; `says`
    tells what it is in a few words.
    """

    text: str
    insert: str
    start: int
    end: int
    sort: str
    says: str = ""


def complete(
    model: Model, text: str, place: int, graph: Graph | None = None, *, today: date | None = None
) -> tuple[Completion, ...]:
    """What may follow at a place of a query's text, the likeliest first.

    With `graph`, things and present values are offered too. Nothing is, where
    the text before the place is not understood.
    """
    before = text[: max(place, 0)]
    if len(before) > LONGEST:
        return ()
    spot = _Spot(model, vocabulary_of(model), graph, today or date(2000, 1, 1), before)
    found = [each for start in words_before(before) for each in spot.completions(start)]
    unique: dict[tuple[str, int], Completion] = {}
    for each in found:
        unique.setdefault((each.insert, each.start), each)
    ranked = sorted(unique.values(), key=lambda each: _rank(before, each))
    return tuple(ranked[:MOST])


def _rank(before: str, each: Completion) -> tuple[int, int]:
    """Names that go on what several words began, then those that begin alike, then others."""
    typed = before[each.start :].casefold()
    begins = each.text.casefold().startswith(typed.strip()) or not typed.strip()
    return 0 if begins else 1, -len(typed.split())


@dataclass
class _Spot:
    """A cursor behind a text."""

    model: Model
    vocabulary: Vocabulary
    graph: Graph | None
    today: date
    before: str

    def completions(self, start: int) -> Iterator[Completion]:
        """What may stand from `start` on, and goes on from what is written there."""
        typed = " ".join(self.before[start:].split()).casefold()
        several = " " in typed or (bool(typed) and self.before[-1:].isspace())
        typed += " " if typed and self.before[-1:].isspace() else ""
        for base in self._bases(start):
            offers = _Base(self, start, base).offers(typed)
            chosen = [
                each
                for each in offers
                if _goes_on(each, typed, several=several) and each.insert.casefold() != typed
            ]
            for each in self._sound(chosen, start):
                yield Completion(
                    text=each.text,
                    insert=each.insert,
                    start=start,
                    end=len(self.before),
                    sort=each.sort,
                    says=each.says,
                )

    def _bases(self, start: int) -> list[InteractiveParser]:
        """What stands before, read as it is, and as if a day followed."""
        head = self.before[:start]
        found: list[InteractiveParser] = []
        sorts: list[list[str]] = []
        for tail in ("", _DAY_NEXT):
            tokens, findings = tokens_of(head + tail, self.vocabulary)
            tokens = tokens[:-1] if tail else tokens
            names = [each.type for each in tokens]
            if findings or names in sorts:
                continue
            sorts.append(names)
            try:
                found.append(advance(tokens))
            except UNFIT:
                continue
        return found

    def _sound(self, offers: Sequence[Offer], start: int) -> list[Offer]:
        """Those after which nothing more is wrong than after the others."""
        wrongs: list[tuple[int, Offer]] = []
        for each in offers:
            ways = (each, replace(each, insert=quoted(each.text))) if each.is_value else (each,)
            tried = ((self._wrong_after(way, start), way) for way in ways)
            best = min(((w, way) for w, way in tried if w is not None), key=_first, default=None)
            if best is not None:
                wrongs.append(best)
        least = min((wrong for wrong, _ in wrongs), default=0)
        return [each for wrong, each in wrongs if wrong == least]

    def _wrong_after(self, offer: Offer, start: int) -> int | None:
        """How much is wrong once it is put in; None where it does not parse."""
        text = self.before[:start] + offer.insert
        tokens, findings = tokens_of(text, self.vocabulary)
        if findings or not _is_read(tokens, text):
            return None
        try:
            parser = advance(tokens)
        except UNFIT:
            return None
        return wrong_in(parser, self.model, end=len(text), today=self.today)


@dataclass
class _Base:
    """The text before the word being written, read by the parser."""

    spot: _Spot
    start: int
    parser: InteractiveParser

    @cached_property
    def holes(self) -> tuple[Hole, ...]:
        """What a name would be here."""
        seen = look(self.parser, self.spot.model, end=self.start, today=self.spot.today)
        return seen.holes if seen else ()

    def offers(self, typed: str) -> Iterator[Offer]:
        """Everything that the grammar and the model allow here."""
        roles = {each.role for each in self.holes}
        words = tuple(keywords(sorts_after(self.parser), self.holes, self._compared()))
        if roles <= {Role.LINK}:
            yield from words
        for hole in self.holes:
            yield from from_hole(hole, self.spot.model, self.spot.graph, self.spot.vocabulary)
        if not roles <= {Role.LINK}:
            yield from words
        if fits(self.parser, "CALL") and (typed or Role.SUBJECT in roles):
            yield from self._functions()
        if self.spot.graph is not None and (fits(self.parser, "REF") or self._names_kind()):
            yield from things(self.holes, self.spot.graph, typed)

    def _names_kind(self) -> bool:
        return any(each.role is Role.KIND for each in self.holes)

    def _functions(self) -> Iterator[Offer]:
        for name, function in functions().items():
            yield Offer(f"{name}(…)", f"{name}(", "function", function.summary)

    def _compared(self) -> Hole | None:
        """What a comparison right here would compare."""
        if not fits(self.parser, "OP"):
            return None
        token = Token("OP", "=", start_pos=self.start, end_pos=self.start)
        parser = advance((token,), self.parser)
        seen = look(parser, self.spot.model, end=self.start, today=self.spot.today)
        values = (each for each in seen.holes if each.role is Role.VALUE) if seen else ()
        return next(iter(values), None)


def _first(found: tuple[int, Offer]) -> int:
    return found[0]


def _goes_on(offer: Offer, typed: str, *, several: bool) -> bool:
    """Whether an offer goes on from what is typed; a lone word may begin any of its words."""
    fold = " ".join(offer.text.split()).casefold()
    if several:
        return fold.startswith(typed) and len(fold) > len(typed)
    if not typed or fold.startswith(typed) or offer.insert.casefold().startswith(typed):
        return True
    if offer.sort == "thing":
        return True
    return any(word.startswith(typed) for word in fold.replace("/", " ").split())


def _is_read(tokens: Iterable[Token], text: str) -> bool:
    """Whether the tokens reach up to the end of the text."""
    last = max((token.end_pos or 0 for token in tokens), default=0)
    return last >= len(text.rstrip())
