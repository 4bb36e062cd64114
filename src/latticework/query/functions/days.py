"""Functions of days; a range of days has an answer where its ends agree."""

from datetime import date

from latticework.query.function import function


@function
def year(day: date) -> int:
    """The calendar year of a day.

    = year(2026-03-14) → 2026
    """
    return day.year


@function
def quarter(day: date) -> str:
    """The quarter of a day, written as a day field takes it.

    = quarter(2026-03-14) → "2026-Q1"
    """
    return f"{day.year}-Q{(day.month + 2) // 3}"


@function
def month(day: date) -> str:
    """The month of a day, written as a day field takes it.

    = month(2026-03-14) → "2026-03"
    """
    return f"{day.year}-{day.month:02}"


@function
def weekday(day: date) -> str:
    """The name of the day of the week.

    = weekday(2026-03-14) → "Saturday"
    """
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return names[day.weekday()]
