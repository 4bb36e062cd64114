"""When things begin and end: by their day fields, or by the journal's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.times import BEGINNING, DAY_MICROSECONDS, FOREVER, Instant
from latticework.model.model import Field, Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.analysis.flow.journeys import Journeys
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

    Longs = NDArray[np.int64]

HISTORY = "history"
"""The word for what the journal tells: when a thing was first under way, and when it was over."""

TOLERANCE_DAYS = 45
MOST_LOOKED_AT = 2000
_DAYLIKE = frozenset({"day", "instant"})
_FARTHEST_DAYS = 3_000_000


@dataclass(frozen=True, kw_only=True)
class Course:
    """From where a kind's beginnings and ends are read: a field, HISTORY, or nothing."""

    begins: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Earliest and latest beginning and end of each thing, in microseconds.

    BEGINNING and FOREVER stand for what nobody said; `sets` names the fields
    that hold them, `said` tells both as they were written.
    """

    begins: tuple[Longs, Longs]
    ends: tuple[Longs, Longs]
    sets: list[tuple[str, str]]
    said: list[str]

    def at(self, place: int) -> tuple[tuple[Instant, Instant], tuple[Instant, Instant]]:
        """Beginning and end of one of the things."""
        low, high = (int(each[place]) for each in self.begins)
        first, last = (int(each[place]) for each in self.ends)
        return (low, high), (first, last)


def day_fields(kind: Kind) -> tuple[Field, ...]:
    """The fields of a kind that hold days or instants."""
    return tuple(each for each in kind.fields if each.type in _DAYLIKE and not each.many)


def spans_of(graph: Graph, ids: Ids, *, now: Instant, begins: str = "", ends: str = "") -> Spans:
    """The spans of these things; without a choice each kind's own course."""
    import numpy as np

    size = len(ids)
    low, high = np.full(size, BEGINNING), np.full(size, BEGINNING)
    first, last = np.full(size, FOREVER), np.full(size, FOREVER)
    sets = [("", "")] * size
    said = [""] * size
    kinds = graph.kind_codes[ids]
    for code in np.unique(kinds).tolist():
        places = np.flatnonzero(kinds == code)
        kind = graph.model.kinds_by_name.get(graph.kind_names[code])
        if kind is None:
            continue
        read = _Reader(graph, ids[places], kind, now)
        course = course_of(read, begins=begins, ends=ends)
        low[places], high[places] = read.begins(course.begins)
        first[places], last[places] = read.ends(course.ends, course.begins)
        fields = (
            "" if course.begins == HISTORY else course.begins,
            "" if course.ends == HISTORY else course.ends,
        )
        for place, words in zip(places.tolist(), read.words(course), strict=True):
            sets[place], said[place] = fields, words
    return Spans(begins=(low, high), ends=(first, last), sets=sets, said=said)


def course_of(read: _Reader, *, begins: str = "", ends: str = "") -> Course:
    """The reader's choice, else the day fields that fit the things' history.

    A day field counts as a beginning where most things were not under way long
    before it; without such a field the journal tells. The end is the last other
    field that anything fills, else the last one declared.
    """
    fields = [each.name for each in day_fields(read.kind)]
    begin = begins if begins in {*fields, HISTORY} else ""
    if not begin:
        begin = next((name for name in fields[:-1] if read.may_begin(name)), "")
    if not begin and len(fields) == 1 and not read.kind.stages:
        begin = ""
    if not begin and read.kind.stages:
        begin = HISTORY
    rest = [name for name in fields if name != begin]
    filled = [name for name in rest if read.is_filled(name)]
    end = ends if ends in {*fields, HISTORY} else ""
    return Course(begins=begin, ends=end or next(iter(filled[::-1] or rest[::-1]), HISTORY))


