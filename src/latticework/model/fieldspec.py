"""A field in one line: `number 0..10`, `money range per quarter`, `choice a | b`.

TYPE [many] [range] [LOW..HIGH] [CURRENCY | in UNIT] [per PERIOD] [required] [unique] [people]
choice [many] [required] [unique] [people] WORD | WORD | …
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from latticework.base.near import did_you_mean
from latticework.model.model import Field
from latticework.model.scalars import DAYS_PER, QUANTITIES, TYPE_WORDS, TYPES

_BOUNDS = re.compile(r"(?P<low>[^\s.][^\s]*?)?\.\.(?P<high>[^\s.][^\s]*)?")
_CURRENCY = re.compile("[A-Z]{3}")


class NotAFieldError(Exception):
    """A text that says no field: what is wrong, and what to do."""

    def __init__(self, says: str, hint: str) -> None:
        """Keep both sentences."""
        super().__init__(says)
        self.says = says
        self.hint = hint


def parse_field(name: str, text: str) -> Field:
    """The field that one line says; raises NotAFieldError."""
    words = text.split()
    type_ = TYPE_WORDS.get(words[0]) if words else "text"
    if type_ is None:
        hint = did_you_mean(words[0], TYPE_WORDS, otherwise="one of " + ", ".join(TYPES))
        raise NotAFieldError(f"no type is called '{words[0]}'", hint)
    field = Field(name=name, type=type_)
    rest = words[1:]
    while rest:
        if type_ == "choice" and rest[0] not in _MODIFIERS:
            return replace(field, choices=_choices(" ".join(rest)))
        field, rest = _modified(field, rest)
    return field


def format_field(field: Field) -> str | None:
    """The line that says all of a field but its notes; None where none can."""
    parts = [field.type]
    parts += [word for word, modified in _MODIFIERS.items() if modified(field) == field]
    if field.low is not None or field.high is not None:
        parts.append(f"{_bound_text(field.low)}..{_bound_text(field.high)}")
    if field.unit:
        is_bare = field.type == "money" and _CURRENCY.fullmatch(field.unit)
        parts.append(field.unit if is_bare else f"in {field.unit}")
    if field.per:
        parts.append(f"per {field.per}")
    parts.append(" | ".join(field.choices))
    text = " ".join(part for part in parts if part)
    bare = replace(field, purpose="", expires=None, was=(), origins=())
    try:
        return text if parse_field(field.name, text) == bare else None
    except NotAFieldError:
        return None


def parse_bound(type_: str, text: str) -> Decimal:
    """A bound as an exact number; 40% is 0.4. Raises NotAFieldError."""
    shown, percent = text.strip(), Decimal(1)
    if type_ == "ratio" and shown.endswith("%"):
        shown, percent = shown[:-1], Decimal(100)
    try:
        bound = Decimal(shown) / percent
    except InvalidOperation:
        raise NotAFieldError(f"'{text}' is no number", "write a bound like 0 or 2.5") from None
    if not bound.is_finite():
        raise NotAFieldError(f"'{text}' bounds nothing", "leave the bound out")
    return bound


def wrong_with(field: Field) -> tuple[str, str] | None:
    """What makes no sense about a field, and what to do; None for a sound one."""
    if field.type not in TYPES:
        return f"no type is called '{field.type}'", did_you_mean(field.type, TYPES)
    if field.type == "choice" and not field.choices:
        return "a choice without words to choose from", "write 'choice small | large'"
    if field.type != "choice" and field.choices:
        return f"choices for a field of type {field.type}", "make it a choice, or leave them out"
    if len({each.casefold() for each in field.choices}) < len(field.choices):
        return "the same choice stands twice", "keep one of them"
    is_bounded = field.low is not None or field.high is not None
    if is_bounded and field.type not in QUANTITIES:
        return f"bounds for a field of type {field.type}", "leave 'low' and 'high' out"
    if field.low is not None and field.high is not None and field.low > field.high:
        return f"the low bound {field.low} is above the high bound {field.high}", "swap them"
    if field.per and field.per not in DAYS_PER:
        hint = did_you_mean(field.per, DAYS_PER, otherwise="one of " + ", ".join(DAYS_PER))
        return f"no period is called '{field.per}'", hint
    if field.type == "duration" and field.unit and field.unit.removesuffix("s") not in DAYS_PER:
        return f"no unit of duration is called '{field.unit}'", "write days, weeks or months"
    return None


_MODIFIERS: Mapping[str, Callable[[Field], Field]] = {
    "many": lambda field: replace(field, many=True),
    "range": lambda field: replace(field, ranged=True),
    "required": lambda field: replace(field, required=True),
    "unique": lambda field: replace(field, unique=True),
    "people": lambda field: replace(field, people=True),
}


def _modified(field: Field, words: list[str]) -> tuple[Field, list[str]]:
    """The field with its next modifier, and the words behind it."""
    word, *rest = words
    if word in _MODIFIERS:
        return _MODIFIERS[word](field), rest
    if word == "per" and rest:
        return replace(field, per=rest[0].removesuffix("s")), rest[1:]
    if word == "in" and rest:
        return replace(field, unit=rest[0]), rest[1:]
    if field.type == "money" and _CURRENCY.fullmatch(word):
        return replace(field, unit=word), rest
    found = _BOUNDS.fullmatch(word)
    if found and (found["low"] or found["high"]):
        low, high = (
            parse_bound(field.type, each) if each else None for each in found.group("low", "high")
        )
        return replace(field, low=low, high=high), rest
    known = (*_MODIFIERS, "per", "in")
    hint = did_you_mean(word, known, otherwise="write it like 'number range 0..10 per quarter'")
    raise NotAFieldError(f"'{word}' says nothing about a field of type {field.type}", hint)


def _choices(text: str) -> tuple[str, ...]:
    """The words between bars."""
    return tuple(each.strip() for each in text.split("|") if each.strip())


def _bound_text(bound: Decimal | None) -> str:
    return "" if bound is None else str(bound)
