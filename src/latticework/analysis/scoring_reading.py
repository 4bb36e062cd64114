"""What was said of some things' future, as it was said, and what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from latticework.analysis.flow.journeys import NEVER, journeys_of
from latticework.analysis.flow.spells import Flags, Numbers, spells_of
from latticework.analysis.scoring import (
    Bin,
    Brier,
    Coverage,
    brier,
    calibration,
    coverage,
    side_of,
)
from latticework.base.findings import Refused, error
from latticework.base.times import DAY_MICROSECONDS, Instant
from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.graph.timeline import Ints, Longs
from latticework.query.ask import ask
from latticework.query.cells import from_typed
from latticework.query.columns import read_cells
from latticework.query.extent import Lookup
from latticework.query.plan import FieldRead

INTERFACE = "forecast"
CAME = {"yes": 1.0, "partly": 0.5, "no": 0.0}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A field as said at the start and last before the end, for each thing.

    Values are ranges; nan where nothing usable was said by then.
    """

    first_low: Numbers
    first_high: Numbers
    last_low: Numbers
    last_high: Numbers


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Ranges as they were first said, beside what came, for each thing.

    `known` are the places of things of which both are known; only there do the
    numbers mean anything.
    """

    low: Numbers
    high: Numbers
    came_low: Numbers
    came_high: Numbers
    known: Longs

    @cached_property
    def sides(self) -> Numbers:
        """Where what came lies, of those that are known: 0 inside, -1 before, 1 after."""
        ends = (self.low, self.high, self.came_low, self.came_high)
        return side_of(*(each[self.known] for each in ends))

    @property
    def coverage(self) -> Coverage:
        """How many lie inside, before and after."""
        ends = (self.low, self.high, self.came_low, self.came_high)
        return coverage(*(each[self.known] for each in ends))


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores of the forecasts in a question's things.

    `ids` are the things, `came` 1, 0.5 or 0, or nan. Chances are scored as
    they were when a thing began to run (`at_first`, of the things at the places
    `first`) and as they were last before it was closed (`at_last`, `last`).
    `due` lays the range of days said at the beginning beside the day on which
    it was finished, `gain` the amount said beside what was seen.
    """

    ids: Ints
    came: Numbers
    chance: Said
    first: Longs
    last: Longs
    at_first: Brier | None
    at_last: Brier | None
    due: Beside
    gain: Beside
    closed: int
    without_outcome: int
    without_chance: int
    without_day: int

    @property
    def days(self) -> Coverage:
        """How many were finished within the days first said."""
        return self.due.coverage

    @property
    def amounts(self) -> Coverage:
        """How many brought the gain first said."""
        return self.gain.coverage

    @cached_property
    def middles(self) -> Numbers:
        """The chance first said of each thing that is scored, its range by the middle."""
        return (self.chance.first_low + self.chance.first_high)[self.first] / 2

    @cached_property
    def bins(self) -> tuple[Bin, ...]:
        """How often things came of which about the same chance was said."""
        return calibration(self.middles, self.came[self.first])


def scores_of(graph: Graph, query: str, *, until: Instant, today: date) -> Scores:
    """Scores of what a question asks about; Refused where no kind forecasts."""
    if not graph.model.kinds_of(INTERFACE):
        says = f"no kind here provides '{INTERFACE}'"
        hint = "write 'is: forecast' for a kind, and map its fields to those of the interface"
        raise Refused([error("SCORE001", says, hint=hint)])
    asked = ask(graph, query, today=today).ids
    mine = np.isin(asked, ask(graph, INTERFACE, today=today).ids)
    ids = np.sort(asked[mine]).astype(np.int32)
    journeys = journeys_of(spells_of(graph, ids, until))
    ends = np.minimum(journeys.finished, journeys.dropped)
    closed = ends < NEVER
    start = np.where(journeys.begun < NEVER, journeys.begun, ends)
    came = _came(graph, ids)
    chance = said_of(graph, "confidence", ids, start, ends, until)
    due = said_of(graph, "due", ids, start, ends, until)
    usable = closed & ~np.isnan(came)
    first = np.flatnonzero(usable & ~np.isnan(chance.first_low))
    last = np.flatnonzero(usable & ~np.isnan(chance.last_low))
    finished = journeys.finished < NEVER
    dated = finished & ~np.isnan(due.first_low)
    return Scores(
        ids=ids,
        came=came,
        chance=chance,
        first=first,
        last=last,
        at_first=brier(chance.first_low[first], chance.first_high[first], came[first]),
        at_last=brier(chance.last_low[last], chance.last_high[last], came[last]),
        due=_days(due, journeys.finished, dated),
        gain=_amounts(graph, ids, closed, start, ends, until),
        closed=int(closed.sum()),
        without_outcome=int((closed & np.isnan(came)).sum()),
        without_chance=int(usable.sum()) - len(first),
        without_day=int((finished & ~dated).sum()),
    )