class _Reader:
    """Reads the days of things of one kind, each column once."""

    def __init__(self, graph: Graph, ids: Ids, kind: Kind, now: Instant) -> None:
        self.graph, self.ids, self.kind, self.now = graph, ids, kind, now
        self._journeys: Journeys | None = None
        self._columns: dict[str, tuple[Longs, Longs, list[str]]] = {}

    @property
    def journeys(self) -> Journeys:
        """What became of the things, from the journal."""
        if self._journeys is None:
            from latticework.analysis.flow.journeys import journeys_of
            from latticework.analysis.flow.spells import spells_of

            self._journeys = journeys_of(spells_of(self.graph, self.ids, self.now))
        return self._journeys

    def history(self, name: str) -> Longs:
        """An instant of each journey in the order of the things."""
        import numpy as np

        found = self.journeys
        places = np.searchsorted(found.ids, self.ids)
        values = np.minimum(found.finished, found.dropped) if name == "over" else found.begun
        return np.asarray(values[places])

    def column(self, name: str) -> tuple[Longs, Longs, list[str]]:
        """First and last instant that a field means, the day after its last day, and its text."""
        import numpy as np

        if name not in self._columns:
            typed = self.graph.column(name, self.ids)
            unit = DAY_MICROSECONDS if typed.field.type == "day" else 1
            far = _FARTHEST_DAYS * (DAY_MICROSECONDS // unit)
            low, high = (each.to_numpy().astype(np.float64) for each in (typed.low, typed.high))
            first = np.where(
                np.isfinite(low), np.clip(np.nan_to_num(low), -far, far) * unit, np.nan
            )
            after = np.clip(np.nan_to_num(high), -far, far) * unit + unit
            last = np.where(np.isfinite(high), after, np.nan)
            texts = ["" if each is None else str(each) for each in typed.text.to_list()]
            self._columns[name] = (
                np.where(np.isnan(first), BEGINNING, np.nan_to_num(first)).astype(np.int64),
                np.where(np.isnan(last), FOREVER, np.nan_to_num(last)).astype(np.int64),
                texts,
            )
        return self._columns[name]

    def is_filled(self, name: str) -> bool:
        """Whether anything says a day in this field."""
        low, high, _ = self.column(name)
        return bool(((low > BEGINNING) | (high < FOREVER)).any())

    def may_begin(self, name: str) -> bool:
        """Whether most things were not under way long before the day of this field."""
        import numpy as np

        low, _, _ = self.column(name)
        known = low > BEGINNING
        if not known.any():
            return False
        if not self.kind.stages or len(self.ids) > MOST_LOOKED_AT:
            return True
        begun = self.history("begun")
        timed = known & (begun < FOREVER) & ~self._is_early()
        if not timed.any():
            return True
        late = low[timed] > begun[timed] + TOLERANCE_DAYS * DAY_MICROSECONDS
        return bool(np.mean(late) < 0.4)

    def begins(self, name: str) -> tuple[Longs, Longs]:
        """Earliest and latest beginning."""
        import numpy as np

        if name == HISTORY:
            begun = self.history("begun")
            known = np.where(begun < FOREVER, begun, BEGINNING)
            # What was first recorded under way may have begun at any time before.
            return np.where(self._is_early(), BEGINNING, known), known
        if not name:
            nothing = np.full(len(self.ids), BEGINNING)
            return nothing, nothing
        low, high, _ = self.column(name)
        return low, np.where(high < FOREVER, np.maximum(low, high - DAY_MICROSECONDS), low)

    def ends(self, name: str, begins: str) -> tuple[Longs, Longs]:
        """Earliest and latest end; what is over by its history has ended then."""
        import numpy as np

        over = np.full(len(self.ids), FOREVER)
        if HISTORY in {name, begins} and self.kind.stages:
            over = self.history("over")
        is_over = over < FOREVER
        if name == HISTORY or not name:
            # What is under way ends no earlier than now.
            open_since = np.full(len(self.ids), self.now)
            return np.where(is_over, over, open_since), np.where(is_over, over, FOREVER)
        low, high, _ = self.column(name)
        first = np.where(low > BEGINNING, low + DAY_MICROSECONDS, np.minimum(high, self.now))
        first = np.minimum(first, high)
        return np.where(is_over, over, first), np.where(is_over, over, high)

    def words(self, course: Course) -> list[str]:
        """What the fields say, as written."""
        names = dict.fromkeys(each for each in (course.begins, course.ends) if each)
        parts = [(name, self.column(name)[2]) for name in names if name != HISTORY]
        return [
            ", ".join(f"{name} {texts[place]}" for name, texts in parts if texts[place])
            for place in range(len(self.ids))
        ]

    def _is_early(self) -> NDArray[np.bool_]:
        import numpy as np

        found = self.journeys
        return np.asarray(found.early[np.searchsorted(found.ids, self.ids)])


def is_dated(span: Sequence[tuple[Instant, Instant]]) -> bool:
    """Whether a beginning or an end is known at all."""
    (_, begun), (_, over) = span
    return begun > BEGINNING or over < FOREVER
