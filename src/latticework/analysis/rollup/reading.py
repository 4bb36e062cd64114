"""Rollups: a field carried along a path to everything that it leads from.

Three ways to carry it to several parents:

- `full`: each sees all of it, each value once; figures overlap and must not be
  added up.
- `split`: each sees its part, by the share that the link carries. Parts are
  whole smallest units and always sum to the whole.
- `range`: the least and the most that each part may be, where shares are
  ranges or were never said.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from latticework.analysis.amounts import amount_text
from latticework.analysis.rollup.asked import Asked, Ends, asked_of, ends_of, splits
from latticework.analysis.rollup.bed import Bed, bed_over, ways_of
from latticework.analysis.rollup.carried import Run, run_least, run_most, run_split
from latticework.base.findings import Finding, Refused, error, warning
from latticework.base.times import Moment
from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.model.values import Measure
from latticework.query.plan import LinkStep
from latticework.query.reach import Reach
from latticework.query.tally import Walked, kinds_of_ends, reach_kept, walked_from, walked_over
from latticework.query.truth import Ids, Longs, Mask, Numbers, added
from latticework.query.walk import leads_to

SHARE = "share"
"""The carried field that says how much of a thing goes along an edge, unless another is named."""

_EXACT = 2**53
"""Below it a float tells whole numbers apart."""

MOST_CYCLES = 20
"""Cycles that are told one by one."""


class Mode(enum.StrEnum):
    """How a value reaches several parents."""

    SPLIT = "split"
    FULL = "full"
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conservation:
    """Where a whole went, in one currency; ends are whole smallest units.

    `arrived` stands at the top of the path; `kept` is what shares below one
    leave with nobody; `unlinked` stands where the path begins, as no edge
    leads from there. Of a range there is nothing to conserve.
    """

    unit: str
    whole: tuple[int, int]
    arrived: tuple[int, int]
    kept: tuple[int, int]
    unlinked: tuple[int, int]

    @property
    def holds(self) -> bool:
        """Whether the parts sum to the whole, to the smallest unit."""
        parts = zip(self.arrived, self.kept, self.unlinked, strict=True)
        return tuple(sum(each) for each in parts) == self.whole


@dataclass(frozen=True, kw_only=True)
class Current:
    """One currency's amounts on their way: per step, from the first to the last.

    `low` and `high` are per thing of the graph what it gets. The runs of a split
    are those of the least and of what there may be more; those of a range the
    least, and the most of both.
    """

    low: Longs
    high: Longs
    beds: tuple[Bed, ...] = ()
    runs: tuple[tuple[Run, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Rollup:
    """A field as it stands at everything above it.

    `ids` are the things that something leads to, ascending. Their figures are
    in `currents`, one per currency of `ends.units`: nothing is converted.
    """

    graph: Graph = field(repr=False)
    asked: Asked
    mode: Mode
    share: str
    today: date
    ids: Ids
    ends: Ends = field(repr=False)
    currents: tuple[Current, ...] = field(repr=False)
    conserved: tuple[Conservation, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def field(self) -> Field:
        """The field that is carried."""
        return self.ends.field

    def measures(self, node: int) -> tuple[Measure, ...]:
        """What one thing gets, a measure per currency that reaches it; none for nothing."""
        place = self._place(node)
        if place is None:
            return ()
        found = []
        for code, (current, unit) in enumerate(zip(self.currents, self.ends.units, strict=True)):
            if self._reached[code][place]:
                low, high = int(current.low[node]), int(current.high[node])
                low_open, high_open = (bool(each[place]) for each in self._opens)
                found.append(self.measure(low, high, unit, low_open=low_open, high_open=high_open))
        return tuple(found)

    def measure(
        self, low: int, high: int, unit: str, *, low_open: bool = False, high_open: bool = False
    ) -> Measure:
        """Whole smallest units as a measure of the field."""
        scale = self.ends.scale
        least = -np.inf if low_open else low / scale
        return Measure(least, np.inf if high_open else high / scale, unit)

    def shown(self, low: int, high: int, unit: str) -> str:
        """Whole smallest units as people write them."""
        return amount_text(self.field, self.measure(low, high, unit), exact=True)

    def text(self, node: int) -> str:
        """What one thing gets, in words: currencies side by side, unknown values counted."""
        parts = [amount_text(self.field, each) for each in self.measures(node)]
        place = self._place(node)
        if place is not None and self.unknown[place]:
            parts.append(f"{int(self.unknown[place]):,} unknown")
        return " + ".join(parts) or "nothing"

    def arrays(self, code: int = 0) -> tuple[Numbers, Numbers]:
        """The least and the most of each of `ids`, in one currency; nan where none reaches it."""
        current = self.currents[code]
        reached = self._reached[code]
        low = np.where(reached, current.low[self.ids] / self.ends.scale, np.nan)
        high = np.where(reached, current.high[self.ids] / self.ends.scale, np.nan)
        low[self._opens[0] & reached], high[self._opens[1] & reached] = -np.inf, np.inf
        return low, high

    @cached_property
    def unknown(self) -> Longs:
        """For each of `ids`, how many values below it nobody knows."""
        return self._count(self.ends.unknown)

    @cached_property
    def missing(self) -> Longs:
        """For each of `ids`, how many things below it could have a value and have none."""
        return self._count(self.ends.missing)

    @cached_property
    def doubtful(self) -> Longs:
        """For each of `ids`, how many values below it may or may not count."""
        return self._count(self.ends.doubtful)

    @cached_property
    def counted(self) -> Longs:
        """For each of `ids`, how many values it adds up."""
        return self._count(self.ends.nodes)

    @cached_property
    def overlaps(self) -> Mask:
        """For each of `ids`, whether others count some of the same (full only)."""
        if self.mode is not Mode.FULL:
            return np.zeros(len(self.ids), dtype=np.bool_)
        if len(self.asked.steps) > 1 or not self.asked.steps[0].repeat:
            nodes = self.ends.nodes
            over = ways_of(self.graph, self.asked.steps[-1].ways, "").below
            several = np.bincount(over, minlength=self.graph.size) > 1
            return self._count(nodes[several[nodes]]) > 0
        reach = reach_kept(self.graph, self.asked.steps[0], kinds_of_ends(self.asked.what))
        shared = (reach.part >= 0) & (reach.parents > 1)[reach.part]
        return self._count(np.flatnonzero(shared)) > 0

    def wholes(self) -> tuple[str, ...]:
        """All values, each once, a sum per currency."""
        ends = self.ends
        rows = [(ends.of_unit(code), unit) for code, unit in enumerate(ends.units)]
        return tuple(
            self.shown(int(ends.low[mine].sum()), int((ends.low + ends.width)[mine].sum()), unit)
            for mine, unit in rows
            if len(mine)
        )

    def sums(self, nodes: Ids, amounts: Numbers) -> Numbers:
        """For each of `ids`, what amounts of some things add up to below it, each once."""
        return _walk(self.graph, self.asked, self.ids, nodes).sums(amounts)

    def network(self, step: LinkStep) -> Reach | None:
        """The network that a repeated step spans; None for a single step."""
        return _reach(self.graph, self.asked, step)

    def _place(self, node: int) -> int | None:
        place = int(np.searchsorted(self.ids, node))
        return place if place < len(self.ids) and self.ids[place] == node else None

    def _count(self, nodes: Ids) -> Longs:
        if not len(nodes) or not len(self.ids):
            return np.zeros(len(self.ids), dtype=np.int64)
        return np.rint(self.sums(nodes, np.ones(len(nodes)))).astype(np.int64)

    @cached_property
    def _reached(self) -> tuple[Mask, ...]:
        """For each currency, which of `ids` some of it reaches."""
        if len(self.ends.units) == 1:
            return (self.counted > 0,)
        codes = range(len(self.ends.units))
        return tuple(self._count(self.ends.nodes[self.ends.of_unit(code)]) > 0 for code in codes)

    @cached_property
    def _opens(self) -> tuple[Mask, Mask]:
        low, high = (
            self._count(self.ends.nodes[each]) > 0
            for each in (self.ends.open_low, self.ends.open_high)
        )
        return low, high


def rollup(
    graph: Graph,
    field: str,
    path: str,
    mode: Mode | str = Mode.SPLIT,
    *,
    today: date,
    share: str = SHARE,
) -> Rollup:
    """Carry a field along a path to everything that the path leads from.

    `path` reads from the thing that gets the figure to those that have values:
    `rollup(graph, "cost", "is served by+")`. Raises Refused for unknown words.
    """
    mode = Mode(mode)
    asked = asked_of(graph, field, path, today)
    if mode is not Mode.FULL and not splits(asked.steps):
        says = f"'{path}' repeats a later step: amounts cannot be told apart on the way"
        hint = "ask for full, or let only the first step repeat"
        raise Refused([error("ROLLUP002", says, hint=hint)])
    return rolled(graph, asked, ends_of(graph, asked, today), mode, today=today, share=share)


def rolled(
    graph: Graph, asked: Asked, ends: Ends, mode: Mode, *, today: date, share: str = SHARE
) -> Rollup:
    """Amounts of any origin, carried as a field's values would be."""
    ids = _above(graph, asked, ends.counted)
    carried = [
        _carried(graph, asked, ends, code, ids, mode, share) for code in range(len(ends.units))
    ]
    return Rollup(
        graph=graph,
        asked=asked,
        mode=mode,
        share=share,
        today=today,
        ids=ids,
        ends=ends,
        currents=tuple(current for current, _ in carried),
        conserved=tuple(each for _, each in carried if each is not None),
        findings=tuple(_cycles(graph, asked)),
    )