def said_of(graph: Graph, name: str, ids: Ints, start: Longs, end: Longs, until: Instant) -> Said:
    """A field as it stood at the start, or first after, and before the end."""
    found = {key: np.full(len(ids), np.nan) for key in ("fl", "fh", "ll", "lh")}
    read = _field(graph, name)
    for source in read.sources if read is not None else ():
        if source.expression is not None:
            continue
        words = graph.words.field_words(source.kind, source.column, graph.log.cells)
        cells = graph.log.cells_of(words)
        code = graph.kind_names.index(source.kind)
        places = np.full(graph.size, -1, dtype=np.int64)
        places[ids] = np.where(graph.kind_codes[ids] == code, np.arange(len(ids)), -1)
        line = cells.line
        seen = (line.valid <= until) & (line.number <= graph.number)
        rows = np.flatnonzero(seen & (places[line.subject] >= 0)).astype(np.int32)
        values = from_typed(read_values(source.field, cells.values.gather(line.value[rows])))
        usable = values.present & ~values.unclear & np.isfinite(values.low + values.high)
        rows, low, high = rows[usable], values.low[usable], values.high[usable]
        place, valid = places[line.subject[rows]], line.valid[rows]
        before = valid <= end[place]
        place, valid, low, high = place[before], valid[before], low[before], high[before]
        # Rows lie in the order of time: written backwards, the earliest one stays.
        late = valid > start[place]
        found["fl"][place[late][::-1]] = low[late][::-1]
        found["fh"][place[late][::-1]] = high[late][::-1]
        early = ~late
        found["fl"][place[early]], found["fh"][place[early]] = low[early], high[early]
        found["ll"][place], found["lh"][place] = low, high
    return Said(
        first_low=found["fl"],
        first_high=found["fh"],
        last_low=found["ll"],
        last_high=found["lh"],
    )


def _field(graph: Graph, name: str) -> FieldRead | None:
    lookup = Lookup(graph.model)
    extent = lookup.find_extent(INTERFACE)
    return lookup.find_field(name, extent) if extent is not None else None


def _came(graph: Graph, ids: Ints) -> Numbers:
    read = _field(graph, "came true")
    if read is None or not len(ids):
        return np.full(len(ids), np.nan)
    texts = read_cells(graph, read, ids).written().to_list()
    return np.array([CAME.get(str(each).casefold(), np.nan) for each in texts])


def _days(due: Said, finished: Longs, dated: Flags) -> Beside:
    """The days said at the beginning beside that on which it was finished."""
    day = np.floor(finished / DAY_MICROSECONDS)
    return Beside(
        low=due.first_low,
        high=due.first_high,
        came_low=day,
        came_high=day,
        known=np.flatnonzero(dated),
    )


def _amounts(
    graph: Graph, ids: Ints, closed: Flags, start: Longs, end: Longs, until: Instant
) -> Beside:
    """The gain said at the beginning beside the last that was seen of it."""
    gain = said_of(graph, "gain", ids, start, end, until)
    late = np.full(len(ids), NEVER, dtype=np.int64)
    seen = said_of(graph, "so far", ids, start, late, until)
    return Beside(
        low=gain.first_low,
        high=gain.first_high,
        came_low=seen.last_low,
        came_high=seen.last_high,
        known=np.flatnonzero(closed & ~np.isnan(gain.first_low) & ~np.isnan(seen.last_low)),
    )
