"""What texts mean as values, one by one and by the column."""

import math
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.model.model import Field
from latticework.model.values import (
    TYPES,
    Measure,
    duration_days,
    format_value,
    parse_column,
    parse_value,
)

FIELDS = {
    "number": Field(name="gut", type="number"),
    "bounded": Field(name="gut", type="number", low=Decimal(0), high=Decimal(10)),
    "people": Field(name="size", type="number", unit="people"),
    "money": Field(name="budget", type="money", unit="EUR", per="quarter"),
    "ratio": Field(name="share", type="ratio"),
    "duration": Field(name="effort", type="duration"),
    "weeks": Field(name="effort", type="duration", unit="weeks"),
    "day": Field(name="due", type="day"),
    "instant": Field(name="seen", type="instant"),
    "choice": Field(name="size", type="choice", choices=("small", "medium", "large")),
    "yes-no": Field(name="paid", type="yes-no"),
    "url": Field(name="page", type="url"),
    "text": Field(name="note", type="text"),
    "title": Field(name="title", type="text"),
}

INF = math.inf


@pytest.mark.parametrize(
    ("name", "text", "low", "high"),
    [
        ("number", "3", 3, 3),
        ("number", " 3 ", 3, 3),
        ("number", "-3", -3, -3),
        ("number", "2–5", 2, 5),
        ("number", "2-5", 2, 5),
        ("number", "2..5", 2, 5),
        ("number", "2 to 5", 2, 5),
        ("number", "from 2 to 5", 2, 5),
        ("number", "-3 - -1", -3, -1),
        ("number", "1,200", 1200, 1200),
        ("number", "1 200 000", 1_200_000, 1_200_000),
        ("number", "10–20k", 10_000, 20_000),
        ("number", "about 4", 3.2, 4.8),
        ("number", "~4", 3.2, 4.8),
        ("number", ">= 3", 3, INF),
        ("number", "at least 3", 3, INF),
        ("number", "3+", 3, INF),
        ("number", "at most 9", -INF, 9),
        ("number", "1e3", 1000, 1000),
        ("bounded", ">= 3", 3, 10),
        ("bounded", "about 9.5", 7.6, 10),
        ("people", "12 people", 12, 12),
        ("money", "9000", 9000, 9000),
        ("money", "€3-5k", 3000, 5000),
        ("money", "EUR 1.5 million", 1_500_000, 1_500_000),
        ("money", "2k per month", 6000, 6000),
        ("money", "40k/year", 10_000, 10_000),
        ("ratio", "40%", 0.4, 0.4),
        ("ratio", "0.4", 0.4, 0.4),
        ("ratio", "33.3%", 0.333, 0.333),
        ("ratio", "30–50%", 0.3, 0.5),
        ("ratio", "120 percent", 1.2, 1.2),
        ("duration", "3", 3, 3),
        ("duration", "2 weeks", 14, 14),
        ("duration", "1–3 quarters", 91.3125, 273.9375),
        ("duration", "2 weeks - 1 month", 14, 30.4375),
        ("duration", "36 h", 1.5, 1.5),
        ("weeks", "2–3", 14, 21),
        ("weeks", "2 days", 2, 2),
        ("day", "2026-03-01", 20513, 20513),
        ("day", "2026-03", 20513, 20543),
        ("day", "2026-Q1", 20454, 20543),
        ("day", "Q1 2026", 20454, 20543),
        ("day", "2026-H1", 20454, 20634),
        ("day", "2026-W14", 20542, 20548),
        ("day", "2026", 20454, 20818),
        ("day", "2026-03..2026-05", 20513, 20604),
        ("day", "2026-03 to 2026-05", 20513, 20604),
        ("day", "since 2026-03", 20513, INF),
        ("day", "by 2026-03-01", -INF, 20513),
        ("day", "about 2026-03-08", 20513, 20527),
        ("day", "2026-03-01T23:59:00+02:00", 20513, 20513),
        ("instant", "1970-01-02T00:00:00Z", 86_400_000_000, 86_400_000_000),
        ("instant", "1970-01-02T01:00:00+01:00", 86_400_000_000, 86_400_000_000),
        ("instant", "1970-01-01", 0, 86_399_999_999),
        ("choice", "Medium", 1, 1),
        ("yes-no", "Yes", 1, 1),
        ("yes-no", "false", 0, 0),
    ],
)
def test_a_text_means_its_least_and_its_most(name: str, text: str, low: float, high: float) -> None:
    measure = parse_value(FIELDS[name], text)
    assert measure is not None
    assert (measure.low, measure.high) == (low, high)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("number", ""),
        ("number", "tomorrow"),
        ("number", "5–2"),
        ("number", "1,5"),
        ("number", "nan"),
        ("number", "1e999"),
        ("number", "٣"),
        ("number", "3 apples"),
        ("number", "9" * 1000),
        ("bounded", "11"),
        ("bounded", "-1"),
        ("bounded", "about 20"),
        ("people", "12 apples"),
        ("money", "EUR 3 USD"),
        ("money", "3 apples each"),
        ("ratio", "40"),
        ("ratio", "EUR 0.4"),
        ("duration", "3 apples"),
        ("day", "2026-02-30"),
        ("day", "2026-Q5"),
        ("day", "2026-W54"),
        ("day", "20260301"),
        ("day", "0000-01-01"),
        ("day", "YYYY-MM-DD"),
        ("day", "2026-05..2026-03"),
        ("instant", "2026-03-01T25:00:00Z"),
        ("choice", "huge"),
        ("yes-no", "maybe"),
        ("url", "over there"),
    ],
)
def test_a_text_that_does_not_fit_is_none(name: str, text: str) -> None:
    assert parse_value(FIELDS[name], text) is None