def rollup_series(
    graph: Graph,
    field: str,
    path: str,
    moments: Sequence[Moment],
    mode: Mode | str = Mode.SPLIT,
    *,
    today: date,
    share: str = SHARE,
) -> tuple[Rollup, ...]:
    """The same rollup at several moments, each by the words and shares of its day."""
    return tuple(
        rollup(graph.at(each), field, path, mode, today=today, share=share) for each in moments
    )


def _above(graph: Graph, asked: Asked, counted: Ids) -> Ids:
    """The things that get a figure: those from which the path leads to what counts."""

    def found() -> Ids:
        starts = np.zeros(graph.size, dtype=np.bool_)
        starts[counted] = True
        return np.flatnonzero(leads_to(graph, asked.steps, starts) & graph.alive)

    kinds = kinds_of_ends(asked.what)
    if kinds is None or len(counted) < sum(len(graph.ids_of(each)) for each in kinds):
        return found()
    # All things of these kinds count, so the answer hangs on edges alone.
    steps = (f"{name} {back} {s.repeat}" for s in asked.steps for name, back in s.ways)
    links = tuple(link for step in asked.steps for link in step.links)
    return graph.keep_edges(links, ("analysis", "above", *steps, "to", *kinds), found)


def _carried(
    graph: Graph, asked: Asked, ends: Ends, code: int, ids: Ids, mode: Mode, share: str
) -> tuple[Current, Conservation | None]:
    """One currency's amounts, carried in one of the three ways."""
    mine = ends.of_unit(code)
    nodes, low, width = ends.nodes[mine], ends.low[mine], ends.width[mine]
    if mode is Mode.FULL:
        return _full(graph, asked, nodes, (low, width), ids), None
    beds = _beds(graph, asked, share)
    if mode is Mode.RANGE:
        wide = _ranged(graph, asked, beds, nodes, (low, width))
        if len(low) and int(low.min()) < 0:
            return wide, None
        most = _full(graph, asked, nodes, (np.zeros_like(low), low + width), ids).high
        return replace(wide, high=np.minimum(wide.high, most)), None
    lows, widths = (_split(graph, asked, beds, nodes, each) for each in (low, width))
    wholes = zip(lows[2], widths[2], strict=True)
    spent = [(least, least + more) for least, more in wholes]
    told = Conservation(
        unit=ends.units[code],
        whole=(int(low.sum()), int((low + width).sum())),
        arrived=spent[0],
        kept=spent[1],
        unlinked=spent[2],
    )
    runs = tuple(zip(lows[1], widths[1], strict=True))
    least, most = _whole(lows[0]), _whole(lows[0] + widths[0])
    return Current(low=least, high=most, beds=beds, runs=runs), told


