"""Single values: what a text means as a value of its field's type.

The journal keeps text as it was written; here it becomes two numbers, so that
ranges, rough values and open ends compare like exact ones:

| type | written | low and high are |
|---|---|---|
| number | `3`, `2–5`, `1,200`, `12k`, `about 4`, `>= 3`, `at most 9` | the number |
| money | `EUR 12k`, `$ 3–5M`, `9000`, `2k per month` | an amount; `unit` is the currency |
| ratio | `40%`, `0.4`, `30–50%` | the ratio; 40% is 0.4 |
| duration | `2 weeks`, `1–3 quarters`, `90 min` | days |
| day | `2026-03-01`, `2026-03`, `2026-Q4`, `2026`, `2026-03..2026-05` | days since 1970 |
| instant | `2026-03-01T09:30:00Z`, any day | microseconds since 1970 |
| yes-no | `yes`, `no`, `true`, `false` | 1 or 0 |
| choice | one of the field's words | its place among them |
| text, url | anything; an address | nothing |

`about 4` is 4 give or take a fifth; `about 2026-03` reaches further by its own
length each way, and by a week at least. `unknown` is a value of every type: it
was asked, and nobody knows.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from latticework.base.times import DAY_MICROSECONDS, instant_of
from latticework.model.model import TITLE, Field

TYPES = (
    "text",
    "number",
    "money",
    "ratio",
    "duration",
    "day",
    "instant",
    "yes-no",
    "choice",
    "url",
)
"""Every field type, in the order in which they are offered."""

TYPE_WORDS: Mapping[str, str] = {each: each for each in TYPES} | {"flag": "yes-no"}
"""Every word a model may use for a type, to the type's name."""

EXAMPLES: Mapping[str, str] = {
    "number": "4, 2–5 or about 4",
    "money": "12k or EUR 3–5M",
    "ratio": "40% or 0.4",
    "duration": "3 weeks or 1–2 quarters",
    "day": "2026-03-01, 2026-Q4 or 2026-03..2026-05",
    "instant": "2026-03-01T09:30:00Z",
    "yes-no": "yes or no",
    "url": "https://example.org/page",
}
"""How values of a type may be written, for hints."""

QUANTITIES = frozenset({"number", "money", "ratio", "duration"})
"""Types that may be bounded, summed and averaged."""

ORDERED = QUANTITIES | {"day", "instant"}
"""Types whose values are numbers on a line, so that they compare and sort."""

UNKNOWN = "unknown"
"""The word for a value that was asked for and that nobody knows."""

DAYS_PER: Mapping[str, Decimal] = {
    "minute": Decimal(1) / 1440,
    "hour": Decimal(1) / 24,
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.4375"),
    "quarter": Decimal("91.3125"),
    "year": Decimal("365.25"),
}
"""Length of each unit of duration, in days."""

LONGEST_SCALAR = 120
"""Characters beyond which no text is a number, a day or a choice."""

_UNIT_WORDS: Mapping[str, str] = {
    **{each: each for each in DAYS_PER},
    **{each + "s": each for each in DAYS_PER},
    "min": "minute",
    "mins": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "wk": "week",
    "mo": "month",
    "q": "quarter",
    "y": "year",
    "yr": "year",
    "yrs": "year",
    "wks": "week",
}
_MAGNITUDES: Mapping[str, Decimal] = {
    **dict.fromkeys(("k", "thousand"), Decimal(10) ** 3),
    **dict.fromkeys(("m", "million"), Decimal(10) ** 6),
    **dict.fromkeys(("b", "bn", "billion"), Decimal(10) ** 9),
}
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
_YES_NO = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}

