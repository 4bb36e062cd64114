"""What a reading is: how it is declared, asked in a company's words, and answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

import numpy as np

from latticework.analysis import readings as reading_files
from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Evidence, Made, named
from latticework.analysis.rule import place_of
from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.registry import Declared, Registry, discover
from latticework.graph.graph import Graph
from latticework.model.model import BoundReading, Field, Model
from latticework.model.values import Measure, format_value
from latticework.query.cells import rounded
from latticework.query.truth import Ids, Longs, Mask, Numbers

COUNT = Field(name="count", type="number")
RATIO = Field(name="share", type="ratio")

GROUP = "latticework.readings"
"""The entry point by which an installed plugin offers readings."""

_WHOLE = 100
"""Numbers from here on are told without what comes after the point."""

SMALLEST = 3
"""Groups with fewer answers than this are never shown."""

TOO_FEW = "too few to show"

UNKNOWN_WHOLE = Measure(None, None)
"""The figure of a whole that nobody knows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What a reading says: a figure for the whole, and one per thing or group.

    `ids` are things, or -1 where a row is a group that `names` calls by name.
    `low` and `high` are nan where nobody knows. `words` says of a row what no
    number says. `made` tells what one row is made of, `made_whole` the whole.
    `hidden` counts rows held back because they are too small.
    """

    asking: Asking
    says: str
    field: Field
    ids: Ids
    low: Numbers
    high: Numbers
    made: Callable[[int], Made]
    made_whole: Callable[[], Made]
    whole: Measure = UNKNOWN_WHOLE
    whole_field: Field | None = None
    names: tuple[str, ...] = ()
    words: Callable[[int], str] | None = None
    unit: str = ""
    hidden: int = 0
    worst: str = "high"
    assumptions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def known(self) -> Mask:
        """Which rows have a figure."""
        return ~np.isnan(self.low)

    @cached_property
    def order(self) -> Longs:
        """Rows with what should be looked at first; what nobody knows comes last."""
        rank = self.low if self.worst == "low" else -self.high
        return np.argsort(np.where(np.isnan(rank), np.inf, rank), kind="stable")

    def text(self, row: int) -> str:
        """One row's figure as people write it, with its words."""
        figure = self.figure(row)
        said = self.words(row) if self.words is not None else ""
        return " · ".join(part for part in (figure, said) if part) or "unknown"

    def figure(self, row: int) -> str:
        """One row's figure alone; empty where there is none."""
        low, high = float(self.low[row]), float(self.high[row])
        return shown(self.field, Measure(low, high), self.unit) if not np.isnan(low) else ""

    @property
    def whole_text(self) -> str:
        """The figure of the whole; empty where there is none."""
        if self.whole_field is not None:
            return shown(self.whole_field, self.whole)
        return shown(self.field, self.whole, self.unit)

    def about(self, row: int) -> Evidence:
        """Why one row's figure is what it is."""
        if self.ids[row] < 0:
            about = title = self.names[row]
        else:
            called = named(self.asking.graph, self.ids[row : row + 1])
            about, title = called.refs[0], called.titles[0]
        asked, value = self.asking.bound.name, self.figure(row)
        return self.made(row).evidence(about=about, title=title, asked=asked, value=value)

    def about_whole(self) -> Evidence:
        """Why the figure of the whole is what it is."""
        asked, value = self.asking.bound.name, self.whole_text
        return self.made_whole().evidence(about="", title="", asked=asked, value=value)

    def find_row(self, node: int) -> int | None:
        """The row of a thing."""
        found = np.flatnonzero(self.ids == node)
        return int(found[0]) if len(found) else None


def shown(field: Field, measure: Measure, unit: str = "") -> str:
    """A worked-out measure, rounded to what a person can use."""
    if measure.low is None or measure.high is None:
        return ""
    low, high = _short(field, measure.low), _short(field, measure.high)
    if field.type == "number" and np.isfinite(low) and np.isfinite(high):
        text = "–".join(dict.fromkeys(f"{each:,.15g}" for each in (low, high)))
    else:
        text = format_value(field, replace(measure, low=low, high=high))
    several = "" if low == high == 1 or not unit else "s"
    return f"{text} {unit}{several}" if unit else text


def _short(field: Field, value: float) -> float:
    if not np.isfinite(value):
        return value
    if field.type == "number" and abs(value) >= _WHOLE:
        return float(round(value))
    digits = {"ratio": 3, "number": 2, "duration": 1}.get(field.type)
    return rounded(value) if digits is None else round(value, digits)


SMALLEST_SHOWN = Needs(
    name="smallest",
    sort=Sort.COUNT,
    says="with fewer answers nothing is shown",
    default=(str(SMALLEST),),
)