def _full(
    graph: Graph, asked: Asked, nodes: Ids, amounts: tuple[Longs, Longs], ids: Ids
) -> Current:
    """Each thing gets all that it reaches, each value once."""
    low, high = (np.zeros(graph.size, dtype=np.int64) for _ in amounts)
    if len(nodes) and len(ids):
        walked = _walk(graph, asked, ids, nodes)
        low[ids], widths = _sums(walked, *amounts)
        high[ids] = low[ids] + widths
    return Current(low=low, high=high)


def _sums(walked: Walked, first: Longs, second: Longs) -> tuple[Longs, Longs]:
    """Two sorts of amounts, summed; sums of whole numbers below 2 to the 53rd are exact."""
    unit = max(int(np.gcd.reduce(first)), 1), max(int(np.gcd.reduce(second)), 1)
    first, second = first // unit[0], second // unit[1]
    most = int(np.abs(first).sum()), int(np.abs(second).sum())
    base = 2 ** most[0].bit_length()
    if base * (most[1] + 1) >= _EXACT or int(first.min(initial=0)) < 0:
        found = tuple(_summed(walked, each) for each in (first, second))
        return found[0] * unit[0], found[1] * unit[1]
    # Both fit into one number: what is summed once costs half.
    both = _summed(walked, first + second * base)
    return both % base * unit[0], both // base * unit[1]