_NUMBER = r"[+\-−]?(?:[0-9]{1,3}(?:[,'_ \u00a0\u202f][0-9]{3})+|[0-9]+)?(?:(?<=[0-9])|(?=\.[0-9]))(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
_PIECE = (
    r"(?P<{0}before>[A-Z]{{3}}|[€$£¥₹])?\s*(?P<{0}number>"
    + _NUMBER.replace("{", "{{").replace("}", "}}")
    + r")"
    r"\s*(?P<{0}after>%|(?:[^\W\d_]+\s*){{0,2}}|[€$£¥₹])"
)
_SINGLE = re.compile(_PIECE.format("low_"))
_RANGE = re.compile(_PIECE.format("low_") + r"\s*(?:\.\.|–|—|-|\bto\b)\s*" + _PIECE.format("high_"))
_PER = re.compile(r"\s*(?:/|\bper\b)\s*(?P<unit>[a-z]+)$", re.IGNORECASE)
_HEDGES = {
    "about": re.compile(r"(?:(?:about|around|roughly)\b|[~≈])\s*", re.IGNORECASE),
    "least": re.compile(
        r"(?:>=?|≥|(?:at least|more than|since|after|from(?!.*\bto\b))\b)\s*", re.IGNORECASE
    ),
    "most": re.compile(
        r"(?:<=?|≤|(?:at most|less than|up to|until|before|by)\b)\s*", re.IGNORECASE
    ),
    "from": re.compile(r"from\b\s*", re.IGNORECASE),
}
_CLOSED = ("", "about", "from")
_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:[T ][0-9:.+\-Z]+)?)?"
    r"|[- ]?(?P<part>[QqHhWw])(?P<number>[0-9]{1,2}))?"
)
_DAY_BACKWARDS = re.compile(r"(?P<part>[QqHh])(?P<number>[0-9])[- ](?P<year>[0-9]{4})")
_DAY_SEPARATOR = re.compile(r"\s*(?:\.\.|–|—)\s*|\s+(?:-|to)\s+")
_URL = re.compile(r"[a-z][a-z0-9+.\-]*:\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text means: the least and the most it may be.

    Both are None for types without order and where the value is unknown.
    An open end is an infinity. `unit` is the currency of money.
    """

    low: float | None = None
    high: float | None = None
    unit: str = ""
    unknown: bool = False


_UNKNOWN = Measure(unknown=True)


def parse_value(field: Field, text: str) -> Measure | None:
    """What `text` means as one value of this field; None where it does not fit.

    Units of the outcome stand in the table above. A value outside the field's
    bounds does not fit; an open or rough value is cut to them.
    """
    if is_unknown(field, text):
        return _UNKNOWN
    return _PARSERS[field.type](field, text)


def is_unknown(field: Field, text: str) -> bool:
    """Whether the text says that nobody knows the value."""
    return (
        len(text) < LONGEST_SCALAR
        and text.strip().casefold() == UNKNOWN
        and field.name != TITLE
        and not any(each.casefold() == UNKNOWN for each in field.choices)
    )


def format_value(field: Field, measure: Measure) -> str:
    """A text that `parse_value` reads as this measure; empty where it has no value."""
    if measure.unknown:
        return UNKNOWN
    if measure.low is None or measure.high is None:
        return ""
    if field.type == "choice":
        return field.choices[int(measure.low)]
    if field.type == "yes-no":
        return "yes" if measure.low else "no"
    if field.type == "day":
        return _format_days(measure.low, measure.high)
    if field.type == "instant":
        return _format_ends(measure.low, measure.high, _format_instant, "..")
    return _format_quantity(field, measure.low, measure.high, measure.unit)


def duration_days(text: str) -> float | None:
    """The longest reading of a duration in days; None where it is none."""
    measure = parse_value(Field(name="duration", type="duration"), text)
    return measure.high if measure else None


# Reading -----------------------------------------------------------------------------


def _parse_text(field: Field, text: str) -> Measure:
    return Measure()


def _parse_url(field: Field, text: str) -> Measure | None:
    return Measure() if _URL.fullmatch(text.strip()) else None


def _parse_choice(field: Field, text: str) -> Measure | None:
    if len(text) > 10 * LONGEST_SCALAR:
        return None
    fold = text.strip().casefold()
    for place, choice in enumerate(field.choices):
        if choice.casefold() == fold:
            return Measure(float(place), float(place))
    return None


def _parse_yes_no(field: Field, text: str) -> Measure | None:
    value = _YES_NO.get(text.strip().casefold()) if len(text) < LONGEST_SCALAR else None
    return None if value is None else Measure(value, value)


def _parse_quantity(field: Field, text: str) -> Measure | None:
    """A number, money, ratio or duration, whichever way it is hedged."""
    if len(text) > LONGEST_SCALAR:
        return None
    body, factor = _without_period(field, text.strip())
    body, hedge = _without_hedge(body)
    found = _SINGLE.fullmatch(body) or (_RANGE.fullmatch(body) if hedge in _CLOSED else None)
    ends = _ends(field, found.groupdict()) if found and factor else None
    if ends is None or factor is None:
        return None
    low, high, unit = ends[0] * factor, ends[1] * factor, ends[2]
    if hedge == "about":
        low, high = low - abs(low) / 5, high + abs(high) / 5
    span = _opened(float(low), float(high), hedge)
    return _bounded(field, span, unit, cut=bool(hedge)) if span else None


def _without_period(field: Field, text: str) -> tuple[str, Decimal | None]:
    """The text without "per month", and what turns it into the field's period."""
    found = _PER.search(text)
    if not found:
        return text, Decimal(1)
    unit = _UNIT_WORDS.get(found["unit"].casefold())
    if unit is None or field.per not in DAYS_PER:
        return text, None
    return text[: found.start()], _rounded(DAYS_PER[field.per] / DAYS_PER[unit])


def _rounded(factor: Decimal) -> Decimal:
    """Twelve months are a year exactly, whatever the digits of a month's days."""
    return round(factor, 12)


def _without_hedge(text: str) -> tuple[str, str]:
    """The text without "about", "at least" or "at most", and which of them it was."""
    for word, shape in _HEDGES.items():
        found = shape.match(text)
        if found:
            return text[found.end() :].strip(), word
    if text.endswith("+"):
        return text[:-1].strip(), "least"
    return text, ""


def _opened(low: float, high: float, hedge: str) -> tuple[float, float] | None:
    """Both ends, one of them opened by its hedge; None for a number too large."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return (-math.inf if hedge == "most" else low), (math.inf if hedge == "least" else high)


def _bounded(field: Field, span: tuple[float, float], unit: str, *, cut: bool) -> Measure | None:
    """A measure within the field's bounds, or cut to them where it was hedged."""
    low, high = span
    least = -math.inf if field.low is None else float(field.low)
    most = math.inf if field.high is None else float(field.high)
    if cut:
        low, high = max(low, least), min(high, most)
    fits = least <= low <= high <= most
    # Adding zero turns a negative zero into a plain one.
    return Measure(low + 0.0, high + 0.0, unit) if fits else None


def _ends(field: Field, found: Mapping[str, str | None]) -> tuple[Decimal, Decimal, str] | None:
    """Both ends in the unit of the type; the unit said last holds for both."""
    low_before, low_after = found["low_before"] or "", (found["low_after"] or "").strip()
    low_number = found["low_number"] or ""
    high_before = found.get("high_before") or low_before
    high_after = (found.get("high_after") or "").strip() or low_after
    high_number = found.get("high_number") or low_number
    low = _end(field, low_before or high_before, low_number, low_after or high_after)
    high = _end(field, high_before, high_number, high_after)
    if low is None or high is None or low[1] != high[1]:
        return None
    return low[0], high[0], low[1]


def _end(field: Field, before: str, number: str, after: str) -> tuple[Decimal, str] | None:
    """One end as an exact number, and its currency if it is money."""
    cleaned = re.sub(r"[,'_ \u00a0\u202f]", "", number).replace("−", "-")
    if not cleaned or len(cleaned) > LONGEST_SCALAR:
        return None
    amount = Decimal(cleaned)
    if field.type != "money" and before:
        return None
    match field.type:
        case "ratio":
            return _ratio(amount, after)
        case "duration":
            unit = _UNIT_WORDS.get(after.casefold() or field.unit.casefold() or "day")
            return (amount * DAYS_PER[unit], "") if unit else None
    words = after.split()
    magnitude = Decimal(1)
    if words and words[0].casefold() in _MAGNITUDES:
        magnitude = _MAGNITUDES[words.pop(0).casefold()]
    rest = " ".join(words)
    if field.type == "money":
        return _money(field, amount * magnitude, before, rest)
    same = rest.casefold() in {"", field.unit.casefold(), field.unit.casefold() + "s"}
    return (amount * magnitude, "") if same else None


def _money(field: Field, amount: Decimal, before: str, after: str) -> tuple[Decimal, str] | None:
    """An amount and its currency: the one said, else the field's."""
    said = [_SYMBOLS.get(each, each.upper()) for each in (before, after) if each]
    if len(said) > 1 and said[0] != said[1]:
        return None
    if said and not re.fullmatch("[A-Z]{3}", said[0]):
        return None
    return amount, said[0] if said else field.unit


def _ratio(amount: Decimal, after: str) -> tuple[Decimal, str] | None:
    """A ratio; a bare number above one is refused, for 40 may mean 40%."""
    if after in {"%", "percent"}:
        return amount / 100, ""
    return (amount, "") if not after and abs(amount) <= 1 else None


def _parse_day(field: Field, text: str) -> Measure | None:
    return _span(text, _days, slack=7)


def _span(
    text: str, ends_of: Callable[[str], tuple[int, int] | None], *, slack: int
) -> Measure | None:
    """One stretch of time, or from the first of one to the last of another."""
    if len(text) > LONGEST_SCALAR:
        return None
    body, hedge = _without_hedge(text.strip())
    pieces = _DAY_SEPARATOR.split(body)
    if len(pieces) > (2 if hedge in _CLOSED else 1):
        return None
    first, last = ends_of(pieces[0]), ends_of(pieces[-1])
    if first is None or last is None or first[0] > last[1]:
        return None
    low, high = float(first[0]), float(last[1])
    if hedge == "about":
        low -= max(slack, first[1] - first[0] + 1)
        high += max(slack, last[1] - last[0] + 1)
    span = _opened(low, high, hedge)
    return Measure(*span) if span else None


def _days(text: str) -> tuple[int, int] | None:
    """First and last day number of a day, week, month, quarter, half or year."""
    found = _DAY.fullmatch(text) or _DAY_BACKWARDS.fullmatch(text)
    if not found:
        return None
    parts = found.groupdict()
    year = int(found["year"])
    try:
        if parts.get("day"):
            number = _number_of(date(year, int(parts["month"]), int(parts["day"])))
            return number, number
        if parts.get("month"):
            return _months(year, int(parts["month"]), 1)
        if not parts["part"]:
            return _months(year, 1, 12)
        return _part_of_year(year, parts["part"].upper(), int(parts["number"]))
    except ValueError:
        return None


def _part_of_year(year: int, part: str, number: int) -> tuple[int, int]:
    """A quarter, half or ISO week; ValueError for one that is not in the year."""
    if part == "W":
        monday = _number_of(date.fromisocalendar(year, number, 1))
        return monday, monday + 6
    months = 3 if part == "Q" else 6
    if not 1 <= number <= 12 // months:
        raise ValueError(number)
    return _months(year, (number - 1) * months + 1, months)


def _months(year: int, month: int, count: int) -> tuple[int, int]:
    """Day numbers of `count` months of one year."""
    last = month + count - 1
    days = calendar.monthrange(year, last)[1]
    return _number_of(date(year, month, 1)), _number_of(date(year, last, days))


def _number_of(day: date) -> int:
    return day.toordinal() - _EPOCH_ORDINAL


def _parse_instant(field: Field, text: str) -> Measure | None:
    return _span(text, _instants, slack=7 * DAY_MICROSECONDS)


def _instants(text: str) -> tuple[int, int] | None:
    """An ISO 8601 instant (UTC where it names no zone), or all of a day or longer."""
    if ":" not in text and "T" not in text:
        days = _days(text)
        return days and (days[0] * DAY_MICROSECONDS, (days[1] + 1) * DAY_MICROSECONDS - 1)
    try:
        when = datetime.fromisoformat(text)
        instant = instant_of(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return instant, instant


_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_PARSERS: Mapping[str, Callable[[Field, str], Measure | None]] = {
    "text": _parse_text,
    "url": _parse_url,
    "choice": _parse_choice,
    "yes-no": _parse_yes_no,
    "day": _parse_day,
    "instant": _parse_instant,
    **dict.fromkeys(QUANTITIES, _parse_quantity),
}


# Writing -----------------------------------------------------------------------------


def _format_quantity(field: Field, low: float, high: float, unit: str) -> str:
    """Both ends in one unit, said once."""
    if field.type == "duration":
        return _format_duration(low, high)
    if field.type == "ratio":
        text = _format_ends(low, high, lambda each: _decimal_text(_exact(each) * 100) + "%", "–")
        # The sign is said once, as people write it: 20–30%.
        return text.replace("%–", "–")
    if field.type == "money":
        return _format_money(low, high, unit)
    return _format_ends(low, high, lambda each: _decimal_text(_exact(each)), "–")


def _format_money(low: float, high: float, currency: str) -> str:
    """Both ends in thousands or millions where that is short and exact."""
    ends = [_exact(each) for each in (low, high) if math.isfinite(each)]
    suffix, scale = next(
        (suffix, scale)
        for suffix, scale in _SCALES
        if scale == 1
        or (
            all((each / scale * 100) % 1 == 0 for each in ends)
            and any(abs(each) >= scale for each in ends)
        )
    )
    spoken = f"{currency} " if currency else ""
    if math.isinf(low) or math.isinf(high):
        return _format_ends(
            low, high, lambda each: f"{spoken}{_decimal_text(_exact(each) / scale)}{suffix}", "–"
        )
    amount = _format_ends(low, high, lambda each: _decimal_text(_exact(each) / scale), "–")
    return f"{spoken}{amount}{suffix}"


_SCALES = (("M", 1_000_000), ("k", 1_000), ("", 1))


def _format_duration(low: float, high: float) -> str:
    """The largest unit in which both ends are whole, else days."""
    finite = [_exact(each) for each in (low, high) if math.isfinite(each)]
    unit = "day"
    for word in ("year", "quarter", "month", "week"):
        if all(each and each % DAYS_PER[word] == 0 for each in finite):
            unit = word
            break

    def shown(each: float) -> str:
        return _decimal_text(_exact(each) / DAYS_PER[unit])

    plural = unit if finite and all(each == DAYS_PER[unit] for each in finite) else unit + "s"
    return f"{_format_ends(low, high, shown, '–')} {plural}"


def _format_ends(low: float, high: float, shown: Callable[[float], str], joint: str) -> str:
    """One end, two ends, or an open one."""
    if math.isinf(high):
        return f"at least {shown(low)}"
    if math.isinf(low):
        return f"at most {shown(high)}"
    return shown(low) if low == high else f"{shown(low)}{joint}{shown(high)}"


def _exact(number: float) -> Decimal:
    """The shortest decimal that is this float."""
    return Decimal(repr(number))


def _decimal_text(number: Decimal) -> str:
    """Digits without a needless point or zeros; an exponent only for huge ones."""
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 18:
        return str(int(number))
    return str(number.normalize())


def _format_days(low: float, high: float) -> str:
    """A day, a named span (month, quarter, year), or both ends."""
    if math.isinf(low) or math.isinf(high) or low == high:
        return _format_ends(low, high, _format_day, "..")
    first = date.fromordinal(int(low) + _EPOCH_ORDINAL)
    for name in (
        f"{first:%Y-%m}",
        f"{first:%Y}-Q{(first.month + 2) // 3}",
        f"{first:%Y}-H{(first.month + 5) // 6}",
        f"{first:%Y}",
    ):
        if _days(name) == (low, high):
            return name
    return _format_ends(low, high, _format_day, "..")


def _format_day(number: float) -> str:
    return date.fromordinal(int(number) + _EPOCH_ORDINAL).isoformat()


def _format_instant(instant: float) -> str:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    return when.isoformat().replace("+00:00", "Z")
