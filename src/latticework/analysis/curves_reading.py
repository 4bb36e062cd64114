"""Value curves of things that declare one, and what was seen so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from latticework.analysis.curves import Course, Position, Range, Shape
from latticework.analysis.flow.journeys import NEVER, journeys_of
from latticework.analysis.flow.spells import spells_of
from latticework.base.findings import Finding, Place, Refused, error, warning
from latticework.base.times import DAY_MICROSECONDS, Instant, Moment
from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.graph.timeline import Ints
from latticework.model.model import Field
from latticework.query.columns import read_cells
from latticework.query.extent import Lookup
from latticework.query.plan import FieldRead

INTERFACE = "value curve"
"""The interface by which a kind says that its things pay off over time."""

_TIMES = ("begins", "waits", "takes")
_AMOUNTS = ("gain", "dip")


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading: since when it stood, its range, and the entry that said so."""

    when: Instant
    value: Range
    entry: int = 0


@dataclass(frozen=True, kw_only=True)
class Curved:
    """A thing with its curve, and what was seen.

    `course` is None where it cannot be drawn yet; `lacks` says why. `assumed`
    are sentences on what nobody said, `ran` is when it began to run.
    """

    node: int
    shape: str
    course: Course | None
    ran: Instant | None = None
    seen: tuple[Seen, ...] = ()
    assumed: tuple[str, ...] = ()
    lacks: str = ""
    closed: bool = False

    def position(self, instant: Instant) -> Position | None:
        """Where the last reading up to an instant lies; None without one."""
        known = [each for each in self.seen if each.when <= instant]
        if self.course is None or not known:
            return None
        return self.course.position(known[-1].when / DAY_MICROSECONDS, known[-1].value)


@dataclass(frozen=True, slots=True)
class Sign:
    """What should move first: an edge's far end, and after how many days."""

    node: int
    link: str
    delay: Range | None


def has_curves(graph: Graph) -> bool:
    """Whether any kind says that its things pay off over time."""
    return bool(graph.model.kinds_of(INTERFACE))


def curved_ids(graph: Graph, among: Ints) -> Ints:
    """Those of some things that name a curve; Refused where no kind can."""
    read = _field(graph, "curve")
    cells = read_cells(graph, read, among)
    return among[cells.present]


def curves_of(graph: Graph, ids: Ints, until: Instant) -> tuple[Curved, ...]:
    """The curve of each of these things, in their order."""
    values = _parameters(graph, ids)
    journeys = journeys_of(spells_of(graph, ids, until))
    places = np.searchsorted(journeys.ids, ids)
    begun = journeys.begun[places]
    closed = (journeys.finished[places] < NEVER) | (journeys.dropped[places] < NEVER)
    seen = _seen(graph, ids, until)
    found = []
    for at, node in enumerate(ids.tolist()):
        ran = int(begun[at]) if begun[at] < NEVER else None
        course, assumed, lacks = _course(values, at, ran)
        found.append(
            Curved(
                node=node,
                shape=values.shapes[at],
                course=course,
                ran=ran,
                seen=seen.get(node, ()),
                assumed=assumed,
                lacks=lacks,
                closed=bool(closed[at]),
            )
        )
    return tuple(found)


def as_first_said(graph: Graph, curved: Curved) -> Course | None:
    """The curve as said within a week of the beginning; None where it has not changed."""
    ran = curved.ran
    if ran is None or curved.course is None or ran < -(10**17):
        return None
    valid = min(ran + 7 * DAY_MICROSECONDS, graph.moment.valid)
    then = graph.at(Moment(valid=valid, known=graph.moment.known))
    if not then.model.kinds_of(INTERFACE):
        return None
    ids = np.array([curved.node], dtype=np.int32)
    first, _, _ = _course(_parameters(then, ids), 0, ran)
    return first if first != curved.course else None


def signs_of(graph: Graph, node: int) -> tuple[Sign, ...]:
    """What a thing should move, soonest first, by links that carry a delay.

    A link counts where it carries a field of type duration.
    """
    found = []
    for link in graph.model.links_from(graph.kind_of(node)):
        delays = [each.name for each in link.carries if each.type == "duration"]
        edges = graph.adjacency(link.name)
        mine = np.flatnonzero(edges.sources == node).astype(np.int32)
        if not delays or not len(mine):
            continue
        delay = graph.edge_column(link.name, delays[0]).take(mine)
        for target, low, high in zip(
            edges.targets[mine].tolist(), delay.low.to_list(), delay.high.to_list(), strict=True
        ):
            between = (float(low), float(high)) if low is not None and high is not None else None
            found.append(Sign(target, link.name, between))
    return tuple(sorted(found, key=lambda each: each.delay or (np.inf, np.inf)))