def _summed(walked: Walked, amounts: Longs) -> Longs:
    if not amounts.any():
        return np.zeros(walked.size, dtype=np.int64)
    return np.rint(walked.sums(amounts.astype(np.float64))).astype(np.int64)


def _walk(graph: Graph, asked: Asked, ids: Ids, nodes: Ids) -> Walked:
    """From the things that get figures to some ends, over the network that is kept."""
    step = asked.steps[0]
    if len(asked.steps) == 1 and step.repeat:
        reach = reach_kept(graph, step, kinds_of_ends(asked.what))
        return walked_over(reach, step, ids, nodes)
    return walked_from(graph, asked.what, ids, nodes)


Split = tuple[Numbers, list[Run], tuple[int, int, int]]
"""What each thing gets, a run per step, and what arrived, was kept, stayed unlinked."""


def _split(graph: Graph, asked: Asked, beds: Sequence[Bed], nodes: Ids, amounts: Longs) -> Split:
    """Amounts handed up step by step, from the path's end to its beginning."""
    holds = np.zeros(graph.size)
    holds[nodes] = amounts
    kept = unlinked = 0
    runs: list[Run] = []
    for step, bed in reversed(list(zip(asked.steps, beds, strict=True))):
        own = _at_places(graph, asked, step, holds)
        run = run_split(bed, own)
        runs.insert(0, run)
        kept += int(run.got[bed.size])
        if step.repeat:
            unlinked += int(own[bed.alone].sum())
            arrived = int(own[bed.tops].sum() + run.got[bed.tops].sum())
            return _of_nodes(graph, asked, step, run.got, own), runs, (arrived, kept, unlinked)
        unlinked += int(own[bed.is_end].sum())
        holds = run.got[: bed.size]
    return holds, runs, (int(holds.sum()), kept, unlinked)


