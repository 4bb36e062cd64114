"""Why a count or a sum in a query's column is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from latticework.analysis.evidence import Evidence, Part, counted, things_as_parts
from latticework.base.findings import Refused, error
from latticework.graph.graph import Graph
from latticework.query.answer import run
from latticework.query.ask import parse_for
from latticework.query.plan import Tallied
from latticework.query.resolve import resolve
from latticework.query.run import Run
from latticework.query.truth import Ids, narrow
from latticework.query.walk import pairs_of

MOST_PARTS = 200
"""Parts that are told, the largest first; all of them are counted."""


def evidence_of_tally(graph: Graph, column: str, node: int, today: date) -> Evidence:
    """The things that a column counts or adds up for one thing.

    Raises Refused for a column that the model does not know, or that is no tally.
    """
    text = f"{graph.ref_of(node)} show {column}"
    plan = resolve(parse_for(graph.model, text), graph.model, today=today, text=text)
    what = plan.show[0].what
    if not isinstance(what, Tallied):
        says = f"'{column}' counts or adds up nothing"
        hint = "name a count or a sum, such as count(serves)"
        raise Refused([error("TALLY001", says, hint=hint, value=column)])
    value = run(plan, graph, today=today, text=text).to_dicts()[0][plan.show[0].label]
    nodes = _counted_nodes(Run(graph, today, text), what, node)
    parts, missing = _parts(graph, Run(graph, today, text), what, nodes)
    return Evidence(
        about=str(graph.ref_of(node)),
        title=graph.titles(narrow(np.array([node]))).to_list()[0] or "",
        asked=column,
        value=f"{value:,}" if isinstance(value, int | float) else str(value or "not known"),
        how=f"{what.tally} of {counted(len(nodes), 'thing')}, each once",
        parts=parts,
        total=len(nodes),
        missing=tuple(missing),
    )


def _counted_nodes(question: Run, what: Tallied, node: int) -> Ids:
    """The things at the path's end that count."""
    start = np.array([node])
    if not what.steps:
        return start
    ends = question.targets(what.steps, what.target, start)
    _, nodes = pairs_of(question.graph, what.steps, start)
    return np.asarray(nodes[ends.sure[nodes]])


def _parts(
    graph: Graph, question: Run, what: Tallied, nodes: Ids
) -> tuple[tuple[Part, ...], Iterator[str]]:
    """Each thing with the value it brings in, the largest first; what is missing."""
    through = what.steps[-1].phrase if what.steps else ""
    if what.field is None:
        return things_as_parts(graph, nodes, through=through, most=MOST_PARTS), iter(())
    cells = question.cells(what.field, narrow(nodes))
    low = np.where(cells.present & ~cells.unclear, cells.low, -np.inf)
    order = np.argsort(-low, kind="stable")[:MOST_PARTS]
    name = what.field.name
    named = things_as_parts(graph, nodes[order], through=through, field=name, most=MOST_PARTS)
    parts = tuple(replace(each, adds=each.value, value="") for each in named)
    lacking = int((~cells.present).sum())
    unclear = int((cells.present & cells.unclear).sum())
    return parts, _missing(name, lacking, unclear)


def _missing(name: str, lacking: int, unclear: int) -> Iterator[str]:
    if lacking:
        yield f"'{name}' of {counted(lacking, 'thing')}"
    if unclear:
        yield f"{counted(unclear, 'value')} of '{name}' that nobody knows"