@dataclass(frozen=True, kw_only=True)
class _Parameters:
    """What is said of each thing: shapes, and a range or nothing per field."""

    shapes: list[str]
    ranges: dict[str, list[Range | None]]


def _field(graph: Graph, name: str) -> FieldRead:
    lookup = Lookup(graph.model)
    extent = lookup.find_extent(INTERFACE)
    read = lookup.find_field(name, extent) if extent is not None else None
    if read is None:
        says = f"no kind here provides '{INTERFACE}' with a field '{name}'"
        hint = f"write 'is: {INTERFACE}' for a kind, and map its fields to those of the interface"
        raise Refused([error("CURVE001", says, hint=hint)])
    return read


def _parameters(graph: Graph, ids: Ints) -> _Parameters:
    shapes = read_cells(graph, _field(graph, "curve"), ids).written().to_list()
    ranges: dict[str, list[Range | None]] = {}
    for name in (*_TIMES, *_AMOUNTS):
        cells = read_cells(graph, _field(graph, name), ids)
        usable = cells.present & ~cells.unclear & np.isfinite(cells.low) & np.isfinite(cells.high)
        ranges[name] = [
            (float(low), float(high)) if fits else None
            for low, high, fits in zip(cells.low, cells.high, usable, strict=True)
        ]
    return _Parameters(shapes=[str(each or "") for each in shapes], ranges=ranges)


def _course(
    values: _Parameters, at: int, ran: Instant | None
) -> tuple[Course | None, tuple[str, ...], str]:
    """A curve, what was assumed for it, or why there is none."""
    own = {name: found[at] for name, found in values.ranges.items()}
    shape = next((each for each in Shape if each.lower() == values.shapes[at].lower()), None)
    if shape is None:
        return (
            None,
            (),
            "it names no curve" if not values.shapes[at] else "its curve has no such shape",
        )
    lacks = [name for name in ("takes", "gain") if own[name] is None]
    begins = own["begins"]
    assumed = []
    if begins is None and ran is not None and ran > -(10**17):
        begins = (ran / DAY_MICROSECONDS, ran / DAY_MICROSECONDS)
        assumed.append("its clock starts when it began to run, as nobody says otherwise")
    if begins is None:
        lacks.append("begins")
    if lacks or begins is None:
        return None, (), f"it says nothing usable of: {', '.join(lacks)}"
    if own["waits"] is None:
        assumed.append("nothing is said of a wait: none is taken")
    if shape is Shape.J and own["dip"] is None:
        assumed.append("nothing is said of how deep the dip is: none is taken")
    takes, gain = own["takes"], own["gain"]
    assert takes is not None
    assert gain is not None
    course = Course(
        shape=shape,
        begins=begins,
        waits=own["waits"] or (0.0, 0.0),
        takes=takes,
        gain=gain,
        dip=own["dip"] or (0.0, 0.0),
    )
    return course, tuple(assumed), ""


def _seen(graph: Graph, ids: Ints, until: Instant) -> dict[int, tuple[Seen, ...]]:
    """Every reading of these things, in the order of their days."""
    found: dict[int, list[Seen]] = {}
    for source in _field(graph, "so far").sources:
        if source.expression is not None:
            continue
        words = graph.words.field_words(source.kind, source.column, graph.log.cells)
        cells = graph.log.cells_of(words)
        line = cells.line
        code = graph.kind_names.index(source.kind)
        mine = ids[graph.kind_codes[ids] == code]
        rows = np.flatnonzero(
            np.isin(line.subject, mine) & (line.valid <= until) & (line.number <= graph.number)
        ).astype(np.int32)
        for subject, when, value, entry in _ranges(cells, source.field, rows):
            readings = found.setdefault(subject, [])
            if readings and readings[-1].when == when:
                readings.pop()
            readings.append(Seen(when, value, entry))
    return {node: tuple(readings) for node, readings in found.items()}


def _ranges(cells: object, field: Field, rows: Ints) -> Iterator[tuple[int, Instant, Range, int]]:
    from latticework.graph.log import CellLog

    assert isinstance(cells, CellLog)
    typed = read_values(field, cells.values.gather(cells.line.value[rows]))
    line = cells.line
    told = (each[rows].tolist() for each in (line.subject, line.valid, line.number))
    for subject, when, number, low, high in zip(
        *told, typed.low.to_list(), typed.high.to_list(), strict=True
    ):
        if low is not None and high is not None and np.isfinite(low) and np.isfinite(high):
            yield subject, when, (float(low), float(high)), int(number)


def findings_of(graph: Graph, curved: Curved) -> Iterator[Finding]:
    """Why a curve cannot be drawn."""
    if curved.lacks:
        place = Place(ref=str(graph.ref_of(curved.node)))
        hint = "give it a curve, takes and gain; ranges are welcome"
        says = f"its curve cannot be drawn: {curved.lacks}"
        yield warning("CURVE002", says, hint=hint, place=place)