def _ranged(
    graph: Graph, asked: Asked, beds: Sequence[Bed], nodes: Ids, amounts: tuple[Longs, Longs]
) -> Current:
    """The least and the most that each thing may get."""
    low, wide = (np.zeros(graph.size) for _ in amounts)
    low[nodes], wide[nodes] = amounts
    # Widths run apart, so that whatever a split rounds lies inside.
    holds: tuple[Numbers, ...] = (low, low, wide)
    runs: list[tuple[Run, ...]] = []
    for step, bed in reversed(list(zip(asked.steps, beds, strict=True))):
        least, most, width = (_at_places(graph, asked, step, each) for each in holds)
        several = run_least(bed, least), run_most(bed, most), run_most(bed, width)
        runs.insert(0, several)
        if step.repeat:
            holds = tuple(_of_nodes(graph, asked, step, run.got, run.own) for run in several)
            break
        holds = tuple(run.got[: bed.size] for run in several)
    high = _whole(np.minimum(holds[1] + holds[2], _EXACT))
    return Current(low=_whole(holds[0]), high=high, beds=tuple(beds), runs=tuple(runs))


def _beds(graph: Graph, asked: Asked, share: str) -> tuple[Bed, ...]:
    """A bed per step, kept as long as the edges stay as they are."""
    kinds = kinds_of_ends(asked.what)

    def laid(step: LinkStep) -> Bed:
        ways = ways_of(graph, step.ways, share)
        return bed_over(graph, ways, _reach(graph, asked, step))

    return tuple(
        graph.keep_edges(
            step.links,
            (
                "analysis",
                "bed",
                share,
                step.repeat and "+",
                *(f"{name} {back}" for name, back in step.ways),
                *((kinds or ("any",)) if step.repeat else ()),
            ),
            lambda step=step: laid(step),  # type: ignore[misc]
        )
        for step in asked.steps
    )


def _reach(graph: Graph, asked: Asked, step: LinkStep) -> Reach | None:
    """The network that a repeated step spans; None for a single step."""
    if not step.repeat:
        return None
    # Behind several steps anything may stand where the network begins.
    kinds = kinds_of_ends(asked.what) if len(asked.steps) == 1 else None
    return reach_kept(graph, step, kinds)


def _whole(amounts: Numbers) -> Longs:
    return amounts.astype(np.int64)


def _at_places(graph: Graph, asked: Asked, step: LinkStep, holds: Numbers) -> Numbers:
    """Amounts of things as amounts of places: members of a cycle hold theirs together."""
    reach = _reach(graph, asked, step)
    if reach is None:
        return holds
    if reach.nodes is not None:
        return holds if len(reach.nodes) == graph.size else holds[reach.nodes]
    some = np.flatnonzero(holds)
    places = reach.part[some]
    inside = places >= 0
    return added(places[inside], holds[some[inside]], reach.size)


def _of_nodes(graph: Graph, asked: Asked, step: LinkStep, got: Numbers, own: Numbers) -> Numbers:
    """What each thing gets from below; in a cycle, or with `*`, its own as well."""
    reach = _reach(graph, asked, step)
    assert reach is not None
    total = got[: reach.size]
    if step.repeat == "*":
        total = total + own
    elif reach.looped.any():
        total = total + np.where(reach.looped, own, 0)
    if reach.nodes is not None and reach.size == graph.size:
        return total
    return np.asarray(np.append(total, 0)[reach.part])


def _cycles(graph: Graph, asked: Asked) -> list[Finding]:
    """A finding for each set of things that lead to each other along a repeated step."""
    found: list[Finding] = []
    for step in asked.steps:
        reach = _reach(graph, asked, step) if step.repeat else None
        places = np.flatnonzero(reach.looped) if reach is not None else ()
        for place in np.asarray(places)[:MOST_CYCLES].tolist():
            assert reach is not None
            refs = sorted(
                str(graph.ref_of(int(each))) for each in np.flatnonzero(reach.part == place)
            )
            named = ", ".join(refs[:5]) + (f" and {len(refs) - 5:,} more" if len(refs) > 5 else "")
            says = f"{named} lead round in a circle along '{step.phrase}': they share one figure"
            found.append(
                warning("ROLLUP004", says, hint="cut the edge that says least", value=refs[0])
            )
        if len(places) > MOST_CYCLES:
            says = f"{len(places) - MOST_CYCLES:,} further circles along '{step.phrase}'"
            found.append(warning("ROLLUP004", says, hint="see them with: latticework check"))
    return found