@dataclass(frozen=True, kw_only=True)
class Reading(Declared):
    """A figure that can be asked of any company, once bound to its words."""

    needs: tuple[Needs, ...]
    since: str
    compute: Callable[[Asking], Answer]

    def answer(self, graph: Graph, bound: BoundReading, today: date) -> Answer:
        """What it says now; raises Refused (READING…) with all that cannot be asked."""
        asking = Asking(graph=graph, today=today, bound=bound, needs=self.needs)
        asking.refuse_unfit()
        return _without_people(self.compute(asking), graph)


def reading(*needs: Needs, since: str) -> Callable[[Callable[[Asking], Answer]], Reading]:
    """Declare a function as a reading; its docstring is its page in the manual.

    The docstring shows a little company in a fence `yaml company`, its model
    with the bound reading, and what it reads in a fence `yaml reads`: they are
    the reading's tests.
    """

    def declare(compute: Callable[[Asking], Answer]) -> Reading:
        return Reading(
            name=compute.__name__.strip("_").replace("_", "-"),
            doc=inspect.cleandoc(compute.__doc__ or ""),
            module=compute.__module__,
            needs=needs,
            since=since,
            compute=compute,
        )

    return declare


@cache
def readings() -> Registry[Reading]:
    """Readings by name, ours and those of installed plugins."""
    return discover(Reading, reading_files, group=GROUP)


def unbound(model: Model) -> tuple[Reading, ...]:
    """The readings that a model does not bind to its words."""
    used = {each.computes for each in model.readings}
    return tuple(each for name, each in readings().items() if name not in used)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A bound reading with its answer, or with what forbids one."""

    bound: BoundReading
    answer: Answer | None = None
    findings: tuple[Finding, ...] = ()


def read_all(graph: Graph, today: date) -> Iterator[Read]:
    """Every reading that the model binds, in its order."""
    for bound in graph.model.readings:
        try:
            yield Read(bound=bound, answer=read_one(graph, bound, today))
        except Refused as refused:
            yield Read(bound=bound, findings=refused.findings)


def read_one(graph: Graph, bound: BoundReading, today: date) -> Answer:
    """One bound reading's answer, kept as long as the graph is; raises Refused."""
    found = readings().get(bound.computes)
    if found is None:
        known = readings()
        hint = did_you_mean(bound.computes, known, otherwise="one of " + ", ".join(known))
        says = f"'{bound.computes}' computes nothing that is known"
        place = place_of(graph.model, f"readings.{bound.name}.computes")
        raise Refused([error("READING001", says, hint=hint, place=place, value=bound.computes)])
    key = ("analysis", "reading", bound.name, repr(bound), str(today))
    return graph.keep(key, lambda: found.answer(graph, bound, today))


def find_bound(model: Model, name: str) -> BoundReading:
    """The bound reading of this name; raises Refused (READING004) without one."""
    by_name = {each.name.casefold(): each for each in model.readings}
    found = by_name.get(name.strip().casefold())
    if found is None:
        otherwise = "it binds: " + ", ".join(by_name) if by_name else "add a 'readings:' section"
        hint = did_you_mean(name, by_name, otherwise=otherwise)
        says = f"the model binds no reading '{name}'"
        raise Refused([error("READING004", says, hint=hint, value=name)])
    return found


def _without_people(answer: Answer, graph: Graph) -> Answer:
    """The answer without rows about single people: nobody is ever rated."""
    codes = [
        code
        for code, name in enumerate(graph.kind_names)
        if (kind := graph.model.kinds_by_name.get(name)) is not None and kind.people
    ]
    things = np.flatnonzero(answer.ids >= 0)
    one = np.zeros(len(answer.ids), dtype=np.bool_)
    one[things] = np.isin(graph.kind_codes[answer.ids[things]], codes)
    if not one.any():
        return answer
    rows = np.flatnonzero(~one)
    made, words = answer.made, answer.words
    return replace(
        answer,
        ids=answer.ids[rows],
        low=answer.low[rows],
        high=answer.high[rows],
        names=tuple(answer.names[row] for row in rows) if answer.names else (),
        made=lambda row: made(int(rows[row])),
        words=None if words is None else lambda row: words(int(rows[row])),
        hidden=answer.hidden + int(one.sum()),
    )


def exactly(value: float) -> Measure:
    """One number; nothing where there is none."""
    return Measure(None, None) if np.isnan(value) else Measure(value, value)


def too_few(sizes: Longs | Numbers, smallest: int) -> Mask:
    """Groups that hold somebody and are too small to be shown."""
    return np.asarray((sizes > 0) & (sizes < smallest))
