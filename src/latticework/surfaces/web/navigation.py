"""Where a reader can go from any page: places, days that have a name, branches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from latticework.journal.store import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from latticework.journal.store import Store
    from latticework.model.model import NamedMoment
    from latticework.surfaces.web.look import Look

MOST_BRANCHES = 12
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page that the navigation names; `key` follows a "g" on the keyboard.

    A place that stands apart begins another group.
    """

    path: str
    word: str
    key: str
    mark: str
    apart: bool = False


@dataclass(frozen=True, kw_only=True)
class NamedDay:
    """A day that people call by a name; `at` is what addresses say for it."""

    name: str
    day: date
    at: str = ""

    @property
    def words(self) -> str:
        """As short as a menu has room for."""
        return short_day(self.day)


@dataclass(frozen=True, kw_only=True)
class BranchLine:
    """A branch as the switcher names it; `href` is this page on it."""

    name: str
    why: str
    href: str
    here: bool


_PLACES = (
    Place(path="/", word="Company", key="h", mark="company"),
    Place(path="/ask", word="Ask", key="a", mark="ask"),
    Place(path="/findings", word="Findings", key="i", mark="findings"),
    Place(path="/feed", word="Feed", key="f", mark="feed"),
    Place(path="/inbox", word="Inbox", key="u", mark="inbox"),
    Place(path="/tree", word="Tree", key="t", mark="tree", apart=True),
    Place(path="/views/board", word="Board", key="b", mark="board"),
    Place(path="/views/timeline", word="Timeline", key="l", mark="timeline"),
    Place(path="/views/map", word="Map", key="p", mark="map"),
    Place(path="/views/matrix", word="Matrix", key="x", mark="matrix"),
    Place(path="/views/readings", word="Readings", key="e", mark="readings"),
    Place(path="/diff", word="Changes", key="d", mark="changes", apart=True),
    Place(path="/branches", word="Branches", key="r", mark="branches"),
    Place(path="/sources", word="Sources", key="o", mark="sources"),
    Place(path="/model", word="Model", key="m", mark="model"),
    Place(path="/sql", word="SQL", key="s", mark="sql"),
    Place(path="/views", word="Views", key="v", mark="views"),
)


@cache
def places() -> tuple[Place, ...]:
    """The places that there are, in the order of the navigation."""
    from latticework.surfaces.web.routes import routes
    from latticework.views.catalogue import views

    known = {path for each in routes() for path in each.paths}
    known |= {f"/views/{name}" for name in views()}
    return tuple(place for place in _PLACES if place.path in known)


def named_days(today: date, moments: Iterable[NamedMoment] = ()) -> tuple[NamedDay, ...]:
    """Days worth going back to, the latest first; none twice, the company's own names first.

    Each stands for its end: what held before a quarter held at the end of the
    day before its first.
    """
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    year = today.replace(month=1, day=1)
    named = (
        NamedDay(name="Yesterday", day=today - timedelta(days=1)),
        NamedDay(name="A week ago", day=today - _WEEK),
        NamedDay(name="Four weeks ago", day=today - 4 * _WEEK),
        NamedDay(name="Start of the quarter", day=quarter),
        NamedDay(name="Last quarter’s end", day=quarter - timedelta(days=1)),
        NamedDay(name="Last year’s end", day=year - timedelta(days=1)),
        NamedDay(name="A year ago", day=today - 52 * _WEEK),
    )
    own = (NamedDay(name=each.name, day=each.day, at=each.name) for each in moments)
    days: dict[date, NamedDay] = {}
    for each in (*own, *named):
        if each.day < today:
            days.setdefault(each.day, each)
    return tuple(sorted(days.values(), key=lambda each: each.day, reverse=True))


def short_day(day: date) -> str:
    """A day as a button has room for it: "21 Nov 2026"."""
    return f"{day:%-d %b %Y}"


def iso_day(text: str) -> str:
    """The day that a text begins with; else empty, as a date field wants it."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def branch_lines(store: Store, look: Look) -> tuple[BranchLine, ...]:
    """The main line and what is open beside it, the branch that is read always among them."""
    names = [(each.name, each.why) for each in store.branches() if not each.merged]
    told = dict([(MAIN, "what is so"), *names[-MOST_BRANCHES:]])
    told.setdefault(look.branch, "")
    return tuple(
        BranchLine(
            name=name,
            why=why,
            href=look.here(branch="" if name == MAIN else name),
            here=name == look.branch,
        )
        for name, why in told.items()
    )