def test_money_keeps_the_currency_said_or_takes_the_fields_own() -> None:
    assert parse_value(FIELDS["money"], "30") == Measure(30.0, 30.0, "EUR")
    assert parse_value(FIELDS["money"], "$30") == Measure(30.0, 30.0, "USD")
    assert parse_value(Field(name="cost", type="money"), "30") == Measure(30.0, 30.0, "")


def test_a_period_needs_a_field_with_a_period() -> None:
    assert parse_value(Field(name="cost", type="money"), "30 per month") is None


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"title"}))
def test_unknown_is_a_value_of_every_type(name: str) -> None:
    assert parse_value(FIELDS[name], " Unknown ") == Measure(unknown=True)


def test_unknown_in_a_title_or_among_the_choices_is_that_word() -> None:
    size = Field(name="size", type="choice", choices=("unknown", "small"))
    assert parse_value(FIELDS["title"], "unknown") == Measure()
    assert parse_value(size, "unknown") == Measure(0.0, 0.0)


def test_durations_of_the_model_are_days() -> None:
    assert duration_days("90 days") == 90
    assert duration_days("1–2 weeks") == 14
    assert duration_days("often") is None


NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.decimals(-1000, 1000, places=3).map(str),
    st.sampled_from(["1,200", "12k", "0.1", "40%", "1e-3", "007", "-0", "2 weeks", "3d", "EUR 4"]),
)
DAYS = st.one_of(
    st.dates().map(str),
    st.sampled_from(["2026-03", "2026-Q4", "2026", "2026-W01", "2026-02-30", "0001-01-01"]),
)
INSTANTS = st.datetimes().map(lambda when: when.isoformat() + "Z")
TEXTS = st.one_of(
    st.text(max_size=12),
    st.builds("".join, st.tuples(NUMBERS, st.sampled_from(["–", "-", "..", " to "]), NUMBERS)),
    st.builds("".join, st.tuples(DAYS, st.sampled_from(["..", " - ", "–"]), DAYS)),
    st.builds(
        " ".join,
        st.tuples(
            st.sampled_from(["about", ">=", "at most", "until", "since", "from", "~"]),
            NUMBERS | DAYS | INSTANTS,
        ),
    ),
    NUMBERS,
    DAYS,
    INSTANTS,
    st.sampled_from(["unknown", "small", "yes", "https://a.example", "2k per month"]),
)
ANY_FIELD = st.sampled_from(sorted(FIELDS)).map(FIELDS.__getitem__)


@given(ANY_FIELD, st.lists(st.none() | TEXTS, max_size=12))
def test_a_column_reads_what_single_values_read(field: Field, texts: list[str | None]) -> None:
    typed = parse_column(field, pl.Series(texts, dtype=pl.String))
    assert typed.text.to_list() == texts
    for place, text in enumerate(texts):
        measure = Measure() if text is None else parse_value(field, text)
        read = Measure(
            typed.low[place], typed.high[place], typed.unit[place] or "", typed.unknown[place]
        )
        assert typed.misfit[place] == (measure is None)
        assert read == (measure or Measure())


@given(ANY_FIELD, TEXTS)
def test_what_is_formatted_is_parsed_again(field: Field, text: str) -> None:
    measure = parse_value(field, text)
    shown = format_value(field, measure) if measure else ""
    if shown:
        assert parse_value(field, shown) == measure


@given(ANY_FIELD, st.lists(st.none() | st.lists(TEXTS, max_size=4), max_size=8))
def test_a_list_is_read_by_its_hull(field: Field, lists: list[list[str] | None]) -> None:
    typed = parse_column(field, pl.Series(lists, dtype=pl.List(pl.String)))
    for place, texts in enumerate(lists):
        measures = [parse_value(field, text) for text in texts or ()]
        lows = [each.low for each in measures if each and each.low is not None]
        highs = [each.high for each in measures if each and each.high is not None]
        assert typed.low[place] == min(lows, default=None)
        assert typed.high[place] == max(highs, default=None)
        assert typed.unknown[place] == any(each and each.unknown for each in measures)
        wrong_count = bool(texts) and len(texts or ()) != 1
        assert typed.misfit[place] == (None in measures or wrong_count)


def test_an_empty_column_of_every_type_has_no_values() -> None:
    for type_ in TYPES:
        typed = parse_column(Field(name="x", type=type_), pl.Series([], dtype=pl.String))
        assert len(typed) == 0


def test_taken_values_stand_in_the_order_asked() -> None:
    typed = parse_column(FIELDS["number"], pl.Series(["1", "2–3", "x"]))
    taken = typed.take(pl.Series([2, 1]))
    assert taken.text.to_list() == ["x", "2–3"]
    assert taken.low.to_list() == [None, 2.0]
    assert taken.misfit.to_list() == [True, False]
