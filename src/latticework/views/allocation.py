"""View: allocation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
    why_of,
)
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import Thing, ids, things
from latticework.views.visuals import Sankey
from latticework.views.why import today_of
from latticework.views.wording import dotted, listed

if TYPE_CHECKING:
    from latticework.analysis.allocation import Allocation, Line
    from latticework.model.model import BoundReading, Model


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    name: str = param("", "Which allocation; the first that the model binds.", position=1)


@sight_view(Params)
def allocation(sight: Sight, params: Params) -> Page:
    """Where does effort go, as meant, as planned and as observed?

    Nobody is asked for hours: planned follows links and shares, observed the
    entries that work left behind. One effort may serve several pillars, so
    each has a least and a most. What may mislead stands next to the figure.
    """
    from latticework.analysis.allocation import allocation_of
    from latticework.analysis.asking import Asking
    from latticework.analysis.readings.allocation import NEEDS

    bound = _bound(sight.graph.model, params.name)
    asking = Asking(graph=sight.graph, today=today_of(sight), bound=bound, needs=NEEDS)
    asking.refuse_unfit()
    found = allocation_of(asking)
    called = things(sight.graph, ids(found.pillars.tolist()))
    table = Table(
        columns=(
            Column("for", wrap=True),
            Column("meant", align=Align.RIGHT),
            Column("planned", align=Align.RIGHT, sort=Sort.NUMBER),
            Column("min–max", align=Align.RIGHT),
            Column("observed", align=Align.RIGHT),
            Column("min–max ", align=Align.RIGHT),
            Column("what may mislead", wrap=True),
        ),
        rows=(*_rows(found, bound.name, called), *_nowhere(found, bound.name)),
        empty=("Nothing is there for which effort could be meant.",),
    )
    return Page(
        title="Where effort goes",
        subtitle=dotted(bound.name, f"on {today_of(sight)}", f"weighed by {asking.text('weight')}"),
        blocks=(_surprise(found, called), table, _streams(found, called), _checks(found)),
        data=tuple(_data(found, called)),
    )


def _bound(model: Model, name: str) -> BoundReading:
    """The allocation of this name, else the first; raises Refused without one."""
    from latticework.analysis.reading import find_bound

    several = [each for each in model.readings if each.computes == "allocation"]
    if not several:
        says = "the model binds no allocation"
        hint = "add a reading with 'computes: allocation' to the model"
        raise Refused([error("VIEW017", says, hint=hint)])
    found = find_bound(model, name) if name else several[0]
    if found.computes != "allocation":
        says = f"'{found.name}' is no allocation"
        hint = "one of " + listed(each.name for each in several)
        raise Refused([error("VIEW017", says, hint=hint, value=name)])
    return found


def _rows(found: Allocation, name: str, called: tuple[Thing, ...]) -> Iterator[tuple[Cell, ...]]:
    for row, thing in enumerate(called):
        why = why_of(thing.ref, reading=name)
        checks = listed(each.name for each in found.checks_of(row))
        yield (
            thing.name_cell,
            cell(_share(found.target[0][row], found.target[1][row])),
            cell(_one(found.planned.split[row]), tone=Tone.STRONG, why=why),
            cell(_share(found.planned.low[row], found.planned.high[row])),
            cell(_one(found.observed.split[row]), tone=Tone.STRONG, why=why),
            cell(_share(found.observed.low[row], found.observed.high[row])),
            cell(checks, tone=Tone.WARN),
        )


def _nowhere(found: Allocation, name: str) -> Iterator[tuple[Cell, ...]]:
    shares = [_nowhere_share(each) for each in (found.planned, found.observed)]
    if any(shares):
        yield (
            cell("none of these", tone=Tone.DIM),
            cell(""),
            cell(shares[0], why=why_of("", reading=name)),
            cell(""),
            cell(shares[1], why=why_of("", reading=name)),
            cell(""),
            cell(""),
        )


def _nowhere_share(line: Line) -> str:
    return f"{line.nowhere:.1%}" if line.whole and line.nowhere > 0 else ""


def _share(low: float, high: float) -> str:
    from latticework.analysis.readings.allocation import share_text

    return share_text(low, high)


def _one(share: float) -> str:
    return _share(share, share)


def _surprise(found: Allocation, called: tuple[Thing, ...]) -> Prose:
    """Where what is observed lies outside what is planned or meant, in sentences."""
    told: list[tuple[Span, ...]] = []
    for row, thing in enumerate(called):
        seen = found.observed.low[row], found.observed.high[row]
        for name, (low, high) in (
            ("planned", (found.planned.low[row], found.planned.high[row])),
            ("meant", (found.target[0][row], found.target[1][row])),
        ):
            if seen[0] > high or seen[1] < low:
                way = "more" if seen[0] > high else "less"
                said = f" takes {way} than {name}: {_share(*seen)} seen, {_share(low, high)} {name}"
                told.append(spans(Span(thing.title, ref=thing.ref), said))
    nothing = spans(Span("Nothing surprises: all that is seen lies within what is planned."))
    return Prose(paragraphs=tuple(told) or (nothing,), title="What surprised us", tight=True)


def _streams(found: Allocation, called: tuple[Thing, ...]) -> Sankey:
    """Planned and observed effort side by side, as they run to what they are for."""
    streams: list[tuple[Span, Span, float, float]] = []
    for name, line in (("planned", found.planned), ("observed", found.observed)):
        if not line.whole:
            continue
        for row, thing in enumerate(called):
            low, high = (round(float(each[row]) * 100, 1) for each in (line.low, line.high))
            streams.append((Span(name), Span(thing.title, ref=thing.ref), low, high))
        none = round(float(line.nowhere) * 100, 1)
        streams.append((Span(name), Span("none of these", tone=Tone.DIM), none, none))
    return Sankey(
        streams=tuple(each for each in streams if each[3] > 0),
        unit="%",
        title="As it runs",
        note="The core runs there at least, the soft edge at most. One effort may serve several, "
        "so that the edges come to more than all of it.",
        empty=("No live work is held by a team, and none was touched.",),
    )


def _checks(found: Allocation) -> Table:
    return Table(
        title="How these figures may lie",
        columns=(Column("check"), Column("says", wrap=True)),
        rows=tuple((cell(each.name, tone=Tone.WARN), cell(each.says)) for each in found.checks),
        empty=("No known way of lying applies.",),
    )


def _data(found: Allocation, called: tuple[Thing, ...]) -> Iterator[Mapping[str, object]]:
    for row, thing in enumerate(called):
        yield {
            "ref": thing.ref,
            "meant": _share(found.target[0][row], found.target[1][row]),
            "planned": _share(found.planned.split[row], found.planned.split[row]),
            "planned range": _share(found.planned.low[row], found.planned.high[row]),
            "observed": _share(found.observed.split[row], found.observed.split[row]),
            "observed range": _share(found.observed.low[row], found.observed.high[row]),
            "lie-checks": [each.name for each in found.checks_of(row)],
        }
