"""Steps that a recipe takes from a text to the text it wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from latticework.sources.days import iso_of

_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|von|de|sur)\s*(\d+(?:[.,]\d+)?)", re.I)

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell."""

Texts = tuple[str, ...]
"""What a step leaves of one text: nothing, one text or several."""

StepRun = Callable[[str, str], Texts]


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its argument, such as `without "@"`."""

    name: str
    argument: str
    run: StepRun

    def __call__(self, text: str) -> Texts:
        """What is left of a text."""
        return self.run(text, self.argument)


def lower(text: str, _: str) -> Texts:
    """The text in lower case."""
    return (text.lower(),)


def upper(text: str, _: str) -> Texts:
    """The text in upper case."""
    return (text.upper(),)


def trim(text: str, _: str) -> Texts:
    """The text without blanks at its ends."""
    return (text.strip(),)


def without(text: str, unwanted: str) -> Texts:
    """The text without these characters at its beginning and end."""
    text = text.strip()
    if text.startswith(unwanted):
        text = text[len(unwanted) :]
    if text.endswith(unwanted):
        text = text[: len(text) - len(unwanted)]
    return (text,)


def before(text: str, mark: str) -> Texts:
    """What stands before the mark; the whole text where it lacks the mark."""
    return (text.partition(mark)[0].strip(),)


def after(text: str, mark: str) -> Texts:
    """What stands after the mark; nothing where the text lacks it."""
    _, found, rest = text.partition(mark)
    return (rest.strip(),) if found else ()


def segment(text: str, place: str) -> Texts:
    """One part of a path, counted from 1, or from the end with -1."""
    parts = [part for part in text.strip().split("/") if part]
    at = int(place)
    index = at - 1 if at > 0 else len(parts) + at
    return (parts[index],) if 0 <= index < len(parts) else ()


def stem(text: str, _: str) -> Texts:
    """The last part of a path without its ending."""
    name = text.strip().rstrip("/").rpartition("/")[2]
    return (re.sub(r"(?<=.)\.[^.]*$", "", name),)


def basename(text: str, _: str) -> Texts:
    """The last part of a path."""
    return (text.strip().rstrip("/").rpartition("/")[2],)


def note(text: str, _: str) -> Texts:
    """A note's name: the last part of its path without `.md`."""
    return (re.sub(r"(?<=.)\.(?:md|markdown)$", "", basename(text, "")[0]),)


def ends(text: str, _: str) -> Texts:
    """A note's path without `.md`, and what is left of it folder by folder."""
    parts = re.sub(r"(?<=.)\.(?:md|markdown)$", "", text.strip()).strip("/").split("/")
    return tuple("/".join(parts[at:]) for at in range(len(parts)))


def split(text: str, mark: str) -> Texts:
    """The parts between the marks, without blanks around them."""
    parts = (part.strip() for part in text.split(mark))
    return tuple(part for part in parts if part)


def day(text: str, order: str) -> Texts:
    """The day in ISO 8601, "day first" or "month first", or counted since 1970; else as it is."""
    return (iso_of(text, order) or text,)


def share(text: str, _: str) -> Texts:
    """A share of a whole as a ratio: `4/10` and `4 of 10` are 40%; else as it is."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        return (text,)
    part, whole = (Decimal(each.replace(",", ".")) for each in found.groups())
    return (f"{Decimal(f'{part / whole * 100:.6g}').normalize():f}%",) if whole else (text,)


def unguarded(text: str, _: str) -> Texts:
    """The text without the apostrophe that keeps a spreadsheet from running it."""
    return (text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text,)


STEPS: Mapping[str, StepRun] = {
    each.__name__: each
    for each in (
        *(lower, upper, trim, without, before, after, split, day, share),
        *(segment, stem, basename, note, ends, unguarded),
    )
}
"""Steps by the word a recipe uses."""

WITH_ARGUMENT = frozenset({"without", "before", "after", "segment", "split", "day"})


def run_steps(text: str, steps: tuple[Step, ...]) -> Texts:
    """What is left of a text after every step in turn; empty texts are dropped."""
    texts: Texts = (text,)
    for step in steps:
        texts = tuple(each for one in texts for each in step(one))
    return tuple(each for each in texts if each.strip())
