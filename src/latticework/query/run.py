"""A plan's conditions, answered for many things of a graph at once.

A value that is absent is never equal, less or more; `is not` is the opposite
of `is`, so it holds for what is absent. A value that nobody knows makes every
comparison possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import Moment
from latticework.graph.graph import Graph
from latticework.query.applied import apply
from latticework.query.ast import Lack, Quantity
from latticework.query.cells import Cells, no_texts, split_by_kind
from latticework.query.columns import columns_of, read_cells
from latticework.query.compare import against, contains, in_bounds, is_one_of, range_against
from latticework.query.extent import Lookup
from latticework.query.lexer import place_in
from latticework.query.plan import (
    Absent,
    Against,
    AllOf,
    AnyOf,
    Applied,
    ChangedWithin,
    ContainsText,
    Destination,
    FieldRead,
    InBounds,
    InWords,
    LinkStep,
    Listed,
    Measured,
    Negated,
    Perhaps,
    PlanCondition,
    Reaches,
    Tallied,
    Then,
    WentFromTo,
)
from latticework.query.resolve import resolve_then
from latticework.query.tally import Tallies, tally
from latticework.query.truth import Ids, Mask, Truth, narrow, never, settled, spread
from latticework.query.walk import leads_to, reached
from latticework.query.went import went

_NARROW = 8
"""Asked for fewer than one thing in so many, only what they reach is looked at."""

_DAYS = 2
"""Graphs of other days that are kept."""

_COST = {InBounds: 1, InWords: 1, Absent: 1, ContainsText: 2, Against: 2, Reaches: 3}
"""What to ask first, where all terms must hold; others come last."""


@dataclass(frozen=True)
class Run:
    """One question on its way through a graph.

    `text` is the query's, for places of findings. Graphs of other days are
    kept while the question lasts.
    """

    graph: Graph
    today: date
    text: str = ""
    days: dict[int, Run] = field(default_factory=dict)

    # Conditions ----------------------------------------------------------------------

    def truth(self, condition: PlanCondition, ids: Ids) -> Truth:
        """Whether the condition holds, for each of `ids`."""
        match condition:
            case AllOf(terms):
                return self._all(terms, ids)
            case AnyOf(terms):
                return self._any(terms, ids)
            case Negated(term):
                return ~self.truth(term, ids)
            case Perhaps(term):
                return self.truth(term, ids).possibly()
            case Then():
                return self._then(condition, ids)
            case Reaches():
                return self._reaches(condition, ids)
            case ChangedWithin():
                return self._changed(condition, ids)
            case WentFromTo():
                return went(self, condition, ids)
        return self._compared(condition, ids)

    def _all(self, terms: tuple[PlanCondition, ...], ids: Ids) -> Truth:
        """Term by term, each for those that may still hold."""
        first, *rest = sorted(terms, key=_cost)
        truth = self.truth(first, ids)
        places: Ids = np.flatnonzero(truth.maybe)
        truth = truth[places]
        for term in rest:
            part = self.truth(term, ids[places])
            kept = np.flatnonzero(part.maybe)
            truth = truth[kept] & part[kept]
            places = places[kept]
        return spread(truth, places, len(ids))

    def _any(self, terms: tuple[PlanCondition, ...], ids: Ids) -> Truth:
        """Term by term, each for those that do not yet hold."""
        truth = never(len(ids))
        for term in sorted(terms, key=_cost):
            places = np.flatnonzero(~truth.sure)
            part = self.truth(term, ids[places])
            truth = truth | spread(part, places, len(ids))
        return truth

    def _compared(self, condition: PlanCondition, ids: Ids) -> Truth:
        match condition:
            case InBounds(FieldRead() as read, op, bounds):
                return self._by_kind(
                    read, ids, lambda kind, cells: in_bounds(cells, op, bounds[kind])
                )
            case InBounds(Tallied() as what, op, bounds):
                found = self.tallies(what, ids)
                truth = range_against(found.low, found.high, op, bounds[""])
                other = found.mixed | (found.known & _differs(found, bounds[""].unit))
                return Truth(truth.sure & ~other, truth.maybe | other)
            case InBounds(what, op, bounds):
                return in_bounds(self.cells(what, ids), op, bounds[""])
            case InWords(FieldRead() as read, words):
                return self._by_kind(read, ids, lambda kind, cells: is_one_of(cells, words[kind]))
            case InWords(what, words):
                return is_one_of(self.cells(what, ids), words[""])
            case ContainsText(what, text):
                return contains(self.cells(what, ids), text)
            case Against(left, op, right):
                return against(self.cells(left, ids), op, self.cells(right, ids))
            case Absent(what, lack):
                return settled(self._lacks(what, lack, ids))
        raise TypeError(condition)

    def _by_kind(self, read: FieldRead, ids: Ids, holds: Callable[[str, Cells], Truth]) -> Truth:
        """Whether a field's values hold, each kind's by its own measure."""
        columns = columns_of(self.graph)
        truth: Truth | None = None
        for source, places in split_by_kind(self.graph, read, ids):
            if places is None:
                return holds(source.kind, columns.read(source, ids))
            part = spread(holds(source.kind, columns.read(source, ids[places])), places, len(ids))
            truth = part if truth is None else truth | part
        return truth or never(len(ids))

    def _lacks(self, what: Measured, lack: Lack, ids: Ids) -> Mask:
        cells = self.cells(what, ids)
        if lack is Lack.MISSING:
            return ~cells.present
        return cells.unknown if lack is Lack.UNKNOWN else cells.misfit

    # Measures ------------------------------------------------------------------------

    def cells(self, what: Measured, ids: Ids) -> Cells:
        """The values of a measure, one per thing."""
        match what:
            case FieldRead():
                return read_cells(self.graph, what, ids)
            case Applied(function, inner):
                return apply(function, self.cells(inner, ids))
            case Tallied():
                return _as_cells(self.tallies(what, ids))
            case Listed():
                raise TypeError(what)

    def tallies(self, what: Tallied, ids: Ids) -> Tallies:
        """The tally of each thing."""
        return tally(self.graph, what, ids, self.targets(what.steps, what.target, ids))

    # Paths ---------------------------------------------------------------------------

    def targets(self, steps: tuple[LinkStep, ...], at: Destination, ids: Ids) -> Truth:
        """Which nodes count at the end of the steps from `ids`, as masks of the graph."""
        if not steps:
            return settled(self.graph.alive)
        within: Mask = self.graph.alive
        if (at.where is not None or not at.is_open) and len(ids) * _NARROW < self.graph.size:
            starts = np.zeros(self.graph.size, dtype=np.bool_)
            starts[ids] = True
            within = within & reached(self.graph, steps, starts)
        return self._counting(at, within)

    def _counting(self, at: Destination, within: Mask) -> Truth:
        if at.ref:
            one = np.zeros(self.graph.size, dtype=np.bool_)
            one[self.thing(at)] = True
            within = within & one
        elif at.kinds is not None:
            within = within & self.of_kinds(at.kinds)
        if at.where is None:
            return settled(within)
        ids = np.flatnonzero(within)
        return spread(self.truth(at.where, ids), ids, self.graph.size)

    def of_kinds(self, kinds: tuple[str, ...]) -> Mask:
        """The nodes of these kinds, existing or not."""
        chosen = np.array([name in kinds for name in self.graph.kind_names], dtype=np.bool_)
        return np.asarray(chosen[self.graph.kind_codes])

    def thing(self, at: Destination) -> int:
        """The node that a ref leads to; raises Refused where there is none."""
        found = self.graph.find(at.ref)
        if found is not None:
            return found
        kind = at.ref.partition("/")[0].casefold()
        known = self.graph.refs.filter(
            self.graph.refs.str.to_lowercase().str.starts_with(f"{kind}/")
        )
        says = f"nothing is called '{at.ref}'"
        hint = did_you_mean(
            at.ref, known.head(5_000).to_list(), otherwise="look at the refs of " + kind
        )
        place = place_in(self.text, at.span.start, at.span.end)
        raise Refused([error("QUERY031", says, hint=hint, place=place, value=at.ref)])

    def _reaches(self, reaches: Reaches, ids: Ids) -> Truth:
        if reaches.quantity is Quantity.UNKNOWN:
            return settled(self._loose_ends(reaches.steps, Destination())[ids])
        ends = self.targets(reaches.steps, reaches.target, ids)
        sure = leads_to(self.graph, reaches.steps, ends.sure)
        same = ends.sure is ends.maybe or not (ends.maybe & ~ends.sure).any()
        maybe = sure if same else leads_to(self.graph, reaches.steps, ends.maybe)
        loose = self._loose_ends(reaches.steps, reaches.target)
        if reaches.target.ref and len(reaches.steps) == 1:
            sure = sure | loose
        truth = Truth(sure[ids], (maybe | loose)[ids])
        return ~truth if reaches.quantity is Quantity.NONE else truth

    def _loose_ends(self, steps: tuple[LinkStep, ...], at: Destination) -> Mask:
        """The nodes whose steps lead to something that was never put.

        It may be what is asked for; nobody has said what it is.
        """
        found = np.zeros(self.graph.size, dtype=np.bool_)
        for number, step in enumerate(steps):
            last = number == len(steps) - 1
            here = np.zeros(self.graph.size, dtype=np.bool_)
            for name, back in step.ways:
                if not back:
                    sources, targets = self.graph.dangling(name)
                    if len(sources):
                        here[sources[self._may_be(targets, at, last)]] = True
            if here.any():
                again = (replace(step, repeat="*"),) if step.repeat else ()
                found |= leads_to(self.graph, (*steps[:number], *again), here)
        return found

    def _may_be(self, targets: Ids, at: Destination, last: bool) -> Mask:
        """Which absent things may be the ones asked for."""
        if last and at.ref:
            return np.asarray(targets == self.thing(at))
        standing = self.graph.log.existence.at(self.graph.moment.valid, self.graph.number)
        open_ = standing.rows_of(narrow(targets)) < 0
        if last and at.kinds is not None:
            open_ = open_ & self.of_kinds(at.kinds)[targets]
        return np.asarray(open_)

    # Time ----------------------------------------------------------------------------

    def on(self, instant: int) -> Run:
        """The same question on another day."""
        if instant not in self.days:
            graph = days_of(self.graph).at(instant)
            self.days[instant] = Run(graph, self.today, self.text, self.days)
        return self.days[instant]

    def _then(self, then: Then, ids: Ids) -> Truth:
        past = self.on(then.instant)
        term: PlanCondition | None = then.term
        if past.graph.model is not self.graph.model and past.graph.model != self.graph.model:
            lookup = Lookup(past.graph.model, self.graph.model)
            term = resolve_then(then, lookup, self.today)
        if term is None:
            return never(len(ids))
        there = np.flatnonzero(past.graph.alive[ids])
        return spread(past.truth(term, ids[there]), there, len(ids))

    def _changed(self, changed: ChangedWithin, ids: Ids) -> Truth:
        upto = self.graph.moment.valid if changed.upto is None else changed.upto
        mask = np.zeros(self.graph.size, dtype=np.bool_)
        for name in changed.columns if changed.columns is not None else (None,):
            mask[self.graph.changed_ids(changed.after, upto, name)] = True
        return settled(mask[ids])


@dataclass
class Days:
    """Graphs of other days that questions asked for last, kept for further ones."""

    graph: Graph
    _graphs: dict[int, Graph] = field(default_factory=dict)

    def at(self, instant: int) -> Graph:
        """The same company at an instant, as it is known here."""
        found = self._graphs.pop(instant, None)
        if found is None:
            found = self.graph.at(Moment(valid=instant, known=self.graph.moment.known))
        kept = list(self._graphs.items())[1 - _DAYS :]
        self._graphs = dict([*kept, (instant, found)])
        return found


def days_of(graph: Graph) -> Days:
    """The graphs of other days kept for a graph."""
    return graph.keep(("query", "days"), lambda: Days(graph))


def _cost(term: PlanCondition) -> int:
    return _COST.get(type(term), 9)


def _differs(found: Tallies, unit: str) -> Mask:
    """Which numbers are amounts of another currency than this one."""
    other = np.array([*(each != unit for each in found.units), False], dtype=np.bool_)
    return np.asarray(other[found.unit_codes] & bool(unit))


def _as_cells(found: Tallies) -> Cells:
    """Tallies as values: mixed currencies and open ends are unknown."""
    size = len(found.low)
    return Cells(
        field=found.field,
        low=found.low,
        high=found.high,
        present=found.known | found.mixed,
        unknown=found.mixed | (np.isinf(found.low) & np.isinf(found.high)),
        misfit=np.zeros(size, dtype=np.bool_),
        said=lambda: no_texts(size),
        units=found.unit_texts(),
    )
