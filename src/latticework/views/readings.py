"""View: readings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Findings,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    Why,
    cell,
    spans,
    why_of,
)
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import ids, things
from latticework.views.why import today_of
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.analysis.reading import Answer, Read, Reading
    from latticework.graph.graph import Graph
    from latticework.model.model import BoundReading
    from latticework.model.values import Measure
    from latticework.views.visuals import Block


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    name: str = param("", "One reading, with its figure for each thing.", position=1)
    on: str = param("", "Earlier days for a line of the figure: 2026-01-31, 2026-04-30.")
    rows: int = param(25, "How many things of one reading to draw; 0 is all.")


@sight_view(Params)
def readings(sight: Sight, params: Params) -> Page:
    """What do the company's readings say at this moment?

    The model binds each reading to its own words. None rates a person, and
    groups too small to hide one are left out. Ask `why` about any figure.
    """
    if params.name:
        return _one(sight, params)
    from latticework.analysis.reading import read_all

    found = tuple(read_all(sight.graph, today_of(sight)))
    earlier = _earlier(sight, params.on)
    courses = {read.bound.name: _course(read, earlier) for read in found} if earlier else {}
    wrong = tuple(each for read in found for each in read.findings)
    table = Table(
        columns=(
            Column("reading", sort=Sort.REF),
            *((Column("course"),) if earlier else ()),
            Column("figure", align=Align.RIGHT, sort=Sort.NUMBER),
            Column("says", wrap=True),
            Column("asked because", wrap=True),
        ),
        rows=tuple(_row(read, courses) for read in found if read.answer is not None),
        empty=("The model binds no reading: add a 'readings:' section.",),
    )
    blocks: tuple[Block, ...] = (table, *_unbound(sight.graph))
    if wrong:
        blocks = (*blocks, Findings(findings=wrong, title="What cannot be read"))
    return Page(
        title="Readings",
        subtitle=dotted(many(len(found), "reading"), f"on {today_of(sight)}"),
        blocks=blocks,
        data=tuple(_summary(read, courses) for read in found),
    )


def _unbound(graph: Graph) -> Iterator[Table]:
    """What the kernel could read and this model does not ask, with what to declare."""
    from latticework.analysis.reading import unbound

    rows = tuple(
        (cell(each.name, tone=Tone.STRONG), cell(each.summary), cell(_to_declare(each)))
        for each in unbound(graph.model)
    )
    if rows:
        columns = (Column("computes"), Column("asks", wrap=True), Column("declare", wrap=True))
        note = "Bind one under 'readings:' in the model; docs/reference/readings.md has examples."
        yield Table(columns=columns, rows=rows, title="Not asked here yet", note=note)


def _to_declare(reading: Reading) -> str:
    """The words that a model has to give, each with what it is for."""
    needs = [each for each in reading.needs if each.required and not each.default]
    told = ", ".join(f"{each.name} ({each.says})" for each in needs)
    return f"computes: {reading.name}" + (f", with: {told}" if told else "")


def _earlier(sight: Sight, on: str) -> tuple[Sight, ...]:
    """The company on the days that somebody named, as they were written."""
    days = (each.strip() for each in on.split(","))
    return tuple(replace(sight, graph=sight.graph_at(each)) for each in days if each)


def _course(read: Read, earlier: tuple[Sight, ...]) -> tuple[float, ...]:
    """The figure of the whole on each of the days and now, by its middle.

    Each day is read in the words of now, so that the same thing is measured;
    a day on which these words mean nothing leaves a gap.
    """
    from latticework.analysis.reading import read_one

    found = []
    for sight in earlier:
        try:
            found.append(_middle(read_one(sight.graph, read.bound, today_of(sight)).whole))
        except Refused:
            found.append(math.nan)
    return (*found, _middle(read.answer.whole) if read.answer else math.nan)


def _middle(whole: Measure) -> float:
    if whole.low is None or whole.high is None:
        return math.nan
    middle = (whole.low + whole.high) / 2
    return middle if math.isfinite(middle) else math.nan


def _row(read: Read, courses: Mapping[str, tuple[float, ...]]) -> tuple[Cell, ...]:
    assert read.answer is not None
    course = (Cell((Span("", points=courses[read.bound.name]),)),) if courses else ()
    return (
        cell(read.bound.name, tone=Tone.STRONG, why=Why("readings", (("name", read.bound.name),))),
        *course,
        cell(read.answer.whole_text, why=why_of("", reading=read.bound.name)),
        cell(read.answer.says),
        cell(read.bound.purpose, tone=Tone.DIM),
    )


def _summary(read: Read, courses: Mapping[str, tuple[float, ...]]) -> Mapping[str, object]:
    answer = read.answer
    course = courses.get(read.bound.name, ())
    told = [each if math.isfinite(each) else None for each in course]
    return {
        **({"course": told} if told else {}),
        "reading": read.bound.name,
        "computes": read.bound.computes,
        "figure": answer.whole_text if answer else "",
        "low": answer.whole.low if answer else None,
        "high": answer.whole.high if answer else None,
        "says": answer.says if answer else "; ".join(each.says for each in read.findings),
        "rows": len(answer.ids) if answer else 0,
    }


def _one(sight: Sight, params: Params) -> Page:
    """One reading: its figure, its sentence, and every thing's figure."""
    from latticework.analysis.reading import find_bound, read_one
    from latticework.analysis.reading import readings as every

    bound = find_bound(sight.graph.model, params.name)
    answer = read_one(sight.graph, bound, today_of(sight))
    declared = every()[bound.computes]
    total = len(answer.ids)
    rows = answer.order[: params.rows] if params.rows else answer.order
    hidden = f"{many(answer.hidden, 'row')} too small to show" if answer.hidden else ""
    figure = (_metric(bound, answer),) if answer.whole_text else ()
    table = Table(
        columns=(
            Column("thing", wrap=True),
            Column("ref", sort=Sort.REF),
            Column("figure", align=Align.RIGHT, sort=Sort.NUMBER),
            Column("says", wrap=True),
        ),
        rows=tuple(_figures(sight.graph, bound.name, answer, rows.tolist())),
        total=total if len(rows) < total else None,
        note=hidden,
        empty=("Nothing here has such a figure.",),
    )
    said = Prose(
        paragraphs=(
            spans(Span(answer.says)),
            *(spans(Span(f"Assumed: {each}", tone=Tone.WARN)) for each in answer.assumptions),
            spans(Span(declared.summary, tone=Tone.DIM)),
        )
    )
    told = (Findings(findings=answer.findings),) if answer.findings else ()
    return Page(
        title=bound.name,
        subtitle=dotted(f"computed by {bound.computes}", f"on {today_of(sight)}"),
        blocks=(*figure, said, table, *told),
        data=Later(lambda: _data(sight.graph, bound.name, answer)),
    )


