"""Models made by chance, for laws."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from latticework.model.model import (
    BoundReading,
    Dialect,
    End,
    Family,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    Origin,
    RuleQuery,
    SavedView,
    Shape,
    Silence,
    Stage,
    Term,
)
from latticework.model.scalars import QUANTITIES, TYPES

T = TypeVar("T")

SLUGS = st.from_regex(r"[a-zé][a-z0-9]{0,5}(-[a-z]{1,3})?", fullmatch=True)
NAMES = st.one_of(
    SLUGS,
    st.sampled_from(["In flight", "null", "yes", "1.10", "~", "a: b", "#1", "'", '"', "決済"]),
)
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6)
LINES = st.one_of(
    st.just(""),
    st.lists(WORDS, max_size=4).map(" ".join),
    st.sampled_from(["null", "~", "no", "- a", "a: b # c", "[x", "two\nlines", "*x", "2026-01-01"]),
)
EXPIRIES = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))
ORIGINS = st.lists(st.builds(Origin, NAMES, NAMES), max_size=1).map(tuple)


def distinct(strategy: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=most, unique_by=str.casefold).map(tuple)


def named(
    build: Callable[[str], st.SearchStrategy[T]],
    names: st.SearchStrategy[str] = NAMES,
    most: int = 3,
) -> st.SearchStrategy[tuple[T, ...]]:
    """Records with names of their own."""
    return distinct(names, most).flatmap(lambda words: st.tuples(*map(build, words)))


def sensible(field: Field) -> Field:
    """The field without what makes no sense for its type."""
    if field.type not in QUANTITIES:
        field = replace(field, low=None, high=None)
    if field.low is not None and field.high is not None and field.low > field.high:
        field = replace(field, low=field.high, high=field.low)
    if field.type == "duration":
        field = replace(field, unit="days")
    choices = (field.choices or ("one",)) if field.type == "choice" else ()
    return replace(field, choices=choices)


def fields(name: str) -> st.SearchStrategy[Field]:
    bounds = st.none() | st.decimals(-100, 100, places=1)
    return st.builds(
        Field,
        name=st.just(name),
        type=st.sampled_from(TYPES),
        many=st.booleans(),
        ranged=st.booleans(),
        low=bounds,
        high=bounds,
        unit=st.sampled_from(["", "", "EUR", "people", "per head", "days"]),
        per=st.sampled_from(["", "quarter"]),
        choices=distinct(st.sampled_from(["small", "large", "a | b", "many", " x "])),
        required=st.booleans(),
        unique=st.booleans(),
        purpose=LINES,
        expires=EXPIRIES,
        was=distinct(NAMES, 2),
        origins=ORIGINS,
    ).map(sensible)


def stages(name: str) -> st.SearchStrategy[Stage]:
    return st.builds(
        Stage,
        name=st.just(name),
        category=st.sampled_from(["", "proposed", "done"]),
        entry=LINES,
        exit=LINES,
        needs=LINES,
        limit=st.sampled_from([0, 0, 3]),
        was=distinct(NAMES, 2),
        origins=ORIGINS,
    )


def kinds(name: str) -> st.SearchStrategy[Kind]:
    return st.builds(
        Kind,
        name=st.just(name),
        family=st.sampled_from(Family),
        many=LINES,
        fields=named(fields),
        stages=named(stages),
        stage_field=st.sampled_from(["stage", "status"]),
        provides=distinct(NAMES, 2),
        maps=st.dictionaries(NAMES, LINES, max_size=2),
        refresh=st.sampled_from(["", "90 days"]),
        purpose=LINES,
        expires=EXPIRIES,
        was=distinct(NAMES, 2),
        origins=ORIGINS,
    )


def interfaces(name: str) -> st.SearchStrategy[Interface]:
    return st.builds(
        Interface,
        name=st.just(name),
        many=LINES,
        fields=named(fields),
        stages=distinct(NAMES),
        purpose=LINES,
        expires=EXPIRIES,
        was=distinct(NAMES, 2),
    )


def ends(source: str) -> st.SearchStrategy[End]:
    counts = st.integers(0, 3)
    targets = distinct(NAMES)
    return st.builds(End, source=st.just(source), targets=targets, most=counts, most_back=counts)


def links(name: str) -> st.SearchStrategy[Link]:
    return st.builds(
        Link,
        name=st.just(name),
        back=LINES,
        ends=named(ends),
        carries=named(fields, most=2),
        most=st.integers(0, 3),
        most_back=st.integers(0, 3),
        shape=st.sampled_from(Shape),
        words=distinct(NAMES, 2),
        purpose=LINES,
        expires=EXPIRIES,
        was=distinct(NAMES, 2),
        origins=ORIGINS,
    )


def terms(name: str) -> st.SearchStrategy[Term]:
    return st.builds(
        Term,
        name=st.just(name),
        means=LINES,
        synonyms=distinct(NAMES, 2),
        purpose=LINES,
        expires=EXPIRIES,
    )


def dialects(area: str) -> st.SearchStrategy[Dialect]:
    return st.builds(Dialect, area=st.just(area), words=st.dictionaries(NAMES, LINES, max_size=2))


def rules(code: str) -> st.SearchStrategy[RuleQuery]:
    return st.builds(
        RuleQuery,
        code=st.just(code),
        flags=LINES,
        says=LINES,
        hint=LINES,
        severity=st.sampled_from(["error", "warning", "notice"]),
        name=LINES,
        purpose=LINES,
        expires=EXPIRIES,
    )


def views(name: str) -> st.SearchStrategy[SavedView]:
    return st.builds(
        SavedView,
        name=st.just(name),
        asks=LINES,
        whom=LINES,
        decides=LINES,
        omits=LINES,
        lens=LINES,
        shows=st.dictionaries(st.sampled_from(["by", "lanes", "rows"]), LINES, max_size=2),
    )


def readings(name: str) -> st.SearchStrategy[BoundReading]:
    return st.builds(
        BoundReading,
        name=st.just(name),
        computes=LINES,
        given=st.dictionaries(NAMES, st.lists(LINES, max_size=2).map(tuple), max_size=2),
        purpose=LINES,
        expires=EXPIRIES,
    )


SILENCES = st.builds(
    Silence, rule=LINES, of=LINES, why=LINES, until=st.dates(date(2020, 1, 1), date(2040, 1, 1))
)

MODELS = st.builds(
    Model,
    company=LINES,
    uses=distinct(NAMES, 2),
    zone=st.sampled_from(["UTC", "Europe/Berlin"]),
    currency=st.sampled_from(["", "EUR"]),
    interfaces=named(interfaces, most=2),
    kinds=named(kinds, SLUGS, most=2),
    links=named(links, most=2),
    terms=named(terms, most=2),
    dialects=named(dialects, most=2),
    rules=named(rules, st.sampled_from(["BET001", "BET002"]), most=2),
    silences=st.lists(SILENCES, max_size=2).map(tuple),
    views=named(views, most=2),
    readings=named(readings, most=2),
)
"""Models of every shape: they keep the file's form and need not make sense."""