def _metric(bound: BoundReading, answer: Answer) -> Metric:
    why = why_of("", reading=bound.name)
    return Metric(label=bound.name, value=answer.whole_text, note=bound.purpose, why=why)


def _figures(
    graph: Graph, name: str, answer: Answer, rows: list[int]
) -> Iterator[tuple[Cell, ...]]:
    real = [int(answer.ids[row]) for row in rows if answer.ids[row] >= 0]
    called = dict(zip(real, things(graph, ids(real)), strict=True))
    for row in rows:
        thing = called.get(int(answer.ids[row]))
        said = answer.words(row) if answer.words is not None else ""
        about = thing.ref if thing else answer.names[row]
        figure = answer.figure(row) or ("" if said else "unknown")
        why = why_of(about, reading=name)
        if thing is None:
            named = (cell(answer.names[row]), cell(""))
        else:
            named = (thing.name_cell, thing.ref_cell)
        yield *named, cell(figure, why=why), cell(said, why=None if figure else why)


def _data(graph: Graph, name: str, answer: Answer) -> Iterator[Mapping[str, object]]:
    for row in answer.order.tolist():
        node = int(answer.ids[row])
        known = bool(answer.known[row])
        ref = str(graph.ref_of(node)) if node >= 0 else ""
        group = answer.names[row] if answer.names else ""
        yield {
            "ref": ref,
            "name": group,
            "low": float(answer.low[row]) if known else None,
            "high": float(answer.high[row]) if known else None,
            "figure": answer.figure(row),
            "says": answer.words(row) if answer.words is not None else "",
            "why": dict(why_of(ref or group, reading=name).chosen),
        }
